//===- Contractions.cpp - Rows of convolutions and matrix products --------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Contractions.h"
#include "Elements.h"
#include "Windows.h"

using namespace edgec;
using namespace edgec::edge;
using namespace edgec::random;
using llvm::APFloat;

namespace {

/// Products of many numbers: results stay small.
constexpr double largeOperand = 8;

Wanted imageOf(Types types) {
  Wanted wanted{types};
  wanted.leastRank = 3;
  wanted.mostRank = 5;
  wanted.low = -largeOperand, wanted.high = largeOperand;
  wanted.nonEmpty = true;
  return wanted;
}

/// Filters, known when compiling for the most part.
RandomValue weights(GraphBuilder &graph, ElementType type, const Shape &shape) {
  if (!isFloatType(type))
    return graph.random.percent(80)
               ? graph.constant(type, shape, -128, 255, 1, true)
               : graph.operandOf({anyInteger}, type, shape);
  Wanted wanted{anyFloat};
  wanted.low = -1, wanted.high = 1;
  if (graph.random.percent(20))
    return graph.operandOf(wanted, type, shape);
  double step = graph.random.percent(50) ? 0.125 : 0;
  return graph.constant(type, shape, -1, 1, step, true);
}

int64_t elementsFrom(const Shape &shape, size_t first) {
  int64_t count = 1;
  for (size_t i = first; i < shape.size(); ++i)
    count *= shape[i];
  return count;
}

/// A new image, of a shape that suits convolutions.
RandomValue newImage(GraphBuilder &graph, ElementType type, Layout layout) {
  RandomSource &random = graph.random;
  int64_t spatial = random.among<int64_t>({1, 2, 2, 2, 2, 3});
  int64_t most = spatial == 1 ? 40 : spatial == 2 ? 14 : 5;
  Shape shape = {random.percent(80) ? 1 : 2};
  for (int64_t i = 0; i < spatial; ++i)
    shape.push_back(random.between(1, most));
  int64_t channels = graph.extent(spatial == 2 ? 40 : 20);
  shape.insert(layout == Layout::nchw ? shape.begin() + 1 : shape.end(),
               channels);
  bool exact = random.percent(40);
  return isFloatType(type) ? graph.leaf(type, shape, -4, 4, exact)
                           : graph.leaf(type, shape, -128, 255);
}

/// An image among the values, or a new one.
RandomValue image(GraphBuilder &graph, Types types, Layout layout) {
  constexpr int64_t mostChannels = 130;
  if (graph.random.percent(50)) {
    RandomValue x = graph.operand(imageOf(types));
    int64_t channels = x.shape()[layout == Layout::nchw ? 1 : x.rank() - 1];
    if (channels <= mostChannels)
      return x;
  }
  return newImage(graph, types.pick(graph.random), layout);
}

int64_t groupsOf(GraphBuilder &graph, int64_t channels) {
  unsigned kind = graph.random.next() % 10;
  if (kind < 6)
    return 1;
  if (kind < 9) // Depthwise.
    return channels;
  for (int64_t groups : {2, 3, 4, 5})
    if (channels % groups == 0)
      return groups;
  return 1;
}

} // namespace

double random::growthOfSum(int64_t count) {
  return 8 * std::sqrt(static_cast<double>(count));
}

RandomConv random::randomConv(GraphBuilder &graph, const Shape &image,
                              Layout layout) {
  RandomConv conv{layout, RandomWindows(graph, image, layout)};
  int64_t channels = image[layout == Layout::nchw ? 1 : image.size() - 1];
  conv.groups = groupsOf(graph, channels);
  int64_t perGroup = conv.groups == 1           ? graph.extent(48)
                     : graph.random.percent(75) ? channels / conv.groups
                                                : graph.random.between(1, 4);
  conv.outputs = conv.groups * perGroup;
  conv.filter = {conv.outputs, channels / conv.groups};
  conv.filter.insert(conv.filter.end(), conv.windows.kernel.begin(),
                     conv.windows.kernel.end());
  conv.terms = elementsFrom(conv.filter, 1);
  return conv;
}

void random::addActivation(GraphBuilder &graph, const RandomValue &x) {
  switch (graph.random.between(0, 6)) {
  case 0:
  case 1:
    graph.add<ReluOp>(x.step, 1, x.value);
    return;
  case 2:
    graph.add<ClampOp>(x.step, 1, x.value, APFloat(0.0), APFloat(6.0));
    return;
  case 3:
    graph.add<SigmoidOp>(0, 1, x.value);
    return;
  case 4:
    graph.add<LeakyReluOp>(0, 1, x.value, APFloat(0.1));
    return;
  default:
    return;
  }
}

namespace {

void addConv(GraphBuilder &graph) {
  Layout layout = randomLayout(graph);
  RandomValue x = image(graph, anyFloat, layout);
  RandomConv conv = randomConv(graph, x.shape(), layout);
  RandomValue filter = weights(graph, x.type(), conv.filter);
  double step = GraphBuilder::sumStep(x, filter, conv.terms);
  RandomValue bias;
  if (graph.random.percent(60)) {
    bias = weights(graph, x.type(), {conv.outputs});
    step = bias.isExact() ? std::min(step, bias.step) : 0;
  }
  const RandomValue &result = graph.add<ConvOp>(
      step, growthOfSum(conv.terms), x.value, filter.value, bias.value,
      conv.windows.strides, conv.windows.dilations, conv.windows.pads,
      conv.groups, layout);
  if (graph.random.percent(40))
    addActivation(graph, RandomValue(result));
}

/// Of bytes, whose sums are i32.
void addIntegerConv(GraphBuilder &graph) {
  Layout layout = randomLayout(graph);
  RandomValue x = image(graph, bytes, layout);
  RandomConv conv = randomConv(graph, x.shape(), layout);
  RandomValue filter = weights(graph, bytes.pick(graph.random), conv.filter);
  mlir::Value bias;
  if (graph.random.percent(40))
    bias =
        graph.constant(ElementType::I32, {conv.outputs}, -1000, 1000, 1, true)
            .value;
  graph.add<ConvOp>(1, 1, x.value, filter.value, bias, conv.windows.strides,
                    conv.windows.dilations, conv.windows.pads, conv.groups,
                    layout);
}

/// A channel each, of all types alike.
void addDepthwise(GraphBuilder &graph) {
  RandomSource &random = graph.random;
  ElementType type =
      random.among({ElementType::F16, ElementType::BF16, ElementType::F64,
                    ElementType::I8, ElementType::U8});
  RandomValue x = newImage(graph, type, Layout::nchw);
  RandomWindows windows(graph, x.shape(), Layout::nchw);
  int64_t channels = x.shape()[1];
  Shape filterShape = {channels, 1};
  filterShape.insert(filterShape.end(), windows.kernel.begin(),
                     windows.kernel.end());
  RandomValue filter = weights(
      graph, isFloatType(type) ? type : bytes.pick(random), filterShape);
  int64_t terms = elementsFrom(filterShape, 1);
  double step = isFloatType(type) ? GraphBuilder::sumStep(x, filter, terms) : 1;
  graph.add<ConvOp>(step, growthOfSum(terms), x.value, filter.value,
                    mlir::Value(), windows.strides, windows.dilations,
                    windows.pads, channels, Layout::nchw);
}

void addConvTranspose(GraphBuilder &graph) {
  Layout layout = randomLayout(graph);
  RandomValue x = image(graph, anyFloat, layout);
  int64_t channels = x.shape()[layout == Layout::nchw ? 1 : x.rank() - 1];
  int64_t groups = groupsOf(graph, channels);
  int64_t perGroup =
      groups == 1 ? graph.extent(24) : graph.random.between(1, 3);
  Shape filterShape = {channels, perGroup}, strides, dilations, low, high;
  for (int64_t extent : spatialExtents(x.shape(), layout)) {
    int64_t kernel = graph.random.between(1, 4);
    filterShape.push_back(kernel);
    strides.push_back(graph.random.between(1, 3));
    dilations.push_back(graph.random.percent(80) ? 1 : 2);
    int64_t whole =
        (extent - 1) * strides.back() + dilations.back() * (kernel - 1) + 1;
    int64_t least = graph.exportable ? 0 : -1;
    low.push_back(std::min(whole - 1, graph.random.between(least, kernel - 1)));
    high.push_back(std::min(whole - 1 - std::max<int64_t>(0, low.back()),
                            graph.random.between(-1, kernel - 1)));
  }
  low.insert(low.end(), high.begin(), high.end());
  RandomValue filter = weights(graph, x.type(), filterShape);
  RandomValue bias;
  if (graph.random.percent(50))
    bias = weights(graph, x.type(), {perGroup * groups});
  int64_t terms = channels / groups * elementsFrom(filterShape, 2);
  double step = GraphBuilder::sumStep(x, filter, terms);
  if (bias.value)
    step = bias.isExact() ? std::min(step, bias.step) : 0;
  graph.add<ConvTransposeOp>(step, growthOfSum(terms), x.value, filter.value,
                             bias.value, strides, dilations, low, groups,
                             layout);
}

/// The right operand of a product with `x`, with batch dimensions that
/// broadcast.
Shape rightShape(GraphBuilder &graph, const RandomValue &x, int64_t depth,
                 int64_t columns, bool isTransposed) {
  Shape shape;
  if (x.rank() > 2 && graph.random.percent(40))
    for (int64_t i = 0; i < x.rank() - 2; ++i)
      shape.push_back(graph.random.percent(70) ? x.shape()[i] : 1);
  shape.push_back(isTransposed ? columns : depth);
  shape.push_back(isTransposed ? depth : columns);
  return shape;
}

void product(GraphBuilder &graph, const RandomValue &x, Types rightTypes) {
  RandomSource &random = graph.random;
  bool transposeLeft = x.rank() >= 2 && random.percent(20);
  bool transposeRight = random.percent(30);
  int64_t depth = x.shape()[x.rank() - (transposeLeft ? 2 : 1)];
  ElementType type = isFloatType(x.type()) ? x.type() : rightTypes.pick(random);
  RandomValue y;
  if (random.percent(6) && !(graph.exportable && !isFloatType(type))) {
    transposeRight = false;
    y = weights(graph, type, {depth});
  } else {
    y = weights(graph, type,
                rightShape(graph, x, depth, graph.extent(), transposeRight));
  }
  const RandomValue &result = graph.add<MatMulOp>(
      isFloatType(type) ? GraphBuilder::sumStep(x, y, depth) : 1,
      growthOfSum(depth), x.value, y.value, transposeLeft, transposeRight);
  if (isFloatType(type) && random.percent(30))
    addActivation(graph, RandomValue(result));
}

void addMatMul(GraphBuilder &graph) {
  Wanted wanted{anyFloat};
  wanted.leastRank = 1;
  wanted.mostRank = 4;
  wanted.low = -largeOperand, wanted.high = largeOperand;
  product(graph, graph.operand(wanted), anyFloat);
}

void addIntegerMatMul(GraphBuilder &graph) {
  Types types = graph.random.percent(80)
                    ? bytes
                    : Types{ElementType::I32, ElementType::I64};
  Wanted wanted{types};
  wanted.leastRank = graph.exportable ? 2 : 1;
  wanted.mostRank = 4;
  RandomValue x = graph.operand(wanted);
  bool isByte = bytes.has(x.type());
  product(graph, x, isByte ? bytes : Types{x.type()});
}

/// Of matrices with a large diagonal, which are far from singular.
void addDet(GraphBuilder &graph) {
  int64_t size = graph.random.between(1, 5);
  ElementType type = anyFloat.pick(graph.random);
  Shape shape = graph.shape(0, 2, /*nonEmpty=*/true);
  shape.insert(shape.end(), {size, size});
  Wanted wanted{anyFloat};
  wanted.low = -1, wanted.high = 1;
  RandomValue x = graph.operandOf(wanted, type, shape);
  Tensor identity(type, {size, size});
  for (int64_t i = 0; i < size; ++i)
    identity.setDouble(i * size + i, 8);
  RandomValue diagonal = graph.constant(std::move(identity), 8);
  RandomValue matrix = graph.add<AddOp>(0, 8, x.value, diagonal.value);
  graph.add<DetOp>(0, 16, matrix.value);
}

/// softmax(q k / root(d) + mask) v, which is fused.
void addAttention(GraphBuilder &graph) {
  RandomSource &random = graph.random;
  ElementType type = ElementType::F32;
  int64_t heads = random.between(1, 4), queries = graph.extent(40),
          keys = graph.extent(40),
          depth = random.among<int64_t>({4, 8, 16, 19}),
          width = random.among<int64_t>({4, 8, 16, 17});
  Shape batch = {heads};
  if (random.percent(40))
    batch.insert(batch.begin(), 1);
  auto matrix = [&](int64_t rows, int64_t columns) {
    Shape shape = batch;
    shape.insert(shape.end(), {rows, columns});
    Wanted wanted{anyFloat};
    wanted.low = -2, wanted.high = 2;
    return graph.operandOf(wanted, type, shape);
  };
  RandomValue q = matrix(queries, depth), k = matrix(keys, depth),
              v = matrix(keys, width);
  RandomValue scores =
      graph.add<MatMulOp>(0, 16, q.value, k.value, false, true);
  RandomValue factor = graph.constant(type, {}, 0.25, 0.25, 0.25);
  scores = graph.add<MulOp>(0, 1, scores.value, factor.value);
  if (random.percent(50)) {
    RandomValue mask = graph.operandLike({Types{type}}, type, {queries, keys});
    scores = graph.add<AddOp>(0, 8, scores.value, mask.value);
  }
  RandomValue weights =
      graph.add<SoftmaxOp>(0, 16, scores.value, scores.rank() - 1);
  graph.add<MatMulOp>(0, 8, weights.value, v.value);
}

} // namespace

void random::addContractionRows(OperationRows &rows) {
  rows.insert(rows.end(), {
                              {"edge.conv", addConv, 16},
                              {"edge.conv", addIntegerConv, 8},
                              {"edge.conv", addDepthwise, 4},
                              {"edge.conv_transpose", addConvTranspose, 4},
                              {"edge.matmul", addMatMul, 14},
                              {"edge.matmul", addIntegerMatMul, 8},
                              {"edge.matmul", addAttention, 5},
                              {"edge.det", addDet, 2},
                          });
}
