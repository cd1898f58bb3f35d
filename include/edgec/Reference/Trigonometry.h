//===- Trigonometry.h - Circular and hyperbolic functions -------*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// More functions in the manner of Approximations.h: the same bits from the
// interpreter and from generated code. Beside the arithmetic named there they
// need
//   abs(x), sqrt(x), copySign(magnitude, sign)
//   isBelow(x, y)             whether x < y, false for NaN
//   choose(condition, x, y)
//   binaryExponent(x)         the whole number e with x / 2^e in [s, 2s) for
//   the
//                             square root s of a half; x normal and positive
//   significand(x)            that quotient
//   quarterTurns(x, shift)    how x divides into quarters of a turn, to whose
//                             number `shift` is added: QuarterTurns
//
// Errors are those that the unit tests state, in units in the last place, where
// fma is fused. Arguments outside a function's domain give NaN.
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_REFERENCE_TRIGONOMETRY_H
#define EDGEC_REFERENCE_TRIGONOMETRY_H

#include "edgec/Reference/Approximations.h"
#include <limits>

namespace edgec {

namespace detail {
constexpr float halfPi = 1.5707963267948966f;
/// What the constant above lacks.
constexpr float halfPiRest = -4.371139000186243e-08f;
constexpr float logOfTwo = 0.693359375f, logOfTwoRest = -2.12194440e-4f;

/// asin(x) for |x| up to 1/2, with the square of x.
template <typename Arithmetic, typename Value>
Value smallAsin(Arithmetic &a, Value x, Value square) {
  constexpr float coefficients[] = {
      0.042218567659816852f, 0.024147600510813799f, 0.045477098956716297f,
      0.07495241769379328f, 0.16666753927978531f};
  return a.fma(a.mul(x, square), polynomial(a, square, coefficients), x);
}

/// An arc sine's argument brought to [0, 1/2]: |x|, or sqrt((1 - |x|) / 2)
/// where |x| is above 1/2, with asin(|x|) = pi / 2 - 2 asin of it.
template <typename Arithmetic, typename Value> struct AsinReduction {
  AsinReduction(Arithmetic &a, Value x) {
    Value magnitude = a.abs(x), half = a.constant(0.5f);
    isLarge = a.isBelow(half, magnitude);
    // Exact: 1 - |x| for |x| above 1/2, and halves.
    Value rest = a.mul(half, a.sub(a.constant(1), magnitude));
    Value square = a.choose(isLarge, rest, a.mul(magnitude, magnitude));
    Value reduced = a.choose(isLarge, a.sqrt(rest), magnitude);
    angle = smallAsin(a, reduced, square);
  }

  decltype(std::declval<Arithmetic>().isBelow(std::declval<Value>(),
                                              std::declval<Value>())) isLarge;
  Value angle;
};

/// log(1 + f) + e * log(2) for f between sqrt(1/2) - 1 and sqrt(2) - 1.
template <typename Arithmetic, typename Value>
Value logOfParts(Arithmetic &a, Value f, Value e) {
  constexpr float coefficients[] = {
      0.069272689772240825f, -0.11808240428064641f, 0.11877446560089186f,
      -0.1238170683174937f,  0.14217773320490618f,  -0.16669364814891324f,
      0.20002270020986754f,  -0.24999985133607433f, 0.33333309875678463f};
  Value square = a.mul(f, f);
  Value rest = a.mul(a.mul(square, f), polynomial(a, f, coefficients));
  rest = a.fma(e, a.constant(logOfTwoRest), rest);
  rest = a.fma(square, a.constant(-0.5f), rest);
  return a.fma(e, a.constant(logOfTwo), a.add(f, rest));
}

/// log(1 + t) for t at least zero; `doublings` times log(2) come on top.
template <typename Arithmetic, typename Value>
Value logOfOnePlus(Arithmetic &a, Value t, Value doublings) {
  // u + c is 1 + t exactly, or to the last bit where t is above 1.
  Value one = a.constant(1), u = a.add(t, one);
  Value c = a.choose(a.isBelow(one, t), a.sub(one, a.sub(u, t)),
                     a.sub(t, a.sub(u, one)));
  Value e = a.binaryExponent(u);
  // 2^-e, of a number whose last bits are its biased exponent.
  constexpr float shifter = 12582912.0f + 127.0f;
  Value scale = a.shiftToExponent(a.sub(a.constant(shifter), e));
  Value f = a.fma(c, scale, a.sub(a.significand(u), one));
  return logOfParts(a, f, a.add(e, doublings));
}

/// e^|x| / 2 without an overflow before that of the quotient.
template <typename Arithmetic, typename Value>
Value halfExp(Arithmetic &a, Value magnitude) {
  // log(2) and a little, of so few bits that the difference is exact.
  constexpr float shift = 0.6931610107421875f;
  // e^(shift - log(2)) - 1.
  constexpr float correction = 1.3830277879601902e-05f;
  Value power = approximateExp(a, a.sub(magnitude, a.constant(shift)));
  return a.fma(power, a.constant(correction), power);
}

/// The sine of x, `shift` quarters of a turn on.
template <typename Arithmetic, typename Value>
Value shiftedSine(Arithmetic &a, Value x, int shift) {
  constexpr float sine[] = {2.7182372650473793e-06f, -0.00019839327135135127f,
                            0.0083333293622752311f, -0.16666666641426475f, 1};
  constexpr float cosine[] = {2.4437730017726238e-05f, -0.0013887361449402172f,
                              0.041666646747757614f, -0.5f, 1};
  auto turns = a.quarterTurns(x, shift);
  Value square = a.mul(turns.rest, turns.rest);
  Value result = a.choose(turns.isOdd, polynomial(a, square, cosine),
                          a.mul(turns.rest, polynomial(a, square, sine)));
  // From minus zero, so that zeros change their sign as well.
  return a.choose(turns.isHalf, a.sub(a.constant(-0.0f), result), result);
}
} // namespace detail

/// The sine, within 3 units in the last place up to 2^40; beyond, it is some
/// number in [-1, 1].
template <typename Arithmetic, typename Value>
Value approximateSin(Arithmetic &a, Value x) {
  return detail::shiftedSine(a, x, 0);
}

/// The cosine, of the same accuracy.
template <typename Arithmetic, typename Value>
Value approximateCos(Arithmetic &a, Value x) {
  return detail::shiftedSine(a, x, 1);
}

/// The arc sine, within 3 units in the last place.
template <typename Arithmetic, typename Value>
Value approximateAsin(Arithmetic &a, Value x) {
  detail::AsinReduction<Arithmetic, Value> reduction(a, x);
  Value large =
      a.fma(a.constant(-2), reduction.angle, a.constant(detail::halfPi));
  return a.copySign(a.choose(reduction.isLarge, large, reduction.angle), x);
}

/// The arc cosine, within 3 units in the last place.
template <typename Arithmetic, typename Value>
Value approximateAcos(Arithmetic &a, Value x) {
  detail::AsinReduction<Arithmetic, Value> reduction(a, x);
  Value angle = reduction.angle, zero = a.constant(0);
  Value halfPi = a.constant(detail::halfPi);
  Value small = a.sub(
      halfPi, a.sub(a.copySign(angle, x), a.constant(detail::halfPiRest)));
  Value twice = a.add(angle, angle);
  Value obtuse = a.sub(a.constant(2 * detail::halfPi),
                       a.sub(twice, a.constant(2 * detail::halfPiRest)));
  Value large = a.choose(a.isBelow(x, zero), obtuse, twice);
  return a.choose(reduction.isLarge, large, small);
}

/// The arc tangent, within 3 units in the last place.
template <typename Arithmetic, typename Value>
Value approximateAtan(Arithmetic &a, Value x) {
  constexpr float coefficients[] = {0.08060308441687479f, -0.13879849809154921f,
                                    0.1997792606125271f, -0.33332955252932239f};
  // The tangents of pi / 8 and of three times that.
  constexpr float low = 0.41421356f, high = 2.4142136f;
  Value magnitude = a.abs(x), one = a.constant(1);
  auto isMiddle = a.isBelow(a.constant(low), magnitude);
  auto isLarge = a.isBelow(a.constant(high), magnitude);
  Value above = a.choose(isMiddle, a.sub(magnitude, one), magnitude);
  Value below = a.choose(isMiddle, a.add(magnitude, one), one);
  above = a.choose(isLarge, a.constant(-1), above);
  below = a.choose(isLarge, magnitude, below);
  Value base =
      a.choose(isMiddle, a.constant(detail::halfPi / 2), a.constant(0));
  base = a.choose(isLarge, a.constant(detail::halfPi), base);
  Value tangent = a.div(above, below), square = a.mul(tangent, tangent);
  Value angle = a.fma(a.mul(tangent, square),
                      detail::polynomial(a, square, coefficients), tangent);
  return a.copySign(a.add(base, angle), x);
}

/// The hyperbolic sine, within 3 units in the last place.
template <typename Arithmetic, typename Value>
Value approximateSinh(Arithmetic &a, Value x) {
  constexpr float coefficients[] = {
      2.8174395115261762e-06f, 0.00019836066274349246f, 0.0083333505978932017f,
      0.16666666488721368f};
  Value magnitude = a.abs(x), square = a.mul(x, x);
  Value small = a.fma(a.mul(magnitude, square),
                      detail::polynomial(a, square, coefficients), magnitude);
  Value power = detail::halfExp(a, magnitude);
  Value large = a.sub(power, a.div(a.constant(0.25f), power));
  auto isLarge = a.isBelow(a.constant(1), magnitude);
  return a.copySign(a.choose(isLarge, large, small), x);
}

/// The hyperbolic cosine, within 3 units in the last place.
template <typename Arithmetic, typename Value>
Value approximateCosh(Arithmetic &a, Value x) {
  Value power = detail::halfExp(a, a.abs(x));
  return a.add(power, a.div(a.constant(0.25f), power));
}

/// The inverse hyperbolic sine, within 3 units in the last place.
template <typename Arithmetic, typename Value>
Value approximateAsinh(Arithmetic &a, Value x) {
  // From here on it is log(2 |x|) = log(|x| / 2) + 2 log(2).
  constexpr float largest = 16777216.0f;
  Value magnitude = a.abs(x), one = a.constant(1);
  Value square = a.mul(magnitude, magnitude);
  Value root = a.sqrt(a.fma(magnitude, magnitude, one));
  // log(|x| + root), the root without the one that would swallow small |x|.
  Value t = a.add(magnitude, a.div(square, a.add(one, root)));
  auto isLarge = a.isBelow(a.constant(largest), magnitude);
  t = a.choose(isLarge, a.mul(a.constant(0.5f), magnitude), t);
  Value doublings = a.choose(isLarge, a.constant(2), a.constant(0));
  Value result = detail::logOfOnePlus(a, t, doublings);
  auto isInfinite =
      a.isBelow(a.constant(std::numeric_limits<float>::max()), magnitude);
  return a.copySign(a.choose(isInfinite, magnitude, result), x);
}

/// The inverse hyperbolic cosine, within 3 units in the last place.
template <typename Arithmetic, typename Value>
Value approximateAcosh(Arithmetic &a, Value x) {
  constexpr float largest = 16777216.0f;
  Value one = a.constant(1), t = a.sub(x, one);
  Value root = a.sqrt(a.fma(t, t, a.add(t, t)));
  auto isLarge = a.isBelow(a.constant(largest), x);
  Value inner = a.choose(isLarge, a.mul(a.constant(0.5f), x), a.add(t, root));
  Value doublings = a.choose(isLarge, a.constant(2), a.constant(0));
  Value result = detail::logOfOnePlus(a, inner, doublings);
  auto isInfinite = a.isBelow(a.constant(std::numeric_limits<float>::max()), x);
  result = a.choose(isInfinite, x, result);
  Value nan = a.constant(std::numeric_limits<float>::quiet_NaN());
  return a.choose(a.isBelow(x, one), nan, result);
}

/// The inverse hyperbolic tangent, within 3 units in the last place.
template <typename Arithmetic, typename Value>
Value approximateAtanh(Arithmetic &a, Value x) {
  Value magnitude = a.abs(x), one = a.constant(1);
  Value infinity = a.constant(std::numeric_limits<float>::infinity());
  Value ratio = a.div(a.add(magnitude, magnitude), a.sub(one, magnitude));
  Value result =
      a.mul(a.constant(0.5f), detail::logOfOnePlus(a, ratio, a.constant(0)));
  // At one, and beyond it.
  result = a.choose(a.isBelow(magnitude, one), result, infinity);
  Value nan = a.constant(std::numeric_limits<float>::quiet_NaN());
  auto isNumber = a.isBelow(magnitude, a.constant(1.0000001f));
  return a.copySign(a.choose(isNumber, result, nan), x);
}

} // namespace edgec

#endif // EDGEC_REFERENCE_TRIGONOMETRY_H
