//===- ShapeOption.cpp - The --shape option -------------------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "edgec/Tools/ShapeOption.h"
#include "edgec/Tools/Errors.h"
#include "llvm/ADT/SmallVector.h"

using namespace edgec;
using namespace llvm;

Expected<std::vector<int64_t>> edgec::parseExtents(StringRef text) {
  std::vector<int64_t> extents;
  if (text == "scalar")
    return extents;
  constexpr int64_t maximumExtent = int64_t(1) << 31;
  SmallVector<StringRef> parts;
  text.split(parts, text.contains(',') ? ',' : 'x');
  for (StringRef part : parts) {
    int64_t extent;
    if (part.trim().getAsInteger(10, extent) || extent < 0 ||
        extent > maximumExtent)
      return createStringError("'" + part + "' in '" + text +
                               "' is not an extent; write 1x3x224x224");
    extents.push_back(extent);
  }
  return extents;
}

Expected<ShapeOption> edgec::parseShapeOption(StringRef text) {
  auto [name, shape] = text.rsplit('=');
  if (name.empty() || shape.empty())
    return usageError("--shape=" + text +
                      ": write --shape=NAME=1x3x224x224, with the name of the "
                      "input ('edgec inspect' shows it)");
  bool isBatch = shape.consume_front("1..");
  if (shape.contains(".."))
    return usageError("--shape=" + text +
                      ": only the first extent may be a range, from 1 to the "
                      "largest batch: --shape=" +
                      name + "=1..8x3x224x224");
  Expected<std::vector<int64_t>> extents = parseExtents(shape);
  if (!extents)
    return usageError("--shape=" + text + ": " + toString(extents.takeError()));
  if (isBatch && (extents->empty() || extents->front() == 0))
    return usageError("--shape=" + text + ": a batch has at least one sample");
  return ShapeOption{name.str(), std::move(*extents), isBatch};
}
