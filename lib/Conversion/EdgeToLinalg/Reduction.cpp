//===- Reduction.cpp - Reducing a tensor over dimensions ------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Reduction.h"

using namespace mlir;

namespace edgec {

Type sumElement(Type element) {
  if (element.isF16() || element.isBF16())
    return Float32Type::get(element.getContext());
  return toSignless(element);
}

Reduction::Reduction(OpBuilder &builder, Location loc, Value input,
                     ArrayRef<int64_t> axes)
    : builder(builder), loc(loc), input(input), axes(axes) {
  for (auto [dim, extent] : llvm::enumerate(shapeOf(input))) {
    if (llvm::is_contained(axes, dim))
      continue;
    keptDims.push_back(dim);
    kept.push_back(extent);
  }
}

int64_t Reduction::count() const {
  int64_t count = 1;
  for (int64_t axis : axes)
    count *= shapeOf(input)[axis];
  return count;
}

SmallVector<int64_t> Reduction::shapeWithUnits() const {
  SmallVector<int64_t> shape(shapeOf(input));
  for (int64_t axis : axes)
    shape[axis] = 1;
  return shape;
}

Value Reduction::reduce(Type element, Value initial, ScalarBody body,
                        ValueRange others) {
  int64_t rank = tensorType(input).getRank();
  SmallVector<AffineExpr> results(rank);
  for (auto [loop, dim] :
       llvm::enumerate(llvm::concat<int64_t>(keptDims, axes)))
    results[dim] = builder.getAffineDimExpr(loop);
  AffineMap keptMap = leadingDims(builder.getContext(), rank, kept.size());
  SmallVector<Value> inputs{input};
  llvm::append_range(inputs, others);
  SmallVector<AffineMap> maps(inputs.size(), keptMap);
  maps[0] = AffineMap::get(rank, 0, results, builder.getContext());
  if (axes.empty()) // One element each: no loop adds to what another has left.
    return buildElementwise(
        builder, loc, RankedTensorType::get(kept, element), inputs,
        [&](OpBuilder &nested, Location nestedLoc, ValueRange x) {
          SmallVector<Value> values(x);
          values.push_back(initial);
          return body(nested, nestedLoc, values);
        });
  return buildReduction(builder, loc, RankedTensorType::get(kept, element),
                        axes.size(), inputs, maps, initial, body);
}

Value Reduction::map(Type element, ValueRange others, ScalarBody body) {
  int64_t rank = tensorType(input).getRank();
  SmallVector<AffineExpr> keptResults;
  for (int64_t dim : keptDims)
    keptResults.push_back(builder.getAffineDimExpr(dim));
  SmallVector<Value> inputs{input};
  llvm::append_range(inputs, others);
  SmallVector<AffineMap> maps(
      inputs.size(),
      AffineMap::get(rank, 0, keptResults, builder.getContext()));
  maps[0] = builder.getMultiDimIdentityMap(rank);
  return buildParallel(builder, loc,
                       RankedTensorType::get(shapeOf(input), element), inputs,
                       maps, body);
}

Value Reduction::mapKept(Type element, ValueRange inputs, ScalarBody body) {
  return buildElementwise(builder, loc, RankedTensorType::get(kept, element),
                          inputs, body);
}

} // namespace edgec
