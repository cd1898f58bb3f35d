//===- PeakLoop.cpp - A loop that only multiplies and adds ---------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "edgec/Codegen/PeakLoop.h"

#include "DotProduct.h"
#include "Loops.h"
#include "edgec/Codegen/Passes.h"

using namespace mlir;
using namespace edgec;

namespace {

/// Iterations of one run: some tens of microseconds, so that a run fits between
/// two interruptions.
constexpr int64_t iterations = 10000;
/// As many elements along k as let the code generator choose its best row.
constexpr int64_t manyNeighbours = 1024;

class PeakLoopBuilder {
public:
  PeakLoopBuilder(MLIRContext *context, const TargetDescription &target,
                  Arithmetic arithmetic)
      : builder(context), loc(builder.getUnknownLoc()), target(target),
        arithmetic(arithmetic), lanes(target.lanes(32)) {
    if (arithmetic == Arithmetic::Int8)
      row = chooseDotRow(target, /*aUnsigned=*/target.isX86(),
                         /*bUnsigned=*/false, /*extent=*/manyNeighbours);
  }

  PeakLoop build();

private:
  Type elementType() {
    return arithmetic == Arithmetic::F32 ? Type(builder.getF32Type())
                                         : Type(builder.getI32Type());
  }
  VectorType vectorType() { return VectorType::get({lanes}, elementType()); }
  /// Beside the sums there are both operands, of up to two registers each, and
  /// a product.
  int64_t numSums() const { return target.registerCount - 6; }
  /// Products that a step adds to each lane.
  int64_t depth() const { return row ? row->depth() : 1; }

  void emitBody(func::FuncOp function);
  DotEmitter dotEmitter() {
    return {builder, loc, *row, lanes, target.isX86(), /*bUnsigned=*/false};
  }
  Value load(Value memory, int64_t vector);
  SmallVector<Value> operand(Value loaded);
  SmallVector<Value> emitStep(ValueRange sums, SmallVector<Value> &a,
                              ValueRange b);
  Value multiplyAdd(ValueRange a, ValueRange b, Value sum);
  Value hide(Value value);

  OpBuilder builder;
  Location loc;
  const TargetDescription &target;
  Arithmetic arithmetic;
  int64_t lanes;
  std::optional<DotRow> row;
};

} // namespace

PeakLoop PeakLoopBuilder::build() {
  PeakLoop loop;
  loop.module = ModuleOp::create(loc);
  loop.spec.name = ("edgec_peak_" + name(arithmetic)).str();
  EntryPointSpec &entry = loop.spec.entryPoints.emplace_back();
  ElementType element =
      arithmetic == Arithmetic::F32 ? ElementType::F32 : ElementType::I32;
  int64_t size = numSums() * lanes;
  entry.inputs.push_back({"start", element, {size}});
  entry.outputs.push_back({"sums", element, {size}});

  builder.setInsertionPointToEnd(loop.module->getBody());
  auto memory = MemRefType::get({size}, elementType());
  auto pointer = LLVM::LLVMPointerType::get(builder.getContext());
  auto arena = MemRefType::get({0}, builder.getI8Type());
  auto function = builder.create<func::FuncOp>(
      loc, entry.symbol,
      builder.getFunctionType({memory, memory, arena, pointer}, {}));
  emitBody(function);
  loop.macs = static_cast<uint64_t>(iterations) * size * depth();
  return loop;
}

void PeakLoopBuilder::emitBody(func::FuncOp function) {
  builder.setInsertionPointToStart(function.addEntryBlock());
  SmallVector<Value> carried;
  for (int64_t sum = 0; sum < numSums(); ++sum)
    carried.push_back(load(function.getArgument(0), sum));
  SmallVector<Value> a = operand(carried[0]), b = operand(carried[1]);
  llvm::append_range(carried, a);
  SmallVector<Value> last = emitLoop(
      builder, loc, 0, iterations, 1, carried, [&](Value, ValueRange values) {
        SmallVector<Value> nextA(values.drop_front(numSums()));
        SmallVector<Value> next =
            emitStep(values.take_front(numSums()), nextA, b);
        llvm::append_range(next, nextA);
        return next;
      });
  for (int64_t sum = 0; sum < numSums(); ++sum) {
    Value index = builder.create<arith::ConstantIndexOp>(loc, sum * lanes);
    builder.create<vector::StoreOp>(loc, last[sum], function.getArgument(1),
                                    index);
  }
  builder.create<func::ReturnOp>(loc);
}

Value PeakLoopBuilder::load(Value memory, int64_t vector) {
  Value index = builder.create<arith::ConstantIndexOp>(loc, vector * lanes);
  return builder.create<vector::LoadOp>(loc, vectorType(), memory, index);
}

/// Any bits, in the form that the instruction takes.
SmallVector<Value> PeakLoopBuilder::operand(Value loaded) {
  if (!row)
    return {loaded};
  auto bytes = VectorType::get({lanes * dotDepth}, builder.getI8Type());
  return SmallVector<Value>(dotEmitter().prepareB(
      builder.create<vector::BitCastOp>(loc, bytes, loaded)));
}

/// The value in the same register, without an instruction, of which the
/// optimiser knows nothing: products of it are neither moved out of the loop
/// nor shared between sums.
Value PeakLoopBuilder::hide(Value value) {
  StringRef constraint = target.isa == VectorIsa::Neon     ? "=w,0"
                         : target.isa == VectorIsa::Avx512 ? "=v,0"
                                                           : "=x,0";
  return builder
      .create<LLVM::InlineAsmOp>(
          loc, value.getType(), value, /*asm_string=*/"", constraint,
          /*has_side_effects=*/true, /*is_align_stack=*/false,
          /*asm_dialect=*/LLVM::AsmDialectAttr(), /*operand_attrs=*/ArrayAttr())
      .getResult(0);
}

SmallVector<Value> PeakLoopBuilder::emitStep(ValueRange sums,
                                             SmallVector<Value> &a,
                                             ValueRange b) {
  SmallVector<Value> next;
  for (Value sum : sums) {
    for (Value &part : a)
      part = hide(part);
    next.push_back(multiplyAdd(a, b, sum));
  }
  return next;
}

Value PeakLoopBuilder::multiplyAdd(ValueRange a, ValueRange b, Value sum) {
  if (row)
    return dotEmitter().multiplyAdd(llvm::to_vector<2>(a),
                                    llvm::to_vector<2>(b), sum);
  if (arithmetic == Arithmetic::F32 && target.hasFma)
    return builder.create<math::FmaOp>(loc, a[0], b[0], sum);
  if (arithmetic == Arithmetic::F32) {
    Value product = builder.create<arith::MulFOp>(loc, a[0], b[0]);
    return builder.create<arith::AddFOp>(loc, sum, product);
  }
  Value product = builder.create<arith::MulIOp>(loc, a[0], b[0]);
  return builder.create<arith::AddIOp>(loc, sum, product);
}

PeakLoop edgec::buildPeakLoop(MLIRContext *context,
                              const TargetDescription &target,
                              Arithmetic arithmetic) {
  return PeakLoopBuilder(context, target, arithmetic).build();
}
