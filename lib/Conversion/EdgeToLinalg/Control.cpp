//===- Control.cpp - Branches and loops -----------------------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Lowering.h"

#include "edgec/Dialect/Edge/EdgeDialect.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/Matchers.h"

using namespace mlir;

namespace edgec {
namespace {

Value extractOnly(OpBuilder &builder, Location loc, Value tensor) {
  Value zero = builder.create<arith::ConstantIndexOp>(loc, 0);
  SmallVector<Value> indices(tensorType(tensor).getRank(), zero);
  return builder.create<tensor::ExtractOp>(loc, tensor, indices);
}

/// A yield within scf, whose operands may still have to lose their sign.
struct YieldLowering : OpConversionPattern<edge::YieldOp> {
  using OpConversionPattern::OpConversionPattern;

  LogicalResult
  matchAndRewrite(edge::YieldOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    if (!isa<scf::IfOp>(op->getParentOp()))
      return rewriter.notifyMatchFailure(op, "its parent is not lowered yet");
    rewriter.replaceOpWithNewOp<scf::YieldOp>(op, adaptor.getOperands());
    return success();
  }
};

struct IfLowering : OpConversionPattern<edge::IfOp> {
  using OpConversionPattern::OpConversionPattern;

  LogicalResult
  matchAndRewrite(edge::IfOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    SmallVector<Type> types;
    if (failed(getTypeConverter()->convertTypes(op.getResultTypes(), types)))
      return failure();
    Value condition =
        extractOnly(rewriter, op.getLoc(), adaptor.getCondition());
    auto ifOp = rewriter.create<scf::IfOp>(op.getLoc(), types, condition,
                                           /*addThenBlock=*/false,
                                           /*addElseBlock=*/false);
    rewriter.inlineRegionBefore(op.getThenRegion(), ifOp.getThenRegion(),
                                ifOp.getThenRegion().end());
    rewriter.inlineRegionBefore(op.getElseRegion(), ifOp.getElseRegion(),
                                ifOp.getElseRegion().end());
    rewriter.replaceOp(op, ifOp.getResults());
    return success();
  }
};

/// An scf.while over (iteration, condition, carried..., scans...).
struct LoopLowering : OpConversionPattern<edge::LoopOp> {
  using OpConversionPattern::OpConversionPattern;

  LogicalResult
  matchAndRewrite(edge::LoopOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    size_t numCarried = op.getCarried().size();
    SmallVector<Value> initial{
        scalarConstant(rewriter, loc, rewriter.getI64Type(), 0),
        extractOnly(rewriter, loc, adaptor.getCondition())};
    llvm::append_range(initial, adaptor.getCarried());
    for (Value scan : op.getResults().drop_front(numCarried))
      initial.push_back(initialScan(rewriter, op, signlessType(scan)));
    Value tripCount = tripCountAsI64(rewriter, op, adaptor.getTripCount());

    TypeRange types = ValueRange(initial).getTypes();
    auto whileOp = rewriter.create<scf::WhileOp>(
        loc, types, initial,
        [&](OpBuilder &builder, Location nested, ValueRange x) {
          Value isBelow = builder.create<arith::CmpIOp>(
              nested, arith::CmpIPredicate::slt, x[0], tripCount);
          Value goesOn = builder.create<arith::AndIOp>(nested, isBelow, x[1]);
          builder.create<scf::ConditionOp>(nested, goesOn, x);
        },
        [](OpBuilder &, Location, ValueRange) {});
    moveBody(rewriter, op, whileOp, numCarried);
    rewriter.replaceOp(op, whileOp.getResults().drop_front(2));
    return success();
  }

private:
  static bool isKnownTrue(Value condition) {
    DenseElementsAttr value;
    return matchPattern(condition, m_Constant(&value)) && value.isSplat() &&
           value.getSplatValue<bool>();
  }

  /// What slices are stored into: zeros where a condition may end the loop
  /// early.
  static Value initialScan(OpBuilder &builder, edge::LoopOp op,
                           RankedTensorType type) {
    Location loc = op.getLoc();
    Operation *yield = op.getBody().front().getTerminator();
    DenseElementsAttr tripCount;
    if (isKnownTrue(op.getCondition()) && isKnownTrue(yield->getOperand(0)) &&
        matchPattern(op.getTripCount(), m_Constant(&tripCount)) &&
        tripCount.getSplatValue<APInt>() == type.getDimSize(0))
      return builder.create<tensor::EmptyOp>(loc, type.getShape(),
                                             type.getElementType());
    return buildFill(builder, loc, type,
                     scalarConstant(builder, loc, type.getElementType(), 0));
  }

  static Value tripCountAsI64(OpBuilder &builder, edge::LoopOp op,
                              Value tensor) {
    Value count = extractOnly(builder, op.getLoc(), tensor);
    Type i64 = builder.getI64Type();
    if (count.getType() == i64)
      return count;
    if (isUnsigned(elementOf(op.getTripCount())))
      return builder.create<arith::ExtUIOp>(op.getLoc(), i64, count);
    return builder.create<arith::ExtSIOp>(op.getLoc(), i64, count);
  }

  /// Inlines the loop's block into the while's body and replaces its yield.
  void moveBody(ConversionPatternRewriter &rewriter, edge::LoopOp op,
                scf::WhileOp whileOp, size_t numCarried) const {
    OpBuilder::InsertionGuard guard(rewriter);
    Location loc = op.getLoc();
    Block *body = whileOp.getAfterBody();
    Block *source = &op.getBody().front();
    auto yield = cast<edge::YieldOp>(source->getTerminator());

    rewriter.setInsertionPointToStart(body);
    auto iterationType = RankedTensorType::get({}, rewriter.getI64Type());
    Value iteration = rewriter.create<tensor::FromElementsOp>(
        loc, iterationType, body->getArgument(0));
    SmallVector<Value> arguments{iteration};
    for (auto [i, argument] :
         llvm::enumerate(source->getArguments().drop_front()))
      arguments.push_back(castSign(rewriter, loc, body->getArgument(2 + i),
                                   argument.getType()));
    rewriter.inlineBlockBefore(source, body, body->end(), arguments);

    rewriter.setInsertionPoint(yield);
    Value one = scalarConstant(rewriter, loc, rewriter.getI64Type(), 1);
    SmallVector<Value> next{
        rewriter.create<arith::AddIOp>(loc, body->getArgument(0), one),
        extractOnly(rewriter, loc, yield.getOperand(0))};
    for (Value carried : yield.getOperands().slice(1, numCarried))
      next.push_back(castToSignless(rewriter, loc, carried));
    Value position = rewriter.create<arith::IndexCastOp>(
        loc, rewriter.getIndexType(), body->getArgument(0));
    for (auto [i, slice] :
         llvm::enumerate(yield.getOperands().drop_front(1 + numCarried)))
      next.push_back(
          insertSlice(rewriter, loc, castToSignless(rewriter, loc, slice),
                      body->getArgument(2 + numCarried + i), position));
    rewriter.replaceOpWithNewOp<scf::YieldOp>(yield, next);
  }

  static Value insertSlice(OpBuilder &builder, Location loc, Value slice,
                           Value scan, Value position) {
    int64_t rank = tensorType(scan).getRank();
    SmallVector<OpFoldResult> offsets(rank, builder.getIndexAttr(0));
    SmallVector<OpFoldResult> sizes{builder.getIndexAttr(1)};
    SmallVector<OpFoldResult> strides(rank, builder.getIndexAttr(1));
    offsets[0] = position;
    for (int64_t extent : shapeOf(slice))
      sizes.push_back(builder.getIndexAttr(extent));
    return builder.create<tensor::InsertSliceOp>(loc, slice, scan, offsets,
                                                 sizes, strides);
  }
};

} // namespace

void populateControlToLinalgPatterns(const TypeConverter &converter,
                                     RewritePatternSet &patterns) {
  patterns.add<YieldLowering, IfLowering, LoopLowering>(converter,
                                                        patterns.getContext());
}

} // namespace edgec
