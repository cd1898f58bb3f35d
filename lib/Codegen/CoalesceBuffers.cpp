//===- CoalesceBuffers.cpp - Copies and results in place ------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "BufferAccess.h"
#include "edgec/Codegen/Passes.h"
#include "edgec/Dialect/Kernel/KernelDialect.h"

namespace edgec {
#define GEN_PASS_DEF_COALESCEBUFFERS
#include "edgec/Codegen/Passes.h.inc"
} // namespace edgec

using namespace mlir;
using namespace edgec;

namespace {

//===----------------------------------------------------------------------===//
// Giving a buffer another place
//===----------------------------------------------------------------------===//

/// The view's type if its source had the type `source`; nothing where there is
/// none, as for dimensions merged that no longer lie side by side.
std::optional<MemRefType> retypedView(Operation *op, MemRefType source) {
  if (auto subview = dyn_cast<memref::SubViewOp>(op))
    return cast<MemRefType>(memref::SubViewOp::inferRankReducedResultType(
        subview.getType().getShape(), source, subview.getStaticOffsets(),
        subview.getStaticSizes(), subview.getStaticStrides()));
  if (auto collapse = dyn_cast<memref::CollapseShapeOp>(op)) {
    auto groups = collapse.getReassociationIndices();
    if (!memref::CollapseShapeOp::isGuaranteedCollapsible(source, groups))
      return std::nullopt;
    return memref::CollapseShapeOp::computeCollapsedType(source, groups);
  }
  if (auto expand = dyn_cast<memref::ExpandShapeOp>(op)) {
    FailureOr<MemRefType> type = memref::ExpandShapeOp::computeExpandedType(
        source, expand.getResultType().getShape(),
        expand.getReassociationIndices());
    return succeeded(type) ? std::optional(*type) : std::nullopt;
  }
  return std::nullopt;
}

/// Whether elements that follow each other in a row are neighbours.
bool haveNeighbours(MemRefType type) {
  SmallVector<int64_t> strides;
  int64_t offset;
  if (failed(getStridesAndOffset(type, strides, offset)))
    return false;
  for (auto [extent, stride] :
       llvm::reverse(llvm::zip(type.getShape(), strides)))
    if (extent != 1)
      return stride == 1;
  return true;
}

/// Whether `reader` can do with a buffer of this type. Instructions multiply
/// several bytes at once, which they load together.
bool canRead(Operation *reader, Value buffer, MemRefType type) {
  auto contract = dyn_cast<kernel::ContractOp>(reader);
  return !contract || contract.getA() != buffer ||
         !type.getElementType().isInteger(8) || haveNeighbours(type);
}

/// Whether all views of `buffer` exist if it has the type `type`, and what
/// reads them can.
bool canRetypeViews(Value buffer, MemRefType type) {
  return llvm::all_of(buffer.getUsers(), [&](Operation *user) {
    if (!isViewOp(user))
      return canRead(user, buffer, type);
    std::optional<MemRefType> viewType = retypedView(user, type);
    return viewType && canRetypeViews(user->getResult(0), *viewType);
  });
}

/// Views that were there before have their types, also those that
/// canRetypeViews has not been asked about.
void retypeViews(Value buffer) {
  auto type = cast<MemRefType>(buffer.getType());
  for (Operation *user : buffer.getUsers()) {
    if (!isViewOp(user))
      continue;
    Value view = user->getResult(0);
    std::optional<MemRefType> viewType = retypedView(user, type);
    if (!viewType || *viewType == view.getType())
      continue;
    view.setType(*viewType);
    retypeViews(view);
  }
}

/// `view`, made again at the builder's position, and the reshapes undone that
/// lead from `whole` to `shown`. Null where they cannot be undone.
Value undoReshapes(OpBuilder &builder, Value view, Value shown, Value whole) {
  while (shown != whole) {
    Operation *op = shown.getDefiningOp();
    shown = op->getOperand(0);
    auto source = cast<MemRefType>(view.getType());
    auto shape = cast<MemRefType>(shown.getType()).getShape();
    if (auto collapse = dyn_cast<memref::CollapseShapeOp>(op)) {
      auto groups = collapse.getReassociationIndices();
      FailureOr<MemRefType> type =
          memref::ExpandShapeOp::computeExpandedType(source, shape, groups);
      if (failed(type))
        return nullptr;
      view = builder.create<memref::ExpandShapeOp>(op->getLoc(), *type, view,
                                                   groups);
      continue;
    }
    auto expand = dyn_cast<memref::ExpandShapeOp>(op);
    if (!expand)
      return nullptr;
    auto groups = expand.getReassociationIndices();
    if (!memref::CollapseShapeOp::isGuaranteedCollapsible(source, groups))
      return nullptr;
    view = builder.create<memref::CollapseShapeOp>(op->getLoc(), view, groups);
  }
  return view;
}

/// The views that lead from `root` to `view`, made again.
Value cloneViews(OpBuilder &builder, Value view, Value root) {
  if (view == root)
    return root;
  Operation *op = view.getDefiningOp();
  IRMapping mapping;
  mapping.map(op->getOperand(0), cloneViews(builder, op->getOperand(0), root));
  return builder.clone(*op, mapping)->getResult(0);
}

/// The allocation that `value` shows as a whole, through reshapes.
memref::AllocOp findWholeAllocation(Value value) {
  while (Operation *definition = value.getDefiningOp()) {
    if (auto alloc = dyn_cast<memref::AllocOp>(definition))
      return alloc;
    if (!isa<memref::ExpandShapeOp, memref::CollapseShapeOp>(definition))
      return nullptr;
    value = definition->getOperand(0);
  }
  return nullptr;
}

//===----------------------------------------------------------------------===//
// What may share memory
//===----------------------------------------------------------------------===//

/// An operation that gives each element of `to` from the same element of
/// `from` and perhaps others: a copy, or an elementwise operation.
struct Move {
  Operation *op;
  OpOperand *from, *to;

  bool isCopy() const { return isa<memref::CopyOp>(op); }
};

class Coalescer {
public:
  Coalescer(func::FuncOp function) : entry(function.front()) {}

  void run();

private:
  bool coalesce(const Move &move);
  bool placeSource(const Move &move);
  bool placeTarget(const Move &move);
  bool replace(memref::AllocOp alloc, Value shown, Value place, Value root);
  bool isPlaceable(memref::AllocOp alloc) const;

  bool isBefore(Operation *a, Operation *b) const {
    return a != b && a->isBeforeInBlock(b);
  }

  Block &entry;
};

bool Coalescer::isPlaceable(memref::AllocOp alloc) const {
  return alloc && alloc->getBlock() == &entry &&
         alloc.getType().hasStaticShape() &&
         alloc.getType().getLayout().isIdentity();
}

/// Whether other operands of the operation touch the part.
bool touchesOtherwise(ArrayRef<BufferAccess> accesses, const Move &move,
                      const BufferRegion &part) {
  return llvm::any_of(accesses, [&](const BufferAccess &access) {
    return access.step == move.op && access.operand != move.from &&
           access.operand != move.to && access.touches(part);
  });
}

/// Replaces `alloc`, of which `shown` is a reshape, by `place` of `root`.
bool Coalescer::replace(memref::AllocOp alloc, Value shown, Value place,
                        Value root) {
  OpBuilder builder(entry.getParentOp()->getContext());
  builder.setInsertionPointToStart(&entry);
  if (Operation *definition = root.getDefiningOp()) {
    if (definition->getNumOperands() != 0)
      return false;
    definition->moveBefore(&entry, entry.begin());
    builder.setInsertionPointAfter(definition);
  }
  Value view = cloneViews(builder, place, root);
  view = undoReshapes(builder, view, shown, alloc);
  // Views without users are cleaned up later.
  if (!view || !canRetypeViews(alloc, cast<MemRefType>(view.getType())))
    return false;
  alloc.getResult().replaceAllUsesWith(view);
  retypeViews(view);
  alloc.erase();
  return true;
}

/// The source's buffer becomes the part of the target's that it would be moved
/// to: its values are computed there.
bool Coalescer::placeSource(const Move &move) {
  memref::AllocOp alloc = findWholeAllocation(move.from->get());
  std::optional<BufferView> target = resolveView(move.to->get());
  if (!isPlaceable(alloc) || !target || target->root == alloc.getResult())
    return false;
  Operation *definition = target->root.getDefiningOp();
  if (definition ? !isPlaceable(dyn_cast<memref::AllocOp>(definition))
                 : target->root.getParentBlock() != &entry)
    return false;
  auto ofSource = collectAccesses(alloc, entry);
  auto ofTarget = collectAccesses(target->root, entry);
  if (!ofSource || !ofTarget)
    return false;

  Operation *first = move.op, *last = move.op;
  for (const BufferAccess &access : *ofSource) {
    if (isBefore(access.step, first))
      first = access.step;
    if (isBefore(last, access.step))
      last = access.step;
    // Written afterwards, or by the operation itself.
    if (access.writes && !isBefore(access.step, move.op))
      return false;
  }
  if (!move.isCopy() && last != move.op)
    return false;
  for (const BufferAccess &access : *ofTarget) {
    if (access.operand == move.to || !access.touches(target->region))
      continue;
    bool isEarlier = isBefore(access.step, first);
    bool isLater = isBefore(move.op, access.step);
    if (!isEarlier && !isLater)
      return false;
    if (isLater && access.writes && !isBefore(last, access.step))
      return false;
  }
  if (touchesOtherwise(*ofSource, move, resolveView(alloc)->region))
    return false;
  return replace(alloc, move.from->get(), move.to->get(), target->root);
}

/// The target's buffer becomes the part of the source's that it is moved from.
bool Coalescer::placeTarget(const Move &move) {
  memref::AllocOp alloc = findWholeAllocation(move.to->get());
  std::optional<BufferView> source = resolveView(move.from->get());
  if (!isPlaceable(alloc) || !source || source->root == alloc.getResult())
    return false;
  Operation *definition = source->root.getDefiningOp();
  bool isOwn = isPlaceable(dyn_cast_or_null<memref::AllocOp>(definition));
  bool isShared = !definition || isa<memref::GetGlobalOp>(definition);
  // Arguments and constants may be read in place of a copy.
  if (!isOwn && !(move.isCopy() && isShared))
    return false;
  auto ofTarget = collectAccesses(alloc, entry);
  auto ofSource = collectAccesses(source->root, entry);
  if (!ofTarget || !ofSource)
    return false;

  Operation *last = move.op;
  for (const BufferAccess &access : *ofTarget) {
    if (isBefore(access.step, move.op))
      return false;
    if (access.writes && access.operand != move.to && move.isCopy())
      return false;
    if (isBefore(last, access.step))
      last = access.step;
  }
  for (const BufferAccess &access : *ofSource) {
    if (!access.touches(source->region) || !isBefore(move.op, access.step))
      continue;
    // A copy may be read beside its original, anything else replaces it.
    if (!move.isCopy() || (access.writes && !isBefore(last, access.step)))
      return false;
  }
  if (touchesOtherwise(*ofSource, move, source->region))
    return false;
  return replace(alloc, move.to->get(), move.from->get(), source->root);
}

bool Coalescer::coalesce(const Move &move) {
  if (!placeSource(move) && !placeTarget(move))
    return false;
  if (move.isCopy())
    move.op->erase();
  return true;
}

/// The inputs that an elementwise operation reads exactly where it writes its
/// result, and nowhere else. Empty for other operations.
SmallVector<OpOperand *> findPointwiseInputs(DestinationStyleOpInterface op) {
  if (op.getNumDpsInits() != 1)
    return {};
  SmallVector<std::pair<OpOperand *, AffineMap>> inputs;
  AffineMap written;
  if (auto linalgOp = dyn_cast<linalg::LinalgOp>(op.getOperation())) {
    // Sums and the like come back to their result.
    if (linalgOp.getNumReductionLoops() != 0 ||
        linalgOp.payloadUsesValueFromOperand(linalgOp.getDpsInitOperand(0)))
      return {};
    written = linalgOp.getMatchingIndexingMap(linalgOp.getDpsInitOperand(0));
    for (OpOperand *input : linalgOp.getDpsInputOperands())
      inputs.push_back({input, linalgOp.getMatchingIndexingMap(input)});
    // Every element is visited once.
    if (!written.isPermutation())
      return {};
  } else if (auto contract = dyn_cast<kernel::ContractOp>(op.getOperation())) {
    written = contract.getCMap();
    for (auto [extra, map] :
         llvm::zip(contract.getExtrasMutable(), contract.getExtraMaps()))
      inputs.push_back({&extra, cast<AffineMapAttr>(map).getValue()});
  } else if (auto depthwise =
                 dyn_cast<kernel::DepthwiseOp>(op.getOperation())) {
    int64_t rank = cast<MemRefType>(depthwise.getInit().getType()).getRank();
    written = AffineMap::getMultiDimIdentityMap(rank, op.getContext());
    for (auto [extra, map] :
         llvm::zip(depthwise.getExtrasMutable(), depthwise.getExtraMaps()))
      inputs.push_back({&extra, cast<AffineMapAttr>(map).getValue()});
  }

  SmallVector<OpOperand *> pointwise;
  for (auto [input, map] : inputs) {
    auto type = dyn_cast<MemRefType>(input->get().getType());
    auto result =
        dyn_cast<MemRefType>(op.getDpsInitOperand(0)->get().getType());
    if (type && result && map == written &&
        type.getShape() == result.getShape() &&
        type.getElementType() == result.getElementType())
      pointwise.push_back(input);
  }
  return pointwise;
}

/// Makes subviews of subviews views of the buffer itself, so that views of one
/// part are equal.
void composeSubviews(Block &entry) {
  for (auto subview : llvm::to_vector(entry.getOps<memref::SubViewOp>())) {
    std::optional<BufferView> view = resolveView(subview);
    if (!view || !view->inPlace ||
        !subview.getSource().getDefiningOp<memref::SubViewOp>())
      continue;
    OpBuilder builder(subview);
    SmallVector<int64_t> ones(view->region.sizes.size(), 1);
    Value direct = builder.create<memref::SubViewOp>(
        subview.getLoc(), view->root, view->region.offsets, view->region.sizes,
        ones);
    if (direct.getType() == subview.getType())
      subview.replaceAllUsesWith(direct);
  }
}

void Coalescer::run() {
  // Copies first: they cost time, and a result in place only memory.
  for (memref::CopyOp copy : llvm::to_vector(entry.getOps<memref::CopyOp>()))
    coalesce({copy, &copy.getSourceMutable(), &copy.getTargetMutable()});
  for (auto op : llvm::to_vector(entry.getOps<DestinationStyleOpInterface>()))
    for (OpOperand *input : findPointwiseInputs(op))
      if (coalesce({op, input, op.getDpsInitOperand(0)}))
        break;
  composeSubviews(entry);
}

struct CoalesceBuffersPass
    : edgec::impl::CoalesceBuffersBase<CoalesceBuffersPass> {
  void runOnOperation() override {
    func::FuncOp function = getOperation();
    if (function.isPublic() && !function.isExternal() &&
        function.getBody().hasOneBlock())
      Coalescer(function).run();
  }
};

} // namespace
