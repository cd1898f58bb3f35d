//===- StoreWeights.cpp - Weights in 16 bits ------------------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "edgec/Compress/Passes.h"

#include "ConstantRewriter.h"
#include "edgec/Dialect/Edge/Depthwise.h"
#include "edgec/Reference/Interpreter.h"
#include "mlir/IR/TypeUtilities.h"
#include <cmath>

using namespace mlir;

namespace edgec::edge {
#define GEN_PASS_DEF_STOREWEIGHTSPASS
#include "edgec/Compress/Passes.h.inc"
} // namespace edgec::edge

using namespace edgec;
using namespace edgec::edge;

namespace {

/// The constant of f32 that `value` is, if it has elements to speak of.
ConstantOp storedWeights(Value value) {
  auto constant = value.getDefiningOp<ConstantOp>();
  if (!constant || !getElementTypeOrSelf(constant.getType()).isF32())
    return {};
  if (auto dense = dyn_cast<DenseElementsAttr>(constant.getValue());
      dense && dense.isSplat())
    return {};
  return constant;
}

/// The operand with the weights; null where there is none that a kernel reads
/// as they are stored.
OpOperand *weightsOperand(Operation *op) {
  auto at = [&](unsigned index) -> OpOperand * {
    OpOperand &operand = op->getOpOperand(index);
    return storedWeights(operand.get()) ? &operand : nullptr;
  };
  if (auto conv = dyn_cast<ConvOp>(op))
    return isDepthwise(conv) ? nullptr : at(1);
  if (auto product = dyn_cast<MatMulOp>(op)) {
    if (OpOperand *right = at(1))
      return right;
    // The kernel for a vector takes the matrix as its right operand.
    auto vector = cast<RankedTensorType>(product.getRhs().getType());
    int64_t rank = vector.getRank();
    bool isVector =
        rank == 1 ||
        vector.getDimSize(rank - (product.getTransposeRhs() ? 2 : 1)) == 1;
    return isVector ? at(0) : nullptr;
  }
  return nullptr;
}

/// How often a run multiplies with each weight.
int64_t usesOfWeight(Operation *op, const OpOperand &weights) {
  auto type = cast<RankedTensorType>(weights.get().getType());
  return cast<CostOpInterface>(op).getMacs() /
         std::max<int64_t>(type.getNumElements(), 1);
}

class WeightRewriter : public ConstantRewriter {
public:
  WeightRewriter(Operation *root, ElementType type)
      : ConstantRewriter(root), type(type) {}

  /// The operation reads its weights through a cast.
  LogicalResult narrowOperand(OpOperand &operand);
  /// The gathered elements are cast.
  LogicalResult narrowTable(GatherOp op);

private:
  /// The constant in 16 bits, null after an error; one for all of its users.
  Value narrow(ConstantOp constant, Operation *user);
  FailureOr<Tensor> round(ConstantOp constant, Operation *user) const;

  ElementType type;
  DenseMap<Operation *, Value> narrowed;
  DenseMap<Value, Value> widened;
};

template <typename Element, typename Convert>
int64_t roundElements(const Tensor &from, Tensor &to, Convert convert) {
  const float *source = from.data<float>();
  Element *target = to.mutableData<Element>();
  for (int64_t i = 0, size = from.size(); i < size; ++i) {
    target[i] = convert(source[i]);
    if (std::isfinite(source[i]) && !std::isfinite(toFloat(target[i])))
      return i;
  }
  return from.size();
}

FailureOr<Tensor> WeightRewriter::round(ConstantOp constant,
                                        Operation *user) const {
  FailureOr<Tensor> from = toTensor(constant.getValue());
  if (failed(from))
    return user->emitError("its weights cannot be read");
  Tensor to(type, from->shape());
  bool isHalf = type == ElementType::F16;
  int64_t overflow = isHalf ? roundElements<Half>(*from, to, toHalf)
                            : roundElements<BFloat16>(*from, to, toBFloat16);
  if (overflow == from->size())
    return to;
  return user->emitError("'")
         << nodeName(user) << "' has the weight " << from->asDouble(overflow)
         << ", which is infinite in " << (isHalf ? "f16" : "bf16")
         << (isHalf ? "; store weights as bf16, with --weights=bf16"
                    : "; store weights as f32, without --weights");
}

Value WeightRewriter::narrow(ConstantOp constant, Operation *user) {
  Value &known = narrowed[constant];
  if (known)
    return known;
  FailureOr<Tensor> rounded = round(constant, user);
  if (failed(rounded))
    return Value();
  OpBuilder builder(constant);
  return known = createConstant(builder, *rounded, nodeName(constant));
}

LogicalResult WeightRewriter::narrowOperand(OpOperand &operand) {
  ConstantOp constant = storedWeights(operand.get());
  Value narrow = this->narrow(constant, operand.getOwner());
  if (!narrow)
    return failure();
  Value &wide = widened[narrow];
  if (!wide) {
    OpBuilder builder(constant);
    wide =
        builder.create<CastOp>(constant.getLoc(), constant.getType(), narrow);
  }
  operand.set(wide);
  return success();
}

LogicalResult WeightRewriter::narrowTable(GatherOp op) {
  Value narrow = this->narrow(storedWeights(op.getInput()), op);
  if (!narrow)
    return failure();
  OpBuilder builder(op->getContext());
  builder.setInsertionPointAfter(op);
  Value result = op.getResult();
  Type wide = result.getType();
  op.getInputMutable().assign(narrow);
  result.setType(cast<RankedTensorType>(wide).clone(
      getElementTypeOrSelf(narrow.getType())));
  auto cast = builder.create<CastOp>(op.getLoc(), wide, result);
  result.replaceAllUsesExcept(cast, cast);
  return success();
}

struct StoreWeightsPass : edge::impl::StoreWeightsPassBase<StoreWeightsPass> {
  using StoreWeightsPassBase::StoreWeightsPassBase;

  LogicalResult initialize(MLIRContext *context) override {
    if (type == "f16" || type == "bf16")
      return success();
    return emitError(UnknownLoc::get(context), "weights cannot be stored as '")
           << type << "': use type=f16 or type=bf16";
  }

  void runOnOperation() override {
    SmallVector<Operation *> users;
    getOperation().walk([&](Operation *op) { users.push_back(op); });
    WeightRewriter rewriter(getOperation(), type == "f16" ? ElementType::F16
                                                          : ElementType::BF16);
    // Every weight that does not fit is reported.
    bool isRefused = false;
    for (Operation *op : users) {
      if (auto gather = dyn_cast<GatherOp>(op)) {
        if (storedWeights(gather.getInput()))
          isRefused |= failed(rewriter.narrowTable(gather));
        continue;
      }
      OpOperand *weights = weightsOperand(op);
      if (weights && (maxUses == 0 || usesOfWeight(op, *weights) <= maxUses))
        isRefused |= failed(rewriter.narrowOperand(*weights));
    }
    if (isRefused)
      return signalPassFailure();
    rewriter.eraseDead(getOperation());
  }
};

} // namespace
