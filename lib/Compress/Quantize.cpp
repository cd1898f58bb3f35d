//===- Quantize.cpp - Integers instead of floats --------------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "edgec/Compress/Passes.h"

#include "ConstantRewriter.h"
#include "FilterRounding.h"
#include "PerChannel.h"
#include "Quantized.h"
#include "SelectedElements.h"
#include "edgec/Compress/QuantizationScale.h"
#include "edgec/Dialect/Edge/StoredBits.h"
#include "edgec/Reference/Interpreter.h"
#include "mlir/IR/TypeUtilities.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/ADT/StringSwitch.h"
#include <cmath>

using namespace mlir;

namespace edgec::edge {
#define GEN_PASS_DEF_QUANTIZEPASS
#include "edgec/Compress/Passes.h.inc"
} // namespace edgec::edge

using namespace edgec;
using namespace edgec::edge;

namespace {

/// As many as stand in a byte at most: those of 2 bits.
constexpr int64_t weightsInByte = 4;

/// A tap with fewer input channels gets no scale of its own: in 4 bits, weights
/// and a scale would take more than the weights in 8. Filters of such taps are
/// small as well.
constexpr int64_t fewestInGroup = 8;

bool isDepthwise(Operation *op) {
  auto conv = dyn_cast<ConvOp>(op);
  return conv && conv.getGroups() > 1 &&
         cast<ShapedType>(conv.getFilter().getType()).getDimSize(1) == 1;
}

/// What is chosen for the whole model, and otherwise for single layers.
struct Choices {
  unsigned weightBits = 8;
  llvm::StringMap<unsigned> layerBits;
  /// Layers whose weights are not quantized.
  llvm::StringSet<> keepFloat;
  /// Of activations before weights; 0: they stay floats, and all weights are
  /// quantized. Those of 16 bits are multiplied as floats, too.
  unsigned activationBits = 8;
  /// Inputs of a channel that share a scale; 0: all.
  int64_t group = 0;
  bool perTensor = false;
  bool roundBySums = false;
  bool correctBias = false;
  bool keepPoints = false;

  /// Depthwise filters have 8 bits in any case: they are not packed.
  unsigned bitsOf(Operation *op) const {
    if (isDepthwise(op))
      return 8;
    auto own = layerBits.find(nodeName(op));
    return own == layerBits.end() ? std::max(weightBits, fewestWeightBits(op))
                                  : own->second;
  }
};

} // namespace

unsigned edge::fewestWeightBits(Operation *op) {
  auto conv = dyn_cast<ConvOp>(op);
  if (!conv)
    return 2;
  int64_t inputs = cast<ShapedType>(conv.getFilter().getType()).getDimSize(1);
  bool isFirst = conv.getGroups() == 1 && inputs < fewestInGroup;
  return isFirst || isDepthwise(op) ? 8 : 2;
}

namespace {

class Quantizer : public ConstantRewriter {
public:
  Quantizer(ModuleOp module, const Choices &choices)
      : ConstantRewriter(module), choices(choices) {}

  /// Everything else that reads the tensor reads what its bytes stand for.
  void quantizeActivation(ObserveOp point);
  /// `moments` are of the operation's input, or null.
  LogicalResult quantizeWeights(Operation *op, const InputMoments *moments);

private:
  /// `name` is the tensor's that the zero point belongs to.
  Value zeroPointOf(OpBuilder &builder, const std::string &name, Type element,
                    int64_t value, ArrayRef<int64_t> shape = {});
  Value dequantize(Operation *reader, const QuantizedWeights &weights,
                   const std::string &name);
  bool quantizesWeights(Operation *op) const;
  ScaleLayout layoutOf(const Contraction &contraction) const;
  void addToBias(const Contraction &contraction, ArrayRef<double> values);
  void quantizeBias(ConvOp op, float inputScale, ArrayRef<float> filterScales);

  const Choices &choices;
};

} // namespace

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
Value Quantizer::dequantize(Operation *reader, const QuantizedWeights &weights,
                            const std::string &name) {
  OpBuilder builder = constantBuilder(reader);
  Value constant = createConstant(builder, weights.integers, name);
  auto type = cast<RankedTensorType>(constant.getType());
  Type element = type.getElementType();
  unsigned bits = choices.bitsOf(reader);
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
  FailureOr<Tensor> values = toTensor(contraction->filter.getValue());
  if (failed(values))
    return op->emitError("its weights cannot be read");
  auto conv = dyn_cast<ConvOp>(op);
  SmallVector<float> leastScales;
  if (conv && input && !choices.perTensor)
    leastScales = leastFilterScales(conv, input->scale);
  FilterRows rows(*contraction);
  FilterRounding rounding;
  rounding.bits = choices.bitsOf(op);
  rounding.scales = layoutOf(*contraction);
  rounding.bySums = choices.roundBySums;
  rounding.correctBias = choices.correctBias;
  rounding.leastScales = leastScales;
  FailureOr<QuantizedWeights> weights =
      roundFilter(*values, rows, rounding, moments);
  if (failed(weights))
    return op->emitError("'")
           << nodeName(op)
           << "' has a weight that is not a finite number; keep the layer in "
              "float, with --keep-float="
           << nodeName(op);
  if (choices.correctBias && moments)
    addToBias(*contraction, meanErrors(*values, *weights, rows, *moments));
  op->setOperand(1, dequantize(op, *weights, nodeName(contraction->filter)));
  if (conv && input)
    quantizeBias(conv, input->scale, weights->scales);
  return success();
}

namespace {

struct QuantizePass : edge::impl::QuantizePassBase<QuantizePass> {
  using QuantizePassBase::QuantizePassBase;

  void runOnOperation() override {
    Choices choices;
    if (failed(readChoices(choices)) || failed(quantize(choices)))
      signalPassFailure();
  }

  LogicalResult quantize(const Choices &choices) {
    // What the moments belong to, before anything changes.
    SmallVector<Operation *> layers = weightedContractions(getOperation());
    if (!moments.empty() && moments.size() != layers.size())
      return getOperation().emitError("has ")
             << layers.size() << " layers with weights and is given "
             << moments.size() << " moments: they are those of another model";
    Quantizer quantizer(getOperation(), choices);
    SmallVector<ObserveOp> points;
    getOperation().walk([&](ObserveOp op) { points.push_back(op); });
    for (ObserveOp point : points) {
      if (choices.activationBits == 0) {
        if (!choices.keepPoints)
          point.erase();
        continue;
      }
      if (!point.getLow())
        return point.emitOpError("has no range yet: calibrate first");
      quantizer.quantizeActivation(point);
    }
    for (auto [index, op] : llvm::enumerate(layers)) {
      const InputMoments *own =
          moments.empty() ? nullptr : moments[index].get();
      // Nothing is known of a layer that no sample got to.
      if (own && own->count() == 0)
        own = nullptr;
      if (failed(quantizer.quantizeWeights(op, own)))
        return failure();
    }
    quantizer.eraseDead(getOperation());
    return success();
  }

  LogicalResult readChoices(Choices &choices) {
    choices.perTensor = perTensor;
    choices.keepPoints = keepPoints;
    choices.weightBits = weightBits;
    choices.correctBias = biasCorrection;
    choices.roundBySums = rounding == "gptq";
    choices.group = group;
    if (rounding != "nearest" && rounding != "gptq")
      return getOperation().emitError("weights cannot be rounded by '")
             << rounding.getValue()
             << "': use rounding=nearest or rounding=gptq";
    auto bits = llvm::StringSwitch<std::optional<unsigned>>(activations)
                    .Case("int8", 8)
                    .Case("int16", 16)
                    .Case("f32", 0)
                    .Default(std::nullopt);
    if (!bits)
      return getOperation().emitError("activations cannot be stored as '")
             << activations.getValue()
             << "': use activations=int8, activations=int16 or "
                "activations=f32";
    choices.activationBits = *bits;
    return failure(failed(checkBits(weightBits)) || failed(checkGroup()) ||
                   failed(readLayers(choices)));
  }

  LogicalResult readLayers(Choices &choices) {
    llvm::StringSet<> layers;
    getOperation().walk([&](Operation *op) {
      if (matchContraction(op))
        layers.insert(nodeName(op));
    });
    choices.keepFloat.insert(keepFloat.begin(), keepFloat.end());
    for (StringRef text : layerBits) {
      auto [layer, bits] = text.rsplit('=');
      unsigned number = 0;
      if (bits.getAsInteger(10, number))
        return getOperation().emitError("layer-bits=")
               << text << ": write LAYER=BITS";
      if (failed(checkBits(number)))
        return failure();
      if (!layers.contains(layer))
        return getOperation().emitError("layer-bits=")
               << text << ": no convolution or matrix product with constant "
               << "weights has that name";
      choices.layerBits[layer] = number;
    }
    return success();
  }

  LogicalResult checkGroup() {
    if (group == 0)
      return success();
    if (activations == "int8")
      return getOperation().emitError("group=")
             << group.getValue()
             << ": sums of integers have one scale a channel; use "
             << "activations=f32 with groups";
    if (perTensor)
      return getOperation().emitError("group=")
             << group.getValue()
             << ": per-tensor is one scale for all groups; leave one "
             << "of the two out";
    if (group > 0 && group % weightsInByte == 0)
      return success();
    return getOperation().emitError("group=")
           << group.getValue()
           << ": scales stand between whole bytes of weights, also of "
           << "2 bits; use a multiple of " << weightsInByte;
  }

  LogicalResult checkBits(unsigned bits) {
    if (bits == 8 || bits == 4 || bits == 2)
      return success();
    return getOperation().emitError("weights of ")
           << bits << " bits: choose 8, 4 or 2";
  }

  InputMomentsList moments;
};

} // namespace

std::unique_ptr<Pass>
edge::createQuantizePass(const QuantizePassOptions &options,
                         InputMomentsList moments) {
  auto pass = std::make_unique<QuantizePass>(options);
  pass->moments = std::move(moments);
  return pass;
}
