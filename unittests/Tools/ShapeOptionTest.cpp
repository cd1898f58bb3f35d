//===- unittests/Tools/ShapeOptionTest.cpp - The --shape option ----------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "edgec/Tools/ShapeOption.h"
#include <gtest/gtest.h>

using namespace edgec;

namespace {

TEST(ShapeOption, IsParsed) {
  auto shape = llvm::cantFail(parseShapeOption("image=1x3x224x224"));
  EXPECT_EQ(shape.name, "image");
  EXPECT_EQ(shape.extents, (std::vector<int64_t>{1, 3, 224, 224}));
  EXPECT_FALSE(shape.isBatch);
  EXPECT_EQ(llvm::cantFail(parseShapeOption("a=b=1,2")).name, "a=b");
  EXPECT_TRUE(llvm::cantFail(parseShapeOption("n=scalar")).extents.empty());
}

TEST(ShapeOption, MayHaveABatch) {
  ShapeOption shape = llvm::cantFail(parseShapeOption("x=1..8x3"));
  EXPECT_EQ(shape.extents, (std::vector<int64_t>{8, 3}));
  EXPECT_TRUE(shape.isBatch);
  for (const char *text : {"x=2..8x3", "x=1..0x3", "x=8x1..3", "x=1..scalar",
                           "x=1..", "x=1..1..2"})
    EXPECT_TRUE(llvm::errorToBool(parseShapeOption(text).takeError())) << text;
}

TEST(ShapeOption, RefusesWhatIsNoShape) {
  for (const char *text : {"", "image", "image=", "=1x2", "x=1x", "x=ax2",
                           "x=-1x2", "x=1x99999999999", "x=1.5"})
    EXPECT_TRUE(llvm::errorToBool(parseShapeOption(text).takeError())) << text;
}

} // namespace
