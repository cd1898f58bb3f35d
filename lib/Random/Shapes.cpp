//===- Shapes.cpp - Rows of operations that move elements -----------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "GraphBuilder.h"
#include "llvm/ADT/APFloat.h"
#include <numeric>

using namespace edgec;
using namespace edgec::edge;
using namespace edgec::random;
using llvm::APFloat;

namespace {

/// Factors of `count`, in a random order, some of them one.
Shape randomFactors(GraphBuilder &graph, int64_t count) {
  Shape factors;
  while (count > 1 && factors.size() < 4 && graph.random.percent(75)) {
    int64_t factor = graph.random.between(1, 9);
    if (count % factor != 0)
      continue;
    factors.push_back(factor);
    count /= factor;
  }
  if (count != 1 || graph.random.percent(50))
    factors.insert(factors.begin() + graph.random.between(0, factors.size()),
                   count);
  return factors;
}

void addReshape(GraphBuilder &graph) {
  RandomValue x = graph.operand({anyType});
  Shape shape;
  if (x.tensor.size() == 0)
    shape = {0, graph.random.between(1, 5)};
  else if (graph.random.percent(40) && x.rank() >= 2) // Merges two neighbours.
    for (int64_t axis = 0, merged = graph.random.between(0, x.rank() - 2);
         axis < x.rank(); ++axis) {
      if (axis == merged + 1)
        shape.back() *= x.shape()[axis];
      else
        shape.push_back(x.shape()[axis]);
    }
  else
    shape = randomFactors(graph, x.tensor.size());
  graph.finish(graph.builder.create<ReshapeOp>(graph.builder.getUnknownLoc(),
                                               graph.typeOf(x.type(), shape),
                                               x.value),
               x.step);
}

void addTranspose(GraphBuilder &graph) {
  Wanted wanted{anyType};
  wanted.leastRank = 2;
  RandomValue x = graph.operand(wanted);
  Shape permutation(x.rank());
  std::iota(permutation.begin(), permutation.end(), 0);
  if (graph.random.percent(60)) // As between layouts, and of matrices.
    std::rotate(permutation.begin() + graph.random.between(0, 1),
                permutation.end() - 1, permutation.end());
  else
    for (int64_t i = x.rank() - 1; i > 0; --i)
      std::swap(permutation[i], permutation[graph.random.between(0, i)]);
  graph.add<TransposeOp>(x.step, 1, x.value, permutation);
}

void addBroadcast(GraphBuilder &graph) {
  constexpr int64_t mostElements = 6000;
  Wanted wanted{anyType};
  wanted.mostRank = 4;
  RandomValue x = graph.operand(wanted);
  Shape shape = x.shape();
  int64_t size = std::max<int64_t>(1, x.tensor.size());
  for (int64_t &extent : shape)
    if (extent == 1 && size < mostElements) {
      extent = graph.extent(std::max<int64_t>(1, mostElements / size));
      size *= extent;
    }
  while (shape.size() < 5 && graph.random.percent(40)) {
    int64_t extent = size < mostElements ? graph.random.between(1, 4) : 1;
    shape.insert(shape.begin(), extent);
    size *= extent;
  }
  graph.finish(graph.builder.create<BroadcastOp>(graph.builder.getUnknownLoc(),
                                                 graph.typeOf(x.type(), shape),
                                                 x.value),
               x.step);
}

void addConcat(GraphBuilder &graph) {
  Wanted wanted{anyType};
  wanted.leastRank = 1;
  RandomValue x = graph.operand(wanted);
  int64_t axis = graph.random.between(0, x.rank() - 1);
  llvm::SmallVector<mlir::Value> inputs{x.value};
  double step = x.step;
  for (int64_t i = graph.random.between(0, 3); i > 0; --i) {
    Shape shape = x.shape();
    if (graph.random.percent(60))
      shape[axis] = graph.random.percent(5) ? 0 : graph.extent(9);
    Wanted other{Types{x.type()}};
    RandomValue y = graph.operandOf(other, x.type(), shape);
    step = y.isExact() ? std::min(step, y.step) : 0;
    inputs.push_back(y.value);
    if (graph.random.percent(50))
      std::swap(inputs.front(), inputs.back());
  }
  graph.add<ConcatOp>(step, 1, inputs, axis);
}

void addSlice(GraphBuilder &graph) {
  RandomSource &random = graph.random;
  RandomValue x = graph.operand({anyType});
  Shape starts, sizes, steps;
  for (int64_t extent : x.shape()) {
    int64_t step =
        random.percent(70) ? 1 : random.among<int64_t>({2, 3, -1, -2});
    int64_t most = (extent + std::abs(step) - 1) / std::abs(step);
    int64_t size =
        random.percent(40) && std::abs(step) == 1
            ? extent
            : random.between(
                  random.percent(97) ? std::min<int64_t>(1, most) : 0, most);
    int64_t reach = size == 0 ? 0 : (size - 1) * std::abs(step);
    int64_t first = random.between(0, std::max<int64_t>(0, extent - 1 - reach));
    starts.push_back(step > 0 ? first : first + reach);
    sizes.push_back(size);
    steps.push_back(step);
  }
  graph.add<SliceOp>(x.step, 1, x.value, starts, sizes, steps);
}

void addPad(GraphBuilder &graph) {
  RandomSource &random = graph.random;
  Wanted wanted{anyType};
  wanted.leastRank = 1;
  wanted.nonEmpty = true;
  RandomValue x = graph.operand(wanted);
  auto mode =
      static_cast<PadMode>(random.percent(50) ? 0 : random.between(0, 3));
  Shape low, high;
  for (int64_t extent : x.shape()) {
    int64_t most = mode == PadMode::reflect ? std::min<int64_t>(3, extent - 1)
                   : mode == PadMode::wrap  ? std::min<int64_t>(3, extent)
                                            : 3;
    bool pads = random.percent(50);
    low.push_back(pads ? random.between(0, most) : 0);
    high.push_back(pads ? random.between(0, most) : 0);
    if (mode == PadMode::constant && random.percent(5)) // Crops.
      low.back() = -std::min<int64_t>(1, extent - 1);
  }
  RandomValue value;
  double step = x.step;
  if (mode == PadMode::constant && random.percent(60)) {
    value = graph.operandOf({Types{x.type()}}, x.type(), {});
    step = value.isExact() ? std::min(step, value.step) : 0;
  }
  graph.add<PadOp>(step, 1, x.value, value.value, low, high, mode);
}

void addGather(GraphBuilder &graph) {
  Wanted wanted{anyType};
  wanted.leastRank = 1;
  wanted.nonEmpty = true;
  RandomValue x = graph.operand(wanted);
  int64_t axis = graph.random.between(0, x.rank() - 1);
  double extent = static_cast<double>(x.shape()[axis]);
  // Indices of results stay few.
  int64_t most = 6000 / std::max<int64_t>(1, x.tensor.size()) + 1;
  Wanted index{Types{ElementType::I64, ElementType::I32}};
  index.low = -extent, index.high = extent - 1;
  index.clampIntegers = true;
  index.mostRank = 2;
  ElementType type = index.types.pick(graph.random);
  Shape shape = graph.random.percent(20)
                    ? Shape()
                    : Shape{graph.extent(std::min<int64_t>(most, 9))};
  RandomValue indices = graph.operandOf(index, type, shape);
  graph.add<GatherOp>(x.step, 1, x.value, indices.value, axis);
}

/// Of f32, as models have it. What an element is nearest to jumps with the
/// coordinate, but not with the elements.
void addResize(GraphBuilder &graph) {
  RandomSource &random = graph.random;
  auto mode = static_cast<ResizeMode>(random.between(0, 2));
  Wanted wanted{mode == ResizeMode::nearest ? anyNumber
                                            : Types{ElementType::F32}};
  wanted.leastRank = mode == ResizeMode::nearest ? 1 : 3;
  wanted.mostRank = 4;
  wanted.nonEmpty = true;
  RandomValue x = graph.operand(wanted);
  Shape shape = x.shape();
  std::vector<double> scales(shape.size(), 1.0);
  size_t first = shape.size() > 2 ? 2 : 0;
  for (size_t i = first; i < shape.size(); ++i) {
    if (random.percent(25))
      continue;
    shape[i] = random.percent(50) && shape[i] <= 20
                   ? shape[i] * random.between(1, 3)
                   : random.between(1, 20);
    scales[i] =
        static_cast<double>(shape[i]) / static_cast<double>(x.shape()[i]);
  }
  auto coordinates = static_cast<CoordinateMode>(
      random.between(0, getMaxEnumValForCoordinateMode()));
  if (graph.exportable && coordinates == CoordinateMode::tf_half_pixel_for_nn)
    coordinates = CoordinateMode::asymmetric;
  std::vector<double> roi;
  if (coordinates == CoordinateMode::tf_crop_and_resize) {
    roi.assign(2 * shape.size(), 0.0);
    for (size_t i = 0; i < shape.size(); ++i) {
      bool isCropped = shape[i] != x.shape()[i];
      roi[i] = isCropped ? random.among({0.0, 0.125, -0.25}) : 0.0;
      roi[shape.size() + i] = isCropped ? random.among({1.0, 0.75, 1.25}) : 1.0;
    }
  }
  auto nearest = static_cast<NearestMode>(
      random.between(0, getMaxEnumValForNearestMode()));
  bool isNearest = mode == ResizeMode::nearest;
  graph.finish(graph.builder.create<ResizeOp>(
                   graph.builder.getUnknownLoc(), graph.typeOf(x.type(), shape),
                   x.value, scales, mode, coordinates, nearest,
                   APFloat(random.among({-0.75, -0.5})),
                   mode == ResizeMode::cubic && random.percent(30),
                   roi.empty() ? mlir::DenseF64ArrayAttr()
                               : graph.builder.getDenseF64ArrayAttr(roi),
                   APFloat(0.5)),
               isNearest ? x.step : 0, 4);
}

} // namespace

void random::addShapeRows(OperationRows &rows) {
  rows.insert(rows.end(), {
                              {"edge.reshape", addReshape, 8},
                              {"edge.transpose", addTranspose, 10},
                              {"edge.broadcast", addBroadcast},
                              {"edge.concat", addConcat, 8},
                              {"edge.slice", addSlice, 8},
                              {"edge.pad", addPad, 6},
                              {"edge.gather", addGather, 6},
                              {"edge.resize", addResize, 6},
                          });
}
