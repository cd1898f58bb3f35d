//===- DotProduct.cpp - Instructions that multiply groups of bytes -------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "DotProduct.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

using namespace mlir;
using namespace edgec;

/// Groups of `extent` neighbours that one load of a serves, on average: a
/// register has four; a last group that is not whole has a load of its own.
static int64_t groupsPerLoad(int64_t extent) {
  constexpr int64_t groupsInRegister = 4;
  int64_t groups = llvm::divideCeil(extent, dotDepth);
  if (groups >= groupsInRegister)
    return groupsInRegister;
  bool isSplit = groups > 1 && extent % dotDepth != 0;
  return groups / (isSplit ? 2 : 1);
}

static std::optional<DotRow> chooseArmRow(const TargetDescription &target,
                                          bool aUnsigned, bool bUnsigned,
                                          int64_t extent) {
  bool isMatrix = target.hasI8mm && extent >= matrixDepth;
  if (!isMatrix && !target.hasDotProd)
    return std::nullopt;
  auto row = [&](DotInstruction matrix, DotInstruction dot, bool flipsA) {
    return DotRow{isMatrix ? matrix : dot, flipsA, groupsPerLoad(extent)};
  };
  if (bUnsigned)
    return row(DotInstruction::Ummla, DotInstruction::Udot,
               /*flipsA=*/!aUnsigned);
  if (!aUnsigned || !target.hasI8mm)
    return row(DotInstruction::Smmla, DotInstruction::Sdot,
               /*flipsA=*/aUnsigned);
  return row(DotInstruction::Usmmla, DotInstruction::Usdot, /*flipsA=*/false);
}

std::optional<DotRow> edgec::chooseDotRow(const TargetDescription &target,
                                          bool aUnsigned, bool bUnsigned,
                                          int64_t extent) {
  if (!target.isX86())
    return chooseArmRow(target, aUnsigned, bUnsigned, extent);
  if (target.hasVnni && !bUnsigned)
    return DotRow{DotInstruction::Vpdpbusd, /*flipsA=*/!aUnsigned};
  return DotRow{DotInstruction::Vpmaddwd};
}

StepShape DotRow::stepShape() const {
  StepShape shape;
  shape.broadcastsA = broadcastsGroups();
  if (isByLane()) {
    shape.stepsOfA = groupsPerLoad;
    shape.workOnA = flipsA;
  }
  // Two rows are brought into a register.
  if (isMatrix()) {
    shape.blockRows = 2;
    shape.workOnA = 1 + flipsA;
  }
  // Pairs of both operands, a mask or a product beside them; the sign bits.
  if (instruction == DotInstruction::Vpmaddwd)
    shape.extraRegisters = 4;
  else if (flipsA)
    shape.extraRegisters = 1;
  return shape;
}

Value DotEmitter::call(StringRef intrinsic, Type type, ValueRange operands) {
  return builder
      .create<LLVM::CallIntrinsicOp>(loc, type,
                                     builder.getStringAttr(intrinsic), operands)
      .getResults();
}

Value DotEmitter::splat(Type element, int64_t count, int64_t value) {
  auto type = VectorType::get({count}, element);
  APInt bits(element.getIntOrFloatBitWidth(), value, /*isSigned=*/true);
  return builder.create<arith::ConstantOp>(loc,
                                           DenseElementsAttr::get(type, bits));
}

/// For vpmaddwd the bytes become 16-bit words in two vectors: those at even and
/// those at odd places. Shifts do that without crossing lanes.
DotEmitter::Operand DotEmitter::prepare(Value words, bool isUnsigned) {
  Type i8 = builder.getI8Type(), i16 = builder.getI16Type();
  if (row.isByLane())
    return {builder.create<vector::BitCastOp>(
        loc, VectorType::get({lanes * dotDepth}, i8), words)};
  if (row.instruction == DotInstruction::Vpdpbusd)
    return {words};
  int64_t count = 2 * lanes;
  Value pairs = builder.create<vector::BitCastOp>(
      loc, VectorType::get({count}, i16), words);
  Value eight = splat(i16, count, 8);
  if (isUnsigned)
    return {builder.create<arith::AndIOp>(loc, pairs, splat(i16, count, 0xff)),
            builder.create<arith::ShRUIOp>(loc, pairs, eight)};
  Value high = builder.create<arith::ShLIOp>(loc, pairs, eight);
  return {builder.create<arith::ShRSIOp>(loc, high, eight),
          builder.create<arith::ShRSIOp>(loc, pairs, eight)};
}

DotEmitter::Operand DotEmitter::prepareA(Value bytes) {
  auto type = VectorType::get({lanes}, builder.getI32Type());
  return prepareWords(builder.create<vector::BroadcastOp>(loc, type, bytes));
}

DotEmitter::Operand DotEmitter::prepareGroups(Value bytes) {
  auto type = VectorType::get({lanes}, builder.getI32Type());
  return prepareWords(builder.create<vector::BitCastOp>(loc, type, bytes));
}

DotEmitter::Operand DotEmitter::prepareWords(Value words) {
  if (row.flipsA)
    words = builder.create<arith::XOrIOp>(
        loc, words, splat(builder.getI32Type(), lanes, int32_t(0x80808080)));
  return prepare(words, aUnsigned);
}

Value DotEmitter::flipSigns(Value bytes) {
  if (!row.flipsA)
    return bytes;
  int64_t count = cast<VectorType>(bytes.getType()).getNumElements();
  Value signs = splat(builder.getI8Type(), count, int8_t(0x80));
  return builder.create<arith::XOrIOp>(loc, bytes, signs);
}

SmallVector<DotEmitter::Operand, 4> DotEmitter::prepareLanes(Value bytes) {
  auto type = VectorType::get({lanes}, builder.getI32Type());
  Value words = builder.create<vector::BitCastOp>(loc, type, flipSigns(bytes));
  SmallVector<Operand, 4> operands;
  for (int64_t lane = 0; lane < lanes; ++lane) {
    Value repeated = builder.create<vector::ShuffleOp>(
        loc, words, words, SmallVector<int64_t>(lanes, lane));
    operands.push_back(prepare(repeated, aUnsigned));
  }
  return operands;
}

DotEmitter::Operand DotEmitter::preparePair(Value upper, Value lower) {
  auto both = llvm::to_vector(llvm::seq<int64_t>(0, 2 * matrixDepth));
  return {
      flipSigns(builder.create<vector::ShuffleOp>(loc, upper, lower, both))};
}

DotEmitter::Operand DotEmitter::prepareB(Value bytes) {
  if (row.isMatrix())
    return {bytes};
  Value words = builder.create<vector::BitCastOp>(
      loc, VectorType::get({lanes}, builder.getI32Type()), bytes);
  return prepare(words, bUnsigned);
}

Value DotEmitter::multiplyAdd(const Operand &a, const Operand &b, Value sum) {
  Type type = sum.getType();
  unsigned bits = lanes * 32;
  // The lane of the dot products is the last operand's; usdot with a lane of
  // unsigned elements is sudot.
  switch (row.instruction) {
  case DotInstruction::Vpdpbusd:
    return call("llvm.x86.avx512.vpdpbusd." + std::to_string(bits), type,
                {sum, a[0], b[0]});
  case DotInstruction::Sdot:
    return call("llvm.aarch64.neon.sdot", type, {sum, b[0], a[0]});
  case DotInstruction::Udot:
    return call("llvm.aarch64.neon.udot", type, {sum, b[0], a[0]});
  case DotInstruction::Usdot:
    return call("llvm.aarch64.neon.usdot", type, {sum, a[0], b[0]});
  case DotInstruction::Smmla:
    return call("llvm.aarch64.neon.smmla", type, {sum, a[0], b[0]});
  case DotInstruction::Ummla:
    return call("llvm.aarch64.neon.ummla", type, {sum, a[0], b[0]});
  case DotInstruction::Usmmla:
    return call("llvm.aarch64.neon.usmmla", type, {sum, a[0], b[0]});
  case DotInstruction::Vpmaddwd:
    break;
  }
  StringRef name = bits == 512   ? "llvm.x86.avx512.pmaddw.d.512"
                   : bits == 256 ? "llvm.x86.avx2.pmadd.wd"
                                 : "llvm.x86.sse2.pmadd.wd";
  for (auto [words, others] : llvm::zip(a, b))
    sum = builder.create<arith::AddIOp>(loc, sum,
                                        call(name, type, {words, others}));
  return sum;
}
