//===- LowBits.h - Weights of less than a byte in panels --------*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A step along k of a panel is one element of each column, or a group of
// neighbours for dot products. Where elements have 4 or 2 bits, a block of
// bytes holds as many steps as elements fit in a byte, the first in the lowest
// bits: every step is taken out of the same registers by a shift and a mask,
// and its lanes are where they would have been in a step of whole bytes.
//
// Where a run of neighbours along k does not end with a block and there are
// several runs, as of a filter's taps, the steps of one follow those of another
// in the same bytes. So many runs that they end with a block are a line.
//
// Where groups of neighbours along k have scales, those of the panel's columns
// stand before the group's blocks.
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_LIB_CODEGEN_LOWBITS_H
#define EDGEC_LIB_CODEGEN_LOWBITS_H

#include "DotProduct.h"
#include "edgec/Codegen/TileChoice.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Value.h"
#include "llvm/Support/MathExtras.h"

namespace edgec {

/// The order of a panel along the last contracted dimension.
struct LowBitLayout {
  int64_t bits = 4;
  int64_t panel = 0;  ///< Columns.
  int64_t depth = 1;  ///< Neighbours along k in a step, for each column.
  int64_t extent = 0; ///< Of k.
  int64_t runs = 1;   ///< Of `extent` neighbours in a line.
  int64_t group = 0;  ///< Neighbours along k that share a scale; 0: no scales.

  int64_t stepsInByte() const { return 8 / bits; }
  int64_t stepBytes() const { return panel * depth; }
  /// Neighbours along k in a block.
  int64_t blockDepth() const { return depth * stepsInByte(); }
  int64_t scaleBytes() const { return group ? panel * sizeof(float) : 0; }
  /// From the blocks of a group to those of the next.
  int64_t groupBytes() const;
  int64_t stepsInRun() const { return llvm::divideCeil(extent, depth); }
  /// Of all blocks and scales of a line.
  int64_t bytes() const;
  /// Whether groups have whole blocks.
  bool isValid() const { return group % blockDepth() == 0; }
  /// Makes lines of as few of `count` runs as end with a block, if those of all
  /// do and their steps are few enough to be written out.
  void chooseRuns(int64_t count);

  /// The byte with element k of a column in a run, and where in it the element
  /// is.
  int64_t byteOf(int64_t run, int64_t k, int64_t column) const;
  int64_t shiftOf(int64_t run, int64_t k) const {
    return stepOf(run, k) % stepsInByte() * bits;
  }
  /// byteOf as an index map has it.
  mlir::AffineExpr byteOf(mlir::AffineExpr run, mlir::AffineExpr k,
                          mlir::AffineExpr column) const;

  /// Writes a line. `rows`: runs, k by columns; `scales`: groups by columns.
  /// `target` is zero beforehand.
  void pack(const char *rows, const float *scales, char *target) const;

private:
  int64_t stepOf(int64_t run, int64_t k) const {
    return run * stepsInRun() + k / depth;
  }
};

/// The type of the elements of b that are multiplied, where those that are
/// stored, of `element`, have `bits` bits (0: all of theirs).
inline mlir::Type unpackedElement(mlir::Type element, mlir::Type accumulator,
                                  int64_t bits) {
  return bits && llvm::isa<mlir::FloatType>(accumulator) ? accumulator
                                                         : element;
}

/// What the tile choice should know where elements of b are unpacked for sums
/// of integers. `dot`: the instruction for which they are grouped, if any.
/// Unpacking.h has the same for floats.
StepShape withLowBits(StepShape shape, int64_t bits,
                      const std::optional<DotRow> &dot);

/// How far the elements that `unpackBytes` yields are shifted to the left, and
/// their products with them.
inline int64_t raisedBits(int64_t bits) { return 8 - bits; }

/// Step `step` of a block as bytes with the elements in the highest bits, the
/// others being zero: one or two instructions, where elements in the lowest
/// bits would need their sign as well.
mlir::Value unpackBytes(mlir::OpBuilder &builder, mlir::Location loc,
                        mlir::Value bytes, int64_t bits, int64_t step,
                        const TargetDescription &target);

/// Step `step` of a block in words of 16 bits, as vpmaddwd takes them: those of
/// the bytes at even places and those of the others. They are not shifted: two
/// shifts put an element, with its sign, in its place.
llvm::SmallVector<mlir::Value, 2> unpackPairs(mlir::OpBuilder &builder,
                                              mlir::Location loc,
                                              mlir::Value bytes, int64_t bits,
                                              int64_t step);

/// Step `step` of a block as elements of f32.
mlir::Value unpackFloats(mlir::OpBuilder &builder, mlir::Location loc,
                         mlir::Value bytes, int64_t bits, int64_t step,
                         const TargetDescription &target);

} // namespace edgec

#endif // EDGEC_LIB_CODEGEN_LOWBITS_H
