//===- IndexBounds.cpp - How large index arithmetic gets ------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "IndexBounds.h"
#include "GraphImporter.h"
#include "llvm/ADT/TypeSwitch.h"
#include "llvm/Support/MathExtras.h"

using namespace edgec;
using namespace edgec::onnx_import;
using namespace mlir;

namespace {

using Bound = std::optional<int64_t>;

/// Shape arithmetic is not deeper.
constexpr int maximumDepth = 16;

IntegerType integerOf(Value value) {
  return dyn_cast<IntegerType>(
      cast<RankedTensorType>(value.getType()).getElementType());
}

Bound largestOf(IntegerType type) {
  constexpr unsigned widestOfUse = 16;
  if (!type || type.getWidth() > widestOfUse)
    return std::nullopt;
  bool isUnsigned = type.isUnsigned() || type.getWidth() == 1;
  return isUnsigned ? llvm::maxUIntN(type.getWidth())
                    : llvm::maxIntN(type.getWidth());
}

class BoundFinder {
public:
  explicit BoundFinder(GraphImporter &importer) : importer(importer) {}

  Bound of(Value value, int depth = 0) {
    if (!integerOf(value))
      return std::nullopt;
    if (std::optional<Tensor> known = importer.knownValue(value))
      return largestElement(*known);
    if (Bound extent = importer.extents.boundOf(value))
      return extent;
    auto count = importer.iterationCounts.find(value);
    if (count != importer.iterationCounts.end())
      return count->second - 1;
    Bound byType = largestOf(integerOf(value));
    Operation *op = value.getDefiningOp();
    if (!op || depth == maximumDepth)
      return byType;
    Bound computed = ofOperation(op, depth + 1);
    return computed && byType ? std::min(computed, byType)
                              : (computed ? computed : byType);
  }

private:
  static Bound largestElement(const Tensor &tensor) {
    if (tensor.size() == 0)
      return std::nullopt;
    int64_t largest = tensor.asInt(0);
    for (int64_t i = 1; i < tensor.size(); ++i)
      largest = std::max(largest, tensor.asInt(i));
    return largest;
  }

  Bound ofOperation(Operation *op, int depth) {
    return TypeSwitch<Operation *, Bound>(op)
        .Case<edge::ReshapeOp, edge::TransposeOp, edge::BroadcastOp,
              edge::SliceOp, edge::GatherOp>(
            [&](auto) { return of(op->getOperand(0), depth); })
        .Case([&](edge::CastOp cast) { return ofCast(cast, depth); })
        .Case<edge::ConcatOp, edge::MaximumOp>(
            [&](auto) { return ofAll(op->getOperands(), depth); })
        .Case([&](edge::MinimumOp) {
          Bound a = of(op->getOperand(0), depth);
          Bound b = of(op->getOperand(1), depth);
          return a && b ? std::min(a, b) : (a ? a : b);
        })
        .Case([&](edge::ClampOp clamp) { return ofClamp(clamp, depth); })
        .Case([&](edge::AddOp) {
          Bound a = of(op->getOperand(0), depth);
          Bound b = of(op->getOperand(1), depth);
          int64_t sum = 0;
          if (!a || !b || llvm::AddOverflow(*a, *b, sum))
            return Bound();
          return Bound(sum);
        })
        .Default([](Operation *) { return Bound(); });
  }

  /// The largest of several, if all have a bound.
  Bound ofAll(ValueRange values, int depth) {
    Bound largest;
    for (Value value : values) {
      Bound bound = of(value, depth);
      if (!bound)
        return std::nullopt;
      largest = std::max(bound, largest);
    }
    return largest;
  }

  /// Fewer bits could make a large number of a negative one.
  Bound ofCast(edge::CastOp cast, int depth) {
    IntegerType from = integerOf(cast.getInput());
    IntegerType to = integerOf(cast.getResult());
    if (!from || to.getWidth() < from.getWidth() || to.isUnsigned())
      return std::nullopt;
    return of(cast.getInput(), depth);
  }

  Bound ofClamp(edge::ClampOp clamp, int depth) {
    Bound bound = of(clamp.getInput(), depth);
    double most = clamp.getMax().convertToDouble();
    if (!(most < static_cast<double>(largestInDouble)))
      return bound;
    auto limit = static_cast<int64_t>(most);
    return bound ? std::min(*bound, limit) : limit;
  }

  /// Beyond, a double has no fractions.
  static constexpr int64_t largestInDouble = int64_t{1} << 53;

  GraphImporter &importer;
};

} // namespace

std::optional<int64_t> edgec::onnx_import::largestValue(GraphImporter &importer,
                                                        Value value) {
  return BoundFinder(importer).of(value);
}
