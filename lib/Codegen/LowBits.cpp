//===- LowBits.cpp - Weights of less than a byte in panels ---------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "LowBits.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/IR/TypeUtilities.h"
#include "llvm/Support/MathExtras.h"

#include <cstring>

using namespace mlir;
using namespace edgec;

//===----------------------------------------------------------------------===//
// The order of a panel
//===----------------------------------------------------------------------===//

int64_t LowBitLayout::groupBytes() const {
  return scaleBytes() + group / blockDepth() * stepBytes();
}

int64_t LowBitLayout::bytes() const {
  int64_t groups = group ? llvm::divideCeil(extent, group) : 0;
  return groups * scaleBytes() +
         int64_t(llvm::divideCeil(extent, blockDepth())) * stepBytes();
}

int64_t LowBitLayout::byteOf(int64_t k, int64_t column) const {
  int64_t scales = group ? (k / group + 1) * scaleBytes() : 0;
  return scales + k / blockDepth() * stepBytes() + column * depth + k % depth;
}

AffineExpr LowBitLayout::byteOf(AffineExpr k, AffineExpr column) const {
  AffineExpr byte = k.floorDiv(blockDepth()) * stepBytes() + column * depth;
  if (depth > 1)
    byte = byte + k % depth;
  return group ? byte + (k.floorDiv(group) + 1) * scaleBytes() : byte;
}

void LowBitLayout::pack(const char *rows, const float *scales,
                        char *target) const {
  auto mask = static_cast<unsigned char>((1 << bits) - 1);
  for (int64_t k = 0; k < extent; ++k)
    for (int64_t column = 0; column < panel; ++column) {
      auto element = static_cast<unsigned char>(rows[k * panel + column]);
      auto &byte = reinterpret_cast<unsigned char &>(target[byteOf(k, column)]);
      byte |= static_cast<unsigned char>((element & mask) << shiftOf(k));
    }
  if (!group)
    return;
  for (int64_t first = 0, at = 0; first < extent; first += group, ++at)
    memcpy(target + at * groupBytes(), scales + at * panel, scaleBytes());
}

/// A shift and a mask are computed beside the multiplications, and so is a
/// permutation; what takes three or four instructions is not.
static int64_t unpackingWork(int64_t bits, Type accumulator,
                             const std::optional<DotRow> &dot,
                             const TargetDescription &target) {
  // Bytes are widened and converted.
  if (isa<FloatType>(accumulator) && bits == 8)
    return 2;
  if (isa<FloatType>(accumulator))
    return target.isa == VectorIsa::Avx512 ? 1 : 3;
  return dot && dot->instruction == DotInstruction::Vpmaddwd ? 4 : 1;
}

StepShape edgec::withLowBits(StepShape shape, int64_t bits, Type accumulator,
                             const std::optional<DotRow> &dot,
                             const TargetDescription &target) {
  shape.stepsOfB = 8 / bits;
  shape.workOnB = unpackingWork(bits, accumulator, dot, target);
  // The mask or the table of values.
  if (bits < 8)
    ++shape.extraRegisters;
  return shape;
}

//===----------------------------------------------------------------------===//
// From bytes to elements
//===----------------------------------------------------------------------===//

static Value splat(OpBuilder &builder, Location loc, Type type, int64_t value) {
  APInt bits(getElementTypeOrSelf(type).getIntOrFloatBitWidth(), value,
             /*isSigned=*/true);
  return builder.create<arith::ConstantOp>(
      loc, DenseElementsAttr::get(cast<ShapedType>(type), bits));
}

static Value shiftLeft(OpBuilder &builder, Location loc, Value value,
                       int64_t distance) {
  if (distance == 0)
    return value;
  Value by = splat(builder, loc, value.getType(), distance);
  return builder.create<arith::ShLIOp>(loc, value, by);
}

static Value shiftRight(OpBuilder &builder, Location loc, Value value,
                        int64_t distance) {
  if (distance == 0)
    return value;
  Value by = splat(builder, loc, value.getType(), distance);
  return builder.create<arith::ShRSIOp>(loc, value, by);
}

Value edgec::unpackBytes(OpBuilder &builder, Location loc, Value bytes,
                         int64_t bits, int64_t step,
                         const TargetDescription &target) {
  auto type = cast<VectorType>(bytes.getType());
  int64_t mask = (0xff << raisedBits(bits)) & 0xff;
  int64_t distance = raisedBits(bits) - bits * step;
  if (!target.isX86()) {
    Value raised = shiftLeft(builder, loc, bytes, distance);
    if (step == 0) // Nothing stands below the first.
      return raised;
    return builder.create<arith::AndIOp>(loc, raised,
                                         splat(builder, loc, type, mask));
  }
  // x86 shifts words, not bytes.
  auto words =
      VectorType::get({type.getNumElements() / 4}, builder.getI32Type());
  Value raised =
      shiftLeft(builder, loc,
                builder.create<vector::BitCastOp>(loc, words, bytes), distance);
  raised = builder.create<arith::AndIOp>(
      loc, raised, splat(builder, loc, words, mask * 0x01010101));
  return builder.create<vector::BitCastOp>(loc, type, raised);
}

SmallVector<Value, 2> edgec::unpackPairs(OpBuilder &builder, Location loc,
                                         Value bytes, int64_t bits,
                                         int64_t step) {
  int64_t count = cast<VectorType>(bytes.getType()).getNumElements() / 2;
  Value pairs = builder.create<vector::BitCastOp>(
      loc, VectorType::get({count}, builder.getI16Type()), bytes);
  SmallVector<Value, 2> words;
  for (int64_t byte : {0, 8}) {
    Value raised =
        shiftLeft(builder, loc, pairs, 16 - bits - (byte + bits * step));
    words.push_back(shiftRight(builder, loc, raised, 16 - bits));
  }
  return words;
}

/// A permutation of 16 floats looks at the lowest four bits of each index: it
/// is a table of the elements' values.
static Value lookUpFloats(OpBuilder &builder, Location loc, Value words,
                          int64_t bits, int64_t step) {
  auto type = VectorType::get({16}, builder.getF32Type());
  SmallVector<float, 16> values;
  int64_t count = 1 << bits;
  for (int64_t index = 0; index < 16; ++index) {
    int64_t value = index % count;
    values.push_back(
        static_cast<float>(value < count / 2 ? value : value - count));
  }
  Value table = builder.create<arith::ConstantOp>(
      loc, DenseElementsAttr::get(type, ArrayRef<float>(values)));
  if (step > 0)
    words = builder.create<arith::ShRUIOp>(
        loc, words, splat(builder, loc, words.getType(), bits * step));
  return builder
      .create<LLVM::CallIntrinsicOp>(
          loc, type, builder.getStringAttr("llvm.x86.avx512.permvar.sf.512"),
          ValueRange{table, words})
      .getResults();
}

Value edgec::unpackFloats(OpBuilder &builder, Location loc, Value bytes,
                          int64_t bits, int64_t step,
                          const TargetDescription &target) {
  int64_t count = cast<VectorType>(bytes.getType()).getNumElements();
  auto floats = VectorType::get({count}, builder.getF32Type());
  if (!target.isX86()) {
    Value raised =
        shiftLeft(builder, loc, bytes, raisedBits(bits) - bits * step);
    Value value = shiftRight(builder, loc, raised, raisedBits(bits));
    return builder.create<arith::SIToFPOp>(loc, floats, value);
  }
  auto words = VectorType::get({count}, builder.getI32Type());
  if (target.isa == VectorIsa::Avx512 && count == 16 && bits < 8)
    return lookUpFloats(builder, loc,
                        builder.create<arith::ExtUIOp>(loc, words, bytes), bits,
                        step);
  Value value = builder.create<arith::ExtSIOp>(loc, words, bytes);
  if (step + 1 == 8 / bits) {
    value = shiftRight(builder, loc, value, raisedBits(bits));
  } else {
    value = shiftLeft(builder, loc, value, 32 - bits * (step + 1));
    value = shiftRight(builder, loc, value, 32 - bits);
  }
  return builder.create<arith::SIToFPOp>(loc, floats, value);
}
