//===- ModelInputs.h - Inputs from files or a generator ---------*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_TOOLS_MODELINPUTS_H
#define EDGEC_TOOLS_MODELINPUTS_H

#include "edgec/Support/Tensor.h"
#include "edgec/Target/ModelSpec.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/Support/Error.h"
#include <optional>
#include <string>
#include <vector>

namespace edgec {

/// What was given for one input of a model.
struct InputFile {
  std::string path; ///< Empty: nothing was given.
  /// The contents; nothing for raw elements, whose type and shape the model
  /// has to tell.
  std::optional<Tensor> tensor;
};

/// Resolves `[NAME=]FILE` arguments against the names of a model's inputs and
/// reads the files: one result for each name.
llvm::Expected<std::vector<InputFile>>
readInputFiles(llvm::ArrayRef<std::string> arguments,
               llvm::ArrayRef<std::string> names);

/// Checks that every input has a tensor of its type and shape, and reads raw
/// files.
llvm::Expected<std::vector<Tensor>>
bindInputs(std::vector<InputFile> files, llvm::ArrayRef<TensorSpec> inputs);

/// Reproducible inputs: floating-point values uniform in [−1, 1), 8-bit
/// integers of their whole range, other integers and booleans 0 or 1, which are
/// valid token ids and indices in any model.
std::vector<Tensor> randomInputs(llvm::ArrayRef<TensorSpec> inputs,
                                 uint64_t seed);

/// "'x', 'y'": for messages.
std::string quotedList(llvm::ArrayRef<std::string> names);
std::vector<std::string> namesOf(llvm::ArrayRef<TensorSpec> tensors);

/// "float32 1x3x224x224": for messages and tables.
std::string describe(const TensorSpec &tensor);

} // namespace edgec

#endif // EDGEC_TOOLS_MODELINPUTS_H
