//===- CompiledCode.h - Runs MLIR text as native code -----------*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_UNITTESTS_CODEGEN_COMPILEDCODE_H
#define EDGEC_UNITTESTS_CODEGEN_COMPILEDCODE_H

#include "edgec/Support/Tensor.h"
#include "llvm/ADT/ArrayRef.h"
#include <string>
#include <vector>

namespace edgec {

/// The x86-64 levels and "host", as far as this machine can run them.
std::vector<std::string> runnableTargets();

/// Compiles `func.func @run` of `text` for `target` through all phases, writes
/// and loads the shared library, and runs it. Test failures on errors.
std::vector<Tensor> compileAndRun(const std::string &text,
                                  const std::string &target,
                                  llvm::ArrayRef<Tensor> inputs);

/// Values in [-1, 1), or small integers, from a seeded generator.
Tensor randomTensor(ElementType type, std::vector<int64_t> shape,
                    unsigned seed);

/// A constant with the tensor's bytes, as MLIR writes it.
std::string hexLiteral(const Tensor &tensor);

} // namespace edgec

#endif // EDGEC_UNITTESTS_CODEGEN_COMPILEDCODE_H
