//===- TensorTest.cpp - Element types and conversions ---------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "TestTensors.h"
#include "edgec/Support/TensorFile.h"
#include <cmath>
#include <limits>

using namespace edgec;

namespace {

TEST(ElementTypes, NamesRoundTrip) {
  for (ElementType type : allTypes)
    EXPECT_EQ(parseElementType(name(type)), type);
  EXPECT_EQ(parseElementType("float8"), std::nullopt);
}

TEST(HalfPrecision, EveryHalfSurvivesARoundTrip) {
  for (uint32_t bits = 0; bits < 0x10000; ++bits) {
    Half half{static_cast<uint16_t>(bits)};
    float value = toFloat(half);
    if (std::isnan(value))
      EXPECT_TRUE(std::isnan(toFloat(toHalf(value)))) << bits;
    else
      EXPECT_EQ(toHalf(value).bits, bits);
  }
}

TEST(HalfPrecision, RoundsToNearestEven) {
  EXPECT_EQ(toHalf(1.0f).bits, 0x3c00);
  // Halfway between 1 and the next half: to the even one; a little more: up.
  EXPECT_EQ(toHalf(1.0f + 0x1p-11f).bits, 0x3c00);
  EXPECT_EQ(toHalf(1.0f + 0x1p-11f + 0x1p-20f).bits, 0x3c01);
  EXPECT_EQ(toHalf(1.0f + 3 * 0x1p-11f).bits, 0x3c02);
  // The largest half is 65504; from 65520 on it is infinity.
  EXPECT_EQ(toHalf(65519.0f).bits, 0x7bff);
  EXPECT_EQ(toHalf(65520.0f).bits, 0x7c00);
  EXPECT_EQ(toHalf(-1e30f).bits, 0xfc00);
  // Denormals: 2^-24 is the smallest, half of it rounds to zero.
  EXPECT_EQ(toHalf(0x1p-24f).bits, 1);
  EXPECT_EQ(toHalf(0x1p-25f).bits, 0);
  EXPECT_EQ(toHalf(0x1.8p-25f).bits, 1);
  EXPECT_EQ(toHalf(-0.0f).bits, 0x8000);
}

TEST(HalfPrecision, BFloat16RoundsToNearestEven) {
  EXPECT_EQ(toBFloat16(1.0f).bits, 0x3f80);
  EXPECT_EQ(toBFloat16(1.0f + 0x1p-8f).bits, 0x3f80);
  EXPECT_EQ(toBFloat16(1.0f + 3 * 0x1p-8f).bits, 0x3f82);
  EXPECT_TRUE(std::isnan(
      toFloat(toBFloat16(std::numeric_limits<float>::signaling_NaN()))));
}

TEST(Tensor, CopiesOfViewsOwnTheirBytes) {
  std::vector<int32_t> values = {1, 2, 3};
  Tensor copy = Tensor::view(ElementType::I32, {3}, values.data());
  Tensor second = copy;
  values[0] = 7;
  EXPECT_EQ(copy.asInt(0), 7);
  EXPECT_EQ(second.asInt(0), 1);
}

TEST(Tensor, FormatsShapes) {
  EXPECT_EQ(formatShape({}), "scalar");
  EXPECT_EQ(formatShape({1, 3, 224, 224}), "1x3x224x224");
}

TEST(Tensor, KeepsWhatItsTypeHolds) {
  for (auto value = static_cast<uint32_t>(ElementType::F32);
       value <= static_cast<uint32_t>(ElementType::Bool); ++value) {
    auto type = static_cast<ElementType>(value);
    SCOPED_TRACE(name(type));
    Tensor tensor(type, {2});
    if (isFloatType(type)) {
      tensor.setDouble(1, -1.5);
      EXPECT_EQ(tensor.asDouble(1), -1.5);
      tensor.setInt(1, 3);
      EXPECT_EQ(tensor.asDouble(1), 3);
    } else {
      for (int64_t end :
           {integerRange(type).first, integerRange(type).second}) {
        tensor.setInt(1, end);
        EXPECT_EQ(tensor.asInt(1), end);
      }
      tensor.setDouble(1, 1.75);
      EXPECT_EQ(tensor.asInt(1), 1);
    }
    EXPECT_EQ(tensor.asDouble(0), 0);
  }
}

TEST(ConvertTensor, WidensAndNarrows) {
  Tensor bytes = tensorOf<uint8_t>({2}, {0, 255});
  llvm::Expected<Tensor> floats = convertTensor(bytes, ElementType::F32);
  ASSERT_TRUE(static_cast<bool>(floats));
  EXPECT_EQ(floats->asDouble(1), 255);
  llvm::Expected<Tensor> back = convertTensor(*floats, ElementType::U8);
  ASSERT_TRUE(static_cast<bool>(back));
  expectSame(*back, bytes);
}

TEST(ConvertTensor, RefusesWhatDoesNotFit) {
  EXPECT_EQ(
      messageOf(convertTensor(tensorOf<float>({1}, {0.5f}), ElementType::I32)),
      "the value 0.5 cannot be converted to int32");
  EXPECT_EQ(
      messageOf(convertTensor(tensorOf<int32_t>({1}, {256}), ElementType::U8)),
      "the value 256 cannot be converted to uint8");
  float nan = std::numeric_limits<float>::quiet_NaN();
  EXPECT_NE(
      messageOf(convertTensor(tensorOf<float>({1}, {nan}), ElementType::I64)),
      "success");
}

} // namespace
