//===- MergeScales.cpp - Arithmetic between quantized tensors ------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ConstantRewriter.h"
#include "Quantized.h"
#include "edgec/Dialect/Edge/Passes.h"
#include "edgec/Reference/Interpreter.h"
#include "mlir/IR/TypeUtilities.h"
#include <cmath>

using namespace mlir;

namespace edgec::edge {
#define GEN_PASS_DEF_MERGESCALESPASS
#include "edgec/Dialect/Edge/Passes.h.inc"
} // namespace edgec::edge

using namespace edgec;
using namespace edgec::edge;

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

/// Operations of which f(x / t, y / t) = f(x, y) / t but for rounding, for a
/// positive t.
bool isHomogeneous(Operation *op) {
  if (auto reduce = dyn_cast<ReduceOp>(op))
    return llvm::is_contained(
        {ReduceKind::sum, ReduceKind::mean, ReduceKind::max, ReduceKind::min},
        reduce.getKind());
  if (auto resize = dyn_cast<ResizeOp>(op)) // A region extrapolates.
    return !resize.getRoi();
  return isa<AddOp, SubOp, MaximumOp, MinimumOp, NegOp, AbsOp, ReluOp,
             LeakyReluOp, AveragePoolOp, MaxPoolOp, ConcatOp, ReshapeOp,
             TransposeOp, SliceOp>(op);
}

/// Values that are one another's quotients by a quantization step, computed
/// without a division.
class ScaleMerger : public ConstantRewriter {
public:
  using ConstantRewriter::ConstantRewriter;

  void merge(QuantizeOp op);

private:
  /// Bounds of the relus and clamps right before a quantization.
  struct Bounds {
    double minimum = -infinity, maximum = infinity;
  };

  std::optional<Bounds> takeBounds(Value &value);
  bool canDivide(Value value);
  bool canDivide(MulOp op);
  Value divide(OpBuilder &builder, Value value);
  Value divide(OpBuilder &builder, MulOp op);
  std::optional<SmallVector<float>> quotients(Value constant);
  std::optional<SmallVector<float>> channelScales(DequantizeOp source,
                                                  Value factor, int64_t &axis);
  Value divideScales(OpBuilder &builder, DequantizeOp source,
                     ArrayRef<float> scales, int64_t axis);

  float step = 1;
};

/// The scales of a dequantization that may be repeated with others: of an
/// activation, and of sums only where nothing else reads them, for which they
/// would have to be stored.
std::optional<SmallVector<float>> repeatableScales(Value value) {
  auto source = value.getDefiningOp<DequantizeOp>();
  if (!source || source.getBlockSize() != 0 ||
      source.getInput().getDefiningOp<ConstantOp>())
    return std::nullopt;
  unsigned bits =
      getElementTypeOrSelf(source.getInput().getType()).getIntOrFloatBitWidth();
  if (bits > 32 || (bits == 32 && !value.hasOneUse()))
    return std::nullopt;
  return floatValues(source.getScale());
}

bool areNormal(ArrayRef<float> values) {
  return llvm::all_of(values, [](float value) { return std::isnormal(value); });
}

/// `factor`'s only element, or its elements along the only dimension of `type`
/// in which it is longer than one.
struct ChannelFactor {
  SmallVector<float> values;
  int64_t axis = 0;
};

std::optional<ChannelFactor> matchFactor(Value factor, RankedTensorType type) {
  auto values = floatValues(factor);
  if (!values || values->empty())
    return std::nullopt;
  ChannelFactor result{*values, 0};
  auto own = cast<RankedTensorType>(factor.getType());
  if (own.getRank() > type.getRank())
    return std::nullopt;
  for (int64_t dim = 0; dim < own.getRank(); ++dim) {
    if (own.getDimSize(dim) == 1)
      continue;
    if (own.getDimSize(dim) != static_cast<int64_t>(values->size()))
      return std::nullopt;
    result.axis = type.getRank() - own.getRank() + dim;
  }
  return result;
}

//===----------------------------------------------------------------------===//
// What can be divided
//===----------------------------------------------------------------------===//

/// The elements of a constant divided by the step; nothing where one of them
/// leaves the range of normal numbers.
std::optional<SmallVector<float>> ScaleMerger::quotients(Value constant) {
  auto values = floatValues(constant);
  if (!values)
    return std::nullopt;
  for (float &value : *values) {
    value /= step;
    if (value != 0 && !std::isnormal(value))
      return std::nullopt;
  }
  return values;
}

/// The scales of `source` times `factor`, over the step.
std::optional<SmallVector<float>>
ScaleMerger::channelScales(DequantizeOp source, Value factor, int64_t &axis) {
  auto scales = repeatableScales(source);
  auto type = cast<RankedTensorType>(source.getType());
  auto channels = matchFactor(factor, type);
  if (!scales || !channels)
    return std::nullopt;
  // A zero point by channel belongs to the axis as well.
  bool isPerChannel = scales->size() != 1 ||
                      cast<RankedTensorType>(source.getZeroPoint().getType())
                              .getNumElements() != 1;
  axis = isPerChannel ? source.getAxis() : channels->axis;
  if (isPerChannel && channels->values.size() != 1 && channels->axis != axis)
    return std::nullopt;
  SmallVector<float> result(std::max(scales->size(), channels->values.size()));
  for (auto [i, scale] : llvm::enumerate(result)) {
    float own = (*scales)[scales->size() == 1 ? 0 : i];
    float other = channels->values[channels->values.size() == 1 ? 0 : i];
    scale = own * other / step;
  }
  if (!areNormal(result))
    return std::nullopt;
  return result;
}

bool ScaleMerger::canDivide(MulOp op) {
  int64_t axis;
  for (auto [x, y] : {std::pair(op.getLhs(), op.getRhs()),
                      std::pair(op.getRhs(), op.getLhs())}) {
    auto source = x.getDefiningOp<DequantizeOp>();
    if ((source && source.getType() == op.getType() &&
         channelScales(source, y, axis)) ||
        quotients(y))
      return true;
  }
  return canDivide(op.getLhs()) || canDivide(op.getRhs());
}

bool ScaleMerger::canDivide(Value value) {
  if (!getElementTypeOrSelf(value.getType()).isF32())
    return false;
  if (auto scales = repeatableScales(value)) {
    for (float &scale : *scales)
      scale /= step;
    return areNormal(*scales);
  }
  if (value.getDefiningOp<ConstantOp>())
    return quotients(value).has_value();
  Operation *op = value.getDefiningOp();
  if (!op || !value.hasOneUse())
    return false;
  if (auto mul = dyn_cast<MulOp>(op))
    return canDivide(mul);
  if (auto clamp = dyn_cast<ClampOp>(op))
    return canDivide(clamp.getInput());
  // The sum of two activations is compared with other runtimes, which compute
  // it as the model says.
  if (isa<AddOp, SubOp>(op) && llvm::none_of(op->getOperands(), [](Value x) {
        return x.getDefiningOp<ConstantOp>();
      }))
    return false;
  return isHomogeneous(op) &&
         llvm::all_of(op->getOperands(),
                      [&](Value operand) { return canDivide(operand); });
}

//===----------------------------------------------------------------------===//
// Division
//===----------------------------------------------------------------------===//

Value ScaleMerger::divideScales(OpBuilder &builder, DequantizeOp source,
                                ArrayRef<float> scales, int64_t axis) {
  return builder.create<DequantizeOp>(
      source.getLoc(), source.getType(), source.getInput(),
      createScales(builder, scales, nodeName(source) + ".scale"),
      source.getZeroPoint(), axis);
}

Value ScaleMerger::divide(OpBuilder &builder, MulOp op) {
  for (auto [x, y] : {std::pair(op.getLhs(), op.getRhs()),
                      std::pair(op.getRhs(), op.getLhs())}) {
    auto source = x.getDefiningOp<DequantizeOp>();
    int64_t axis = 0;
    if (!source || source.getType() != op.getType())
      continue;
    if (auto scales = channelScales(source, y, axis))
      return divideScales(builder, source, *scales, axis);
  }
  Value x = op.getLhs(), y = op.getRhs();
  if (quotients(y) || (!quotients(x) && !canDivide(x)))
    y = divide(builder, y);
  else
    x = divide(builder, x);
  return builder.create<MulOp>(op.getLoc(), op.getType(), x, y);
}

/// `value` over the step, for a value that can be divided.
Value ScaleMerger::divide(OpBuilder &builder, Value value) {
  if (auto scales = repeatableScales(value)) {
    auto source = value.getDefiningOp<DequantizeOp>();
    for (float &scale : *scales)
      scale /= step;
    return divideScales(builder, source, *scales, source.getAxis());
  }
  Operation *op = value.getDefiningOp();
  if (isa<ConstantOp>(op)) {
    Tensor tensor(ElementType::F32,
                  cast<RankedTensorType>(value.getType()).getShape().vec());
    llvm::copy(*quotients(value), tensor.mutableData<float>());
    return createConstant(builder, tensor, nodeName(op));
  }
  if (auto mul = dyn_cast<MulOp>(op))
    return divide(builder, mul);
  SmallVector<Value> operands;
  for (Value operand : op->getOperands())
    operands.push_back(divide(builder, operand));
  Operation *copy = builder.clone(*op);
  copy->setOperands(operands);
  if (auto clamp = dyn_cast<ClampOp>(copy)) {
    auto scaled = [&](double bound) -> double {
      return static_cast<float>(bound) / step;
    };
    clamp.setMinAttr(
        builder.getF64FloatAttr(scaled(clamp.getMin().convertToDouble())));
    clamp.setMaxAttr(
        builder.getF64FloatAttr(scaled(clamp.getMax().convertToDouble())));
  }
  return copy->getResult(0);
}

//===----------------------------------------------------------------------===//
// Quantization
//===----------------------------------------------------------------------===//

/// The range of quantize's result relative to its zero point.
std::pair<double, double> quantizedRange(QuantizeOp op, int64_t zeroPoint) {
  auto type = cast<IntegerType>(getElementTypeOrSelf(op.getType()));
  unsigned bits = type.getWidth();
  double low = type.isUnsigned() ? 0 : -std::ldexp(1.0, bits - 1);
  double high = std::ldexp(1.0, type.isUnsigned() ? bits : bits - 1) - 1;
  return {low - zeroPoint, high - zeroPoint};
}

/// A bound of a clamp before quantization, in quantized steps; infinite where
/// the quantized range, `limit` on this side, binds anyway.
double scaledBound(double bound, float step, double limit, bool isLower) {
  double scaled = static_cast<float>(static_cast<float>(bound) / step);
  if (isLower)
    return scaled < limit + 0.5 ? -infinity : scaled;
  return scaled > limit - 0.5 ? infinity : scaled;
}

/// Moves `value` before the relus and clamps that end in it.
std::optional<ScaleMerger::Bounds> ScaleMerger::takeBounds(Value &value) {
  Bounds bounds;
  while (value.hasOneUse()) {
    double from = 0, to = infinity;
    if (auto clamp = value.getDefiningOp<ClampOp>()) {
      from = clamp.getMin().convertToDouble();
      to = clamp.getMax().convertToDouble();
    } else if (!value.getDefiningOp<ReluOp>()) {
      break;
    }
    if (from > to)
      return std::nullopt;
    // Those found before come after: they bound what this one yields.
    bounds.minimum = std::min(std::max(from, bounds.minimum), bounds.maximum);
    bounds.maximum = std::max(std::min(to, bounds.maximum), bounds.minimum);
    value = value.getDefiningOp()->getOperand(0);
  }
  return bounds;
}

void ScaleMerger::merge(QuantizeOp op) {
  auto steps = floatValues(op.getScale());
  auto zeroPoint = commonInteger(op.getZeroPoint());
  if (!steps || steps->size() != 1 || !zeroPoint ||
      !std::isnormal(steps->front()) || steps->front() < 0 ||
      getElementTypeOrSelf(op.getType()).getIntOrFloatBitWidth() > 16)
    return;
  step = steps->front();
  Value value = op.getInput();
  std::optional<Bounds> bounds = takeBounds(value);
  if (!bounds || value.getDefiningOp<ConstantOp>() || !canDivide(value))
    return;

  OpBuilder builder(op);
  Value scaled = divide(builder, value);
  auto [low, high] = quantizedRange(op, *zeroPoint);
  double minimum = scaledBound(bounds->minimum, step, low, /*isLower=*/true);
  double maximum = scaledBound(bounds->maximum, step, high, /*isLower=*/false);
  if (std::isfinite(minimum) || std::isfinite(maximum))
    scaled = builder.create<ClampOp>(op.getLoc(), scaled.getType(), scaled,
                                     builder.getF64FloatAttr(minimum),
                                     builder.getF64FloatAttr(maximum));
  op.getInputMutable().assign(scaled);
  op.getScaleMutable().assign(
      createScales(builder, 1.0f, nodeName(op) + ".one"));
}

struct MergeScalesPass : edge::impl::MergeScalesPassBase<MergeScalesPass> {
  void runOnOperation() override {
    ScaleMerger merger(getOperation());
    getOperation().walk([&](QuantizeOp op) { merger.merge(op); });
    merger.eraseDead(getOperation());
  }
};

} // namespace
