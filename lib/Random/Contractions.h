//===- Contractions.h - Random convolutions ---------------------*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_LIB_RANDOM_CONTRACTIONS_H
#define EDGEC_LIB_RANDOM_CONTRACTIONS_H

#include "GraphBuilder.h"
#include "Windows.h"

namespace edgec::random {

struct RandomConv {
  edge::Layout layout;
  RandomWindows windows;
  int64_t groups = 1, outputs = 1;
  Shape filter = {};
  int64_t terms = 1; ///< Products that are added up.
};

/// Plain, depthwise or with groups, over an image of this shape.
RandomConv randomConv(GraphBuilder &graph, const Shape &image,
                      edge::Layout layout);

/// How many times as large relative errors become in sums of so many products:
/// errors grow with its root, and products cancel.
double growthOfSum(int64_t count);

/// Often one of those that follow a layer.
void addActivation(GraphBuilder &graph, const RandomValue &x);

} // namespace edgec::random

#endif // EDGEC_LIB_RANDOM_CONTRACTIONS_H
