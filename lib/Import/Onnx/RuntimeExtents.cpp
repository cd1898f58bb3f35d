//===- RuntimeExtents.cpp - Values that the run may not fill --------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "RuntimeExtents.h"
#include "ExtentCarrier.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"

using namespace edgec;
using namespace edgec::onnx_import;
using namespace mlir;

ArrayRef<Value> RuntimeExtents::of(Value value) const {
  auto found = extents.find(value);
  return found == extents.end() ? ArrayRef<Value>()
                                : ArrayRef<Value>(found->second);
}

void RuntimeExtents::set(Value value, Extents of) {
  if (llvm::none_of(of, [](Value extent) { return bool(extent); }))
    return;
  for (auto [dim, extent] :
       llvm::zip(cast<RankedTensorType>(value.getType()).getShape(), of)) {
    if (!extent)
      continue;
    auto [known, isNew] = bounds.try_emplace(extent, dim);
    known->second = std::min(known->second, dim);
  }
  extents[value] = std::move(of);
}

std::optional<int64_t> RuntimeExtents::boundOf(Value extent) const {
  auto found = bounds.find(extent);
  if (found == bounds.end())
    return std::nullopt;
  return found->second;
}

LogicalResult RuntimeExtents::carryOver(OpBuilder &builder, Operation *op,
                                        SmallVectorImpl<Value> &results,
                                        std::string &reason) {
  bool isConcerned = llvm::any_of(
      op->getOperands(), [&](Value operand) { return !of(operand).empty(); });
  if (!isConcerned)
    return success();
  ExtentCarrier carrier(*this, builder, op, results);
  if (failed(carrier.run())) {
    reason = std::move(carrier.reason);
    return failure();
  }
  carried.insert(op);
  carried.insert(carrier.trusted.begin(), carrier.trusted.end());
  for (auto [result, entries] : llvm::zip(results, carrier.extents))
    set(result, entries);
  return success();
}

LogicalResult RuntimeExtents::checkUses(Operation *root) const {
  WalkResult result = root->walk([&](Operation *op) {
    if (carried.contains(op) || isa<func::ReturnOp>(op))
      return WalkResult::advance();
    for (Value operand : op->getOperands())
      for (Value extent : of(operand))
        if (extent) {
          op->emitError("uses a value that has as many elements as '")
              << describe(extent) << "' says in the run; here this is not "
              << "supported";
          return WalkResult::interrupt();
        }
    return WalkResult::advance();
  });
  return failure(result.wasInterrupted());
}

Value RuntimeExtents::shapeOf(OpBuilder &builder, Location loc,
                              Value value) const {
  ArrayRef<Value> known = of(value);
  auto i64 = builder.getI64Type();
  SmallVector<Value> parts;
  for (auto [dim, extent] :
       llvm::enumerate(cast<RankedTensorType>(value.getType()).getShape())) {
    auto one = RankedTensorType::get({1}, i64);
    if (!known.empty() && known[dim])
      parts.push_back(builder.create<edge::ReshapeOp>(loc, one, known[dim]));
    else
      parts.push_back(builder.create<edge::ConstantOp>(
          loc, DenseElementsAttr::get(one, extent)));
  }
  auto type = RankedTensorType::get({int64_t(parts.size())}, i64);
  return builder.create<edge::ConcatOp>(loc, type, parts, /*axis=*/0);
}

std::string RuntimeExtents::describe(Value extent) {
  if (!extent)
    return "";
  if (auto named = extent.getLoc()->findInstanceOf<NameLoc>())
    return named.getName().str();
  return "a node before";
}
