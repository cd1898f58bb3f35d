//===- Tensor.h - A tensor in host memory -----------------------*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What the file readers produce, the reference interpreter computes with and
// the artefact runner passes to compiled code. Independent of MLIR, so that
// tools that only move data stay light.
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_SUPPORT_TENSOR_H
#define EDGEC_SUPPORT_TENSOR_H

#include <cassert>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace edgec {

/// Element types of tensors. The values are those of EDGEC_TYPE_* in
/// runtime/edgec.h and part of the artefact's binary interface.
enum class ElementType : uint32_t {
  F32 = 1,
  F64 = 2,
  F16 = 3,
  BF16 = 4,
  I8 = 5,
  I16 = 6,
  I32 = 7,
  I64 = 8,
  U8 = 9,
  U16 = 10,
  U32 = 11,
  U64 = 12,
  Bool = 13, ///< One byte an element, 0 or 1.
};

/// Size of one element in bytes.
size_t byteSize(ElementType type);

bool isFloatType(ElementType type);

/// The smallest and the largest value of an integer type or of booleans, as
/// far as int64_t holds it: U64 ends where I64 does.
std::pair<int64_t, int64_t> integerRange(ElementType type);

/// The type's name as NumPy and ONNX users write it: "float32", "uint8",
/// "bool".
std::string_view name(ElementType type);

/// The inverse of name(); nothing if there is no such type.
std::optional<ElementType> parseElementType(std::string_view name);

/// The element type of a C++ type: elementTypeOf<float>() == ElementType::F32.
template <typename T> constexpr ElementType elementTypeOf();

/// "1x3x224x224"; "scalar" for rank 0.
std::string formatShape(const std::vector<int64_t> &shape);

/// A dense tensor in row-major (C) order. Copies are deep; `view` borrows.
class Tensor {
public:
  Tensor() = default;
  /// Zero-initialised. Extents must not be negative.
  Tensor(ElementType type, std::vector<int64_t> shape);
  /// A tensor over bytes that someone else keeps alive and does not change
  /// through this object (a constant's blob): `mutableData` is not allowed.
  static Tensor view(ElementType type, std::vector<int64_t> shape,
                     const void *bytes);

  Tensor(const Tensor &other);
  Tensor &operator=(const Tensor &other);
  Tensor(Tensor &&) = default;
  Tensor &operator=(Tensor &&) = default;

  ElementType type() const { return elementType; }
  const std::vector<int64_t> &shape() const { return extents; }
  int64_t rank() const { return static_cast<int64_t>(extents.size()); }
  int64_t dim(int64_t axis) const { return extents[axis]; }
  /// Number of elements; 1 for a scalar.
  int64_t size() const;
  size_t byteCount() const { return size() * byteSize(elementType); }

  const char *bytes() const { return borrowed ? borrowed : storage.data(); }
  char *mutableBytes() {
    assert(!borrowed && "a view is read-only");
    return storage.data();
  }
  template <typename T> const T *data() const {
    assert(elementTypeOf<T>() == elementType && "element type mismatch");
    return reinterpret_cast<const T *>(bytes());
  }
  template <typename T> T *mutableData() {
    assert(elementTypeOf<T>() == elementType && "element type mismatch");
    return reinterpret_cast<T *>(mutableBytes());
  }

  /// The same bytes with other extents of the same product.
  Tensor reshaped(std::vector<int64_t> shape) const;

  /// Element `index` (row-major) as a double or, for integers and booleans,
  /// an int64_t. f16 and bf16 are widened exactly.
  double asDouble(int64_t index) const;
  int64_t asInt(int64_t index) const;
  /// Sets element `index`: rounded to nearest in a tensor of floats. In one of
  /// integers or booleans, a value has to be in the type's range, of which the
  /// fraction is dropped.
  void setDouble(int64_t index, double value);
  void setInt(int64_t index, int64_t value);

private:
  ElementType elementType = ElementType::F32;
  std::vector<int64_t> extents;
  std::vector<char> storage;
  const char *borrowed = nullptr;
};

/// Half-precision formats are kept as bits in types of their own, so that
/// templates over element types can tell them from uint16_t.
struct Half {
  uint16_t bits = 0;
};
struct BFloat16 {
  uint16_t bits = 0;
};
float toFloat(Half value);
float toFloat(BFloat16 value);
/// Round to nearest, ties to even (IEEE 754).
Half toHalf(float value);
BFloat16 toBFloat16(float value);

template <> constexpr ElementType elementTypeOf<float>() {
  return ElementType::F32;
}
template <> constexpr ElementType elementTypeOf<double>() {
  return ElementType::F64;
}
template <> constexpr ElementType elementTypeOf<Half>() {
  return ElementType::F16;
}
template <> constexpr ElementType elementTypeOf<BFloat16>() {
  return ElementType::BF16;
}
template <> constexpr ElementType elementTypeOf<int8_t>() {
  return ElementType::I8;
}
template <> constexpr ElementType elementTypeOf<int16_t>() {
  return ElementType::I16;
}
template <> constexpr ElementType elementTypeOf<int32_t>() {
  return ElementType::I32;
}
template <> constexpr ElementType elementTypeOf<int64_t>() {
  return ElementType::I64;
}
template <> constexpr ElementType elementTypeOf<uint8_t>() {
  return ElementType::U8;
}
template <> constexpr ElementType elementTypeOf<uint16_t>() {
  return ElementType::U16;
}
template <> constexpr ElementType elementTypeOf<uint32_t>() {
  return ElementType::U32;
}
template <> constexpr ElementType elementTypeOf<uint64_t>() {
  return ElementType::U64;
}
template <> constexpr ElementType elementTypeOf<bool>() {
  return ElementType::Bool;
}

} // namespace edgec

#endif // EDGEC_SUPPORT_TENSOR_H
