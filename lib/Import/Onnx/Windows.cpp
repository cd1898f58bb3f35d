//===- Windows.cpp - Pads of convolutions and pooling -------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Windows.h"
#include "llvm/Support/MathExtras.h"
#include <fmt/format.h>

using namespace edgec::onnx_import;
using namespace mlir;

namespace {

/// Larger strides, kernels and pads are no model's, and smaller ones keep the
/// arithmetic below far from overflow.
constexpr int64_t largestParameter = largestWindowParameter;

} // namespace

SmallVector<int64_t> edgec::onnx_import::readWindowList(NodeContext &node,
                                                        StringRef name,
                                                        size_t count,
                                                        int64_t byDefault,
                                                        int64_t smallest) {
  SmallVector<int64_t> values =
      node.intsAttribute(name).value_or(SmallVector<int64_t>(count, byDefault));
  if (values.size() != count) {
    (void)node.error(fmt::format("attribute '{}' has {} values, not {}",
                                 name.str(), values.size(), count));
    return SmallVector<int64_t>(count, byDefault);
  }
  for (int64_t &value : values) {
    if (value >= smallest && value <= largestParameter)
      continue;
    (void)node.error(fmt::format("attribute '{}' holds {}, which is not in "
                                 "[{}, {}]",
                                 name.str(), value, smallest,
                                 largestParameter));
    value = byDefault;
  }
  return values;
}

namespace {

/// One spatial dimension.
struct Dimension {
  int64_t input, extent, stride, low, high;

  int64_t span() const { return input + low + high - extent; }
  int64_t outputRoundedDown() const { return span() / stride + 1; }
  /// A last window that would start in the high padding is dropped.
  int64_t outputRoundedUp() const {
    int64_t output = llvm::divideCeil(span(), stride) + 1;
    return (output - 1) * stride >= input + low ? output - 1 : output;
  }
  /// The high pad that gives `output` windows.
  int64_t highPadFor(int64_t output) const {
    return (output - 1) * stride + extent - input - low;
  }
};

LogicalResult checkRank(NodeContext &node, ArrayRef<int64_t> shape,
                        ArrayRef<int64_t> kernel) {
  if (shape.size() >= 3 && shape.size() - 2 == kernel.size())
    return success();
  return node.error(fmt::format("the input has rank {}, a kernel of {} spatial "
                                "dimensions needs rank {}, at least 3",
                                shape.size(), kernel.size(),
                                kernel.size() + 2));
}

LogicalResult checkKernel(NodeContext &node, const Windows &windows, size_t i) {
  int64_t kernel = windows.kernel[i], dilation = windows.dilations[i];
  if (kernel >= 1 && kernel <= largestParameter &&
      dilation * (kernel - 1) <= largestParameter)
    return success();
  return node.error(fmt::format("a kernel extent of {} with dilation {} is "
                                "not allowed",
                                kernel, dilation));
}

/// Strides, dilations and pads as they are stated.
Windows readLists(NodeContext &node, ArrayRef<int64_t> kernel) {
  size_t count = kernel.size();
  Windows windows;
  windows.kernel.assign(kernel.begin(), kernel.end());
  windows.strides = readWindowList(node, "strides", count, 1, 1);
  windows.dilations = readWindowList(node, "dilations", count, 1, 1);
  windows.pads = readWindowList(node, "pads", 2 * count, 0, -largestParameter);
  windows.ceilPads.assign(count, 0);
  return windows;
}

/// NOTSET, VALID, SAME_UPPER or SAME_LOWER.
std::string readAutoPad(NodeContext &node) {
  std::string automatic = node.stringAttribute("auto_pad", "NOTSET");
  if (automatic.empty())
    automatic = "NOTSET";
  if (automatic != "SAME_UPPER" && automatic != "SAME_LOWER" &&
      automatic != "NOTSET" && automatic != "VALID")
    (void)node.error("auto_pad = '" + automatic + "' is not known");
  return automatic;
}

/// Splits what SAME_UPPER and SAME_LOWER pad so that the output has
/// ceil(input / stride) windows.
void padToSame(Dimension &dimension, bool moreAtEnd) {
  int64_t output = llvm::divideCeil(dimension.input, dimension.stride);
  dimension.low = dimension.high = 0;
  int64_t total = std::max<int64_t>(0, dimension.highPadFor(output));
  dimension.low = moreAtEnd ? total / 2 : total - total / 2;
  dimension.high = total - dimension.low;
}

} // namespace

std::optional<SmallVector<int64_t>>
edgec::onnx_import::kernelShape(NodeContext &node) {
  std::optional<SmallVector<int64_t>> kernel =
      node.intsAttribute("kernel_shape");
  if (!kernel)
    (void)node.error("attribute 'kernel_shape' is missing");
  return kernel;
}

std::optional<Windows> edgec::onnx_import::readWindows(NodeContext &node,
                                                       ArrayRef<int64_t> kernel,
                                                       bool roundsUp) {
  ArrayRef<int64_t> shape = node.shapeOf(node.input(0));
  if (failed(checkRank(node, shape, kernel)))
    return std::nullopt;
  size_t count = kernel.size();
  std::string automatic = readAutoPad(node);
  bool isSame = automatic == "SAME_UPPER" || automatic == "SAME_LOWER";
  Windows windows = readLists(node, kernel);

  for (size_t i = 0; i < count && !node.hasFailed(); ++i) {
    if (failed(checkKernel(node, windows, i)))
      break;
    Dimension dimension{
        shape[i + 2], windows.dilations[i] * (kernel[i] - 1) + 1,
        windows.strides[i], windows.pads[i], windows.pads[i + count]};
    if (isSame)
      padToSame(dimension, automatic == "SAME_UPPER");
    else if (automatic == "VALID")
      dimension.low = dimension.high = 0;
    if (dimension.span() < 0) {
      (void)node.error(fmt::format(
          "the kernel (extent {}) is larger than the padded input ({})",
          dimension.extent, dimension.input + dimension.low + dimension.high));
      break;
    }
    windows.pads[i] = dimension.low;
    windows.pads[i + count] = dimension.high;
    int64_t output = dimension.outputRoundedUp();
    if (!roundsUp || output <= dimension.outputRoundedDown())
      continue;
    windows.pads[i + count] = dimension.highPadFor(output);
    windows.ceilPads[i] = windows.pads[i + count] - dimension.high;
  }
  if (node.hasFailed())
    return std::nullopt;
  return windows;
}

/// Attribute output_shape, of the spatial dimensions only; some exporters state
/// the batch and the channels too.
static std::optional<SmallVector<int64_t>> readOutputShape(NodeContext &node,
                                                           size_t count) {
  std::optional<SmallVector<int64_t>> shape =
      node.intsAttribute("output_shape");
  if (shape && shape->size() == count + 2)
    shape->erase(shape->begin(), shape->begin() + 2);
  if (!shape || shape->empty())
    return std::nullopt;
  bool isInRange = llvm::all_of(*shape, [](int64_t extent) {
    return extent >= 1 && extent <= largestParameter;
  });
  if (shape->size() == count && isInRange)
    return shape;
  (void)node.error(fmt::format("attribute 'output_shape' must have {} values "
                               "in [1, {}]",
                               count, largestParameter));
  return std::nullopt;
}

std::optional<Windows>
edgec::onnx_import::readTransposedWindows(NodeContext &node,
                                          ArrayRef<int64_t> kernel) {
  ArrayRef<int64_t> shape = node.shapeOf(node.input(0));
  if (failed(checkRank(node, shape, kernel)))
    return std::nullopt;
  size_t count = kernel.size();
  std::string automatic = readAutoPad(node);
  Windows windows = readLists(node, kernel);
  SmallVector<int64_t> added =
      readWindowList(node, "output_padding", count, 0, 0);
  std::optional<SmallVector<int64_t>> output = readOutputShape(node, count);
  bool isSame = automatic == "SAME_UPPER" || automatic == "SAME_LOWER";
  for (size_t i = 0; i < count && !node.hasFailed(); ++i) {
    int64_t stride = windows.strides[i];
    if (failed(checkKernel(node, windows, i)))
      break;
    if (shape[i + 2] > largestParameter) {
      (void)node.error("the input is too large");
      break;
    }
    int64_t &low = windows.pads[i], &high = windows.pads[i + count];
    if (automatic == "VALID")
      low = high = 0;
    if (isSame || output) {
      int64_t full = stride * (shape[i + 2] - 1) + added[i] +
                     windows.dilations[i] * (kernel[i] - 1) + 1;
      int64_t total = full - (output ? (*output)[i] : shape[i + 2] * stride);
      // What is missing is added at the end.
      int64_t cut = std::max<int64_t>(total, 0);
      low = automatic == "SAME_UPPER" ? cut / 2 : cut - cut / 2;
      high = total - low;
    }
    high -= added[i];
  }
  if (node.hasFailed())
    return std::nullopt;
  return windows;
}

std::optional<Windows> edgec::onnx_import::poolWindows(NodeContext &node) {
  std::optional<SmallVector<int64_t>> kernel = kernelShape(node);
  bool roundsUp = node.flagAttribute("ceil_mode", false);
  return kernel ? readWindows(node, *kernel, roundsUp) : std::nullopt;
}
