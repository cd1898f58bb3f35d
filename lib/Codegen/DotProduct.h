//===- DotProduct.h - Instructions that multiply groups of bytes -*- C++
//-*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Every row of the table adds four products of neighbours along k to each
// 32-bit lane of a vector, without saturation, so that all rows give the same
// bits. b is packed accordingly, four neighbours along k a column; four
// elements of a are broadcast to all lanes.
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_LIB_CODEGEN_DOTPRODUCT_H
#define EDGEC_LIB_CODEGEN_DOTPRODUCT_H

#include "edgec/Target/CPU/TargetOptions.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/Value.h"

namespace edgec {

/// Products that are added into one lane.
inline constexpr int64_t dotDepth = 4;

enum class DotInstruction {
  Vpdpbusd, ///< x86 VNNI: ui8 a times i8 b.
  Vpmaddwd, ///< x86: two pairs of i16, from bytes of any sign.
  Sdot,     ///< AArch64 dot product: i8 times i8.
  Udot,     ///< AArch64 dot product: ui8 times ui8.
  Usdot,    ///< AArch64 i8mm: ui8 a times i8 b.
};

/// How a contraction of bytes is computed.
struct DotRow {
  DotInstruction instruction;
  /// The instruction takes a's elements with their sign bits flipped, which
  /// turns i8 into ui8 plus 128 and back.
  bool flipsA = false;
};

/// The best row for the operands' signs; nothing where the target has none.
std::optional<DotRow> chooseDotRow(const TargetDescription &target,
                                   bool aUnsigned, bool bUnsigned);

/// The target as the tile choice should see it: with the registers that are
/// left for sums, a row of b and an element of a.
TargetDescription registersBeside(const DotRow &row, TargetDescription target);

/// Emits one step: adds to each sum of `lanes` 32-bit lanes.
class DotEmitter {
public:
  DotEmitter(mlir::OpBuilder &builder, mlir::Location loc, const DotRow &row,
             int64_t lanes, bool aUnsigned, bool bUnsigned)
      : builder(builder), loc(loc), row(row), lanes(lanes),
        aUnsigned(aUnsigned), bUnsigned(bUnsigned) {}

  /// An operand in the form that `multiplyAdd` takes; one vector or two.
  using Operand = llvm::SmallVector<mlir::Value, 2>;
  /// `bytes`: four neighbours along k as one i32.
  Operand prepareA(mlir::Value bytes);
  /// `bytes`: four neighbours along k of each column, as loaded.
  Operand prepareB(mlir::Value bytes);
  mlir::Value multiplyAdd(const Operand &a, const Operand &b, mlir::Value sum);

private:
  Operand prepare(mlir::Value words, bool isUnsigned);
  mlir::Value call(llvm::StringRef intrinsic, mlir::Type type,
                   mlir::ValueRange operands);
  mlir::Value splat(mlir::Type element, int64_t count, int64_t value);

  mlir::OpBuilder &builder;
  mlir::Location loc;
  DotRow row;
  int64_t lanes;
  bool aUnsigned, bUnsigned;
};

} // namespace edgec

#endif // EDGEC_LIB_CODEGEN_DOTPRODUCT_H
