//===- AttentionOp.cpp - kernel.attention --------------------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Verification.h"
#include "mlir/IR/TypeUtilities.h"

using namespace mlir;
using namespace edgec::kernel;

MutableOperandRange AttentionOp::getDpsInitsMutable() {
  return getInitMutable();
}

void AttentionOp::getEffects(
    SmallVectorImpl<SideEffects::EffectInstance<MemoryEffects::Effect>>
        &effects) {
  addEffects(*this, getInitMutable(), effects);
}

bool AttentionOp::coversInit() {
  int64_t points = getExtents()[getColumnDim()];
  for (int64_t extent : getExtents().take_front(getKeyDim()))
    points *= extent;
  auto type = cast<ShapedType>(getInit().getType());
  return type.hasStaticShape() && points == type.getNumElements();
}

namespace {

/// An operand with its map, and the two dimensions that this must not use.
struct MappedOperand {
  StringRef name;
  AffineMap map;
  Value operand;
  unsigned unused[2];
};

LogicalResult verifyOperand(AttentionOp op, const MappedOperand &mapped) {
  for (unsigned dim : mapped.unused)
    if (mapped.map.isFunctionOfDim(dim))
      return op.emitOpError() << "(C2) " << mapped.name
                              << "'s map must not use dimension " << dim;
  return verifyMap(op, mapped.name, mapped.map, mapped.operand,
                   op.getExtents());
}

/// The type of a region's first argument, if elements of type `element` can be
/// summed in it.
Type sumType(Region &region, Type element) {
  Block &block = region.front();
  if (block.getNumArguments() == 0)
    return {};
  Type type = block.getArgument(0).getType();
  bool isInteger = type.isInteger(32) && element.isInteger(8);
  bool isFloat = isa<FloatType>(type) && isa<FloatType>(element);
  return isInteger || isFloat ? type : Type();
}

LogicalResult verifyMaps(AttentionOp op) {
  unsigned i = op.getQueryDim(), j = op.getKeyDim(), k = op.getDepthDim(),
           c = op.getColumnDim();
  SmallVector<MappedOperand> operands{
      {"query", op.getQueryMap(), op.getQuery(), {j, c}},
      {"key", op.getKeyMap(), op.getKey(), {i, c}},
      {"value", op.getValueMap(), op.getValue(), {i, k}},
      {"init", op.getInitMap(), op.getInit(), {j, k}}};
  for (auto [extra, map] : llvm::zip(op.getExtras(), op.getExtraMaps()))
    operands.push_back(
        {"extra operand", cast<AffineMapAttr>(map).getValue(), extra, {k, c}});
  for (const MappedOperand &mapped : operands)
    if (failed(verifyOperand(op, mapped)))
      return failure();
  return success();
}

} // namespace

LogicalResult AttentionOp::verify() {
  constexpr int64_t innerDims = 4; // i, j, k and c.
  int64_t numBatch = getNumBatch();
  if (numBatch < 0 || int64_t(getExtents().size()) != numBatch + innerDims)
    return emitOpError("(C1) extents must have num_batch + 4 entries");
  if (llvm::any_of(getExtents(), [](int64_t extent) { return extent <= 0; }))
    return emitOpError("(C1) extents must be positive");
  if (getExtraMaps().size() != getExtras().size())
    return emitOpError("(C1) needs a map for each extra operand");
  if (failed(verifyMaps(*this)))
    return failure();

  Type scoreSum = sumType(getScore(), getElementTypeOrSelf(getKey().getType()));
  Type sum = sumType(getEpilogue(), getElementTypeOrSelf(getValue().getType()));
  if (!scoreSum || !sum)
    return emitOpError("(C4) the first two regions must take a sum of floats, "
                       "or of i32 for bytes");
  Block &block = getScore().front();
  auto yield = dyn_cast_or_null<YieldOp>(
      block.mightHaveTerminator() ? block.getTerminator() : nullptr);
  if (!yield || !isa<FloatType>(yield.getValue().getType()))
    return emitOpError("(C4) the first region must yield a float");
  Type score = yield.getValue().getType();
  Type probability =
      isa<FloatType>(sum) ? score : getElementTypeOrSelf(getValue().getType());
  if (failed(verifyEpilogue(*this, "(C4)", getScore(), scoreSum, getExtras(),
                            score)) ||
      failed(verifyEpilogue(*this, "(C4)", getEpilogue(), sum, ValueRange(),
                            getElementTypeOrSelf(getInit().getType()))) ||
      failed(verifyRowBodies(*this, {"(C5)", "(C5)"}, getCombiners(),
                             getBodies(), /*firstRegion=*/2, score,
                             probability)))
    return failure();
  return verifyResults(*this, getInit());
}
