//===- LaneProduct.h - Instructions that multiply by a lane -----*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// AArch64 multiplies a vector by one lane of another: a register that is loaded
// once has the elements of a row of a for several steps along k, and nothing
// has to be broadcast. b keeps its order, row by row. What has been packed in
// groups is multiplied by the instructions of DotProduct.h.
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_LIB_CODEGEN_LANEPRODUCT_H
#define EDGEC_LIB_CODEGEN_LANEPRODUCT_H

#include "edgec/Codegen/TileChoice.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/Value.h"

namespace edgec {

enum class LaneInstruction {
  Fmla,  ///< Floating-point numbers.
  Smlal, ///< 16-bit integers, added to 32-bit sums.
};

/// How a contraction of ungrouped elements is computed.
struct LaneRow {
  LaneInstruction instruction;
  int64_t lanes; ///< Elements of a in a register.

  /// What the tile choice should know of it.
  StepShape stepShape() const;
};

/// What is multiplied: element types, elements along the innermost contracted
/// dimension, and how far apart they are in a.
struct LaneOperands {
  mlir::Type a, b, accumulator;
  int64_t extent = 1;
  std::optional<int64_t> stride;
};

/// The row for the operands; nothing where the target has none.
std::optional<LaneRow> chooseLaneRow(const TargetDescription &target,
                                     const LaneOperands &operands);

/// sum + a[lane] * b for 16-bit a and b with as many lanes of b as of `sum`,
/// which is one instruction.
mlir::Value multiplyAddShort(mlir::OpBuilder &builder, mlir::Location loc,
                             mlir::Value a, int64_t lane, mlir::Value b,
                             mlir::Value sum);

/// Lane `lane` of `vector` in each of `lanes`; instructions that multiply by a
/// lane absorb it.
mlir::Value repeatLane(mlir::OpBuilder &builder, mlir::Location loc,
                       mlir::Value vector, int64_t lane, int64_t lanes);

} // namespace edgec

#endif // EDGEC_LIB_CODEGEN_LANEPRODUCT_H
