//===- Artefact.cpp - A compiled model, loaded and run --------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "edgec/Target/Artefact.h"
#include "edgec/Target/Identifiers.h"
#include "edgec/Target/Interface.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/BinaryFormat/ELF.h"
#include "llvm/Object/ELFObjectFile.h"
#include "llvm/Support/Endian.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MathExtras.h"
#include "llvm/TargetParser/Host.h"
#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <dlfcn.h>

using namespace edgec;
using namespace llvm;

namespace {

using ElfFile = object::ELFObjectFileBase;

/// What an artefact's ELF note says.
struct Note {
  uint32_t abiVersion = 0;
  std::string modelName;
};

Error notAnArtefact(StringRef path, const Twine &why) {
  return createStringError("'" + path.str() + "' " + why.str() +
                           "; make one with `edgec compile --emit=shared`");
}

/// The note of `section`'s contents, or nothing where it is not ours. `bytes`
/// come from a file that anybody may have written.
std::optional<Note> parseNote(StringRef bytes) {
  constexpr size_t word = sizeof(uint32_t);
  auto takeWord = [&](uint32_t &value) {
    if (bytes.size() < word)
      return false;
    value = support::endian::read32le(bytes.data());
    bytes = bytes.drop_front(word);
    return true;
  };
  uint32_t ownerSize, contentSize, type;
  if (!takeWord(ownerSize) || !takeWord(contentSize) || !takeWord(type) ||
      type != noteType)
    return std::nullopt;
  StringRef owner = bytes.take_front(ownerSize);
  if (owner != StringRef(noteOwner, StringRef(noteOwner).size() + 1))
    return std::nullopt;
  bytes = bytes.drop_front(
      std::min<uint64_t>(bytes.size(), alignTo(ownerSize, word)));
  Note note;
  if (contentSize < word || bytes.size() < contentSize ||
      !takeWord(note.abiVersion))
    return std::nullopt;
  note.modelName = bytes.take_front(contentSize - word)
                       .take_until([](char c) { return c == '\0'; })
                       .str();
  return note;
}

Expected<Note> readNote(StringRef path, const ElfFile &file) {
  for (const object::SectionRef &section : file.sections()) {
    Expected<StringRef> name = section.getName();
    if (!name)
      return name.takeError();
    if (*name != noteSection)
      continue;
    Expected<StringRef> contents = section.getContents();
    if (!contents)
      return contents.takeError();
    if (std::optional<Note> note = parseNote(*contents))
      return *note;
  }
  return notAnArtefact(path, "is a shared library, but not a model compiled by "
                             "edgec");
}

StringRef machineName(uint16_t machine) {
  switch (machine) {
  case ELF::EM_X86_64:
    return "x86-64";
  case ELF::EM_AARCH64:
    return "aarch64";
  default:
    return "another machine";
  }
}

uint16_t hostMachine() {
  return Triple(sys::getProcessTriple()).isAArch64() ? ELF::EM_AARCH64
                                                     : ELF::EM_X86_64;
}

Error checkMachine(StringRef path, const ElfFile &file) {
  uint16_t machine = file.getEMachine();
  if (machine == hostMachine())
    return Error::success();
  return createStringError(
      "'" + path.str() + "' was built for " + machineName(machine).str() +
      " and cannot run on this " + machineName(hostMachine()).str() +
      " machine: compile it with --target=host, or run it on its own machine "
      "or under qemu with edgec-runner");
}

/// Reads the ELF file at `path` without loading it.
Expected<Note> inspectFile(StringRef path) {
  auto buffer = MemoryBuffer::getFile(path, /*IsText=*/false,
                                      /*RequiresNullTerminator=*/false);
  if (!buffer)
    return createStringError(buffer.getError(),
                             "cannot read '" + path.str() +
                                 "': " + buffer.getError().message());
  auto binary = object::createBinary((*buffer)->getMemBufferRef());
  if (!binary) {
    consumeError(binary.takeError());
    return notAnArtefact(path, "is not a shared library");
  }
  auto *file = dyn_cast<ElfFile>(binary->get());
  if (!file || !file->is64Bit() || file->getEType() != ELF::ET_DYN)
    return notAnArtefact(path, "is not a 64-bit ELF shared library");
  Expected<Note> note = readNote(path, *file);
  if (!note)
    return note.takeError();
  if (note->abiVersion != EDGEC_ABI_VERSION)
    return createStringError(
        "'" + path.str() + "' has the interface of ABI version " +
        std::to_string(note->abiVersion) + ", this edgec that of version " +
        std::to_string(EDGEC_ABI_VERSION) + ": compile the model again");
  if (Error error = checkMachine(path, *file))
    return std::move(error);
  return note;
}

/// Whether the compiler that made the artefact knew the field.
bool hasShapeOutputs(const edgec_entry_point &entry) {
  return entry.struct_size >= offsetof(edgec_entry_point, shape_outputs) +
                                  sizeof(entry.shape_outputs) &&
         entry.shape_outputs;
}

std::vector<TensorSpec> tensorSpecs(const edgec_tensor_info *tensors,
                                    uint32_t count) {
  std::vector<TensorSpec> specs;
  for (const edgec_tensor_info &tensor : ArrayRef(tensors, count))
    specs.push_back(
        {tensor.name, static_cast<ElementType>(tensor.type),
         std::vector<int64_t>(tensor.shape, tensor.shape + tensor.rank)});
  return specs;
}

/// Entry points of older compilers end before these fields.
void readBatch(const edgec_entry_point &entry, EntryPointSpec &spec) {
  if (entry.struct_size < sizeof(entry) || entry.max_batch == 0)
    return;
  spec.maxBatch = entry.max_batch;
  const uint8_t *flag = entry.is_batch;
  for (TensorSpec &input : spec.inputs)
    input.isBatch = *flag++;
  for (TensorSpec &output : spec.outputs)
    output.isBatch = *flag++;
}

ModelSpec toSpec(const edgec_model_info &info) {
  ModelSpec spec;
  spec.name = info.name;
  spec.source = info.source;
  spec.sha256 = info.sha256;
  for (const edgec_entry_point *entry :
       ArrayRef(info.entry_points, info.num_entry_points)) {
    EntryPointSpec entrySpec;
    entrySpec.name = entry->name;
    entrySpec.symbol = spec.name + "_" + entrySpec.name;
    entrySpec.inputs = tensorSpecs(entry->inputs, entry->num_inputs);
    entrySpec.outputs = tensorSpecs(entry->outputs, entry->num_outputs);
    if (hasShapeOutputs(*entry))
      for (auto [output, shape] :
           zip(entrySpec.outputs,
               ArrayRef(entry->shape_outputs, entry->num_outputs)))
        if (shape < entry->num_outputs)
          output.shapeOutput = shape;
    entrySpec.arenaSize = entry->arena_size;
    entrySpec.arenaAlign = entry->arena_align;
    entrySpec.arenaLowerBound = entry->arena_lower_bound;
    readBatch(*entry, entrySpec);
    for (const edgec_layer_info &layer :
         ArrayRef(entry->layers, entry->num_layers))
      entrySpec.layers.push_back({layer.name, layer.kind, layer.arithmetic,
                                  layer.macs, layer.bytes, layer.kernel});
    spec.entryPoints.push_back(std::move(entrySpec));
  }
  return spec;
}

std::string describe(const Tensor &tensor) {
  return std::string(name(tensor.type())) + " [" + formatShape(tensor.shape()) +
         "]";
}

std::string describe(const TensorSpec &spec) {
  return std::string(name(spec.type)) + " [" + formatShape(spec) + "]";
}

} // namespace

void Artefact::CloseLibrary::operator()(void *handle) const { dlclose(handle); }
void Artefact::FreeArena::operator()(void *arena) const { std::free(arena); }

Artefact::Artefact(void *library, const edgec_model_info *info)
    : library(library), modelInfo(info), modelSpec(toSpec(*info)),
      arenas(modelSpec.entryPoints.size()) {}
Artefact::Artefact(Artefact &&) = default;
Artefact &Artefact::operator=(Artefact &&) = default;
Artefact::~Artefact() = default;

Expected<Artefact> Artefact::open(StringRef path) {
  Expected<Note> note = inspectFile(path);
  if (!note)
    return note.takeError();
  // dlopen searches the library path for a name without a slash.
  SmallString<128> absolute(path);
  if (std::error_code code = sys::fs::make_absolute(absolute))
    return errorCodeToError(code);
  // Double-precision models need libm, which not every program has loaded.
  dlopen("libm.so.6", RTLD_LAZY | RTLD_GLOBAL);
  void *library = dlopen(absolute.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (!library)
    return createStringError("cannot load '" + path.str() + "': " + dlerror());

  using InfoFunction = const edgec_model_info *();
  auto *getInfo = reinterpret_cast<InfoFunction *>(
      dlsym(library, (note->modelName + "_info").c_str()));
  const edgec_model_info *info = getInfo ? getInfo() : nullptr;
  if (!info || info->abi_version != EDGEC_ABI_VERSION) {
    dlclose(library);
    return notAnArtefact(path, "is damaged: it lacks the description of the "
                               "model '" +
                                   note->modelName + "'");
  }
  return Artefact(library, info);
}

void Artefact::DestroyThreads::operator()(edgec_threads *threads) const {
  edgec_threads_destroy(threads);
}

Error Artefact::useThreads(size_t threads) {
  edgec_threads *created = nullptr;
  if (threads > 1)
    if (int code = edgec_threads_create(&created, threads))
      return createStringError("cannot start %zu threads: %s", threads,
                               std::strerror(code));
  pool.reset(created);
  threadCount = threads;
  return Error::success();
}

/// What of a context the caller knows, the rest zero, with `pool` where it has
/// no threads of its own.
static edgec_context lendThreads(edgec_threads *pool,
                                 const edgec_context *context) {
  edgec_context result = {};
  if (context)
    std::memcpy(&result, context,
                std::min(context->struct_size, sizeof(result)));
  result.struct_size = sizeof(result);
  if (pool && !result.parallel_for)
    edgec_threads_lend(pool, &result);
  return result;
}

Expected<unsigned> Artefact::findEntryPoint(StringRef name) const {
  std::string known;
  for (auto [index, entry] : enumerate(modelSpec.entryPoints)) {
    if (entry.name == name)
      return index;
    known += (known.empty() ? "" : ", ") + entry.name;
  }
  return createStringError("model '" + modelSpec.name +
                           "' has no entry point '" + name.str() + "', only " +
                           known);
}

std::vector<Tensor> Artefact::makeOutputs(unsigned entryPoint,
                                          uint64_t samples) const {
  std::vector<Tensor> outputs;
  for (const TensorSpec &output : modelSpec.entryPoints[entryPoint].outputs)
    outputs.emplace_back(output.type, shapeOfBatch(output, samples));
  return outputs;
}

static bool fits(const Tensor &tensor, const TensorSpec &spec,
                 uint64_t samples) {
  return tensor.type() == spec.type &&
         tensor.shape() == shapeOfBatch(spec, samples);
}

Expected<uint64_t> Artefact::checkInputs(unsigned entryPoint,
                                         ArrayRef<Tensor> inputs) const {
  const EntryPointSpec &entry = modelSpec.entryPoints[entryPoint];
  if (inputs.size() != entry.inputs.size())
    return createStringError(
        "the model takes " + std::to_string(entry.inputs.size()) +
        " inputs, and " + std::to_string(inputs.size()) + " are given");
  uint64_t samples = samplesOf(entry, inputs);
  for (auto [spec, tensor] : zip(entry.inputs, inputs))
    if (!fits(tensor, spec, samples))
      return createStringError("input '" + spec.name + "' is " +
                               describe(tensor) + ", the model takes " +
                               describe(spec));
  return samples;
}

Expected<void *> Artefact::arenaOf(unsigned entryPoint) {
  const EntryPointSpec &entry = modelSpec.entryPoints[entryPoint];
  Arena &arena = arenas[entryPoint];
  if (!arena && entry.arenaSize != 0) {
    // aligned_alloc wants a multiple of the alignment.
    arena.reset(std::aligned_alloc(entry.arenaAlign,
                                   alignTo(entry.arenaSize, entry.arenaAlign)));
    if (!arena)
      return createStringError("not enough memory for an arena of " +
                               std::to_string(entry.arenaSize) + " bytes");
  }
  return arena.get();
}

Expected<std::vector<Tensor>> Artefact::run(unsigned entryPoint,
                                            ArrayRef<Tensor> inputs,
                                            const edgec_context *context) {
  Expected<uint64_t> samples = checkInputs(entryPoint, inputs);
  if (!samples)
    return samples.takeError();
  std::vector<Tensor> outputs = makeOutputs(entryPoint, *samples);
  if (Error error = run(entryPoint, inputs, outputs, context))
    return std::move(error);
  return outputs;
}

Error Artefact::run(unsigned entryPoint, ArrayRef<Tensor> inputs,
                    MutableArrayRef<Tensor> outputs,
                    const edgec_context *context) {
  Expected<uint64_t> samples = checkInputs(entryPoint, inputs);
  if (!samples)
    return samples.takeError();
  const EntryPointSpec &entry = modelSpec.entryPoints[entryPoint];
  auto isExpected = [&](const auto &pair) {
    const auto &[spec, tensor] = pair;
    return fits(tensor, spec, *samples);
  };
  if (outputs.size() != entry.outputs.size() ||
      !all_of(zip(entry.outputs, outputs), isExpected))
    return createStringError("the output tensors are not those of '" +
                             entry.symbol + "'");
  Expected<void *> arena = arenaOf(entryPoint);
  if (!arena)
    return arena.takeError();

  // An empty tensor may have no storage, and NULL is an error for the model.
  static char emptyTensor;
  SmallVector<void *> buffers;
  for (const Tensor &input : inputs)
    buffers.push_back(input.byteCount() == 0
                          ? &emptyTensor
                          : const_cast<char *>(input.bytes()));
  for (Tensor &output : outputs)
    buffers.push_back(output.byteCount() == 0 ? &emptyTensor
                                              : output.mutableBytes());
  edgec_context lent = lendThreads(pool.get(), context);
  const edgec_entry_point &model = *modelInfo->entry_points[entryPoint];
  int code = entry.maxBatch == 0
                 ? model.call(buffers.data(), *arena, &lent)
                 : model.call_samples(*samples, buffers.data(), *arena, &lent);
  if (code != EDGEC_OK)
    return createStringError("running '" + entry.symbol +
                             "' failed with edgec error " +
                             std::to_string(code));
  return Error::success();
}
