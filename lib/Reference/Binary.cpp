//===- Binary.cpp - Maps over several tensors, broadcast ------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Elements.h"
#include "Indexing.h"
#include "Kernels.h"

using namespace edgec;
using namespace edgec::edge;
using namespace edgec::reference;

namespace {

/// result[i] = store(function(x[i], y[i])), broadcast.
template <typename X, typename Y, typename To, typename Function>
void zip(const Tensor &x, const Tensor &y, Tensor &result, Function function) {
  if (result.size() == 0)
    return;
  const Extents shapes[] = {x.shape(), y.shape()};
  BroadcastRows<2> rows(result.shape(), shapes);
  const X *xs = x.data<X>();
  const Y *ys = y.data<Y>();
  To *to = result.mutableData<To>();
  forEachIndex(rows.outer, rows.strides, [&](const int64_t *offsets) {
    const X *xRow = xs + offsets[0];
    const Y *yRow = ys + offsets[1];
    for (int64_t i = 0; i < rows.length; ++i)
      to[i] = store<To>(function(load(xRow[i * rows.steps[0]]),
                                 load(yRow[i * rows.steps[1]])));
    to += rows.length;
  });
}

template <typename Function>
void zipNumber(Operands operands, Tensor &result, Function function) {
  dispatchNumber(result.type(), [&](auto type) {
    using T = decltype(type);
    zip<T, T, T>(operands[0], operands[1], result, function);
  });
}

template <typename Function>
void zipIntegerOrBool(Operands operands, Tensor &result, Function function) {
  dispatchIntegerOrBool(result.type(), [&](auto type) {
    using T = decltype(type);
    zip<T, T, T>(operands[0], operands[1], result, function);
  });
}

//===----------------------------------------------------------------------===//
// Arithmetic
//===----------------------------------------------------------------------===//

void sum(AddOp, Operands operands, Tensor &result) {
  zipNumber(operands, result, [](auto x, auto y) { return add(x, y); });
}

void difference(SubOp, Operands operands, Tensor &result) {
  zipNumber(operands, result, [](auto x, auto y) { return subtract(x, y); });
}

void times(MulOp, Operands operands, Tensor &result) {
  zipNumber(operands, result, [](auto x, auto y) { return multiply(x, y); });
}

/// Whether y is -1: quotients by it wrap for the smallest integer, where the
/// machine instruction traps.
template <typename T> bool isMinusOne(T y) {
  return std::is_signed_v<T> && y == static_cast<T>(-1);
}

void quotient(DivOp, Operands operands, Tensor &result) {
  zipNumber(operands, result, [](auto x, auto y) {
    using T = decltype(x);
    if constexpr (std::is_floating_point_v<T>)
      return x / y;
    else if (isMinusOne(y))
      return subtract(T(0), x);
    else
      return static_cast<T>(y == T(0) ? T(0) : x / y);
  });
}

template <typename T> T remainder(T x, T y) {
  if constexpr (std::is_floating_point_v<T>)
    return std::fmod(x, y);
  else
    return static_cast<T>(y == T(0) || isMinusOne(y) ? T(0) : x % y);
}

void mod(ModOp op, Operands operands, Tensor &result) {
  bool fmod = op.getFmod();
  zipNumber(operands, result, [=](auto x, auto y) {
    using T = decltype(x);
    T rest = remainder(x, y);
    bool otherSign = (rest < T(0)) != (y < T(0));
    return !fmod && rest != T(0) && otherSign ? add(rest, y) : rest;
  });
}

void larger(MaximumOp, Operands operands, Tensor &result) {
  zipNumber(operands, result, [](auto x, auto y) { return maximum(x, y); });
}

void smaller(MinimumOp, Operands operands, Tensor &result) {
  zipNumber(operands, result, [](auto x, auto y) { return minimum(x, y); });
}

/// Integer powers wrap like repeated multiplication; a negative exponent gives
/// the truncated reciprocal, and zero for a zero base.
template <typename T> T integerPower(T base, int64_t exponent) {
  if (exponent < 0) {
    if (base == T(1))
      return T(1);
    if (isMinusOne(base))
      return exponent % 2 ? base : T(1);
    return T(0);
  }
  T power(1);
  for (; exponent > 0; exponent /= 2) {
    if (exponent % 2)
      power = multiply(power, base);
    base = multiply(base, base);
  }
  return power;
}

void power(PowOp, Operands operands, Tensor &result) {
  dispatchNumber(result.type(), [&](auto baseType) {
    using Base = decltype(baseType);
    dispatchNumber(operands[1].type(), [&](auto exponentType) {
      using Exponent = decltype(exponentType);
      zip<Base, Exponent, Base>(
          operands[0], operands[1], result, [](auto x, auto y) {
            if constexpr (isFloat<Base>)
              return std::pow(static_cast<double>(x), static_cast<double>(y));
            else if constexpr (isFloat<Exponent>)
              return convert<Base>(
                  std::pow(static_cast<double>(x), static_cast<double>(y)));
            else
              return integerPower(x, static_cast<int64_t>(y));
          });
    });
  });
}

void prelu(PReluOp, Operands operands, Tensor &result) {
  dispatchFloat(result.type(), [&](auto type) {
    using T = decltype(type);
    zip<T, T, T>(operands[0], operands[1], result, [](auto x, auto slope) {
      return x >= decltype(x)(0) ? x : slope * x;
    });
  });
}

//===----------------------------------------------------------------------===//
// Logic
//===----------------------------------------------------------------------===//

void conjunction(AndOp, Operands operands, Tensor &result) {
  zipIntegerOrBool(operands, result,
                   [](auto x, auto y) { return decltype(x)(x & y); });
}

void disjunction(OrOp, Operands operands, Tensor &result) {
  zipIntegerOrBool(operands, result,
                   [](auto x, auto y) { return decltype(x)(x | y); });
}

void exclusiveOr(XorOp, Operands operands, Tensor &result) {
  zipIntegerOrBool(operands, result,
                   [](auto x, auto y) { return decltype(x)(x ^ y); });
}

/// Of bits, zeros coming in; counts are unsigned.
template <typename Shift>
void shift(Operands operands, Tensor &result, Shift shifted) {
  dispatchInteger(result.type(), [&](auto type) {
    using T = decltype(type);
    using Bits = std::make_unsigned_t<T>;
    constexpr uint64_t width = 8 * sizeof(T);
    zip<T, T, T>(operands[0], operands[1], result, [=](T x, T y) {
      uint64_t count = static_cast<Bits>(y);
      return count < width ? static_cast<T>(shifted(Bits(x), count)) : T(0);
    });
  });
}

void shiftLeft(ShiftLeftOp, Operands operands, Tensor &result) {
  shift(operands, result,
        [](uint64_t bits, uint64_t count) { return bits << count; });
}

void shiftRight(ShiftRightOp, Operands operands, Tensor &result) {
  shift(operands, result,
        [](uint64_t bits, uint64_t count) { return bits >> count; });
}

template <typename T> bool compareValues(ComparePredicate predicate, T x, T y) {
  switch (predicate) {
  case ComparePredicate::eq:
    return x == y;
  case ComparePredicate::ne:
    return x != y;
  case ComparePredicate::lt:
    return x < y;
  case ComparePredicate::le:
    return x <= y;
  case ComparePredicate::gt:
    return x > y;
  case ComparePredicate::ge:
    return x >= y;
  }
  llvm_unreachable("not a predicate");
}

void comparison(CompareOp op, Operands operands, Tensor &result) {
  ComparePredicate predicate = op.getPredicate();
  dispatchAny(operands[0].type(), [&](auto type) {
    using T = decltype(type);
    zip<T, T, bool>(operands[0], operands[1], result, [=](auto x, auto y) {
      return compareValues(predicate, x, y);
    });
  });
}

void choose(SelectOp, Operands operands, Tensor &result) {
  if (result.size() == 0)
    return;
  const Extents shapes[] = {operands[0].shape(), operands[1].shape(),
                            operands[2].shape()};
  BroadcastRows<3> rows(result.shape(), shapes);
  dispatchWidth(result.type(), [&](auto type) {
    using T = decltype(type);
    T *to = raw<T>(result);
    forEachIndex(rows.outer, rows.strides, [&](const int64_t *offsets) {
      const bool *condition = operands[0].data<bool>() + offsets[0];
      const T *onTrue = raw<T>(operands[1]) + offsets[1];
      const T *onFalse = raw<T>(operands[2]) + offsets[2];
      for (int64_t i = 0; i < rows.length; ++i)
        to[i] = condition[i * rows.steps[0]] ? onTrue[i * rows.steps[1]]
                                             : onFalse[i * rows.steps[2]];
      to += rows.length;
    });
  });
}

} // namespace

void reference::addBinaryKernels(KernelTable &table) {
  table.add<AddOp, sum>();
  table.add<SubOp, difference>();
  table.add<MulOp, times>();
  table.add<DivOp, quotient>();
  table.add<ModOp, mod>();
  table.add<MaximumOp, larger>();
  table.add<MinimumOp, smaller>();
  table.add<PowOp, power>();
  table.add<PReluOp, prelu>();
  table.add<AndOp, conjunction>();
  table.add<OrOp, disjunction>();
  table.add<XorOp, exclusiveOr>();
  table.add<ShiftLeftOp, shiftLeft>();
  table.add<ShiftRightOp, shiftRight>();
  table.add<CompareOp, comparison>();
  table.add<SelectOp, choose>();
}
