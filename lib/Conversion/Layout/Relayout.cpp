//===- Relayout.cpp - Operations on dimensions in another order -----------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Layout/Layout.h"

#include "Common.h"
#include "edgec/Dialect/Edge/EdgeDialect.h"
#include "mlir/Dialect/Utils/IndexingUtils.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;

namespace edgec {
namespace {

using Permutation = ArrayRef<int64_t>;

/// Entries of an attribute, one a dimension, in the order before the transpose.
SmallVector<int64_t> moved(ArrayRef<int64_t> values, Permutation permutation) {
  SmallVector<int64_t> result(values.size());
  for (auto [to, from] : llvm::enumerate(permutation))
    result[from] = values[to];
  return result;
}

Relayout sameOrder(Permutation permutation,
                   std::function<void(Operation *)> update) {
  return {SmallVector<int64_t>(permutation), {}, std::move(update)};
}

/// For an operation with an attribute `axis`.
template <typename Op> Relayout alongAxis(Op op, Permutation permutation) {
  int64_t axis = permutation[op.getAxis()];
  Relayout result = sameOrder(
      permutation, [axis](Operation *copy) { cast<Op>(copy).setAxis(axis); });
  // Everything but the input belongs to the axis.
  result.stays.assign(op->getNumOperands(), true);
  result.stays[0] = false;
  return result;
}

Relayout ofConcat(edge::ConcatOp op, Permutation permutation) {
  int64_t axis = permutation[op.getAxis()];
  return sameOrder(permutation, [axis](Operation *copy) {
    cast<edge::ConcatOp>(copy).setAxis(axis);
  });
}

Relayout ofSlice(edge::SliceOp op, Permutation permutation) {
  auto starts = moved(op.getStarts(), permutation);
  auto sizes = moved(op.getSizes(), permutation);
  auto steps = moved(op.getSteps(), permutation);
  return sameOrder(permutation, [=](Operation *copy) {
    auto slice = cast<edge::SliceOp>(copy);
    slice.setStarts(starts);
    slice.setSizes(sizes);
    slice.setSteps(steps);
  });
}

Relayout ofPad(edge::PadOp op, Permutation permutation) {
  auto low = moved(op.getLow(), permutation);
  auto high = moved(op.getHigh(), permutation);
  Relayout result = sameOrder(permutation, [=](Operation *copy) {
    auto pad = cast<edge::PadOp>(copy);
    pad.setLow(low);
    pad.setHigh(high);
  });
  result.stays.assign(op->getNumOperands(), true);
  result.stays[0] = false;
  return result;
}

Relayout ofResize(edge::ResizeOp op, Permutation permutation) {
  size_t rank = op.getScales().size();
  SmallVector<double> scales(rank);
  SmallVector<double> roi(op.getRoi().value_or(ArrayRef<double>()));
  for (auto [to, from] : llvm::enumerate(permutation)) {
    scales[from] = op.getScales()[to];
    if (op.getRoi()) {
      roi[from] = (*op.getRoi())[to];
      roi[rank + from] = (*op.getRoi())[rank + to];
    }
  }
  return sameOrder(permutation, [scales, roi](Operation *copy) {
    auto resize = cast<edge::ResizeOp>(copy);
    resize.setScales(scales);
    if (!roi.empty())
      resize.setRoi(roi);
  });
}

/// The permutation of the dimensions that stay when `dropped` of the
/// transposed ones vanish.
SmallVector<int64_t> withoutDims(Permutation permutation,
                                 ArrayRef<int64_t> dropped) {
  SmallVector<int64_t> kept;
  for (auto [to, from] : llvm::enumerate(permutation))
    if (!llvm::is_contained(dropped, to))
      kept.push_back(from);
  SmallVector<int64_t> sorted(kept);
  llvm::sort(sorted);
  for (int64_t &dim : kept)
    dim = llvm::find(sorted, dim) - sorted.begin();
  return kept;
}

Relayout ofReduce(edge::ReduceOp op, Permutation permutation) {
  SmallVector<int64_t> axes;
  for (int64_t axis : op.getAxes())
    axes.push_back(permutation[axis]);
  llvm::sort(axes);
  Relayout result = sameOrder(permutation, [axes](Operation *copy) {
    cast<edge::ReduceOp>(copy).setAxes(axes);
  });
  if (!op.getKeepDims())
    result.resultPermutation = withoutDims(permutation, op.getAxes());
  return result;
}

Relayout ofArgReduce(edge::ArgReduceOp op, Permutation permutation) {
  Relayout result = alongAxis(op, permutation);
  int64_t axis = op.getAxis();
  if (!op.getKeepDims())
    result.resultPermutation = withoutDims(permutation, axis);
  return result;
}

std::optional<Relayout> ofGather(edge::GatherOp op, Permutation permutation) {
  int64_t numIndexDims = tensorType(op.getIndices()).getRank();
  if (numIndexDims > 1)
    return std::nullopt;
  Relayout result = alongAxis(op, permutation);
  int64_t axis = op.getAxis();
  if (numIndexDims == 0)
    result.resultPermutation = withoutDims(permutation, axis);
  return result;
}

std::optional<Relayout> ofLayerNorm(edge::LayerNormOp op,
                                    Permutation permutation) {
  for (int64_t i = op.getAxis(); i < static_cast<int64_t>(permutation.size());
       ++i)
    if (permutation[i] != i)
      return std::nullopt;
  Relayout result = sameOrder(permutation, [](Operation *) {});
  result.stays.assign(op->getNumOperands(), true);
  result.stays[0] = false;
  return result;
}

std::optional<Relayout> ofBroadcast(edge::BroadcastOp op,
                                    Permutation permutation) {
  if (tensorType(op.getInput()).getRank() !=
      tensorType(op.getResult()).getRank())
    return std::nullopt;
  return sameOrder(permutation, [](Operation *) {});
}

std::optional<Relayout> ofElementwise(Operation *op, Permutation permutation) {
  if (tensorType(op->getResult(0)).getRank() !=
      static_cast<int64_t>(permutation.size()))
    return std::nullopt;
  Relayout result = sameOrder(permutation, [](Operation *) {});
  for (Value operand : op->getOperands())
    result.stays.push_back(llvm::all_of(
        shapeOf(operand), [](int64_t extent) { return extent == 1; }));
  return result;
}

/// A group of dimensions of the reshape's input and the dimensions of its
/// result with the same elements.
struct DimGroup {
  SmallVector<int64_t> from;
  SmallVector<int64_t> to;
};

/// The finest groups; nothing where extents are zero or the shapes' unit
/// dimensions leave one side of a group empty.
std::optional<SmallVector<DimGroup>> groupDims(ArrayRef<int64_t> from,
                                               ArrayRef<int64_t> to) {
  if (llvm::is_contained(from, 0))
    return std::nullopt;
  SmallVector<DimGroup> groups;
  size_t i = 0, j = 0;
  while (i < from.size() && j < to.size()) {
    DimGroup group{{static_cast<int64_t>(i)}, {static_cast<int64_t>(j)}};
    int64_t left = from[i++], right = to[j++];
    while (left != right) {
      if (left < right) {
        group.from.push_back(i);
        left *= from[i++];
      } else {
        group.to.push_back(j);
        right *= to[j++];
      }
    }
    groups.push_back(group);
  }
  if (groups.empty())
    return std::nullopt;
  for (; i < from.size(); ++i)
    groups.back().from.push_back(i);
  for (; j < to.size(); ++j)
    groups.back().to.push_back(j);
  return groups;
}

/// The group's dimensions with more than one element, which alone determine
/// where it goes; all of them if there is none.
SmallVector<int64_t> significantDims(const DimGroup &group,
                                     ArrayRef<int64_t> shape) {
  SmallVector<int64_t> result;
  for (int64_t dim : group.from)
    if (shape[dim] != 1)
      result.push_back(dim);
  return result.empty() ? group.from : result;
}

/// A reshape that splits and merges dimensions which the transpose keeps
/// together, as in a channel shuffle.
std::optional<Relayout> ofReshape(edge::ReshapeOp op, Permutation permutation) {
  auto after = permutationAfterReshape(shapeOf(op.getInput()),
                                       shapeOf(op.getResult()), permutation);
  if (!after)
    return std::nullopt;
  return Relayout{*after, {}, [](Operation *) {}};
}

} // namespace

std::optional<SmallVector<int64_t>>
permutationAfterReshape(ArrayRef<int64_t> from, ArrayRef<int64_t> to,
                        Permutation permutation) {
  auto groups = groupDims(from, to);
  if (!groups)
    return std::nullopt;
  SmallVector<int64_t> inverse = invertPermutationVector(permutation);
  // Whether no other elements lie between two dimensions before the transpose.
  auto areAdjacent = [&](int64_t first, int64_t second) {
    for (int64_t dim = first + 1; dim < second; ++dim)
      if (from[inverse[dim]] != 1)
        return false;
    return first < second;
  };
  // Where each group starts in the order before the transpose.
  SmallVector<std::pair<int64_t, size_t>> order;
  for (auto [index, group] : llvm::enumerate(*groups)) {
    SmallVector<int64_t> dims = significantDims(group, from);
    if (from[dims.front()] != 1)
      for (auto [dim, next] : llvm::zip(dims, ArrayRef(dims).drop_front()))
        if (!areAdjacent(permutation[dim], permutation[next]))
          return std::nullopt;
    order.push_back({permutation[dims.front()], index});
  }
  llvm::sort(order);
  SmallVector<int64_t> result(to.size());
  int64_t position = 0;
  for (auto [first, index] : order)
    for (int64_t dim : (*groups)[index].to)
      result[dim] = position++;
  return result;
}

std::optional<Relayout> relayout(Operation *op, Permutation permutation) {
  using Result = std::optional<Relayout>;
  if (isa<edge::ElementwiseOpInterface>(op))
    return ofElementwise(op, permutation);
  return TypeSwitch<Operation *, Result>(op)
      .Case([&](edge::ConcatOp o) { return ofConcat(o, permutation); })
      .Case([&](edge::SliceOp o) { return ofSlice(o, permutation); })
      .Case([&](edge::PadOp o) { return ofPad(o, permutation); })
      .Case([&](edge::ResizeOp o) { return ofResize(o, permutation); })
      .Case([&](edge::ReduceOp o) { return ofReduce(o, permutation); })
      .Case([&](edge::ArgReduceOp o) { return ofArgReduce(o, permutation); })
      .Case([&](edge::GatherOp o) { return ofGather(o, permutation); })
      .Case([&](edge::LayerNormOp o) { return ofLayerNorm(o, permutation); })
      .Case([&](edge::BroadcastOp o) { return ofBroadcast(o, permutation); })
      .Case([&](edge::ReshapeOp o) { return ofReshape(o, permutation); })
      .Case([&](edge::DequantizeOp o) {
        // Scales by block have the input's dimensions.
        return o.getBlockSize() == 0 ? Result(alongAxis(o, permutation))
                                     : Result();
      })
      .Case<edge::SoftmaxOp, edge::BatchNormOp, edge::LrnOp, edge::QuantizeOp>(
          [&](auto o) { return alongAxis(o, permutation); })
      .Default(Result());
}

bool isFreeToTranspose(Value value, Permutation permutation) {
  Value source = value;
  while (Operation *op = source.getDefiningOp()) {
    if (op->hasTrait<OpTrait::ConstantLike>() || isa<edge::ParameterOp>(op))
      return true;
    if (!isa<edge::TransposeOp, edge::ReshapeOp, edge::DequantizeOp>(op))
      break;
    source = op->getOperand(0);
  }
  int64_t last = -1;
  int64_t offset = permutation.size() - tensorType(value).getRank();
  for (int64_t dim : permutation) {
    // Dimensions that broadcasting adds in front have extent 1.
    if (dim < offset || shapeOf(value)[dim - offset] == 1)
      continue;
    if (dim < last)
      return false;
    last = dim;
  }
  return true;
}

} // namespace edgec
