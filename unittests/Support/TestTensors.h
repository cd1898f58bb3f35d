//===- TestTensors.h - Tensors that the tests share -------------*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_UNITTESTS_SUPPORT_TESTTENSORS_H
#define EDGEC_UNITTESTS_SUPPORT_TESTTENSORS_H

#include "edgec/Support/Tensor.h"
#include "llvm/Support/Error.h"
#include <cstring>
#include <gtest/gtest.h>
#include <string>

namespace edgec {

inline constexpr ElementType allTypes[] = {
    ElementType::F32, ElementType::F64, ElementType::F16, ElementType::BF16,
    ElementType::I8,  ElementType::I16, ElementType::I32, ElementType::I64,
    ElementType::U8,  ElementType::U16, ElementType::U32, ElementType::U64,
    ElementType::Bool};

/// Every byte differs from its neighbours, so that a wrong order shows.
inline Tensor makeTensor(ElementType type, std::vector<int64_t> shape) {
  Tensor tensor(type, std::move(shape));
  for (size_t i = 0; i < tensor.byteCount(); ++i)
    tensor.mutableBytes()[i] = static_cast<char>(
        type == ElementType::Bool ? i % 3 == 0 : (i * 37 + 11) % 127);
  return tensor;
}

template <typename T>
Tensor tensorOf(std::vector<int64_t> shape, const std::vector<T> &values) {
  Tensor tensor(elementTypeOf<T>(), std::move(shape));
  std::memcpy(tensor.mutableBytes(), values.data(), tensor.byteCount());
  return tensor;
}

inline std::string bytesOf(const Tensor &tensor) {
  return std::string(tensor.bytes(), tensor.byteCount());
}

inline void expectSame(const Tensor &actual, const Tensor &expected) {
  EXPECT_EQ(actual.type(), expected.type());
  EXPECT_EQ(actual.shape(), expected.shape());
  EXPECT_EQ(bytesOf(actual), bytesOf(expected));
}

/// The message of a failure; "success" if there is none.
template <typename T> std::string messageOf(llvm::Expected<T> result) {
  return result ? "success" : llvm::toString(result.takeError());
}

} // namespace edgec

#endif // EDGEC_UNITTESTS_SUPPORT_TESTTENSORS_H
