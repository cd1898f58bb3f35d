//===- InputTypesTest.cpp - The table's types and what is imported --------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A node of each operator, with each element type for each of its inputs: those
// that the table has are imported and computed, all others are refused by it.
//
//===----------------------------------------------------------------------===//

#include "ExampleModel.h"
#include "TestModels.h"
#include "llvm/ADT/STLExtras.h"
#include <fmt/format.h>

using namespace edgec;
using namespace edgec::testing;

namespace {

constexpr uint32_t firstType = static_cast<uint32_t>(ElementType::F32);
constexpr uint32_t lastType = static_cast<uint32_t>(ElementType::Bool);

class InputTypesTest : public ImportTest {
protected:
  using Types = std::vector<ElementType>;

  void expectComputed(const ImportedOperator &row,
                      const OperatorExample &example, const Types &types) {
    messages.clear();
    auto [model, arguments] = makeModel(row, example, inputs, types);
    auto module = importBytes(model.SerializeAsString());
    ASSERT_TRUE(module) << messages;
    EXPECT_FALSE(run(*module, arguments).empty());
  }

  void expectRefused(const ImportedOperator &row,
                     const OperatorExample &example, const Types &types,
                     const std::string &reason) {
    messages.clear();
    auto [model, arguments] = makeModel(row, example, inputs, types);
    EXPECT_FALSE(importBytes(model.SerializeAsString()));
    EXPECT_NE(messages.find(reason), std::string::npos)
        << "expected: " << reason << "\nfound: " << messages;
  }

  /// Input `index`, and those that share its type, with each type.
  void tryInput(const ImportedOperator &row, const OperatorExample &example,
                size_t index, const Types &usual) {
    ImportedInput input = inputOf(row, index);
    for (uint32_t number = firstType; number <= lastType; ++number) {
      auto type = static_cast<ElementType>(number);
      SCOPED_TRACE(fmt::format("input {}: {}", index, name(type)));
      Types types = usual;
      types[index] = type;
      if (input.likeInput) {
        if (type != usual[index])
          expectRefused(row, example, types,
                        fmt::format("input {} has elements of type {}", index,
                                    name(type)));
        continue;
      }
      for (size_t other = 0; other < types.size(); ++other)
        if (inputOf(row, other).likeInput == static_cast<int>(index))
          types[other] = type;
      if (llvm::is_contained(input.types, type))
        expectComputed(row, example, types);
      else
        expectRefused(row, example, types,
                      fmt::format("input {} has elements of type {}; the "
                                  "operator takes",
                                  index, name(type)));
    }
  }

  void tryExample(const ImportedOperator &row, const OperatorExample &example) {
    inputs = parseInputs(example);
    Types usual = usualTypes(row, inputs.size());
    for (size_t index = 0; index < inputs.size(); ++index)
      if (inputs[index].isThere)
        tryInput(row, example, index, usual);
    if (inputs.empty())
      expectComputed(row, example, {});
  }

  std::vector<ExampleInput> inputs;
};

TEST_F(InputTypesTest, AreThoseOfTheTable) {
  forEachExample(
      [&](const ImportedOperator &row, const OperatorExample &example) {
        tryExample(row, example);
      });
}

} // namespace
