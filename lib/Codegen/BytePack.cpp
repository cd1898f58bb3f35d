//===- BytePack.cpp - Four vectors of integers into one of bytes ---------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Instructions that narrow two vectors at once saturate, so that the clamp
// before them goes: from 32 to 16 bits, then to 8. They work within 16 bytes; a
// permutation of words brings each vector's bytes together again. That is one
// instruction a vector, where clamping and narrowing each by itself takes
// three, one of them two operations long.
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
  if (target.isa != VectorIsa::Avx2 && target.isa != VectorIsa::Avx512)
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

Value edgec::packBytes(OpBuilder &builder, Location loc,
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
