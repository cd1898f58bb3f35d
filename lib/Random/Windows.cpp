//===- Windows.cpp - Random windows over spatial dimensions ---------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Windows.h"

using namespace edgec;
using namespace edgec::random;

edge::Layout random::randomLayout(GraphBuilder &graph) {
  return graph.exportable || graph.random.percent(75) ? edge::Layout::nchw
                                                      : edge::Layout::nhwc;
}

Shape random::spatialExtents(const Shape &image, edge::Layout layout) {
  size_t first = layout == edge::Layout::nchw ? 2 : 1;
  return Shape(image.begin() + first, image.begin() + first + image.size() - 2);
}

RandomWindows::RandomWindows(GraphBuilder &graph, const Shape &image,
                             edge::Layout layout) {
  Shape extents = spatialExtents(image, layout);
  RandomSource &random = graph.random;
  bool isSquare = random.percent(70);
  int64_t side = random.between(1, 4);
  Shape low, high;
  for (size_t i = 0; i < extents.size(); ++i) {
    kernel.push_back(isSquare ? side : random.between(1, 5));
    strides.push_back(random.percent(60) ? 1 : random.between(1, 3));
    dilations.push_back(random.percent(80) ? 1 : random.between(1, 3));
    int64_t reach = dilations[i] * (kernel[i] - 1) + 1;
    int64_t missing = reach - extents[i];
    if (missing > 0 && dilations[i] > 1) {
      dilations[i] = 1;
      reach = kernel[i];
      missing = reach - extents[i];
    }
    // A window that starts in the padding still reaches the image.
    int64_t most = std::min(reach - 1, extents[i]);
    if (dilations[i] > 1)
      most = 0;
    low.push_back(random.percent(50) ? reach / 2 : random.between(0, most));
    low.back() = std::min(low.back(), most);
    high.push_back(random.percent(50) ? low.back() : random.between(0, most));
    if (low.back() + high.back() < missing) {
      // Smaller windows where even padding does not make room.
      kernel[i] = std::min(kernel[i], extents[i]);
      low.back() = high.back() = 0;
    }
  }
  pads = std::move(low);
  pads.insert(pads.end(), high.begin(), high.end());
}
