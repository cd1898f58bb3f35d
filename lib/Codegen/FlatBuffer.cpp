//===- FlatBuffer.cpp - Memrefs as linear memory -------------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "FlatBuffer.h"

#include "edgec/Codegen/Passes.h"
#include "mlir/Dialect/Affine/Utils.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace edgec;

std::optional<int64_t> edgec::coefficientOf(AffineExpr expr, unsigned dim) {
  if (!expr.isFunctionOfDim(dim))
    return 0;
  if (isa<AffineDimExpr>(expr))
    return 1;
  auto binary = dyn_cast<AffineBinaryOpExpr>(expr);
  if (!binary)
    return std::nullopt;
  std::optional<int64_t> lhs = coefficientOf(binary.getLHS(), dim);
  std::optional<int64_t> rhs = coefficientOf(binary.getRHS(), dim);
  if (!lhs || !rhs)
    return std::nullopt;
  if (expr.getKind() == AffineExprKind::Add)
    return *lhs + *rhs;
  auto factor = dyn_cast<AffineConstantExpr>(binary.getRHS());
  if (expr.getKind() == AffineExprKind::Mul && factor)
    return *lhs * factor.getValue();
  return std::nullopt;
}

void edgec::mergeDims(MutableArrayRef<int64_t> extents, unsigned begin,
                      unsigned end, ArrayRef<AffineExpr *> positions,
                      function_ref<bool(unsigned, unsigned)> mayMerge) {
  auto drop = [&](unsigned dim) {
    for (AffineExpr *position : positions) {
      MLIRContext *context = position->getContext();
      *position = position->replace(getAffineDimExpr(dim, context),
                                    getAffineConstantExpr(0, context));
    }
  };
  std::optional<unsigned> previous;
  for (unsigned dim = begin; dim < end; ++dim) {
    if (extents[dim] == 1) {
      drop(dim);
      continue;
    }
    auto walksOn = [&](AffineExpr *position) {
      std::optional<int64_t> outer = coefficientOf(*position, *previous);
      std::optional<int64_t> inner = coefficientOf(*position, dim);
      return outer && inner && *outer == *inner * extents[dim];
    };
    if (previous && (!mayMerge || mayMerge(*previous, dim)) &&
        llvm::all_of(positions, walksOn)) {
      drop(*previous);
      extents[dim] *= extents[*previous];
      extents[*previous] = 1;
    }
    previous = dim;
  }
}

/// Whether `expr` is built from dimensions, which count from zero, without
/// negative constants.
static bool isNonNegative(AffineExpr expr) {
  if (auto constant = dyn_cast<AffineConstantExpr>(expr))
    return constant.getValue() >= 0;
  if (isa<AffineDimExpr>(expr))
    return true;
  auto binary = dyn_cast<AffineBinaryOpExpr>(expr);
  return binary && isNonNegative(binary.getLHS()) &&
         isNonNegative(binary.getRHS());
}

Value edgec::emitIndex(OpBuilder &builder, Location loc, AffineExpr expr,
                       ValueRange values) {
  if (auto constant = dyn_cast<AffineConstantExpr>(expr))
    return builder.create<arith::ConstantIndexOp>(loc, constant.getValue());
  if (auto dim = dyn_cast<AffineDimExpr>(expr))
    return values[dim.getPosition()];
  auto binary = cast<AffineBinaryOpExpr>(expr);
  bool isDivision = expr.getKind() != AffineExprKind::Add &&
                    expr.getKind() != AffineExprKind::Mul;
  if (isDivision && !isNonNegative(expr))
    return affine::expandAffineExpr(builder, loc, expr, values, ValueRange());
  Value lhs = emitIndex(builder, loc, binary.getLHS(), values);
  Value rhs = emitIndex(builder, loc, binary.getRHS(), values);
  // Unsigned divisions need no correction of their result.
  switch (expr.getKind()) {
  case AffineExprKind::Add:
    return builder.createOrFold<arith::AddIOp>(loc, lhs, rhs);
  case AffineExprKind::Mul:
    return builder.createOrFold<arith::MulIOp>(loc, lhs, rhs);
  case AffineExprKind::Mod:
    return builder.createOrFold<arith::RemUIOp>(loc, lhs, rhs);
  case AffineExprKind::FloorDiv:
    return builder.createOrFold<arith::DivUIOp>(loc, lhs, rhs);
  case AffineExprKind::CeilDiv:
    return builder.createOrFold<arith::CeilDivUIOp>(loc, lhs, rhs);
  default:
    llvm_unreachable("constants and dimensions are handled before");
  }
}

Value edgec::advance(OpBuilder &builder, Location loc, Value index,
                     int64_t distance) {
  if (distance == 0)
    return index;
  Value step = builder.create<arith::ConstantIndexOp>(loc, distance);
  return builder.createOrFold<arith::AddIOp>(loc, index, step);
}

Type FlatBuffer::elementType() const {
  return cast<MemRefType>(memory.getType()).getElementType();
}

FailureOr<FlatBuffer> FlatBuffer::get(OpBuilder &builder, Location loc,
                                      Value memref, AffineMap map) {
  auto type = cast<MemRefType>(memref.getType());
  SmallVector<int64_t> strides;
  int64_t offset;
  if (!type.hasStaticShape() ||
      failed(getStridesAndOffset(type, strides, offset)) ||
      llvm::any_of(strides, ShapedType::isDynamic))
    return failure();
  FlatBuffer buffer;
  buffer.position = getAffineConstantExpr(0, builder.getContext());
  int64_t reach = 1;
  for (auto [axis, expr] : llvm::enumerate(map.getResults())) {
    buffer.position = buffer.position + expr * strides[axis];
    reach += (type.getDimSize(axis) - 1) * strides[axis];
  }
  if (type.getRank() == 1 && type.getLayout().isIdentity()) {
    buffer.memory = memref;
    return buffer;
  }
  OpFoldResult start = builder.getIndexAttr(offset);
  MemRefLayoutAttrInterface layout;
  if (ShapedType::isDynamic(offset))
    start = builder.create<memref::ExtractStridedMetadataOp>(loc, memref)
                .getOffset();
  if (offset != 0)
    layout = StridedLayoutAttr::get(builder.getContext(), offset, {1});
  auto flatType = MemRefType::get({reach}, type.getElementType(), layout);
  buffer.memory = builder.create<memref::ReinterpretCastOp>(
      loc, flatType, memref, start,
      ArrayRef<OpFoldResult>{builder.getIndexAttr(reach)},
      ArrayRef<OpFoldResult>{builder.getIndexAttr(1)});
  return buffer;
}

/// A constant mask of `lanes`, the first `count` of them set.
static Value createMask(OpBuilder &builder, Location loc, int64_t lanes,
                        int64_t count) {
  SmallVector<bool> bits(lanes, false);
  std::fill_n(bits.begin(), count, true);
  auto type = VectorType::get({lanes}, builder.getI1Type());
  return builder.create<arith::ConstantOp>(loc,
                                           DenseElementsAttr::get(type, bits));
}

static Value createZero(OpBuilder &builder, Location loc, Type type) {
  return builder.create<arith::ConstantOp>(loc, builder.getZeroAttr(type));
}

Value edgec::loadLanes(OpBuilder &builder, Location loc, Value memory,
                       Value index, int64_t stride, int64_t lanes,
                       int64_t count, LaneAccess access) {
  Type element = cast<MemRefType>(memory.getType()).getElementType();
  if (lanes == 1)
    return builder.create<memref::LoadOp>(loc, memory, index);
  auto type = VectorType::get({lanes}, element);
  if (stride == 0) {
    Value scalar = builder.create<memref::LoadOp>(loc, memory, index);
    return builder.create<vector::BroadcastOp>(loc, type, scalar);
  }
  if (stride == 1 && count == lanes)
    return builder.create<vector::LoadOp>(loc, type, memory, index);
  Value result = createZero(builder, loc, type);
  if (stride == 1 && access.hasMasks)
    return builder.create<vector::MaskedLoadOp>(
        loc, type, memory, index, createMask(builder, loc, lanes, count),
        result);
  for (int64_t at = 0; at < count;) {
    Value position = advance(builder, loc, index, at * stride);
    int64_t width = stride == 1 ? llvm::bit_floor<uint64_t>(count - at) : 1;
    if (width == 1) {
      Value scalar = builder.create<memref::LoadOp>(loc, memory, position);
      result = builder.create<vector::InsertOp>(loc, scalar, result, at);
    } else {
      Value part = builder.create<vector::LoadOp>(
          loc, VectorType::get({width}, element), memory, position);
      result = builder.create<vector::InsertStridedSliceOp>(
          loc, part, result, ArrayRef<int64_t>{at}, ArrayRef<int64_t>{1});
    }
    at += width;
  }
  return result;
}

void edgec::storeLanes(OpBuilder &builder, Location loc, Value value,
                       Value memory, Value index, int64_t stride, int64_t count,
                       LaneAccess access) {
  auto type = dyn_cast<VectorType>(value.getType());
  if (!type) {
    builder.create<memref::StoreOp>(loc, value, memory, index);
    return;
  }
  int64_t lanes = type.getNumElements();
  if (stride == 1 && count == lanes) {
    builder.create<vector::StoreOp>(loc, value, memory, index);
    return;
  }
  if (stride == 1 && access.hasMasks) {
    builder.create<vector::MaskedStoreOp>(
        loc, memory, index, createMask(builder, loc, lanes, count), value);
    return;
  }
  for (int64_t at = 0; at < count;) {
    Value position = advance(builder, loc, index, at * stride);
    int64_t width = stride == 1 ? llvm::bit_floor<uint64_t>(count - at) : 1;
    if (width == 1) {
      Value scalar = builder.create<vector::ExtractOp>(loc, value, at);
      builder.create<memref::StoreOp>(loc, scalar, memory, position);
    } else {
      Value part = builder.create<vector::ExtractStridedSliceOp>(
          loc, value, ArrayRef<int64_t>{at}, ArrayRef<int64_t>{width},
          ArrayRef<int64_t>{1});
      builder.create<vector::StoreOp>(loc, part, memory, position);
    }
    at += width;
  }
}

Value edgec::allocateOnStack(OpBuilder &builder, Location loc, int64_t elements,
                             Type type) {
  OpBuilder::InsertionGuard guard(builder);
  Operation *parent = builder.getInsertionBlock()->getParentOp();
  auto function = dyn_cast<func::FuncOp>(parent);
  if (!function)
    function = parent->getParentOfType<func::FuncOp>();
  builder.setInsertionPointToStart(&function.front());
  return builder.create<memref::AllocaOp>(
      loc, MemRefType::get({elements}, type),
      builder.getI64IntegerAttr(bufferAlignment));
}
