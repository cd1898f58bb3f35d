//===- PlaceDestinations.cpp - Producers write where readers read --------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "edgec/Codegen/Passes.h"
#include "edgec/Dialect/Kernel/KernelDialect.h"

#include "mlir/Dialect/Bufferization/IR/Bufferization.h"
#include "mlir/Dialect/Tensor/Utils/Utils.h"
#include "mlir/IR/Dominance.h"
#include "mlir/IR/TypeUtilities.h"
#include "mlir/Interfaces/LoopLikeInterface.h"
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

bool isUpdateOf(Value value, Value carried);

/// The value outside of `parent` that `value`, which one of its regions yields,
/// is an update of; null: of none.
Value updatedOutside(Value value, Operation *parent);

/// The tensor in whose place `result` is computed: it is that one with some
/// elements replaced. Null: it may be a tensor of its own.
Value replacedBy(OpResult result) {
  Operation *op = result.getOwner();
  unsigned number = result.getResultNumber();
  if (auto insert = dyn_cast<tensor::InsertOp>(op))
    return insert.getDest();
  if (auto insert = dyn_cast<tensor::InsertSliceOp>(op))
    return insert.getDest();
  if (auto copy = dyn_cast<linalg::CopyOp>(op))
    return copy.getOutputs()[number];
  if (auto loop = dyn_cast<scf::ForOp>(op)) {
    Value yielded = loop.getYieldedValues()[number];
    bool updates = isUpdateOf(yielded, loop.getRegionIterArg(number));
    return updates ? loop.getInitArgs()[number] : Value();
  }
  if (auto loop = dyn_cast<scf::WhileOp>(op)) {
    if (loop.getInits().size() <= number ||
        loop.getConditionOp().getArgs()[number] !=
            loop.getBeforeArguments()[number] ||
        !isUpdateOf(loop.getYieldOp()->getOperand(number),
                    loop.getAfterArguments()[number]))
      return {};
    return loop.getInits()[number];
  }
  if (auto branch = dyn_cast<scf::IfOp>(op)) {
    Value then = updatedOutside(branch.thenYield()->getOperand(number), op);
    Value other = updatedOutside(branch.elseYield()->getOperand(number), op);
    return then == other ? then : Value();
  }
  return {};
}

/// Whether `user`, and what looks at a part of a tensor through it, has read
/// before `writer` writes.
bool readsBefore(Operation *user, Operation *writer) {
  user = writer->getBlock()->findAncestorOpInBlock(*user);
  if (!user || user == writer)
    return true;
  if (!user->isBeforeInBlock(writer))
    return false;
  bool isView = isa<tensor::ExtractSliceOp, tensor::ExpandShapeOp,
                    tensor::CollapseShapeOp, tensor::CastOp>(user);
  return !isView || llvm::all_of(user->getUsers(), [&](Operation *reader) {
    return readsBefore(reader, writer);
  });
}

/// Whether nothing reads `value` once `writer` has replaced elements of it.
/// Readers in other regions than the writer's are of no concern: one of two
/// branches runs, and what comes after them all reads results.
bool isLastUse(Value value, Operation *writer) {
  unsigned written = 0;
  for (OpOperand &use : value.getUses()) {
    Operation *user =
        writer->getBlock()->findAncestorOpInBlock(*use.getOwner());
    if (!user)
      continue;
    if (user != writer && readsBefore(use.getOwner(), writer))
      continue;
    bool isInBranch = user == writer && isa<scf::IfOp>(writer);
    if (user != writer || (use.getOwner() != writer && !isInBranch))
      return false;
    written += use.getOwner() == writer;
  }
  return written <= 1;
}

Value updatedOutside(Value value, Operation *parent) {
  while (parent->isAncestor(value.getParentBlock()->getParentOp())) {
    auto result = dyn_cast<OpResult>(value);
    Value before = result ? replacedBy(result) : Value();
    if (!before || !isLastUse(before, result.getOwner()))
      return {};
    value = before;
  }
  return value;
}

/// Whether `value` is `carried` with elements replaced, one after the other,
/// where nothing needs those that were there: one buffer serves both.
bool isUpdateOf(Value value, Value carried) {
  while (value != carried) {
    auto result = dyn_cast<OpResult>(value);
    Value before = result ? replacedBy(result) : Value();
    if (!before || !isLastUse(before, result.getOwner()))
      return false;
    value = before;
  }
  return true;
}

/// Copies `value` into `carried` at the end of a loop's body. A value that is
/// itself carried is copied aside first: it may be overwritten by then.
Value copyInto(OpBuilder &builder, Location loc, Value value, Value carried) {
  return builder.create<linalg::CopyOp>(loc, value, carried).getResult(0);
}

/// Copies an operand before its operation, into a tensor of its own.
void copyOperand(OpOperand &operand) {
  auto type = cast<RankedTensorType>(operand.get().getType());
  OpBuilder builder(operand.getOwner());
  Location loc = operand.getOwner()->getLoc();
  Value empty = builder.create<tensor::EmptyOp>(loc, type.getShape(),
                                                type.getElementType());
  operand.set(copyInto(builder, loc, operand.get(), empty));
}

Value skipReshapes(Value value) {
  while (isa_and_nonnull<tensor::ExpandShapeOp, tensor::CollapseShapeOp>(
      value.getDefiningOp()))
    value = value.getDefiningOp()->getOperand(0);
  return value;
}

/// Whether `value` is what an operation of this kind gives, but for its shape.
template <typename Op> bool comesFrom(Value value) {
  value = skipReshapes(value);
  return value.getDefiningOp<Op>() &&
         cast<RankedTensorType>(value.getType()).hasStaticShape();
}

/// Copies what a branch gives where it is inserted into a larger tensor. Else
/// one side might be computed in the larger tensor and the other not, and the
/// branch's result would have a layout that is known at run time only.
void separateBranches(tensor::InsertSliceOp op) {
  if (comesFrom<scf::IfOp>(op.getSource()))
    copyOperand(op.getSourceMutable());
}

/// Whether `value` is inserted into a larger tensor, as which it is computed.
bool isInserted(Value value) {
  return llvm::any_of(value.getUsers(), [&](Operation *user) {
    if (auto insert = dyn_cast<tensor::InsertSliceOp>(user))
      return insert.getSource() == value;
    return isa<tensor::ExpandShapeOp, tensor::CollapseShapeOp>(user) &&
           isInserted(user->getResult(0));
  });
}

/// Copies those of the operands that are parts of larger tensors.
void separateParts(MutableArrayRef<OpOperand> operands) {
  for (OpOperand &operand : operands) {
    Value value = operand.get();
    auto type = dyn_cast<RankedTensorType>(value.getType());
    bool isPart = type && type.hasStaticShape() &&
                  (comesFrom<tensor::ExtractSliceOp>(value) ||
                   isInserted(skipReshapes(value)));
    if (isPart)
      copyOperand(operand);
  }
}

/// Copies what loops start with, and what branches give, where it is a part of
/// a larger tensor: what a loop's body or the other branch computes is none,
/// and the results would have a layout that is known at run time only.
void separateResults(Operation *op) {
  if (auto loop = dyn_cast<LoopLikeOpInterface>(op))
    separateParts(loop.getInitsMutable());
  if (isa<arith::SelectOp>(op)) // Branches that compute nothing.
    separateParts(op->getOpOperands());
  auto branch = dyn_cast<scf::IfOp>(op);
  if (!branch || branch.getNumResults() == 0)
    return;
  separateParts(branch.thenYield()->getOpOperands());
  separateParts(branch.elseYield()->getOpOperands());
}

/// Whether elements of a slice that follow each other are apart in `whole`: it
/// has one element along the last dimensions, which are longer there.
bool isScattered(OffsetSizeAndStrideOpInterface slice, RankedTensorType whole) {
  for (int64_t dim = whole.getRank(); dim-- > 0;) {
    if (slice.getStaticSizes()[dim] != 1)
      return slice.getStaticStrides()[dim] != 1;
    if (whole.getDimSize(dim) != 1)
      return true;
  }
  return false;
}

/// The same of a tensor that is a slice, or will be computed as one.
bool isScattered(Value value) {
  value = skipReshapes(value);
  for (Operation *user : value.getUsers())
    if (auto insert = dyn_cast<tensor::InsertSliceOp>(user))
      if (insert.getSource() == value &&
          isScattered(insert, insert.getDestType()))
        return true;
  auto extract = value.getDefiningOp<tensor::ExtractSliceOp>();
  return extract && (isScattered(extract, extract.getSourceType()) ||
                     isScattered(extract.getSource()));
}

/// Instructions multiply several bytes at once, which must be neighbours.
void gatherBytes(kernel::ContractOp op) {
  if (getElementTypeOrSelf(op.getA().getType()).isInteger(8) &&
      isScattered(op.getA()))
    copyOperand(op.getAMutable());
}

/// A value that a loop's body yields, and the argument by which the next
/// iteration has it.
struct Carried {
  OpOperand *yielded;
  Value argument;
};

SmallVector<Carried> carriedBy(scf::ForOp loop) {
  SmallVector<Carried> result;
  Operation *yield = loop.getBody()->getTerminator();
  for (auto [operand, argument] :
       llvm::zip_equal(yield->getOpOperands(), loop.getRegionIterArgs()))
    result.push_back({&operand, argument});
  return result;
}

/// What the condition passes on as it is; the condition may drop arguments.
SmallVector<Carried> carriedBy(scf::WhileOp loop) {
  SmallVector<Carried> result;
  Operation *yield = loop.getYieldOp();
  for (auto [passed, argument] : llvm::zip_equal(
           loop.getConditionOp().getArgs(), loop.getAfterArguments())) {
    auto before = dyn_cast<BlockArgument>(passed);
    if (before && before.getOwner() == loop.getBeforeBody())
      result.push_back({&yield->getOpOperand(before.getArgNumber()), argument});
  }
  return result;
}

void carryThroughBuffers(Operation *terminator, ArrayRef<Carried> carried) {
  OpBuilder builder(terminator);
  SmallVector<Value> aside;
  for (auto [operand, argument] : carried) {
    Value value = operand->get();
    auto type = dyn_cast<RankedTensorType>(value.getType());
    if (type && value != argument && isa<BlockArgument>(value)) {
      Value empty = builder.create<tensor::EmptyOp>(
          terminator->getLoc(), type.getShape(), type.getElementType());
      value = copyInto(builder, terminator->getLoc(), value, empty);
    }
    aside.push_back(value);
  }
  for (auto [pair, value] : llvm::zip_equal(carried, aside))
    if (isa<RankedTensorType>(value.getType()) &&
        !isUpdateOf(value, pair.argument))
      pair.yielded->set(
          copyInto(builder, terminator->getLoc(), value, pair.argument));
}

/// The model's inputs are the caller's: nothing is computed in their place.
void protectInputs(func::FuncOp function) {
  if (!function.isPublic() || function.isExternal())
    return;
  Builder builder(function.getContext());
  for (unsigned input = 0; input < function.getNumArguments(); ++input)
    if (isa<TensorType>(function.getArgument(input).getType()))
      function.setArgAttr(
          input, bufferization::BufferizationDialect::kWritableAttrName,
          builder.getBoolAttr(false));
}

struct PlaceDestinationsPass
    : edgec::impl::PlaceDestinationsBase<PlaceDestinationsPass> {
  void runOnOperation() override {
    IRRewriter rewriter(&getContext());
    protectInputs(getOperation());
    getOperation().walk(unshareDestinations);
    SmallVector<tensor::PadOp> pads;
    getOperation().walk([&](tensor::PadOp pad) { pads.push_back(pad); });
    for (tensor::PadOp pad : pads)
      if (failed(replacePad(pad, rewriter)))
        return signalPassFailure();

    getOperation().walk(gatherBytes);
    getOperation().walk(separateBranches);
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

    getOperation().walk(separateResults);
    getOperation().walk([&](Operation *op) {
      if (auto loop = dyn_cast<scf::ForOp>(op))
        carryThroughBuffers(loop.getBody()->getTerminator(), carriedBy(loop));
      else if (auto loop = dyn_cast<scf::WhileOp>(op))
        carryThroughBuffers(loop.getYieldOp(), carriedBy(loop));
    });
  }
};

} // namespace
