//===- Quantization.cpp - Rows of quantized layers ------------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Layers between dequantizations and a quantization: the compiler makes integer
// arithmetic of them, which has the same bits everywhere. So their operands are
// rounded floats, unlike those of other quantizations. Not so where the
// operands are constants, which become floats when compiling: the sums of
// floats and quantized weights are rounded, and are at times just between two
// integers.
//
//===----------------------------------------------------------------------===//

#include "Contractions.h"
#include "Elements.h"
#include "GraphBuilder.h"
#include "Windows.h"
#include <cmath>

using namespace edgec;
using namespace edgec::edge;
using namespace edgec::random;
using llvm::APFloat;

namespace {

constexpr ElementType f32 = ElementType::F32;

/// Scales and zero points, one or one a channel.
struct Scale {
  RandomValue scale, zeroPoint;
};

Scale makeScale(GraphBuilder &graph, ElementType type, double scale,
                const Shape &shape = {}, bool isWeight = false) {
  if (graph.random.percent(30))
    scale = std::ldexp(1.0, std::ilogb(scale));
  double spread = shape.empty() ? 1 : 1.5;
  double step =
      shape.empty() && std::ldexp(1.0, std::ilogb(scale)) == scale ? scale : 0;
  bool isUnsigned = type == ElementType::U8 || type == ElementType::U16;
  double middle = !isUnsigned ? 0 : type == ElementType::U8 ? 128 : 32768;
  // Weights are symmetric; type is I32 for biases.
  double range = isWeight || type == ElementType::I32 ? 0 : 20;
  return {graph.constant(f32, shape, scale, scale * spread, step),
          graph.constant(type, shape, middle - range, middle + range, 1)};
}

RandomValue dequantize(GraphBuilder &graph, const RandomValue &x,
                       const Scale &scale, int64_t axis = 0,
                       int64_t blockSize = 0) {
  // What comes of powers of two is exact.
  double step = scale.scale.shape().empty() ? scale.scale.step : 0;
  return graph.finish(
      graph.builder.create<DequantizeOp>(
          graph.builder.getUnknownLoc(), graph.typeOf(f32, x.shape()), x.value,
          scale.scale.value, scale.zeroPoint.value, axis, blockSize),
      step);
}

/// Bytes, and the float that they stand for.
RandomValue quantizedOperand(GraphBuilder &graph, const RandomValue &x) {
  return dequantize(
      graph, x, makeScale(graph, x.type(), graph.random.uniform(0.01, 0.1)));
}

RandomValue byteOperand(GraphBuilder &graph, int64_t leastRank,
                        int64_t mostRank = 4) {
  Wanted wanted{bytes};
  wanted.leastRank = leastRank;
  wanted.mostRank = mostRank;
  wanted.nonEmpty = wanted.runTime = true;
  return graph.operand(wanted);
}

/// Ends a layer: to bytes that use most of their range.
void quantize(GraphBuilder &graph, const RandomValue &x) {
  ElementType type = bytes.pick(graph.random);
  double magnitude = std::max(x.magnitude(), 0.1);
  Scale scale =
      makeScale(graph, type, magnitude / graph.random.uniform(60, 140));
  graph.finish(graph.builder.create<QuantizeOp>(
                   graph.builder.getUnknownLoc(), graph.typeOf(type, x.shape()),
                   x.value, scale.scale.value, scale.zeroPoint.value),
               1);
  // Integer arithmetic may round to a neighbour.
  RandomValue &result = graph.values().back();
  auto [least, largest] = exactRange(type);
  result.low = std::max(least, result.low - 2);
  result.high = std::min(largest, result.high + 2);
}

/// Of floats that are the same everywhere.
void addQuantize(GraphBuilder &graph) {
  Wanted wanted{Types{f32}};
  wanted.exact = true;
  RandomValue x = graph.operand(wanted);
  ElementType type = Types{ElementType::I8, ElementType::U8, ElementType::I16,
                           ElementType::U16}
                         .pick(graph.random);
  bool byChannel = x.rank() > 0 && graph.random.percent(30);
  int64_t axis = byChannel ? graph.random.between(0, x.rank() - 1) : 0;
  // The largest values are out of range for the most part.
  double steps = graph.random.uniform(60, 300) * (bytes.has(type) ? 1 : 256);
  Scale scale = makeScale(graph, type, std::max(x.magnitude(), 0.1) / steps,
                          byChannel ? Shape{x.shape()[axis]} : Shape());
  graph.finish(graph.builder.create<QuantizeOp>(
                   graph.builder.getUnknownLoc(), graph.typeOf(type, x.shape()),
                   x.value, scale.scale.value, scale.zeroPoint.value, axis),
               1);
}

void addDequantize(GraphBuilder &graph) {
  Wanted wanted{Types{ElementType::I8, ElementType::U8, ElementType::I16,
                      ElementType::U16}};
  RandomValue x = graph.operand(wanted);
  bool wide = !bytes.has(x.type());
  double size = graph.random.uniform(0.01, 0.1) * (wide ? 0x1p-8 : 1);
  if (x.rank() == 0 || graph.random.percent(60)) {
    dequantize(graph, x, makeScale(graph, x.type(), size));
    return;
  }
  int64_t axis = graph.random.between(0, x.rank() - 1);
  Shape shape = {x.shape()[axis]};
  int64_t block = 0;
  if (x.isConstant && graph.random.percent(30)) {
    // Nothing else has scales by blocks.
    block = graph.random.between(2, 8);
    shape = x.shape();
    shape[axis] = (shape[axis] + block - 1) / block;
  }
  dequantize(graph, x, makeScale(graph, x.type(), size, shape), axis, block);
}

/// A filter of bytes with a scale for each row of `axis`, or one for all.
RandomValue quantizedWeights(GraphBuilder &graph, const Shape &shape,
                             int64_t axis) {
  ElementType type =
      graph.random.percent(80) ? ElementType::I8 : ElementType::U8;
  bool isSigned = type == ElementType::I8;
  RandomValue filter = graph.constant(type, shape, isSigned ? -127 : 0,
                                      isSigned ? 127 : 255, 1, true);
  bool byChannel = graph.random.percent(60);
  return dequantize(graph, filter,
                    makeScale(graph, type, graph.random.uniform(0.002, 0.02),
                              byChannel ? Shape{shape[axis]} : Shape(), true),
                    axis);
}

RandomValue image(GraphBuilder &graph, const Shape &shape) {
  return graph.leaf(bytes.pick(graph.random), shape, -128, 255,
                    /*exact=*/true, /*runTime=*/true);
}

void addQuantizedConv(GraphBuilder &graph) {
  RandomValue x;
  if (graph.random.percent(50)) {
    x = byteOperand(graph, 3, 5);
  } else {
    Shape shape = {1, graph.extent(40), graph.random.between(1, 14),
                   graph.random.between(1, 14)};
    x = image(graph, shape);
  }
  RandomConv conv = randomConv(graph, x.shape(), Layout::nchw);
  RandomValue image = quantizedOperand(graph, x);
  RandomValue filter = quantizedWeights(graph, conv.filter, 0);
  mlir::Value bias;
  if (graph.random.percent(60))
    bias = graph.constant(f32, {conv.outputs}, -2, 2, 0, true).value;
  RandomValue result =
      graph.add<ConvOp>(0, growthOfSum(conv.terms), image.value, filter.value,
                        bias, conv.windows.strides, conv.windows.dilations,
                        conv.windows.pads, conv.groups, Layout::nchw);
  if (graph.random.percent(40))
    result = graph.add<ReluOp>(0, 1, result.value);
  quantize(graph, result);
}

void addQuantizedMatMul(GraphBuilder &graph) {
  RandomValue x = byteOperand(graph, 2);
  int64_t depth = x.shape().back();
  RandomValue lhs = quantizedOperand(graph, x), rhs;
  if (graph.random.percent(70)) {
    rhs = quantizedWeights(graph, {depth, graph.extent()}, 1);
  } else {
    Shape shape(x.shape().begin(), x.shape().end() - 2);
    shape.insert(shape.end(), {depth, graph.extent(40)});
    rhs = quantizedOperand(
        graph, graph.operandOf({bytes}, bytes.pick(graph.random), shape));
  }
  quantize(graph,
           graph.add<MatMulOp>(0, growthOfSum(depth), lhs.value, rhs.value));
}

void addQuantizedBinary(GraphBuilder &graph) {
  RandomValue x = byteOperand(graph, 1), y;
  y = graph.operandLike({bytes}, bytes.pick(graph.random), x.shape());
  RandomValue lhs = quantizedOperand(graph, x),
              rhs = quantizedOperand(graph, y);
  switch (graph.random.between(0, 3)) {
  case 0:
    return quantize(graph, graph.add<MulOp>(0, 1, lhs.value, rhs.value));
  case 1:
    return quantize(graph, graph.add<SubOp>(0, 1, lhs.value, rhs.value));
  default:
    RandomValue sum = graph.add<AddOp>(0, 1, lhs.value, rhs.value);
    if (graph.random.percent(40))
      sum = graph.add<ReluOp>(0, 1, sum.value);
    return quantize(graph, sum);
  }
}

void addQuantizedConcat(GraphBuilder &graph) {
  RandomValue x = byteOperand(graph, 2);
  RandomValue y = graph.operandOf({bytes}, bytes.pick(graph.random), x.shape());
  mlir::Value inputs[] = {quantizedOperand(graph, x).value,
                          quantizedOperand(graph, y).value};
  quantize(graph, graph.add<ConcatOp>(0, 1, mlir::ValueRange(inputs),
                                      graph.random.between(0, x.rank() - 1)));
}

void addQuantizedPool(GraphBuilder &graph) {
  RandomValue x = byteOperand(graph, 3, 5);
  RandomWindows windows(graph, x.shape(), Layout::nchw);
  RandomValue image = quantizedOperand(graph, x);
  if (graph.random.percent(50))
    quantize(graph, graph.add<MaxPoolOp>(0, 1, image.value, windows.kernel,
                                         windows.strides, windows.dilations,
                                         windows.pads, Layout::nchw));
  else
    quantize(graph, graph.add<AveragePoolOp>(0, 1, image.value, windows.kernel,
                                             windows.strides, windows.dilations,
                                             windows.pads, Layout::nchw,
                                             graph.random.percent(40),
                                             Shape(windows.kernel.size(), 0)));
}

/// Functions of one byte, which become tables, and moves of bytes.
void addQuantizedFunction(GraphBuilder &graph) {
  RandomValue x = quantizedOperand(graph, byteOperand(graph, 1));
  switch (graph.random.between(0, 6)) {
  case 0:
    return quantize(graph, graph.add<SigmoidOp>(0, 1, x.value));
  case 1:
    return quantize(graph, graph.add<TanhOp>(0, 1, x.value));
  case 2:
    return quantize(graph, graph.add<GeluOp>(0, 1, x.value, false));
  case 3:
    return quantize(graph, graph.add<HardSwishOp>(0, 1, x.value));
  case 4:
    return quantize(graph,
                    graph.add<LeakyReluOp>(0, 1, x.value, APFloat(0.125)));
  case 5:
    return quantize(graph, graph.add<ReduceOp>(0, 1, x.value, ReduceKind::mean,
                                               Shape{x.rank() - 1},
                                               graph.random.percent(50)));
  default:
    return quantize(
        graph, graph.add<ClampOp>(0, 1, x.value, APFloat(-1.0), APFloat(2.0)));
  }
}

void addLookup(GraphBuilder &graph) {
  RandomValue x = graph.operand({bytes});
  llvm::SmallVector<int8_t> table(256);
  for (int8_t &entry : table)
    entry = static_cast<int8_t>(graph.random.between(-128, 127));
  ElementType type = bytes.pick(graph.random);
  graph.finish(graph.builder.create<LookupOp>(graph.builder.getUnknownLoc(),
                                              graph.typeOf(type, x.shape()),
                                              x.value, table),
               1);
}

/// Weights of few bits, as they are stored.
RandomValue packedWeights(GraphBuilder &graph, const Shape &shape,
                          ElementType type) {
  constexpr int64_t bitsOfByte = 8;
  int64_t bits = graph.random.among<int64_t>({2, 4, 4}), count = 1;
  for (int64_t extent : shape)
    count *= extent;
  RandomValue packed =
      graph.constant(ElementType::U8,
                     {(count * bits + bitsOfByte - 1) / bitsOfByte}, 0, 255, 1);
  return graph.finish(graph.builder.create<UnpackOp>(
                          graph.builder.getUnknownLoc(),
                          graph.typeOf(type, shape), packed.value, bits),
                      1);
}

/// The scale of a filter of few bits: by columns, and by blocks of `depth`.
RandomValue lowBitWeights(GraphBuilder &graph, const Shape &shape, int64_t axis,
                          bool mayHaveBlocks) {
  // Filters are bytes until the compiler sees that few bits are enough.
  double half = graph.random.among({2.0, 8.0, 8.0, 128.0});
  RandomValue filter =
      graph.constant(ElementType::I8, shape, -half, half - 1, 1, true);
  double size = graph.random.uniform(0.02, 0.2);
  if (!mayHaveBlocks || graph.random.percent(40))
    return dequantize(
        graph, filter,
        makeScale(graph, ElementType::I8, size, {shape[axis]}, true), axis);
  int64_t depthAxis = 1 - axis;
  int64_t block = graph.random.among<int64_t>({8, 16, 32});
  Shape scales = shape;
  scales[depthAxis] = (scales[depthAxis] + block - 1) / block;
  return dequantize(graph, filter,
                    makeScale(graph, ElementType::I8, size, scales, true),
                    depthAxis, block);
}

/// Weights of 4 and 2 bits, with floats and with bytes.
void addLowBitMatMul(GraphBuilder &graph) {
  bool isQuantized = graph.random.percent(50);
  Wanted wanted{isQuantized ? bytes : Types{f32}};
  wanted.leastRank = 2;
  wanted.mostRank = 3;
  wanted.nonEmpty = true;
  wanted.runTime = isQuantized;
  wanted.low = -4, wanted.high = 4;
  RandomValue x = graph.operand(wanted);
  RandomValue lhs = isQuantized ? quantizedOperand(graph, x) : x;
  bool isTransposed = graph.random.percent(50);
  int64_t depth = x.shape().back(), columns = graph.extent();
  RandomValue rhs = lowBitWeights(
      graph, isTransposed ? Shape{columns, depth} : Shape{depth, columns},
      isTransposed ? 0 : 1, !isQuantized);
  RandomValue result = graph.add<MatMulOp>(0, growthOfSum(depth), lhs.value,
                                           rhs.value, false, isTransposed);
  if (isQuantized)
    quantize(graph, result);
}

void addLowBitConv(GraphBuilder &graph) {
  bool isQuantized = graph.random.percent(60);
  Shape shape = {1, graph.extent(40), graph.random.between(1, 12),
                 graph.random.between(1, 12)};
  RandomValue x = isQuantized ? quantizedOperand(graph, image(graph, shape))
                              : graph.leaf(f32, shape);
  RandomConv conv = randomConv(graph, x.shape(), Layout::nchw);
  RandomValue filter = lowBitWeights(graph, conv.filter, 0, false);
  RandomValue result = graph.add<ConvOp>(
      0, growthOfSum(conv.terms), x.value, filter.value, mlir::Value(),
      conv.windows.strides, conv.windows.dilations, conv.windows.pads,
      conv.groups, Layout::nchw);
  if (isQuantized)
    quantize(graph, result);
}

void addUnpack(GraphBuilder &graph) {
  packedWeights(graph, graph.shape(1, 3, true), bytes.pick(graph.random));
}

/// Integers times weights as they are stored.
void addPackedMatMul(GraphBuilder &graph) {
  RandomValue x = byteOperand(graph, 2);
  RandomValue weights =
      packedWeights(graph, {x.shape().back(), graph.extent()}, ElementType::I8);
  graph.add<MatMulOp>(1, 1, x.value, weights.value, false, false);
}

} // namespace

void random::addQuantizationRows(OperationRows &rows) {
  rows.insert(rows.end(), {
                              {"edge.quantize", addQuantize, 6},
                              {"edge.dequantize", addDequantize, 6},
                              {"edge.quantize", addQuantizedConv, 12},
                              {"edge.quantize", addQuantizedMatMul, 8},
                              {"edge.quantize", addQuantizedBinary, 6},
                              {"edge.quantize", addQuantizedConcat, 4},
                              {"edge.quantize", addQuantizedPool, 6},
                              {"edge.quantize", addQuantizedFunction, 6},
                              {"edge.lookup", addLookup},
                              {"edge.dequantize", addLowBitMatMul, 10},
                              {"edge.dequantize", addLowBitConv, 6},
                              {"edge.unpack", addUnpack, 2, false},
                              {"edge.unpack", addPackedMatMul, 5, false},
                          });
}
