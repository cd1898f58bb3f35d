//===- LaneProduct.cpp - Instructions that multiply by a lane ------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "LaneProduct.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

using namespace mlir;
using namespace edgec;

StepShape LaneRow::stepShape() const {
  StepShape shape;
  shape.broadcastsA = false;
  shape.stepsOfA = lanes;
  if (instruction == LaneInstruction::Smlal) {
    // Elements are widened; b as it is loaded stands beside its two halves.
    shape.workOnA = shape.extraRegisters = 1;
    // Lanes of 16 bits are those of the first sixteen registers.
    shape.maxRows = 8;
  }
  return shape;
}

std::optional<LaneRow> edgec::chooseLaneRow(const TargetDescription &target,
                                            const LaneOperands &operands) {
  if (target.isX86() || operands.stride != 1 || operands.extent == 1)
    return std::nullopt;
  Type sum = operands.accumulator;
  if (sum.isF32() || sum.isF64()) {
    if (isa<FloatType>(operands.a) && isa<FloatType>(operands.b))
      return LaneRow{LaneInstruction::Fmla,
                     target.lanes(sum.getIntOrFloatBitWidth())};
    return std::nullopt;
  }
  if (sum.isInteger(32) && operands.a.isInteger(8) && operands.b.isInteger(8))
    return LaneRow{LaneInstruction::Smlal, target.lanes(16)};
  return std::nullopt;
}

Value edgec::repeatLane(OpBuilder &builder, Location loc, Value vector,
                        int64_t lane, int64_t lanes) {
  return builder.create<vector::ShuffleOp>(loc, vector, vector,
                                           SmallVector<int64_t>(lanes, lane));
}

Value edgec::multiplyAddShort(OpBuilder &builder, Location loc, Value a,
                              int64_t lane, Value b, Value sum) {
  int64_t lanes = cast<VectorType>(sum.getType()).getNumElements();
  Value product =
      builder
          .create<LLVM::CallIntrinsicOp>(
              loc, sum.getType(),
              builder.getStringAttr("llvm.aarch64.neon.smull"),
              ValueRange{b, repeatLane(builder, loc, a, lane, lanes)})
          .getResults();
  return builder.create<arith::AddIOp>(loc, sum, product);
}
