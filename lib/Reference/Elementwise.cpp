//===- Elementwise.cpp - Maps over the elements of one tensor -------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Algebraic functions take one rounding a step in the element type (f16 and
// bf16: in f32, rounded once at the end). Those that stand between quantized
// layers (exp, erf, tanh and what is made of them) are the approximations that
// generated code computes too, so that what is quantized next has the same
// bits, and so are the circular and the hyperbolic functions. The other
// transcendental functions, and all of f64, are computed in
// double precision and rounded once, so that the reference does not inherit one
// C library's single-precision approximations.
//
//===----------------------------------------------------------------------===//

#include "Elements.h"
#include "Kernels.h"
#include "edgec/Reference/Trigonometry.h"

using namespace edgec;
using namespace edgec::edge;
using namespace edgec::reference;

namespace {

template <typename From, typename To, typename Function>
void map(const Tensor &input, Tensor &result, Function function) {
  const From *from = input.data<From>();
  To *to = result.mutableData<To>();
  for (int64_t i = 0, count = result.size(); i < count; ++i)
    to[i] = store<To>(function(load(from[i])));
}

template <typename Function>
void mapNumber(Operands operands, Tensor &result, Function function) {
  dispatchNumber(result.type(), [&](auto type) {
    map<decltype(type), decltype(type)>(operands[0], result, function);
  });
}

template <typename Function>
void mapFloat(Operands operands, Tensor &result, Function function) {
  dispatchFloat(result.type(), [&](auto type) {
    map<decltype(type), decltype(type)>(operands[0], result, function);
  });
}

/// For transcendental functions: `function` maps double to double.
template <typename Function>
void mapReal(Operands operands, Tensor &result, Function function) {
  mapFloat(operands, result, [&](auto x) -> double { return function(x); });
}

/// `single` maps float to float as generated code does, `real` is for f64.
template <typename Single, typename RealFunction>
void mapApproximated(Operands operands, Tensor &result, Single single,
                     RealFunction real) {
  mapFloat(operands, result, [&](auto x) {
    if constexpr (std::is_same_v<decltype(x), float>)
      return static_cast<float>(single(x));
    else
      return static_cast<double>(real(x));
  });
}

//===----------------------------------------------------------------------===//
// Arithmetic
//===----------------------------------------------------------------------===//

void abs(AbsOp, Operands x, Tensor &result) {
  mapNumber(x, result, [](auto x) {
    using T = decltype(x);
    if constexpr (std::is_floating_point_v<T>)
      return std::fabs(x);
    else
      return x < T(0) ? subtract(T(0), x) : x;
  });
}

void neg(NegOp, Operands x, Tensor &result) {
  mapNumber(x, result, [](auto x) {
    using T = decltype(x);
    if constexpr (std::is_floating_point_v<T>)
      return -x;
    else
      return subtract(T(0), x);
  });
}

void sign(SignOp, Operands x, Tensor &result) {
  mapNumber(x, result, [](auto x) {
    using T = decltype(x);
    if (x > T(0))
      return T(1);
    if (x < T(0))
      return static_cast<T>(-1);
    return x; // Zero or NaN.
  });
}

void floor(FloorOp, Operands x, Tensor &result) {
  mapFloat(x, result, [](auto x) { return std::floor(x); });
}

void ceil(CeilOp, Operands x, Tensor &result) {
  mapFloat(x, result, [](auto x) { return std::ceil(x); });
}

void round(RoundOp, Operands x, Tensor &result) {
  mapFloat(x, result, [](auto x) { return std::nearbyint(x); });
}

void reciprocal(ReciprocalOp, Operands x, Tensor &result) {
  mapFloat(x, result, [](auto x) { return decltype(x)(1) / x; });
}

void sqrt(SqrtOp, Operands x, Tensor &result) {
  mapFloat(x, result, [](auto x) { return std::sqrt(x); });
}

//===----------------------------------------------------------------------===//
// Transcendental functions
//===----------------------------------------------------------------------===//

float expOf(float x) {
  ScalarArithmetic arithmetic;
  return approximateExp(arithmetic, x);
}

float erfOf(float x) {
  ScalarArithmetic arithmetic;
  return approximateErf(arithmetic, x);
}

float tanhOf(float x) {
  ScalarArithmetic arithmetic;
  return approximateTanh(arithmetic, x);
}

/// log(1 + exp(x)) without overflow.
double softplusOf(double x) {
  return std::fmax(x, 0.0) + std::log1p(std::exp(-std::fabs(x)));
}

void exp(ExpOp, Operands x, Tensor &result) {
  mapApproximated(x, result, expOf, [](double x) { return std::exp(x); });
}

void log(LogOp, Operands x, Tensor &result) {
  mapReal(x, result, [](double x) { return std::log(x); });
}

void erf(ErfOp, Operands x, Tensor &result) {
  mapApproximated(x, result, erfOf, [](double x) { return std::erf(x); });
}

void tanh(TanhOp, Operands x, Tensor &result) {
  mapApproximated(x, result, tanhOf, [](double x) { return std::tanh(x); });
}

#define EDGEC_TRIGONOMETRIC(NAME, FUNCTION)                                    \
  void FUNCTION(NAME##Op, Operands x, Tensor &result) {                        \
    mapApproximated(                                                           \
        x, result,                                                             \
        [](float x) {                                                          \
          ScalarArithmetic arithmetic;                                         \
          return approximate##NAME(arithmetic, x);                             \
        },                                                                     \
        [](double x) { return std::FUNCTION(x); });                            \
  }
EDGEC_TRIGONOMETRIC(Sin, sin)
EDGEC_TRIGONOMETRIC(Cos, cos)
EDGEC_TRIGONOMETRIC(Asin, asin)
EDGEC_TRIGONOMETRIC(Acos, acos)
EDGEC_TRIGONOMETRIC(Atan, atan)
EDGEC_TRIGONOMETRIC(Sinh, sinh)
EDGEC_TRIGONOMETRIC(Cosh, cosh)
EDGEC_TRIGONOMETRIC(Asinh, asinh)
EDGEC_TRIGONOMETRIC(Acosh, acosh)
EDGEC_TRIGONOMETRIC(Atanh, atanh)
#undef EDGEC_TRIGONOMETRIC

void sigmoid(SigmoidOp, Operands x, Tensor &result) {
  mapApproximated(
      x, result, [](float x) { return 1 / (1 + expOf(-x)); },
      [](double x) { return 1 / (1 + std::exp(-x)); });
}

void softplus(SoftplusOp, Operands x, Tensor &result) {
  mapReal(x, result,
          [](double x) { return std::isnan(x) ? x : softplusOf(x); });
}

void mish(MishOp, Operands x, Tensor &result) {
  mapReal(x, result, [](double x) {
    return std::isnan(x) ? x : x * std::tanh(softplusOf(x));
  });
}

void elu(EluOp op, Operands x, Tensor &result) {
  double alpha = op.getAlpha().convertToDouble();
  mapReal(x, result,
          [=](double x) { return x > 0 ? x : alpha * std::expm1(x); });
}

void celu(CeluOp op, Operands x, Tensor &result) {
  double alpha = op.getAlpha().convertToDouble();
  mapReal(x, result, [=](double x) {
    return maximum(0.0, x) + minimum(0.0, alpha * std::expm1(x / alpha));
  });
}

void selu(SeluOp op, Operands x, Tensor &result) {
  double alpha = op.getAlpha().convertToDouble();
  double gamma = op.getGamma().convertToDouble();
  mapReal(x, result, [=](double x) {
    return gamma * (x > 0 ? x : alpha * std::expm1(x));
  });
}

void gelu(GeluOp op, Operands x, Tensor &result) {
  constexpr double sqrtHalf = 0.70710678118654752440;
  constexpr double sqrtTwoOverPi = 0.79788456080286535588;
  if (!op.getApproximateTanh())
    return mapApproximated(
        x, result,
        [=](float x) {
          return 0.5f * x * (1 + erfOf(x * static_cast<float>(sqrtHalf)));
        },
        [=](double x) { return 0.5 * x * (1 + std::erf(x * sqrtHalf)); });
  // Both round in the order in which code is generated.
  auto inner = [=](auto x) {
    using T = decltype(x);
    return T(sqrtTwoOverPi) * (x + T(0.044715) * (x * x * x));
  };
  mapApproximated(
      x, result, [=](float x) { return 0.5f * x * (1 + tanhOf(inner(x))); },
      [=](double x) { return 0.5 * x * (1 + std::tanh(inner(x))); });
}

//===----------------------------------------------------------------------===//
// Piecewise linear and rational activations
//===----------------------------------------------------------------------===//

void relu(ReluOp, Operands x, Tensor &result) {
  mapNumber(x, result, [](auto x) { return maximum(x, decltype(x)(0)); });
}

void softsign(SoftsignOp, Operands x, Tensor &result) {
  mapFloat(x, result,
           [](auto x) { return x / (decltype(x)(1) + std::fabs(x)); });
}

void hardSwish(HardSwishOp, Operands x, Tensor &result) {
  mapFloat(x, result, [](auto x) {
    using T = decltype(x);
    return x * maximum(T(0), minimum(T(1), x / T(6) + T(0.5)));
  });
}

void hardSigmoid(HardSigmoidOp op, Operands x, Tensor &result) {
  double alpha = op.getAlpha().convertToDouble();
  double beta = op.getBeta().convertToDouble();
  mapFloat(x, result, [=](auto x) {
    using T = decltype(x);
    return maximum(T(0), minimum(T(1), T(alpha) * x + T(beta)));
  });
}

void leakyRelu(LeakyReluOp op, Operands x, Tensor &result) {
  double alpha = op.getAlpha().convertToDouble();
  mapFloat(x, result, [=](auto x) {
    using T = decltype(x);
    return x >= T(0) ? x : T(alpha) * x;
  });
}

void thresholdedRelu(ThresholdedReluOp op, Operands x, Tensor &result) {
  double alpha = op.getAlpha().convertToDouble();
  mapFloat(x, result, [=](auto x) {
    using T = decltype(x);
    return x > T(alpha) ? x : T(0);
  });
}

/// A bound of a clamp in the element type: one beyond the type's range, an
/// infinite one included, does not bind. int64_t's and uint64_t's largest
/// values are no doubles, therefore the comparison.
template <typename T> T clampBound(double bound) {
  using Limits = std::numeric_limits<T>;
  if constexpr (std::is_integral_v<T>) {
    if (bound <= static_cast<double>(Limits::lowest()))
      return Limits::lowest();
    if (bound >= static_cast<double>(Limits::max()))
      return Limits::max();
  }
  return static_cast<T>(bound);
}

void clamp(ClampOp op, Operands x, Tensor &result) {
  double min = op.getMin().convertToDouble();
  double max = op.getMax().convertToDouble();
  dispatchNumber(result.type(), [&](auto type) {
    using T = decltype(type);
    auto low = clampBound<Arithmetic<T>>(min);
    auto high = clampBound<Arithmetic<T>>(max);
    map<T, T>(x[0], result,
              [=](auto x) { return minimum(maximum(x, low), high); });
  });
}

//===----------------------------------------------------------------------===//
// Logic and conversion
//===----------------------------------------------------------------------===//

void complement(NotOp, Operands x, Tensor &result) {
  dispatchIntegerOrBool(result.type(), [&](auto type) {
    using T = decltype(type);
    map<T, T>(x[0], result, [](T x) {
      if constexpr (std::is_same_v<T, bool>)
        return !x;
      else
        return static_cast<T>(~x);
    });
  });
}

void isNan(IsNanOp, Operands x, Tensor &result) {
  dispatchFloat(x[0].type(), [&](auto type) {
    map<decltype(type), bool>(x[0], result,
                              [](auto x) { return std::isnan(x); });
  });
}

void isInf(IsInfOp op, Operands x, Tensor &result) {
  bool negative = op.getDetectNegative(), positive = op.getDetectPositive();
  dispatchFloat(x[0].type(), [&](auto type) {
    map<decltype(type), bool>(x[0], result, [=](auto x) {
      return std::isinf(x) && (x < 0 ? negative : positive);
    });
  });
}

void cast(CastOp, Operands x, Tensor &result) {
  dispatchAny(x[0].type(), [&](auto fromType) {
    using From = decltype(fromType);
    const From *from = x[0].data<From>();
    dispatchAny(result.type(), [&](auto toType) {
      using To = decltype(toType);
      To *to = result.mutableData<To>();
      for (int64_t i = 0, count = result.size(); i < count; ++i)
        to[i] = convert<To>(from[i]);
    });
  });
}

} // namespace

void reference::addElementwiseKernels(KernelTable &table) {
  table.add<AbsOp, abs>();
  table.add<NegOp, neg>();
  table.add<SignOp, sign>();
  table.add<FloorOp, floor>();
  table.add<CeilOp, ceil>();
  table.add<RoundOp, round>();
  table.add<ReciprocalOp, reciprocal>();
  table.add<SqrtOp, sqrt>();
  table.add<ExpOp, exp>();
  table.add<LogOp, log>();
  table.add<ErfOp, erf>();
  table.add<SinOp, sin>();
  table.add<CosOp, cos>();
  table.add<TanhOp, tanh>();
  table.add<AsinOp, asin>();
  table.add<AcosOp, acos>();
  table.add<AtanOp, atan>();
  table.add<SinhOp, sinh>();
  table.add<CoshOp, cosh>();
  table.add<AsinhOp, asinh>();
  table.add<AcoshOp, acosh>();
  table.add<AtanhOp, atanh>();
  table.add<SigmoidOp, sigmoid>();
  table.add<SoftplusOp, softplus>();
  table.add<MishOp, mish>();
  table.add<EluOp, elu>();
  table.add<CeluOp, celu>();
  table.add<SeluOp, selu>();
  table.add<GeluOp, gelu>();
  table.add<ReluOp, relu>();
  table.add<SoftsignOp, softsign>();
  table.add<HardSwishOp, hardSwish>();
  table.add<HardSigmoidOp, hardSigmoid>();
  table.add<LeakyReluOp, leakyRelu>();
  table.add<ThresholdedReluOp, thresholdedRelu>();
  table.add<ClampOp, clamp>();
  table.add<NotOp, complement>();
  table.add<IsNanOp, isNan>();
  table.add<IsInfOp, isInf>();
  table.add<CastOp, cast>();
}
