//===- BytePack.h - Four vectors of integers into one of bytes --*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_LIB_CODEGEN_BYTEPACK_H
#define EDGEC_LIB_CODEGEN_BYTEPACK_H

#include "edgec/Target/CPU/TargetOptions.h"
#include "mlir/IR/Builders.h"

namespace edgec {

/// Vectors that are packed together.
inline constexpr int64_t packedVectors = 4;

/// How a body's result, which is truncated to a byte, is packed instead.
struct BytePack {
  mlir::Value wide; ///< Of 32 bits; packing clamps it as the body would.
  bool isUnsigned;
};

/// None where the target has no instructions that pack four of its registers
/// with saturation, or the body's only result is no such byte.
std::optional<BytePack> chooseBytePack(mlir::Block &body,
                                       const TargetDescription &target);

/// Packs `packedVectors` vectors of 32-bit integers that fill a register each:
/// one vector of their bytes, one after the other.
mlir::Value packBytes(mlir::OpBuilder &builder, mlir::Location loc,
                      llvm::ArrayRef<mlir::Value> vectors, bool isUnsigned,
                      const TargetDescription &target);

} // namespace edgec

#endif // EDGEC_LIB_CODEGEN_BYTEPACK_H
