//===- NodeName.h - Names of operations -------------------------*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_DIALECT_EDGE_NODENAME_H
#define EDGEC_DIALECT_EDGE_NODENAME_H

#include "mlir/IR/Operation.h"
#include <string>

namespace edgec::edge {

/// The name of the node of the source model that `op` comes from, which users
/// know it by; the operation's own where it comes from none.
std::string nodeName(mlir::Operation *op);

} // namespace edgec::edge

#endif // EDGEC_DIALECT_EDGE_NODENAME_H
