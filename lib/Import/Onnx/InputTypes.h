//===- InputTypes.h - Which elements an operator takes ----------*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A row of the operator table says what elements its inputs may have, as a
// formula: `{anyElement, indices, like(0)}`. The importer refuses others before
// the row's handler runs, and the list of operators is made of it.
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_LIB_IMPORT_ONNX_INPUTTYPES_H
#define EDGEC_LIB_IMPORT_ONNX_INPUTTYPES_H

#include "edgec/Support/Tensor.h"
#include "mlir/IR/Value.h"
#include "llvm/ADT/ArrayRef.h"
#include <array>
#include <initializer_list>
#include <optional>
#include <string>
#include <vector>

namespace edgec::onnx_import {

/// A set of element types. ONNX's 4-bit integers count as the bytes that hold
/// them.
class TypeSet {
public:
  constexpr TypeSet(std::initializer_list<ElementType> types) {
    for (ElementType type : types)
      bits |= bit(type);
  }
  constexpr TypeSet operator|(TypeSet other) const {
    other.bits |= bits;
    return other;
  }
  constexpr bool operator==(TypeSet other) const { return bits == other.bits; }
  constexpr bool contains(ElementType type) const {
    return (bits & bit(type)) != 0;
  }
  /// In the order of the numbers of ElementType.
  std::vector<ElementType> types() const;
  /// "number"; "int32 or int64" where the set has no name of its own.
  std::string describe() const;

private:
  static constexpr uint32_t bit(ElementType type) {
    return uint32_t(1) << static_cast<uint32_t>(type);
  }
  uint32_t bits = 0;
};

inline constexpr TypeSet float32{ElementType::F32};
inline constexpr TypeSet int32{ElementType::I32};
inline constexpr TypeSet int64{ElementType::I64};
inline constexpr TypeSet uint8{ElementType::U8};
inline constexpr TypeSet boolean{ElementType::Bool};
inline constexpr TypeSet indices = int32 | int64;
inline constexpr TypeSet bytes = uint8 | TypeSet{ElementType::I8};
inline constexpr TypeSet unsignedIntegers{ElementType::U8, ElementType::U16,
                                          ElementType::U32, ElementType::U64};
inline constexpr TypeSet integers =
    unsignedIntegers | indices | TypeSet{ElementType::I8, ElementType::I16};
inline constexpr TypeSet floats{ElementType::F16, ElementType::BF16,
                                ElementType::F32, ElementType::F64};
inline constexpr TypeSet numbers = floats | integers;
/// What is summed: without integers that are narrower than their sums.
inline constexpr TypeSet wideNumbers =
    floats | indices | TypeSet{ElementType::U32, ElementType::U64};
inline constexpr TypeSet anyElement = numbers | boolean;

/// What elements one input may have.
struct InputType {
  constexpr InputType(TypeSet set) : set(set) {}

  TypeSet set;
  /// The input that has elements of the same type, if there is one.
  std::optional<int> likeInput;
};

/// The type of an earlier input.
constexpr InputType like(int input) {
  InputType type(anyElement);
  type.likeInput = input;
  return type;
}

/// What elements all inputs of an operator may have.
class InputTypes {
public:
  /// There are no inputs.
  constexpr InputTypes() = default;
  /// All inputs are of one type.
  constexpr InputTypes(TypeSet set) : InputTypes({InputType(set)}) {}
  /// The first inputs, one by one; those after them have the last one's type.
  constexpr InputTypes(std::initializer_list<InputType> first) {
    for (InputType type : first)
      listed[count++] = type;
  }
  /// After those that are listed the last `number` of them come again and
  /// again, each time with types of their own.
  constexpr InputTypes repeatingLast(int number) const {
    InputTypes result = *this;
    result.repeated = number;
    return result;
  }

  /// What input `index` may be.
  InputType of(int index) const;
  /// How many are listed; the others follow from them.
  int numListed() const { return count; }
  /// How many of those come again; 0 where the last one's type is that of all
  /// after it.
  int numRepeated() const { return repeated; }

  /// Whether `inputs`, of which some may be null, are of these types; `reason`
  /// says which one is not.
  bool accept(llvm::ArrayRef<mlir::Value> inputs, std::string &reason) const;

private:
  /// As many as the longest list needs, that of QLinearConv.
  static constexpr int mostListed = 9;

  std::array<InputType, mostListed> listed = {
      anyElement, anyElement, anyElement, anyElement, anyElement,
      anyElement, anyElement, anyElement, anyElement};
  int count = 0;
  int repeated = 0;
};

} // namespace edgec::onnx_import

#endif // EDGEC_LIB_IMPORT_ONNX_INPUTTYPES_H
