//===- ConvTranspose.cpp - Transposed convolutions to kernels -------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The elements of the result whose positions agree modulo the stride, a phase,
// take the same taps: they are a dense convolution of their own with some of
// the filter's taps, from the last to the first, and are stored a stride apart.
// Nothing is scattered, and no inserted zero is multiplied. Neighbouring phases
// with equally many taps and positions are one contraction, in which the phase
// is a batch dimension: with a kernel that is a multiple of the stride, as most
// are, all of them.
//
//===----------------------------------------------------------------------===//

#include "Common.h"
#include "Contraction.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;

namespace edgec {
namespace {

/// One spatial dimension of the operation.
struct Dimension {
  int64_t stride, dilation, kernel, low, input, output;
};

/// Neighbouring phases of one dimension that are computed together: output
/// positions first + u + stride * q with u below `count`, q below `positions`.
struct Phases {
  int64_t first = 0;
  int64_t count = 1;
  int64_t positions = 0;
  int64_t step = 1; ///< In the input, from a tap to the next.
  /// For each phase the taps it takes, the last first.
  SmallVector<SmallVector<int64_t>> taps;
  /// For each phase the input position that its first tap meets at q = 0.
  SmallVector<int64_t> offsets;

  int64_t numTaps() const { return taps.front().size(); }
};

int64_t floorDivide(int64_t value, int64_t divisor) {
  return value >= 0 ? value / divisor : -((-value + divisor - 1) / divisor);
}

/// The phase that begins at output position `first`; without taps if it is
/// bias alone.
Phases phaseAt(const Dimension &dimension, int64_t first) {
  Phases phase;
  phase.first = first;
  phase.positions =
      llvm::divideCeil(dimension.output - first, dimension.stride);
  SmallVector<int64_t> taps, met;
  for (int64_t tap = dimension.kernel; tap-- > 0;) {
    int64_t distance = first + dimension.low - tap * dimension.dilation;
    int64_t position = floorDivide(distance, dimension.stride);
    if (position * dimension.stride != distance)
      continue;
    taps.push_back(tap);
    met.push_back(position);
  }
  phase.offsets.push_back(met.empty() ? 0 : met.front());
  if (met.size() > 1)
    phase.step = met[1] - met[0];
  phase.taps.push_back(std::move(taps));
  return phase;
}

/// All phases of a dimension that have taps.
SmallVector<Phases> findPhases(const Dimension &dimension) {
  SmallVector<Phases> result;
  for (int64_t first = 0; first < std::min(dimension.stride, dimension.output);
       ++first) {
    Phases phase = phaseAt(dimension, first);
    if (phase.numTaps() == 0)
      continue;
    // Dilated taps meet positions that are no affine function of the phase.
    Phases *last = result.empty() ? nullptr : &result.back();
    if (dimension.dilation != 1 || !last ||
        last->first + last->count != first ||
        last->numTaps() != phase.numTaps() ||
        last->positions != phase.positions) {
      result.push_back(std::move(phase));
      continue;
    }
    ++last->count;
    last->taps.push_back(phase.taps.front());
    last->offsets.push_back(phase.offsets.front());
  }
  return result;
}

/// How many zeros the phases read before and after the input.
std::pair<int64_t, int64_t> padsFor(const Dimension &dimension,
                                    ArrayRef<Phases> all) {
  int64_t low = 0, high = 0;
  for (const Phases &phases : all)
    for (int64_t offset : phases.offsets) {
      int64_t last =
          offset + (phases.numTaps() - 1) * phases.step + phases.positions - 1;
      low = std::max(low, -offset);
      high = std::max(high, last - (dimension.input - 1));
    }
  return {low, high};
}

/// Builds the contractions of one operation, one for each combination of the
/// dimensions' phases, each writing its elements into the result of the last.
class Builder {
public:
  Builder(PatternRewriter &rewriter, edge::ConvTransposeOp op)
      : rewriter(rewriter), op(op),
        resultType(
            channelsLastType(tensorType(op.getResult()), op.getLayout())) {
    RankedTensorType input =
        channelsLastType(tensorType(op.getInput()), op.getLayout());
    ArrayRef<int64_t> kernel = shapeOf(op.getFilter()).drop_front(2);
    SmallVector<int64_t> high;
    for (size_t i = 0; i < kernel.size(); ++i) {
      dimensions.push_back({op.getStrides()[i], op.getDilations()[i], kernel[i],
                            op.getPads()[i], input.getDimSize(i + 1),
                            resultType.getDimSize(i + 1)});
      phases.push_back(findPhases(dimensions[i]));
      auto [before, after] = padsFor(dimensions[i], phases[i]);
      pads.push_back(before);
      high.push_back(after);
      int64_t found = 0;
      for (const Phases &some : phases[i])
        found += some.count;
      isWhole &= found == std::min(dimensions[i].stride, dimensions[i].output);
    }
    pads.append(high);
  }

  Value build() {
    Location loc = op.getLoc();
    input =
        channelsLastInput(rewriter, loc, op.getInput(), op.getLayout(), pads);
    Value result = isWhole ? Value() : biasAlone();
    SmallVector<const Phases *> chosen;
    combine(chosen, result);
    return fromChannelsLast(rewriter, loc, result, op.getLayout());
  }

private:
  void combine(SmallVector<const Phases *> &chosen, Value &result) {
    if (chosen.size() == dimensions.size()) {
      result = contract(chosen, result);
      return;
    }
    for (const Phases &some : phases[chosen.size()]) {
      chosen.push_back(&some);
      combine(chosen, result);
      chosen.pop_back();
    }
  }

  /// What elements are that no tap reaches.
  Value biasAlone() {
    Location loc = op.getLoc();
    if (op.getBias())
      return rewriter.create<edge::BroadcastOp>(loc, resultType, op.getBias());
    Value zero = scalarConstant(rewriter, loc, resultType.getElementType(), 0);
    Value empty = rewriter.create<tensor::EmptyOp>(loc, resultType.getShape(),
                                                   resultType.getElementType());
    return rewriter.create<linalg::FillOp>(loc, zero, empty).getResult(0);
  }

  /// The filter with the taps of each phase: [C, O / groups, (phase, tap)...],
  /// phases only where there are several.
  Value gatherTaps(ArrayRef<const Phases *> chosen) {
    Value filter = op.getFilter();
    int64_t axis = 2;
    for (const Phases *some : chosen) {
      SmallVector<int64_t> indices, shape;
      for (ArrayRef<int64_t> taps : some->taps)
        llvm::append_range(indices, taps);
      if (some->count > 1)
        shape.push_back(some->count);
      shape.push_back(some->numTaps());
      auto type = RankedTensorType::get(shape, rewriter.getI64Type());
      Value constant = rewriter.create<edge::ConstantOp>(
          op.getLoc(),
          DenseElementsAttr::get(type, ArrayRef<int64_t>(indices)));
      filter =
          rewriter.create<edge::GatherOp>(op.getLoc(), filter, constant, axis);
      axis += shape.size();
    }
    return filter;
  }

  /// Dimensions (g, u..., n, q..., j, t..., c): g with more than one group, u
  /// with more than one phase only.
  Value contract(ArrayRef<const Phases *> chosen, Value init) {
    int64_t groups = op.getGroups();
    ArrayRef<int64_t> filter = shapeOf(op.getFilter());
    int64_t groupChannels = filter[0] / groups;
    Contraction contraction;
    auto &extents = contraction.extents;
    MLIRContext *context = op.getContext();
    auto append = [&](int64_t extent) {
      extents.push_back(extent);
      return getAffineDimExpr(extents.size() - 1, context);
    };
    AffineExpr zero = getAffineConstantExpr(0, context);
    AffineExpr group = groups > 1 ? append(groups) : zero;
    SmallVector<AffineExpr> phase, position;
    for (const Phases *some : chosen)
      phase.push_back(some->count > 1 ? append(some->count) : zero);
    contraction.numBatch = extents.size();
    AffineExpr image = append(resultType.getDimSize(0));
    for (const Phases *some : chosen)
      position.push_back(append(some->positions));
    contraction.numRows = chosen.size() + 1;
    AffineExpr column = append(filter[1]);

    SmallVector<AffineExpr> a{image}, b{zero, column}, c{image};
    for (auto [i, some] : llvm::enumerate(chosen)) {
      AffineExpr tap = append(some->numTaps());
      a.push_back(position[i] + firstTap(*some, i, phase[i]) +
                  tap * some->step);
      if (some->count > 1)
        b.push_back(phase[i]);
      b.push_back(tap);
      c.push_back(position[i] * dimensions[i].stride + phase[i] + some->first);
    }
    AffineExpr channel = group * groupChannels + append(groupChannels);
    AffineExpr output = group * filter[1] + column;
    a.push_back(channel);
    b.front() = channel;
    c.push_back(output);

    contraction.a = input;
    contraction.b = gatherTaps(chosen);
    contraction.bias = op.getBias();
    contraction.resultType = resultType;
    contraction.init = init;
    contraction.aMap = AffineMap::get(extents.size(), 0, a, context);
    contraction.bMap = AffineMap::get(extents.size(), 0, b, context);
    contraction.cMap = AffineMap::get(extents.size(), 0, c, context);
    contraction.biasMap = AffineMap::get(extents.size(), 0, output);
    return buildContraction(rewriter, op.getLoc(), contraction);
  }

  /// The padded input's position that the first tap of a phase meets at q = 0.
  AffineExpr firstTap(const Phases &some, size_t axis, AffineExpr phase) const {
    int64_t start = pads[axis] + some.offsets.front();
    if (some.count == 1)
      return getAffineConstantExpr(start, phase.getContext());
    // It moves on with the phases that begin a new stride in the input.
    int64_t stride = dimensions[axis].stride;
    int64_t first = some.first + dimensions[axis].low;
    int64_t within = first - floorDivide(first, stride) * stride;
    return (phase + within).floorDiv(stride) + start;
  }

  PatternRewriter &rewriter;
  edge::ConvTransposeOp op;
  RankedTensorType resultType;
  SmallVector<Dimension> dimensions;
  SmallVector<SmallVector<Phases>> phases; ///< Of each dimension.
  SmallVector<int64_t> pads;
  bool isWhole = true; ///< Whether taps reach every phase.
  Value input;
};

struct ConvTransposeToContract : OpRewritePattern<edge::ConvTransposeOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(edge::ConvTransposeOp op,
                                PatternRewriter &rewriter) const override {
    rewriter.replaceOp(op, Builder(rewriter, op).build());
    return success();
  }
};

} // namespace

void populateConvTransposeToKernelPatterns(RewritePatternSet &patterns) {
  patterns.add<ConvTransposeToContract>(patterns.getContext());
}

} // namespace edgec
