//===- NodeName.cpp - Names of operations ---------------------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "edgec/Dialect/Edge/NodeName.h"
#include "mlir/IR/Location.h"

std::string edgec::edge::nodeName(mlir::Operation *op) {
  if (auto named = op->getLoc()->findInstanceOf<mlir::NameLoc>())
    return named.getName().str();
  return op->getName().stripDialect().str();
}
