//===- Reduction.cpp - Reductions and softmax -----------------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Elements.h"
#include "Indexing.h"
#include "Kernels.h"
#include "edgec/Reference/Approximations.h"
#include "edgec/Reference/CanonicalReduction.h"

using namespace edgec;
using namespace edgec::edge;
using namespace edgec::reference;

namespace {

/// A tensor's dimensions in two groups: those that are reduced and those that
/// are kept. Element j of reduction i is at kept[i] + reduced[j].
struct Split {
  llvm::SmallVector<int64_t> kept, reduced;

  Split(Extents shape, Extents axes) {
    Strides strides = stridesOf(shape);
    llvm::SmallVector<int64_t> keptShape, reducedShape;
    Strides keptStrides, reducedStrides;
    for (size_t axis = 0; axis < shape.size(); ++axis) {
      bool isReduced = llvm::is_contained(axes, static_cast<int64_t>(axis));
      (isReduced ? reducedShape : keptShape).push_back(shape[axis]);
      (isReduced ? reducedStrides : keptStrides).push_back(strides[axis]);
    }
    kept = offsetsOf(keptShape, keptStrides);
    reduced = offsetsOf(reducedShape, reducedStrides);
  }
};

/// The type in which elements of type T are summed. Integer sums wrap in 64
/// bits, which is exact modulo every element type, and keeps a mean right.
template <typename T>
using Sum = std::conditional_t<
    isFloat<T>, Arithmetic<T>,
    std::conditional_t<std::is_signed_v<T>, int64_t, uint64_t>>;

/// The sum of map(x) over one reduction's elements.
template <typename T, typename Map>
Sum<T> sumOf(const T *from, Extents offsets, Map map) {
  return canonicalReduction(
      static_cast<int64_t>(offsets.size()), Sum<T>(0),
      [&](int64_t i) {
        return map(static_cast<Sum<T>>(load(from[offsets[i]])));
      },
      add<Sum<T>>);
}

template <typename T> T absolute(T x) {
  return x < T(0) ? subtract(T(0), x) : x;
}

template <typename T>
Sum<T> extremeOf(const T *from, Extents offsets, ReduceKind kind) {
  using Limits = std::numeric_limits<Sum<T>>;
  bool isMax = kind == ReduceKind::max;
  Sum<T> neutral = isMax ? Limits::lowest() : Limits::max();
  if (Limits::has_infinity)
    neutral = isMax ? -Limits::infinity() : Limits::infinity();
  return canonicalReduction(
      static_cast<int64_t>(offsets.size()), neutral,
      [&](int64_t i) { return static_cast<Sum<T>>(load(from[offsets[i]])); },
      isMax ? maximum<Sum<T>> : minimum<Sum<T>>);
}

/// log(sum(exp(x))), taken relative to the largest element, so that nothing
/// overflows; computed in double precision for every integer type.
template <typename T> double logSumExp(const T *from, Extents offsets) {
  using Real = std::conditional_t<isFloat<T>, Arithmetic<T>, double>;
  Real largest = static_cast<Real>(extremeOf(from, offsets, ReduceKind::max));
  if (!std::isfinite(largest))
    largest = 0;
  Real sum = canonicalSum<Real>(offsets.size(), [&](int64_t i) {
    Real x = static_cast<Real>(load(from[offsets[i]])) - largest;
    return static_cast<Real>(std::exp(static_cast<double>(x)));
  });
  Real logarithm = static_cast<Real>(std::log(static_cast<double>(sum)));
  return logarithm + largest;
}

/// One reduction, in the type that edge.reduce's result is rounded from.
template <typename T>
T reduceOne(const T *from, Extents offsets, ReduceKind kind) {
  using S = Sum<T>;
  auto identity = [](S x) { return x; };
  auto square = [](S x) { return multiply(x, x); };
  auto real = [](auto x) {
    // Integers' roots and logarithms are truncated.
    if constexpr (isFloat<T>)
      return store<T>(x);
    else
      return convert<T>(static_cast<double>(x));
  };
  auto root = [&](S x) {
    if constexpr (isFloat<T>)
      return std::sqrt(x);
    else
      return std::sqrt(static_cast<double>(x));
  };
  switch (kind) {
  case ReduceKind::sum:
    return store<T>(sumOf(from, offsets, identity));
  case ReduceKind::mean: {
    S count = static_cast<S>(offsets.size());
    if (!isFloat<T> && count == S(0))
      return T();
    return store<T>(static_cast<S>(sumOf(from, offsets, identity) / count));
  }
  case ReduceKind::max:
  case ReduceKind::min:
    return store<T>(extremeOf(from, offsets, kind));
  case ReduceKind::prod:
    return store<T>(canonicalReduction(
        static_cast<int64_t>(offsets.size()), S(1),
        [&](int64_t i) { return static_cast<S>(load(from[offsets[i]])); },
        multiply<S>));
  case ReduceKind::l1:
    return store<T>(sumOf(from, offsets, absolute<S>));
  case ReduceKind::l2:
    return real(root(sumOf(from, offsets, square)));
  case ReduceKind::sum_square:
    return store<T>(sumOf(from, offsets, square));
  case ReduceKind::log_sum:
    return real(std::log(static_cast<double>(sumOf(from, offsets, identity))));
  case ReduceKind::log_sum_exp:
    return real(logSumExp(from, offsets));
  }
  llvm_unreachable("not a reduction");
}

void reduce(ReduceOp op, Operands operands, Tensor &result) {
  if (result.size() == 0)
    return;
  Split split(operands[0].shape(), op.getAxes());
  dispatchNumber(result.type(), [&](auto type) {
    using T = decltype(type);
    const T *from = operands[0].data<T>();
    T *to = result.mutableData<T>();
    // An empty input has no memory that could be pointed into.
    bool isEmpty = operands[0].size() == 0;
    for (int64_t offset : split.kept)
      *to++ = reduceOne(isEmpty ? from : from + offset, split.reduced,
                        op.getKind());
  });
}

void argReduce(ArgReduceOp op, Operands operands, Tensor &result) {
  if (result.size() == 0)
    return;
  Split split(operands[0].shape(), {static_cast<int64_t>(op.getAxis())});
  bool isMax = op.getKind() == ArgKind::max, last = op.getSelectLast();
  dispatchNumber(operands[0].type(), [&](auto type) {
    using T = decltype(type);
    int64_t *to = result.mutableData<int64_t>();
    for (int64_t offset : split.kept) {
      const T *from = operands[0].data<T>() + offset;
      int64_t best = 0;
      for (size_t i = 1; i < split.reduced.size(); ++i) {
        auto x = load(from[split.reduced[i]]);
        auto y = load(from[split.reduced[best]]);
        if ((isMax ? x > y : x < y) || (last && x == y))
          best = i;
      }
      *to++ = best;
    }
  });
}

/// As generated code computes it.
float exponential(float x) {
  ScalarArithmetic arithmetic;
  return approximateExp(arithmetic, x);
}
double exponential(double x) { return std::exp(x); }

template <typename T>
void softmaxOne(const T *from, T *to, Extents offsets, bool log) {
  using Real = Arithmetic<T>;
  int64_t count = offsets.size();
  Real largest = extremeOf(from, offsets, ReduceKind::max);
  llvm::SmallVector<Real> shifted(count), exponentials(count);
  for (int64_t i = 0; i < count; ++i) {
    shifted[i] = load(from[offsets[i]]) - largest;
    exponentials[i] = exponential(shifted[i]);
  }
  Real sum =
      canonicalSum<Real>(count, [&](int64_t i) { return exponentials[i]; });
  Real logarithm = static_cast<Real>(std::log(static_cast<double>(sum)));
  for (int64_t i = 0; i < count; ++i)
    to[offsets[i]] =
        store<T>(log ? shifted[i] - logarithm : exponentials[i] / sum);
}

void softmax(SoftmaxOp op, Operands operands, Tensor &result) {
  if (result.size() == 0)
    return;
  Split split(operands[0].shape(), {static_cast<int64_t>(op.getAxis())});
  dispatchFloat(result.type(), [&](auto type) {
    using T = decltype(type);
    for (int64_t offset : split.kept)
      softmaxOne(operands[0].data<T>() + offset,
                 result.mutableData<T>() + offset, split.reduced, op.getLog());
  });
}

} // namespace

void reference::addReductionKernels(KernelTable &table) {
  table.add<ReduceOp, reduce>();
  table.add<ArgReduceOp, argReduce>();
  table.add<SoftmaxOp, softmax>();
}
