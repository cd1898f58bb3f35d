//===- Slicing.cpp - Slice, split, gather, concatenate, pad -------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "NodeContext.h"
#include "OperatorTable.h"
#include "RuntimeSlice.h"
#include "llvm/Support/MathExtras.h"
#include <fmt/format.h>
#include <numeric>

using namespace edgec;
using namespace edgec::onnx_import;
using namespace mlir;

namespace {

//===----------------------------------------------------------------------===//
// Slice
//===----------------------------------------------------------------------===//

/// One dimension of a slice.
struct SliceRange {
  int64_t start, size, step;
};

/// Positions count from the end where they are negative, and are clamped: the
/// start to the elements there are, the end to one beyond them in the
/// direction of the step.
SliceRange clampedRange(int64_t start, int64_t end, int64_t step,
                        int64_t extent) {
  if (extent == 0)
    return {0, 0, 1};
  auto clamped = [&](int64_t position, int64_t low, int64_t high) {
    return std::clamp(position < 0 ? position + extent : position, low, high);
  };
  if (step > 0) {
    start = clamped(start, 0, extent);
    end = clamped(end, 0, extent);
    return {start, start < end ? (end - start - 1) / step + 1 : 0, step};
  }
  start = clamped(start, 0, extent - 1);
  end = clamped(end, -1, extent - 1);
  // A step beyond the extent takes one element, and might not have a negative.
  int64_t back = step < -extent ? extent + 1 : -step;
  return {start, start > end ? (start - end - 1) / back + 1 : 0, -back};
}

LogicalResult slice(NodeContext &node, ArrayRef<int64_t> starts,
                    ArrayRef<int64_t> ends, ArrayRef<int64_t> axes,
                    ArrayRef<int64_t> steps) {
  Value input = node.input(0);
  ArrayRef<int64_t> shape = node.shapeOf(input);
  if (starts.size() != ends.size() || starts.size() != axes.size() ||
      starts.size() != steps.size())
    return node.error("starts, ends, axes and steps differ in length");
  (void)node.normalizedAxes(axes, shape.size()); // No axis twice.
  SmallVector<int64_t> from(shape.size(), 0), sizes(shape),
      stride(shape.size(), 1);
  for (size_t i = 0; i < axes.size() && !node.hasFailed(); ++i) {
    int64_t axis = node.normalizedAxis(axes[i], shape.size());
    if (steps[i] == 0)
      return node.error("a step is 0");
    SliceRange range = clampedRange(starts[i], ends[i], steps[i], shape[axis]);
    from[axis] = range.size == 0 ? 0 : range.start;
    sizes[axis] = range.size;
    stride[axis] = range.step;
  }
  if (node.hasFailed())
    return failure();
  return node.finish(node.create<edge::SliceOp>(input, from, sizes, stride));
}

SmallVector<int64_t> firstAxes(size_t count) {
  SmallVector<int64_t> axes(count);
  std::iota(axes.begin(), axes.end(), 0);
  return axes;
}

LogicalResult importSliceAttributes(NodeContext &node) {
  std::optional<SmallVector<int64_t>> starts = node.intsAttribute("starts");
  std::optional<SmallVector<int64_t>> ends = node.intsAttribute("ends");
  if (!starts || !ends)
    return node.error("attributes 'starts' and 'ends' are missing");
  SmallVector<int64_t> axes =
      node.intsAttribute("axes").value_or(firstAxes(starts->size()));
  return slice(node, *starts, *ends, axes,
               SmallVector<int64_t>(starts->size(), 1));
}

/// One entry of a vector, without those beside it where each stands alone.
Value entryOf(NodeContext &node, Value vector, int64_t index) {
  if (auto concat = vector.getDefiningOp<edge::ConcatOp>())
    if (static_cast<int64_t>(concat->getNumOperands()) ==
        node.shapeOf(vector)[0])
      return node.toScalar(concat->getOperand(index));
  return node.toScalar(node.slice(vector, 0, index, 1));
}

/// The number of elements before position `end`, which counts from the end
/// where it is negative.
Value countBefore(NodeContext &node, Value end, Value extent) {
  Type i64 = node.builder().getI64Type();
  end = node.castTo(end, i64);
  Value isNegative = node.create<edge::CompareOp>(end, node.scalar(i64, 0),
                                                  edge::ComparePredicate::lt);
  end = node.create<edge::SelectOp>(isNegative,
                                    node.create<edge::AddOp>(end, extent), end);
  return node.create<edge::MaximumOp>(node.create<edge::MinimumOp>(end, extent),
                                      node.scalar(i64, 0));
}

/// Where an axis of a slice begins and ends, and its step.
struct RuntimeRange {
  Value start, end;
  int64_t step;
};

/// `value` from a position of the run to another. Its buffer is as large as it
/// may get.
Value sliceRange(NodeContext &node, Value value, int64_t axis,
                 const RuntimeRange &range) {
  if (node.hasFailed() || node.shapeOf(value)[axis] == 0)
    return value;
  Type i64 = node.builder().getI64Type();
  int64_t bound = node.shapeOf(value)[axis];
  ArrayRef<Value> extents = node.runtimeExtents(value);
  Value extent = extents.empty() ? Value() : extents[axis];
  std::optional<Tensor> start = node.knownValue(range.start);
  std::optional<Tensor> end = node.knownValue(range.end);
  if (start && end && !extent) {
    SliceRange known =
        clampedRange(start->asInt(0), end->asInt(0), range.step, bound);
    SmallVector<int64_t> from(node.rankOf(value), 0), steps(from.size(), 1);
    SmallVector<int64_t> sizes(node.shapeOf(value));
    from[axis] = known.size == 0 ? 0 : known.start;
    sizes[axis] = known.size;
    steps[axis] = known.step;
    return node.create<edge::SliceOp>(value, from, sizes, steps);
  }
  if (!extent)
    extent = node.scalar(i64, static_cast<double>(bound));
  Value size = countBefore(node, range.end, extent);
  if (!start || start->asInt(0) != 0 || range.step != 1) {
    Value first = countBefore(node, range.start, extent);
    Value step = node.scalar(i64, static_cast<double>(range.step));
    Value rest = node.scalar(i64, static_cast<double>(range.step - 1));
    size = node.create<edge::MaximumOp>(node.create<edge::SubOp>(size, first),
                                        node.scalar(i64, 0));
    size = node.create<edge::DivOp>(node.create<edge::AddOp>(size, rest), step);
    int64_t most = llvm::divideCeil(bound, range.step);
    Value position = node.createAs<edge::IotaOp>(
        RankedTensorType::get({most}, i64), int64_t{0});
    position = node.create<edge::AddOp>(
        node.create<edge::MulOp>(position, step), first);
    Value last = node.scalar(i64, static_cast<double>(bound - 1));
    value = node.create<edge::GatherOp>(
        value, node.create<edge::MinimumOp>(position, last), axis);
  }
  value = node.cutAt(value, size, axis);
  node.setExtent(value, axis, size);
  return value;
}

/// A slice of which starts or ends are those of the run.
LogicalResult sliceRuntimeRanges(NodeContext &node) {
  Value result = node.input(0), starts = node.input(1), ends = node.input(2);
  if (node.rankOf(ends) != 1 || node.shapeOf(starts) != node.shapeOf(ends))
    return node.error("the starts and the ends must be vectors of one size");
  int64_t count = node.shapeOf(ends)[0];
  std::optional<SmallVector<int64_t>> axes = firstAxes(count);
  std::optional<SmallVector<int64_t>> steps(SmallVector<int64_t>(count, 1));
  if (node.input(3))
    axes = node.constantInts(3);
  if (node.input(4))
    steps = node.constantInts(4);
  if (!axes || !steps)
    return failure();
  if (int64_t(axes->size()) != count || int64_t(steps->size()) != count)
    return node.error("axes and steps must be as many as the ends");
  (void)node.normalizedAxes(*axes, node.rankOf(result)); // No axis twice.
  for (int64_t i = 0; i < count && !node.hasFailed(); ++i) {
    int64_t axis = node.normalizedAxis((*axes)[i], node.rankOf(result));
    constexpr int64_t largestStep = int64_t{1} << 40;
    if ((*steps)[i] < 1 || (*steps)[i] > largestStep)
      return node.error("a range that the run decides needs a positive step");
    result = sliceRange(
        node, result, axis,
        {entryOf(node, starts, i), entryOf(node, ends, i), (*steps)[i]});
  }
  return node.finish(result);
}

LogicalResult importSliceInputs(NodeContext &node) {
  bool knowsStarts = node.knownValue(node.input(1)).has_value();
  if (!knowsStarts) {
    Value moved = sliceThatMoves(node);
    if (moved || node.hasFailed())
      return node.finish(moved);
  }
  if (!knowsStarts || !node.knownValue(node.input(2)))
    return sliceRuntimeRanges(node);
  std::optional<SmallVector<int64_t>> starts = node.constantInts(1);
  std::optional<SmallVector<int64_t>> ends = node.constantInts(2);
  if (!starts || !ends)
    return failure();
  std::optional<SmallVector<int64_t>> axes = firstAxes(starts->size());
  std::optional<SmallVector<int64_t>> steps(
      SmallVector<int64_t>(starts->size(), 1));
  if (node.input(3))
    axes = node.constantInts(3);
  if (node.input(4))
    steps = node.constantInts(4);
  if (!axes || !steps)
    return failure();
  return slice(node, *starts, *ends, *axes, *steps);
}

//===----------------------------------------------------------------------===//
// Split, concatenate, gather
//===----------------------------------------------------------------------===//

/// The sizes of the parts: given, or as equal as the version allows.
std::optional<SmallVector<int64_t>> partSizes(NodeContext &node,
                                              int64_t extent) {
  constexpr int sizesInputSince = 13;
  // The first version had both, and the input was optional.
  bool isInput = node.opset() == 1 || node.opset() >= sizesInputSince;
  if (isInput && node.input(1))
    return node.constantInts(1);
  if (node.opset() < sizesInputSince)
    if (auto sizes = node.intsAttribute("split"))
      return sizes;
  int64_t parts = node.intAttribute("num_outputs", node.numOutputs());
  if (parts < 1 || parts != node.numOutputs()) {
    (void)node.error("num_outputs differs from the number of outputs");
    return std::nullopt;
  }
  constexpr int unevenSince = 18;
  if (extent % parts != 0 && node.opset() < unevenSince) {
    (void)node.error(fmt::format("{} elements do not split into {} equal "
                                 "parts",
                                 extent, parts));
    return std::nullopt;
  }
  int64_t size = llvm::divideCeil(extent, parts);
  SmallVector<int64_t> sizes;
  for (int64_t i = 0; i < parts; ++i)
    sizes.push_back(std::max<int64_t>(0, std::min(size, extent - i * size)));
  return sizes;
}

LogicalResult importSplit(NodeContext &node) {
  Value input = node.input(0);
  int64_t axis =
      node.normalizedAxis(node.intAttribute("axis", 0), node.rankOf(input));
  if (node.hasFailed())
    return failure();
  int64_t extent = node.shapeOf(input)[axis];
  std::optional<SmallVector<int64_t>> sizes = partSizes(node, extent);
  if (!sizes)
    return failure();
  if (sizes->size() != node.numOutputs())
    return node.error(fmt::format("{} sizes for {} outputs", sizes->size(),
                                  node.numOutputs()));
  int64_t start = 0;
  for (auto [index, size] : llvm::enumerate(*sizes)) {
    if (size < 0 || size > extent - start)
      return node.error("the sizes are negative or more than there is");
    if (node.isUsed(index))
      node.setOutput(index, node.slice(input, axis, start, size));
    start += size;
  }
  if (start != extent)
    return node.error(
        fmt::format("the sizes add up to {}, not {}", start, extent));
  return success(!node.hasFailed());
}

LogicalResult importConcat(NodeContext &node) {
  SmallVector<Value> parts;
  for (Value part : node.allInputs()) {
    if (!part)
      return node.error("an input is missing");
    parts.push_back(part);
  }
  constexpr int axisRequiredSince = 4;
  int64_t axis = node.opset() < axisRequiredSince
                     ? node.intAttribute("axis", 1)
                     : node.requiredIntAttribute("axis");
  axis = node.normalizedAxis(axis, node.rankOf(parts.front()));
  return node.finish(node.create<edge::ConcatOp>(parts, axis));
}

LogicalResult importGather(NodeContext &node) {
  Value input = node.input(0);
  int64_t axis =
      node.normalizedAxis(node.intAttribute("axis", 0), node.rankOf(input));
  return node.finish(node.create<edge::GatherOp>(input, node.input(1), axis));
}

//===----------------------------------------------------------------------===//
// Pad
//===----------------------------------------------------------------------===//

std::optional<edge::PadMode> padMode(NodeContext &node) {
  std::string name = node.stringAttribute("mode", "constant");
  std::optional<edge::PadMode> mode = edge::symbolizePadMode(name);
  if (!mode)
    (void)node.error("mode '" + name + "' is not known");
  return mode;
}

/// `pads` are low extents, then high extents, of the dimensions `axes`.
LogicalResult pad(NodeContext &node, ArrayRef<int64_t> pads,
                  ArrayRef<int64_t> axes, Value value) {
  std::optional<edge::PadMode> mode = padMode(node);
  Value input = node.input(0);
  int64_t rank = node.rankOf(input);
  if (pads.size() != 2 * axes.size())
    return node.error(fmt::format("{} pads for {} dimensions, two each are "
                                  "needed",
                                  pads.size(), axes.size()));
  (void)node.normalizedAxes(axes, rank); // No axis twice.
  constexpr int64_t largest = int64_t{1} << 40;
  SmallVector<int64_t> low(rank, 0), high(rank, 0);
  for (size_t i = 0; i < axes.size(); ++i) {
    int64_t axis = node.normalizedAxis(axes[i], rank);
    if (node.hasFailed())
      return failure();
    low[axis] = pads[i];
    high[axis] = pads[i + axes.size()];
    if (std::max(low[axis], high[axis]) > largest ||
        std::min(low[axis], high[axis]) < -largest)
      return node.error("a pad is impossibly large");
  }
  if (node.hasFailed())
    return failure();
  if (*mode != edge::PadMode::constant)
    value = {};
  return node.finish(node.create<edge::PadOp>(input, value, low, high, *mode));
}

/// The first version said "paddings", the second "pads".
LogicalResult importPadAttributes(NodeContext &node) {
  std::optional<SmallVector<int64_t>> pads =
      node.intsAttribute(node.opset() < 2 ? "paddings" : "pads");
  if (!pads)
    return node.error("the pads are missing");
  double fill = node.floatAttribute("value", 0.0f);
  Type element = node.elementTypeOf(node.input(0));
  Value value = fill == 0.0 ? Value() : node.scalar(element, fill);
  return pad(node, *pads, firstAxes(node.rankOf(node.input(0))), value);
}

LogicalResult importPadInputs(NodeContext &node) {
  std::optional<SmallVector<int64_t>> pads = node.constantInts(1);
  std::optional<SmallVector<int64_t>> axes =
      firstAxes(node.rankOf(node.input(0)));
  if (node.input(3))
    axes = node.constantInts(3);
  if (!pads || !axes)
    return failure();
  Value value = node.input(2);
  if (value && node.knownValue(value) && node.knownValue(value)->size() == 0)
    value = {}; // Some exporters write an empty tensor for "none".
  if (value)
    value = node.toScalar(value);
  return pad(node, *pads, *axes, value);
}

/// Pads or crops on both sides; what is odd goes to the end.
LogicalResult importCenterCropPad(NodeContext &node) {
  Value input = node.input(0);
  int64_t rank = node.rankOf(input);
  std::optional<SmallVector<int64_t>> extents = node.constantInts(1);
  SmallVector<int64_t> axes =
      node.intsAttribute("axes").value_or(firstAxes(rank));
  (void)node.normalizedAxes(axes, rank); // No axis twice.
  if (!extents || node.hasFailed())
    return failure();
  if (extents->size() != axes.size())
    return node.error(
        fmt::format("{} extents for {} axes", extents->size(), axes.size()));
  constexpr int64_t largest = int64_t{1} << 40;
  SmallVector<int64_t> low(rank, 0), high(rank, 0);
  for (auto [stated, extent] : llvm::zip(axes, *extents)) {
    int64_t axis = node.normalizedAxis(stated, rank);
    if (extent < 0 || extent > largest)
      return node.error(fmt::format("an extent of {} is not possible", extent));
    int64_t added = extent - node.shapeOf(input)[axis];
    low[axis] = added / 2;
    high[axis] = added - added / 2;
  }
  return node.finish(node.create<edge::PadOp>(input, Value(), low, high,
                                              edge::PadMode::constant));
}

} // namespace

void edgec::onnx_import::addSlicing(OperatorTable &table) {
  table.add({
      {"CenterCropPad",
       18,
       newestOpset,
       {2, 2},
       {anyElement, indices},
       importCenterCropPad},
      {"Concat", 1, newestOpset, {1, anyNumber}, anyElement, importConcat},
      {"Gather", 1, newestOpset, {2, 2}, {anyElement, indices}, importGather},
      {"Pad",
       1,
       10,
       {1, 1},
       {anyElement, int64, like(0), indices},
       importPadAttributes},
      {"Pad",
       11,
       newestOpset,
       {2, 4},
       {anyElement, int64, like(0), indices},
       importPadInputs},
      {"Slice", 1, 9, {1, 1}, {anyElement, indices}, importSliceAttributes},
      {"Slice",
       10,
       newestOpset,
       {3, 5},
       {anyElement, indices},
       importSliceInputs,
       onnxDomain,
       "starts and ends may be those of the run"},
      {"Split", 1, newestOpset, {1, 2}, {anyElement, int64}, importSplit},
  });
}
