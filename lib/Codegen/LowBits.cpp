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
  int64_t blocks = llvm::divideCeil(runs * stepsInRun(), stepsInByte());
  return groups * scaleBytes() + blocks * stepBytes();
}

void LowBitLayout::chooseRuns(int64_t count) {
  constexpr int64_t mostSteps = 40; // Of a line, which are written out.
  runs = 1;
  while (runs * stepsInRun() % stepsInByte() != 0)
    ++runs;
  if (count % runs != 0 || runs * stepsInRun() > mostSteps)
    runs = 1;
}

int64_t LowBitLayout::byteOf(int64_t run, int64_t k, int64_t column) const {
  int64_t scales = group ? (k / group + 1) * scaleBytes() : 0;
  return scales + stepOf(run, k) / stepsInByte() * stepBytes() +
         column * depth + k % depth;
}

AffineExpr LowBitLayout::byteOf(AffineExpr run, AffineExpr k,
                                AffineExpr column) const {
  AffineExpr block =
      runs == 1
          ? k.floorDiv(blockDepth())
          : (run * stepsInRun() + k.floorDiv(depth)).floorDiv(stepsInByte());
  AffineExpr byte = block * stepBytes() + column * depth;
  if (depth > 1)
    byte = byte + k % depth;
  return group ? byte + (k.floorDiv(group) + 1) * scaleBytes() : byte;
}

void LowBitLayout::pack(const char *rows, const float *scales,
                        char *target) const {
  auto mask = static_cast<unsigned char>((1 << bits) - 1);
  for (int64_t row = 0; row < runs * extent; ++row) {
    int64_t run = row / extent, k = row % extent;
    for (int64_t column = 0; column < panel; ++column) {
      auto element = static_cast<unsigned char>(rows[row * panel + column]);
      auto &byte =
          reinterpret_cast<unsigned char &>(target[byteOf(run, k, column)]);
      byte |= static_cast<unsigned char>((element & mask) << shiftOf(run, k));
    }
  }
  if (!group)
    return;
  for (int64_t first = 0, at = 0; first < extent; first += group, ++at)
    memcpy(target + at * groupBytes(), scales + at * panel, scaleBytes());
}

StepShape edgec::withLowBits(StepShape shape, int64_t bits,
                             const std::optional<DotRow> &dot) {
  shape.stepsOfB = 8 / bits;
  // A shift and a mask are computed beside the multiplications; what takes four
  // instructions is not.
  shape.workOnB = dot && dot->instruction == DotInstruction::Vpmaddwd ? 4 : 1;
  ++shape.extraRegisters; // The mask.
  // The steps of a byte are written out for each size of tile. That is twice
  // the code or more, and counts where weights are few: a tenth of the time for
  // all of it makes a network of a million weights a fortieth smaller, and has
  // not made one slower.
  shape.worthOfCode = 0.1;
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

/// The bits of an index at which a permutation of floats looks; 0: there is no
/// such permutation of a register.
static int64_t indexBits(const TargetDescription &target) {
  switch (target.isa) {
  case VectorIsa::Avx512:
    return 4;
  case VectorIsa::Avx2:
    return 3;
  default:
    return 0;
  }
}

/// A permutation that looks at `index` bits, no fewer than elements have, is a
/// table of their values.
static Value lookUpFloats(OpBuilder &builder, Location loc, Value words,
                          int64_t bits, int64_t step, int64_t index) {
  auto type = cast<VectorType>(words.getType()).clone(builder.getF32Type());
  SmallVector<float, 16> values;
  int64_t count = int64_t(1) << bits;
  for (int64_t at = 0; at < type.getNumElements(); ++at) {
    int64_t value = at % count;
    values.push_back(
        static_cast<float>(value < count / 2 ? value : value - count));
  }
  Value table = builder.create<arith::ConstantOp>(
      loc, DenseElementsAttr::get(type, ArrayRef<float>(values)));
  if (step > 0)
    words = builder.create<arith::ShRUIOp>(
        loc, words, splat(builder, loc, words.getType(), bits * step));
  const char *permutation =
      index == 4 ? "llvm.x86.avx512.permvar.sf.512" : "llvm.x86.avx2.permps";
  return builder
      .create<LLVM::CallIntrinsicOp>(loc, type,
                                     builder.getStringAttr(permutation),
                                     ValueRange{table, words})
      .getResults();
}

/// An element's bits, the highest of them flipped, are a number that is not
/// negative. They become the lowest bits of a large float, of an exponent for
/// which they count as they should where they stand; what that has added is
/// subtracted again. Simple operations, where shifting to both sides and a
/// conversion are on fewer of x86's ports.
static Value mergeFloats(OpBuilder &builder, Location loc, Value words,
                         int64_t bits, int64_t step) {
  constexpr int64_t mantissaBits = 23, exponentBias = 127;
  auto type = cast<VectorType>(words.getType());
  auto floats = type.clone(builder.getF32Type());
  int64_t shift = bits * step, half = int64_t(1) << (bits - 1);
  int64_t mask = ((int64_t(1) << bits) - 1) << shift;
  words = builder.create<arith::AndIOp>(loc, words,
                                        splat(builder, loc, type, mask));
  int64_t exponent = mantissaBits - shift;
  int64_t merged = (exponent + exponentBias) << mantissaBits | half << shift;
  words = builder.create<arith::XOrIOp>(loc, words,
                                        splat(builder, loc, type, merged));
  Value added = builder.create<arith::ConstantOp>(
      loc, DenseElementsAttr::get(
               floats, static_cast<float>((int64_t(1) << exponent) + half)));
  return builder.create<arith::SubFOp>(
      loc, builder.create<arith::BitcastOp>(loc, floats, words), added);
}

/// The same where elements are found among bytes, of which AArch64 has sixteen
/// in a register: two widenings and the exponent's bits take the place of what
/// LLVM makes of a conversion, which is longer by half.
static Value mergeBytes(OpBuilder &builder, Location loc, Value bytes,
                        int64_t bits, int64_t step) {
  constexpr int64_t mantissaBits = 23, exponentOfIntegers = 0x4b000000;
  auto type = cast<VectorType>(bytes.getType());
  auto wordType = type.clone(builder.getI32Type());
  auto floats = type.clone(builder.getF32Type());
  int64_t half = int64_t(1) << (bits - 1);
  if (step > 0)
    bytes = builder.create<arith::ShRUIOp>(
        loc, bytes, splat(builder, loc, type, bits * step));
  if (step + 1 < 8 / bits)
    bytes = builder.create<arith::AndIOp>(
        loc, bytes, splat(builder, loc, type, (int64_t(1) << bits) - 1));
  // A byte's highest bit is its sign.
  bytes = builder.create<arith::XOrIOp>(
      loc, bytes, splat(builder, loc, type, static_cast<int8_t>(half)));
  Value words = builder.create<arith::OrIOp>(
      loc, builder.create<arith::ExtUIOp>(loc, wordType, bytes),
      splat(builder, loc, wordType, exponentOfIntegers));
  Value added = builder.create<arith::ConstantOp>(
      loc,
      DenseElementsAttr::get(
          floats, static_cast<float>((int64_t(1) << mantissaBits) + half)));
  return builder.create<arith::SubFOp>(
      loc, builder.create<arith::BitcastOp>(loc, floats, words), added);
}

Value edgec::unpackFloats(OpBuilder &builder, Location loc, Value bytes,
                          int64_t bits, int64_t step,
                          const TargetDescription &target) {
  int64_t count = cast<VectorType>(bytes.getType()).getNumElements();
  auto floats = VectorType::get({count}, builder.getF32Type());
  if (!target.isX86())
    return mergeBytes(builder, loc, bytes, bits, step);
  auto wordType = VectorType::get({count}, builder.getI32Type());
  int64_t index = bits < 8 ? indexBits(target) : 0;
  if (bits <= index && count == int64_t(1) << index)
    return lookUpFloats(builder, loc,
                        builder.create<arith::ExtUIOp>(loc, wordType, bytes),
                        bits, step, index);
  Value words = builder.create<arith::ExtSIOp>(loc, wordType, bytes);
  if (step + 1 < 8 / bits)
    return mergeFloats(builder, loc, words, bits, step);
  // Nothing stands above the last but its sign.
  return builder.create<arith::SIToFPOp>(
      loc, floats, shiftRight(builder, loc, words, raisedBits(bits)));
}
