//===- ConstantRewriter.h - New constants for rewritten layers --*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_LIB_DIALECT_EDGE_TRANSFORMS_CONSTANTREWRITER_H
#define EDGEC_LIB_DIALECT_EDGE_TRANSFORMS_CONSTANTREWRITER_H

#include "Resources.h"
#include "edgec/Dialect/Edge/NodeName.h"
#include "edgec/Support/Tensor.h"
#include "mlir/IR/Builders.h"

namespace edgec::edge {

/// Creates constants for operations that replace others, and frees those that
/// nothing reads any more.
class ConstantRewriter {
public:
  explicit ConstantRewriter(mlir::Operation *root) : uses(root) {}

  /// Erases what nothing reads any more.
  void eraseDead(mlir::Operation *root);

protected:
  mlir::Value createConstant(mlir::OpBuilder &builder, const Tensor &tensor,
                             const std::string &name);
  /// A scalar for one scale, else a vector.
  mlir::Value createScales(mlir::OpBuilder &builder,
                           llvm::ArrayRef<float> scales,
                           const std::string &name);

private:
  ResourceUses uses;
};

} // namespace edgec::edge

#endif // EDGEC_LIB_DIALECT_EDGE_TRANSFORMS_CONSTANTREWRITER_H
