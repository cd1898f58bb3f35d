//===- Rowwise.cpp - Building kernel.rowwise ------------------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Rowwise.h"

#include "edgec/Dialect/Kernel/KernelDialect.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;

namespace edgec {

bool isRowwise(RankedTensorType type, int64_t axis) {
  return axis == type.getRank() - 1 && isa<FloatType>(type.getElementType()) &&
         !type.getElementType().isF64();
}

/// Fills a region whose block gets arguments of `types`. Returns what it
/// yields.
static Type fillBody(OpBuilder &builder, Location loc, Region &region,
                     ArrayRef<Type> types, ScalarBody body) {
  OpBuilder::InsertionGuard guard(builder);
  SmallVector<Location> locations(types.size(), loc);
  Block *block = builder.createBlock(&region, {}, types, locations);
  Value value = body(builder, loc, block->getArguments());
  builder.create<kernel::YieldOp>(loc, value);
  return value.getType();
}

Value buildRowwise(OpBuilder &builder, Location loc, RankedTensorType type,
                   ValueRange inputs, ArrayRef<RowStep> steps,
                   ScalarBody result) {
  MLIRContext *context = builder.getContext();
  SmallVector<AffineMap> maps;
  SmallVector<Type> types;
  for (Value input : inputs) {
    maps.push_back(broadcastMap(context, shapeOf(input), type.getShape()));
    types.push_back(elementOf(input));
  }
  SmallVector<StringRef> combiners;
  for (const RowStep &step : steps)
    combiners.push_back(step.combiner);
  Value init = builder.create<tensor::EmptyOp>(loc, type.getShape(),
                                               type.getElementType());
  auto op = builder.create<kernel::RowwiseOp>(
      loc, TypeRange{type}, inputs, init, builder.getAffineMapArrayAttr(maps),
      AffineMapAttr::get(builder.getMultiDimIdentityMap(type.getRank())),
      builder.getDenseI64ArrayAttr(type.getShape()),
      builder.getStrArrayAttr(combiners), steps.size() + 1);
  for (auto [index, step] : llvm::enumerate(steps))
    types.push_back(
        fillBody(builder, loc, op.getBodies()[index], types, step.value));
  types.push_back(types.back());
  fillBody(builder, loc, op.getBodies().back(), types, result);
  return op.getResult(0);
}

} // namespace edgec
