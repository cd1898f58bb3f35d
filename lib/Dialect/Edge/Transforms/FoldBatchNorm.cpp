//===- FoldBatchNorm.cpp - Fold scales and shifts into weights -----------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "PerChannel.h"
#include "Resources.h"
#include "edgec/Dialect/Edge/Passes.h"
#include "edgec/Reference/Interpreter.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/TypeUtilities.h"
#include "llvm/ADT/SetVector.h"
#include <cmath>

using namespace mlir;

namespace edgec::edge {
#define GEN_PASS_DEF_FOLDBATCHNORMPASS
#include "edgec/Dialect/Edge/Passes.h.inc"
} // namespace edgec::edge

using namespace edgec;
using namespace edgec::edge;

namespace {

/// The operations after a contraction that are a scale and shift by channel.
struct AffineChain {
  SmallVector<Operation *> ops;
  PerChannelAffine affine;
};

AffineChain collectChain(const Contraction &contraction) {
  AffineChain chain{{}, PerChannelAffine::identity(contraction.channels)};
  Value value = contraction.result();
  while (value.hasOneUse()) {
    Operation *user = *value.user_begin();
    if (user->getBlock() != contraction.op->getBlock())
      break;
    auto step =
        matchAffine(user, value, contraction.resultAxis, contraction.channels);
    if (!step)
      break;
    chain.affine = step->after(chain.affine);
    chain.ops.push_back(user);
    value = user->getResult(0);
  }
  return chain;
}

/// A matrix product has no bias: an addition after it is there to stay.
bool isWorthFolding(const Contraction &contraction, const AffineChain &chain) {
  if (chain.ops.size() == 1 && isa<MatMulOp>(contraction.op))
    return !isa<AddOp, SubOp>(chain.ops.front());
  return !chain.ops.empty();
}

//===----------------------------------------------------------------------===//
// New weights
//===----------------------------------------------------------------------===//

/// Multiplies a filter by the scale of its output channel; nothing if a
/// product is not finite, so that a fold never breaks a layer that worked.
std::optional<Tensor> scaleFilter(const Contraction &contraction,
                                  ArrayRef<double> scale) {
  FailureOr<Tensor> filter =
      toTensor(ConstantOp(contraction.filter).getValue());
  if (failed(filter))
    return std::nullopt;
  Tensor scaled(filter->type(), filter->shape());
  int64_t inner = 1;
  for (int64_t dim = contraction.filterAxis + 1; dim < filter->rank(); ++dim)
    inner *= filter->dim(dim);
  for (int64_t i = 0, size = filter->size(); i < size; ++i) {
    int64_t channel = i / inner % contraction.channels;
    scaled.setDouble(i, filter->asDouble(i) * scale[channel]);
    if (!std::isfinite(scaled.asDouble(i)))
      return std::nullopt;
  }
  return scaled;
}

/// `values` as a tensor of one dimension, then `trailing` ones of extent 1;
/// nothing if a value is not finite in the element type.
std::optional<Tensor> channelTensor(ArrayRef<double> values, Type element,
                                    int64_t trailing = 0) {
  std::vector<int64_t> shape(1 + trailing, 1);
  shape[0] = values.size();
  Tensor tensor(*toElementType(element), shape);
  for (auto [i, value] : llvm::enumerate(values)) {
    tensor.setDouble(i, value);
    if (!std::isfinite(tensor.asDouble(i)))
      return std::nullopt;
  }
  return tensor;
}

/// The chain's shift with the convolution's own bias scaled into it.
std::optional<Tensor> foldedBias(const Contraction &contraction,
                                 PerChannelAffine affine) {
  if (auto conv = dyn_cast<ConvOp>(contraction.op); conv && conv.getBias()) {
    auto bias = constantValues(conv.getBias());
    if (!bias)
      return std::nullopt;
    for (auto [shift, scale, value] :
         llvm::zip(affine.shift, affine.scale, *bias))
      shift += scale * value;
  }
  Type element = getElementTypeOrSelf(contraction.result().getType());
  return channelTensor(affine.shift, element);
}

//===----------------------------------------------------------------------===//
// The rewrite
//===----------------------------------------------------------------------===//

/// The resource's name, so that a weight stays recognisable, or the node's.
std::string nameOf(Value constant, Operation *node) {
  if (auto op = constant.getDefiningOp<ConstantOp>())
    if (auto resource = dyn_cast<DenseResourceElementsAttr>(op.getValue()))
      return resource.getRawHandle().getKey().str();
  if (auto named = node->getLoc()->findInstanceOf<NameLoc>())
    return named.getName().str();
  return node->getName().stripDialect().str();
}

class Rewriter {
public:
  explicit Rewriter(Operation *root) : uses(root) {}

  void fold(const Contraction &contraction);
  /// Replaces a normalisation that nothing absorbed.
  void expand(BatchNormOp op);

private:
  Value createConstant(Operation *before, const Tensor &tensor, StringRef name);
  Value addShift(MatMulOp op, const Tensor &shift);
  /// Erases operations, last first, and the constants that only they used.
  void erase(ArrayRef<Operation *> ops);

  ResourceUses uses;
};

Value Rewriter::createConstant(Operation *before, const Tensor &tensor,
                               StringRef name) {
  OpBuilder builder = constantBuilder(before);
  ElementsAttr value = toAttribute(tensor, name, before->getContext());
  Location location = NameLoc::get(builder.getStringAttr(name));
  auto constant =
      builder.create<ConstantOp>(location, value.getShapedType(), value);
  uses.add(constant);
  return constant.getResult();
}

Value Rewriter::addShift(MatMulOp op, const Tensor &shift) {
  bool isZero = true;
  for (int64_t i = 0, size = shift.size(); isZero && i < size; ++i)
    isZero = shift.asDouble(i) == 0;
  if (isZero)
    return op.getResult();
  Value constant = createConstant(op, shift, nameOf(op.getRhs(), op) + ".bias");
  OpBuilder builder(op->getContext());
  builder.setInsertionPointAfter(op);
  return builder.create<AddOp>(op.getLoc(), op.getType(), op.getResult(),
                               constant);
}

void Rewriter::erase(ArrayRef<Operation *> ops) {
  for (Operation *op : llvm::reverse(ops)) {
    llvm::SetVector<Value> operands(op->operand_begin(), op->operand_end());
    uses.erase(op);
    for (Value operand : operands)
      uses.eraseIfUnused(operand);
  }
}

void Rewriter::fold(const Contraction &contraction) {
  AffineChain chain = collectChain(contraction);
  if (!isWorthFolding(contraction, chain))
    return;
  auto bias = foldedBias(contraction, chain.affine);
  if (!bias)
    return;
  auto filter = scaleFilter(contraction, chain.affine.scale);
  if (!filter)
    return;

  Operation *op = contraction.op;
  Value oldFilter = op->getOperand(1);
  std::string name = nameOf(oldFilter, op);
  op->setOperand(1, createConstant(op, *filter, name));
  uses.eraseIfUnused(oldFilter);
  Value last = chain.ops.back()->getResult(0);
  if (auto conv = dyn_cast<ConvOp>(op)) {
    Value oldBias = conv.getBias();
    Value newBias = createConstant(op, *bias, name + ".bias");
    conv.getBiasMutable().assign(newBias);
    if (oldBias)
      uses.eraseIfUnused(oldBias);
    last.replaceAllUsesWith(conv.getResult());
  } else {
    last.replaceAllUsesWith(addShift(cast<MatMulOp>(op), *bias));
  }
  erase(chain.ops);
}

void Rewriter::expand(BatchNormOp op) {
  auto affine = affineOf(op);
  if (!affine)
    return;
  auto type = cast<RankedTensorType>(op.getType());
  int64_t trailing = type.getRank() - 1 - op.getAxis();
  auto scale = channelTensor(affine->scale, type.getElementType(), trailing);
  auto shift = channelTensor(affine->shift, type.getElementType(), trailing);
  if (!scale || !shift)
    return;
  std::string name = nameOf(op.getScale(), op);
  Value scaleValue = createConstant(op, *scale, name + ".scale");
  Value shiftValue = createConstant(op, *shift, name + ".shift");
  OpBuilder builder(op);
  Value scaled =
      builder.create<MulOp>(op.getLoc(), type, op.getInput(), scaleValue);
  Value shifted = builder.create<AddOp>(op.getLoc(), type, scaled, shiftValue);
  op.replaceAllUsesWith(shifted);
  erase(op.getOperation());
}

struct FoldBatchNormPass
    : edge::impl::FoldBatchNormPassBase<FoldBatchNormPass> {
  void runOnOperation() override {
    // Chains are erased on the way, contractions are not: collect those first.
    SmallVector<Contraction> contractions;
    getOperation().walk([&](Operation *op) {
      if (auto contraction = matchContraction(op))
        contractions.push_back(*contraction);
    });
    Rewriter rewriter(getOperation());
    for (const Contraction &contraction : contractions)
      rewriter.fold(contraction);
    getOperation().walk([&](BatchNormOp op) { rewriter.expand(op); });
  }
};

} // namespace
