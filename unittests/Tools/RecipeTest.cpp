//===- RecipeTest.cpp - Options in a file ---------------------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "edgec/Tools/Recipe.h"
#include "gtest/gtest.h"

using namespace edgec;

namespace {

std::vector<RecipeEntry> parsed(llvm::StringRef text) {
  auto entries = parseRecipe(llvm::MemoryBufferRef(text, "r.yaml"));
  if (entries)
    return *entries;
  ADD_FAILURE() << llvm::toString(entries.takeError());
  return {};
}

std::string errorOf(llvm::StringRef text) {
  auto entries = parseRecipe(llvm::MemoryBufferRef(text, "r.yaml"));
  return entries ? "" : llvm::toString(entries.takeError());
}

TEST(Recipe, ReadsScalarsListsAndMappings) {
  std::vector<RecipeEntry> expected = {
      {"quantize", "int8"},     {"scale", "0.25"},
      {"per-tensor", "true"},   {"mean", "0.485,0.456,0.406"},
      {"layer", "conv1=float"}, {"layer", "a b: c=int4"}};
  EXPECT_EQ(parsed("# What was chosen.\n"
                   "quantize: int8\n"
                   "scale: 0.25\n"
                   "per-tensor: true\n"
                   "mean: [0.485, 0.456, 0.406]\n"
                   "layer:\n"
                   "  conv1: float\n"
                   "  \"a b: c\": int4\n"),
            expected);
}

TEST(Recipe, MayBeEmpty) {
  EXPECT_TRUE(parsed("").empty());
  EXPECT_TRUE(parsed("# Nothing.\n").empty());
}

TEST(Recipe, NamesTheLineOfAnError) {
  EXPECT_EQ(errorOf("quantize: int8\nquantize: int4\n"),
            "r.yaml:2: 'quantize' is given twice");
  EXPECT_EQ(errorOf("layer:\n  a: int8\n  a: int4\n"),
            "r.yaml:3: 'a' is given twice");
  EXPECT_EQ(errorOf("- int8\n"),
            "r.yaml:1: a recipe has lines of the form 'option: value'");
  EXPECT_EQ(errorOf("quantize:\n"), "r.yaml:1: 'quantize' has no value");
  EXPECT_EQ(errorOf("layer:\n  a: [1]\n"),
            "r.yaml:2: a word, a number or a text is needed here");
  EXPECT_NE(errorOf("a: \"b\n").find("r.yaml:"), std::string::npos);
  // A key that is no node, as anchors of anchors leave it.
  EXPECT_NE(errorOf("mye:\n y:\n &coayer:\n &c7oaye &c7oay &co7ayer:\n "
                    "&co\"a: \xec\"")
                .find("r.yaml:"),
            std::string::npos);
  EXPECT_EQ(errorOf("layer:\n  \"a\xec\": int8\n"),
            "r.yaml:2: the text is not UTF-8");
  EXPECT_EQ(errorOf("layer:\n  \"a\\ud800\": int8\n"),
            "r.yaml:2: the text is not UTF-8");
}

TEST(Recipe, IsReadAsItWasWritten) {
  std::vector<RecipeEntry> entries = {{"quantize", "int4"},
                                      {"calibrate", "a \"b\" \\ c.npy"},
                                      {"layer", "x=y=int8"},
                                      {"layer", "\u00e4: #=float"}};
  EXPECT_EQ(parsed(formatRecipe(entries, "layer")), entries);
}

} // namespace
