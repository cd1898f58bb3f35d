//===- QuantizedOperators.h - Scales, and operators with them ---*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_LIB_IMPORT_ONNX_QUANTIZEDOPERATORS_H
#define EDGEC_LIB_IMPORT_ONNX_QUANTIZEDOPERATORS_H

#include "NodeContext.h"
#include "OperatorTable.h"

namespace edgec::onnx_import {

/// A scale or zero point with one element as a scalar, others as they are.
mlir::Value perTensorAsScalar(NodeContext &node, mlir::Value value);

/// ONNX's QOperator form, and ONNX Runtime's operators of that kind.
void addQuantizedOperators(OperatorTable &table);

} // namespace edgec::onnx_import

#endif // EDGEC_LIB_IMPORT_ONNX_QUANTIZEDOPERATORS_H
