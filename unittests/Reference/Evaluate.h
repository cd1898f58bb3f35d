//===- Evaluate.h - Runs operations written as text -------------*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_UNITTESTS_REFERENCE_EVALUATE_H
#define EDGEC_UNITTESTS_REFERENCE_EVALUATE_H

#include "edgec/Dialect/Edge/EdgeDialect.h"
#include "edgec/Reference/Interpreter.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/IR/OwningOpRef.h"
#include <gtest/gtest.h>
#include <string>

namespace edgec::testing {

/// Operations that define %r, and the value expected of it as an attribute:
/// its type is the result's. `steps` is how many units in the last place (for
/// transcendental functions: of double arithmetic that is rounded once) a
/// floating-point element may be off; NaN matches NaN.
struct Case {
  const char *operations;
  const char *expected;
  int steps = 0;
};

class Evaluation : public ::testing::Test {
protected:
  Evaluation();

  mlir::OwningOpRef<mlir::ModuleOp> parse(const std::string &text);
  /// The module's only function on these inputs; fails the test on an error.
  std::vector<Tensor> run(const std::string &text,
                          llvm::ArrayRef<Tensor> inputs = {});
  /// The diagnostics that running it gives; empty if there are none.
  std::string messageOf(const std::string &text,
                        llvm::ArrayRef<Tensor> inputs = {});
  Tensor constant(const std::string &attribute);
  void check(llvm::ArrayRef<Case> cases);

  mlir::MLIRContext context;
};

void expectClose(const Tensor &actual, const Tensor &expected, int steps,
                 const std::string &what);

template <typename T>
Tensor tensorOf(std::vector<int64_t> shape, const std::vector<T> &values) {
  Tensor tensor(elementTypeOf<T>(), std::move(shape));
  std::copy(values.begin(), values.end(), tensor.mutableData<T>());
  return tensor;
}

} // namespace edgec::testing

#endif // EDGEC_UNITTESTS_REFERENCE_EVALUATE_H
