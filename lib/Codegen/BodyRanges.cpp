//===- BodyRanges.cpp - What values of scalar bodies can be --------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "BodyRanges.h"

#include "edgec/Dialect/Kernel/KernelDialect.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/IR/Matchers.h"
#include <cmath>
#include <limits>

using namespace mlir;
using namespace edgec;

/// Operations that are followed back; bodies that quantize have fewer.
static constexpr unsigned maxDepth = 12;
static constexpr double infinite = std::numeric_limits<double>::infinity();

//===----------------------------------------------------------------------===//
// Integers
//===----------------------------------------------------------------------===//

static IntegerRange rangeOfType(Type type, bool isUnsigned) {
  unsigned bits = std::min(type.getIntOrFloatBitWidth(), 62u);
  if (isUnsigned)
    return {0, (int64_t(1) << bits) - 1};
  return {-(int64_t(1) << (bits - 1)), (int64_t(1) << (bits - 1)) - 1};
}

static std::optional<IntegerRange> definedRange(Value value, unsigned depth);

static IntegerRange integerRange(Value value, unsigned depth) {
  IntegerRange whole = rangeOfType(value.getType(), /*isUnsigned=*/false);
  if (depth > maxDepth)
    return whole;
  std::optional<IntegerRange> range = definedRange(value, depth + 1);
  // What wraps around can be anything.
  if (!range || range->low < whole.low || range->high > whole.high)
    return whole;
  return *range;
}

static std::optional<IntegerRange> definedRange(Value value, unsigned depth) {
  APInt constant;
  if (matchPattern(value, m_ConstantInt(&constant)) &&
      constant.getSignificantBits() <= 32)
    return IntegerRange{constant.getSExtValue(), constant.getSExtValue()};
  Operation *op = value.getDefiningOp();
  if (!op || op->getNumOperands() == 0 ||
      !op->getOperand(0).getType().isInteger())
    return std::nullopt;
  if (isa<arith::ExtUIOp>(op))
    return rangeOfType(op->getOperand(0).getType(), /*isUnsigned=*/true);
  IntegerRange x = integerRange(op->getOperand(0), depth);
  if (isa<arith::ExtSIOp>(op))
    return x;
  if (op->getNumOperands() != 2)
    return std::nullopt;
  IntegerRange y = integerRange(op->getOperand(1), depth);
  if (isa<arith::AddIOp>(op))
    return IntegerRange{x.low + y.low, x.high + y.high};
  if (isa<arith::SubIOp>(op))
    return IntegerRange{x.low - y.high, x.high - y.low};
  if (isa<arith::MaxSIOp>(op))
    return IntegerRange{std::max(x.low, y.low), std::max(x.high, y.high)};
  if (isa<arith::MinSIOp>(op))
    return IntegerRange{std::min(x.low, y.low), std::min(x.high, y.high)};
  return std::nullopt;
}

IntegerRange edgec::integerRange(Value value) {
  return ::integerRange(value, /*depth=*/0);
}

//===----------------------------------------------------------------------===//
// Floats
//===----------------------------------------------------------------------===//

/// The tensor whose elements a body's argument takes; null: there is none.
static Value tensorOf(BlockArgument argument) {
  Operation *owner = argument.getOwner()->getParentOp();
  unsigned number = argument.getArgNumber();
  auto extra = [&](auto kernel) -> Value {
    return number == 0 ? Value() : kernel.getExtras()[number - 1];
  };
  if (auto contract = dyn_cast<kernel::ContractOp>(owner))
    return extra(contract);
  if (auto depthwise = dyn_cast<kernel::DepthwiseOp>(owner))
    return extra(depthwise);
  auto generic = dyn_cast<linalg::GenericOp>(owner);
  if (generic && number < generic.getNumDpsInputs())
    return generic.getDpsInputOperand(number)->get();
  return Value();
}

static double largestElement(Value tensor) {
  Attribute constant;
  auto type = tensor ? dyn_cast<ShapedType>(tensor.getType()) : ShapedType();
  if (!type || !type.getElementType().isF32() ||
      !matchPattern(tensor, m_Constant(&constant)))
    return infinite;
  std::optional<ArrayRef<float>> elements;
  if (auto resource = dyn_cast<DenseF32ResourceElementsAttr>(constant))
    elements = resource.tryGetAsArrayRef();
  double largest = 0;
  auto include = [&](float x) {
    largest =
        std::isfinite(x) ? std::max<double>(largest, std::fabs(x)) : infinite;
    return largest < infinite;
  };
  if (elements)
    return llvm::all_of(*elements, include) ? largest : infinite;
  if (auto dense = dyn_cast<DenseElementsAttr>(constant))
    return llvm::all_of(dense.getValues<float>(), include) ? largest : infinite;
  return infinite;
}

static double largestResult(Value value, unsigned depth);

static double largestMagnitude(Value value, unsigned depth) {
  double largest =
      depth > maxDepth ? infinite : largestResult(value, depth + 1);
  // Each step may have been rounded up; none may have left f32's range.
  constexpr double rounding = 1 + 1e-6, limit = 1e38;
  largest *= rounding;
  return largest < limit ? largest : infinite;
}

static double largestResult(Value value, unsigned depth) {
  if (!value.getType().isF32())
    return infinite;
  if (auto argument = dyn_cast<BlockArgument>(value))
    return largestElement(tensorOf(argument));
  FloatAttr constant;
  if (matchPattern(value, m_Constant(&constant)))
    return std::fabs(constant.getValueAsDouble());
  Operation *op = value.getDefiningOp();
  auto operand = [&](unsigned number) {
    return largestMagnitude(op->getOperand(number), depth);
  };
  if (isa<arith::SIToFPOp>(op)) {
    IntegerRange range = edgec::integerRange(op->getOperand(0));
    return std::max(std::fabs(range.low), std::fabs(range.high));
  }
  if (isa<arith::UIToFPOp>(op))
    return rangeOfType(op->getOperand(0).getType(), /*isUnsigned=*/true).high;
  if (isa<arith::MulFOp>(op))
    return operand(0) * operand(1);
  if (isa<arith::AddFOp, arith::SubFOp>(op))
    return operand(0) + operand(1);
  if (isa<arith::MaximumFOp, arith::MinimumFOp>(op))
    return std::max(operand(0), operand(1));
  if (isa<arith::SelectOp>(op))
    return std::max(operand(1), operand(2));
  if (isa<math::FmaOp>(op))
    return operand(0) * operand(1) + operand(2);
  FloatAttr divisor;
  if (isa<arith::DivFOp>(op) &&
      matchPattern(op->getOperand(1), m_Constant(&divisor)))
    return operand(0) / std::fabs(divisor.getValueAsDouble());
  return infinite;
}

double edgec::largestMagnitude(Value value) {
  return ::largestMagnitude(value, /*depth=*/0);
}
