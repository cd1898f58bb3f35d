//===- PlaceDestinations.cpp - Producers write where readers read --------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "edgec/Codegen/Passes.h"

#include "mlir/Dialect/Tensor/Utils/Utils.h"
#include "mlir/IR/Dominance.h"
#include "mlir/Transforms/RegionUtils.h"

namespace edgec {
#define GEN_PASS_DEF_PLACEDESTINATIONS
#include "edgec/Codegen/Passes.h.inc"
} // namespace edgec

using namespace mlir;
using namespace edgec;

namespace {

/// Where a destination for `source` must exist: before the operation that
/// computes it, or nothing if another block does.
Operation *definitionIn(Value source, Block *block) {
  Operation *definition = source.getDefiningOp();
  return definition && definition->getBlock() == block ? definition : nullptr;
}

/// Gives the operation empty and filled tensors of its own: one that others
/// write to as well cannot become part of a larger tensor, and would be one
/// buffer from the first of them to the last, or be copied for each.
void unshareDestinations(DestinationStyleOpInterface op) {
  OpBuilder builder(op);
  for (OpOperand &init : op.getDpsInitsMutable()) {
    Operation *definition = init.get().getDefiningOp();
    if (!isa_and_nonnull<tensor::EmptyOp, linalg::FillOp>(definition))
      continue;
    if (!definition->hasOneUse()) {
      definition = builder.clone(*definition);
      init.set(definition->getResult(0));
    }
    if (!isa<linalg::FillOp>(definition))
      continue;
    unshareDestinations(cast<DestinationStyleOpInterface>(definition));
    // Filled no earlier than it is needed.
    if (definition->getBlock() == op->getBlock())
      definition->moveBefore(op);
  }
}

/// A fill of the whole tensor, marked with the region that is overwritten
/// later: only the border is filled once the tensor is a buffer.
Value createFilledBorder(OpBuilder &builder, tensor::PadOp pad, Value value) {
  RankedTensorType type = pad.getResultType();
  Location loc = pad.getLoc();
  Value empty = builder.create<tensor::EmptyOp>(loc, type.getShape(),
                                                type.getElementType());
  auto fill = builder.create<linalg::FillOp>(loc, value, empty);
  SmallVector<int64_t> interior(pad.getStaticLow());
  llvm::append_range(interior, pad.getSourceType().getShape());
  fill->setAttr(fillInteriorAttr, builder.getDenseI64ArrayAttr(interior));
  return fill.getResult(0);
}

/// The pad as an insertion of its source into a filled border, which is
/// created before the source so that the source can be computed in its place.
LogicalResult replacePad(tensor::PadOp pad, IRRewriter &rewriter) {
  Value value = pad.getConstantPaddingValue();
  if (!value || !pad.getResultType().hasStaticShape() ||
      !pad.getSourceType().hasStaticShape())
    return pad.emitOpError("needs static shapes and one padding value");
  Operation *position = pad;
  if (Operation *source = definitionIn(pad.getSource(), pad->getBlock()))
    position = source;
  rewriter.setInsertionPoint(position);
  if (auto constant = value.getDefiningOp<arith::ConstantOp>())
    value = rewriter.clone(*constant)->getResult(0);
  else
    rewriter.setInsertionPoint(pad);
  Value border = createFilledBorder(rewriter, pad, value);
  rewriter.setInsertionPoint(pad);
  SmallVector<OpFoldResult> sizes =
      tensor::getMixedSizes(rewriter, pad.getLoc(), pad.getSource());
  SmallVector<OpFoldResult> strides(sizes.size(), rewriter.getIndexAttr(1));
  rewriter.replaceOpWithNewOp<tensor::InsertSliceOp>(
      pad, pad.getSource(), border, pad.getMixedLowPad(), sizes, strides);
  return success();
}

/// Insertions into one fresh tensor, each the only user of the one before.
SmallVector<tensor::InsertSliceOp> collectChain(tensor::InsertSliceOp last) {
  SmallVector<tensor::InsertSliceOp> chain{last};
  while (auto previous =
             chain.back().getDest().getDefiningOp<tensor::InsertSliceOp>()) {
    if (!previous->hasOneUse() || previous->getBlock() != last->getBlock())
      break;
    chain.push_back(previous);
  }
  std::reverse(chain.begin(), chain.end());
  return chain;
}

bool haveStaticDisjointSlices(ArrayRef<tensor::InsertSliceOp> chain) {
  auto isStatic = [](tensor::InsertSliceOp op) {
    return op.getSourceType().hasStaticShape() &&
           !ShapedType::isDynamicShape(op.getStaticOffsets()) &&
           llvm::all_of(op.getStaticStrides(),
                        [](int64_t stride) { return stride == 1; });
  };
  auto disjoint = [](tensor::InsertSliceOp a, tensor::InsertSliceOp b) {
    for (auto [oa, sa, ob, sb] :
         llvm::zip(a.getStaticOffsets(), a.getStaticSizes(),
                   b.getStaticOffsets(), b.getStaticSizes()))
      if (oa + sa <= ob || ob + sb <= oa)
        return true;
    return false;
  };
  for (size_t i = 0; i < chain.size(); ++i) {
    if (!isStatic(chain[i]))
      return false;
    for (size_t j = 0; j < i; ++j)
      if (!disjoint(chain[i], chain[j]))
        return false;
  }
  return true;
}

/// Moves the insertions of a concatenation up, each to right after its source
/// in the order of the sources, and the tensor they fill before the first of
/// them: then every source has a destination before it is computed.
void hoistChain(tensor::InsertSliceOp last, IRRewriter &rewriter) {
  SmallVector<tensor::InsertSliceOp> chain = collectChain(last);
  auto empty = chain.front().getDest().getDefiningOp<tensor::EmptyOp>();
  if (chain.size() < 2 || !empty || !empty->hasOneUse() ||
      empty->getBlock() != last->getBlock() || !haveStaticDisjointSlices(chain))
    return;
  Block *block = last->getBlock();
  auto sourceOf = [&](tensor::InsertSliceOp op) {
    return definitionIn(op.getSource(), block);
  };
  // Sources from outside the block come first; one source may come twice.
  llvm::sort(chain, [&](tensor::InsertSliceOp a, tensor::InsertSliceOp b) {
    Operation *sa = sourceOf(a), *sb = sourceOf(b);
    if (sa == sb)
      return a->isBeforeInBlock(b);
    if (!sa || !sb)
      return !sa;
    return sa->isBeforeInBlock(sb);
  });
  Operation *first = sourceOf(chain.front());
  if (first)
    empty->moveBefore(first);
  else
    empty->moveBefore(block, block->begin());
  Operation *position = empty;
  Value dest = empty;
  Value result = last.getResult();
  SmallVector<OpOperand *> uses;
  for (OpOperand &use : result.getUses())
    uses.push_back(&use);
  for (tensor::InsertSliceOp op : chain) {
    Operation *source = sourceOf(op);
    if (source && position->isBeforeInBlock(source))
      position = source;
    op->moveAfter(position);
    op.getDestMutable().assign(dest);
    dest = op.getResult();
    position = op;
  }
  for (OpOperand *use : uses)
    use->set(dest);
}

/// Copies `value` into `carried` at the end of a loop's body. A value that is
/// itself carried is copied aside first: it may be overwritten by then.
Value copyInto(OpBuilder &builder, Location loc, Value value, Value carried) {
  return builder.create<linalg::CopyOp>(loc, value, carried).getResult(0);
}

void carryThroughBuffers(Operation *terminator,
                         MutableArrayRef<OpOperand> yielded,
                         ValueRange carried) {
  OpBuilder builder(terminator);
  SmallVector<Value> aside;
  for (auto [operand, argument] : llvm::zip(yielded, carried)) {
    Value value = operand.get();
    auto type = dyn_cast<RankedTensorType>(value.getType());
    if (type && value != argument && isa<BlockArgument>(value)) {
      Value empty = builder.create<tensor::EmptyOp>(
          terminator->getLoc(), type.getShape(), type.getElementType());
      value = copyInto(builder, terminator->getLoc(), value, empty);
    }
    aside.push_back(value);
  }
  for (auto [operand, argument, value] : llvm::zip(yielded, carried, aside))
    if (isa<RankedTensorType>(value.getType()) && value != argument)
      operand.set(copyInto(builder, terminator->getLoc(), value, argument));
}

struct PlaceDestinationsPass
    : edgec::impl::PlaceDestinationsBase<PlaceDestinationsPass> {
  void runOnOperation() override {
    IRRewriter rewriter(&getContext());
    getOperation().walk(unshareDestinations);
    SmallVector<tensor::PadOp> pads;
    getOperation().walk([&](tensor::PadOp pad) { pads.push_back(pad); });
    for (tensor::PadOp pad : pads)
      if (failed(replacePad(pad, rewriter)))
        return signalPassFailure();

    SmallVector<tensor::InsertSliceOp> lasts;
    getOperation().walk([&](tensor::InsertSliceOp op) {
      bool continued = op->hasOneUse() &&
                       isa<tensor::InsertSliceOp>(*op->user_begin()) &&
                       op->use_begin()->getOperandNumber() == 1;
      if (!continued)
        lasts.push_back(op);
    });
    for (tensor::InsertSliceOp last : lasts)
      hoistChain(last, rewriter);

    getOperation().walk([&](Operation *op) {
      if (auto loop = dyn_cast<scf::ForOp>(op)) {
        Operation *yield = loop.getBody()->getTerminator();
        carryThroughBuffers(yield, yield->getOpOperands(),
                            loop.getRegionIterArgs());
      } else if (auto loop = dyn_cast<scf::WhileOp>(op)) {
        Operation *yield = loop.getYieldOp();
        if (loop.getYieldOp().getOperandTypes() ==
            TypeRange(loop.getAfterArguments()))
          carryThroughBuffers(yield, yield->getOpOperands(),
                              loop.getAfterArguments());
      }
    });
  }
};

} // namespace
