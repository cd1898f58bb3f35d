//===- OnnxChecker.h - ONNX's own opinion of a model ------------*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_UNITTESTS_EXPORT_ONNXCHECKER_H
#define EDGEC_UNITTESTS_EXPORT_ONNXCHECKER_H

#include <string>

namespace edgec::testing {

/// What ONNX's checker, and its inference of types and shapes, have against a
/// serialized model; empty: nothing. They know the operator sets up to 17.
std::string complaintsOfOnnx(const std::string &bytes);

} // namespace edgec::testing

#endif // EDGEC_UNITTESTS_EXPORT_ONNXCHECKER_H
