//===- Accumulate.h - Element types that sums are made of -------*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// f16 and bf16 accumulate in f32, integers of up to 32 bits in i32; sums are
// rounded or truncated at the end.
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_LIB_REFERENCE_ACCUMULATE_H
#define EDGEC_LIB_REFERENCE_ACCUMULATE_H

#include "Elements.h"

#include <algorithm>
#include <optional>
#include <vector>

namespace edgec::reference {

/// Calls `function` with a value of the accumulator's type.
template <typename Function>
void dispatchAccumulator(ElementType result, Function function) {
  switch (result) {
  case ElementType::F32:
  case ElementType::F16:
  case ElementType::BF16:
    return function(float());
  case ElementType::F64:
    return function(double());
  case ElementType::I64:
  case ElementType::U64:
    return function(int64_t());
  default:
    return function(int32_t());
  }
}

/// A tensor's elements in the accumulator's type: its own data or a copy.
template <typename Sum> class Widened {
public:
  explicit Widened(const Tensor &tensor) {
    if (tensor.type() == elementTypeOf<Sum>()) {
      values = tensor.data<Sum>();
      return;
    }
    copy.resize(tensor.size());
    dispatchAny(tensor.type(), [&](auto type) {
      const auto *from = tensor.data<decltype(type)>();
      std::transform(from, from + tensor.size(), copy.begin(),
                     [](auto x) { return convert<Sum>(x); });
    });
    values = copy.data();
  }
  const Sum *data() const { return values; }

private:
  std::vector<Sum> copy;
  const Sum *values;
};

/// Where sums go: into the result itself, or into a buffer that is rounded to
/// the result's type when this object goes.
template <typename Sum> class Narrowing {
public:
  explicit Narrowing(Tensor &result) : result(result) {
    if (result.type() != elementTypeOf<Sum>())
      buffer.resize(result.size());
  }
  ~Narrowing() {
    if (buffer.empty())
      return;
    dispatchAny(result.type(), [&](auto type) {
      using T = decltype(type);
      std::transform(buffer.begin(), buffer.end(), result.mutableData<T>(),
                     [](Sum x) { return convert<T>(x); });
    });
  }
  Sum *data() { return buffer.empty() ? raw<Sum>(result) : buffer.data(); }

private:
  Tensor &result;
  std::vector<Sum> buffer;
};

} // namespace edgec::reference

#endif // EDGEC_LIB_REFERENCE_ACCUMULATE_H
