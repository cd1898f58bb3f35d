//===- KernelDialect.cpp - The kernel dialect -----------------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "edgec/Dialect/Kernel/KernelDialect.h"

#include "mlir/IR/AffineExpr.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/TypeUtilities.h"

#include <utility>

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
// Shared parts of the verifiers and effects
//===----------------------------------------------------------------------===//

namespace {

/// Smallest and largest value of an expression.
using Range = std::pair<int64_t, int64_t>;

/// The range of `expr` when dimension d runs over [0, extents[d]). Nothing
/// for forms that index maps do not use.
std::optional<Range> rangeOf(AffineExpr expr, ArrayRef<int64_t> extents) {
  if (auto constant = dyn_cast<AffineConstantExpr>(expr))
    return Range(constant.getValue(), constant.getValue());
  if (auto dim = dyn_cast<AffineDimExpr>(expr))
    return Range(0, extents[dim.getPosition()] - 1);
  auto binary = dyn_cast<AffineBinaryOpExpr>(expr);
  if (!binary)
    return std::nullopt;
  std::optional<Range> lhs = rangeOf(binary.getLHS(), extents);
  std::optional<Range> rhs = rangeOf(binary.getRHS(), extents);
  if (!lhs || !rhs)
    return std::nullopt;
  if (expr.getKind() == AffineExprKind::Add)
    return Range(lhs->first + rhs->first, lhs->second + rhs->second);
  if (rhs->first != rhs->second)
    return std::nullopt;
  int64_t factor = rhs->first;
  if (expr.getKind() == AffineExprKind::Mul)
    return Range(std::min(lhs->first * factor, lhs->second * factor),
                 std::max(lhs->first * factor, lhs->second * factor));
  if (factor <= 0 || lhs->first < 0)
    return std::nullopt;
  if (expr.getKind() == AffineExprKind::FloorDiv)
    return Range(lhs->first / factor, lhs->second / factor);
  if (expr.getKind() == AffineExprKind::Mod)
    return lhs->second < factor ? *lhs : Range(0, factor - 1);
  return std::nullopt;
}

/// (C1) to (C3) of kernel.contract for one operand and its map. `excluded` is
/// the range of dimensions that the map must not use.
LogicalResult verifyMap(Operation *op, StringRef name, AffineMap map,
                        Value operand, ArrayRef<int64_t> extents,
                        std::pair<int64_t, int64_t> excluded) {
  auto type = cast<ShapedType>(operand.getType());
  if (!type.hasStaticShape())
    return op->emitOpError() << "(C1) " << name << " must have a static shape";
  if (map.getNumSymbols() != 0 || map.getNumDims() != extents.size())
    return op->emitOpError() << "(C1) " << name << "'s map must have "
                             << extents.size() << " dimensions and no symbols";
  if (map.getNumResults() != type.getRank())
    return op->emitOpError()
           << "(C1) " << name << "'s map has " << map.getNumResults()
           << " results, but " << name << " has rank " << type.getRank();
  for (int64_t dim = excluded.first; dim < excluded.second; ++dim)
    if (map.isFunctionOfDim(dim))
      return op->emitOpError()
             << "(C2) " << name << "'s map must not use dimension " << dim;
  for (auto [axis, expr] : llvm::enumerate(map.getResults())) {
    std::optional<Range> range = rangeOf(expr, extents);
    if (!range)
      return op->emitOpError() << "(C3) the range of result " << axis << " of "
                               << name << "'s map cannot be determined";
    if (range->first < 0 || range->second >= type.getDimSize(axis))
      return op->emitOpError()
             << "(C3) " << name << "'s index along axis " << axis
             << " reaches from " << range->first << " to " << range->second
             << ", outside [0, " << type.getDimSize(axis) << ")";
  }
  return success();
}

/// The epilogue takes the accumulator and the extras' elements and yields
/// init's element type.
LogicalResult verifyEpilogue(Operation *op, StringRef constraint,
                             Region &region, Type accumulator,
                             ValueRange extras, Type initType) {
  Block &block = region.front();
  if (block.getNumArguments() != extras.size() + 1)
    return op->emitOpError()
           << constraint << " the epilogue must have " << extras.size() + 1
           << " arguments: the sum, then an element of each extra operand";
  if (block.getArgument(0).getType() != accumulator)
    return op->emitOpError()
           << constraint << " the epilogue's first argument "
           << "must have the accumulator's type " << accumulator;
  for (auto [index, extra] : llvm::enumerate(extras)) {
    Type expected = getElementTypeOrSelf(extra.getType());
    if (block.getArgument(index + 1).getType() != expected)
      return op->emitOpError() << constraint << " epilogue argument "
                               << index + 1 << " must be " << expected;
  }
  auto yield = dyn_cast_or_null<YieldOp>(
      block.mightHaveTerminator() ? block.getTerminator() : nullptr);
  if (!yield)
    return op->emitOpError()
           << constraint << " the epilogue must end in kernel.yield";
  if (yield.getValue().getType() != getElementTypeOrSelf(initType))
    return op->emitOpError()
           << constraint << " the epilogue yields "
           << yield.getValue().getType() << ", but init's elements are "
           << getElementTypeOrSelf(initType);
  return success();
}

/// Destination-passing style: a tensor init is returned, a memref init is
/// written in place.
LogicalResult verifyResults(Operation *op, Value init) {
  bool isTensor = isa<RankedTensorType>(init.getType());
  if (op->getNumResults() != (isTensor ? 1u : 0u))
    return op->emitOpError("must have one result if init is a tensor, none if "
                           "it is a memref");
  if (isTensor && op->getResult(0).getType() != init.getType())
    return op->emitOpError("result must have init's type");
  return success();
}

void addEffects(
    Operation *op, OpOperand &init,
    SmallVectorImpl<SideEffects::EffectInstance<MemoryEffects::Effect>>
        &effects) {
  for (OpOperand &operand : op->getOpOperands()) {
    if (!isa<MemRefType>(operand.get().getType()))
      continue;
    if (&operand == &init)
      effects.emplace_back(MemoryEffects::Write::get(), &operand);
    else
      effects.emplace_back(MemoryEffects::Read::get(), &operand);
  }
}

bool isAccumulator(Type type) { return type.isIntOrFloat(); }

} // namespace

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

LogicalResult ContractOp::verify() {
  ArrayRef<int64_t> extents = getExtents();
  int64_t numBatch = getNumBatch(), numRows = getNumRows();
  if (numBatch < 0 || numRows < 0 || getNumContracted() < 0)
    return emitOpError("(C1) extents must have num_batch + num_rows + 1 "
                       "entries and one for each contracted dimension");
  if (llvm::any_of(extents, [](int64_t extent) { return extent <= 0; }))
    return emitOpError("(C1) extents must be positive");
  if (!isAccumulator(getAccumulator()))
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
  if (failed(verifyResults(*this, getInit())))
    return failure();
  return verifyEpilogue(*this, "(C4)", getEpilogue(), getAccumulator(),
                        getExtras(), getInit().getType());
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
      filter.getDimSize(0) !=
          static_cast<int64_t>(llvm::divideCeil(channels, lanes)))
    return op.emitOpError()
           << "(C4) a packed filter must have groups of four for all of "
           << channels << " channels";
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
                        getExtras(), init);
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

/// (C4) of kernel.rowwise: the arguments are `expected`. Returns the yielded
/// value's type, or null after an error.
static Type verifyBody(RowwiseOp op, unsigned index, ArrayRef<Type> expected) {
  Block &block = op.getBodies()[index].front();
  if (!llvm::equal(block.getArgumentTypes(), expected)) {
    op.emitOpError() << "(C4) region " << index << " must have the arguments ("
                     << llvm::ArrayRef<Type>(expected) << ")";
    return {};
  }
  auto yield = dyn_cast_or_null<YieldOp>(
      block.mightHaveTerminator() ? block.getTerminator() : nullptr);
  if (!yield) {
    op.emitOpError() << "(C4) region " << index << " must end in kernel.yield";
    return {};
  }
  return yield.getValue().getType();
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
  if (getCombiners().empty() || getBodies().size() != getCombiners().size() + 1)
    return emitOpError("(C3) needs a combiner, and a region more than those");
  for (auto combiner : getCombiners().getAsValueRange<StringAttr>())
    if (combiner != "add" && combiner != "max")
      return emitOpError() << "(C3) unknown combiner '" << combiner << "'";
  SmallVector<Type> arguments;
  for (Value input : getInputs())
    arguments.push_back(getElementTypeOrSelf(input.getType()));
  for (unsigned index = 0; index <= getCombiners().size(); ++index) {
    if (index == getCombiners().size())
      arguments.push_back(arguments.back());
    Type yielded = verifyBody(*this, index, arguments);
    if (!yielded)
      return failure();
    if (index == getCombiners().size()) {
      if (yielded != getElementTypeOrSelf(getInit().getType()))
        return emitOpError("(C4) the last region must yield init's element "
                           "type, not ")
               << yielded;
    } else if (!isa<FloatType>(yielded)) {
      return emitOpError("(C4) region ") << index << " must yield a float";
    }
    arguments.push_back(yielded);
  }
  return verifyResults(*this, getInit());
}
