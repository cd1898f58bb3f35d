//===- FastPath.cpp - Who misses the fast path, and why ------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "FastPath.h"

#include "TileEmitter.h"

using namespace mlir;
using namespace edgec;

void edgec::missedFastPath(Location loc, const Twine &reason) {
  auto fused = dyn_cast<FusedLoc>(loc);
  auto metadata =
      fused ? dyn_cast_or_null<StringAttr>(fused.getMetadata()) : StringAttr();
  if (!metadata || metadata.getValue() != sharedByLayers) {
    emitRemark(loc) << "missed the fast path: " << reason;
    return;
  }
  for (Location layer : fused.getLocations())
    missedFastPath(layer, reason);
}

/// The number that `expr` grows by along `dim`; nothing where it is not linear
/// in it. Along the columns of a panel, `j mod N` counts and `j floordiv N` is
/// the panel.
static std::optional<int64_t> strideAlong(AffineExpr expr, unsigned dim,
                                          int64_t packedColumns) {
  if (packedColumns == 0)
    return coefficientOf(expr, dim);
  MLIRContext *context = expr.getContext();
  AffineExpr j = getAffineDimExpr(dim, context);
  AffineExpr zero = getAffineConstantExpr(0, context);
  return coefficientOf(expr.replace(j.floorDiv(packedColumns), zero)
                           .replace(j % packedColumns, j),
                       dim);
}

static void remarkBytes(Location loc, const TileProblem &problem) {
  auto isByte = [](const FlatBuffer &buffer) {
    return buffer.elementType().isInteger(8);
  };
  if (!isByte(problem.a) || !isByte(problem.b) || problem.isDepthwise)
    return;
  if (problem.accumulator.isInteger(64)) {
    missedFastPath(loc, "sums of bytes may exceed 32 bits, so they are taken "
                        "in 64");
    return;
  }
  if (!problem.accumulator.isInteger(32))
    return;
  if (!problem.dot) {
    missedFastPath(loc,
                   problem.packedColumns == 0
                       ? "bytes are widened before they are multiplied: b is "
                         "computed at run time and not packed in groups"
                       : "bytes are widened before they are multiplied: a's "
                         "elements are no neighbours along k, or the target "
                         "has no instruction for groups of bytes");
    return;
  }
  int64_t depth = problem.extents.back();
  if (depth < dotDepth)
    missedFastPath(loc, "only " + Twine(depth) +
                            " bytes of a are neighbours along k: each group "
                            "is put together byte by byte");
}

void edgec::remarkSlowPaths(Location loc, const TileProblem &problem) {
  remarkBytes(loc, problem);
  unsigned column = problem.columnDim();
  if (problem.columns() == 1)
    return;
  auto check = [&](const FlatBuffer &buffer, int64_t packed,
                   const Twine &what) {
    std::optional<int64_t> stride =
        strideAlong(buffer.position, column, packed);
    // Panels for dot products have groups where others have elements.
    int64_t unit = packed != 0 && problem.dot ? problem.dot->depth() : 1;
    if (stride && *stride != 0 && *stride != unit)
      missedFastPath(loc, what + "'s columns are " + Twine(*stride) +
                              " elements apart: they are taken one by one");
  };
  // A depthwise filter that is packed for a dot product has an order of its
  // own.
  if (!problem.tapGroups)
    check(problem.b, problem.packedColumns, "b");
  check(problem.c, 0, "the result");
  for (const FlatBuffer &extra : problem.extras)
    check(extra, 0, "an operand of the epilogue");
}
