//===- ControlOps.cpp - Constants, parameters and control flow -----------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Inference.h"

#include "mlir/IR/DialectResourceBlobManager.h"
#include "mlir/IR/Matchers.h"
#include "mlir/IR/PatternMatch.h"

using namespace mlir;
using namespace edgec::edge;

//===----------------------------------------------------------------------===//
// ConstantOp, ParameterOp
//===----------------------------------------------------------------------===//

static LogicalResult inferFromValue(MaybeLocation location, ElementsAttr value,
                                    SmallVectorImpl<Type> &inferred) {
  auto type = dyn_cast<RankedTensorType>(value.getType());
  if (!type || !type.hasStaticShape())
    return emitOptionalError(location, "the value's type ", value.getType(),
                             " must be a tensor of static shape");
  return inferTensor(location, type.getShape(), type.getElementType(),
                     inferred);
}

/// (C1): a blob, where there is one, has as many bytes as the type needs, one
/// for a boolean.
static LogicalResult verifyBlobSize(Operation *op, ElementsAttr value) {
  auto resource = dyn_cast<DenseResourceElementsAttr>(value);
  if (!resource || !resource.getRawHandle().getBlob())
    return success();
  auto type = cast<RankedTensorType>(resource.getType());
  Type element = type.getElementType();
  if (!element.isIntOrFloat())
    return success();
  size_t expected = type.getNumElements() *
                    llvm::divideCeil(element.getIntOrFloatBitWidth(), 8);
  size_t size = resource.getRawHandle().getBlob()->getData().size();
  if (size == expected)
    return success();
  return op->emitOpError("resource '")
         << resource.getRawHandle().getKey() << "' has " << size
         << " bytes, but " << type << " needs " << expected;
}

LogicalResult
ConstantOp::inferReturnTypes(MLIRContext *context, MaybeLocation location,
                             ValueRange operands, DictionaryAttr attributes,
                             OpaqueProperties properties, RegionRange regions,
                             SmallVectorImpl<Type> &inferred) {
  Adaptor adaptor(operands, attributes, properties, regions);
  return inferFromValue(location, adaptor.getValue(), inferred);
}

LogicalResult ConstantOp::verify() { return verifyBlobSize(*this, getValue()); }

OpFoldResult ConstantOp::fold(FoldAdaptor adaptor) { return getValue(); }

LogicalResult
ParameterOp::inferReturnTypes(MLIRContext *context, MaybeLocation location,
                              ValueRange operands, DictionaryAttr attributes,
                              OpaqueProperties properties, RegionRange regions,
                              SmallVectorImpl<Type> &inferred) {
  Adaptor adaptor(operands, attributes, properties, regions);
  return inferFromValue(location, adaptor.getValue(), inferred);
}

LogicalResult ParameterOp::verify() {
  return verifyBlobSize(*this, getValue());
}

//===----------------------------------------------------------------------===//
// YieldOp
//===----------------------------------------------------------------------===//

MutableOperandRange YieldOp::getMutableSuccessorOperands(RegionBranchPoint) {
  auto loop = dyn_cast<LoopOp>((*this)->getParentOp());
  if (!loop)
    return getOperandsMutable();
  // Neither the condition nor the scan slices are handed on as they are. The
  // loop may not have been verified yet, hence the bounds.
  unsigned count = getOperands().size();
  unsigned first = std::min(1u, count);
  unsigned carried =
      std::min<unsigned>(loop.getCarried().size(), count - first);
  return MutableOperandRange(*this, first, carried);
}

//===----------------------------------------------------------------------===//
// IfOp
//===----------------------------------------------------------------------===//

LogicalResult IfOp::verify() { // (C1)
  auto type = cast<RankedTensorType>(getCondition().getType());
  auto count = countElements(type.getShape());
  if (!type.hasStaticShape() || count == 1)
    return success();
  return emitOpError("condition of shape ")
         << formatShape(type.getShape()) << " must hold one element";
}

void IfOp::getSuccessorRegions(RegionBranchPoint point,
                               SmallVectorImpl<RegionSuccessor> &regions) {
  if (!point.isParent()) {
    regions.push_back(RegionSuccessor(getResults()));
    return;
  }
  regions.push_back(RegionSuccessor(&getThenRegion()));
  regions.push_back(RegionSuccessor(&getElseRegion()));
}

namespace {
/// A condition that is known selects its region at compile time.
struct InlineTakenRegion : OpRewritePattern<IfOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(IfOp op,
                                PatternRewriter &rewriter) const override {
    DenseElementsAttr condition;
    if (!matchPattern(op.getCondition(), m_Constant(&condition)) ||
        !condition.isSplat())
      return rewriter.notifyMatchFailure(op, "condition is not known");
    Region &taken = condition.getSplatValue<bool>() ? op.getThenRegion()
                                                    : op.getElseRegion();
    Operation *yield = taken.front().getTerminator();
    SmallVector<Value> results(yield->getOperands());
    rewriter.inlineBlockBefore(&taken.front(), op);
    rewriter.replaceOp(op, results);
    rewriter.eraseOp(yield);
    return success();
  }
};
} // namespace

void IfOp::getCanonicalizationPatterns(RewritePatternSet &patterns,
                                       MLIRContext *context) {
  patterns.add<InlineTakenRegion>(context);
}

//===----------------------------------------------------------------------===//
// LoopOp
//===----------------------------------------------------------------------===//

static bool isScalar(Type type, unsigned width) {
  auto tensor = dyn_cast<RankedTensorType>(type);
  return tensor && tensor.getRank() == 0 &&
         tensor.getElementType().isSignlessInteger(width);
}

LogicalResult LoopOp::verify() {
  if (cast<RankedTensorType>(getTripCount().getType()).getRank() != 0 ||
      cast<RankedTensorType>(getCondition().getType()).getRank() != 0) // (C1)
    return emitOpError("trip count of shape ")
           << formatShape(getTripCount()) << " and condition of shape "
           << formatShape(getCondition()) << " must be scalars";
  size_t carried = getCarried().size();
  Block &body = getBody().front();
  if (body.getNumArguments() != 1 + carried ||
      !isScalar(body.getArgument(0).getType(), 64) ||
      !llvm::equal(TypeRange(body.getArgumentTypes()).drop_front(),
                   getCarried().getTypes())) // (C2)
    return emitOpError("body takes (")
           << body.getArgumentTypes()
           << ") and must take the iteration number, tensor<i64>, and the "
              "carried values ("
           << getCarried().getTypes() << ")";
  if (getNumResults() < carried ||
      !llvm::equal(TypeRange(getResultTypes()).take_front(carried),
                   getCarried().getTypes())) // (C4)
    return emitOpError("results (")
           << getResultTypes() << ") must begin with the carried values ("
           << getCarried().getTypes() << ")";
  return success();
}

/// (C4): the result that stacks slices of type `slice`.
static LogicalResult verifyScan(LoopOp op, Type slice, Type result) {
  auto sliceType = cast<RankedTensorType>(slice);
  auto resultType = cast<RankedTensorType>(result);
  if (resultType.getElementType() == sliceType.getElementType() &&
      resultType.getRank() == sliceType.getRank() + 1 &&
      resultType.getShape().drop_front() == sliceType.getShape())
    return success();
  return op.emitOpError("scan result ")
         << resultType << " must stack slices of type " << sliceType
         << " along a new first dimension";
}

LogicalResult LoopOp::verifyRegions() {
  auto yield = dyn_cast<YieldOp>(getBody().front().getTerminator());
  if (!yield)
    return emitOpError("body must end in edge.yield");
  size_t carried = getCarried().size();
  TypeRange yielded = yield.getOperandTypes();
  if (yielded.size() != 1 + getNumResults() || !isScalar(yielded[0], 1) ||
      !llvm::equal(yielded.slice(1, carried), getCarried().getTypes())) // (C3)
    return emitOpError("body yields (")
           << yielded
           << ") and must yield whether to go on, tensor<i1>, the carried "
              "values ("
           << getCarried().getTypes() << ") and a slice of each of the "
           << getNumResults() - carried << " scan results";
  for (auto [slice, result] :
       llvm::zip(yielded.drop_front(1 + carried),
                 TypeRange(getResultTypes()).drop_front(carried)))
    if (failed(verifyScan(*this, slice, result)))
      return failure();
  return success();
}

OperandRange LoopOp::getEntrySuccessorOperands(RegionBranchPoint) {
  return getCarried();
}

void LoopOp::getSuccessorRegions(RegionBranchPoint,
                                 SmallVectorImpl<RegionSuccessor> &regions) {
  // Another iteration, or out: scan results are stacked, not handed on.
  regions.push_back(RegionSuccessor(
      &getBody(), getBody().front().getArguments().drop_front()));
  regions.push_back(
      RegionSuccessor(getResults().take_front(getCarried().size())));
}
