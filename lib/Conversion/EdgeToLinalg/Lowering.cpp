//===- Lowering.cpp - What the families of edge-to-linalg share -----------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Lowering.h"

#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;

namespace edgec {

SignlessTypeConverter::SignlessTypeConverter() {
  addConversion([](Type type) { return toSignless(type); });
  auto cast = [](OpBuilder &builder, Type type, ValueRange inputs,
                 Location loc) -> std::optional<Value> {
    if (inputs.size() != 1)
      return std::nullopt;
    return castSign(builder, loc, inputs.front(), type);
  };
  addArgumentMaterialization(cast);
  addSourceMaterialization(cast);
  addTargetMaterialization(cast);
}

LogicalResult reject(Operation *op, const Twine &reason) {
  return op->emitError("cannot generate code for ")
         << op->getName() << ": " << reason;
}

AffineMap broadcastMap(MLIRContext *context, ArrayRef<int64_t> shape,
                       ArrayRef<int64_t> loops) {
  SmallVector<AffineExpr> results;
  int64_t offset = loops.size() - shape.size();
  for (auto [i, extent] : llvm::enumerate(shape)) {
    if (extent == 1 && loops[offset + i] != 1)
      results.push_back(getAffineConstantExpr(0, context));
    else
      results.push_back(getAffineDimExpr(offset + i, context));
  }
  return AffineMap::get(loops.size(), 0, results, context);
}

AffineMap leadingDims(MLIRContext *context, int64_t numDims, int64_t count) {
  SmallVector<AffineExpr> results;
  for (int64_t dim = 0; dim < count; ++dim)
    results.push_back(getAffineDimExpr(dim, context));
  return AffineMap::get(numDims, 0, results, context);
}

static Value buildGeneric(OpBuilder &builder, Location loc, Value init,
                          ValueRange inputs, ArrayRef<AffineMap> maps,
                          ArrayRef<utils::IteratorType> iterators,
                          bool isReduction, ScalarBody body) {
  return builder
      .create<linalg::GenericOp>(
          loc, init.getType(), inputs, init, maps, iterators,
          [&](OpBuilder &nested, Location nestedLoc, ValueRange arguments) {
            ValueRange visible =
                isReduction ? arguments : arguments.drop_back();
            Value result = body(nested, nestedLoc, visible);
            nested.create<linalg::YieldOp>(nestedLoc, result);
          })
      .getResult(0);
}

Value buildParallel(OpBuilder &builder, Location loc, RankedTensorType type,
                    ValueRange inputs, ArrayRef<AffineMap> maps,
                    ScalarBody body) {
  SmallVector<AffineMap> allMaps(maps);
  allMaps.push_back(builder.getMultiDimIdentityMap(type.getRank()));
  SmallVector<utils::IteratorType> iterators(type.getRank(),
                                             utils::IteratorType::parallel);
  Value init = builder.create<tensor::EmptyOp>(loc, type.getShape(),
                                               type.getElementType());
  return buildGeneric(builder, loc, init, inputs, allMaps, iterators,
                      /*isReduction=*/false, body);
}

Value buildElementwise(OpBuilder &builder, Location loc, RankedTensorType type,
                       ValueRange inputs, ScalarBody body) {
  SmallVector<AffineMap> maps;
  for (Value input : inputs)
    maps.push_back(
        broadcastMap(builder.getContext(), shapeOf(input), type.getShape()));
  return buildParallel(builder, loc, type, inputs, maps, body);
}

Value buildReduction(OpBuilder &builder, Location loc, RankedTensorType type,
                     int64_t numReduced, ValueRange inputs,
                     ArrayRef<AffineMap> maps, Value initial, ScalarBody body) {
  int64_t numParallel = type.getRank();
  SmallVector<AffineMap> allMaps(maps);
  allMaps.push_back(
      leadingDims(builder.getContext(), numParallel + numReduced, numParallel));
  SmallVector<utils::IteratorType> iterators(numParallel,
                                             utils::IteratorType::parallel);
  iterators.append(numReduced, utils::IteratorType::reduction);
  return buildGeneric(builder, loc, buildFill(builder, loc, type, initial),
                      inputs, allMaps, iterators, /*isReduction=*/true, body);
}

Value buildFill(OpBuilder &builder, Location loc, RankedTensorType type,
                Value scalar) {
  Value empty = builder.create<tensor::EmptyOp>(loc, type.getShape(),
                                                type.getElementType());
  return builder.create<linalg::FillOp>(loc, scalar, empty).getResult(0);
}

/// Splits both shapes into the smallest groups of dimensions with equal
/// products. Neither shape holds a zero.
static void groupDims(ArrayRef<int64_t> from, ArrayRef<int64_t> to,
                      SmallVectorImpl<ReassociationIndices> &fromGroups,
                      SmallVectorImpl<ReassociationIndices> &toGroups) {
  size_t i = 0, j = 0;
  while (i < from.size() && j < to.size()) {
    ReassociationIndices left{static_cast<int64_t>(i)};
    ReassociationIndices right{static_cast<int64_t>(j)};
    int64_t leftExtent = from[i++], rightExtent = to[j++];
    while (leftExtent != rightExtent) {
      if (leftExtent < rightExtent) {
        left.push_back(i);
        leftExtent *= from[i++];
      } else {
        right.push_back(j);
        rightExtent *= to[j++];
      }
    }
    fromGroups.push_back(left);
    toGroups.push_back(right);
  }
  // What is left over are unit dimensions.
  for (; i < from.size() && !fromGroups.empty(); ++i)
    fromGroups.back().push_back(i);
  for (; j < to.size() && !toGroups.empty(); ++j)
    toGroups.back().push_back(j);
}

Value buildReshape(OpBuilder &builder, Location loc, Value value,
                   ArrayRef<int64_t> shape) {
  RankedTensorType type = tensorType(value);
  if (type.getShape() == shape)
    return value;
  if (llvm::is_contained(shape, 0))
    return builder.create<tensor::EmptyOp>(loc, shape, type.getElementType());

  SmallVector<ReassociationIndices> fromGroups, toGroups;
  groupDims(type.getShape(), shape, fromGroups, toGroups);
  if (fromGroups.size() < static_cast<size_t>(type.getRank()))
    value = builder.create<tensor::CollapseShapeOp>(loc, value, fromGroups);
  if (toGroups.size() < shape.size())
    value = builder.create<tensor::ExpandShapeOp>(loc, type.clone(shape), value,
                                                  toGroups);
  return value;
}

Value constantTensor(OpBuilder &builder, Location loc, ArrayRef<float> values,
                     ArrayRef<int64_t> shape) {
  auto type = RankedTensorType::get(shape, builder.getF32Type());
  return builder.create<arith::ConstantOp>(
      loc, DenseElementsAttr::get(type, values));
}

Value constantTensor(OpBuilder &builder, Location loc, ArrayRef<double> values,
                     ArrayRef<int64_t> shape) {
  auto type = RankedTensorType::get(shape, builder.getF64Type());
  return builder.create<arith::ConstantOp>(
      loc, DenseElementsAttr::get(type, values));
}

Value constantTensor(OpBuilder &builder, Location loc, ArrayRef<int64_t> values,
                     ArrayRef<int64_t> shape) {
  auto type = RankedTensorType::get(shape, builder.getIndexType());
  return builder.create<arith::ConstantOp>(
      loc, DenseElementsAttr::get(type, values));
}

} // namespace edgec
