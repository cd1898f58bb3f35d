//===- HookCalls.cpp - Calls of the context's hooks -----------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "HookCalls.h"
#include "ParallelCalls.h"
#include "edgec/Target/ModelSpec.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/MDBuilder.h"
#include "llvm/Transforms/Utils/BasicBlockUtils.h"

using namespace edgec;
using namespace llvm;

namespace {

/// One hook of the context. Generated code calls `symbol` with the context and
/// then the hook's arguments, where i64 stands for size_t.
struct Hook {
  const char *symbol;
  ContextField field, dataField;
  FunctionType *type; ///< Of `symbol`.
};

class HookBuilder {
public:
  HookBuilder(Module &module, const Hook &hook)
      : module(module), hook(hook), context(module.getContext()),
        contextStruct(contextType(module)),
        pointer(PointerType::getUnqual(context)),
        sizeType(module.getDataLayout().getIntPtrType(context)) {}

  Error define(Function &function);

private:
  Function *createGetter();
  void expand(CallInst &call, Value *address);
  Value *loadField(IRBuilder<> &builder, Value *given, ContextField field) {
    return builder.CreateLoad(
        contextStruct->getElementType(field),
        builder.CreateStructGEP(contextStruct, given, field));
  }

  Module &module;
  const Hook &hook;
  LLVMContext &context;
  StructType *contextStruct;
  PointerType *pointer;
  IntegerType *sizeType;
};

} // namespace

/// The hook of a context; null where there is none, or a context of a time when
/// there was no such hook.
Function *HookBuilder::createGetter() {
  auto *function = Function::Create(FunctionType::get(pointer, pointer, false),
                                    GlobalValue::InternalLinkage,
                                    Twine(hook.symbol) + "_hook", module);
  function->setDoesNotThrow();
  Argument *given = function->getArg(0);
  auto addBlock = [&] { return BasicBlock::Create(context, "", function); };
  BasicBlock *entry = addBlock(), *present = addBlock(),
             *longEnough = addBlock(), *none = addBlock();
  IRBuilder<> builder(entry);
  builder.CreateCondBr(builder.CreateIsNull(given), none, present);

  builder.SetInsertPoint(present);
  uint64_t needed = contextSizeWith(module, hook.dataField);
  builder.CreateCondBr(
      builder.CreateICmpUGE(loadField(builder, given, structSizeField),
                            ConstantInt::get(sizeType, needed)),
      longEnough, none);

  builder.SetInsertPoint(longEnough);
  builder.CreateRet(loadField(builder, given, hook.field));
  ReturnInst::Create(context, ConstantPointerNull::get(pointer), none);
  return function;
}

void HookBuilder::expand(CallInst &call, Value *address) {
  IRBuilder<> builder(&call);
  Instruction *heard = SplitBlockAndInsertIfThen(
      builder.CreateIsNotNull(address), &call, /*Unreachable=*/false,
      MDBuilder(context).createUnlikelyBranchWeights());
  builder.SetInsertPoint(heard);
  SmallVector<Value *> arguments{
      loadField(builder, call.getArgOperand(0), hook.dataField)};
  SmallVector<Type *> types{pointer};
  for (Value *argument : drop_begin(call.args())) {
    if (argument->getType()->isIntegerTy(64))
      argument = builder.CreateZExtOrTrunc(argument, sizeType);
    arguments.push_back(argument);
    types.push_back(argument->getType());
  }
  auto *type = FunctionType::get(Type::getVoidTy(context), types, false);
  builder.CreateCall(type, address, arguments)->setDoesNotThrow();
  call.eraseFromParent();
}

Error HookBuilder::define(Function &function) {
  if (function.getFunctionType() != hook.type || !function.isDeclaration())
    return createStringError("'%s' must be declared with the type that the "
                             "interface gives it, and not defined",
                             hook.symbol);
  MapVector<Argument *, SmallVector<CallInst *>> callsOf;
  for (User *user : function.users()) {
    auto *call = dyn_cast<CallInst>(user);
    auto *given = call ? dyn_cast<Argument>(call->getArgOperand(0)) : nullptr;
    if (!given || call->getCalledOperand() != &function)
      return createStringError("'%s' must be called with the context that a "
                               "function was given",
                               hook.symbol);
    callsOf[given].push_back(call);
  }
  Function *getter = callsOf.empty() ? nullptr : createGetter();
  for (auto &[given, calls] : callsOf) {
    BasicBlock &entry = given->getParent()->getEntryBlock();
    IRBuilder<> builder(&entry, entry.getFirstInsertionPt());
    Value *address = builder.CreateCall(getter, {given}, "hook");
    for (CallInst *call : calls)
      expand(*call, address);
  }
  function.eraseFromParent();
  return Error::success();
}

Error edgec::defineHookCalls(Module &module) {
  LLVMContext &context = module.getContext();
  Type *none = Type::getVoidTy(context),
       *pointer = PointerType::getUnqual(context),
       *i64 = Type::getInt64Ty(context), *i32 = Type::getInt32Ty(context);
  const Hook hooks[] = {
      {traceSymbol, traceField, traceDataField,
       FunctionType::get(none, {pointer, i64, i32}, false)},
      {observeSymbol, observeField, observeDataField,
       FunctionType::get(none, {pointer, i64, pointer, i64}, false)},
  };
  for (const Hook &hook : hooks)
    if (Function *function = module.getFunction(hook.symbol))
      if (Error error = HookBuilder(module, hook).define(*function))
        return error;
  return Error::success();
}
