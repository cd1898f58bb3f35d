//===- Compile.cpp - edgec compile ----------------------------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Options.h"
#include "edgec/Support/AtomicFile.h"
#include "edgec/Support/Terminal.h"
#include "edgec/Target/Emit.h"
#include "edgec/Target/Identifiers.h"
#include "edgec/Tools/Compiler.h"
#include "edgec/Tools/Errors.h"
#include "mlir/IR/AttrTypeSubElements.h"
#include "llvm/ADT/StringSwitch.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include <chrono>
#include <fmt/format.h>

using namespace edgec;
using namespace llvm;

namespace {

struct CompileRequest {
  std::string model;
  LoadOptions load;
  EmitRequest emit;
  bool mlir = false;
  Phase after = Phase::Vectorize;
  bool elideWeights = false;
  bool toStandardOutput = false;
  bool json = false;

  bool emitsArtefacts() const {
    return emit.object || emit.header || emit.staticLibrary ||
           emit.sharedLibrary || emit.assembly || emit.llvmIr;
  }
};

/// What is told at the end.
struct Summary {
  ModelSpec spec;
  uint64_t weightsSize = 0;
  std::string target;
  double seconds = 0;
  std::vector<std::string> files;
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
                     .Default(nullptr);
    if (!flag)
      return usageError("--emit: unknown kind '" + kind +
                        "'; the kinds are object, header, static, shared, asm, "
                        "llvm and mlir");
    *flag = true;
  }
  return Error::success();
}

Error checkStandardOutput(const CompileRequest &request) {
  const EmitRequest &emit = request.emit;
  int texts = emit.header + emit.assembly + emit.llvmIr + request.mlir;
  if (texts == 1 && !emit.object && !emit.staticLibrary && !emit.sharedLibrary)
    return Error::success();
  return usageError("-o -: only one text can go to standard output; add "
                    "--emit=asm, llvm, mlir or header");
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
  request.elideWeights = arguments.hasArg(OPT_elide_weights);
  request.json = arguments.hasArg(OPT_json);
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
               Summary &summary) {
  CompilerSession session;
  auto module = session.import(request.model, request.load);
  if (!module)
    return module.takeError();
  if (Error error = session.runPhases(**module, request.after, target,
                                      request.load.weights))
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
  summary.files.push_back(path);
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
                   const TargetDescription &target, Summary &summary) {
  CompilerSession session(/*quiet=*/false, request.load.remarks);
  auto module = session.import(request.model, request.load);
  if (!module)
    return module.takeError();
  Expected<CompiledModel> compiled =
      session.compile(std::move(*module), target, request.load.weights);
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
  summary.spec = compiled->spec;
  summary.weightsSize = compiled->weights.size;
  if (Error error =
          emitArtefacts(std::move(compiled->llvmModule), compiled->spec,
                        compiled->weights, target, emit))
    return error;
  std::vector<std::string> files = artefactFiles(emit, compiled->spec.name);
  if (request.toStandardOutput) {
    auto text = MemoryBuffer::getFile(files.front());
    if (!text)
      return createFileError(files.front(), text.getError());
    outs() << (*text)->getBuffer();
    return Error::success();
  }
  append_range(summary.files, files);
  return Error::success();
}

//===----------------------------------------------------------------------===//
// Summary
//===----------------------------------------------------------------------===//

uint64_t fileSize(StringRef path) {
  uint64_t size = 0;
  return sys::fs::file_size(path, size) ? 0 : size;
}

void printSummary(const Summary &summary) {
  for (const std::string &file : summary.files)
    outs() << fmt::format("{:<40} {:>12}\n", file, formatBytes(fileSize(file)));
  for (const EntryPointSpec &entry : summary.spec.entryPoints)
    outs() << fmt::format("{:<40} {:>12}  ({} bytes, for {})\n", "arena",
                          formatBytes(entry.arenaSize), entry.arenaSize,
                          entry.name);
  if (!summary.spec.entryPoints.empty())
    outs() << fmt::format("{:<40} {:>12}  ({} bytes)\n", "weights",
                          formatBytes(summary.weightsSize),
                          summary.weightsSize);
  outs() << fmt::format("compiled for {} in {:.2f} s\n", summary.target,
                        summary.seconds);
}

void printJson(const Summary &summary) {
  json::OStream stream(outs(), /*IndentSize=*/2);
  stream.object([&] {
    stream.attributeArray("files", [&] {
      for (const std::string &file : summary.files)
        stream.object([&] {
          stream.attribute("path", file);
          stream.attribute("bytes", fileSize(file));
        });
    });
    stream.attribute("name", summary.spec.name);
    stream.attribute("target", summary.target);
    stream.attribute("weights_bytes", summary.weightsSize);
    stream.attributeArray("entry_points", [&] {
      for (const EntryPointSpec &entry : summary.spec.entryPoints)
        stream.object([&] {
          stream.attribute("name", entry.name);
          stream.attribute("arena_bytes", entry.arenaSize);
          stream.attribute("arena_lower_bound", entry.arenaLowerBound);
          stream.attribute("arena_logical_bound", entry.arenaLogicalBound);
          stream.attribute("arena_align", entry.arenaAlign);
        });
    });
    stream.attribute("compile_seconds", summary.seconds);
  });
  outs() << "\n";
}

Error run(const opt::InputArgList &arguments) {
  auto start = std::chrono::steady_clock::now();
  Expected<CompileRequest> request = parseRequest(arguments);
  if (!request)
    return request.takeError();
  Expected<TargetDescription> target = resolveTargetOption(request->load);
  if (!target)
    return target.takeError();
  Expected<ModelFileKind> kind = modelFileKind(request->model);
  if (!kind)
    return kind.takeError();
  if (*kind == ModelFileKind::Artefact)
    return createStringError("'" + request->model +
                             "' is compiled already; give the ONNX file");
  if (!request->toStandardOutput)
    if (Error error = checkFolder(request->emit.directory))
      return error;

  Summary summary;
  summary.target = target->displayName().str();
  if (request->mlir)
    if (Error error = emitMlir(*request, *target, summary))
      return error;
  if (request->emitsArtefacts())
    if (Error error = emitCompiled(*request, *target, summary))
      return error;
  summary.seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - start)
          .count();
  if (request->toStandardOutput)
    return Error::success();
  if (request->json)
    printJson(summary);
  else
    printSummary(summary);
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
