//===- Compiler.cpp - From a file to a compiled model ---------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "edgec/Tools/Compiler.h"
#include "edgec/Dialect/Edge/EdgeDialect.h"
#include "edgec/Dialect/Edge/RuntimeShape.h"
#include "edgec/Import/Onnx.h"
#include "edgec/Reference/Interpreter.h"
#include "edgec/Tools/Errors.h"
#include "edgec/Tools/Register.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "llvm/BinaryFormat/Magic.h"
#include "llvm/Support/FileSystem.h"

using namespace edgec;
using namespace mlir;

static std::unique_ptr<MLIRContext> makeContext() {
  DialectRegistry registry;
  registerAllEdgecDialects(registry);
  auto context = std::make_unique<MLIRContext>(registry);
  context->loadAllAvailableDialects();
  return context;
}

CompilerSession::CompilerSession(bool quiet, bool remarks)
    : mlirContext(makeContext()),
      diagnostics(mlirContext.get(), quiet, remarks) {}

llvm::Expected<TargetDescription>
edgec::resolveTargetOption(const LoadOptions &options) {
  llvm::Expected<TargetDescription> target = resolveTarget(options.target);
  if (!target)
    return usageError(llvm::toString(target.takeError()));
  if (options.adaptation.weights == WeightStorage::F16 &&
      !target->hasF16Convert)
    return usageError("--weights=f16: " + target->displayName() +
                      " has no instruction that widens f16 (F16C); use "
                      "--weights=bf16, or --target=x86-64-v3");
  return target;
}

llvm::Expected<ModelFileKind> edgec::modelFileKind(llvm::StringRef path) {
  llvm::sys::fs::file_status status;
  if (std::error_code code = llvm::sys::fs::status(path, status))
    return llvm::createStringError("cannot open the model '" + path +
                                   "': " + code.message() + "; check the path");
  if (llvm::sys::fs::is_directory(status))
    return llvm::createStringError("'" + path +
                                   "' is a folder; give the model file in it");
  llvm::file_magic magic;
  if (std::error_code code = llvm::identify_magic(path, magic))
    return llvm::createStringError("cannot read the model '" + path +
                                   "': " + code.message());
  switch (magic) {
  case llvm::file_magic::elf_shared_object:
    return ModelFileKind::Artefact;
  case llvm::file_magic::elf_relocatable:
  case llvm::file_magic::archive:
    return llvm::createStringError(
        "'" + path +
        "' is an object or an archive, to be linked into a "
        "program; what can be loaded is the shared library that "
        "'edgec compile --emit=shared' writes");
  default:
    return ModelFileKind::Onnx;
  }
}

llvm::Expected<OwningOpRef<ModuleOp>>
CompilerSession::import(llvm::StringRef path, const LoadOptions &options) {
  OnnxImportOptions importOptions;
  importOptions.shapes = options.shapes;
  importOptions.batches = options.batches;
  importOptions.values = options.values;
  importOptions.maxElements = options.maxElements;
  importOptions.assumeBatchOne = options.assumeBatchOne;
  importOptions.modelName = options.modelName;
  OwningOpRef<ModuleOp> module = importOnnx(path, importOptions, &context());
  if (!module)
    return takeErrors("cannot import '" + path + "'");
  return module;
}

llvm::Error CompilerSession::runPhases(ModuleOp module, Phase last,
                                       const TargetDescription &target,
                                       const Adaptation &adaptation) {
  if (failed(edgec::runPhases(module, last, target, adaptation)))
    return takeErrors("the compiler failed in phase '" + name(last) +
                      "' or before it");
  return llvm::Error::success();
}

llvm::Error CompilerSession::prepare(ModuleOp module,
                                     const Adaptation &adaptation) {
  if (failed(edgec::prepare(module, adaptation)))
    return takeErrors("the model could not be prepared");
  return llvm::Error::success();
}

llvm::Expected<CompiledModel>
CompilerSession::compile(OwningOpRef<ModuleOp> module,
                         const TargetDescription &target,
                         const Adaptation &adaptation, PhaseObserver observer) {
  FailureOr<CompiledModel> compiled =
      edgec::compile(std::move(module), target, adaptation, observer);
  if (failed(compiled))
    return takeErrors("the compiler failed");
  return std::move(*compiled);
}

llvm::Expected<func::FuncOp> edgec::mainFunction(ModuleOp module) {
  if (auto function = module.lookupSymbol<func::FuncOp>("run"))
    return function;
  return llvm::createStringError("the module has no function 'run'");
}

static llvm::Expected<TensorSpec> tensorSpec(Type type, StringAttr name) {
  auto tensorType = dyn_cast<RankedTensorType>(type);
  std::optional<ElementType> elementType =
      tensorType ? toElementType(tensorType.getElementType()) : std::nullopt;
  if (!elementType || !tensorType.hasStaticShape())
    return llvm::createStringError("an input or output of the model is not a "
                                   "tensor of numbers with a static shape");
  return TensorSpec{name ? name.str() : "", *elementType,
                    tensorType.getShape().vec()};
}

llvm::Expected<EntryPointSpec> edgec::signatureOf(func::FuncOp function) {
  EntryPointSpec spec;
  for (unsigned i = 0; i < function.getNumArguments(); ++i) {
    auto name = function.getArgAttrOfType<StringAttr>(i, edge::tensorNameAttr);
    auto input = tensorSpec(function.getArgumentTypes()[i], name);
    if (!input)
      return input.takeError();
    input->isBatch = !!function.getArgAttr(i, edge::batchAttr);
    if (input->isBatch)
      spec.maxBatch = input->shape.front();
    spec.inputs.push_back(std::move(*input));
  }
  for (unsigned i = 0; i < function.getNumResults(); ++i) {
    auto name =
        function.getResultAttrOfType<StringAttr>(i, edge::tensorNameAttr);
    auto output = tensorSpec(function.getResultTypes()[i], name);
    if (!output)
      return output.takeError();
    spec.outputs.push_back(std::move(*output));
    if (auto of =
            function.getResultAttrOfType<IntegerAttr>(i, edge::shapeOfAttr))
      spec.outputs[of.getInt()].shapeOutput = i;
  }
  return spec;
}
