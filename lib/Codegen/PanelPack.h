//===- PanelPack.h - The order of packed weights ----------------*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_LIB_CODEGEN_PANELPACK_H
#define EDGEC_LIB_CODEGEN_PANELPACK_H

#include "LowBits.h"
#include "edgec/Dialect/Kernel/KernelDialect.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/AffineMap.h"
#include <optional>
#include <vector>

namespace edgec {

/// A constant's elements, one after the other; those of a splat too.
class ConstantBytes {
public:
  ConstantBytes(ConstantBytes &&) = default; // `bytes` may be in `expanded`.
  /// Nothing where elements have less than a byte.
  static std::optional<ConstantBytes> of(mlir::arith::ConstantOp constant);

  const char *data() const { return bytes.data(); }

private:
  ConstantBytes() = default;

  std::vector<char> expanded; ///< Of a splat.
  llvm::ArrayRef<char> bytes;
};

/// The order of a packed b: dimensions of the batch that b depends on, panel,
/// contracted dimensions, column within the panel.
struct Packing {
  llvm::SmallVector<unsigned> dims; ///< Batch and contracted dimensions of b.
  unsigned numBatch = 0; ///< How many of them stand before the panel.
  int64_t panel = 0;     ///< Columns in a panel.
  /// Neighbours along the last dimension in a group, for dot products; else 0.
  int64_t depth = 0;
  llvm::SmallVector<int64_t> shape;
  mlir::AffineMap map;
};

/// Panels of `panel` columns; `depth` neighbours in a group.
Packing choosePacking(kernel::ContractOp op, int64_t panel, int64_t depth);
/// How elements of less than a byte are packed, in panels that are chosen
/// later. `dot`: the instruction for which they are grouped, if any.
LowBitLayout lowBitLayoutOf(kernel::ContractOp op,
                            const std::optional<DotRow> &dot);
/// The same as choosePacking where elements have less than a byte.
Packing chooseLowBitPacking(kernel::ContractOp op, const LowBitLayout &layout);

/// Writes the elements of b, of `bits` bits, in the packed order. `position` is
/// where they are in `source`, over op's dimensions; `target` is zero
/// beforehand.
void packElements(unsigned bits, const char *source, char *target,
                  kernel::ContractOp op, const Packing &packing,
                  mlir::AffineExpr position);
/// The same in groups, as chooseDotRow's instructions read them.
void packGroups(const char *source, char *target, kernel::ContractOp op,
                const Packing &packing, mlir::AffineExpr position);
/// The same for elements of less than a byte, with op's scales if it has any.
void packLowBits(const char *source, char *target, kernel::ContractOp op,
                 const Packing &packing, const LowBitLayout &layout,
                 mlir::AffineExpr position);

/// The sum of b along k for every index of `dims`, row-major.
std::vector<int32_t> sumColumns(kernel::ContractOp op, const uint8_t *b,
                                mlir::AffineExpr position,
                                llvm::ArrayRef<unsigned> dims);

} // namespace edgec

#endif // EDGEC_LIB_CODEGEN_PANELPACK_H
