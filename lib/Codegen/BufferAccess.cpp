//===- BufferAccess.cpp - Who touches which part of a buffer --------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "BufferAccess.h"

#include "edgec/Codegen/Passes.h"

using namespace mlir;
using namespace edgec;

bool BufferRegion::overlaps(const BufferRegion &other) const {
  for (size_t dim = 0; dim < sizes.size(); ++dim)
    if (offsets[dim] + sizes[dim] <= other.offsets[dim] ||
        other.offsets[dim] + other.sizes[dim] <= offsets[dim])
      return false;
  return true;
}

bool BufferRegion::contains(const BufferRegion &other) const {
  for (size_t dim = 0; dim < sizes.size(); ++dim)
    if (other.offsets[dim] < offsets[dim] ||
        other.offsets[dim] + other.sizes[dim] > offsets[dim] + sizes[dim])
      return false;
  return true;
}

bool BufferAccess::touches(const BufferRegion &part) const {
  return region.overlaps(part) && !(untouched && untouched->contains(part));
}

bool edgec::isViewOp(Operation *op) {
  return isa<memref::SubViewOp, memref::ExpandShapeOp, memref::CollapseShapeOp,
             memref::CastOp, memref::ReinterpretCastOp>(op);
}

/// Narrows the view of a subview's source to the subview.
static void applySubview(memref::SubViewOp op, BufferView &view) {
  // Behind a reshape the source's dimensions are not the root's.
  if (!view.inPlace)
    return;
  for (auto [dim, offset] : llvm::enumerate(op.getStaticOffsets())) {
    int64_t size = op.getStaticSizes()[dim],
            stride = op.getStaticStrides()[dim];
    view.region.offsets[dim] += offset;
    view.region.sizes[dim] = size == 0 ? 0 : (size - 1) * stride + 1;
    view.inPlace &= stride == 1;
  }
  // Of a lower rank, dimensions are no longer the root's either.
  view.inPlace &= op.getType().getRank() == op.getSourceType().getRank();
}

static bool isStaticSubview(memref::SubViewOp op) {
  return !ShapedType::isDynamicShape(op.getStaticOffsets()) &&
         !ShapedType::isDynamicShape(op.getStaticSizes()) &&
         !ShapedType::isDynamicShape(op.getStaticStrides());
}

std::optional<BufferView> edgec::resolveView(Value value) {
  Operation *definition = value.getDefiningOp();
  if (!definition || !isViewOp(definition)) {
    auto type = dyn_cast<MemRefType>(value.getType());
    if (!type || !type.hasStaticShape())
      return std::nullopt;
    SmallVector<int64_t> zeros(type.getRank(), 0);
    return BufferView{value, {zeros, SmallVector<int64_t>(type.getShape())}};
  }
  std::optional<BufferView> view = resolveView(definition->getOperand(0));
  if (!view)
    return std::nullopt;
  auto subview = dyn_cast<memref::SubViewOp>(definition);
  if (!subview) {
    view->inPlace = false;
    return view;
  }
  if (!isStaticSubview(subview))
    return std::nullopt;
  applySubview(subview, *view);
  return view;
}

/// Whether the operation's accesses to memory are those of its operands and
/// of loads and stores inside of it.
static bool isUnderstood(Operation *op) {
  return isa<linalg::LinalgOp, kernel::AttentionOp, kernel::ContractOp,
             kernel::DepthwiseOp, memref::CopyOp, memref::LoadOp,
             memref::StoreOp>(op);
}

static bool isWritten(OpOperand &operand) {
  Operation *op = operand.getOwner();
  if (auto copy = dyn_cast<memref::CopyOp>(op))
    return operand.get() == copy.getTarget();
  if (auto destination = dyn_cast<DestinationStyleOpInterface>(op))
    return destination.isDpsInit(&operand);
  return isa<memref::StoreOp>(op);
}

/// The part that a border's fill leaves alone.
static std::optional<BufferRegion> untouchedBy(Operation *op,
                                               const BufferView &view) {
  auto interior = op->getAttrOfType<DenseI64ArrayAttr>(fillInteriorAttr);
  if (!interior || !view.inPlace)
    return std::nullopt;
  BufferRegion region = view.region;
  size_t rank = region.offsets.size();
  for (size_t dim = 0; dim < rank; ++dim) {
    region.offsets[dim] += interior[dim];
    region.sizes[dim] = interior[rank + dim];
  }
  return region;
}

std::optional<std::vector<BufferAccess>> edgec::collectAccesses(Value root,
                                                                Block &entry) {
  std::vector<BufferAccess> accesses;
  SmallVector<Value> values{root};
  while (!values.empty()) {
    Value value = values.pop_back_val();
    std::optional<BufferView> view = resolveView(value);
    if (!view)
      return std::nullopt;
    for (OpOperand &use : value.getUses()) {
      Operation *op = use.getOwner();
      if (isViewOp(op)) {
        values.push_back(op->getResult(0));
        continue;
      }
      Operation *step = entry.findAncestorOpInBlock(*op);
      if (!step || !isUnderstood(op))
        return std::nullopt;
      accesses.push_back(
          {&use, step, view->region, untouchedBy(op, *view), isWritten(use)});
    }
  }
  return accesses;
}
