//===- CallObservers.cpp - Observation points as calls
//---------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "edgec/Codegen/Passes.h"
#include "edgec/Target/ModelSpec.h"

#include "mlir/IR/ImplicitLocOpBuilder.h"
#include "mlir/Interfaces/ViewLikeInterface.h"

namespace edgec {
#define GEN_PASS_DEF_CALLOBSERVERS
#include "edgec/Codegen/Passes.h.inc"
} // namespace edgec

using namespace mlir;
using namespace edgec;

namespace {

/// Calls the hook with one buffer.
class ObserverCall {
public:
  ObserverCall(kernel::ObserveOp op, Value context)
      : b(op.getLoc(), op), op(op), context(context),
        type(cast<MemRefType>(op.getInput().getType())) {}

  void emit() {
    auto metadata = b.create<memref::ExtractStridedMetadataOp>(op.getInput());
    Value aligned = startOfBuffer();
    int64_t contiguous = contiguousDims();
    int64_t outer = type.getRank() - contiguous;
    int64_t count = 1;
    for (int64_t extent : type.getShape().take_back(contiguous))
      count *= extent;
    Value position = metadata.getOffset();
    for (int64_t dim = 0; dim < outer; ++dim)
      position =
          enterLoop(type.getDimSize(dim), metadata.getStrides()[dim], position);
    call(aligned, position, count);
    op.erase();
  }

private:
  /// The address from which the offset counts. A view of bytes has its own: the
  /// pattern that expands the extraction takes that of what is viewed.
  Value startOfBuffer() {
    Value buffer = op.getInput();
    SmallVector<Value> shifts;
    while (auto view = buffer.getDefiningOp<ViewLikeOpInterface>()) {
      if (auto bytes = dyn_cast<memref::ViewOp>(*view))
        shifts.push_back(bytes.getByteShift());
      buffer = view.getViewSource();
    }
    Value address = b.create<memref::ExtractAlignedPointerAsIndexOp>(buffer);
    for (Value shift : shifts)
      address = b.create<arith::AddIOp>(address, shift);
    return address;
  }

  /// How many of the last dimensions lie together in memory.
  int64_t contiguousDims() const {
    auto [strides, offset] = getStridesAndOffset(type);
    int64_t expected = 1, dims = 0;
    for (auto [extent, stride] :
         llvm::zip(llvm::reverse(type.getShape()), llvm::reverse(strides))) {
      if (extent != 1 && stride != expected)
        break;
      expected *= extent;
      ++dims;
    }
    return dims;
  }

  /// Opens a loop and returns the position in it.
  Value enterLoop(int64_t extent, Value stride, Value position) {
    Value zero = b.create<arith::ConstantIndexOp>(0);
    Value one = b.create<arith::ConstantIndexOp>(1);
    Value end = b.create<arith::ConstantIndexOp>(extent);
    auto loop = b.create<scf::ForOp>(zero, end, one);
    b.setInsertionPointToStart(loop.getBody());
    Value step = b.create<arith::MulIOp>(loop.getInductionVar(), stride);
    return b.create<arith::AddIOp>(position, step);
  }

  void call(Value aligned, Value position, int64_t count) {
    Value size =
        b.create<arith::ConstantIndexOp>(elementBytes(type.getElementType()));
    Value bytes = b.create<arith::MulIOp>(position, size);
    Value address = b.create<arith::IndexCastOp>(
        b.getI64Type(), b.create<arith::AddIOp>(aligned, bytes));
    auto pointer = LLVM::LLVMPointerType::get(b.getContext());
    Value elements = b.create<LLVM::IntToPtrOp>(pointer, address);
    Value point = b.create<arith::ConstantIntOp>(op.getPoint(), 64);
    Value number = b.create<arith::ConstantIntOp>(count, 64);
    b.create<func::CallOp>(observeSymbol, TypeRange(),
                           ValueRange{context, point, elements, number});
  }

  ImplicitLocOpBuilder b;
  kernel::ObserveOp op;
  Value context;
  MemRefType type;
};

void declareHook(ModuleOp module) {
  if (module.lookupSymbol(observeSymbol))
    return;
  OpBuilder builder = OpBuilder::atBlockEnd(module.getBody());
  Type pointer = LLVM::LLVMPointerType::get(module.getContext());
  Type i64 = builder.getI64Type();
  auto type = builder.getFunctionType({pointer, i64, pointer, i64}, {});
  builder.create<func::FuncOp>(module.getLoc(), observeSymbol, type)
      .setPrivate();
}

struct CallObserversPass : edgec::impl::CallObserversBase<CallObserversPass> {
  void runOnOperation() override {
    SmallVector<kernel::ObserveOp> points;
    getOperation().walk([&](kernel::ObserveOp op) { points.push_back(op); });
    for (kernel::ObserveOp op : points) {
      auto function = op->getParentOfType<func::FuncOp>();
      if (function.getNumArguments() == 0 ||
          !isa<LLVM::LLVMPointerType>(function.getArgumentTypes().back())) {
        op.emitOpError("is in a function without a context: it has to be "
                       "planned first");
        return signalPassFailure();
      }
      if (cast<MemRefType>(op.getInput().getType()).getNumElements() == 0) {
        op.erase();
        continue;
      }
      declareHook(getOperation());
      ObserverCall(op, function.getArguments().back()).emit();
    }
  }
};

} // namespace
