//===- Faults.cpp - Faults that are planted to be found -------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "edgec/Random/Faults.h"
#include "edgec/Dialect/Kernel/KernelDialect.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/IR/Matchers.h"
#include "mlir/IR/PatternMatch.h"
#include "mlir/IR/TypeUtilities.h"
#include "llvm/ADT/STLExtras.h"

using namespace edgec;
using namespace mlir;

namespace {

template <typename Op> std::vector<Op> collect(ModuleOp module) {
  std::vector<Op> found;
  module.walk([&](Op op) { found.push_back(op); });
  return found;
}

/// A strict comparison of floats becomes one that equality passes, and the
/// other way round.
void flipComparisons(ModuleOp module) {
  for (auto op : collect<arith::CmpFOp>(module)) {
    switch (op.getPredicate()) {
    case arith::CmpFPredicate::OLT:
      op.setPredicate(arith::CmpFPredicate::OLE);
      break;
    case arith::CmpFPredicate::OGT:
      op.setPredicate(arith::CmpFPredicate::OGE);
      break;
    case arith::CmpFPredicate::OLE:
      op.setPredicate(arith::CmpFPredicate::OLT);
      break;
    case arith::CmpFPredicate::OGE:
      op.setPredicate(arith::CmpFPredicate::OGT);
      break;
    default:
      break;
    }
  }
}

void swapSubtraction(ModuleOp module) {
  for (auto op : collect<arith::SubFOp>(module)) {
    Value lhs = op.getLhs();
    op.getLhsMutable().assign(op.getRhs());
    op.getRhsMutable().assign(lhs);
  }
}

/// Sums are stored without bias, activation or requantization, where that
/// leaves the types right.
void dropEpilogues(ModuleOp module) {
  for (auto op : collect<kernel::ContractOp>(module)) {
    Block &block = op.getEpilogue().front();
    Operation *yield = block.getTerminator();
    Value sum = block.getArgument(0);
    if (yield->getOperand(0).getType() == sum.getType())
      yield->setOperand(0, sum);
  }
}

void confuseSigns(ModuleOp module) {
  for (auto op : collect<kernel::ContractOp>(module))
    if (getElementTypeOrSelf(op.getA().getType()).isInteger(8))
      op.setAUnsigned(!op.getAUnsigned());
}

/// Rounds down instead of to the nearest: where that is an operation, and where
/// it comes of the sum with a number so large that no fraction is left.
void roundDown(ModuleOp module) {
  IRRewriter rewriter(module.getContext());
  for (auto op : collect<math::RoundEvenOp>(module)) {
    rewriter.setInsertionPoint(op);
    rewriter.replaceOpWithNewOp<math::FloorOp>(op, op.getOperand());
  }
  const APFloat shift(0x1.8p23f);
  for (auto op : collect<arith::AddFOp>(module)) {
    APFloat addend(0.0f);
    if (!matchPattern(op.getRhs(), m_ConstantFloat(&addend)) ||
        !addend.bitwiseIsEqual(shift))
      continue;
    rewriter.setInsertionPoint(op);
    op.getLhsMutable().assign(
        rewriter.create<math::FloorOp>(op.getLoc(), op.getLhs()));
  }
}

/// Values wrap around instead of stopping at a bound.
void dropSaturation(ModuleOp module) {
  for (auto op : collect<arith::SelectOp>(module)) {
    auto below = op.getCondition().getDefiningOp<arith::CmpFOp>();
    if (below && below.getPredicate() == arith::CmpFPredicate::OLT &&
        below.getLhs() == op.getTrueValue() &&
        below.getRhs() == op.getFalseValue())
      op.getResult().replaceAllUsesWith(op.getTrueValue());
  }
  for (auto op : collect<arith::MinimumFOp>(module))
    op.getResult().replaceAllUsesWith(op.getLhs());
  for (auto op : collect<arith::MinNumFOp>(module))
    op.getResult().replaceAllUsesWith(op.getLhs());
  for (auto op : collect<arith::MinSIOp>(module))
    op.getResult().replaceAllUsesWith(op.getLhs());
}

void confuseExtension(ModuleOp module) {
  IRRewriter rewriter(module.getContext());
  for (auto op : collect<arith::ExtSIOp>(module)) {
    if (!getElementTypeOrSelf(op.getIn().getType()).isInteger(8))
      continue;
    rewriter.setInsertionPoint(op);
    rewriter.replaceOpWithNewOp<arith::ExtUIOp>(op, op.getType(), op.getIn());
  }
}

/// The last iteration of each loop that has several is left out.
void shortenLoops(ModuleOp module) {
  for (auto op : collect<scf::ForOp>(module)) {
    auto bound = op.getUpperBound().getDefiningOp<arith::ConstantIndexOp>();
    auto step = op.getStep().getDefiningOp<arith::ConstantIndexOp>();
    if (!bound || !step || bound.value() <= step.value())
      continue;
    OpBuilder builder(op);
    op.setUpperBound(builder.create<arith::ConstantIndexOp>(
        op.getLoc(), bound.value() - step.value()));
  }
}

/// Borders are filled with one instead of what pads.
void fillWithOnes(ModuleOp module) {
  for (auto op : collect<linalg::FillOp>(module)) {
    OpBuilder builder(op);
    Type type = op.getInputs().front().getType();
    if (!type.isF32())
      continue;
    Value one = builder.create<arith::ConstantOp>(
        op.getLoc(), builder.getF32FloatAttr(1.0f));
    op->setOperand(0, one);
  }
}

/// An operand of an elementwise operation is repeated along its last dimension.
void confuseMaps(ModuleOp module) {
  for (auto op : collect<linalg::GenericOp>(module)) {
    SmallVector<AffineMap> maps = op.getIndexingMapsArray();
    if (op.getNumReductionLoops() != 0 || op.getInputs().empty() ||
        maps[0].getNumResults() == 0)
      continue;
    SmallVector<AffineExpr> results(maps[0].getResults());
    results.back() = getAffineConstantExpr(0, op.getContext());
    maps[0] = AffineMap::get(maps[0].getNumDims(), 0, results, op.getContext());
    op.setIndexingMapsAttr(OpBuilder(op).getAffineMapArrayAttr(maps));
  }
}

void maximumForSum(ModuleOp module) {
  for (auto op : collect<kernel::RowwiseOp>(module)) {
    OpBuilder builder(op);
    SmallVector<StringRef> combiners;
    for (auto combiner : op.getCombiners().getAsRange<StringAttr>())
      combiners.push_back(combiner.getValue() == "add" ? "max" : "add");
    op.setCombinersAttr(builder.getStrArrayAttr(combiners));
  }
}

constexpr PlantedFault faults[] = {
    {"flip-comparison", "`<` and `<=` of floats are exchanged", Phase::Kernel,
     flipComparisons},
    {"swap-subtraction", "x - y becomes y - x", Phase::Kernel, swapSubtraction},
    {"drop-epilogue", "contractions store bare sums", Phase::Kernel,
     dropEpilogues},
    {"confuse-signs", "bytes of i8 are multiplied as ui8", Phase::Kernel,
     confuseSigns},
    {"round-down", "quantization rounds down", Phase::Kernel, roundDown},
    {"drop-saturation", "values wrap around at their upper bound",
     Phase::Kernel, dropSaturation},
    {"confuse-extension", "i8 is widened as ui8", Phase::Kernel,
     confuseExtension},
    {"confuse-maps", "operands of a map are repeated along a dimension",
     Phase::Kernel, confuseMaps},
    {"wrong-combiner",
     "rows are reduced by max instead of add, and the other "
     "way round",
     Phase::Kernel, maximumForSum},
    {"fill-ones", "borders are filled with ones", Phase::Plan, fillWithOnes},
    {"shorten-loop", "loops leave their last iteration out", Phase::Vectorize,
     shortenLoops},
};

} // namespace

llvm::ArrayRef<PlantedFault> edgec::plantedFaults() { return faults; }

const PlantedFault *edgec::findPlantedFault(llvm::StringRef name) {
  const auto *found = llvm::find_if(
      faults, [&](const PlantedFault &fault) { return fault.name == name; });
  return found == std::end(faults) ? nullptr : found;
}
