//===- Emit.cpp - Writing a compiled model to files -----------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "edgec/Target/Emit.h"
#include "Link.h"
#include "OutputFiles.h"
#include "RuntimeHeader.h"
#include "edgec/Target/CPU/MachineCode.h"
#include "edgec/Target/ElfWeights.h"
#include "edgec/Target/Header.h"
#include "edgec/Target/Interface.h"
#include "edgec/Target/Libcalls.h"
#include "llvm/Transforms/Utils/Cloning.h"

using namespace edgec;
using namespace llvm;

namespace {

class Emitter {
public:
  Emitter(std::unique_ptr<Module> module, const ModelSpec &spec,
          const WeightsSection &weights, const TargetDescription &target,
          const EmitRequest &request)
      : module(std::move(module)), spec(spec), weights(weights), target(target),
        request(request), files(request.directory) {}

  Error run();

  /// Leaves the module to its context, which deletes it in the end: after a
  /// failure within LLVM, passes that are gone may still be known to it.
  void abandonModule() { (void)module.release(); }

private:
  bool needsObject() const {
    return request.object || request.staticLibrary || request.sharedLibrary;
  }
  bool needsCode() const {
    return needsObject() || request.assembly || request.llvmIr;
  }

  Error optimize();
  Error writeHeaders();
  Error writeIr();
  Error writeAssembly();
  Error writeObject();
  Error writeLibraries();
  Error writeText(StringRef name, StringRef text);

  std::unique_ptr<Module> module;
  const ModelSpec &spec;
  const WeightsSection &weights;
  const TargetDescription &target;
  const EmitRequest &request;
  OutputFiles files;
  std::unique_ptr<TargetMachine> machine;
  std::string objectPath; ///< Temporary.
};

} // namespace

Error Emitter::run() {
  // The cheap things that may fail come before the long work.
  if (Error error = checkWeights(weights))
    return error;
  if (Error error = files.createDirectory())
    return error;
  if (request.header)
    if (Error error = writeHeaders())
      return error;
  if (needsCode())
    if (Error error = optimize())
      return error;
  if (request.llvmIr)
    if (Error error = writeIr())
      return error;
  if (request.assembly)
    if (Error error = writeAssembly())
      return error;
  if (needsObject()) {
    if (Error error = writeObject())
      return error;
    if (Error error = writeLibraries())
      return error;
  }
  return files.commit();
}

Error Emitter::optimize() {
  auto created = createTargetMachine(target);
  if (!created)
    return created.takeError();
  machine = std::move(*created);
  prepareModule(*module, *machine, spec.name);
  if (Error error = addInterface(*module, spec, weights, target))
    return error;
  return optimizeModule(*module, *machine);
}

Error Emitter::writeText(StringRef name, StringRef text) {
  return files
      .write(name,
             [&](raw_fd_ostream &os) {
               os << text;
               return Error::success();
             })
      .takeError();
}

Error Emitter::writeHeaders() {
  Expected<std::string> text = generateHeader(spec, target);
  if (!text)
    return text.takeError();
  if (Error error = writeText("edgec.h", runtimeHeader))
    return error;
  return writeText(spec.name + ".h", *text);
}

Error Emitter::writeIr() {
  return files
      .write(spec.name + ".ll",
             [&](raw_fd_ostream &os) {
               module->print(os, nullptr);
               return Error::success();
             })
      .takeError();
}

Error Emitter::writeAssembly() {
  // Code generation changes the module, which an object may be made from next.
  std::unique_ptr<Module> copy = CloneModule(*module);
  return files
      .write(spec.name + ".s",
             [&](raw_fd_ostream &os) {
               Error error = emitMachineCode(*copy, *machine,
                                             CodeGenFileType::AssemblyFile, os);
               if (error)
                 (void)copy.release(); // See abandonModule.
               return error;
             })
      .takeError();
}

Error Emitter::writeObject() {
  defineWeightsPlaceholder(*module, weights);
  SmallVector<char, 0> object;
  raw_svector_ostream stream(object);
  if (Error error = emitMachineCode(*module, *machine,
                                    CodeGenFileType::ObjectFile, stream))
    return error;
  module.reset();
  if (Error error = checkUndefinedSymbols(
          MemoryBufferRef(StringRef(object.data(), object.size()), spec.name)))
    return error;

  auto write = [&](raw_fd_ostream &os) {
    return writeObjectWithWeights(object, weights, os);
  };
  std::string name = spec.name + ".o";
  Expected<std::string> path = request.object
                                   ? files.write(name, write)
                                   : files.writeIntermediate(name, write);
  if (!path)
    return path.takeError();
  objectPath = *path;
  return Error::success();
}

Error Emitter::writeLibraries() {
  if (request.staticLibrary) {
    Expected<std::string> archive =
        files.write("lib" + spec.name + ".a", [&](raw_fd_ostream &os) {
          return writeArchiveOf(objectPath, spec.name + ".o", os);
        });
    if (!archive)
      return archive.takeError();
  }
  if (!request.sharedLibrary)
    return Error::success();
  std::string name = "lib" + spec.name + ".so";
  Expected<std::string> path = files.reserve(name);
  if (!path)
    return path.takeError();
  return linkSharedLibrary(objectPath, *path, name);
}

Error edgec::emitArtefacts(std::unique_ptr<Module> module,
                           const ModelSpec &spec, const WeightsSection &weights,
                           const TargetDescription &target,
                           const EmitRequest &request) {
  Emitter emitter(std::move(module), spec, weights, target, request);
  Error error = emitter.run();
  if (error)
    emitter.abandonModule();
  return error;
}
