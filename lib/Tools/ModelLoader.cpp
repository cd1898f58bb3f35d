//===- ModelLoader.cpp - Models that can be run ---------------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "edgec/Tools/ModelLoader.h"
#include "edgec/Dialect/Edge/EdgeDialect.h"
#include "edgec/Reference/Interpreter.h"
#include "edgec/Support/AtomicFile.h"
#include "edgec/Target/CodeSize.h"
#include "edgec/Target/Emit.h"
#include "edgec/Tools/Calibration.h"
#include "edgec/Tools/Errors.h"
#include "edgec/Tools/Executor.h"
#include "edgec/Tools/MemoryNeed.h"
#include "edgec/Tools/TrueShapes.h"

using namespace edgec;
using namespace llvm;

namespace {

class LoadedArtefact : public RunnableModel {
public:
  explicit LoadedArtefact(Artefact artefact) : artefact(std::move(artefact)) {}

  const EntryPointSpec &entryPoint() const override {
    return artefact.spec().entryPoints.front();
  }

  Expected<std::vector<Tensor>> run(ArrayRef<Tensor> inputs) override {
    return artefact.run(/*entryPoint=*/0, inputs);
  }

  Error useThreads(size_t threads) override {
    return artefact.useThreads(threads);
  }

private:
  Artefact artefact;
};

class InterpretedModel : public RunnableModel {
public:
  InterpretedModel(std::shared_ptr<CompilerSession> session,
                   mlir::OwningOpRef<mlir::ModuleOp> module,
                   mlir::func::FuncOp function, EntryPointSpec spec)
      : session(std::move(session)), module(std::move(module)),
        function(function), spec(std::move(spec)) {}

  const EntryPointSpec &entryPoint() const override { return spec; }

  Expected<std::vector<Tensor>> run(ArrayRef<Tensor> inputs) override {
    mlir::FailureOr<std::vector<Tensor>> outputs = interpret(function, inputs);
    if (mlir::failed(outputs))
      return session->takeErrors("the reference interpreter failed");
    return std::move(*outputs);
  }

  Error useThreads(size_t) override { return Error::success(); }

private:
  std::shared_ptr<CompilerSession> session;
  mlir::OwningOpRef<mlir::ModuleOp> module;
  mlir::func::FuncOp function;
  EntryPointSpec spec;
};

/// Whether the model came with quantized tensors.
bool isQuantized(mlir::ModuleOp module) {
  return module
      .walk([](mlir::Operation *op) {
        return isa<edge::QuantizeOp, edge::DequantizeOp>(op)
                   ? mlir::WalkResult::interrupt()
                   : mlir::WalkResult::advance();
      })
      .wasInterrupted();
}

/// A quantized model is interpreted as normalised: what it means is defined by
/// its integer form, whose bits are the same everywhere, and not by ONNX's
/// reading in floating point. So is one whose weights are rounded, which
/// happens then. Others are interpreted as imported, so that normalisation is
/// under test too.
Expected<std::unique_ptr<RunnableModel>>
loadForInterpreter(std::shared_ptr<CompilerSession> session,
                   mlir::OwningOpRef<mlir::ModuleOp> module,
                   const LoadOptions &options) {
  if (isQuantized(*module) || !options.adaptation.isNone()) {
    Expected<TargetDescription> target = resolveTargetOption(options);
    if (!target)
      return target.takeError();
    if (Error error = session->runPhases(*module, Phase::Normalise, *target,
                                         options.adaptation))
      return std::move(error);
  }
  Expected<mlir::func::FuncOp> function = mainFunction(*module);
  if (!function)
    return function.takeError();
  Expected<EntryPointSpec> spec = signatureOf(*function);
  if (!spec)
    return spec.takeError();
  if (Error error = requireMemory(*spec))
    return std::move(error);
  return withTrueShapes(std::make_unique<InterpretedModel>(
      std::move(session), std::move(module), *function, std::move(*spec)));
}

/// A shared library in a temporary folder.
struct TemporaryLibrary {
  TemporaryFolder folder;
  std::string path;
  ModelSpec spec;
};

Expected<TemporaryLibrary> compileModuleToLibrary(
    CompilerSession &session, mlir::OwningOpRef<mlir::ModuleOp> module,
    const LoadOptions &options, const TargetDescription &target,
    PhaseObserver observer = nullptr) {
  Expected<CompiledModel> compiled =
      session.compile(std::move(module), target, options.adaptation, observer);
  if (!compiled)
    return compiled.takeError();
  if (compiled->spec.entryPoints.empty())
    return createStringError("the compiled model has no entry point");

  Expected<TemporaryFolder> folder = TemporaryFolder::create();
  if (!folder)
    return folder.takeError();
  EmitRequest request;
  request.directory = folder->path().str();
  request.object = request.header = false;
  request.sharedLibrary = true;
  if (Error error =
          emitArtefacts(std::move(compiled->llvmModule), compiled->spec,
                        compiled->weights, target, request))
    return std::move(error);
  std::string library =
      request.directory + "/lib" + compiled->spec.name + ".so";
  return TemporaryLibrary{std::move(*folder), std::move(library),
                          std::move(compiled->spec)};
}

Expected<TemporaryLibrary> compileToLibrary(StringRef path,
                                            const LoadOptions &options,
                                            const TargetDescription &target) {
  CompilerSession session(options.quiet, options.remarks);
  auto module = session.import(path, options);
  if (!module)
    return module.takeError();
  return compileModuleToLibrary(session, std::move(*module), options, target);
}

Expected<Artefact> openThreaded(StringRef path, const LoadOptions &options) {
  Expected<Artefact> artefact = Artefact::open(path);
  if (!artefact)
    return artefact;
  for (const EntryPointSpec &entry : artefact->spec().entryPoints)
    if (Error error = requireMemory(entry))
      return std::move(error);
  if (Error error = artefact->useThreads(options.threads))
    return std::move(error);
  return artefact;
}

Expected<Artefact> openArtefact(StringRef path, const LoadOptions &options) {
  if (options.reference)
    return usageError("--reference needs the ONNX file: a compiled artefact "
                      "cannot be interpreted");
  if (!options.shapes.empty())
    return usageError("--shape needs the ONNX file: the shapes of a compiled "
                      "artefact are fixed");
  if (!options.maxElements.empty())
    return usageError("--max-elements needs the ONNX file: the buffers of a "
                      "compiled artefact have their sizes");
  if (!options.values.empty())
    return usageError("--value needs the ONNX file: the inputs of a compiled "
                      "artefact stay inputs");
  if (options.adaptation.weights != WeightStorage::AsGiven)
    return usageError("--weights needs the ONNX file: the weights of a "
                      "compiled artefact are stored already");
  if (options.adaptation.quantization)
    return usageError("--quantize needs the ONNX file: a compiled artefact "
                      "stays as it is");
  Expected<Artefact> artefact = openThreaded(path, options);
  if (artefact && artefact->spec().entryPoints.empty())
    return createFileError(path, createStringError("no entry point"));
  return artefact;
}

Expected<std::unique_ptr<RunnableModel>>
runLibrary(TemporaryLibrary library, const LoadOptions &options,
           const TargetDescription &target) {
  if (!isNative(target) || !options.executor.empty()) {
    if (Error error = requireMemory(library.spec.entryPoints.front()))
      return std::move(error);
    auto model = makeExecutedModel(std::move(library.folder), library.path,
                                   library.spec.entryPoints.front(), target,
                                   options.executor, options.threads);
    if (!model)
      return model.takeError();
    return withTrueShapes(std::move(*model));
  }
  // Once it is loaded, its file may go.
  Expected<Artefact> artefact = openThreaded(library.path, options);
  if (!artefact)
    return artefact.takeError();
  return makeRunnable(std::move(*artefact));
}

} // namespace

Expected<std::unique_ptr<RunnableModel>>
edgec::loadModule(std::shared_ptr<CompilerSession> session,
                  mlir::OwningOpRef<mlir::ModuleOp> module,
                  const LoadOptions &options, PhaseObserver observer) {
  if (options.reference)
    return loadForInterpreter(std::move(session), std::move(module), options);
  Expected<TargetDescription> target = resolveTargetOption(options);
  if (!target)
    return target.takeError();
  Expected<TemporaryLibrary> library = compileModuleToLibrary(
      *session, std::move(module), options, *target, observer);
  if (!library)
    return library.takeError();
  return runLibrary(std::move(*library), options, *target);
}

static Expected<std::unique_ptr<RunnableModel>>
loadOnnx(StringRef path, const LoadOptions &options) {
  if (!options.reference) // A wrong option is told before the model is read.
    if (Error error = resolveTargetOption(options).takeError())
      return std::move(error);
  auto session = std::make_shared<CompilerSession>(
      options.quiet, options.remarks && !options.reference);
  auto module = session->import(path, options);
  if (!module)
    return module.takeError();
  return loadModule(std::move(session), std::move(*module), options);
}

namespace {

/// A batch in the interpreter: a model of its own for each number of samples,
/// as the importer makes it.
class InterpretedBatches : public RunnableModel {
public:
  static Expected<std::unique_ptr<RunnableModel>>
  create(StringRef path, const LoadOptions &options) {
    std::unique_ptr<InterpretedBatches> result(
        new InterpretedBatches(path, options));
    auto largest = loadOnnx(path, options);
    if (!largest)
      return largest.takeError();
    result->spec = (*largest)->entryPoint();
    result->models[result->spec.maxBatch] = std::move(*largest);
    return result;
  }

  const EntryPointSpec &entryPoint() const override { return spec; }

  Expected<std::vector<Tensor>> run(ArrayRef<Tensor> inputs) override {
    uint64_t samples = samplesOf(spec, inputs);
    std::unique_ptr<RunnableModel> &model = models[samples];
    if (!model) {
      LoadOptions fixed = options;
      fixed.batches.clear();
      for (const auto &batch : options.batches)
        fixed.shapes[batch.getKey()].front() = samples;
      auto loaded = loadOnnx(path, fixed);
      if (!loaded)
        return loaded.takeError();
      model = std::move(*loaded);
    }
    return model->run(inputs);
  }

  Error useThreads(size_t) override { return Error::success(); }

private:
  InterpretedBatches(StringRef path, const LoadOptions &options)
      : path(path), options(options) {}

  std::string path;
  LoadOptions options;
  EntryPointSpec spec;
  std::map<uint64_t, std::unique_ptr<RunnableModel>> models;
};

} // namespace

Expected<std::unique_ptr<RunnableModel>>
edgec::loadModel(StringRef path, const LoadOptions &options) {
  Expected<ModelFileKind> kind = modelFileKind(path);
  if (!kind)
    return kind.takeError();
  if (*kind == ModelFileKind::Artefact) {
    Expected<Artefact> artefact = openArtefact(path, options);
    if (!artefact)
      return artefact.takeError();
    return makeRunnable(std::move(*artefact));
  }
  LoadOptions calibrated = options;
  if (Error error = calibrate(path, calibrated))
    return std::move(error);
  if (options.reference && !options.batches.empty())
    return InterpretedBatches::create(path, calibrated);
  return loadOnnx(path, calibrated);
}

Expected<Artefact> edgec::loadArtefact(StringRef path,
                                       const LoadOptions &options,
                                       uint64_t *codeBytes) {
  Expected<ModelFileKind> kind = modelFileKind(path);
  if (!kind)
    return kind.takeError();
  if (*kind == ModelFileKind::Artefact)
    return openArtefact(path, options);
  Expected<TargetDescription> target = resolveTargetOption(options);
  if (!target)
    return target.takeError();
  if (!isNative(*target))
    return createStringError("code for " + target->name +
                             " does not run on this machine, and a time in an "
                             "emulator says nothing; run the artefact there");
  LoadOptions calibrated = options;
  if (Error error = calibrate(path, calibrated))
    return std::move(error);
  Expected<TemporaryLibrary> library =
      compileToLibrary(path, calibrated, *target);
  if (!library)
    return library.takeError();
  if (codeBytes) {
    Expected<uint64_t> bytes = codeSize(library->path);
    if (!bytes)
      return bytes.takeError();
    *codeBytes = *bytes;
  }
  return openThreaded(library->path, options);
}

std::unique_ptr<RunnableModel> edgec::makeRunnable(Artefact artefact) {
  return withTrueShapes(std::make_unique<LoadedArtefact>(std::move(artefact)));
}
