//===- ParallelCalls.cpp - Layers divided among threads -------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ParallelCalls.h"
#include "edgec/Target/ModelSpec.h"
#include "llvm/IR/IRBuilder.h"

using namespace edgec;
using namespace llvm;

StructType *edgec::contextType(Module &module) {
  LLVMContext &context = module.getContext();
  Type *pointer = PointerType::getUnqual(context);
  Type *size = module.getDataLayout().getIntPtrType(context);
  return StructType::get(size, pointer, pointer, pointer, pointer, size,
                         pointer, pointer);
}

uint64_t edgec::contextSizeWith(Module &module, ContextField field) {
  const DataLayout &layout = module.getDataLayout();
  StructType *type = contextType(module);
  return layout.getStructLayout(type)->getElementOffset(field) +
         layout.getTypeStoreSize(type->getElementType(field));
}

namespace {

class ParallelBuilder {
public:
  explicit ParallelBuilder(Module &module)
      : module(module), context(module.getContext()),
        pointer(PointerType::getUnqual(context)),
        sizeType(module.getDataLayout().getIntPtrType(context)),
        voidType(Type::getVoidTy(context)) {}

  Error define(Function &function);

private:
  Function *createFunction(FunctionType *type, const Twine &name) {
    auto *function =
        Function::Create(type, GlobalValue::InternalLinkage, name, module);
    function->addFnAttr(Attribute::NoInline);
    function->setDoesNotThrow();
    return function;
  }
  Function *getParts();
  Function *createTask(Function *layer, StructType *arguments);
  Value *loadField(IRBuilder<> &builder, Value *pointerToContext,
                   ContextField field) {
    StructType *type = contextType(module);
    return builder.CreateLoad(
        type->getElementType(field),
        builder.CreateStructGEP(type, pointerToContext, field));
  }

  Module &module;
  LLVMContext &context;
  PointerType *pointer;
  IntegerType *sizeType;
  Type *voidType;
  Function *parts = nullptr;
};

/// size_t parts(context, at most): 1 where there is no context, or one without
/// threads, or of a time when there were none.
Function *ParallelBuilder::getParts() {
  if (parts)
    return parts;
  parts = createFunction(
      FunctionType::get(sizeType, {pointer, sizeType}, false), "edgec_parts");
  auto addBlock = [&] { return BasicBlock::Create(context, "", parts); };
  BasicBlock *entry = addBlock(), *given = addBlock(), *longEnough = addBlock(),
             *serial = addBlock();
  Argument *given_ = parts->getArg(0);
  IRBuilder<> builder(entry);
  builder.CreateCondBr(builder.CreateIsNull(given_), serial, given);

  builder.SetInsertPoint(given);
  uint64_t needed = contextSizeWith(module, threadsField);
  builder.CreateCondBr(
      builder.CreateICmpUGE(loadField(builder, given_, structSizeField),
                            ConstantInt::get(sizeType, needed)),
      longEnough, serial);

  builder.SetInsertPoint(longEnough);
  Value *one = ConstantInt::get(sizeType, 1);
  Value *threads = builder.CreateBinaryIntrinsic(
      Intrinsic::umin, loadField(builder, given_, threadsField),
      parts->getArg(1));
  threads = builder.CreateBinaryIntrinsic(Intrinsic::umax, threads, one);
  builder.CreateRet(builder.CreateSelect(
      builder.CreateIsNull(loadField(builder, given_, parallelForField)), one,
      threads));
  ReturnInst::Create(context, one, serial);
  return parts;
}

/// void task(arguments, part): calls the layer. The last field of `arguments`
/// is the number of parts.
Function *ParallelBuilder::createTask(Function *layer, StructType *arguments) {
  Function *task =
      createFunction(FunctionType::get(voidType, {pointer, sizeType}, false),
                     layer->getName() + "_task");
  IRBuilder<> builder(BasicBlock::Create(context, "", task));
  SmallVector<Value *> operands;
  for (auto [index, type] : enumerate(arguments->elements()))
    operands.push_back(builder.CreateLoad(
        type, builder.CreateStructGEP(arguments, task->getArg(0), index)));
  FunctionType *layerType = layer->getFunctionType();
  Type *partType = layerType->params().back();
  operands.insert(operands.end() - 1,
                  builder.CreateZExtOrTrunc(task->getArg(1), partType));
  operands.back() = builder.CreateZExtOrTrunc(operands.back(), partType);
  builder.CreateCall(layer, operands);
  builder.CreateRetVoid();
  return task;
}

Error ParallelBuilder::define(Function &function) {
  StringRef name = function.getFnAttribute(parallelAttr).getValueAsString();
  uint64_t maxParts = 0;
  Function *layer = module.getFunction(name);
  ArrayRef<Type *> own = function.getFunctionType()->params();
  bool fits =
      layer && !own.empty() && own.front() == pointer &&
      layer->arg_size() == own.size() + 1 &&
      layer->getFunctionType()->params().drop_back(2) == own.drop_front();
  if (!fits || !function.isDeclaration() ||
      function.getFnAttribute(maxPartsFnAttr)
          .getValueAsString()
          .getAsInteger(10, maxParts))
    return createStringError("'" + function.getName() +
                             "' does not fit the layer '" + name + "'");
  function.removeFnAttr(parallelAttr);
  function.removeFnAttr(maxPartsFnAttr);
  function.addFnAttr(Attribute::NoInline);
  function.setLinkage(GlobalValue::InternalLinkage);
  function.setDoesNotThrow();

  Type *partType = layer->getFunctionType()->params().back();
  Argument *given = function.getArg(0);
  SmallVector<Value *> operands;
  for (Argument &argument : drop_begin(function.args()))
    operands.push_back(&argument);
  auto addBlock = [&] { return BasicBlock::Create(context, "", &function); };
  BasicBlock *entry = addBlock(), *serial = addBlock(), *parallel = addBlock();
  IRBuilder<> builder(entry);
  SmallVector<Type *> fields(own.drop_front());
  fields.push_back(sizeType);
  auto *arguments = StructType::get(context, fields);
  Value *packed = builder.CreateAlloca(arguments);
  Value *count = builder.CreateCall(
      getParts(), {given, ConstantInt::get(sizeType, maxParts)});
  builder.CreateCondBr(
      builder.CreateICmpUGT(count, ConstantInt::get(sizeType, 1)), parallel,
      serial);

  builder.SetInsertPoint(serial);
  SmallVector<Value *> whole(operands);
  whole.push_back(ConstantInt::get(partType, 0));
  whole.push_back(builder.CreateZExtOrTrunc(count, partType));
  builder.CreateCall(layer, whole);
  builder.CreateRetVoid();

  builder.SetInsertPoint(parallel);
  operands.push_back(count);
  for (auto [index, operand] : enumerate(operands))
    builder.CreateStore(operand,
                        builder.CreateStructGEP(arguments, packed, index));
  builder.CreateCall(
      FunctionType::get(voidType, {pointer, sizeType, pointer, pointer}, false),
      loadField(builder, given, parallelForField),
      {loadField(builder, given, poolField), count,
       createTask(layer, arguments), packed});
  builder.CreateRetVoid();
  return Error::success();
}

} // namespace

Error edgec::defineParallelCalls(Module &module) {
  ParallelBuilder builder(module);
  SmallVector<Function *> functions;
  for (Function &function : module)
    if (function.hasFnAttribute(parallelAttr))
      functions.push_back(&function);
  for (Function *function : functions)
    if (Error error = builder.define(*function))
      return error;
  return Error::success();
}
