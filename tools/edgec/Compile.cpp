//===- Compile.cpp - edgec compile ----------------------------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "CompileReport.h"
#include "Options.h"
#include "edgec/Export/Onnx.h"
#include "edgec/Support/AtomicFile.h"
#include "edgec/Support/Terminal.h"
#include "edgec/Target/CodeSize.h"
#include "edgec/Target/Emit.h"
#include "edgec/Target/Identifiers.h"
#include "edgec/Tools/Calibration.h"
#include "edgec/Tools/Compiler.h"
#include "edgec/Tools/Errors.h"
#include "mlir/IR/AttrTypeSubElements.h"
#include "llvm/ADT/StringSwitch.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"

using namespace edgec;
using namespace llvm;

namespace {

struct CompileRequest {
  std::string model;
  LoadOptions load;
  EmitRequest emit;
  bool mlir = false;
  bool onnx = false;
  OnnxExportOptions onnxExport;
  Phase after = Phase::Vectorize;
  bool elideWeights = false;
  bool toStandardOutput = false;
  bool json = false;
  std::string report; ///< A file, empty: none.

  bool emitsArtefacts() const {
    return emit.object || emit.header || emit.staticLibrary ||
           emit.sharedLibrary || emit.assembly || emit.llvmIr;
  }
};

//===----------------------------------------------------------------------===//
// Options
//===----------------------------------------------------------------------===//

Error parseEmit(StringRef kinds, CompileRequest &request) {
  request.emit.object = request.emit.header = false;
  SmallVector<StringRef> parts;
  kinds.split(parts, ',');
  for (StringRef kind : parts) {
    bool *flag = StringSwitch<bool *>(kind.trim())
                     .Cases("object", "obj", &request.emit.object)
                     .Case("header", &request.emit.header)
                     .Case("static", &request.emit.staticLibrary)
                     .Case("shared", &request.emit.sharedLibrary)
                     .Case("asm", &request.emit.assembly)
                     .Case("llvm", &request.emit.llvmIr)
                     .Case("mlir", &request.mlir)
                     .Case("onnx", &request.onnx)
                     .Default(nullptr);
    if (!flag)
      return usageError("--emit: unknown kind '" + kind +
                        "'; the kinds are object, header, static, shared, asm, "
                        "llvm, mlir and onnx");
    *flag = true;
  }
  return Error::success();
}

Error parseOpset(const opt::InputArgList &arguments, CompileRequest &request) {
  const opt::Arg *opset = arguments.getLastArg(OPT_opset);
  if (!opset)
    return Error::success();
  if (!request.onnx)
    return usageError("--opset needs onnx among the kinds of --emit");
  int64_t &number = request.onnxExport.opset;
  if (StringRef(opset->getValue()).getAsInteger(10, number) ||
      number < oldestExportedOpset || number > newestExportedOpset)
    return usageError("--opset=" + Twine(opset->getValue()) +
                      ": models are written in the operator sets " +
                      Twine(oldestExportedOpset) + " to " +
                      Twine(newestExportedOpset));
  return Error::success();
}

Error checkStandardOutput(const CompileRequest &request) {
  const EmitRequest &emit = request.emit;
  int files =
      emit.header + emit.assembly + emit.llvmIr + request.mlir + request.onnx;
  if (files == 1 && !emit.object && !emit.staticLibrary && !emit.sharedLibrary)
    return Error::success();
  return usageError("-o -: only one file can go to standard output; add "
                    "--emit=asm, llvm, mlir, onnx or header");
}

Expected<CompileRequest> parseRequest(const opt::InputArgList &arguments) {
  CompileRequest request;
  Expected<std::string> model = onlyInput(arguments, "model");
  if (!model)
    return model.takeError();
  request.model = std::move(*model);
  Expected<LoadOptions> load = loadOptions(arguments);
  if (!load)
    return load.takeError();
  request.load = std::move(*load);
  request.load.assumeBatchOne = false;
  if (!request.load.modelName.empty() && !isCIdentifier(request.load.modelName))
    return usageError("--name=" + request.load.modelName +
                      ": a C identifier is needed, such as '" +
                      cIdentifier(request.load.modelName) + "'");

  if (arguments.hasArg(OPT_emit)) {
    if (Error error = parseEmit(arguments.getLastArgValue(OPT_emit), request))
      return std::move(error);
  } else if (arguments.hasArg(OPT_after)) {
    cantFail(parseEmit("mlir", request));
  }
  if (const opt::Arg *after = arguments.getLastArg(OPT_after)) {
    std::optional<Phase> phase = parsePhase(after->getValue());
    if (!phase)
      return usageError("--after=" + Twine(after->getValue()) +
                        ": the phases are import, normalise, layout, kernel, "
                        "plan and vectorize");
    if (!request.mlir)
      return usageError("--after needs mlir among the kinds of --emit");
    request.after = *phase;
  }
  if (Error error = parseOpset(arguments, request))
    return std::move(error);
  request.elideWeights = arguments.hasArg(OPT_elide_weights);
  request.json = arguments.hasArg(OPT_json);
  request.report = arguments.getLastArgValue(OPT_report).str();
  request.emit.directory =
      arguments.getLastArgValue(OPT_output_folder, ".").str();
  request.toStandardOutput = request.emit.directory == "-";
  if (request.toStandardOutput)
    if (Error error = checkStandardOutput(request))
      return std::move(error);
  return request;
}

//===----------------------------------------------------------------------===//
// Work
//===----------------------------------------------------------------------===//

/// Whether files can be written into `folder` or, where it is missing, whether
/// it can be made: known before the long work, not after it. Nothing is made
/// yet, so that an error leaves nothing behind.
Error checkFolder(StringRef folder) {
  SmallString<128> existing(folder);
  if (sys::fs::make_absolute(existing))
    return Error::success(); // Writing will say why.
  while (!sys::fs::exists(existing) && sys::path::has_parent_path(existing))
    sys::path::remove_filename(existing);
  if (!sys::fs::is_directory(existing))
    return createStringError("cannot write into '" + folder +
                             "': there is a file of that name in the way; "
                             "choose another folder with -o");
  if (sys::fs::access(existing, sys::fs::AccessMode::Write))
    return createStringError("cannot write into '" + folder +
                             "': permission denied; choose another folder "
                             "with -o");
  return Error::success();
}

std::string pathIn(const EmitRequest &emit, const Twine &name) {
  SmallString<128> path(emit.directory);
  sys::path::append(path, name);
  return std::string(path);
}

std::string modelName(mlir::ModuleOp module) {
  auto attribute = module->getAttrOfType<mlir::StringAttr>("edge.model_name");
  return attribute ? attribute.str() : "model";
}

/// Takes the folders out of locations: the text shall not depend on where the
/// model lies.
void dropFolders(mlir::ModuleOp module) {
  mlir::AttrTypeReplacer replacer;
  replacer.addReplacement([](mlir::FileLineColLoc location) {
    return mlir::Attribute(mlir::FileLineColLoc::get(
        location.getContext(), sys::path::filename(location.getFilename()),
        location.getLine(), location.getColumn()));
  });
  replacer.recursivelyReplaceElementsIn(module, /*replaceAttrs=*/false,
                                        /*replaceLocs=*/true);
}

/// Prints the module after the phase that was asked for. It is imported for
/// this alone: passes free the weights that they replace.
Error emitMlir(const CompileRequest &request, const TargetDescription &target,
               CompileReport &report) {
  CompilerSession session;
  auto module = session.import(request.model, request.load);
  if (!module)
    return module.takeError();
  if (Error error = session.runPhases(**module, request.after, target,
                                      request.load.adaptation))
    return error;
  dropFolders(**module);
  mlir::OpPrintingFlags flags;
  // Locations are the names of the source model's nodes: part of the IR.
  flags.enableDebugInfo();
  constexpr int64_t elementsToKeep = 16;
  if (request.elideWeights) {
    flags.elideLargeElementsAttrs(elementsToKeep);
    flags.elideLargeResourceString(elementsToKeep);
  }
  std::string path = request.toStandardOutput
                         ? "-"
                         : pathIn(request.emit, modelName(**module) + ".mlir");
  report.files.push_back(path);
  if (!request.toStandardOutput)
    if (std::error_code code =
            sys::fs::create_directories(request.emit.directory))
      return createFileError(request.emit.directory, code);
  return writeFileAtomically(path, [&](raw_ostream &stream) {
    (*module)->print(stream, flags);
    stream << "\n";
    return Error::success();
  });
}

/// Writes the model in ONNX again, from an import of its own as well.
Error emitOnnx(const CompileRequest &request, CompileReport &report) {
  CompilerSession session;
  auto module = session.import(request.model, request.load);
  if (!module)
    return module.takeError();
  if (Error error = session.prepare(**module, request.load.adaptation))
    return error;
  std::string path = request.toStandardOutput
                         ? "-"
                         : pathIn(request.emit, modelName(**module) + ".onnx");
  if (sys::fs::exists(path) && sys::fs::equivalent(path, request.model))
    return createStringError("'" + path +
                             "' is the model itself and would be overwritten; "
                             "choose another folder with -o, or a name with "
                             "--name");
  report.files.push_back(path);
  if (!request.toStandardOutput)
    if (std::error_code code =
            sys::fs::create_directories(request.emit.directory))
      return createFileError(request.emit.directory, code);
  return writeFileAtomically(path, [&](raw_ostream &stream) -> Error {
    if (failed(exportOnnx(**module, request.onnxExport, stream)))
      return session.takeErrors("the model could not be written");
    return Error::success();
  });
}

std::vector<std::string> artefactFiles(const EmitRequest &emit,
                                       const std::string &name) {
  std::vector<std::string> files;
  for (auto [wanted, file] :
       {std::pair(emit.object, name + ".o"),
        std::pair(emit.header, name + ".h"),
        std::pair(emit.staticLibrary, "lib" + name + ".a"),
        std::pair(emit.sharedLibrary, "lib" + name + ".so"),
        std::pair(emit.assembly, name + ".s"),
        std::pair(emit.llvmIr, name + ".ll")})
    if (wanted)
      files.push_back(pathIn(emit, file));
  return files;
}

Error emitCompiled(const CompileRequest &request,
                   const TargetDescription &target, CompileReport &report) {
  CompilerSession session(/*quiet=*/false, request.load.remarks);
  Stopwatch stopwatch;
  auto module = session.import(request.model, request.load);
  if (!module)
    return module.takeError();
  report.phases.push_back({"import", stopwatch.seconds()});
  Expected<CompiledModel> compiled =
      session.compile(std::move(*module), target, request.load.adaptation);
  if (!compiled)
    return compiled.takeError();
  EmitRequest emit = request.emit;
  std::optional<TemporaryFolder> folder;
  if (request.toStandardOutput) {
    Expected<TemporaryFolder> created = TemporaryFolder::create();
    if (!created)
      return created.takeError();
    folder = std::move(*created);
    emit.directory = folder->path().str();
  }
  report.spec = compiled->spec;
  report.weightsSize = compiled->weights.size;
  append_range(report.phases, compiled->times);
  stopwatch = Stopwatch();
  if (Error error =
          emitArtefacts(std::move(compiled->llvmModule), compiled->spec,
                        compiled->weights, target, emit))
    return error;
  report.phases.push_back({"emit", stopwatch.seconds()});
  std::vector<std::string> files = artefactFiles(emit, compiled->spec.name);
  if (request.toStandardOutput) {
    auto text = MemoryBuffer::getFile(files.front());
    if (!text)
      return createFileError(files.front(), text.getError());
    outs() << (*text)->getBuffer();
    return Error::success();
  }
  append_range(report.files, files);
  if (!emit.object && !emit.sharedLibrary)
    return Error::success();
  // The first file is the object, the last binary the shared library.
  Expected<uint64_t> code =
      codeSize(emit.object ? files.front()
                           : pathIn(emit, "lib" + compiled->spec.name + ".so"));
  if (!code)
    return code.takeError();
  report.codeSize = *code;
  return Error::success();
}

/// What the search has chosen, so that it need not be repeated.
Error writeRecipe(const opt::InputArgList &arguments,
                  const CompileRequest &request, CompileReport &report) {
  if (std::error_code code =
          sys::fs::create_directories(request.emit.directory))
    return createFileError(request.emit.directory, code);
  StringRef name = request.load.modelName;
  std::string stem =
      name.empty() ? cIdentifier(sys::path::stem(request.model)) : name.str();
  std::string path = pathIn(request.emit, stem + ".recipe.yaml");
  report.files.push_back(path);
  return writeFileAtomically(
      path,
      makeRecipe(arguments, request.load.adaptation.quantization->layers));
}

//===----------------------------------------------------------------------===//
// The command
//===----------------------------------------------------------------------===//

Error run(const opt::InputArgList &arguments) {
  Stopwatch stopwatch;
  Expected<CompileRequest> request = parseRequest(arguments);
  if (!request)
    return request.takeError();
  Expected<TargetDescription> target = resolveTargetOption(request->load);
  if (!target)
    return target.takeError();
  if (Error error = requireOnnx(request->model))
    return error;
  if (!request->toStandardOutput)
    if (Error error = checkFolder(request->emit.directory))
      return error;

  if (Error error = calibrate(request->model, request->load))
    return error;
  CompileReport report;
  if (!request->load.budget.isNone() && !request->toStandardOutput)
    if (Error error = writeRecipe(arguments, *request, report))
      return error;
  report.target = target->displayName().str();
  if (request->mlir)
    if (Error error = emitMlir(*request, *target, report))
      return error;
  if (request->onnx)
    if (Error error = emitOnnx(*request, report))
      return error;
  if (request->emitsArtefacts())
    if (Error error = emitCompiled(*request, *target, report))
      return error;
  report.seconds = stopwatch.seconds();
  if (!request->report.empty())
    if (Error error =
            writeFileAtomically(request->report, [&](raw_ostream &os) {
              printJson(report, os);
              return Error::success();
            }))
      return error;
  if (request->toStandardOutput)
    return Error::success();
  if (request->json)
    printJson(report, outs());
  else
    printSummary(report, outs());
  return Error::success();
}

} // namespace

const Command edgec::compileCommand = {
    "compile",
    "MODEL.onnx [-o FOLDER] [options]",
    "Compile an ONNX model to an object file with a C header.",
    "Example: edgec compile lenet.onnx -o build --target=aarch64\n"
    "writes build/lenet.o, build/lenet.h and build/edgec.h.",
    CompileCommand,
    run};
