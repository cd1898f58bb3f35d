//===- BytePack.cpp - Four vectors of integers into one of bytes ---------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Instructions that narrow vectors saturate, so that the clamp before them
// goes: from 32 to 16 bits, then to 8. x86's take two vectors, and work within
// 16 bytes; a permutation of words brings each vector's bytes together again.
// That is one instruction a vector, where clamping and narrowing each by itself
// takes three, one of them two operations long. AArch64's fill halves of a
// register, three for two vectors, instead of four for one.
//
//===----------------------------------------------------------------------===//

#include "BytePack.h"

#include "BodyRanges.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/IR/Matchers.h"

using namespace mlir;
using namespace edgec;

/// What is left to clamp before saturation to `range`.
static Value withoutClamp(Value value, IntegerRange range) {
  auto bound = [](Value side, int64_t expected) {
    APInt constant;
    return matchPattern(side, m_ConstantInt(&constant)) &&
           constant.getSExtValue() == expected;
  };
  if (auto min = value.getDefiningOp<arith::MinSIOp>())
    if (bound(min.getRhs(), range.high))
      value = min.getLhs();
  if (auto max = value.getDefiningOp<arith::MaxSIOp>())
    if (bound(max.getRhs(), range.low))
      value = max.getLhs();
  return value;
}

std::optional<BytePack> edgec::chooseBytePack(Block &body,
                                              const TargetDescription &target) {
  if (target.isa == VectorIsa::X86V2)
    return std::nullopt;
  Operation *yield = body.getTerminator();
  auto truncate = yield->getNumOperands() == 1
                      ? yield->getOperand(0).getDefiningOp<arith::TruncIOp>()
                      : nullptr;
  if (!truncate || truncate->getBlock() != &body ||
      !truncate.getType().isInteger(8) ||
      !truncate.getIn().getType().isInteger(32))
    return std::nullopt;
  IntegerRange range = integerRange(truncate.getIn());
  constexpr IntegerRange ofUnsigned{0, 255}, ofSigned{-128, 127};
  auto fits = [&](const IntegerRange &byte) {
    return range.low >= byte.low && range.high <= byte.high;
  };
  if (fits(ofUnsigned))
    return BytePack{withoutClamp(truncate.getIn(), ofUnsigned), true};
  if (fits(ofSigned))
    return BytePack{withoutClamp(truncate.getIn(), ofSigned), false};
  return std::nullopt;
}

/// Each vector is narrowed into a half of a register.
static Value packBytesArm(OpBuilder &builder, Location loc,
                          ArrayRef<Value> vectors, bool isUnsigned) {
  auto narrow = [&](StringRef name, unsigned bits, Value low,
                    Value high) -> Value {
    int64_t lanes = cast<VectorType>(low.getType()).getNumElements();
    auto type = VectorType::get({lanes}, builder.getIntegerType(bits));
    auto intrinsic = builder.getStringAttr("llvm.aarch64.neon." + name + ".v" +
                                           Twine(lanes) + "i" + Twine(bits));
    auto half = [&](Value vector) {
      return builder.create<LLVM::CallIntrinsicOp>(loc, type, intrinsic, vector)
          .getResults();
    };
    Value lowHalf = half(low), highHalf = half(high);
    auto order = llvm::to_vector(llvm::seq<int64_t>(0, 2 * lanes));
    return builder.create<vector::ShuffleOp>(loc, lowHalf, highHalf, order);
  };
  return narrow(isUnsigned ? "sqxtun" : "sqxtn", 8,
                narrow("sqxtn", 16, vectors[0], vectors[1]),
                narrow("sqxtn", 16, vectors[2], vectors[3]));
}

static Value packBytesX86(OpBuilder &builder, Location loc,
                          ArrayRef<Value> vectors, bool isUnsigned) {
  int64_t lanes = cast<VectorType>(vectors[0].getType()).getNumElements();
  bool isWide = lanes == 16;
  auto pack = [&](StringRef name, Type element, int64_t count, Value low,
                  Value high) -> Value {
    std::string intrinsic = (isWide ? "llvm.x86.avx512." : "llvm.x86.avx2.") +
                            name.str() + (isWide ? ".512" : "");
    return builder
        .create<LLVM::CallIntrinsicOp>(loc, VectorType::get({count}, element),
                                       builder.getStringAttr(intrinsic),
                                       ValueRange{low, high})
        .getResults();
  };
  auto toWords = [&](Value low, Value high) {
    return pack("packssdw", builder.getI16Type(), 2 * lanes, low, high);
  };
  Value bytes = pack(isUnsigned ? "packuswb" : "packsswb", builder.getI8Type(),
                     packedVectors * lanes, toWords(vectors[0], vectors[1]),
                     toWords(vectors[2], vectors[3]));
  // Four bytes of each vector, in turn.
  auto inWords = VectorType::get({lanes}, builder.getI32Type());
  int64_t perVector = lanes / packedVectors;
  SmallVector<int64_t> order;
  for (int64_t vector = 0; vector < packedVectors; ++vector)
    for (int64_t word = 0; word < perVector; ++word)
      order.push_back(word * packedVectors + vector);
  Value words = builder.create<vector::BitCastOp>(loc, inWords, bytes);
  words = builder.create<vector::ShuffleOp>(loc, words, words, order);
  return builder.create<vector::BitCastOp>(loc, bytes.getType(), words);
}

Value edgec::packBytes(OpBuilder &builder, Location loc,
                       ArrayRef<Value> vectors, bool isUnsigned,
                       const TargetDescription &target) {
  return target.isX86() ? packBytesX86(builder, loc, vectors, isUnsigned)
                        : packBytesArm(builder, loc, vectors, isUnsigned);
}
