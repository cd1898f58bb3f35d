//===- FlatBuffer.h - Memrefs as linear memory ------------------*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_LIB_CODEGEN_FLATBUFFER_H
#define EDGEC_LIB_CODEGEN_FLATBUFFER_H

#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/IR/AffineExpr.h"
#include "mlir/IR/AffineMap.h"
#include "mlir/IR/Builders.h"

namespace edgec {

/// The factor of dimension `dim` in `expr`; nothing if `expr` is not linear in
/// it.
std::optional<int64_t> coefficientOf(mlir::AffineExpr expr, unsigned dim);

/// `expr` with dimension i taken from `values[i]`, as arith operations.
mlir::Value emitIndex(mlir::OpBuilder &builder, mlir::Location loc,
                      mlir::AffineExpr expr, mlir::ValueRange values);

/// Makes one dimension of neighbours in [begin, end) wherever every position
/// walks through them as through one: merged dimensions get extent 1. Those of
/// extent 1 leave the positions. `mayMerge` can forbid a pair.
void mergeDims(llvm::MutableArrayRef<int64_t> extents, unsigned begin,
               unsigned end, llvm::ArrayRef<mlir::AffineExpr *> positions,
               llvm::function_ref<bool(unsigned, unsigned)> mayMerge = {});

/// A memref seen as a one-dimensional one, and where an operation's index map
/// leads in it.
class FlatBuffer {
public:
  /// Fails where the memref's strides are not static.
  static mlir::FailureOr<FlatBuffer> get(mlir::OpBuilder &builder,
                                         mlir::Location loc, mlir::Value memref,
                                         mlir::AffineMap map);

  mlir::Type elementType() const;
  /// Position of an element, in elements, over the dimensions of the map.
  mlir::AffineExpr position;
  /// The memref of rank 1.
  mlir::Value memory;
};

/// How lanes beyond the end of a row are kept from being read and written.
struct LaneAccess {
  /// AVX-512 and the like: masked loads and stores. Else narrower ones.
  bool hasMasks = false;
};

/// Reads `count` elements `stride` apart from `index` on into a vector of
/// `lanes`; lanes from `count` on are zero. Stride 0 broadcasts one element.
mlir::Value loadLanes(mlir::OpBuilder &builder, mlir::Location loc,
                      mlir::Value memory, mlir::Value index, int64_t stride,
                      int64_t lanes, int64_t count, LaneAccess access);

/// Writes the first `count` lanes of `value`, or `value` itself if scalar.
void storeLanes(mlir::OpBuilder &builder, mlir::Location loc, mlir::Value value,
                mlir::Value memory, mlir::Value index, int64_t stride,
                int64_t count, LaneAccess access);

/// The index `distance` elements further.
mlir::Value advance(mlir::OpBuilder &builder, mlir::Location loc,
                    mlir::Value index, int64_t distance);

/// A memref of rank 1 on the stack. It is taken at the function's start: a loop
/// would take more of the stack each time.
mlir::Value allocateOnStack(mlir::OpBuilder &builder, mlir::Location loc,
                            int64_t elements, mlir::Type type);

} // namespace edgec

#endif // EDGEC_LIB_CODEGEN_FLATBUFFER_H
