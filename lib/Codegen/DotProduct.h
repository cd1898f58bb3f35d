//===- DotProduct.h - Instructions that multiply groups of bytes -*- C++
//-*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Every row of the table adds products of neighbours along k to each 32-bit
// lane of a vector, without saturation, so that all rows give the same bits. b
// is packed accordingly: groups of neighbours along k, column by column. x86's
// instructions take a group of a in all lanes; AArch64's choose one of the four
// groups in a register, or multiply groups of two rows by those of two columns.
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_LIB_CODEGEN_DOTPRODUCT_H
#define EDGEC_LIB_CODEGEN_DOTPRODUCT_H

#include "edgec/Codegen/TileChoice.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/Value.h"

namespace edgec {

/// Products that dot product instructions add into one lane.
inline constexpr int64_t dotDepth = 4;
/// Products that matrix multiplication instructions add into one lane.
inline constexpr int64_t matrixDepth = 8;

enum class DotInstruction {
  Vpdpbusd, ///< x86 VNNI: ui8 a times i8 b.
  Vpmaddwd, ///< x86: two pairs of i16, from bytes of any sign.
  Sdot,     ///< AArch64 dot product: i8 times i8.
  Udot,     ///< AArch64 dot product: ui8 times ui8.
  Usdot,    ///< AArch64 i8mm: ui8 a times i8 b.
  Smmla,    ///< AArch64 i8mm: i8 times i8, two rows by two columns.
  Ummla,    ///< AArch64 i8mm: the same with ui8 times ui8.
  Usmmla,   ///< AArch64 i8mm: the same with ui8 a times i8 b.
};

/// How a contraction of bytes is computed.
struct DotRow {
  DotInstruction instruction;
  /// The instruction takes a's elements with their sign bits flipped, which
  /// turns i8 into ui8 plus 128 and back.
  bool flipsA = false;
  /// By lane: groups of a that a load brings.
  int64_t groupsPerLoad = 1;

  bool isMatrix() const {
    return instruction == DotInstruction::Smmla ||
           instruction == DotInstruction::Ummla ||
           instruction == DotInstruction::Usmmla;
  }
  /// Whether the instruction chooses a group of a by its place in a register.
  bool isByLane() const {
    return instruction == DotInstruction::Sdot ||
           instruction == DotInstruction::Udot ||
           instruction == DotInstruction::Usdot;
  }
  /// Whether the instruction takes a group of a in all lanes.
  bool broadcastsGroups() const { return !isMatrix() && !isByLane(); }
  /// Neighbours along k in a group.
  int64_t depth() const { return isMatrix() ? matrixDepth : dotDepth; }
  /// What the tile choice should know of it.
  StepShape stepShape() const;
};

/// The best row for the operands' signs, where `extent` elements are neighbours
/// along k; nothing where the target has none.
std::optional<DotRow> chooseDotRow(const TargetDescription &target,
                                   bool aUnsigned, bool bUnsigned,
                                   int64_t extent);

/// Emits one step: adds to each sum of `lanes` 32-bit lanes, or for matrix
/// instructions to sums of two columns in two rows.
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
  /// By lane: the groups in a register of 16 bytes, each an operand.
  llvm::SmallVector<Operand, 4> prepareLanes(mlir::Value bytes);
  /// For matrix instructions: a group of each of two rows.
  Operand preparePair(mlir::Value upper, mlir::Value lower);
  /// `bytes`: four neighbours along k of each column, as loaded, or for matrix
  /// instructions eight of each of two columns.
  Operand prepareB(mlir::Value bytes);
  /// `bytes`: a group of four for each lane, in a's form.
  Operand prepareGroups(mlir::Value bytes);
  mlir::Value multiplyAdd(const Operand &a, const Operand &b, mlir::Value sum);

private:
  Operand prepare(mlir::Value words, bool isUnsigned);
  mlir::Value flipSigns(mlir::Value bytes);
  Operand prepareWords(mlir::Value words);
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
