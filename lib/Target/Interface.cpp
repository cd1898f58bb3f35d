//===- Interface.cpp - The functions that a compiled model exports --------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "edgec/Target/Interface.h"
#include "HookCalls.h"
#include "InfoTables.h"
#include "ParallelCalls.h"
#include "edgec.h"
#include "edgec/Target/Identifiers.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/Support/MathExtras.h"

using namespace edgec;
using namespace llvm;

namespace {

class InterfaceBuilder {
public:
  InterfaceBuilder(Module &module, const ModelSpec &spec)
      : module(module), spec(spec), context(module.getContext()),
        pointer(PointerType::getUnqual(context)),
        int32(Type::getInt32Ty(context)),
        sizeType(module.getDataLayout().getIntPtrType(context)) {}

  Error checkEntry(const EntryPointSpec &entry);
  void annotateEntry(const EntryPointSpec &entry);
  Function *addRun(const EntryPointSpec &entry, const EntryPointNames &names);
  Function *addCallWrapper(const EntryPointSpec &entry, Function *run);
  void addInfo(GlobalVariable *tables);
  Error declareWeights(const WeightsSection &weights);
  /// Nothing but `exports` is visible outside the object.
  void internalizeExcept(ArrayRef<Function *> exports);
  void keepLayersApart();

private:
  Function *createFunction(FunctionType *type, const Twine &name,
                           GlobalValue::LinkageTypes linkage) {
    return Function::Create(type, linkage, name, module);
  }
  BasicBlock *addReturn(Function *function, int code);
  void addChecks(IRBuilder<> &builder, Function *run,
                 const EntryPointSpec &entry);

  Module &module;
  const ModelSpec &spec;
  LLVMContext &context;
  PointerType *pointer;
  IntegerType *int32;
  IntegerType *sizeType;
};

uint64_t byteSizeOf(const TensorSpec &tensor) {
  uint64_t bytes = byteSize(tensor.type);
  for (int64_t extent : tensor.shape)
    bytes *= extent;
  return bytes;
}

/// Inputs, outputs, arena, context.
unsigned parameterCount(const EntryPointSpec &entry) {
  return entry.inputs.size() + entry.outputs.size() + 2;
}

} // namespace

Error InterfaceBuilder::checkEntry(const EntryPointSpec &entry) {
  Function *function = module.getFunction(entry.symbol);
  if (!function || function->isDeclaration())
    return createStringError("the module does not define '" + entry.symbol +
                             "', the entry point '" + entry.name + "'");
  SmallVector<Type *> parameters(parameterCount(entry), pointer);
  if (function->getFunctionType() !=
      FunctionType::get(Type::getVoidTy(context), parameters, false))
    return createStringError("'" + entry.symbol + "' must return nothing and " +
                             "take " + std::to_string(parameterCount(entry)) +
                             " pointers");
  if (!isPowerOf2_64(entry.arenaAlign))
    return createStringError("the arena's alignment of entry point '" +
                             entry.name + "' must be a power of two");
  return Error::success();
}

/// What NAME_run checks and its comment demands holds inside: buffers are
/// there, whole, and do not overlap.
void InterfaceBuilder::annotateEntry(const EntryPointSpec &entry) {
  Function *function = module.getFunction(entry.symbol);
  function->setDoesNotThrow();
  auto annotate = [&](unsigned index, uint64_t bytes, bool isInput) {
    function->addParamAttr(index, Attribute::NoAlias);
    function->addParamAttr(index, Attribute::NoUndef);
    if (isInput)
      function->addParamAttr(index, Attribute::ReadOnly);
    if (bytes != 0)
      function->addDereferenceableParamAttr(index, bytes);
  };
  unsigned index = 0;
  for (const TensorSpec &input : entry.inputs)
    annotate(index++, byteSizeOf(input), /*isInput=*/true);
  for (const TensorSpec &output : entry.outputs)
    annotate(index++, byteSizeOf(output), /*isInput=*/false);
  annotate(index, entry.arenaSize, /*isInput=*/false);
  if (entry.arenaSize != 0)
    function->addParamAttr(
        index, Attribute::getWithAlignment(context, Align(entry.arenaAlign)));
}

BasicBlock *InterfaceBuilder::addReturn(Function *function, int code) {
  auto *block = BasicBlock::Create(context, "", function);
  ReturnInst::Create(context, ConstantInt::get(int32, code), block);
  return block;
}

/// Branches to an error return unless every buffer is there and the arena is
/// aligned; leaves the builder where all is well.
void InterfaceBuilder::addChecks(IRBuilder<> &builder, Function *run,
                                 const EntryPointSpec &entry) {
  Value *anyNull = builder.getFalse();
  unsigned arenaIndex = parameterCount(entry) - 2;
  unsigned checked = entry.arenaSize == 0 ? arenaIndex : arenaIndex + 1;
  for (unsigned i = 0; i < checked; ++i)
    anyNull = builder.CreateOr(anyNull, builder.CreateIsNull(run->getArg(i)));
  auto *present = BasicBlock::Create(context, "present", run);
  builder.CreateCondBr(anyNull, addReturn(run, EDGEC_ERROR_NULL), present);
  builder.SetInsertPoint(present);
  if (entry.arenaSize == 0)
    return;

  Value *address = builder.CreatePtrToInt(run->getArg(arenaIndex), sizeType);
  Value *offset = builder.CreateAnd(address, entry.arenaAlign - 1);
  auto *aligned = BasicBlock::Create(context, "aligned", run);
  builder.CreateCondBr(builder.CreateIsNull(offset), aligned,
                       addReturn(run, EDGEC_ERROR_ALIGNMENT));
  builder.SetInsertPoint(aligned);
}

Function *InterfaceBuilder::addRun(const EntryPointSpec &entry,
                                   const EntryPointNames &names) {
  SmallVector<Type *> parameters(parameterCount(entry), pointer);
  Function *run = createFunction(FunctionType::get(int32, parameters, false),
                                 names.symbol, GlobalValue::ExternalLinkage);
  run->setDoesNotThrow();
  unsigned index = 0;
  for (const std::string &input : names.inputs)
    run->getArg(index++)->setName(input);
  for (const std::string &output : names.outputs)
    run->getArg(index++)->setName(output);
  run->getArg(index++)->setName("arena");
  run->getArg(index)->setName("context");

  IRBuilder<> builder(BasicBlock::Create(context, "", run));
  addChecks(builder, run, entry);
  SmallVector<Value *> arguments;
  for (Argument &argument : run->args())
    arguments.push_back(&argument);
  builder.CreateCall(module.getFunction(entry.symbol), arguments);
  builder.CreateRet(ConstantInt::get(int32, EDGEC_OK));
  return run;
}

/// int call(void *const *buffers, void *arena, const edgec_context *context)
Function *InterfaceBuilder::addCallWrapper(const EntryPointSpec &entry,
                                           Function *run) {
  Function *call = createFunction(
      FunctionType::get(int32, {pointer, pointer, pointer}, false),
      run->getName() + "_call", GlobalValue::InternalLinkage);
  call->setDoesNotThrow();
  IRBuilder<> builder(BasicBlock::Create(context, "", call));
  unsigned bufferCount = entry.inputs.size() + entry.outputs.size();
  SmallVector<Value *> arguments;
  if (bufferCount != 0) {
    auto *present = BasicBlock::Create(context, "present", call);
    builder.CreateCondBr(builder.CreateIsNull(call->getArg(0)),
                         addReturn(call, EDGEC_ERROR_NULL), present);
    builder.SetInsertPoint(present);
  }
  for (unsigned i = 0; i < bufferCount; ++i) {
    Value *slot =
        builder.CreateConstInBoundsGEP1_64(pointer, call->getArg(0), i);
    arguments.push_back(builder.CreateLoad(pointer, slot));
  }
  arguments.append({call->getArg(1), call->getArg(2)});
  CallInst *runCall = builder.CreateCall(run, arguments);
  runCall->setIsNoInline(); // One copy of the model's code is enough.
  builder.CreateRet(runCall);
  return call;
}

void InterfaceBuilder::addInfo(GlobalVariable *tables) {
  Function *info =
      createFunction(FunctionType::get(pointer, false), infoSymbol(spec),
                     GlobalValue::ExternalLinkage);
  info->setDoesNotThrow();
  ReturnInst::Create(context, tables, BasicBlock::Create(context, "", info));
}

/// Weights stay an undefined constant while the module is optimised, so that
/// nothing can be concluded from contents that LLVM does not see.
Error InterfaceBuilder::declareWeights(const WeightsSection &weights) {
  GlobalVariable *global = module.getNamedGlobal(weightsSymbol);
  if (!global)
    return Error::success();
  if (!global->isDeclaration())
    return createStringError("'%s' must be declared and not defined",
                             weightsSymbol);
  if (!isPowerOf2_64(weights.align))
    return createStringError("the weights' alignment must be a power of two");
  global->setConstant(true);
  global->setLinkage(GlobalValue::ExternalLinkage);
  global->setVisibility(GlobalValue::HiddenVisibility);
  global->setDSOLocal(true);
  global->setAlignment(Align(weights.align));
  return Error::success();
}

void InterfaceBuilder::internalizeExcept(ArrayRef<Function *> exports) {
  auto internalize = [&](GlobalValue &value) {
    if (value.isDeclaration() || value.getName().starts_with("llvm.") ||
        value.hasLocalLinkage())
      return;
    value.setVisibility(GlobalValue::DefaultVisibility);
    value.setLinkage(GlobalValue::InternalLinkage);
  };
  for (Function &function : module) {
    if (is_contained(exports, &function))
      continue;
    internalize(function);
    if (!function.isDeclaration())
      function.setDoesNotThrow();
  }
  for (GlobalVariable &global : module.globals())
    internalize(global);
  for (GlobalAlias &alias : module.aliases())
    internalize(alias);
}

/// A function with control flow is a layer's code. Inlining all of those that
/// are called once would make one function of the whole model, and compile
/// times grow faster than a function does.
void InterfaceBuilder::keepLayersApart() {
  for (Function &function : module)
    if (function.size() > 1 &&
        !function.hasFnAttribute(Attribute::AlwaysInline))
      function.addFnAttr(Attribute::NoInline);
}

Error edgec::addInterface(Module &module, const ModelSpec &spec,
                          const WeightsSection &weights,
                          const TargetDescription &target) {
  auto entryNames = nameEntryPoints(spec);
  if (!entryNames)
    return entryNames.takeError();
  if (module.getNamedValue(infoSymbol(spec)))
    return createStringError("the module already has a '" + infoSymbol(spec) +
                             "'");

  InterfaceBuilder builder(module, spec);
  builder.keepLayersApart();
  SmallVector<Function *> exports, callWrappers;
  for (auto [entry, names] : zip(spec.entryPoints, *entryNames)) {
    if (Error error = builder.checkEntry(entry))
      return error;
    if (module.getNamedValue(names.symbol))
      return createStringError("the module already has a '" + names.symbol +
                               "'");
    builder.annotateEntry(entry);
    Function *run = builder.addRun(entry, names);
    exports.push_back(run);
    callWrappers.push_back(builder.addCallWrapper(entry, run));
  }
  builder.addInfo(
      addInfoTables(module, spec, weights.size, target, callWrappers));
  exports.push_back(module.getFunction(infoSymbol(spec)));
  addNote(module, spec);
  if (Error error = defineHookCalls(module))
    return error;
  if (Error error = defineParallelCalls(module))
    return error;
  if (Error error = builder.declareWeights(weights))
    return error;
  builder.internalizeExcept(exports);
  return Error::success();
}
