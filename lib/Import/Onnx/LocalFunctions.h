//===- LocalFunctions.h - Functions that a model defines --------*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_LIB_IMPORT_ONNX_LOCALFUNCTIONS_H
#define EDGEC_LIB_IMPORT_ONNX_LOCALFUNCTIONS_H

#include "llvm/Support/Error.h"
#include <onnx/onnx_pb.h>

namespace edgec::onnx_import {

/// Functions may call functions that deep.
inline constexpr size_t maximumCallDepth = 64;
/// How many nodes all calls together may add: a function that calls another one
/// twice, which calls one twice, and so on, doubles them with every level.
inline constexpr size_t maximumInlinedNodes = 1 << 20;

/// The body of `function` for one call: a graph with the function's inputs and
/// outputs, in which the call's attributes, or the function's defaults, stand
/// for references to them. Inputs that the call leaves out are left out where
/// they are read. Nodes are named after the call.
llvm::Expected<onnx::GraphProto>
instantiateFunction(const onnx::FunctionProto &function,
                    const onnx::NodeProto &call);

} // namespace edgec::onnx_import

#endif // EDGEC_LIB_IMPORT_ONNX_LOCALFUNCTIONS_H
