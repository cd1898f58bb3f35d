//===- PeakMeter.cpp - What a core does at best ---------------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "edgec/Tools/PeakMeter.h"
#include "edgec/Codegen/PeakLoop.h"
#include "edgec/Pipelines/Pipelines.h"
#include "edgec/Support/AtomicFile.h"
#include "edgec/Target/Emit.h"
#include "edgec/Tools/Compiler.h"
#include "edgec/Tools/ModelInputs.h"
#include <chrono>

using namespace edgec;
using namespace llvm;

Expected<PeakMeter> PeakMeter::create(const TargetDescription &target,
                                      Arithmetic arithmetic) {
  CompilerSession session;
  PeakLoop loop = buildPeakLoop(&session.context(), target, arithmetic);
  mlir::FailureOr<CompiledModel> model =
      translate(std::move(loop.module), std::move(loop.spec), target);
  if (failed(model))
    return session.takeErrors("the loop that measures the peak does not "
                              "compile");
  Expected<TemporaryFolder> folder = TemporaryFolder::create();
  if (!folder)
    return folder.takeError();
  EmitRequest request;
  request.directory = folder->path().str();
  request.object = request.header = false;
  request.sharedLibrary = true;
  std::string path = request.directory + "/lib" + model->spec.name + ".so";
  if (Error error = emitArtefacts(std::move(model->llvmModule), model->spec,
                                  model->weights, target, request))
    return std::move(error);
  Expected<Artefact> artefact = Artefact::open(path);
  if (!artefact)
    return artefact.takeError();
  return PeakMeter(std::move(*artefact), loop.macs);
}

PeakMeter::PeakMeter(Artefact loop, uint64_t macs)
    : loop(std::move(loop)), macs(macs),
      inputs(randomInputs(this->loop.spec().entryPoints.front().inputs,
                          /*seed=*/1)),
      outputs(this->loop.makeOutputs(0)) {}

Error PeakMeter::measure(double milliseconds) {
  using Clock = std::chrono::steady_clock;
  Clock::time_point start = Clock::now(), before = start;
  std::chrono::duration<double, std::milli> limit(milliseconds);
  do {
    if (Error error = loop.run(0, inputs, outputs))
      return error;
    Clock::time_point after = Clock::now();
    double seconds = std::chrono::duration<double>(after - before).count();
    best = std::max(best, static_cast<double>(macs) / seconds);
    before = after;
  } while (before - start < limit);
  return Error::success();
}

Expected<TargetDescription> edgec::resolveDisplayName(StringRef triple,
                                                      StringRef displayName) {
  StringRef machine, features;
  std::tie(machine, features) = displayName.split(',');
  auto isAlias = [&](const TargetAlias &alias) {
    return alias.name == machine;
  };
  TargetOptions options;
  options.features = features.str();
  if (any_of(targetAliases(), isAlias)) {
    options.target = machine.str();
  } else {
    options.target = triple.str();
    options.cpu = machine.str();
  }
  return resolveTarget(options);
}
