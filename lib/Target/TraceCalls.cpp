//===- TraceCalls.cpp - Layers that tell when they begin and end ----------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "TraceCalls.h"
#include "ParallelCalls.h"
#include "edgec/Target/ModelSpec.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/MDBuilder.h"
#include "llvm/Transforms/Utils/BasicBlockUtils.h"

using namespace edgec;
using namespace llvm;

namespace {

class TraceBuilder {
public:
  explicit TraceBuilder(Module &module)
      : module(module), context(module.getContext()),
        contextStruct(contextType(module)),
        pointer(PointerType::getUnqual(context)),
        sizeType(module.getDataLayout().getIntPtrType(context)) {}

  Error define(Function &trace);

private:
  Function *createHook();
  void expand(CallInst &call, Value *hook);
  Value *loadField(IRBuilder<> &builder, Value *given, ContextField field) {
    return builder.CreateLoad(
        contextStruct->getElementType(field),
        builder.CreateStructGEP(contextStruct, given, field));
  }

  Module &module;
  LLVMContext &context;
  StructType *contextStruct;
  PointerType *pointer;
  IntegerType *sizeType;
};

} // namespace

/// ptr hook(context): NULL where there is no context, one that ends before the
/// field, or no hook in it.
Function *TraceBuilder::createHook() {
  auto *function = Function::Create(FunctionType::get(pointer, pointer, false),
                                    GlobalValue::InternalLinkage,
                                    "edgec_trace_hook", module);
  function->setDoesNotThrow();
  Argument *given = function->getArg(0);
  auto addBlock = [&] { return BasicBlock::Create(context, "", function); };
  BasicBlock *entry = addBlock(), *present = addBlock(),
             *longEnough = addBlock(), *none = addBlock();
  IRBuilder<> builder(entry);
  builder.CreateCondBr(builder.CreateIsNull(given), none, present);

  builder.SetInsertPoint(present);
  // Contexts of before there were threads end with these fields.
  uint64_t needed = module.getDataLayout().getTypeAllocSize(
      StructType::get(sizeType, pointer, pointer));
  builder.CreateCondBr(
      builder.CreateICmpUGE(loadField(builder, given, structSizeField),
                            ConstantInt::get(sizeType, needed)),
      longEnough, none);

  builder.SetInsertPoint(longEnough);
  builder.CreateRet(loadField(builder, given, traceField));
  ReturnInst::Create(context, ConstantPointerNull::get(pointer), none);
  return function;
}

void TraceBuilder::expand(CallInst &call, Value *hook) {
  IRBuilder<> builder(&call);
  Instruction *traced = SplitBlockAndInsertIfThen(
      builder.CreateIsNotNull(hook), &call, /*Unreachable=*/false,
      MDBuilder(context).createUnlikelyBranchWeights());
  builder.SetInsertPoint(traced);
  Value *layer = builder.CreateZExtOrTrunc(call.getArgOperand(1), sizeType);
  Value *data = loadField(builder, call.getArgOperand(0), traceDataField);
  auto *type =
      FunctionType::get(Type::getVoidTy(context),
                        {pointer, sizeType, Type::getInt32Ty(context)}, false);
  builder.CreateCall(type, hook, {data, layer, call.getArgOperand(2)})
      ->setDoesNotThrow();
  call.eraseFromParent();
}

Error TraceBuilder::define(Function &trace) {
  auto *expected = FunctionType::get(
      Type::getVoidTy(context),
      {pointer, Type::getInt64Ty(context), Type::getInt32Ty(context)}, false);
  if (trace.getFunctionType() != expected || !trace.isDeclaration())
    return createStringError("'%s' must be declared as void(ptr, i64, i32) and "
                             "not defined",
                             traceSymbol);
  MapVector<Argument *, SmallVector<CallInst *>> callsOf;
  for (User *user : trace.users()) {
    auto *call = dyn_cast<CallInst>(user);
    auto *given = call ? dyn_cast<Argument>(call->getArgOperand(0)) : nullptr;
    if (!given || call->getCalledOperand() != &trace)
      return createStringError("'%s' must be called with the context that a "
                               "function was given",
                               traceSymbol);
    callsOf[given].push_back(call);
  }
  Function *createdHook = callsOf.empty() ? nullptr : createHook();
  for (auto &[given, calls] : callsOf) {
    BasicBlock &entry = given->getParent()->getEntryBlock();
    IRBuilder<> builder(&entry, entry.getFirstInsertionPt());
    Value *hook = builder.CreateCall(createdHook, {given}, "hook");
    for (CallInst *call : calls)
      expand(*call, hook);
  }
  trace.eraseFromParent();
  return Error::success();
}

Error edgec::defineTraceCalls(Module &module) {
  Function *trace = module.getFunction(traceSymbol);
  return trace ? TraceBuilder(module).define(*trace) : Error::success();
}
