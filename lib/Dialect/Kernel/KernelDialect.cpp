//===- KernelDialect.cpp - The kernel dialect -----------------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "edgec/Dialect/Kernel/KernelDialect.h"

#include "Verification.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/TypeUtilities.h"

using namespace mlir;
using namespace edgec::kernel;

#include "edgec/Dialect/Kernel/KernelDialect.cpp.inc"

#define GET_OP_CLASSES
#include "edgec/Dialect/Kernel/KernelOps.cpp.inc"

void KernelDialect::initialize() {
  addOperations<
#define GET_OP_LIST
#include "edgec/Dialect/Kernel/KernelOps.cpp.inc"
      >();
}

//===----------------------------------------------------------------------===//
// ContractOp
//===----------------------------------------------------------------------===//

MutableOperandRange ContractOp::getDpsInitsMutable() {
  return getInitMutable();
}

void ContractOp::getEffects(
    SmallVectorImpl<SideEffects::EffectInstance<MemoryEffects::Effect>>
        &effects) {
  addEffects(*this, getInitMutable(), effects);
}

bool ContractOp::coversInit() {
  int64_t points = 1;
  for (int64_t extent : getExtents().take_front(getColumnDim() + 1))
    points *= extent;
  auto type = cast<ShapedType>(getInit().getType());
  return type.hasStaticShape() && points == type.getNumElements();
}

std::optional<unsigned> ContractOp::getGroupAxis() {
  AffineExpr last = getAffineDimExpr(getExtents().size() - 1, getContext());
  std::optional<unsigned> found;
  for (auto [axis, expr] : llvm::enumerate(getBMap().getResults())) {
    if (!expr.isFunctionOfDim(getExtents().size() - 1))
      continue;
    if (expr != last || found)
      return std::nullopt;
    found = axis;
  }
  return found;
}

/// (C5).
static LogicalResult verifyLowBits(ContractOp op) {
  auto isByte = [](Value value) {
    return getElementTypeOrSelf(value.getType()).isInteger(8);
  };
  std::optional<int64_t> bits = op.getBBits(), group = op.getBGroup();
  bool isByFloats = op.getAccumulator().isF32();
  if (bits && ((*bits != 2 && *bits != 4 && !(*bits == 8 && isByFloats)) ||
               !isByte(op.getB()) || op.getBUnsigned()))
    return op.emitOpError("(C5) b_bits must be 2, 4, or 8 with an accumulator "
                          "of f32, and b of signed bytes");
  if (group && (*group <= 0 || !bits || !isByFloats))
    return op.emitOpError("(C5) b_group must be positive and stand with b_bits "
                          "and an accumulator of f32");
  ElementsAttr scales = op.getBScalesAttr();
  if (!scales)
    return success();
  std::optional<unsigned> axis = op.getGroupAxis();
  if (!group || !axis || !scales.getElementType().isF32())
    return op.emitOpError(
        "(C5) b_scales must be of f32 and stand with b_group, "
        "and the last contracted dimension be an axis of b");
  SmallVector<int64_t> expected(
      cast<ShapedType>(op.getB().getType()).getShape());
  expected[*axis] = llvm::divideCeil(expected[*axis], *group);
  if (scales.getShapedType().getShape() == ArrayRef(expected))
    return success();
  return op.emitOpError("(C5) b_scales must have one element for each ")
         << *group << " of b along axis " << *axis;
}

LogicalResult ContractOp::verify() {
  ArrayRef<int64_t> extents = getExtents();
  int64_t numBatch = getNumBatch(), numRows = getNumRows();
  if (numBatch < 0 || numRows < 0 || getNumContracted() < 0)
    return emitOpError("(C1) extents must have num_batch + num_rows + 1 "
                       "entries and one for each contracted dimension");
  if (llvm::any_of(extents, [](int64_t extent) { return extent <= 0; }))
    return emitOpError("(C1) extents must be positive");
  if (!getAccumulator().isIntOrFloat())
    return emitOpError("(C4) the accumulator must be a number type");
  if (getExtraMaps().size() != getExtras().size())
    return emitOpError("(C1) needs a map for each extra operand");
  int64_t column = getColumnDim();
  int64_t end = extents.size();
  if (failed(verifyMap(*this, "a", getAMap(), getA(), extents,
                       {column, column + 1})) ||
      failed(verifyMap(*this, "b", getBMap(), getB(), extents,
                       {numBatch, column})) ||
      failed(verifyMap(*this, "init", getCMap(), getInit(), extents,
                       {column + 1, end})))
    return failure();
  for (auto [extra, map] : llvm::zip(getExtras(), getExtraMaps()))
    if (failed(verifyMap(*this, "extra operand",
                         cast<AffineMapAttr>(map).getValue(), extra, extents,
                         {column + 1, end})))
      return failure();
  if (failed(verifyResults(*this, getInit())) || failed(verifyLowBits(*this)))
    return failure();
  return verifyEpilogue(*this, "(C4)", getEpilogue(), getAccumulator(),
                        getExtras(), getElementTypeOrSelf(getInit().getType()));
}

//===----------------------------------------------------------------------===//
// DepthwiseOp
//===----------------------------------------------------------------------===//

MutableOperandRange DepthwiseOp::getDpsInitsMutable() {
  return getInitMutable();
}

void DepthwiseOp::getEffects(
    SmallVectorImpl<SideEffects::EffectInstance<MemoryEffects::Effect>>
        &effects) {
  addEffects(*this, getInitMutable(), effects);
}

SmallVector<int64_t> DepthwiseOp::getTapExtents() {
  if (std::optional<ArrayRef<int64_t>> window = getWindow())
    return SmallVector<int64_t>(*window);
  return SmallVector<int64_t>(
      cast<ShapedType>(getFilter().getType()).getShape().drop_back());
}

std::optional<TapGroups> DepthwiseOp::getTapGroups() {
  std::optional<ArrayRef<int64_t>> window = getWindow();
  if (!window)
    return std::nullopt;
  TapGroups groups;
  groups.rows = *getTileRows();
  groups.rowStride = getStrides().front();
  groups.outerTaps = window->front();
  groups.innerTaps = window->size() == 2 ? window->back() : 1;
  return groups;
}

/// The shape of a packed filter, which has its own; see (C4).
static LogicalResult verifyPackedFilter(DepthwiseOp op, int64_t spatial,
                                        int64_t channels) {
  std::optional<ArrayRef<int64_t>> window = op.getWindow();
  std::optional<uint64_t> rows = op.getTileRows();
  if (!window || !rows || spatial > 2 ||
      static_cast<int64_t>(window->size()) != spatial ||
      static_cast<int64_t>(*rows) <= 0 || (spatial == 1 && *rows != 1) ||
      llvm::any_of(*window, [](int64_t extent) { return extent <= 0; }))
    return op.emitOpError("(C4) a packed filter needs window and tile_rows, "
                          "positive, for one or two spatial dimensions");
  auto filter = cast<ShapedType>(op.getFilter().getType());
  int64_t groups = op.getTapGroups()->size();
  if (filter.getRank() != 3 || filter.getDimSize(1) != groups)
    return op.emitOpError() << "(C4) a packed filter must have three "
                               "dimensions, the second of them "
                            << groups;
  int64_t lanes = filter.getDimSize(2) / TapGroups::depth;
  if (lanes == 0 || filter.getDimSize(2) % TapGroups::depth != 0 ||
      (filter.getDimSize(0) != 1 &&
       filter.getDimSize(0) !=
           static_cast<int64_t>(llvm::divideCeil(channels, lanes))))
    return op.emitOpError()
           << "(C4) a packed filter must have groups of four for all of "
           << channels << " channels, or for those of one block";
  return success();
}

LogicalResult DepthwiseOp::verify() {
  auto input = cast<ShapedType>(getInput().getType());
  auto filter = cast<ShapedType>(getFilter().getType());
  auto init = cast<ShapedType>(getInit().getType());
  for (ShapedType type : {input, filter, init})
    if (!type.hasStaticShape())
      return emitOpError("(C1) operands must have static shapes");
  int64_t rank = init.getRank();
  bool isPacked = getWindow() || getTileRows();
  if (rank < 2 || input.getRank() != rank ||
      (!isPacked && filter.getRank() != rank - 1))
    return emitOpError("(C1) input and init must have the same rank, filter "
                       "one less");
  int64_t spatial = rank - 2;
  if (static_cast<int64_t>(getStrides().size()) != spatial ||
      static_cast<int64_t>(getDilations().size()) != spatial)
    return emitOpError() << "(C1) strides and dilations need " << spatial
                         << " entries, one a spatial dimension";
  if (input.getDimSize(0) != init.getDimSize(0) ||
      input.getDimSize(rank - 1) != init.getDimSize(rank - 1) ||
      (!isPacked && filter.getDimSize(spatial) != init.getDimSize(rank - 1)))
    return emitOpError("(C1) batch sizes and channels of input, filter and "
                       "init must agree");
  if (isPacked &&
      failed(verifyPackedFilter(*this, spatial, init.getDimSize(rank - 1))))
    return failure();
  SmallVector<int64_t> taps = getTapExtents();
  for (int64_t axis = 0; axis < spatial; ++axis) {
    int64_t stride = getStrides()[axis], dilation = getDilations()[axis];
    if (stride <= 0 || dilation <= 0)
      return emitOpError("(C1) strides and dilations must be positive");
    int64_t last =
        (init.getDimSize(axis + 1) - 1) * stride + (taps[axis] - 1) * dilation;
    if (last >= input.getDimSize(axis + 1))
      return emitOpError() << "(C2) spatial dimension " << axis
                           << " reads input index " << last
                           << " of an extent of " << input.getDimSize(axis + 1);
  }
  if (getExtraMaps().size() != getExtras().size())
    return emitOpError("(C1) needs a map for each extra operand");
  for (auto [extra, map] : llvm::zip(getExtras(), getExtraMaps()))
    if (failed(verifyMap(*this, "extra operand",
                         cast<AffineMapAttr>(map).getValue(), extra,
                         init.getShape(), {0, 0})))
      return failure();
  if (failed(verifyResults(*this, getInit())))
    return failure();
  return verifyEpilogue(*this, "(C3)", getEpilogue(), getAccumulator(),
                        getExtras(), init.getElementType());
}

//===----------------------------------------------------------------------===//
// RowwiseOp
//===----------------------------------------------------------------------===//

MutableOperandRange RowwiseOp::getDpsInitsMutable() { return getInitMutable(); }

void RowwiseOp::getEffects(
    SmallVectorImpl<SideEffects::EffectInstance<MemoryEffects::Effect>>
        &effects) {
  addEffects(*this, getInitMutable(), effects);
}

LogicalResult RowwiseOp::verify() {
  ArrayRef<int64_t> extents = getExtents();
  int64_t end = extents.size();
  if (extents.empty() ||
      llvm::any_of(extents, [](int64_t extent) { return extent <= 0; }))
    return emitOpError("(C1) extents must be positive, one of them the column");
  if (getInputMaps().size() != getInputs().size())
    return emitOpError("(C1) needs a map for each input");
  for (auto [input, map] : llvm::zip(getInputs(), getInputMaps()))
    if (failed(verifyMap(*this, "input", cast<AffineMapAttr>(map).getValue(),
                         input, extents, {end, end})))
      return failure();
  if (failed(verifyMap(*this, "init", getInitMap(), getInit(), extents,
                       {end, end})))
    return failure();
  if (!getInitMap().isPermutation())
    return emitOpError("(C2) init's map must be a permutation");
  SmallVector<Type> elements;
  for (Value input : getInputs())
    elements.push_back(getElementTypeOrSelf(input.getType()));
  if (failed(verifyRowBodies(*this, {"(C3)", "(C4)"}, getCombiners(),
                             getBodies(), /*firstRegion=*/0, elements,
                             getElementTypeOrSelf(getInit().getType()))))
    return failure();
  return verifyResults(*this, getInit());
}

//===----------------------------------------------------------------------===//
// Lookups
//===----------------------------------------------------------------------===//

LogicalResult LookupOp::verify() {
  if (getTable().size() == 256)
    return success();
  return emitOpError("table has ")
         << getTable().size() << " entries and must have 256, one a byte";
}
