//===- IntegerContractions.cpp - Contractions of quantized tensors -------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ActivationProduct.h"
#include "ConstantRewriter.h"
#include "Quantized.h"
#include "edgec/Dialect/Edge/Passes.h"
#include "edgec/Reference/Interpreter.h"
#include "mlir/IR/TypeUtilities.h"
#include "llvm/ADT/TypeSwitch.h"
#include <cmath>

using namespace mlir;

namespace edgec::edge {
#define GEN_PASS_DEF_INTEGERCONTRACTIONSPASS
#include "edgec/Dialect/Edge/Passes.h.inc"
} // namespace edgec::edge

using namespace edgec;
using namespace edgec::edge;

namespace {

/// What an integer contraction needs besides its operands.
struct IntegerTerms {
  SmallVector<float> scales; ///< Of the result, one a channel or one for all.
  Tensor bias;               ///< i32, one a channel; of size zero: none.
};

/// The sum of the absolute weights of each channel times the largest input,
/// and the bias, must fit into i32, in which they are accumulated.
bool fitsAccumulator(const QuantizedActivation &input,
                     ArrayRef<int64_t> absoluteSums, ArrayRef<int64_t> biases) {
  int64_t largest = input.isUnsigned() ? 255 : 128;
  for (auto [sum, bias] : llvm::zip(absoluteSums, biases))
    if (sum * largest + std::abs(bias) > std::numeric_limits<int32_t>::max())
      return false;
  return true;
}

/// Scales, and the bias together with what the input's zero point adds to every
/// sum; nothing where 32 bits do not hold the sums.
std::optional<IntegerTerms> computeTerms(const QuantizedActivation &input,
                                         const QuantizedFilter &filter,
                                         const Tensor *bias) {
  int64_t channels = filter.channels();
  SmallVector<int64_t> sums(channels, 0), absoluteSums(channels, 0);
  int64_t inner = 1;
  for (int64_t dim = filter.axis + 1; dim < filter.values.rank(); ++dim)
    inner *= filter.values.dim(dim);
  for (int64_t i = 0, size = filter.values.size(); i < size; ++i) {
    int64_t channel = i / inner % channels, weight = filter.values.asInt(i);
    sums[channel] += weight;
    absoluteSums[channel] += std::abs(weight);
  }
  bool isZero = true;
  for (auto [channel, sum] : llvm::enumerate(sums)) {
    sum *= -input.zeroPoint;
    if (bias)
      sum += bias->asInt(bias->size() == 1 ? 0 : channel);
    isZero &= sum == 0;
  }
  if (!fitsAccumulator(input, absoluteSums, sums))
    return std::nullopt;

  IntegerTerms terms;
  for (float scale : filter.scales)
    terms.scales.push_back(input.scale * scale);
  terms.bias = Tensor(ElementType::I32, {isZero ? 0 : channels});
  for (int64_t c = 0; c < terms.bias.size(); ++c)
    terms.bias.mutableData<int32_t>()[c] = static_cast<int32_t>(sums[c]);
  return terms;
}

class Rewriter : public ConstantRewriter {
public:
  using ConstantRewriter::ConstantRewriter;

  void rewrite(ConvOp op);
  void rewrite(MatMulOp op);
  void rewrite(AveragePoolOp op);
  void rewrite(ReduceOp op);

private:
  Value createFilter(OpBuilder &builder, const QuantizedFilter &filter);
  Value createBorder(OpBuilder &builder, ConvOp op, Value integers,
                     int64_t zeroPoint);
  Value dequantize(OpBuilder &builder, Operation *op, Value sums,
                   ArrayRef<float> scales, int64_t axis);
  void rewriteActivationProduct(MatMulOp op);
};

Value Rewriter::createFilter(OpBuilder &builder,
                             const QuantizedFilter &filter) {
  if (!filter.isShifted)
    return filter.source;
  return createConstant(builder, filter.values,
                        nodeName(filter.source.getDefiningOp()));
}

Value Rewriter::dequantize(OpBuilder &builder, Operation *op, Value sums,
                           ArrayRef<float> scales, int64_t axis) {
  Value scale = createScales(builder, scales, nodeName(op) + ".scale");
  Value zero = createConstant(builder, Tensor(ElementType::I32, {}),
                              nodeName(op) + ".zero");
  return builder.create<DequantizeOp>(op->getLoc(), op->getResult(0).getType(),
                                      sums, scale, zero, axis);
}

//===----------------------------------------------------------------------===//
// Convolutions
//===----------------------------------------------------------------------===//

/// Whether the border must hold a zero point other than zero, with which the
/// convolution itself pads.
bool needsBorder(ConvOp op, const QuantizedActivation &input) {
  return input.zeroPoint != 0 &&
         llvm::any_of(op.getPads(), [](int64_t extent) { return extent != 0; });
}

/// The input with a border of zero points, which stand for zero.
Value Rewriter::createBorder(OpBuilder &builder, ConvOp op, Value integers,
                             int64_t zeroPoint) {
  auto type = cast<RankedTensorType>(integers.getType());
  ArrayRef<int64_t> pads = op.getPads();
  size_t first = op.getLayout() == Layout::nchw ? 2 : 1;
  size_t spatial = pads.size() / 2;
  SmallVector<int64_t> low(type.getRank(), 0), high(type.getRank(), 0);
  llvm::copy(pads.take_front(spatial), low.begin() + first);
  llvm::copy(pads.drop_front(spatial), high.begin() + first);
  Tensor value(*toElementType(type.getElementType()), {});
  value.mutableBytes()[0] = static_cast<char>(zeroPoint);
  Value fill = createConstant(builder, value, nodeName(op) + ".pad");
  return builder.create<PadOp>(op.getLoc(), integers, fill, low, high);
}

void Rewriter::rewrite(ConvOp op) {
  auto input = matchActivation(op.getInput());
  auto filter = matchFilter(op.getFilter(), /*axis=*/0);
  if (!input || !filter)
    return;
  SmallVector<float> scales;
  for (int64_t c = 0; c < filter->channels(); ++c)
    scales.push_back(input->scale * filter->scale(c));
  std::optional<Tensor> bias;
  if (op.getBias())
    bias = matchBias(op.getBias(), scales);
  auto terms = computeTerms(*input, *filter, bias ? &*bias : nullptr);
  if (!terms)
    return;

  OpBuilder builder(op);
  Value integers = input->integers(builder);
  SmallVector<int64_t> pads(op.getPads());
  if (needsBorder(op, *input)) {
    integers = createBorder(builder, op, integers, input->zeroPoint);
    pads.assign(pads.size(), 0);
  }
  Value weights = createFilter(builder, *filter);
  Value biasValue;
  if (terms->bias.size() != 0)
    biasValue = createConstant(builder, terms->bias, nodeName(op) + ".bias");
  auto sums = builder.create<ConvOp>(op.getLoc(), integers, weights, biasValue,
                                     op.getStrides(), op.getDilations(), pads,
                                     op.getGroups(), op.getLayout());
  auto type = cast<RankedTensorType>(op.getType());
  int64_t axis = op.getLayout() == Layout::nchw ? 1 : type.getRank() - 1;
  Value result = dequantize(builder, op, sums, terms->scales, axis);
  if (op.getBias() && !bias) {
    SmallVector<int64_t> shape(type.getRank() - axis, 1);
    shape[0] = filter->channels();
    auto shaped = RankedTensorType::get(shape, type.getElementType());
    Value broadcast =
        builder.create<ReshapeOp>(op.getLoc(), shaped, op.getBias());
    result = builder.create<AddOp>(op.getLoc(), type, result, broadcast);
  }
  op.replaceAllUsesWith(result);
  op.erase();
}

//===----------------------------------------------------------------------===//
// Matrix products
//===----------------------------------------------------------------------===//

/// The addition of a bias by column that is the only reader of `op`.
AddOp biasAddition(MatMulOp op) {
  if (!op->hasOneUse())
    return {};
  auto add = dyn_cast<AddOp>(*op->user_begin());
  if (!add || add.getType() != op.getType() || add.getLhs() == add.getRhs())
    return {};
  return add;
}

/// Of two activations: attention's scores, and its sums of values.
void Rewriter::rewriteActivationProduct(MatMulOp op) {
  auto rankOf = [](Value value) {
    return cast<RankedTensorType>(value.getType()).getRank();
  };
  if (rankOf(op.getLhs()) < 2 || rankOf(op.getRhs()) < 2 ||
      !cast<RankedTensorType>(op.getType()).hasStaticShape())
    return;
  auto lhs = matchActivation(op.getLhs()), rhs = matchActivation(op.getRhs());
  if (!lhs || !rhs)
    return;
  float scale = lhs->scale * rhs->scale;
  if (!std::isnormal(scale))
    return;
  OpBuilder builder(op);
  Value sums = multiplyActivations(builder, op, *lhs, *rhs);
  if (!sums)
    return;
  op.replaceAllUsesWith(dequantize(builder, op, sums, scale, /*axis=*/0));
  op.erase();
}

void Rewriter::rewrite(MatMulOp op) {
  if (matchActivation(op.getRhs()))
    return rewriteActivationProduct(op);
  auto weights = cast<RankedTensorType>(op.getRhs().getType());
  auto type = cast<RankedTensorType>(op.getType());
  if (weights.getRank() != 2 || type.getRank() == 0 ||
      cast<RankedTensorType>(op.getLhs().getType()).getRank() < 2)
    return;
  auto input = matchActivation(op.getLhs());
  auto filter = matchFilter(op.getRhs(), op.getTransposeRhs() ? 0 : 1);
  if (!input || !filter)
    return;
  SmallVector<float> scales;
  for (int64_t c = 0; c < filter->channels(); ++c)
    scales.push_back(input->scale * filter->scale(c));
  std::optional<Tensor> bias;
  AddOp addition = biasAddition(op);
  if (addition) {
    Value other =
        addition.getLhs() == op ? addition.getRhs() : addition.getLhs();
    if (cast<RankedTensorType>(other.getType()).getRank() == 1)
      bias = matchBias(other, scales);
  }
  auto terms = computeTerms(*input, *filter, bias ? &*bias : nullptr);
  if (!terms)
    return;

  OpBuilder builder(op);
  Value integers = input->integers(builder);
  Value sums = builder.create<MatMulOp>(
      op.getLoc(), integers, createFilter(builder, *filter),
      op.getTransposeLhs(), op.getTransposeRhs());
  if (terms->bias.size() != 0)
    sums = builder.create<AddOp>(
        op.getLoc(), sums.getType(), sums,
        createConstant(builder, terms->bias, nodeName(op) + ".bias"));
  Operation *last = bias ? addition.getOperation() : op.getOperation();
  Value result =
      dequantize(builder, last, sums, terms->scales, type.getRank() - 1);
  last->getResult(0).replaceAllUsesWith(result);
  last->erase();
  if (last != op)
    op.erase();
}

//===----------------------------------------------------------------------===//
// Means
//===----------------------------------------------------------------------===//

/// How many elements of the input each window along spatial dimension `i`
/// divides by.
SmallVector<int64_t> windowCounts(AveragePoolOp op, int64_t i, int64_t extent,
                                  int64_t numWindows) {
  int64_t spatial = op.getKernel().size(), low = op.getPads()[i];
  int64_t first = 0, last = extent;
  if (op.getCountIncludePad()) {
    first = -low;
    last = extent + op.getPads()[spatial + i] - op.getCeilPads()[i];
  }
  SmallVector<int64_t> counts(numWindows, 0);
  for (auto [window, count] : llvm::enumerate(counts))
    for (int64_t tap = 0; tap < op.getKernel()[i]; ++tap) {
      int64_t position = static_cast<int64_t>(window) * op.getStrides()[i] -
                         low + tap * op.getDilations()[i];
      count += position >= first && position < last;
    }
  return counts;
}

/// The elements of a whole window over those that each window divides by, in
/// the pool's shape but for batch and channels.
Tensor windowFactors(AveragePoolOp op) {
  auto in = cast<RankedTensorType>(op.getInput().getType());
  auto out = cast<RankedTensorType>(op.getType());
  int64_t spatial = op.getKernel().size();
  int64_t first = op.getLayout() == Layout::nchw ? 2 : 1;
  std::vector<int64_t> shape(out.getRank(), 1);
  SmallVector<double> factors{1};
  for (int64_t i = 0; i < spatial; ++i) {
    shape[first + i] = out.getDimSize(first + i);
    SmallVector<double> product;
    for (double factor : factors)
      for (int64_t count : windowCounts(op, i, in.getDimSize(first + i),
                                        out.getDimSize(first + i)))
        product.push_back(factor * op.getKernel()[i] / count);
    factors = product;
  }
  Tensor result(ElementType::F32, shape);
  for (auto [i, factor] : llvm::enumerate(factors))
    result.mutableData<float>()[i] = static_cast<float>(factor);
  return result;
}

/// An average is a convolution of every channel with ones.
void Rewriter::rewrite(AveragePoolOp op) {
  auto type = cast<RankedTensorType>(op.getType());
  auto inputType = cast<RankedTensorType>(op.getInput().getType());
  if (!matchActivation(op.getInput()) || !type.hasStaticShape() ||
      !inputType.hasStaticShape() || type.getNumElements() == 0)
    return;
  int64_t axis = op.getLayout() == Layout::nchw ? 1 : type.getRank() - 1;
  int64_t channels = type.getDimSize(axis), taps = 1;
  std::vector<int64_t> shape{channels, 1};
  for (int64_t extent : op.getKernel()) {
    shape.push_back(extent);
    taps *= extent;
  }
  OpBuilder builder(op);
  std::string name = nodeName(op);
  Tensor ones(ElementType::I8, shape);
  std::fill_n(ones.mutableData<int8_t>(), ones.size(), 1);
  Value filter = builder.create<DequantizeOp>(
      op.getLoc(), RankedTensorType::get(shape, type.getElementType()),
      createConstant(builder, ones, name + ".ones"),
      createScales(builder, 1.0f / taps, name + ".mean"),
      createConstant(builder, Tensor(ElementType::I8, {}), name + ".zero"));
  auto conv = builder.create<ConvOp>(
      op.getLoc(), op.getInput(), filter, Value(), op.getStrides(),
      op.getDilations(), op.getPads(), channels, op.getLayout());
  Value result = conv;
  Tensor factors = windowFactors(op);
  if (llvm::any_of(ArrayRef(factors.data<float>(), factors.size()),
                   [](float factor) { return factor != 1; }))
    result = builder.create<MulOp>(
        op.getLoc(), type, result,
        createConstant(builder, factors, name + ".factors"));
  op.replaceAllUsesWith(result);
  op.erase();
  rewrite(conv);
}

/// Sums are exact in i32, in any order.
void Rewriter::rewrite(ReduceOp op) {
  auto input = matchActivation(op.getInput());
  auto type = cast<RankedTensorType>(op.getInput().getType());
  bool isMean = op.getKind() == ReduceKind::mean;
  if (!input || !(isMean || op.getKind() == ReduceKind::sum) ||
      !type.hasStaticShape() || type.getNumElements() == 0)
    return;
  int64_t count = 1;
  for (int64_t axis : op.getAxes())
    count *= type.getDimSize(axis);
  constexpr int64_t largest = 255;
  if (count > std::numeric_limits<int32_t>::max() / largest)
    return;
  OpBuilder builder(op);
  std::string name = nodeName(op);
  Type i32 = builder.getI32Type();
  Value wide = builder.create<CastOp>(op.getLoc(), type.clone(i32),
                                      input->integers(builder));
  auto resultType = cast<RankedTensorType>(op.getType());
  Value sums =
      builder.create<ReduceOp>(op.getLoc(), resultType.clone(i32), wide,
                               ReduceKind::sum, op.getAxes(), op.getKeepDims());
  Tensor zero(ElementType::I32, {});
  *zero.mutableData<int32_t>() = static_cast<int32_t>(count * input->zeroPoint);
  float scale = isMean ? input->scale / count : input->scale;
  Value result = builder.create<DequantizeOp>(
      op.getLoc(), resultType, sums,
      createScales(builder, scale, name + ".scale"),
      createConstant(builder, zero, name + ".zero"));
  op.replaceAllUsesWith(result);
  op.erase();
}

/// Why a contraction of a quantized model is computed in floats.
StringRef whyFloat(Operation *op) {
  Value weights = op->getOperand(1);
  if (!matchActivation(op->getOperand(0)))
    return "its input is not stored as integers";
  if (!matchActivation(weights) && !weights.getDefiningOp<DequantizeOp>())
    return "its right operand is not quantized";
  return "its scales, or the width of its sums, have no integer form";
}

void explainFloats(ModuleOp module) {
  bool isQuantized = false;
  SmallVector<Operation *> floats;
  module.walk([&](Operation *op) {
    isQuantized |= isa<QuantizeOp>(op);
    if (isa<ConvOp, ConvTransposeOp, MatMulOp>(op) &&
        getElementTypeOrSelf(op->getOperand(0).getType()).isF32())
      floats.push_back(op);
  });
  if (isQuantized)
    for (Operation *op : floats)
      op->emitRemark("computed in floats: ") << whyFloat(op);
}

struct IntegerContractionsPass
    : edge::impl::IntegerContractionsPassBase<IntegerContractionsPass> {
  void runOnOperation() override {
    Rewriter rewriter(getOperation());
    SmallVector<Operation *> contractions;
    getOperation().walk([&](Operation *op) {
      if (isa<ConvOp, MatMulOp, AveragePoolOp, ReduceOp>(op))
        contractions.push_back(op);
    });
    for (Operation *op : contractions)
      llvm::TypeSwitch<Operation *>(op)
          .Case<ConvOp, MatMulOp, AveragePoolOp, ReduceOp>(
              [&](auto contraction) { rewriter.rewrite(contraction); });
    explainFloats(getOperation());
    rewriter.eraseDead(getOperation());
  }
};

} // namespace
