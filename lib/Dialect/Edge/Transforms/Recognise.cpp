//===- Recognise.cpp - Operations that source models spell out -----------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Quantized.h"
#include "edgec/Dialect/Edge/Passes.h"
#include "mlir/IR/Matchers.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"
#include <cmath>

using namespace mlir;

namespace edgec::edge {
#define GEN_PASS_DEF_RECOGNISEPASS
#include "edgec/Dialect/Edge/Passes.h.inc"
} // namespace edgec::edge

using namespace edgec;
using namespace edgec::edge;

namespace {

//===----------------------------------------------------------------------===//
// Constants and operands in any order
//===----------------------------------------------------------------------===//

/// The number that every element of a constant of f32 is.
std::optional<double> scalarOf(Value value) {
  auto type = cast<RankedTensorType>(value.getType());
  if (!type.hasStaticShape() || type.getNumElements() != 1)
    return std::nullopt;
  auto values = floatValues(value);
  return values ? std::optional<double>(values->front()) : std::nullopt;
}

/// Source models hold such constants in f32, computed in one way or another.
bool isNear(double value, double expected) {
  return std::fabs(value - expected) <= 1e-6 * std::fabs(expected);
}

bool isConstant(Value value, double expected) {
  std::optional<double> scalar = scalarOf(value);
  return scalar && isNear(*scalar, expected);
}

/// The other operand of an addition or multiplication with `expected`.
template <typename Op> Value otherThan(Value value, double expected) {
  auto op = value.getDefiningOp<Op>();
  if (!op)
    return {};
  if (isConstant(op.getRhs(), expected))
    return op.getLhs();
  return isConstant(op.getLhs(), expected) ? op.getRhs() : Value();
}

/// A product: a number times the values that are no constants.
struct Product {
  double factor = 1;
  SmallVector<Value> values;
};

void addFactor(Value value, Product &product) {
  if (std::optional<double> scalar = scalarOf(value)) {
    product.factor *= *scalar;
    return;
  }
  if (auto mul = value.getDefiningOp<MulOp>()) {
    addFactor(mul.getLhs(), product);
    addFactor(mul.getRhs(), product);
    return;
  }
  if (auto div = value.getDefiningOp<DivOp>())
    if (std::optional<double> divisor = scalarOf(div.getRhs())) {
      product.factor /= *divisor;
      return addFactor(div.getLhs(), product);
    }
  if (auto pow = value.getDefiningOp<PowOp>())
    if (std::optional<double> exponent = scalarOf(pow.getExponent()))
      if (*exponent == 2 || *exponent == 3) {
        product.values.append(static_cast<size_t>(*exponent), pow.getBase());
        return;
      }
  product.values.push_back(value);
}

Product factorsOf(Value value) {
  Product product;
  addFactor(value, product);
  return product;
}

bool isProduct(Value value, double factor, ArrayRef<Value> values) {
  Product product = factorsOf(value);
  return isNear(product.factor, factor) && ArrayRef(product.values) == values;
}

//===----------------------------------------------------------------------===//
// GELU
//===----------------------------------------------------------------------===//

/// Whether `value` is erf(x / sqrt(2)).
bool isErfOf(Value value, Value x) {
  auto erf = value.getDefiningOp<ErfOp>();
  return erf && isProduct(erf.getInput(), M_SQRT1_2, x);
}

/// Whether `value` is x + 0.044715 x^3, or x * (1 + 0.044715 x^2) without x.
bool isCubicOf(Value value, Value x) {
  auto add = value.getDefiningOp<AddOp>();
  if (!add)
    return false;
  for (auto [first, second] : {std::pair(add.getLhs(), add.getRhs()),
                               std::pair(add.getRhs(), add.getLhs())})
    if (first == x && isProduct(second, 0.044715, {x, x, x}))
      return true;
  return false;
}

/// Whether `value` is tanh(sqrt(2 / pi) (x + 0.044715 x^3)).
bool isTanhOf(Value value, Value x) {
  auto tanh = value.getDefiningOp<TanhOp>();
  if (!tanh)
    return false;
  Product product = factorsOf(tanh.getInput());
  if (!isNear(product.factor, std::sqrt(2 / M_PI)))
    return false;
  if (product.values.size() == 1)
    return isCubicOf(product.values[0], x);
  if (product.values.size() != 2)
    return false;
  for (unsigned i : {0, 1}) {
    Value rest = otherThan<AddOp>(product.values[1 - i], 1);
    if (product.values[i] == x && rest && isProduct(rest, 0.044715, {x, x}))
      return true;
  }
  return false;
}

/// 0.5 * x * (1 + erf(x / sqrt(2))) in any order, or the same with tanh.
struct RecogniseGelu : OpRewritePattern<MulOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(MulOp op,
                                PatternRewriter &rewriter) const override {
    Product product = factorsOf(op);
    if (product.values.size() != 2 || !isNear(product.factor, 0.5))
      return rewriter.notifyMatchFailure(op, "not 0.5 times two values");
    for (unsigned i : {0, 1}) {
      Value x = product.values[i];
      Value bell = otherThan<AddOp>(product.values[1 - i], 1);
      if (!bell || x.getType() != op.getType())
        continue;
      bool isTanh = isTanhOf(bell, x);
      if (!isTanh && !isErfOf(bell, x))
        continue;
      rewriter.replaceOpWithNewOp<GeluOp>(op, op.getType(), x, isTanh);
      return success();
    }
    return rewriter.notifyMatchFailure(op, "not x times 1 + erf or tanh");
  }
};

//===----------------------------------------------------------------------===//
// Layer normalisation
//===----------------------------------------------------------------------===//

/// The first dimension of a reduction of `input` over its last dimensions,
/// which stay with extent 1.
std::optional<int64_t> trailingReduction(Value value, ReduceKind kind,
                                         Value &input) {
  auto reduce = value.getDefiningOp<ReduceOp>();
  if (!reduce || reduce.getKind() != kind || !reduce.getKeepDims() ||
      reduce.getAxes().empty())
    return std::nullopt;
  input = reduce.getInput();
  int64_t rank = cast<RankedTensorType>(input.getType()).getRank();
  int64_t axis = rank - static_cast<int64_t>(reduce.getAxes().size());
  if (reduce.getAxes().front() != axis) // They ascend.
    return std::nullopt;
  return axis;
}

/// x - mean(x); the reduction's first dimension.
std::optional<int64_t> matchCentred(Value value, Value &x) {
  auto sub = value.getDefiningOp<SubOp>();
  if (!sub)
    return std::nullopt;
  auto axis = trailingReduction(sub.getRhs(), ReduceKind::mean, x);
  return axis && sub.getLhs() == x ? axis : std::nullopt;
}

/// The square root of mean((x - mean(x))^2) + epsilon; nothing where `value` is
/// not that.
std::optional<double> matchDeviation(Value value, Value x, int64_t axis) {
  auto sqrt = value.getDefiningOp<SqrtOp>();
  auto add = sqrt ? sqrt.getInput().getDefiningOp<AddOp>() : AddOp();
  if (!add)
    return std::nullopt;
  for (auto [variance, other] : {std::pair(add.getLhs(), add.getRhs()),
                                 std::pair(add.getRhs(), add.getLhs())}) {
    std::optional<double> epsilon = scalarOf(other);
    Value squares, from;
    if (!epsilon ||
        trailingReduction(variance, ReduceKind::mean, squares) != axis)
      continue;
    Product product = factorsOf(squares);
    if (product.factor == 1 && product.values.size() == 2 &&
        llvm::all_of(product.values, [&](Value centred) {
          return matchCentred(centred, from) == axis && from == x;
        }))
      return epsilon;
  }
  return std::nullopt;
}

/// The only reader of `value`, an Op that combines it with a tensor that
/// broadcasts to the dimensions of `type` from `axis` on.
template <typename Op>
Op matchReader(Value value, RankedTensorType type, int64_t axis, Value &other) {
  if (!value.hasOneUse())
    return {};
  auto op = dyn_cast<Op>(*value.user_begin());
  if (!op || op.getType() != type || op.getLhs() == op.getRhs())
    return {};
  Value factor = op.getLhs() == value ? op.getRhs() : op.getLhs();
  auto factorType = cast<RankedTensorType>(factor.getType());
  if (factorType.getRank() > type.getRank() - axis)
    return {};
  other = factor;
  return op;
}

/// (x - mean) / sqrt(variance + epsilon), then perhaps scaled and shifted.
struct RecogniseLayerNorm : OpRewritePattern<DivOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(DivOp op,
                                PatternRewriter &rewriter) const override {
    Value x, scale, bias;
    std::optional<int64_t> axis = matchCentred(op.getLhs(), x);
    if (!axis)
      return rewriter.notifyMatchFailure(op, "does not divide x - mean(x)");
    std::optional<double> epsilon = matchDeviation(op.getRhs(), x, *axis);
    if (!epsilon)
      return rewriter.notifyMatchFailure(op, "not by the standard deviation");
    auto type = cast<RankedTensorType>(op.getType());
    if (type != x.getType())
      return rewriter.notifyMatchFailure(op, "broadcasts");

    Operation *last = op;
    if (auto mul = matchReader<MulOp>(op, type, *axis, scale)) {
      last = mul;
      if (auto add = matchReader<AddOp>(mul, type, *axis, bias))
        last = add;
    }
    // Where the last of them stands all operands are defined.
    rewriter.setInsertionPoint(last);
    if (!scale) {
      auto scalar = RankedTensorType::get({}, type.getElementType());
      scale = rewriter.create<ConstantOp>(op.getLoc(),
                                          DenseElementsAttr::get(scalar, 1.0f));
    }
    rewriter.replaceOpWithNewOp<LayerNormOp>(
        last, type, x, scale, bias, rewriter.getI64IntegerAttr(*axis),
        rewriter.getF64FloatAttr(*epsilon));
    return success();
  }
};

//===----------------------------------------------------------------------===//
// Softmax
//===----------------------------------------------------------------------===//

/// exp(x - max(x)) / sum(exp(x - max(x))) along one dimension.
struct RecogniseSoftmax : OpRewritePattern<DivOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(DivOp op,
                                PatternRewriter &rewriter) const override {
    auto exp = op.getLhs().getDefiningOp<ExpOp>();
    auto sum = op.getRhs().getDefiningOp<ReduceOp>();
    auto sub = exp ? exp.getInput().getDefiningOp<SubOp>() : SubOp();
    auto max = sub ? sub.getRhs().getDefiningOp<ReduceOp>() : ReduceOp();
    if (!sum || !max || sum.getKind() != ReduceKind::sum ||
        max.getKind() != ReduceKind::max || sum.getInput() != exp ||
        max.getInput() != sub.getLhs())
      return rewriter.notifyMatchFailure(op, "not exponentials by their sum");
    if (sum.getAxes().size() != 1 || sum.getAxes() != max.getAxes() ||
        !sum.getKeepDims() || !max.getKeepDims())
      return rewriter.notifyMatchFailure(op, "not along one kept dimension");
    rewriter.replaceOpWithNewOp<SoftmaxOp>(op, op.getType(), sub.getLhs(),
                                           sum.getAxes().front(),
                                           /*log=*/false);
    return success();
  }
};

struct RecognisePass : edge::impl::RecognisePassBase<RecognisePass> {
  LogicalResult initialize(MLIRContext *context) override {
    RewritePatternSet set(context);
    set.add<RecogniseGelu, RecogniseLayerNorm, RecogniseSoftmax>(context);
    patterns = std::move(set);
    return success();
  }

  void runOnOperation() override {
    if (failed(applyPatternsAndFoldGreedily(getOperation(), patterns)))
      signalPassFailure();
  }

  FrozenRewritePatternSet patterns;
};

} // namespace
