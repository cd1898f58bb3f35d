//===- VectorBody.cpp - Scalar bodies on vectors -------------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "VectorBody.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/IR/Matchers.h"

using namespace mlir;
using namespace edgec;

Type edgec::laneType(Type type, int64_t lanes) {
  return lanes == 1 ? type : VectorType::get({lanes}, type);
}

Value edgec::splat(OpBuilder &builder, Location loc, Value value,
                   int64_t lanes) {
  if (lanes == 1)
    return value;
  auto type = VectorType::get({lanes}, value.getType());
  Attribute constant;
  if (matchPattern(value, m_Constant(&constant)))
    return builder.create<arith::ConstantOp>(
        loc, DenseElementsAttr::get(type, constant));
  return builder.create<vector::BroadcastOp>(loc, type, value);
}

namespace {

class BodyEmitter {
public:
  BodyEmitter(OpBuilder &builder, int64_t lanes,
              function_ref<Value(int64_t)> indices)
      : builder(builder), lanes(lanes), indices(indices) {}

  IRMapping values;

  void emit(Operation &op) {
    if (auto index = dyn_cast<linalg::IndexOp>(op)) {
      values.map(index.getResult(), indices(index.getDim()));
      return;
    }
    if (lanes == 1) {
      builder.clone(op, values);
      return;
    }
    if (OpTrait::hasElementwiseMappableTraits(&op))
      return emitVector(op);
    if (op.getNumOperands() == 0 && op.getNumResults() == 1 &&
        op.hasTrait<OpTrait::ConstantLike>()) {
      Value scalar = builder.clone(op)->getResult(0);
      values.map(op.getResult(0), splat(builder, op.getLoc(), scalar, lanes));
      return;
    }
    emitByLane(op);
  }

  /// `value` of the body in vector form; values from outside are the same in
  /// every lane.
  Value lookup(Value value) {
    if (Value known = values.lookupOrNull(value))
      return known;
    Value broadcast = splat(builder, value.getLoc(), value, lanes);
    values.map(value, broadcast);
    return broadcast;
  }

private:
  void emitVector(Operation &op) {
    OperationState state(op.getLoc(), op.getName());
    for (Value operand : op.getOperands())
      state.operands.push_back(lookup(operand));
    for (Type type : op.getResultTypes())
      state.types.push_back(laneType(type, lanes));
    state.attributes = op.getAttrs();
    Operation *onVectors = builder.create(state);
    values.map(op.getResults(), onVectors->getResults());
  }

  /// Memory reads at computed places and the like.
  void emitByLane(Operation &op) {
    Location loc = op.getLoc();
    SmallVector<Value> results;
    for (Type type : op.getResultTypes()) {
      auto vector = VectorType::get({lanes}, type);
      results.push_back(
          builder.create<arith::ConstantOp>(loc, builder.getZeroAttr(vector)));
    }
    for (int64_t lane = 0; lane < lanes; ++lane) {
      IRMapping scalars;
      auto extractLane = [&](Value value) {
        Value vector = values.lookupOrNull(value);
        if (vector && !scalars.contains(value))
          scalars.map(value,
                      builder.create<vector::ExtractOp>(loc, vector, lane));
      };
      for (Value operand : op.getOperands())
        extractLane(operand);
      op.walk([&](Operation *nested) {
        for (Value operand : nested->getOperands())
          extractLane(operand);
      });
      Operation *scalar = builder.clone(op, scalars);
      for (auto [result, value] : llvm::zip(results, scalar->getResults()))
        result = builder.create<vector::InsertOp>(loc, value, result, lane);
    }
    values.map(op.getResults(), results);
  }

  OpBuilder &builder;
  int64_t lanes;
  function_ref<Value(int64_t)> indices;
};

} // namespace

SmallVector<Value> edgec::emitBody(OpBuilder &builder, Block &body,
                                   ArrayRef<Value> arguments, int64_t lanes,
                                   function_ref<Value(int64_t)> indices,
                                   ArrayRef<Value> wanted) {
  BodyEmitter emitter(builder, lanes, indices);
  emitter.values.map(body.getArguments(), arguments);
  for (Operation &op : body.without_terminator())
    emitter.emit(op);
  SmallVector<Value> results;
  for (Value value : wanted)
    results.push_back(emitter.lookup(value));
  if (!wanted.empty())
    return results;
  for (Value value : body.getTerminator()->getOperands())
    results.push_back(emitter.lookup(value));
  return results;
}
