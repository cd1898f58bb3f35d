//===- ModuleTextTest.cpp - Text that MLIR is to parse --------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "edgec/Support/ModuleText.h"
#include "gtest/gtest.h"

using namespace edgec;

namespace {

std::string errorOf(llvm::StringRef text, llvm::StringRef splitMarker = "") {
  llvm::Error error =
      checkTextNesting(llvm::MemoryBufferRef(text, "m.mlir"), splitMarker);
  return llvm::toString(std::move(error));
}

bool isAllowed(llvm::StringRef text) { return errorOf(text).empty(); }

std::string repeated(llvm::StringRef text, size_t count) {
  std::string result;
  for (size_t i = 0; i < count; ++i)
    result += text;
  return result;
}

TEST(ModuleText, BracketsNestToALimit) {
  for (auto [open, close] : {std::pair("(", ")"), std::pair("[", "]"),
                             std::pair("{", "}"), std::pair("tuple<", ">")}) {
    auto nested = [&, open = open, close = close](size_t depth) {
      return repeated(open, depth) + repeated(close, depth);
    };
    EXPECT_TRUE(isAllowed(nested(maximumTextNesting))) << open;
    EXPECT_FALSE(isAllowed(nested(maximumTextNesting + 1))) << open;
    // One after another is no nesting.
    EXPECT_TRUE(
        isAllowed(nested(maximumTextNesting) + nested(maximumTextNesting)))
        << open;
  }
}

TEST(ModuleText, TheErrorNamesThePlace) {
  EXPECT_EQ(errorOf("module {\n  " + repeated("(", maximumTextNesting)),
            "m.mlir:2:258: regions, types, attributes, locations or "
            "expressions nest deeper than 256 levels, the most that a module "
            "may have");
}

TEST(ModuleText, StringsAndCommentsDoNotNest) {
  std::string brackets = repeated("({[<", maximumTextNesting);
  EXPECT_TRUE(isAllowed("// " + brackets + "\n\"" + brackets + "\""));
  EXPECT_TRUE(isAllowed("\"\\\"" + brackets + "\""));
  // They end.
  EXPECT_FALSE(isAllowed("// a\n" + brackets));
  EXPECT_FALSE(isAllowed("\"\\\\\"" + brackets));
  EXPECT_FALSE(isAllowed("\"/\" // \"\n" + brackets));
}

TEST(ModuleText, ArrowsAndRelationsCloseNothing) {
  std::string half = repeated("tuple<", maximumTextNesting / 2);
  EXPECT_FALSE(
      isAllowed(half + repeated("->", maximumTextNesting) + half + "<"));
  EXPECT_FALSE(
      isAllowed(half + repeated(">=", maximumTextNesting) + half + "<"));
  EXPECT_TRUE(isAllowed(repeated("<= ", 2 * maximumTextNesting)));
}

TEST(ModuleText, SignsNest) {
  EXPECT_TRUE(isAllowed(repeated("-", maximumTextNesting) + "d0"));
  EXPECT_FALSE(isAllowed(repeated("- ", maximumTextNesting + 1) + "d0"));
  EXPECT_TRUE(isAllowed(repeated("-1, ", 2 * maximumTextNesting)));
  EXPECT_TRUE(isAllowed(repeated("->", 2 * maximumTextNesting)));
}

/// `#a1 = [#a0]`, `#a2 = [#a1]` and so on, and a use.
std::string chain(size_t length) {
  std::string text = "#a0 = 1 : i8\n";
  for (size_t i = 1; i <= length; ++i)
    text += "#a" + std::to_string(i) + " = [#a" + std::to_string(i - 1) + "]\n";
  return text + "module attributes {x = #a" + std::to_string(length) + "} {}";
}

TEST(ModuleText, AliasesAreAsDeepAsWhatTheyStandFor) {
  EXPECT_TRUE(isAllowed(chain(maximumTextNesting - 1)));
  EXPECT_FALSE(isAllowed(chain(maximumTextNesting)));
}

TEST(ModuleText, WhatFollowsADefinitionIsNotPartOfIt) {
  std::string half = repeated("{", maximumTextNesting / 2);
  // The module's regions do not make its alias deeper.
  for (llvm::StringRef op : {"module", "\"builtin.module\"()", "%x = f"})
    EXPECT_TRUE(isAllowed("#a = affine_map<(d0) -> (d0)>\n" + op.str() + half +
                          " #a #a #a #a"))
        << op.str();
  // A definition of several parts is one.
  EXPECT_FALSE(isAllowed("!a = (i8) -> " + half + repeated("}", half.size()) +
                         " module " + half + "(!a"));
}

TEST(ModuleText, PiecesAreModulesOfTheirOwn) {
  std::string piece = repeated("(", maximumTextNesting) + "\n// -----\n";
  EXPECT_EQ(errorOf(piece + piece, "// -----"), "");
  EXPECT_NE(errorOf(piece + piece), "");
  EXPECT_EQ(errorOf(piece + "(" + piece, "// -----").substr(0, 12),
            "m.mlir:3:257");
}

TEST(ModuleText, BytecodeHasNoText) {
  EXPECT_TRUE(isAllowed("ML\xefR" + repeated("(", 2 * maximumTextNesting)));
}

} // namespace
