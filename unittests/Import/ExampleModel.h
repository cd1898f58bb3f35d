//===- ExampleModel.h - The model of an operator's example ------*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_UNITTESTS_IMPORT_EXAMPLEMODEL_H
#define EDGEC_UNITTESTS_IMPORT_EXAMPLEMODEL_H

#include "OperatorExamples.h"
#include "edgec/Import/Operators.h"
#include "edgec/Support/Tensor.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include <onnx/onnx_pb.h>
#include <utility>
#include <vector>

namespace edgec::testing {

/// An input of an example, as its text says.
struct ExampleInput {
  bool isThere = true;
  std::vector<int64_t> shape;
  std::vector<double> values; ///< Empty: not known before the run.
};

std::vector<ExampleInput> parseInputs(const OperatorExample &example);

/// Input `index` of a row, also of one with any number of them.
ImportedInput inputOf(const ImportedOperator &row, size_t index);

/// F32 where the row takes it, else I64, else the first of its types.
std::vector<ElementType> usualTypes(const ImportedOperator &row, size_t count);

/// The model of one node, and the values of what it leaves to the run.
std::pair<onnx::ModelProto, std::vector<Tensor>>
makeModel(const ImportedOperator &row, const OperatorExample &example,
          llvm::ArrayRef<ExampleInput> inputs,
          llvm::ArrayRef<ElementType> types);

/// Visits each row of the importer's table with each of its examples, of which
/// there must be one. Control flow has none: its inputs are its subgraphs'.
void forEachExample(
    llvm::function_ref<void(const ImportedOperator &, const OperatorExample &)>
        visit);

} // namespace edgec::testing

#endif // EDGEC_UNITTESTS_IMPORT_EXAMPLEMODEL_H
