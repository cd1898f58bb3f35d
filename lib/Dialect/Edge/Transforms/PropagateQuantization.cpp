//===- PropagateQuantization.cpp - Moves of quantized tensors ------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Quantized.h"
#include "edgec/Dialect/Edge/NodeName.h"
#include "edgec/Dialect/Edge/Passes.h"
#include "edgec/Reference/Interpreter.h"
#include "mlir/IR/TypeUtilities.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"
#include <cmath>

using namespace mlir;

namespace edgec::edge {
#define GEN_PASS_DEF_PROPAGATEQUANTIZATIONPASS
#include "edgec/Dialect/Edge/Passes.h.inc"
} // namespace edgec::edge

using namespace edgec;
using namespace edgec::edge;

namespace {

/// One scale and zero point for a whole tensor.
struct Parameters {
  float scale = 1;
  int64_t zeroPoint = 0;
  Type element; ///< Of the quantized tensor.

  bool operator==(const Parameters &other) const {
    return scale == other.scale && zeroPoint == other.zeroPoint &&
           element == other.element;
  }
  bool operator!=(const Parameters &other) const { return !(*this == other); }
};

/// Nothing for tensors of more than 16 bits, which are sums, and for scales
/// with which (x * scale) / scale might not round to x.
template <typename Op> std::optional<Parameters> parametersOf(Op op) {
  Value quantized, real;
  if constexpr (std::is_same_v<Op, QuantizeOp>)
    quantized = op.getResult(), real = op.getInput();
  else
    quantized = op.getInput(), real = op.getResult();
  if constexpr (std::is_same_v<Op, DequantizeOp>)
    if (op.getBlockSize() != 0)
      return std::nullopt;
  Type element = getElementTypeOrSelf(quantized.getType());
  auto scale = floatValues(op.getScale());
  auto zeroPoint = commonInteger(op.getZeroPoint());
  if (!getElementTypeOrSelf(real.getType()).isF32() ||
      element.getIntOrFloatBitWidth() > 16 || !scale || scale->size() != 1 ||
      !zeroPoint || !(scale->front() > 0) || !std::isnormal(scale->front()) ||
      !std::isfinite(scale->front() * 65536.0f))
    return std::nullopt;
  return Parameters{scale->front(), *zeroPoint, element};
}

std::optional<Parameters> dequantizedBy(Value value) {
  auto op = value.getDefiningOp<DequantizeOp>();
  return op ? parametersOf(op) : std::nullopt;
}

/// `op` on other operands, whose element type its result gets.
Value cloneOn(PatternRewriter &rewriter, Operation *op, ValueRange operands) {
  Operation *copy = rewriter.clone(*op);
  copy->setOperands(operands);
  auto type = cast<RankedTensorType>(op->getResult(0).getType());
  copy->getResult(0).setType(
      type.clone(getElementTypeOrSelf(operands[0].getType())));
  return copy->getResult(0);
}

/// The fill of a constant pad as an integer; nothing where none stands for it
/// exactly.
std::optional<int64_t> quantizedFill(PadOp op, const Parameters &parameters) {
  if (op.getMode() != PadMode::constant)
    return 0;
  auto fill =
      op.getValue() ? floatValues(op.getValue()) : SmallVector<float>{0.0f};
  if (!fill || fill->size() != 1)
    return std::nullopt;
  double steps = std::nearbyint(fill->front() / parameters.scale);
  if (!(std::abs(steps) <= 65535) ||
      static_cast<float>(steps) * parameters.scale != fill->front())
    return std::nullopt;
  auto type = cast<IntegerType>(parameters.element);
  double low = type.isUnsigned() ? 0 : -std::ldexp(1.0, type.getWidth() - 1);
  double high = low + std::ldexp(1.0, type.getWidth()) - 1;
  double integer = steps + parameters.zeroPoint;
  if (integer < low || integer > high)
    return std::nullopt;
  return static_cast<int64_t>(integer);
}

/// The operands of a selection on integers instead of `values`, which are
/// its tensors of elements; the others stay.
FailureOr<SmallVector<Value>> integerOperands(PatternRewriter &rewriter,
                                              Operation *op,
                                              ArrayRef<Value> values,
                                              const Parameters &parameters) {
  SmallVector<Value> operands(values);
  if (auto gather = dyn_cast<GatherOp>(op))
    operands.push_back(gather.getIndices());
  auto pad = dyn_cast<PadOp>(op);
  if (!pad || pad.getMode() != PadMode::constant)
    return operands;
  std::optional<int64_t> fill = quantizedFill(pad, parameters);
  if (!fill)
    return failure();
  auto type = RankedTensorType::get({}, parameters.element);
  auto value = DenseElementsAttr::get(
      type, APInt(parameters.element.getIntOrFloatBitWidth(), *fill,
                  /*isSigned=*/true));
  operands.push_back(rewriter.create<ConstantOp>(op->getLoc(), value));
  return operands;
}

/// The quantization that is the only reader of `value`, if it has one scale.
std::optional<Parameters> quantizedOnlyBy(Value value) {
  if (!value.hasOneUse())
    return std::nullopt;
  auto reader = dyn_cast<QuantizeOp>(*value.user_begin());
  return reader ? parametersOf(reader) : std::nullopt;
}

/// move(dequantize(x)) = dequantize(move(x)).
struct SinkDequantize : RewritePattern {
  explicit SinkDequantize(MLIRContext *context)
      : RewritePattern(MatchAnyOpTypeTag(), /*benefit=*/1, context) {}

  LogicalResult matchAndRewrite(Operation *op,
                                PatternRewriter &rewriter) const override {
    if (!selectsFromOperands(op))
      return failure();
    SmallVector<Value> integers;
    ValueRange values = selectedOperands(op);
    std::optional<Parameters> parameters = dequantizedBy(values.front());
    if (!parameters)
      return rewriter.notifyMatchFailure(op, "its input is not dequantized");
    for (Value value : values) {
      if (dequantizedBy(value) != parameters)
        return rewriter.notifyMatchFailure(op, "its inputs' scales differ");
      integers.push_back(value.getDefiningOp<DequantizeOp>().getInput());
    }
    // Joined tensors are better rescaled where they are computed.
    if (auto reader = quantizedOnlyBy(op->getResult(0));
        isa<ConcatOp>(op) && reader && reader != parameters)
      return rewriter.notifyMatchFailure(op, "its inputs will be rescaled");
    auto operands = integerOperands(rewriter, op, integers, *parameters);
    if (failed(operands))
      return rewriter.notifyMatchFailure(op, "no integer stands for its fill");
    auto source = values.front().getDefiningOp<DequantizeOp>();
    rewriter.replaceOpWithNewOp<DequantizeOp>(
        op, op->getResult(0).getType(), cloneOn(rewriter, op, *operands),
        source.getScale(), source.getZeroPoint());
    return success();
  }
};

/// quantize(move(x)) = move(quantize(x)), so that x is quantized where it is
/// computed.
struct HoistQuantize : OpRewritePattern<QuantizeOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(QuantizeOp op,
                                PatternRewriter &rewriter) const override {
    std::optional<Parameters> parameters = parametersOf(op);
    Operation *move = op.getInput().getDefiningOp();
    if (!parameters || !move || !move->hasOneUse())
      return rewriter.notifyMatchFailure(op, "nothing to move it before");
    // These may read fewer elements than their input has.
    if (!selectsFromOperands(move) ||
        isa<SliceOp, GatherOp, ReduceOp, ResizeOp>(move))
      return rewriter.notifyMatchFailure(op, "it would compute more");
    SmallVector<Value> integers;
    for (Value value : selectedOperands(move)) {
      auto type = cast<RankedTensorType>(value.getType());
      integers.push_back(rewriter.create<QuantizeOp>(
          op.getLoc(), type.clone(parameters->element), value, op.getScale(),
          op.getZeroPoint()));
    }
    auto operands = integerOperands(rewriter, move, integers, *parameters);
    if (failed(operands)) {
      for (Value integer : integers)
        rewriter.eraseOp(integer.getDefiningOp());
      return rewriter.notifyMatchFailure(op, "no integer stands for its fill");
    }
    rewriter.replaceOp(op, cloneOn(rewriter, move, *operands));
    return success();
  }
};

/// quantize(relu(x)) = quantize(x) where the quantized range begins at zero.
struct DropRelu : OpRewritePattern<QuantizeOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(QuantizeOp op,
                                PatternRewriter &rewriter) const override {
    std::optional<Parameters> parameters = parametersOf(op);
    auto relu = op.getInput().getDefiningOp<ReluOp>();
    if (!parameters || !relu)
      return rewriter.notifyMatchFailure(op, "it does not follow a relu");
    auto type = cast<IntegerType>(parameters->element);
    int64_t lowest =
        type.isUnsigned() ? 0 : -(int64_t(1) << (type.getWidth() - 1));
    if (parameters->zeroPoint != lowest)
      return rewriter.notifyMatchFailure(op, "its range holds negative values");
    rewriter.modifyOpInPlace(
        op, [&] { op.getInputMutable().assign(relu.getInput()); });
    return success();
  }
};

/// quantize(dequantize(x)) = x with the same scale and zero point.
struct CancelQuantize : OpRewritePattern<QuantizeOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(QuantizeOp op,
                                PatternRewriter &rewriter) const override {
    std::optional<Parameters> parameters = parametersOf(op);
    if (!parameters || dequantizedBy(op.getInput()) != parameters)
      return rewriter.notifyMatchFailure(op, "it changes the scale");
    rewriter.replaceOp(op,
                       op.getInput().getDefiningOp<DequantizeOp>().getInput());
    return success();
  }
};

/// The only element of a scale or zero point as a scalar, if it is known.
Value asScalar(OpBuilder &builder, Value value) {
  auto constant = value.getDefiningOp<ConstantOp>();
  auto type = cast<RankedTensorType>(value.getType());
  if (!constant || type.getRank() == 0 || type.getNumElements() != 1)
    return value;
  FailureOr<Tensor> tensor = toTensor(constant.getValue());
  if (failed(tensor))
    return value;
  return builder.create<ConstantOp>(
      value.getLoc(), toAttribute(tensor->reshaped({}), nodeName(constant),
                                  builder.getContext()));
}

/// Scales of one element belong to the whole tensor, not to an axis of extent
/// 1 that may become another one.
template <typename Op> void useScalars(Op op) {
  if constexpr (std::is_same_v<Op, DequantizeOp>)
    if (op.getBlockSize() != 0)
      return;
  OpBuilder builder(op);
  op.getScaleMutable().assign(asScalar(builder, op.getScale()));
  op.getZeroPointMutable().assign(asScalar(builder, op.getZeroPoint()));
}

struct PropagateQuantizationPass
    : edge::impl::PropagateQuantizationPassBase<PropagateQuantizationPass> {
  LogicalResult initialize(MLIRContext *context) override {
    RewritePatternSet set(context);
    set.add<SinkDequantize, HoistQuantize, DropRelu, CancelQuantize>(context);
    populateGatherQuantizedPatterns(set);
    patterns = std::move(set);
    return success();
  }

  void runOnOperation() override {
    getOperation()->walk([](QuantizeOp op) { useScalars(op); });
    getOperation()->walk([](DequantizeOp op) { useScalars(op); });
    GreedyRewriteConfig config;
    config.useTopDownTraversal = true;
    if (failed(applyPatternsAndFoldGreedily(getOperation(), patterns, config)))
      signalPassFailure();
  }

  FrozenRewritePatternSet patterns;
};

} // namespace
