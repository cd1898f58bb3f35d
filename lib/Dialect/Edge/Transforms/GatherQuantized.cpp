//===- GatherQuantized.cpp - Rows of quantized tables ---------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Quantized.h"

using namespace mlir;

namespace edgec::edge {

namespace {

/// Whether `value` has an element for each row of the table that `op`
/// dequantizes.
bool isPerRow(DequantizeOp op, Value value) {
  auto type = cast<RankedTensorType>(value.getType());
  return type.getRank() == 1 && op.getAxis() == 0;
}

/// A table of integers with a scale a row.
bool hasRowScales(DequantizeOp op) {
  auto zero = cast<RankedTensorType>(op.getZeroPoint().getType());
  return op.getBlockSize() == 0 && op.getInput().getDefiningOp<ConstantOp>() &&
         isPerRow(op, op.getScale()) &&
         (zero.getRank() == 0 || isPerRow(op, op.getZeroPoint()));
}

Value reshape(PatternRewriter &rewriter, Location loc, Value value,
              RankedTensorType type) {
  if (value.getType() == type)
    return value;
  return rewriter.create<ReshapeOp>(loc, type, value);
}

/// The integer that all zero points are, as a scalar; null if there is none.
Value commonZeroPoint(PatternRewriter &rewriter, DequantizeOp op) {
  std::optional<int64_t> zero = commonInteger(op.getZeroPoint());
  if (!zero)
    return Value();
  Type element = cast<ShapedType>(op.getZeroPoint().getType()).getElementType();
  APInt bits(element.getIntOrFloatBitWidth(), *zero, /*isSigned=*/true);
  return rewriter.create<ConstantOp>(
      op.getLoc(),
      DenseElementsAttr::get(RankedTensorType::get({}, element), bits));
}

/// The dimension that numbers what is picked; none of a scalar index, and
/// nothing where there are several.
std::optional<int64_t> indexDimension(ArrayRef<int64_t> shape) {
  auto isMany = [](int64_t extent) { return extent != 1; };
  if (llvm::count_if(shape, isMany) > 1)
    return std::nullopt;
  const auto *first = llvm::find_if(shape, isMany);
  return first == shape.end() ? 0 : first - shape.begin();
}

Value gatherRows(PatternRewriter &rewriter, Location loc, Value table,
                 Value indices) {
  auto type = cast<RankedTensorType>(table.getType());
  SmallVector<int64_t> shape(
      cast<RankedTensorType>(indices.getType()).getShape());
  llvm::append_range(shape, type.getShape().drop_front());
  return rewriter.create<GatherOp>(loc, type.clone(shape), table, indices,
                                   /*axis=*/0);
}

/// gather(dequantize(table, scale)) =
/// dequantize(gather(table), gather(scale)). Scales belong to one dimension:
/// indices that have several are made a vector.
struct DequantizeGathered : OpRewritePattern<GatherOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(GatherOp op,
                                PatternRewriter &rewriter) const override {
    auto source = op.getInput().getDefiningOp<DequantizeOp>();
    if (!source || op.getAxis() != 0 || !hasRowScales(source))
      return rewriter.notifyMatchFailure(op, "no table with a scale a row");
    auto indexType = cast<RankedTensorType>(op.getIndices().getType());
    if (!indexType.hasStaticShape() || indexType.getNumElements() == 0)
      return rewriter.notifyMatchFailure(op, "no known number of indices");
    Location loc = op.getLoc();
    std::optional<int64_t> axis = indexDimension(indexType.getShape());
    // Of one index, the scale is a scalar as well.
    Value numbers = op.getIndices();
    if (indexType.getRank() != 0)
      numbers = reshape(rewriter, loc, numbers,
                        RankedTensorType::get(indexType.getNumElements(),
                                              indexType.getElementType()));
    auto pickScale = [&](Value from) {
      return gatherRows(rewriter, loc, from, numbers);
    };
    Value integers = gatherRows(rewriter, loc, source.getInput(),
                                axis ? op.getIndices() : numbers);
    Value zeroPoint = commonZeroPoint(rewriter, source);
    if (!zeroPoint)
      zeroPoint = isPerRow(source, source.getZeroPoint())
                      ? pickScale(source.getZeroPoint())
                      : source.getZeroPoint();
    auto type = cast<RankedTensorType>(op.getType());
    auto rows = cast<RankedTensorType>(integers.getType());
    Value floats = rewriter.create<DequantizeOp>(
        loc, rows.clone(type.getElementType()), integers,
        pickScale(source.getScale()), zeroPoint, axis.value_or(0),
        /*block_size=*/0);
    rewriter.replaceOp(op, reshape(rewriter, loc, floats, type));
    return success();
  }
};

} // namespace

void populateGatherQuantizedPatterns(RewritePatternSet &patterns) {
  patterns.add<DequantizeGathered>(patterns.getContext());
}

} // namespace edgec::edge
