//===- GateActivations.h - Activations of recurrent layers ------*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_LIB_IMPORT_ONNX_GATEACTIVATIONS_H
#define EDGEC_LIB_IMPORT_ONNX_GATEACTIVATIONS_H

#include "mlir/IR/Value.h"
#include "llvm/ADT/SmallVector.h"
#include <optional>

namespace edgec::onnx_import {

class NodeContext;

/// A function of one gate, as the attributes `activations`, `activation_alpha`
/// and `activation_beta` describe it.
struct GateActivation {
  mlir::Value (*build)(NodeContext &node, mlir::Value x, double alpha,
                       double beta) = nullptr;
  double alpha = 0, beta = 0;

  mlir::Value operator()(NodeContext &node, mlir::Value x) const {
    return build(node, x, alpha, beta);
  }
};

/// The function of a name, in any case, with its parameters' defaults.
std::optional<GateActivation> findGateActivation(llvm::StringRef name);

/// The functions of a node with `numDirections` directions, one after the
/// other; `byDefault` are those of one. An error where they are not known or
/// not as many.
llvm::SmallVector<GateActivation>
readGateActivations(NodeContext &node,
                    llvm::ArrayRef<llvm::StringRef> byDefault,
                    int64_t numDirections);

} // namespace edgec::onnx_import

#endif // EDGEC_LIB_IMPORT_ONNX_GATEACTIVATIONS_H
