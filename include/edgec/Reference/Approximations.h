//===- Approximations.h - f32 functions by polynomials ----------*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The functions of f32 that stand between quantized layers (in softmax, GELU
// and other activations): one definition for the interpreter and for generated
// code, so that both give the same bits on every target. They have no branches
// and few operations, as they run on vectors in the innermost loops.
//
// Each is a template over the arithmetic that it runs on, which is a class with
//   Value                     a number, or a vector of numbers
//   constant(float)           the same number in every lane
//   add, sub, mul, div(x, y)  rounded once
//   fma(x, y, z)              x * y + z, rounded once
//   clamp(x, low, high)       between two floats; NaN stays NaN
//   shiftToExponent(x)        the bits of x moved left by 23 places
//
// The coefficients are minimax fits of our own, made in double precision.
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_REFERENCE_APPROXIMATIONS_H
#define EDGEC_REFERENCE_APPROXIMATIONS_H

#include <cmath>
#include <cstdint>
#include <cstring>
#include <iterator>

namespace edgec {

namespace detail {
/// The polynomial with these coefficients, the highest power first.
template <typename Arithmetic, typename Value, size_t count>
Value polynomial(Arithmetic &a, Value x, const float (&coefficients)[count]) {
  Value sum = a.constant(coefficients[0]);
  for (size_t i = 1; i < count; ++i)
    sum = a.fma(sum, x, a.constant(coefficients[i]));
  return sum;
}

/// x * p(x^2) / q(x^2) of x within `limit`, itself within [-1, 1].
template <typename Arithmetic, typename Value, size_t m, size_t n>
Value boundedRatio(Arithmetic &a, Value x, float limit,
                   const float (&numerator)[m], const float (&divisor)[n]) {
  Value inside = a.clamp(x, -limit, limit);
  Value square = a.mul(inside, inside);
  Value above = a.mul(inside, polynomial(a, square, numerator));
  return a.clamp(a.div(above, polynomial(a, square, divisor)), -1, 1);
}
} // namespace detail

/// e^x within one unit in the last place; below 2^-125.5 it is zero.
template <typename Arithmetic, typename Value>
Value approximateExp(Arithmetic &a, Value x) {
  // x = n * log(2) + r. A number with 23 bits of fraction after 1.5 * 2^23 has
  // n in its last bits: the sum rounds to it. Adding 126 biases the exponent of
  // 2^(n - 1), which is zero for the lowest n and finite for the highest; twice
  // e^r makes up for the missing factor.
  constexpr float lowest = -87.34f, highest = 89.0f;
  constexpr float shifter = 12582912.0f + 126.0f;
  constexpr float log2OfE = 1.4426950408889634f;
  // Of few bits, so that n times it is exact; and what it lacks.
  constexpr float logOf2 = 0.693359375f, logOf2Rest = -2.12194440e-4f;
  constexpr float twiceExp[] = {2 * 0.0013814572515148185f,
                                2 * 0.008368729556960167f,
                                2 * 0.041668389273897086f,
                                2 * 0.1666652052722672f,
                                2 * 0.49999993440759505f,
                                2,
                                2};
  x = a.clamp(x, lowest, highest);
  Value shifted = a.fma(x, a.constant(log2OfE), a.constant(shifter));
  Value n = a.sub(shifted, a.constant(shifter));
  Value r = a.fma(n, a.constant(-logOf2), x);
  r = a.fma(n, a.constant(-logOf2Rest), r);
  return a.mul(detail::polynomial(a, r, twiceExp), a.shiftToExponent(shifted));
}

/// The error function, within 6 units in the last place.
template <typename Arithmetic, typename Value>
Value approximateErf(Arithmetic &a, Value x) {
  constexpr float numerator[] = {2.046022310456341e-06f, 0.0002848447423469036f,
                                 0.0037725948500226232f, 0.052769436887424255f,
                                 0.19059477158349977f,   1.1283791457563825f};
  constexpr float divisor[] = {3.804778511235962e-05f, 0.0011638689973054244f,
                               0.014983287322245341f,  0.11418314550786288f,
                               0.5022429487075787f,    1};
  // Beyond, erf is 1 in single precision.
  return detail::boundedRatio(a, x, 3.925f, numerator, divisor);
}

/// The hyperbolic tangent, within 6 units in the last place.
template <typename Arithmetic, typename Value>
Value approximateTanh(Arithmetic &a, Value x) {
  constexpr float numerator[] = {
      -1.2033835311085464e-11f, 3.035583477939939e-08f, 2.7912077029544953e-05f,
      0.003863600278577319f,    0.13676142636532915f,   0.9999999985571254f};
  constexpr float divisor[] = {1.2807041184964803e-06f, 0.0003930295911095112f,
                               0.027228538007539268f, 0.470094745747697f, 1};
  // Beyond, tanh is 1 in single precision.
  return detail::boundedRatio(a, x, 9.02f, numerator, divisor);
}

/// How an angle divides into quarters of a turn: what is left, within pi / 4,
/// and whether their number is odd, and is 2 or 3 modulo 4.
template <typename Value, typename Condition> struct QuarterTurns {
  Value rest;
  Condition isOdd, isHalf;
};

namespace detail {
/// pi / 2 in double precision, and what that lacks.
constexpr double halfPiOfDouble = 1.5707963267948966;
constexpr double halfPiOfDoubleRest = 6.123233995736766e-17;
constexpr double twoOverPi = 0.6366197723675814;
/// A sum with it is a whole number, which the last bits hold: 1.5 * 2^52.
constexpr double doubleShifter = 6755399441055744.0;
/// pi / 4, and what the rounding of large quotients may add.
constexpr float largestRest = 0.786f;
} // namespace detail

/// The arithmetic of one number at a time.
struct ScalarArithmetic {
  using Value = float;

  float constant(float value) { return value; }
  float add(float x, float y) { return x + y; }
  float sub(float x, float y) { return x - y; }
  float mul(float x, float y) { return x * y; }
  float div(float x, float y) { return x / y; }
  float fma(float x, float y, float z) { return std::fma(x, y, z); }
  float clamp(float x, float low, float high) {
    x = x < low ? low : x;
    return x > high ? high : x;
  }
  float shiftToExponent(float x) {
    uint32_t bits;
    std::memcpy(&bits, &x, sizeof(bits));
    bits <<= 23;
    std::memcpy(&x, &bits, sizeof(bits));
    return x;
  }

  // What Trigonometry.h needs beside these.
  float abs(float x) { return std::fabs(x); }
  float sqrt(float x) { return std::sqrt(x); }
  float copySign(float magnitude, float sign) {
    return std::copysign(magnitude, sign);
  }
  bool isBelow(float x, float y) { return x < y; }
  float choose(bool condition, float x, float y) { return condition ? x : y; }
  float binaryExponent(float x) {
    uint32_t bits;
    std::memcpy(&bits, &x, sizeof(bits));
    return static_cast<float>(static_cast<int32_t>(bits - sqrtHalfBits) >> 23);
  }
  float significand(float x) {
    uint32_t bits;
    std::memcpy(&bits, &x, sizeof(bits));
    bits -= (bits - sqrtHalfBits) & exponentMask;
    std::memcpy(&x, &bits, sizeof(bits));
    return x;
  }

  QuarterTurns<float, bool> quarterTurns(float x, int shift) {
    double wide = x;
    double shifted = std::fma(wide, detail::twoOverPi, detail::doubleShifter);
    double n = shifted - detail::doubleShifter;
    double rest = std::fma(-n, detail::halfPiOfDouble, wide);
    rest = std::fma(-n, detail::halfPiOfDoubleRest, rest);
    uint64_t bits;
    std::memcpy(&bits, &shifted, sizeof(bits));
    bits += shift;
    return {clamp(static_cast<float>(rest), -detail::largestRest,
                  detail::largestRest),
            (bits & 1) != 0, (bits & 2) != 0};
  }

  /// The bits of the square root of a half in single precision.
  static constexpr uint32_t sqrtHalfBits = 0x3f3504f3;
  /// Sign and exponent.
  static constexpr uint32_t exponentMask = 0xff800000;
};

} // namespace edgec

#endif // EDGEC_REFERENCE_APPROXIMATIONS_H
