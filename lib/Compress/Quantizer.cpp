//===- Quantizer.cpp - Integers instead of a module's floats --------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Quantizer.h"

#include "Quantized.h"
#include "edgec/Compress/Passes.h"
#include "edgec/Dialect/Edge/Depthwise.h"
#include "edgec/Dialect/Edge/StoredBits.h"
#include "edgec/Reference/Interpreter.h"
#include "mlir/IR/TypeUtilities.h"
#include "llvm/Support/FormatVariadic.h"
#include <cmath>

using namespace mlir;
using namespace edgec;
using namespace edgec::edge;

/// A tap with fewer input channels gets no scale of its own: in 4 bits, weights
/// and a scale would take more than the weights in 8. Filters of such taps are
/// small as well.
static constexpr int64_t fewestInGroup = 8;
/// Patches of an image that a transformer takes are larger windows than any
/// first layer of a convolutional network has (7x7x3), and their filters as
/// large as those of other products.
static constexpr int64_t mostInFirst = 256;

unsigned edge::fewestWeightBits(Operation *op) {
  if (ConstantOp table = embeddingTable(op))
    return fewestRowBits(EmbeddingTable{table, {}}.elements());
  auto conv = dyn_cast<ConvOp>(op);
  if (!conv)
    return 2;
  auto filter = cast<ShapedType>(conv.getFilter().getType());
  int64_t perChannel =
      ShapedType::getNumElements(filter.getShape().drop_front());
  bool isFirst = conv.getGroups() == 1 &&
                 filter.getDimSize(1) < fewestInGroup &&
                 perChannel < mostInFirst;
  return isFirst || isDepthwise(op) ? 8 : 2;
}

unsigned QuantizationChoices::bitsOf(Operation *op) const {
  if (isDepthwise(op))
    return 8;
  auto own = layerBits.find(nodeName(op));
  return own == layerBits.end() ? std::max(weightBits, fewestWeightBits(op))
                                : own->second;
}

Value Quantizer::zeroPointOf(OpBuilder &builder, const std::string &name,
                             Type element, int64_t value,
                             ArrayRef<int64_t> shape) {
  auto type = RankedTensorType::get(shape, element);
  APInt bits(element.getIntOrFloatBitWidth(), value, /*isSigned=*/true);
  return builder.create<ConstantOp>(
      NameLoc::get(builder.getStringAttr(name + "_zero_point")),
      DenseElementsAttr::get(type, bits));
}

/// Whether products of activations read `value` as their right operand, and
/// nothing else reads it.
static bool isRightOperand(Value value) {
  bool isRead = false;
  for (OpOperand &use : value.getUses()) {
    Operation *user = use.getOwner();
    if (isa<ObserveOp>(user))
      continue;
    isRead = true;
    bool isRight = isa<MatMulOp>(user) && use.getOperandNumber() == 1;
    bool isMoved = selectsElements(user) && use.getOperandNumber() == 0 &&
                   isRightOperand(user->getResult(0));
    if (!isRight && !isMoved)
      return false;
  }
  return isRead;
}

/// The range to represent. That of a right operand has zero in its middle: no
/// product then needs the sums of the left one's rows, and attention's can be
/// computed as one layer.
static ActivationScale scaleOf(ObserveOp point, unsigned bits) {
  float low = point.getLow()->convertToFloat();
  float high = point.getHigh()->convertToFloat();
  if (bits != 8 || !isRightOperand(point.getInput()))
    return chooseActivationScale(low, high, bits);
  float largest = std::max(std::abs(low), std::abs(high));
  return chooseActivationScale(-largest * 128 / 127, largest);
}

void Quantizer::quantizeActivation(ObserveOp point) {
  ActivationScale chosen = scaleOf(point, choices.activationBits);
  OpBuilder builder(point);
  Value input = point.getInput();
  Location loc = input.getLoc();
  Type element =
      builder.getIntegerType(choices.activationBits, /*isSigned=*/false);
  auto type = cast<RankedTensorType>(input.getType());
  OpBuilder constants = constantBuilder(point);
  std::string name = nodeName(point);
  Value scale = createScales(constants, chosen.scale, name + "_scale");
  Value zeroPoint = zeroPointOf(constants, name, element, chosen.zeroPoint);
  auto quantize = builder.create<QuantizeOp>(loc, type.clone(element), input,
                                             scale, zeroPoint);
  auto dequantize =
      builder.create<DequantizeOp>(loc, type, quantize, scale, zeroPoint);
  input.replaceAllUsesExcept(dequantize, quantize);
  if (!choices.keepPoints)
    return point.erase();
  point->moveAfter(dequantize);
}

/// The constant that `reader` reads instead of the one called `name`.
DequantizeOp Quantizer::dequantize(Operation *reader,
                                   const QuantizedWeights &weights,
                                   const std::string &name, unsigned bits) {
  OpBuilder builder = constantBuilder(reader);
  Value constant = createConstant(builder, weights.integers, name);
  auto type = cast<RankedTensorType>(constant.getType());
  Type element = type.getElementType();
  if (element.isInteger(8) && bits < 8)
    constant.getDefiningOp()->setAttr(bitsAttr,
                                      builder.getI64IntegerAttr(bits));
  // One scale is a scalar.
  SmallVector<int64_t> shape;
  if (weights.scales.size() != 1)
    shape.assign(weights.layout.shape().begin(), weights.layout.shape().end());
  Tensor scales(ElementType::F32, {shape.begin(), shape.end()});
  llvm::copy(weights.scales, scales.mutableData<float>());
  Value scale = createConstant(builder, scales, name + "_scale");
  Value zero = zeroPointOf(builder, name, element, 0, shape);
  builder.setInsertionPoint(reader);
  bool isScalar = shape.empty();
  return builder.create<DequantizeOp>(
      reader->getLoc(), type.clone(builder.getF32Type()), constant, scale, zero,
      isScalar ? 0 : weights.layout.axis(),
      isScalar ? 0 : weights.layout.blockSize());
}

/// Groups are along the last dimension that kernels contract: inputs of a
/// product, input channels of each tap of a convolution, all of them where a
/// tap has fewer.
ScaleLayout Quantizer::layoutOf(const Contraction &contraction) const {
  if (choices.perTensor)
    return {};
  ConstantOp filter = contraction.filter;
  auto type = cast<RankedTensorType>(filter.getType());
  ArrayRef<int64_t> shape = type.getShape();
  int64_t inputAxis = 1 - contraction.filterAxis;
  int64_t taps = type.getNumElements() /
                 std::max<int64_t>(contraction.channels * shape[inputAxis], 1);
  int64_t inputs = shape[inputAxis];
  // A group that has all inputs of a channel is the channel.
  if (choices.group == 0 || (taps == 1 && inputs <= choices.group))
    return ScaleLayout::perChannel(shape, contraction.filterAxis);
  if (inputs >= std::min(choices.group, fewestInGroup))
    return ScaleLayout::blocked(shape, inputAxis, choices.group);
  emitRemark(contraction.op->getLoc())
      << "'" << nodeName(contraction.op)
      << "' has a scale for each output channel: its taps have " << inputs
      << " input channels, too few for a group";
  return ScaleLayout::perChannel(shape, contraction.filterAxis);
}

/// The magnitude below which biases stay, in steps of the products: far from
/// the ends of i32, where the sums have to fit as well.
static constexpr double largestBias = 1 << 30;

/// The scales that the filters of a convolution need at least, so that its bias
/// fits. Filters of next to no weights would else leave the whole bias in
/// float; what they lose is far below the bias's own rounding in f32.
static SmallVector<float> leastFilterScales(ConvOp op, float inputScale) {
  auto constant =
      op.getBias() ? op.getBias().getDefiningOp<ConstantOp>() : ConstantOp();
  std::optional<SmallVector<double>> values;
  if (constant)
    values = constantValues(constant);
  SmallVector<float> scales;
  for (double value : values.value_or(SmallVector<double>())) {
    auto scale =
        static_cast<float>(std::abs(value) / (inputScale * (largestBias / 2)));
    scales.push_back(std::isnormal(scale) ? scale : 0);
  }
  return scales;
}

/// Sums start from an i32 bias in steps of the products. One that i32 does not
/// hold stays float.
void Quantizer::quantizeBias(ConvOp op, float inputScale,
                             ArrayRef<float> filterScales) {
  auto constant =
      op.getBias() ? op.getBias().getDefiningOp<ConstantOp>() : ConstantOp();
  if (!constant)
    return;
  std::optional<SmallVector<double>> values = constantValues(constant);
  if (!values)
    return;
  auto channels = static_cast<int64_t>(values->size());
  QuantizedWeights bias{Tensor(ElementType::I32, {channels}), {}, {}};
  if (filterScales.size() != 1)
    bias.layout = ScaleLayout::perChannel(channels, /*axis=*/0);
  for (float scale : filterScales)
    bias.scales.push_back(inputScale * scale);
  for (auto [channel, value] : llvm::enumerate(*values)) {
    double scale = bias.scaleOf(channel);
    double rounded = std::nearbyint(value / scale);
    if (!(std::abs(rounded) < largestBias))
      return;
    bias.integers.mutableData<int32_t>()[channel] =
        static_cast<int32_t>(rounded);
  }
  op.getBiasMutable().assign(dequantize(op, bias, nodeName(constant)));
}

/// The tensor whose elements `value` has: its scale is theirs.
static Value selectedFrom(Value value) {
  while (Operation *definition = value.getDefiningOp()) {
    if (!selectsElements(definition))
      break;
    value = definition->getOperand(0);
  }
  return value;
}

/// A bias that is a constant, or that of the sum which alone reads a product.
static OpOperand *biasOperand(const Contraction &contraction) {
  if (auto conv = dyn_cast<ConvOp>(contraction.op))
    return conv.getBias() ? &conv.getBiasMutable()[0] : nullptr;
  Value result = contraction.result();
  if (!result.hasOneUse())
    return nullptr;
  OpOperand &use = *result.use_begin();
  if (!isa<AddOp>(use.getOwner()) ||
      use.getOwner()->getResult(0).getType() != result.getType())
    return nullptr;
  OpOperand &other = use.getOwner()->getOpOperand(1 - use.getOperandNumber());
  auto type = cast<RankedTensorType>(other.get().getType());
  bool isRow = type.getNumElements() == contraction.channels &&
               type.getShape().back() == contraction.channels;
  return isRow && constantValues(other.get()) ? &other : nullptr;
}

void Quantizer::addToBias(const Contraction &contraction,
                          ArrayRef<double> values) {
  Tensor bias(ElementType::F32, {contraction.channels});
  OpOperand *operand = biasOperand(contraction);
  std::optional<SmallVector<double>> old;
  if (operand)
    old = constantValues(operand->get());
  for (auto [channel, value] : llvm::enumerate(values))
    bias.mutableData<float>()[channel] =
        static_cast<float>(value + (old ? (*old)[channel] : 0));
  OpBuilder builder(contraction.op);
  std::string name = old ? nodeName(operand->get().getDefiningOp())
                         : nodeName(contraction.filter) + ".bias";
  Value constant = createConstant(builder, bias, name);
  if (operand && isa<AddOp>(operand->getOwner())) {
    operand->set(constant);
    return;
  }
  if (auto conv = dyn_cast<ConvOp>(contraction.op)) {
    conv.getBiasMutable().assign(constant);
    return;
  }
  builder.setInsertionPointAfter(contraction.op);
  Value result = contraction.result();
  auto sum = builder.create<AddOp>(contraction.op->getLoc(), result.getType(),
                                   result, constant);
  result.replaceAllUsesExcept(sum, sum);
}

/// Whether the weights of `op` become integers. Depthwise filters that would be
/// multiplied with floats stay: no kernel takes them so, and they are small.
bool Quantizer::quantizesWeights(Operation *op) const {
  Value input = selectedFrom(op->getOperand(0));
  if (choices.activationBits == 8)
    return matchActivation(input).has_value();
  bool meets = choices.activationBits == 0 ||
               isa_and_nonnull<DequantizeOp>(input.getDefiningOp());
  return meets && !isDepthwise(op) && !choices.keepFloat.contains(nodeName(op));
}

/// Names a layer whose weights have more bits than was asked for all.
void Quantizer::remarkWidth(Operation *op, unsigned bits) const {
  if (bits <= choices.weightBits || choices.layerBits.contains(nodeName(op)))
    return;
  op->emitRemark("its weights keep ")
      << bits << " bits: "
      << (isDepthwise(op) ? "a depthwise filter is small, and loses most"
                          : "a filter of few inputs is small, and loses most");
}

/// Rounds to the bits that are chosen for the layer; to 8 where fewer would
/// leave too little of its sums, unless they are its own choice.
FailureOr<QuantizedWeights>
Quantizer::roundWeights(const Contraction &contraction,
                        const InputMoments *moments,
                        FilterRounding &rounding) const {
  ConstantOp filter = contraction.filter;
  FailureOr<Tensor> values = toTensor(filter.getValue());
  if (failed(values))
    return contraction.op->emitError("its weights cannot be read");
  FilterRows rows(contraction);
  FailureOr<QuantizedWeights> weights =
      roundFilter(*values, rows, rounding, moments);
  std::string name = nodeName(contraction.op);
  if (failed(weights))
    return contraction.op->emitError("'")
           << name
           << "' has a weight that is not a finite number; keep the layer in "
              "float, with --keep-float="
           << name;
  if (choices.leastSqnr == 0 || !moments || rounding.bits == 8 ||
      choices.layerBits.contains(name))
    return weights;
  double sqnr = signalToRoundingNoise(*values, *weights, rows, *moments,
                                      rounding.correctBias);
  if (sqnr >= choices.leastSqnr)
    return weights;
  contraction.op->emitRemark("its weights keep 8 bits: ")
      << rounding.bits << " would leave its sums "
      << llvm::formatv("{0:F1}", sqnr).str() << " dB above their error";
  rounding.bits = 8;
  return roundFilter(*values, rows, rounding, moments);
}

LogicalResult Quantizer::quantizeWeights(Operation *op,
                                         const InputMoments *moments) {
  std::optional<Contraction> contraction = matchContraction(op);
  if (!contraction ||
      !getElementTypeOrSelf(contraction->filter.getType()).isF32())
    return success();
  if (!quantizesWeights(op))
    return success();
  std::optional<QuantizedActivation> input =
      matchActivation(selectedFrom(op->getOperand(0)));
  auto conv = dyn_cast<ConvOp>(op);
  SmallVector<float> leastScales;
  if (conv && input && !choices.perTensor)
    leastScales = leastFilterScales(conv, input->scale);
  FilterRounding rounding;
  rounding.bits = choices.bitsOf(op);
  remarkWidth(op, rounding.bits);
  rounding.scales = layoutOf(*contraction);
  rounding.bySums = choices.roundBySums;
  rounding.correctBias = choices.correctBias;
  rounding.leastScales = leastScales;
  FailureOr<QuantizedWeights> weights =
      roundWeights(*contraction, moments, rounding);
  if (failed(weights))
    return failure();
  if (choices.correctBias && moments) {
    FailureOr<Tensor> values = toTensor(contraction->filter.getValue());
    addToBias(*contraction, meanErrors(*values, *weights,
                                       FilterRows(*contraction), *moments));
  }
  DequantizeOp floats =
      dequantize(op, *weights, nodeName(contraction->filter), rounding.bits);
  op->setOperand(1, floats);
  if (floats.getAxis() == 0 && floats.getBlockSize() == 0)
    scaledRows.try_emplace(contraction->filter, floats);
  if (conv && input)
    quantizeBias(conv, input->scale, weights->scales);
  return success();
}
