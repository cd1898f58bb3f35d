//===- Elements.h - Element types and their arithmetic ----------*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_LIB_REFERENCE_ELEMENTS_H
#define EDGEC_LIB_REFERENCE_ELEMENTS_H

#include "edgec/Support/Tensor.h"
#include "llvm/Support/ErrorHandling.h"
#include <cmath>
#include <cstring>
#include <limits>
#include <type_traits>

namespace edgec::reference {

template <typename T>
inline constexpr bool isHalf =
    std::is_same_v<T, Half> || std::is_same_v<T, BFloat16>;
template <typename T>
inline constexpr bool isFloat = isHalf<T> || std::is_floating_point_v<T>;

/// The type in which an operation on elements of type T computes: f16 and bf16
/// compute in single precision and round once, everything else in itself.
template <typename T>
using Arithmetic = std::conditional_t<isHalf<T>, float, T>;

template <typename T> Arithmetic<T> load(T value) {
  if constexpr (isHalf<T>)
    return toFloat(value);
  else
    return value;
}

/// `value` in single precision such that rounding it again to a format with
/// half as many digits or fewer gives what rounding `value` itself would give:
/// the last bit is set where something was lost ("round to odd").
inline float roundToOdd(double value) {
  float rounded = static_cast<float>(value);
  uint32_t bits;
  std::memcpy(&bits, &rounded, sizeof(bits));
  if (std::isnan(value) || rounded == value || (bits & 1))
    return rounded;
  // The neighbour on the other side of `value` is the odd one.
  bits += std::fabs(rounded) < std::fabs(value) ? 1 : -1;
  std::memcpy(&rounded, &bits, sizeof(bits));
  return rounded;
}

/// Rounds a result to the element type, once.
template <typename T, typename From> T store(From value) {
  if constexpr (isHalf<T>) {
    float single;
    if constexpr (std::is_same_v<From, double>)
      single = roundToOdd(value);
    else
      single = static_cast<float>(value);
    if constexpr (std::is_same_v<T, Half>)
      return toHalf(single);
    else
      return toBFloat16(single);
  } else {
    return static_cast<T>(value);
  }
}

/// Calls `function` with a value of the C++ type of a floating-point type. The
/// verifier has excluded the others.
template <typename Function>
void dispatchFloat(ElementType type, Function function) {
  switch (type) {
  case ElementType::F32:
    return function(float());
  case ElementType::F64:
    return function(double());
  case ElementType::F16:
    return function(Half());
  case ElementType::BF16:
    return function(BFloat16());
  default:
    llvm_unreachable("not a floating-point type");
  }
}

template <typename Function>
void dispatchInteger(ElementType type, Function function) {
  switch (type) {
  case ElementType::I8:
    return function(int8_t());
  case ElementType::I16:
    return function(int16_t());
  case ElementType::I32:
    return function(int32_t());
  case ElementType::I64:
    return function(int64_t());
  case ElementType::U8:
    return function(uint8_t());
  case ElementType::U16:
    return function(uint16_t());
  case ElementType::U32:
    return function(uint32_t());
  case ElementType::U64:
    return function(uint64_t());
  default:
    llvm_unreachable("not an integer type");
  }
}

/// Floating-point and integer types.
template <typename Function>
void dispatchNumber(ElementType type, Function function) {
  if (isFloatType(type))
    return dispatchFloat(type, function);
  dispatchInteger(type, function);
}

/// Integer types and booleans.
template <typename Function>
void dispatchIntegerOrBool(ElementType type, Function function) {
  if (type == ElementType::Bool)
    return function(bool());
  dispatchInteger(type, function);
}

template <typename Function>
void dispatchAny(ElementType type, Function function) {
  if (type == ElementType::Bool)
    return function(bool());
  dispatchNumber(type, function);
}

/// For operations that only move elements: an unsigned integer of their size.
template <typename Function>
void dispatchWidth(ElementType type, Function function) {
  switch (byteSize(type)) {
  case 1:
    return function(uint8_t());
  case 2:
    return function(uint16_t());
  case 4:
    return function(uint32_t());
  default:
    return function(uint64_t());
  }
}

/// The data as dispatchWidth's type, whatever the element type.
template <typename T> const T *raw(const Tensor &tensor) {
  return reinterpret_cast<const T *>(tensor.bytes());
}
template <typename T> T *raw(Tensor &tensor) {
  return reinterpret_cast<T *>(tensor.mutableBytes());
}

//===----------------------------------------------------------------------===//
// Arithmetic
//===----------------------------------------------------------------------===//

/// Sums, differences and products: integers wrap. Unsigned 64-bit arithmetic is
/// exact modulo every smaller power of two.
template <typename T> T add(T x, T y) {
  if constexpr (std::is_integral_v<T>)
    return static_cast<T>(static_cast<uint64_t>(x) + static_cast<uint64_t>(y));
  else
    return x + y;
}
template <typename T> T subtract(T x, T y) {
  if constexpr (std::is_integral_v<T>)
    return static_cast<T>(static_cast<uint64_t>(x) - static_cast<uint64_t>(y));
  else
    return x - y;
}
template <typename T> T multiply(T x, T y) {
  if constexpr (std::is_integral_v<T>)
    return static_cast<T>(static_cast<uint64_t>(x) * static_cast<uint64_t>(y));
  else
    return x * y;
}

/// IEEE 754-2019 maximum: NaN if either is, and +0 above -0.
template <typename T> T maximum(T x, T y) {
  if constexpr (std::is_floating_point_v<T>) {
    if (std::isnan(x) || std::isnan(y))
      return std::numeric_limits<T>::quiet_NaN();
    if (x == y)
      return std::signbit(x) ? y : x;
  }
  return x > y ? x : y;
}
template <typename T> T minimum(T x, T y) {
  if constexpr (std::is_floating_point_v<T>) {
    if (std::isnan(x) || std::isnan(y))
      return std::numeric_limits<T>::quiet_NaN();
    if (x == y)
      return std::signbit(x) ? x : y;
  }
  return x < y ? x : y;
}

/// Truncates towards zero; the nearest bound of int64_t beyond it, zero for
/// NaN.
inline int64_t toInteger(double value) {
  constexpr double limit = 9223372036854775808.0; // 2^63
  if (std::isnan(value))
    return 0;
  if (value >= limit)
    return std::numeric_limits<int64_t>::max();
  if (value < -limit)
    return std::numeric_limits<int64_t>::min();
  return static_cast<int64_t>(value);
}

/// The conversion of edge.cast between any two element types.
template <typename To, typename From> To convert(From value) {
  Arithmetic<From> number = load(value);
  if constexpr (std::is_same_v<To, bool>)
    return number != Arithmetic<From>(0);
  else if constexpr (std::is_integral_v<To> && isFloat<From>)
    return static_cast<To>(toInteger(number));
  else if constexpr (isHalf<To> && std::is_integral_v<From>)
    return store<To>(static_cast<double>(number));
  else
    return store<To>(number);
}

} // namespace edgec::reference

#endif // EDGEC_LIB_REFERENCE_ELEMENTS_H
