//===- Pad.cpp - Padding --------------------------------------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Lowering.h"

#include "edgec/Dialect/Edge/EdgeDialect.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;

namespace edgec {
namespace {

/// A tensor of one element as a scalar.
Value extractScalar(OpBuilder &builder, Location loc, Value tensor) {
  Value zero = builder.create<arith::ConstantIndexOp>(loc, 0);
  SmallVector<Value> indices(tensorType(tensor).getRank(), zero);
  return builder.create<tensor::ExtractOp>(loc, tensor, indices);
}

/// The input position that a padded position copies along a dimension of
/// `extent` elements.
int64_t sourcePosition(int64_t position, int64_t extent, edge::PadMode mode) {
  if (mode == edge::PadMode::edge)
    return std::clamp<int64_t>(position, 0, extent - 1);
  if (mode == edge::PadMode::wrap)
    return ((position % extent) + extent) % extent;
  // Reflection has a period of twice the steps from one end to the other.
  int64_t steps = extent - 1;
  if (steps == 0)
    return 0;
  int64_t phase = ((position % (2 * steps)) + 2 * steps) % (2 * steps);
  return phase <= steps ? phase : 2 * steps - phase;
}

struct PadLowering : OpConversionPattern<edge::PadOp> {
  using OpConversionPattern::OpConversionPattern;

  LogicalResult
  matchAndRewrite(edge::PadOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    Value result = op.getMode() == edge::PadMode::constant
                       ? padConstant(rewriter, op, adaptor)
                       : padCopies(rewriter, op, adaptor);
    rewriter.replaceOp(op, result);
    return success();
  }

private:
  static Value padConstant(OpBuilder &builder, edge::PadOp op,
                           OpAdaptor adaptor) {
    Location loc = op.getLoc();
    Value fill = adaptor.getValue()
                     ? extractScalar(builder, loc, adaptor.getValue())
                     : scalarConstant(builder, loc,
                                      toSignless(elementOf(op.getInput())), 0);
    return pad(builder, loc, adaptor.getInput(), op.getLow(), op.getHigh(),
               fill);
  }

  /// Reads through tables of positions, one a padded dimension.
  static Value padCopies(OpBuilder &builder, edge::PadOp op,
                         OpAdaptor adaptor) {
    Location loc = op.getLoc();
    RankedTensorType type = signlessType(op.getResult());
    int64_t rank = type.getRank();
    SmallVector<Value> tables;
    SmallVector<AffineMap> maps;
    SmallVector<std::optional<size_t>> tableOfDim(rank);
    for (int64_t dim = 0; dim < rank; ++dim) {
      int64_t low = op.getLow()[dim];
      if (low == 0 && op.getHigh()[dim] == 0)
        continue;
      SmallVector<int64_t> positions;
      for (int64_t i = 0; i < type.getDimSize(dim); ++i)
        positions.push_back(
            sourcePosition(i - low, shapeOf(op.getInput())[dim], op.getMode()));
      tableOfDim[dim] = tables.size();
      tables.push_back(constantTensor(
          builder, loc, ArrayRef<int64_t>(positions), {type.getDimSize(dim)}));
      maps.push_back(AffineMap::get(rank, 0, builder.getAffineDimExpr(dim)));
    }
    auto body = [&](OpBuilder &nested, Location nestedLoc, ValueRange x) {
      SmallVector<Value> indices;
      for (int64_t dim = 0; dim < rank; ++dim)
        indices.push_back(
            tableOfDim[dim]
                ? x[*tableOfDim[dim]]
                : nested.create<linalg::IndexOp>(nestedLoc, dim).getResult());
      return nested
          .create<tensor::ExtractOp>(nestedLoc, adaptor.getInput(), indices)
          .getResult();
    };
    return buildParallel(builder, loc, type, tables, maps, body);
  }
};

} // namespace

void populatePadToLinalgPatterns(const TypeConverter &converter,
                                 RewritePatternSet &patterns) {
  patterns.add<PadLowering>(converter, patterns.getContext());
}

} // namespace edgec
