//===- BufferAccess.h - Who touches which part of a buffer ------*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// After bufferization a function is a line of operations that read and write
// buffers through views of static shape. What may share memory follows from
// the parts of a buffer that each operation touches, in their order.
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_LIB_CODEGEN_BUFFERACCESS_H
#define EDGEC_LIB_CODEGEN_BUFFERACCESS_H

#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include <optional>
#include <vector>

namespace edgec {

/// The elements from `offsets` on, `sizes` of them along each dimension.
struct BufferRegion {
  llvm::SmallVector<int64_t> offsets, sizes;

  bool overlaps(const BufferRegion &other) const;
  bool contains(const BufferRegion &other) const;
};

/// A view as a part of the buffer that it shows.
struct BufferView {
  mlir::Value root; ///< An allocation, an argument, or a value of no view.
  /// In the root's dimensions; covers the view, exactly where `inPlace`.
  BufferRegion region;
  /// Element i of the view is element `region.offsets + i` of the root.
  bool inPlace = true;
};

/// Whether the operation makes a view: it touches no memory.
bool isViewOp(mlir::Operation *op);

/// Nothing where a shape on the way is not static.
std::optional<BufferView> resolveView(mlir::Value value);

/// One operand through which an operation touches a buffer.
struct BufferAccess {
  mlir::OpOperand *operand = nullptr;
  mlir::Operation *step = nullptr; ///< In the entry block, around the operand.
  BufferRegion region;             ///< In the root's dimensions.
  std::optional<BufferRegion> untouched; ///< The inside of a filled border.
  bool writes = false;

  bool touches(const BufferRegion &part) const;
};

/// All accesses to the buffer `root` and its views, in no particular order.
/// Nothing where it also goes where it cannot be followed: through a branch, a
/// call or an operation that is not known.
std::optional<std::vector<BufferAccess>> collectAccesses(mlir::Value root,
                                                         mlir::Block &entry);

} // namespace edgec

#endif // EDGEC_LIB_CODEGEN_BUFFERACCESS_H
