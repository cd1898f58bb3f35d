//===- NormalizationOps.cpp - Normalisations -----------------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Inference.h"

using namespace mlir;
using namespace edgec::edge;

LogicalResult BatchNormOp::inferReturnTypes(MLIRContext *context,
                                            MaybeLocation location,
                                            Adaptor adaptor,
                                            SmallVectorImpl<Type> &inferred) {
  auto input = rankedType(location, "input", adaptor.getInput());
  if (!input)
    return failure();
  int64_t axis = adaptor.getAxis();
  if (failed(checkAxis(location, axis, input.getRank()))) // (C1)
    return failure();
  std::pair<StringRef, Value> parameters[] = {
      {"scale", adaptor.getScale()},
      {"bias", adaptor.getBias()},
      {"mean", adaptor.getMean()},
      {"variance", adaptor.getVariance()}};
  for (auto [name, value] : parameters) { // (C2)
    auto type = rankedType(location, name, value);
    if (!type)
      return failure();
    if (type.getRank() != 1 ||
        !mayEqual(type.getDimSize(0), input.getDimSize(axis)))
      return emitOptionalError(
          location, name, " of shape ", formatShape(type.getShape()),
          " must have ", input.getDimSize(axis),
          " elements, one a channel of the input of shape ",
          formatShape(input.getShape()));
  }
  inferred.push_back(input);
  return success();
}

LogicalResult LayerNormOp::inferReturnTypes(MLIRContext *context,
                                            MaybeLocation location,
                                            Adaptor adaptor,
                                            SmallVectorImpl<Type> &inferred) {
  auto input = rankedType(location, "input", adaptor.getInput());
  if (!input)
    return failure();
  int64_t axis = adaptor.getAxis();
  if (failed(checkAxis(location, axis, input.getRank()))) // (C1)
    return failure();
  ArrayRef<int64_t> normalised = input.getShape().drop_front(axis);
  std::pair<StringRef, Value> parameters[] = {{"scale", adaptor.getScale()},
                                              {"bias", adaptor.getBias()}};
  for (auto [name, value] : parameters) { // (C2)
    if (!value)
      continue;
    auto type = rankedType(location, name, value);
    if (!type)
      return failure();
    if (!broadcastsTo(type.getShape(), normalised))
      return emitOptionalError(location, name, " of shape ",
                               formatShape(type.getShape()),
                               " does not broadcast to the normalised shape ",
                               formatShape(normalised));
  }
  inferred.push_back(input);
  return success();
}

LogicalResult LrnOp::inferReturnTypes(MLIRContext *context,
                                      MaybeLocation location, Adaptor adaptor,
                                      SmallVectorImpl<Type> &inferred) {
  auto input = rankedType(location, "input", adaptor.getInput());
  if (!input)
    return failure();
  int64_t size = adaptor.getSize();
  if (size <= 0) // (C1)
    return emitOptionalError(location, "size is ", size,
                             " and must be positive");
  if (failed(checkAxis(location, adaptor.getAxis(), input.getRank()))) // (C2)
    return failure();
  inferred.push_back(input);
  return success();
}
