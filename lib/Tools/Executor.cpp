//===- Executor.cpp - Artefacts of other machines, in an emulator ---------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "edgec/Tools/Executor.h"
#include "edgec/Support/TensorFile.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Program.h"
#include "llvm/Support/StringSaver.h"
#include "llvm/TargetParser/Host.h"
#include "llvm/TargetParser/Triple.h"
#include <fmt/format.h>

using namespace edgec;
using namespace llvm;

namespace {

/// `EXECUTOR... RUNNER MODEL.so IN.raw... -o OUT.raw...` for every run.
class ExecutedModel : public RunnableModel {
public:
  ExecutedModel(TemporaryFolder folder, std::vector<std::string> command,
                EntryPointSpec spec, size_t threads)
      : folder(std::move(folder)), command(std::move(command)),
        spec(std::move(spec)), threads(threads) {}

  const EntryPointSpec &entryPoint() const override { return spec; }

  Expected<std::vector<Tensor>> run(ArrayRef<Tensor> inputs) override {
    std::vector<std::string> arguments = command;
    for (auto [index, input] : enumerate(inputs)) {
      arguments.push_back(path("input", index));
      if (Error error = writeTensor(arguments.back(), input))
        return std::move(error);
    }
    arguments.push_back(fmt::format("--threads={}", threads));
    uint64_t samples = samplesOf(spec, inputs);
    if (samples != 0)
      arguments.push_back(fmt::format("--samples={}", samples));
    arguments.push_back("-o");
    for (size_t i = 0; i < spec.outputs.size(); ++i)
      arguments.push_back(path("output", i));
    if (Error error = execute(arguments))
      return std::move(error);

    std::vector<Tensor> outputs;
    for (auto [index, output] : enumerate(spec.outputs)) {
      Expected<Tensor> tensor = readRawTensor(
          path("output", index), output.type, shapeOfBatch(output, samples));
      if (!tensor)
        return tensor.takeError();
      outputs.push_back(std::move(*tensor));
    }
    return outputs;
  }

  Error useThreads(size_t count) override {
    threads = count;
    return Error::success();
  }

private:
  std::string path(StringRef kind, size_t index) {
    return fmt::format("{}/{}_{}.raw", folder.path().str(), kind.str(), index);
  }

  Error execute(ArrayRef<std::string> arguments) {
    std::string errors = (folder.path() + "/stderr").str();
    std::optional<StringRef> redirects[] = {StringRef(), StringRef(), errors};
    SmallVector<StringRef> references(arguments.begin(), arguments.end());
    std::string reason;
    int status =
        sys::ExecuteAndWait(arguments.front(), references,
                            /*Env=*/std::nullopt, redirects,
                            /*SecondsToWait=*/0, /*MemoryLimit=*/0, &reason);
    if (status == 0)
      return Error::success();
    if (auto buffer = MemoryBuffer::getFile(errors))
      reason += (*buffer)->getBuffer().trim().str();
    if (reason.empty())
      reason = fmt::format("exit code {}", status);
    return createStringError("'" + join(references, " ") + "': " + reason);
  }

  TemporaryFolder folder;
  std::vector<std::string> command; ///< Up to and including the library.
  EntryPointSpec spec;
  size_t threads;
};

/// The C library of the target lies where Debian's cross compilers put it.
constexpr StringLiteral
    aarch64Executor("qemu-aarch64 -L /usr/aarch64-linux-gnu -cpu max");

Expected<std::string> defaultExecutor(const Triple &triple) {
  if (triple.isAArch64() && sys::findProgramByName("qemu-aarch64"))
    return aarch64Executor.str();
  std::string architecture = triple.getArchName().str();
  return createStringError("cannot run code for " + architecture +
                           " here: install an emulator (for aarch64: the "
                           "package qemu-user) or name one with "
                           "--executor=COMMAND");
}

/// The runner is installed beside edgec, under a name of its own per machine.
Expected<std::string> findRunner(const Triple &triple) {
  static int anchor; // Any address in this executable.
  SmallString<128> path(
      sys::path::parent_path(sys::fs::getMainExecutable("edgec", &anchor)));
  sys::path::append(path, "edgec-runner-" + triple.getArchName());
  if (!sys::fs::can_execute(path))
    return createStringError("'" + path +
                             "' is missing: it runs models of that machine in "
                             "an emulator; build edgec where the machine's "
                             "cross compiler is installed (for aarch64: the "
                             "package g++-aarch64-linux-gnu)");
  return std::string(path);
}

} // namespace

bool edgec::isNative(const TargetDescription &target) {
  Triple here(sys::getProcessTriple()), there(target.triple);
  return here.getArch() == there.getArch() && here.getOS() == there.getOS();
}

Expected<std::unique_ptr<RunnableModel>> edgec::makeExecutedModel(
    TemporaryFolder folder, std::string library, EntryPointSpec entryPoint,
    const TargetDescription &target, StringRef command, size_t threads) {
  Triple triple(target.triple);
  std::string text = command.str();
  if (text.empty()) {
    Expected<std::string> byDefault = defaultExecutor(triple);
    if (!byDefault)
      return byDefault.takeError();
    text = std::move(*byDefault);
  }
  BumpPtrAllocator allocator;
  StringSaver saver(allocator);
  SmallVector<const char *> words;
  cl::TokenizeGNUCommandLine(text, saver, words);
  if (words.empty())
    return createStringError("--executor is empty");
  ErrorOr<std::string> program = sys::findProgramByName(words.front());
  if (!program)
    return createStringError("cannot find the executor '" +
                             Twine(words.front()) +
                             "': " + program.getError().message());
  Expected<std::string> runner = findRunner(triple);
  if (!runner)
    return runner.takeError();

  std::vector<std::string> arguments = {*program};
  arguments.insert(arguments.end(), words.begin() + 1, words.end());
  arguments.push_back(std::move(*runner));
  arguments.push_back(std::move(library));
  return std::make_unique<ExecutedModel>(
      std::move(folder), std::move(arguments), std::move(entryPoint), threads);
}
