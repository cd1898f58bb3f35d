//===- SpecialiseBatch.cpp - Functions for batches of several sizes ------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "BatchDimensions.h"

#include "edgec/Dialect/Edge/Passes.h"
#include "edgec/Reference/Interpreter.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/IRMapping.h"

using namespace mlir;

namespace edgec::edge {
#define GEN_PASS_DEF_SPECIALISEBATCHPASS
#include "edgec/Dialect/Edge/Passes.h.inc"

namespace {

/// A copy of a function that computes `size` samples instead of `batch`.
class SmallerBatch {
public:
  SmallerBatch(func::FuncOp function, const BatchDimensions &samples,
               int64_t batch, int64_t size)
      : function(function), samples(samples), batch(batch), size(size) {}

  func::FuncOp build() {
    func::FuncOp copy = function.clone(mapping);
    copy.setName((function.getName() + "_batch" + Twine(size)).str());
    resize(function.getBody());
    for (auto [operand, along] : samples.repeated())
      shorten(*operand, along);
    Operation *end = copy.getBody().front().getTerminator();
    copy.setType(FunctionType::get(copy.getContext(),
                                   copy.getBody().front().getArgumentTypes(),
                                   end->getOperandTypes()));
    return copy;
  }

private:
  int64_t resized(int64_t extent) const { return extent / batch * size; }

  Type resized(Type type, int64_t dim) const {
    auto tensor = cast<RankedTensorType>(type);
    SmallVector<int64_t> shape(tensor.getShape());
    shape[dim] = resized(shape[dim]);
    return tensor.clone(shape);
  }

  void resize(Value value) {
    if (auto along = samples.of(value))
      mapping.lookup(value).setType(resized(value.getType(), along->dim));
  }

  void resize(Region &region) {
    for (Block &block : region) {
      for (BlockArgument argument : block.getArguments())
        resize(argument);
      for (Operation &op : block) {
        for (Value result : op.getResults())
          resize(result);
        if (auto slice = dyn_cast<SliceOp>(op))
          resizeSlice(slice);
        for (Region &nested : op.getRegions())
          resize(nested);
      }
    }
  }

  void resizeSlice(SliceOp slice) {
    auto along = samples.of(slice.getResult());
    if (!along)
      return;
    SmallVector<int64_t> sizes(slice.getSizes());
    sizes[along->dim] = resized(sizes[along->dim]);
    cast<SliceOp>(mapping.lookup(slice.getResult()).getDefiningOp())
        .setSizes(sizes);
  }

  /// Gives the copy of an operation the rows of fewer samples of an operand
  /// that is the same for all.
  void shorten(OpOperand &operand, SampleDimension along) {
    Operation *user = mapping.lookup(operand.getOwner());
    Operation *producer = operand.get().getDefiningOp();
    OpBuilder builder(user);
    Type type = resized(operand.get().getType(), along.dim);
    Value shorter;
    if (auto broadcast = dyn_cast<BroadcastOp>(producer))
      shorter = builder.create<BroadcastOp>(
          broadcast.getLoc(), type, mapping.lookup(broadcast.getInput()));
    else
      shorter = shortenConstant(builder, cast<ConstantOp>(producer), along);
    user->setOperand(operand.getOperandNumber(), shorter);
  }

  Value shortenConstant(OpBuilder &builder, ConstantOp constant,
                        SampleDimension along) {
    Tensor whole = *toTensor(constant.getValue());
    std::vector<int64_t> shape = whole.shape();
    int64_t outer = along.outer;
    for (int64_t i = 0; i < along.dim; ++i)
      outer *= shape[i];
    shape[along.dim] = resized(shape[along.dim]);
    Tensor part(whole.type(), shape);
    for (int64_t o = 0; o < outer; ++o)
      std::memcpy(part.mutableBytes() + o * (part.byteCount() / outer),
                  whole.bytes() + o * (whole.byteCount() / outer),
                  part.byteCount() / outer);
    return builder.create<ConstantOp>(
        constant.getLoc(), toAttribute(part, "rows", constant.getContext()));
  }

  func::FuncOp function;
  const BatchDimensions &samples;
  int64_t batch, size;
  IRMapping mapping;
};

/// The common first extent of the arguments with edge.batch; nothing without
/// one.
FailureOr<std::optional<int64_t>> batchOf(func::FuncOp function) {
  std::optional<int64_t> batch;
  for (BlockArgument argument : function.getArguments()) {
    if (!function.getArgAttr(argument.getArgNumber(), batchAttr))
      continue;
    auto type = dyn_cast<RankedTensorType>(argument.getType());
    if (!type || type.getRank() == 0 || !type.hasStaticShape() ||
        type.getDimSize(0) == 0 || (batch && *batch != type.getDimSize(0)))
      return function.emitOpError("argument ")
             << argument.getArgNumber() << " of type " << argument.getType()
             << " has no first dimension for the samples of a batch, or "
                "another "
                "number of them than other arguments";
    batch = type.getDimSize(0);
  }
  return batch;
}

struct SpecialiseBatchPass
    : edge::impl::SpecialiseBatchPassBase<SpecialiseBatchPass> {
  void runOnOperation() override {
    SmallVector<func::FuncOp> functions(getOperation().getOps<func::FuncOp>());
    for (func::FuncOp function : functions)
      if (!function.isExternal() && failed(specialise(function)))
        return signalPassFailure();
  }

private:
  LogicalResult specialise(func::FuncOp function) {
    auto batch = batchOf(function);
    if (failed(batch))
      return failure();
    if (!*batch || function->hasAttr(batchVariantsAttr) ||
        function->hasAttr(batchVariantOfAttr))
      return success();
    BatchDimensions samples;
    if (failed(samples.follow(function, **batch)))
      return failure();
    Builder builder(function);
    Operation *end = function.getBody().front().getTerminator();
    for (auto [index, value] : llvm::enumerate(end->getOperands()))
      if (samples.of(value))
        function.setResultAttr(index, batchAttr, builder.getUnitAttr());

    SmallVector<Attribute> variants;
    Operation *after = function;
    for (int64_t size = llvm::PowerOf2Ceil(**batch) / 2; size >= 1; size /= 2) {
      func::FuncOp copy =
          SmallerBatch(function, samples, **batch, size).build();
      after->getBlock()->getOperations().insertAfter(Block::iterator(after),
                                                     copy);
      after = copy;
      variants.push_back(FlatSymbolRefAttr::get(copy));
      copy->setAttr(batchVariantOfAttr, FlatSymbolRefAttr::get(function));
    }
    function->setAttr(batchVariantsAttr, builder.getArrayAttr(variants));
    return success();
  }
};

} // namespace
} // namespace edgec::edge
