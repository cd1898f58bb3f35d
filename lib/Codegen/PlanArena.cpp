//===- PlanArena.cpp - Allocations as offsets in one arena ---------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "edgec/Codegen/ArenaLayout.h"
#include "edgec/Codegen/Passes.h"

#include "mlir/Dialect/Bufferization/Transforms/BufferViewFlowAnalysis.h"

namespace edgec {
#define GEN_PASS_DEF_PLANARENA
#include "edgec/Codegen/Passes.h.inc"
} // namespace edgec

using namespace mlir;
using namespace edgec;

namespace {

uint64_t byteSize(MemRefType type) {
  return type.getNumElements() * elementBytes(type.getElementType());
}

/// Steps of the entry block, from the first use of the buffer or of a view of
/// it to the last.
BufferLifetime findLifetime(memref::AllocOp alloc, Block &entry,
                            const DenseMap<Operation *, int64_t> &steps,
                            BufferViewFlowAnalysis &aliases) {
  BufferLifetime lifetime;
  lifetime.size = byteSize(alloc.getType());
  lifetime.first = std::numeric_limits<int64_t>::max();
  lifetime.last = -1;
  for (Value alias : aliases.resolve(alloc))
    for (Operation *user : alias.getUsers()) {
      // Making a view touches no memory.
      if (isa<ViewLikeOpInterface>(user) && user->getBlock() == &entry)
        continue;
      int64_t step = steps.lookup(entry.findAncestorOpInBlock(*user));
      lifetime.first = std::min(lifetime.first, step);
      lifetime.last = std::max(lifetime.last, step);
    }
  if (lifetime.last < 0)
    lifetime.first = lifetime.last = 0;
  return lifetime;
}

/// Bytes of the borders that fills make in the buffer, which a tensor without
/// padding would not have.
uint64_t borderBytes(memref::AllocOp alloc, BufferViewFlowAnalysis &aliases) {
  uint64_t elements = 0;
  for (Value alias : aliases.resolve(alloc))
    for (Operation *user : alias.getUsers()) {
      auto interior = user->getAttrOfType<DenseI64ArrayAttr>(fillInteriorAttr);
      if (!interior)
        continue;
      int64_t inside = 1;
      for (int64_t extent :
           interior.asArrayRef().take_back(interior.size() / 2))
        inside *= extent;
      elements += cast<MemRefType>(alias.getType()).getNumElements() - inside;
    }
  return elements * elementBytes(alloc.getType().getElementType());
}

struct Plan : ArenaLayout {
  uint64_t logicalBound; ///< Of `lowerBound`, without borders and alignment.
};

struct PlanArenaPass : edgec::impl::PlanArenaBase<PlanArenaPass> {
  void runOnOperation() override {
    for (auto function : getOperation().getOps<func::FuncOp>())
      if (!function.isExternal() && function.isPublic() &&
          failed(planFunction(function)))
        return signalPassFailure();
  }

  LogicalResult planFunction(func::FuncOp function) {
    Block &entry = function.front();
    SmallVector<memref::AllocOp> allocs;
    WalkResult walk = function.walk([&](memref::AllocOp alloc) {
      if (!alloc.getType().hasStaticShape() ||
          !alloc.getType().getLayout().isIdentity()) {
        alloc.emitOpError("must have a static shape to be placed in the arena");
        return WalkResult::interrupt();
      }
      allocs.push_back(alloc);
      return WalkResult::advance();
    });
    if (walk.wasInterrupted())
      return failure();

    Plan layout = layOut(function, allocs);
    OpBuilder builder(function.getContext());
    function->setAttr(arenaSizeAttr, builder.getI64IntegerAttr(layout.size));
    function->setAttr(arenaLowerBoundAttr,
                      builder.getI64IntegerAttr(layout.lowerBound));
    function->setAttr(arenaLogicalBoundAttr,
                      builder.getI64IntegerAttr(layout.logicalBound));
    Location loc = function.getLoc();
    auto arenaType = MemRefType::get({static_cast<int64_t>(layout.size)},
                                     builder.getI8Type());
    Value arena = entry.addArgument(arenaType, loc);
    entry.addArgument(LLVM::LLVMPointerType::get(&getContext()), loc);
    for (auto [alloc, offset] : llvm::zip(allocs, layout.offsets)) {
      builder.setInsertionPointToStart(&entry);
      Value shift =
          builder.create<arith::ConstantIndexOp>(alloc.getLoc(), offset);
      Value view = builder.create<memref::ViewOp>(
          alloc.getLoc(), alloc.getType(), arena, shift, ValueRange());
      alloc.getResult().replaceAllUsesWith(view);
      alloc.erase();
    }
    rename(function);
    return success();
  }

  Plan layOut(func::FuncOp function, ArrayRef<memref::AllocOp> allocs) {
    DenseMap<Operation *, int64_t> steps;
    for (Operation &op : function.front())
      steps[&op] = steps.size();
    BufferViewFlowAnalysis aliases(function);
    std::vector<BufferLifetime> lifetimes, logical;
    for (memref::AllocOp alloc : allocs) {
      lifetimes.push_back(
          findLifetime(alloc, function.front(), steps, aliases));
      logical.push_back(lifetimes.back());
      logical.back().size -= borderBytes(alloc, aliases);
    }
    return {planOffsets(lifetimes, bufferAlignment),
            peakUse(logical, /*alignment=*/1)};
  }

  void rename(func::FuncOp function) {
    function.removeArgAttrsAttr();
    function.setType(FunctionType::get(&getContext(),
                                       function.front().getArgumentTypes(),
                                       function.getResultTypes()));
    function.setSymName((entryPrefix + function.getSymName()).str());
  }
};

} // namespace
