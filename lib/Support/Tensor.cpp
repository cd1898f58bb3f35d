//===- Tensor.cpp - A tensor in host memory -------------------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "edgec/Support/Tensor.h"
#include <array>
#include <cmath>
#include <cstring>
#include <limits>

using namespace edgec;

namespace {

struct TypeRow {
  ElementType type;
  size_t bytes;
  std::string_view name;
};

constexpr std::array<TypeRow, 13> typeRows = {{
    {ElementType::F32, 4, "float32"},
    {ElementType::F64, 8, "float64"},
    {ElementType::F16, 2, "float16"},
    {ElementType::BF16, 2, "bfloat16"},
    {ElementType::I8, 1, "int8"},
    {ElementType::I16, 2, "int16"},
    {ElementType::I32, 4, "int32"},
    {ElementType::I64, 8, "int64"},
    {ElementType::U8, 1, "uint8"},
    {ElementType::U16, 2, "uint16"},
    {ElementType::U32, 4, "uint32"},
    {ElementType::U64, 8, "uint64"},
    {ElementType::Bool, 1, "bool"},
}};

const TypeRow &row(ElementType type) {
  // The rows stand in the order of the enumeration, which starts at 1.
  const TypeRow &found = typeRows[static_cast<uint32_t>(type) - 1];
  assert(found.type == type && "rows out of order");
  return found;
}

template <typename T> T load(const char *bytes, int64_t index) {
  T value;
  std::memcpy(&value, bytes + index * sizeof(T), sizeof(T));
  return value;
}

template <typename T> void store(char *bytes, int64_t index, T value) {
  std::memcpy(bytes + index * sizeof(T), &value, sizeof(T));
}

template <typename To, typename From> To bitCast(From from) {
  static_assert(sizeof(To) == sizeof(From));
  To to;
  std::memcpy(&to, &from, sizeof(To));
  return to;
}

} // namespace

size_t edgec::byteSize(ElementType type) { return row(type).bytes; }

bool edgec::isFloatType(ElementType type) {
  return type == ElementType::F32 || type == ElementType::F64 ||
         type == ElementType::F16 || type == ElementType::BF16;
}

std::pair<int64_t, int64_t> edgec::integerRange(ElementType type) {
  using std::numeric_limits;
  switch (type) {
  case ElementType::I8:
    return {-128, 127};
  case ElementType::I16:
    return {-32768, 32767};
  case ElementType::I32:
    return {numeric_limits<int32_t>::min(), numeric_limits<int32_t>::max()};
  case ElementType::I64:
    return {numeric_limits<int64_t>::min(), numeric_limits<int64_t>::max()};
  case ElementType::U8:
    return {0, 255};
  case ElementType::U16:
    return {0, 65535};
  case ElementType::U32:
    return {0, numeric_limits<uint32_t>::max()};
  case ElementType::U64:
    return {0, numeric_limits<int64_t>::max()};
  default:
    assert(type == ElementType::Bool && "floats have no such range");
    return {0, 1};
  }
}

std::string_view edgec::name(ElementType type) { return row(type).name; }

std::optional<ElementType> edgec::parseElementType(std::string_view name) {
  for (const TypeRow &candidate : typeRows)
    if (candidate.name == name)
      return candidate.type;
  return std::nullopt;
}

std::string edgec::formatShape(const std::vector<int64_t> &shape) {
  if (shape.empty())
    return "scalar";
  std::string text;
  for (int64_t extent : shape) {
    if (!text.empty())
      text += 'x';
    text += std::to_string(extent);
  }
  return text;
}

//===----------------------------------------------------------------------===//
// Tensor
//===----------------------------------------------------------------------===//

Tensor::Tensor(ElementType type, std::vector<int64_t> shape)
    : elementType(type), extents(std::move(shape)) {
  storage.resize(byteCount());
}

Tensor Tensor::view(ElementType type, std::vector<int64_t> shape,
                    const void *bytes) {
  Tensor tensor;
  tensor.elementType = type;
  tensor.extents = std::move(shape);
  tensor.borrowed = static_cast<const char *>(bytes);
  return tensor;
}

Tensor::Tensor(const Tensor &other)
    : elementType(other.elementType), extents(other.extents) {
  if (other.borrowed)
    storage.assign(other.borrowed, other.borrowed + other.byteCount());
  else
    storage = other.storage;
}

Tensor &Tensor::operator=(const Tensor &other) {
  if (this != &other)
    *this = Tensor(other);
  return *this;
}

int64_t Tensor::size() const {
  int64_t count = 1;
  for (int64_t extent : extents) {
    assert(extent >= 0 && "negative extent");
    if (extent == 0) // The others may multiply to more than fits.
      return 0;
    if (__builtin_mul_overflow(count, extent, &count))
      count = 0; // Only where a later extent is 0: see checkedElementCount.
  }
  return count;
}

Tensor Tensor::reshaped(std::vector<int64_t> shape) const {
  Tensor result(*this);
  result.extents = std::move(shape);
  assert(result.size() == size() && "a reshape keeps the number of elements");
  return result;
}

double Tensor::asDouble(int64_t index) const {
  const char *from = bytes();
  switch (elementType) {
  case ElementType::F32:
    return load<float>(from, index);
  case ElementType::F64:
    return load<double>(from, index);
  case ElementType::F16:
    return toFloat(load<Half>(from, index));
  case ElementType::BF16:
    return toFloat(load<BFloat16>(from, index));
  case ElementType::U64:
    return static_cast<double>(load<uint64_t>(from, index));
  default:
    return static_cast<double>(asInt(index));
  }
}

int64_t Tensor::asInt(int64_t index) const {
  const char *from = bytes();
  switch (elementType) {
  case ElementType::I8:
    return load<int8_t>(from, index);
  case ElementType::I16:
    return load<int16_t>(from, index);
  case ElementType::I32:
    return load<int32_t>(from, index);
  case ElementType::I64:
    return load<int64_t>(from, index);
  case ElementType::U8:
    return load<uint8_t>(from, index);
  case ElementType::U16:
    return load<uint16_t>(from, index);
  case ElementType::U32:
    return load<uint32_t>(from, index);
  case ElementType::U64:
    return static_cast<int64_t>(load<uint64_t>(from, index));
  case ElementType::Bool:
    return load<uint8_t>(from, index) != 0;
  default:
    assert(false && "asInt is for integers and booleans");
    return 0;
  }
}

void Tensor::setDouble(int64_t index, double value) {
  char *to = mutableBytes();
  switch (elementType) {
  case ElementType::F32:
    return store(to, index, static_cast<float>(value));
  case ElementType::F64:
    return store(to, index, value);
  case ElementType::F16:
    return store(to, index, toHalf(static_cast<float>(value)));
  case ElementType::BF16:
    return store(to, index, toBFloat16(static_cast<float>(value)));
  case ElementType::U64:
    return store(to, index, static_cast<uint64_t>(value));
  default:
    return setInt(index, static_cast<int64_t>(value));
  }
}

void Tensor::setInt(int64_t index, int64_t value) {
  if (isFloatType(elementType))
    return setDouble(index, static_cast<double>(value));
  // Two's complement, little-endian: the low bytes are the narrow value.
  size_t width = byteSize(elementType);
  std::memcpy(mutableBytes() + index * width, &value, width);
}

//===----------------------------------------------------------------------===//
// Half-precision formats
//===----------------------------------------------------------------------===//

float edgec::toFloat(Half value) {
  uint32_t sign = uint32_t(value.bits & 0x8000) << 16;
  uint32_t exponent = (value.bits >> 10) & 0x1f;
  uint32_t mantissa = value.bits & 0x3ff;
  if (exponent == 0x1f) // infinity or NaN
    return bitCast<float>(sign | 0x7f800000 | (mantissa << 13));
  if (exponent != 0) // the exponents' biases are 15 and 127
    return bitCast<float>(sign | ((exponent + 112) << 23) | (mantissa << 13));
  // Zero and denormals: mantissa · 2^-24 is exact in single precision.
  float magnitude = std::ldexp(static_cast<float>(mantissa), -24);
  return sign ? -magnitude : magnitude;
}

float edgec::toFloat(BFloat16 value) {
  return bitCast<float>(uint32_t(value.bits) << 16);
}

Half edgec::toHalf(float value) {
  uint32_t bits = bitCast<uint32_t>(value);
  uint16_t sign = (bits >> 16) & 0x8000;
  uint32_t magnitude = bits & 0x7fffffff;
  if (magnitude > 0x7f800000) // NaN: keep the upper payload, stay quiet
    return {uint16_t(sign | 0x7e00 | ((magnitude >> 13) & 0x1ff))};
  if (magnitude >= 0x47800000) // 2^16 and above, infinity
    return {uint16_t(sign | 0x7c00)};

  uint32_t exponent = magnitude >> 23;
  if (exponent < 102) // below half of the smallest denormal, 2^-25
    return {sign};
  // The significand with its leading one; normal numbers lose 13 bits,
  // denormals one more for every step of the exponent below 2^-14.
  uint32_t significand = (magnitude & 0x7fffff) | 0x800000;
  uint32_t shift = exponent >= 113 ? 13 : 126 - exponent;
  uint32_t kept = significand >> shift;
  uint32_t lost = significand & ((uint32_t(1) << shift) - 1);
  uint32_t half = uint32_t(1) << (shift - 1);
  if (lost > half || (lost == half && (kept & 1)))
    ++kept;
  // A carry out of the mantissa raises the exponent, up to infinity, by itself.
  uint32_t base = exponent >= 113 ? (exponent - 113) << 10 : 0;
  return {uint16_t(sign | (base + kept))};
}

BFloat16 edgec::toBFloat16(float value) {
  uint32_t bits = bitCast<uint32_t>(value);
  if ((bits & 0x7fffffff) > 0x7f800000) // NaN: stay quiet
    return {uint16_t((bits >> 16) | 0x40)};
  uint32_t roundToEven = 0x7fff + ((bits >> 16) & 1);
  return {uint16_t((bits + roundToEven) >> 16)};
}
