//===- Signal.cpp - Fourier transforms ----------------------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A transform is a product with a constant matrix, whose rows and columns
// interleave real and imaginary parts as ONNX's tensors do. Long ones are two
// shorter ones (Cooley and Tukey) with a factor for each element between them.
//
//===----------------------------------------------------------------------===//

#include "NodeContext.h"
#include "OperatorTable.h"
#include <cmath>
#include <fmt/format.h>

using namespace edgec;
using namespace edgec::onnx_import;
using namespace mlir;

namespace {

/// Transforms up to this length, and those of prime length, are one product.
constexpr int64_t longestAtOnce = 256;
/// Longer ones would need matrices of hundreds of megabytes.
constexpr int64_t longestPrime = 2048;
/// Roots of one between the stages of longer ones would need as much.
constexpr int64_t longestTransform = int64_t{1} << 22;
/// Frames up to this length are transformed by a convolution over the signal.
constexpr int64_t longestFilter = 1024;

/// A constant of f32, or of f64.
Value constantOf(NodeContext &node, Type element, ArrayRef<double> values,
                 ArrayRef<int64_t> shape) {
  Tensor tensor(element.isF64() ? ElementType::F64 : ElementType::F32,
                shape.vec());
  for (auto [i, value] : llvm::enumerate(values)) {
    if (element.isF64())
      tensor.mutableData<double>()[i] = value;
    else
      tensor.mutableData<float>()[i] = static_cast<float>(value);
  }
  return node.constant(tensor);
}

/// The angle of root number `power` of the `n` roots of one, clockwise;
/// anticlockwise for the inverse.
double angleOf(int64_t power, int64_t n, bool inverse) {
  double turns = static_cast<double>(power % n) / static_cast<double>(n);
  return (inverse ? 2 : -2) * M_PI * turns;
}

/// Moves dimensions [outer, n, inner] of a value to [outer, inner, n].
Value swapLast(NodeContext &node, Value value, int64_t first, int64_t second) {
  if (node.hasFailed())
    return {};
  SmallVector<int64_t> order(node.rankOf(value));
  for (size_t i = 0; i < order.size(); ++i)
    order[i] = i;
  std::swap(order[first], order[second]);
  return node.transpose(value, order);
}

class Transform {
public:
  Transform(NodeContext &node, Type element, bool inverse)
      : node(node), element(element), inverse(inverse) {}

  /// The first `wanted` coefficients of the rows of [rows, length, parts],
  /// where parts is 1 for real and 2 for complex numbers: [rows, wanted, 2].
  Value apply(Value rows, int64_t wanted) {
    if (node.hasFailed())
      return {};
    int64_t length = node.shapeOf(rows)[1];
    if (length > longestTransform) {
      (void)node.error(fmt::format("a transform of length {} is not supported, "
                                   "{} is the longest",
                                   length, longestTransform));
      return {};
    }
    int64_t factor = length <= longestAtOnce ? 1 : divisorOf(length);
    if (factor == 1 && length > longestPrime) {
      (void)node.error(fmt::format("a transform of length {}, which has no "
                                   "small factors, is not supported",
                                   length));
      return {};
    }
    if (factor == 1)
      return atOnce(rows, wanted);
    return node.slice(inStages(rows, factor), 1, 0, wanted);
  }

  /// The matrix [length * parts, wanted * 2].
  std::vector<double> matrix(int64_t length, int64_t parts,
                             int64_t wanted) const {
    std::vector<double> values;
    values.reserve(length * parts * wanted * 2);
    for (int64_t j = 0; j < length; ++j)
      for (int64_t part = 0; part < parts; ++part)
        for (int64_t k = 0; k < wanted; ++k) {
          double angle = angleOf(j * k, length, inverse);
          double cosine = std::cos(angle), sine = std::sin(angle);
          values.push_back(part == 0 ? cosine : -sine);
          values.push_back(part == 0 ? sine : cosine);
        }
    return values;
  }

private:
  /// The largest divisor that is not above the square root.
  static int64_t divisorOf(int64_t length) {
    int64_t best = 1;
    for (int64_t i = 2; i * i <= length; ++i)
      if (length % i == 0)
        best = i;
    return best;
  }

  Value atOnce(Value rows, int64_t wanted) {
    int64_t count = node.shapeOf(rows)[0], length = node.shapeOf(rows)[1];
    int64_t parts = node.shapeOf(rows)[2];
    Value flat = node.reshape(rows, {count, length * parts});
    Value roots = constantOf(node, element, matrix(length, parts, wanted),
                             {length * parts, wanted * 2});
    Value product = node.create<edge::MatMulOp>(flat, roots, false, false);
    return node.reshape(product, {count, wanted, 2});
  }

  /// With j = j1 * n2 + j2 and k = k2 * n1 + k1: over j1, the factors, over j2.
  Value inStages(Value rows, int64_t n1) {
    ArrayRef<int64_t> shape = node.shapeOf(rows);
    int64_t count = shape[0], parts = shape[2], n2 = shape[1] / n1;
    Value grid = node.reshape(rows, {count, n1, n2, parts});
    grid = swapLast(node, grid, 1, 2);
    Value inner = apply(node.reshape(grid, {count * n2, n1, parts}), n1);
    inner = rotated(node.reshape(inner, {count, n2, n1, 2}));
    inner = swapLast(node, inner, 1, 2);
    Value outer = apply(node.reshape(inner, {count * n1, n2, 2}), n2);
    outer = swapLast(node, node.reshape(outer, {count, n1, n2, 2}), 1, 2);
    return node.reshape(outer, {count, n1 * n2, 2});
  }

  /// Element [., j2, k1, .] times root number j2 * k1.
  Value rotated(Value value) {
    if (node.hasFailed())
      return {};
    int64_t n2 = node.shapeOf(value)[1], n1 = node.shapeOf(value)[2];
    std::vector<double> same, other;
    for (int64_t j2 = 0; j2 < n2; ++j2)
      for (int64_t k1 = 0; k1 < n1; ++k1) {
        double angle = angleOf(j2 * k1, n1 * n2, inverse);
        same.insert(same.end(), 2, std::cos(angle));
        other.push_back(-std::sin(angle));
        other.push_back(std::sin(angle));
      }
    SmallVector<int64_t> starts{0, 0, 0, 1}, steps{1, 1, 1, -1};
    Value swapped =
        node.create<edge::SliceOp>(value, starts, node.shapeOf(value), steps);
    Value cosines = constantOf(node, element, same, {n2, n1, 2});
    Value sines = constantOf(node, element, other, {n2, n1, 2});
    return node.create<edge::AddOp>(node.create<edge::MulOp>(value, cosines),
                                    node.create<edge::MulOp>(swapped, sines));
  }

  NodeContext &node;
  Type element;
  bool inverse;
};

/// f32 for what has no arithmetic of its own.
Type transformType(NodeContext &node, Value value) {
  Type element = node.elementTypeOf(value);
  return element.isF64() ? element : node.builder().getF32Type();
}

/// The only element of input `index`, at compile time.
std::optional<int64_t> constantScalar(NodeContext &node, unsigned index) {
  std::optional<SmallVector<int64_t>> values = node.constantInts(index);
  if (!values)
    return std::nullopt;
  if (values->size() == 1)
    return values->front();
  (void)node.error(fmt::format("input {} must have one element", index));
  return std::nullopt;
}

/// `value` cut or padded with zeros to `length` along `axis`.
Value withLength(NodeContext &node, Value value, int64_t axis, int64_t length) {
  int64_t extent = node.shapeOf(value)[axis];
  if (length <= extent)
    return node.slice(value, axis, 0, length);
  SmallVector<int64_t> low(node.rankOf(value), 0), high(low);
  high[axis] = length - extent;
  return node.create<edge::PadOp>(value, Value(), low, high,
                                  edge::PadMode::constant);
}

//===----------------------------------------------------------------------===//
// DFT
//===----------------------------------------------------------------------===//

struct TransformOptions {
  int64_t axis = 0, length = 0, parts = 0;
  bool inverse = false, onesided = false;
};

std::optional<TransformOptions> readTransform(NodeContext &node) {
  constexpr int axisInputSince = 20;
  Value input = node.input(0);
  int64_t rank = node.rankOf(input);
  TransformOptions options;
  options.inverse = node.flagAttribute("inverse", false);
  options.onesided = node.flagAttribute("onesided", false);
  std::optional<int64_t> axis = node.opset() < axisInputSince
                                    ? node.intAttribute("axis", 1)
                                : node.input(2) ? constantScalar(node, 2)
                                                : -2;
  if (!axis)
    return std::nullopt;
  options.axis = node.normalizedAxis(*axis, rank);
  if (node.hasFailed())
    return std::nullopt;
  options.parts = node.shapeOf(input).back();
  if (options.axis == rank - 1 || options.parts < 1 || options.parts > 2) {
    (void)node.error("the last dimension must hold one or two parts of a "
                     "number, and is not transformed");
    return std::nullopt;
  }
  options.length = node.shapeOf(input)[options.axis];
  if (node.input(1)) {
    std::optional<int64_t> length = constantScalar(node, 1);
    if (!length)
      return std::nullopt;
    options.length = *length;
  }
  if (options.length < 1) {
    (void)node.error("the length of a transform must be positive");
    return std::nullopt;
  }
  if (!options.onesided || (!options.inverse && options.parts == 1))
    return options;
  (void)node.error("onesided = 1 needs real numbers and no inverse");
  return std::nullopt;
}

LogicalResult importDft(NodeContext &node) {
  std::optional<TransformOptions> options = readTransform(node);
  if (!options)
    return failure();
  Value input = node.input(0);
  Type stored = node.elementTypeOf(input), element = transformType(node, input);
  Value value = withLength(node, node.castTo(input, element), options->axis,
                           options->length);
  int64_t rank = node.rankOf(input);
  // The axis right before the parts.
  Value moved = swapLast(node, value, options->axis, rank - 2);
  if (node.hasFailed())
    return failure();
  SmallVector<int64_t> shape(node.shapeOf(moved));
  int64_t rows = 1;
  for (int64_t extent : ArrayRef(shape).drop_back(2))
    rows *= extent;
  int64_t length = options->length;
  int64_t wanted = options->onesided ? length / 2 + 1 : length;
  Transform transform(node, element, options->inverse);
  Value result = transform.apply(
      node.reshape(moved, {rows, length, options->parts}), wanted);
  if (options->inverse)
    result = node.create<edge::DivOp>(
        result, node.scalar(element, static_cast<double>(length)));
  shape[rank - 2] = wanted;
  shape[rank - 1] = 2;
  result = swapLast(node, node.reshape(result, shape), options->axis, rank - 2);
  return node.finish(node.castTo(result, stored));
}

//===----------------------------------------------------------------------===//
// STFT
//===----------------------------------------------------------------------===//

struct Frames {
  int64_t length = 0, step = 0, count = 0;
};

std::optional<Frames> readFrames(NodeContext &node) {
  Value signal = node.input(0), window = node.input(2);
  Frames frames;
  std::optional<int64_t> step = constantScalar(node, 1);
  if (!step)
    return std::nullopt;
  frames.step = *step;
  if (window && node.rankOf(window) == 1) {
    frames.length = node.shapeOf(window)[0];
  } else if (node.input(3)) {
    std::optional<int64_t> length = constantScalar(node, 3);
    if (!length)
      return std::nullopt;
    frames.length = *length;
  }
  int64_t extent = node.shapeOf(signal)[1];
  if (frames.step < 1 || frames.length < 1 || frames.length > extent) {
    (void)node.error(fmt::format("frames of length {} every {} samples of {} "
                                 "are not possible",
                                 frames.length, frames.step, extent));
    return std::nullopt;
  }
  frames.count = (extent - frames.length) / frames.step + 1;
  return frames;
}

/// A real signal [batch, extent] by a convolution whose filters are the
/// matrix's columns, the window in them: [batch, frames, wanted, 2].
Value convolved(NodeContext &node, Value signal, const Frames &frames,
                std::optional<Tensor> window, int64_t wanted) {
  Type element = node.elementTypeOf(signal);
  std::vector<double> matrix = Transform(node, element, /*inverse=*/false)
                                   .matrix(frames.length, 1, wanted);
  std::vector<double> filters(matrix.size());
  for (int64_t j = 0; j < frames.length; ++j)
    for (int64_t column = 0; column < 2 * wanted; ++column)
      filters[column * frames.length + j] =
          matrix[j * 2 * wanted + column] * (window ? window->asDouble(j) : 1);
  Value filter =
      constantOf(node, element, filters, {2 * wanted, 1, frames.length});
  ArrayRef<int64_t> shape = node.shapeOf(signal);
  Value channels = node.reshape(signal, {shape[0], 1, shape[1]});
  Value parts = node.create<edge::ConvOp>(
      channels, filter, Value(), ArrayRef<int64_t>(frames.step),
      ArrayRef<int64_t>(1), ArrayRef<int64_t>{0, 0}, 1);
  return node.reshape(swapLast(node, parts, 1, 2),
                      {shape[0], frames.count, wanted, 2});
}

/// The same of signals [batch, extent, parts], frame after frame.
Value gathered(NodeContext &node, Value signal, const Frames &frames,
               Value window, int64_t wanted) {
  SmallVector<int64_t> shape(node.shapeOf(signal));
  Value indices = node.madeConstant(
      ElementType::I64, {frames.count, frames.length}, [&](Tensor &indices) {
        for (int64_t i = 0; i < indices.size(); ++i)
          indices.mutableData<int64_t>()[i] =
              i / frames.length * frames.step + i % frames.length;
      });
  Value cut = node.create<edge::GatherOp>(signal, indices, 1);
  if (window)
    cut =
        node.create<edge::MulOp>(cut, node.reshape(window, {frames.length, 1}));
  Transform transform(node, node.elementTypeOf(signal), /*inverse=*/false);
  Value flat =
      node.reshape(cut, {shape[0] * frames.count, frames.length, shape[2]});
  return node.reshape(transform.apply(flat, wanted),
                      {shape[0], frames.count, wanted, 2});
}

LogicalResult importStft(NodeContext &node) {
  Value signal = node.input(0), window = node.input(2);
  int64_t rank = node.rankOf(signal);
  bool isComplex = rank == 3 && node.shapeOf(signal)[2] == 2;
  if (rank != 2 && !(rank == 3 && (isComplex || node.shapeOf(signal)[2] == 1)))
    return node.error("the signal must have the shape [batch, length], or "
                      "[batch, length, 1 or 2]");
  bool onesided = node.flagAttribute("onesided", true);
  if (onesided && isComplex)
    return node.error("onesided = 1 needs a real signal");
  std::optional<Frames> frames = readFrames(node);
  if (!frames)
    return failure();
  if (window && node.shapeOf(window) != ArrayRef<int64_t>(frames->length))
    return node.error("the window must have the frames' length");
  int64_t wanted = onesided ? frames->length / 2 + 1 : frames->length;
  Type stored = node.elementTypeOf(signal);
  Type element = transformType(node, signal);
  SmallVector<int64_t> shape(node.shapeOf(signal));
  Value value = node.castTo(signal, element), result;
  std::optional<Tensor> known;
  if (window)
    known = node.knownValue(window);
  bool isFiltered = !isComplex && frames->length <= longestFilter;
  if (isFiltered && (!window || known))
    result = convolved(node, node.reshape(value, {shape[0], shape[1]}), *frames,
                       std::move(known), wanted);
  else
    result = gathered(
        node, node.reshape(value, {shape[0], shape[1], isComplex ? 2 : 1}),
        *frames, window ? node.castTo(window, element) : Value(), wanted);
  return node.finish(node.castTo(result, stored));
}

} // namespace

void edgec::onnx_import::addSignal(OperatorTable &table) {
  table.add({
      {"DFT", 17, 19, {1, 2}, {floats, indices}, importDft},
      {"DFT", 20, newestOpset, {1, 3}, {floats, indices}, importDft},
      {"STFT",
       17,
       newestOpset,
       {2, 4},
       {floats, indices, like(0), indices},
       importStft},
  });
}
