//===- KernelFuseEpilogue.cpp - Elementwise consumers into epilogues ------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "edgec/Conversion/Passes.h"

#include "Fusion/Fusion.h"
#include "edgec/Dialect/Kernel/KernelDialect.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Linalg/Transforms/Transforms.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/IR/Matchers.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

namespace edgec {
#define GEN_PASS_DEF_KERNELFUSEEPILOGUE
#include "edgec/Conversion/Passes.h.inc"
} // namespace edgec

using namespace mlir;
using namespace edgec;

namespace {

//===----------------------------------------------------------------------===//
// What differs between the kernels
//===----------------------------------------------------------------------===//

/// The map from the kernel's dimensions to an element of its result.
AffineMap resultMap(kernel::ContractOp op) { return op.getCMap(); }
AffineMap resultMap(kernel::DepthwiseOp op) {
  int64_t rank = cast<ShapedType>(op.getInit().getType()).getRank();
  return AffineMap::getMultiDimIdentityMap(rank, op.getContext());
}

/// Whether the kernel computes all elements of its result. Those that it does
/// not come from elsewhere and have not been through its epilogue.
bool computesResult(kernel::ContractOp op) { return op.coversInit(); }
bool computesResult(kernel::DepthwiseOp) { return true; }

/// Whether the kernel can store through `map` instead.
bool canStoreThrough(kernel::ContractOp op, AffineMap map) {
  return map.getResults().back().isFunctionOfDim(op.getColumnDim());
}
bool canStoreThrough(kernel::DepthwiseOp op, AffineMap map) {
  return map.isIdentity();
}

void setResultMap(kernel::ContractOp op, AffineMap map) { op.setCMap(map); }
void setResultMap(kernel::DepthwiseOp, AffineMap) {}

//===----------------------------------------------------------------------===//
// The pattern
//===----------------------------------------------------------------------===//

/// The body computes one element from its arguments alone, lane by lane.
bool isScalarBody(Block &body) {
  return llvm::all_of(body.without_terminator(), [](Operation &op) {
    return isa<arith::ArithDialect, math::MathDialect>(op.getDialect()) &&
           op.getNumRegions() == 0;
  });
}

/// The elementwise operation that alone reads `value`, needs no tensor beside
/// it but constants, and has one result.
linalg::GenericOp constantConsumer(Value value) {
  if (!value.hasOneUse())
    return {};
  OpOperand &use = *value.getUses().begin();
  auto generic = dyn_cast<linalg::GenericOp>(use.getOwner());
  if (!generic || generic->getNumResults() != 1 || !generic.isDpsInput(&use) ||
      generic.getNumLoops() != generic.getNumParallelLoops())
    return {};
  for (OpOperand *input : generic.getDpsInputOperands())
    if (input != &use && !matchPattern(input->get(), m_Constant()))
      return {};
  return generic;
}

/// Whether consumers of `value` alone turn it into elements of 8 bits.
bool becomesNarrow(Value value) {
  while (linalg::GenericOp generic = constantConsumer(value)) {
    value = generic.getResult(0);
    if (getElementTypeOrSelf(value.getType()).isInteger(8))
      return true;
  }
  return false;
}

} // namespace

OpOperand *edgec::findElementwiseReader(Operation *op,
                                        PatternRewriter &rewriter) {
  auto refuse = [&](const char *reason) -> OpOperand * {
    (void)rewriter.notifyMatchFailure(op, reason);
    return nullptr;
  };
  if (op->getNumResults() != 1 || !op->hasOneUse())
    return refuse("its result has several readers");
  OpOperand *use = &*op->getUses().begin();
  auto generic = dyn_cast<linalg::GenericOp>(use->getOwner());
  if (!generic || generic.getNumLoops() != generic.getNumParallelLoops() ||
      generic->getNumResults() != 1 || !generic.isDpsInput(use))
    return refuse("its reader is not elementwise");
  // The fused kernel stands where the reader is, where all operands are.
  if (op->getBlock() != generic->getBlock())
    return refuse("its reader may run more often");
  Block &body = *generic.getBody();
  if (!isScalarBody(body) || !body.getArguments().back().use_empty())
    return refuse("its reader's body is no scalar "
                  "function of its inputs");
  AffineMap read = generic.getMatchingIndexingMap(use);
  AffineMap write = generic.getIndexingMapsArray().back();
  if (!read.isPermutation() || !write.isIdentity())
    return refuse("its reader repeats elements");
  return use;
}

namespace {

template <typename KernelOp> struct FuseConsumer : OpRewritePattern<KernelOp> {
  FuseConsumer(MLIRContext *context, bool narrowingOnly)
      : OpRewritePattern<KernelOp>(context), narrowingOnly(narrowingOnly) {}

  LogicalResult matchAndRewrite(KernelOp op,
                                PatternRewriter &rewriter) const override {
    OpOperand *reader = findElementwiseReader(op, rewriter);
    if (!reader)
      return failure();
    if (narrowingOnly && !becomesNarrow(op->getResult(0)))
      return rewriter.notifyMatchFailure(op, "it is not quantized next");
    if (!computesResult(op))
      return rewriter.notifyMatchFailure(op,
                                         "it computes a part of its result");
    OpOperand &use = *reader;
    auto generic = cast<linalg::GenericOp>(use.getOwner());
    AffineMap read = generic.getMatchingIndexingMap(&use);

    // Loops of the reader, each as an expression of the kernel's dimensions.
    AffineMap store = inversePermutation(read).compose(resultMap(op));
    if (!canStoreThrough(op, store))
      return rewriter.notifyMatchFailure(op, "columns would not stay last");
    fuse(rewriter, op, generic, use, store);
    return success();
  }

private:
  static void fuse(PatternRewriter &rewriter, KernelOp op,
                   linalg::GenericOp generic, OpOperand &use, AffineMap store) {
    OpBuilder::InsertionGuard guard(rewriter);
    rewriter.setInsertionPoint(generic);
    Location loc = rewriter.getFusedLoc({op.getLoc(), generic.getLoc()});
    SmallVector<Value> extras(op.getExtras());
    SmallVector<Attribute> maps(op.getExtraMaps().begin(),
                                op.getExtraMaps().end());
    SmallVector<size_t> extraOfInput =
        addExtras(generic, use, store, extras, maps);

    // Both kernels have two operands, the extras and the destination.
    auto type = cast<RankedTensorType>(generic.getResult(0).getType());
    Value init = rewriter.create<tensor::EmptyOp>(loc, type.getShape(),
                                                  type.getElementType());
    SmallVector<Value> operands{op->getOperand(0), op->getOperand(1)};
    llvm::append_range(operands, extras);
    operands.push_back(init);
    OperationState state(loc, KernelOp::getOperationName(), operands, {type},
                         op->getAttrs());
    state.addRegion();
    auto fused = cast<KernelOp>(rewriter.create(state));
    fused.setExtraMapsAttr(rewriter.getArrayAttr(maps));
    setResultMap(fused, store);
    buildEpilogue(rewriter, op, fused, generic, use, extraOfInput);
    rewriter.replaceOp(generic, fused->getResults());
    rewriter.eraseOp(op);
  }

  /// Appends the generic's other inputs, unless they are there already. Returns
  /// for each input which extra it is.
  static SmallVector<size_t> addExtras(linalg::GenericOp generic,
                                       OpOperand &use, AffineMap store,
                                       SmallVectorImpl<Value> &extras,
                                       SmallVectorImpl<Attribute> &maps) {
    SmallVector<size_t> extraOfInput;
    for (OpOperand *input : generic.getDpsInputOperands()) {
      extraOfInput.push_back(extras.size());
      if (input == &use)
        continue;
      AffineMap map = generic.getMatchingIndexingMap(input).compose(store);
      auto attribute = AffineMapAttr::get(map);
      for (size_t i = 0; i < extras.size(); ++i)
        if (extras[i] == input->get() && maps[i] == attribute)
          extraOfInput.back() = i;
      if (extraOfInput.back() != extras.size())
        continue;
      extras.push_back(input->get());
      maps.push_back(attribute);
    }
    return extraOfInput;
  }

  /// The kernel's epilogue with the generic's body in place of its yield.
  static void buildEpilogue(PatternRewriter &rewriter, KernelOp op,
                            KernelOp fused, linalg::GenericOp generic,
                            OpOperand &use, ArrayRef<size_t> extraOfInput) {
    Block &old = op.getEpilogue().front();
    Block *block = rewriter.createBlock(&fused.getEpilogue());
    IRMapping mapping;
    for (BlockArgument argument : old.getArguments())
      mapping.map(argument,
                  block->addArgument(argument.getType(), argument.getLoc()));
    for (Value extra : fused.getExtras().drop_front(op.getExtras().size()))
      block->addArgument(getElementTypeOrSelf(extra.getType()), op.getLoc());
    for (Operation &inner : old.without_terminator())
      rewriter.clone(inner, mapping);

    Block &body = *generic.getBody();
    Value stored = mapping.lookupOrDefault(old.getTerminator()->getOperand(0));
    for (auto [i, argument] :
         llvm::enumerate(body.getArguments().drop_back())) {
      bool isKernel = i == use.getOperandNumber();
      mapping.map(argument,
                  isKernel ? stored
                           : Value(block->getArgument(1 + extraOfInput[i])));
    }
    for (Operation &inner : body.without_terminator())
      rewriter.clone(inner, mapping);
    Value result = mapping.lookupOrDefault(body.getTerminator()->getOperand(0));
    rewriter.create<kernel::YieldOp>(generic.getLoc(), result);
  }

  bool narrowingOnly;
};

struct KernelFuseEpiloguePass
    : edgec::impl::KernelFuseEpilogueBase<KernelFuseEpiloguePass> {
  using KernelFuseEpilogueBase::KernelFuseEpilogueBase;

  LogicalResult initialize(MLIRContext *context) override {
    RewritePatternSet set(context);
    set.add<FuseConsumer<kernel::ContractOp>,
            FuseConsumer<kernel::DepthwiseOp>>(context, narrowingOnly);
    if (!narrowingOnly)
      populateFuseRowwisePatterns(set);
    patterns = std::move(set);
    // Scales and zero points become constants of the loops that read them.
    RewritePatternSet scalars(context);
    linalg::populateElementwiseOpsFusionPatterns(
        scalars, [](OpOperand *) { return false; });
    scalarPatterns = std::move(scalars);
    return success();
  }

  void runOnOperation() override {
    if (narrowingOnly &&
        failed(applyPatternsAndFoldGreedily(getOperation(), scalarPatterns)))
      return signalPassFailure();
    if (failed(applyPatternsAndFoldGreedily(getOperation(), patterns)))
      return signalPassFailure();
    sinkScalarConstants(getOperation());
  }

  FrozenRewritePatternSet patterns, scalarPatterns;
};

} // namespace
