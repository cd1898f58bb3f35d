//===- MachineCode.cpp - From LLVM IR to machine code ---------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "edgec/Target/CPU/MachineCode.h"
#include "llvm/Analysis/CGSCCPassManager.h"
#include "llvm/Analysis/LoopAnalysisManager.h"
#include "llvm/Analysis/TargetLibraryInfo.h"
#include "llvm/IR/DiagnosticInfo.h"
#include "llvm/IR/DiagnosticPrinter.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/LegacyPassManager.h"
#include "llvm/IR/Verifier.h"
#include "llvm/Passes/PassBuilder.h"
#include "llvm/Support/CrashRecoveryContext.h"
#include "llvm/Support/ErrorHandling.h"

using namespace edgec;
using namespace llvm;

namespace {

TargetLibraryInfoImpl memoryFunctionsOnly(const Triple &triple) {
  TargetLibraryInfoImpl info(triple);
  info.disableAllFunctions();
  for (LibFunc function : {LibFunc_memcpy, LibFunc_memmove, LibFunc_memset})
    info.setAvailable(function);
  return info;
}

/// Collects LLVM's errors while it lives: LLVM's own handler ends the process.
class DiagnosticCollector : public DiagnosticHandler {
public:
  explicit DiagnosticCollector(std::string &errors) : errors(errors) {}

  bool handleDiagnostics(const DiagnosticInfo &info) override {
    if (info.getSeverity() != DS_Error)
      return true; // Remarks and warnings say nothing to edgec's users.
    raw_string_ostream os(errors);
    DiagnosticPrinterRawOStream printer(os);
    os << (errors.empty() ? "" : "; ");
    info.print(printer);
    return true;
  }

private:
  std::string &errors;
};

class CollectDiagnostics {
public:
  explicit CollectDiagnostics(LLVMContext &context)
      : context(context), previous(context.getDiagnosticHandler()) {
    context.setDiagnosticHandler(std::make_unique<DiagnosticCollector>(errors));
  }
  ~CollectDiagnostics() { context.setDiagnosticHandler(std::move(previous)); }

  Error takeError() {
    if (errors.empty())
      return Error::success();
    return createStringError("LLVM's code generator: " + errors);
  }

private:
  LLVMContext &context;
  std::unique_ptr<DiagnosticHandler> previous;
  std::string errors;
};

/// LLVM gives up on code it cannot select by ending the process; within `work`
/// that becomes an error, as does a crash. What LLVM held then is leaked.
Error recover(function_ref<Error()> work) {
  CrashRecoveryContext::Enable();
  std::string reason = "it crashed";
  ScopedFatalErrorHandler handler(
      [](void *data, const char *message, bool) {
        *static_cast<std::string *>(data) = message;
        if (CrashRecoveryContext *current = CrashRecoveryContext::GetCurrent())
          current->HandleExit(EXIT_FAILURE);
      },
      &reason);
  Error result = Error::success();
  CrashRecoveryContext context;
  bool finished = context.RunSafely([&] { result = work(); });
  if (finished)
    return result;
  consumeError(std::move(result));
  return createStringError("LLVM could not compile the generated code for this "
                           "target: " +
                           reason);
}

PipelineTuningOptions tuning() {
  PipelineTuningOptions options;
  options.LoopInterleaving = false;
  options.LoopVectorization = false;
  options.SLPVectorization = false;
  options.CallGraphProfile = false;
  return options;
}

Error verify(const Module &module) {
  std::string message;
  raw_string_ostream os(message);
  if (!verifyModule(module, &os))
    return Error::success();
  return createStringError("the code generator made an invalid LLVM module: " +
                           message);
}

/// Chooses between floats of 16 bits as between integers. Of a comparison and a
/// choice between what is compared, LLVM makes a maximum, and for one of halves
/// it calls the C library's fmaxf on x86. On AArch64, which has the
/// instruction, LLVM 19 crashes on some vectors of bf16 that are integers in
/// between.
void selectHalvesAsIntegers(Module &module) {
  if (!Triple(module.getTargetTriple()).isX86())
    return;
  SmallVector<SelectInst *> selects;
  for (Function &function : module)
    for (Instruction &instruction : instructions(function))
      if (auto *select = dyn_cast<SelectInst>(&instruction))
        if (select->getType()->getScalarType()->is16bitFPTy())
          selects.push_back(select);
  for (SelectInst *select : selects) {
    IRBuilder<> builder(select);
    Type *type = select->getType();
    Type *integer = type->getWithNewType(builder.getInt16Ty());
    Value *chosen = builder.CreateSelect(
        select->getCondition(),
        builder.CreateBitCast(select->getTrueValue(), integer),
        builder.CreateBitCast(select->getFalseValue(), integer));
    select->replaceAllUsesWith(builder.CreateBitCast(chosen, type));
    select->eraseFromParent();
  }
}

} // namespace

void edgec::prepareModule(Module &module, const TargetMachine &machine,
                          StringRef name) {
  module.setTargetTriple(machine.getTargetTriple().str());
  module.setDataLayout(machine.createDataLayout());
  module.setModuleIdentifier(name);
  module.setSourceFileName(name);
  for (StringRef metadata : {"llvm.ident", "llvm.commandline"})
    if (NamedMDNode *node = module.getNamedMetadata(metadata))
      node->eraseFromParent();
  if (module.getPICLevel() == PICLevel::NotPIC)
    module.setPICLevel(PICLevel::BigPIC);
}

Error edgec::optimizeModule(Module &module, TargetMachine &machine) {
  if (Error error = verify(module))
    return error;
  CollectDiagnostics diagnostics(module.getContext());

  LoopAnalysisManager loopAnalyses;
  FunctionAnalysisManager functionAnalyses;
  CGSCCAnalysisManager callGraphAnalyses;
  ModuleAnalysisManager moduleAnalyses;
  PassBuilder passBuilder(&machine, tuning());
  // Registered first, so that the builder's default does not take its place.
  functionAnalyses.registerPass([&] {
    return TargetLibraryAnalysis(
        memoryFunctionsOnly(machine.getTargetTriple()));
  });
  passBuilder.registerModuleAnalyses(moduleAnalyses);
  passBuilder.registerCGSCCAnalyses(callGraphAnalyses);
  passBuilder.registerFunctionAnalyses(functionAnalyses);
  passBuilder.registerLoopAnalyses(loopAnalyses);
  passBuilder.crossRegisterProxies(loopAnalyses, functionAnalyses,
                                   callGraphAnalyses, moduleAnalyses);
  ModulePassManager passes =
      passBuilder.buildPerModuleDefaultPipeline(OptimizationLevel::O2);
  return recover([&] {
    passes.run(module, moduleAnalyses);
    selectHalvesAsIntegers(module);
    return diagnostics.takeError();
  });
}

Error edgec::emitMachineCode(Module &module, TargetMachine &machine,
                             CodeGenFileType type, raw_pwrite_stream &os) {
  CollectDiagnostics diagnostics(module.getContext());
  // Not destroyed after a crash within it.
  auto passes = std::make_unique<legacy::PassManager>();
  passes->add(new TargetLibraryInfoWrapperPass(
      memoryFunctionsOnly(machine.getTargetTriple())));
  if (machine.addPassesToEmitFile(*passes, os, nullptr, type))
    return createStringError("LLVM cannot write this kind of file for " +
                             machine.getTargetTriple().str());
  bool finished = false;
  Error error = recover([&] {
    passes->run(module);
    finished = true;
    return diagnostics.takeError();
  });
  if (!finished)
    (void)passes.release();
  return error;
}
