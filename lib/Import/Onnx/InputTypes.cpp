//===- InputTypes.cpp - Which elements an operator takes ------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "InputTypes.h"
#include "edgec/Import/Operators.h"
#include "edgec/Reference/Interpreter.h"
#include "mlir/IR/BuiltinTypes.h"
#include <fmt/format.h>

using namespace edgec;
using namespace edgec::onnx_import;

namespace {

struct NamedSet {
  llvm::StringLiteral name;
  TypeSet set;
};

constexpr NamedSet namedSets[] = {
    {"any", anyElement},
    {"number", numbers},
    {"float", floats},
    {"integer", integers},
};

/// "int32", "int32 or int64", "int8, int16 or int32".
std::string enumerate(TypeSet set) {
  std::vector<ElementType> types = set.types();
  std::string text;
  for (size_t i = 0; i < types.size(); ++i) {
    if (i != 0)
      text += i + 1 == types.size() ? " or " : ", ";
    text += name(types[i]);
  }
  return text;
}

} // namespace

std::vector<ElementType> TypeSet::types() const {
  std::vector<ElementType> result;
  for (uint32_t number = 1; number <= static_cast<uint32_t>(ElementType::Bool);
       ++number)
    if (contains(static_cast<ElementType>(number)))
      result.push_back(static_cast<ElementType>(number));
  return result;
}

std::string TypeSet::describe() const {
  for (const NamedSet &named : namedSets)
    if (named.set == *this)
      return named.name.str();
  return enumerate(*this);
}

std::vector<ElementFamily> edgec::elementFamilies() {
  std::vector<ElementFamily> families;
  for (const NamedSet &named : namedSets)
    families.push_back({named.name, named.set.types()});
  return families;
}

InputType InputTypes::of(int index) const {
  if (index < count)
    return listed[index];
  InputType type = listed[count - 1];
  if (repeated == 0) {
    type.likeInput = type.likeInput.value_or(count - 1);
    return type;
  }
  int first = count - repeated;
  int distance = (index - first) / repeated * repeated;
  type = listed[index - distance];
  if (type.likeInput && *type.likeInput >= first)
    *type.likeInput += distance;
  return type;
}

bool InputTypes::accept(llvm::ArrayRef<mlir::Value> inputs,
                        std::string &reason) const {
  auto typeOf = [&](size_t index) -> std::optional<ElementType> {
    if (index >= inputs.size() || !inputs[index])
      return std::nullopt;
    auto type = mlir::cast<mlir::RankedTensorType>(inputs[index].getType());
    return toElementType(type.getElementType());
  };
  for (size_t index = 0; index < inputs.size(); ++index) {
    std::optional<ElementType> type = typeOf(index);
    if (!type)
      continue;
    InputType expected = of(static_cast<int>(index));
    if (!expected.set.contains(*type)) {
      reason = fmt::format("input {} has elements of type {}; the operator "
                           "takes {} there",
                           index, name(*type), enumerate(expected.set));
      return false;
    }
    auto model = expected.likeInput ? typeOf(*expected.likeInput)
                                    : std::optional<ElementType>();
    if (model && *model != *type) {
      reason =
          fmt::format("input {} has elements of type {}, input {} of type "
                      "{}; the operator takes the same type for both",
                      index, name(*type), *expected.likeInput, name(*model));
      return false;
    }
  }
  return true;
}
