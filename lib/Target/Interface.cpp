//===- Interface.cpp - The functions that a compiled model exports --------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "edgec/Target/Interface.h"
#include "BatchRun.h"
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
  EntryPointCalls addCalls(const EntryPointSpec &entry, Function *run);
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
  Error checkFunction(const EntryPointSpec &entry, StringRef symbol);
  void annotateFunction(const EntryPointSpec &entry, StringRef symbol,
                        uint64_t samples);
  Function *addCallWrapper(const EntryPointSpec &entry, Function *run,
                           const char *suffix, bool takesSamples);
  BasicBlock *addReturn(Function *function, int code);
  void addChecks(IRBuilder<> &builder, Function *run,
                 const EntryPointSpec &entry);
  void checkSamples(IRBuilder<> &builder, Function *run,
                    const EntryPointSpec &entry);

  Module &module;
  const ModelSpec &spec;
  LLVMContext &context;
  PointerType *pointer;
  IntegerType *int32;
  IntegerType *sizeType;
};

/// Of a run of `samples`, where that is not what the shape says.
uint64_t byteSizeOf(const TensorSpec &tensor, uint64_t samples) {
  uint64_t bytes = byteSize(tensor.type);
  for (int64_t extent : tensor.shape)
    bytes *= extent;
  return tensor.isBatch ? bytes / tensor.shape.front() * samples : bytes;
}

/// Inputs, outputs, arena, context.
unsigned parameterCount(const EntryPointSpec &entry) {
  return entry.inputs.size() + entry.outputs.size() + 2;
}

} // namespace

Error InterfaceBuilder::checkFunction(const EntryPointSpec &entry,
                                      StringRef symbol) {
  Function *function = module.getFunction(symbol);
  if (!function || function->isDeclaration())
    return createStringError("the module does not define '" + symbol +
                             "', the entry point '" + entry.name + "'");
  SmallVector<Type *> parameters(parameterCount(entry), pointer);
  if (function->getFunctionType() !=
      FunctionType::get(Type::getVoidTy(context), parameters, false))
    return createStringError("'" + symbol + "' must return nothing and take " +
                             Twine(parameterCount(entry)) + " pointers");
  return Error::success();
}

Error InterfaceBuilder::checkEntry(const EntryPointSpec &entry) {
  if (Error error = checkFunction(entry, entry.symbol))
    return error;
  for (const BatchVariant &variant : entry.variants)
    if (Error error = checkFunction(entry, variant.symbol))
      return error;
  if (!isPowerOf2_64(entry.arenaAlign))
    return createStringError("the arena's alignment of entry point '" +
                             entry.name + "' must be a power of two");
  return Error::success();
}

/// What NAME_run checks and its comment demands holds inside: buffers are
/// there, whole, and do not overlap.
void InterfaceBuilder::annotateFunction(const EntryPointSpec &entry,
                                        StringRef symbol, uint64_t samples) {
  Function *function = module.getFunction(symbol);
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
    annotate(index++, byteSizeOf(input, samples), /*isInput=*/true);
  for (const TensorSpec &output : entry.outputs)
    annotate(index++, byteSizeOf(output, samples), /*isInput=*/false);
  annotate(index, entry.arenaSize, /*isInput=*/false);
  if (entry.arenaSize != 0)
    function->addParamAttr(
        index, Attribute::getWithAlignment(context, Align(entry.arenaAlign)));
}

void InterfaceBuilder::annotateEntry(const EntryPointSpec &entry) {
  annotateFunction(entry, entry.symbol, entry.maxBatch);
  for (const BatchVariant &variant : entry.variants)
    annotateFunction(entry, variant.symbol, variant.samples);
}

BasicBlock *InterfaceBuilder::addReturn(Function *function, int code) {
  auto *block = BasicBlock::Create(context, "", function);
  ReturnInst::Create(context, ConstantInt::get(int32, code), block);
  return block;
}

/// Branches to an error return unless the number of samples, the first
/// argument, is one that the entry point can run.
void InterfaceBuilder::checkSamples(IRBuilder<> &builder, Function *run,
                                    const EntryPointSpec &entry) {
  Value *isTooMany = builder.CreateICmpUGT(
      run->getArg(0), ConstantInt::get(sizeType, entry.maxBatch));
  Value *isWrong =
      builder.CreateOr(isTooMany, builder.CreateIsNull(run->getArg(0)));
  auto *right = BasicBlock::Create(context, "samples", run);
  builder.CreateCondBr(isWrong, addReturn(run, EDGEC_ERROR_BATCH), right);
  builder.SetInsertPoint(right);
}

/// Branches to an error return unless every buffer is there and the arena is
/// aligned; leaves the builder where all is well.
void InterfaceBuilder::addChecks(IRBuilder<> &builder, Function *run,
                                 const EntryPointSpec &entry) {
  unsigned arenaIndex = run->arg_size() - 2;
  unsigned end = entry.arenaSize == 0 ? arenaIndex : arenaIndex + 1;
  Value *anyNull = builder.getFalse();
  for (unsigned i = entry.maxBatch == 0 ? 0 : 1; i < end; ++i)
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
  SmallVector<Type *> parameters;
  if (entry.maxBatch != 0)
    parameters.push_back(sizeType);
  parameters.append(parameterCount(entry), pointer);
  Function *run = createFunction(FunctionType::get(int32, parameters, false),
                                 names.symbol, GlobalValue::ExternalLinkage);
  run->setDoesNotThrow();
  unsigned index = 0;
  if (entry.maxBatch != 0)
    run->getArg(index++)->setName("samples");
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
  if (entry.maxBatch == 0) {
    builder.CreateCall(module.getFunction(entry.symbol), arguments);
  } else {
    checkSamples(builder, run, entry);
    auto buffers = ArrayRef(arguments).drop_front().drop_back(2);
    callForSamples(builder, entry, arguments.front(), buffers,
                   arguments.end()[-2], arguments.back());
  }
  builder.CreateRet(ConstantInt::get(int32, EDGEC_OK));
  return run;
}

/// int call(void *const *buffers, void *arena, const edgec_context *context),
/// with the number of samples before that if it takes any.
Function *InterfaceBuilder::addCallWrapper(const EntryPointSpec &entry,
                                           Function *run, const char *suffix,
                                           bool takesSamples) {
  SmallVector<Type *> parameters(3, pointer);
  if (takesSamples)
    parameters.insert(parameters.begin(), sizeType);
  Function *call =
      createFunction(FunctionType::get(int32, parameters, false),
                     run->getName() + suffix, GlobalValue::InternalLinkage);
  call->setDoesNotThrow();
  Value *buffers = call->getArg(takesSamples ? 1 : 0);
  IRBuilder<> builder(BasicBlock::Create(context, "", call));
  unsigned bufferCount = entry.inputs.size() + entry.outputs.size();
  SmallVector<Value *> arguments;
  if (takesSamples)
    arguments.push_back(call->getArg(0));
  else if (entry.maxBatch != 0)
    arguments.push_back(ConstantInt::get(sizeType, entry.maxBatch));
  if (bufferCount != 0) {
    auto *present = BasicBlock::Create(context, "present", call);
    builder.CreateCondBr(builder.CreateIsNull(buffers),
                         addReturn(call, EDGEC_ERROR_NULL), present);
    builder.SetInsertPoint(present);
  }
  for (unsigned i = 0; i < bufferCount; ++i) {
    Value *slot = builder.CreateConstInBoundsGEP1_64(pointer, buffers, i);
    arguments.push_back(builder.CreateLoad(pointer, slot));
  }
  arguments.append({call->arg_end() - 2, call->arg_end() - 1});
  CallInst *runCall = builder.CreateCall(run, arguments);
  runCall->setIsNoInline(); // One copy of the model's code is enough.
  builder.CreateRet(runCall);
  return call;
}

EntryPointCalls InterfaceBuilder::addCalls(const EntryPointSpec &entry,
                                           Function *run) {
  EntryPointCalls calls;
  calls.whole = addCallWrapper(entry, run, "_call", /*takesSamples=*/false);
  if (entry.maxBatch != 0)
    calls.samples =
        addCallWrapper(entry, run, "_call_samples", /*takesSamples=*/true);
  return calls;
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
  SmallVector<Function *> exports;
  SmallVector<EntryPointCalls> calls;
  for (auto [entry, names] : zip(spec.entryPoints, *entryNames)) {
    if (Error error = builder.checkEntry(entry))
      return error;
    if (module.getNamedValue(names.symbol))
      return createStringError("the module already has a '" + names.symbol +
                               "'");
    builder.annotateEntry(entry);
    Function *run = builder.addRun(entry, names);
    exports.push_back(run);
    calls.push_back(builder.addCalls(entry, run));
    renumberLayers(module, entry);
  }
  builder.addInfo(addInfoTables(module, spec, weights.size, target, calls));
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
