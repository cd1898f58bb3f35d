//===- CompiledCode.cpp - Runs MLIR text as native code ------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "CompiledCode.h"

#include "edgec/Pipelines/Pipelines.h"
#include "edgec/Target/Artefact.h"
#include "edgec/Target/Emit.h"
#include "edgec/Tools/Register.h"
#include "fmt/format.h"
#include "mlir/Parser/Parser.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/TargetParser/Host.h"
#include "gtest/gtest.h"

#include <cstring>
#include <random>

using namespace edgec;

std::vector<std::string> edgec::runnableTargets() {
  std::vector<std::string> targets{"host"};
  llvm::StringMap<bool> features = llvm::sys::getHostCPUFeatures();
  if (features.lookup("sse4.2"))
    targets.push_back("x86-64-v2");
  if (features.lookup("avx2") && features.lookup("fma"))
    targets.push_back("x86-64-v3");
  if (features.lookup("avx512f") && features.lookup("avx512vl") &&
      features.lookup("avx512bw") && features.lookup("avx512dq"))
    targets.push_back("x86-64-v4");
  return targets;
}

/// Compiles to `folder`/libtest.so.
static llvm::Error compileTo(const std::string &text, const std::string &name,
                             llvm::StringRef folder) {
  // Every layer is divided, however small.
  llvm::Expected<TargetDescription> target =
      resolveTarget({name, "", "", /*threadGrain=*/0});
  if (!target)
    return target.takeError();
  mlir::DialectRegistry registry;
  registerAllEdgecDialects(registry);
  mlir::MLIRContext context(registry, mlir::MLIRContext::Threading::DISABLED);
  context.loadAllAvailableDialects();
  auto module = mlir::parseSourceString<mlir::ModuleOp>(text, &context);
  if (!module)
    return llvm::createStringError("the test's IR does not parse");
  mlir::FailureOr<CompiledModel> model = compile(std::move(module), *target);
  if (failed(model))
    return llvm::createStringError("the test's IR does not compile");
  model->spec.name = "test";
  EmitRequest request;
  request.directory = folder.str();
  request.object = request.header = false;
  request.sharedLibrary = true;
  return emitArtefacts(std::move(model->llvmModule), model->spec,
                       model->weights, *target, request);
}

/// Any number of threads computes the same bits, also where there are more of
/// them than iterations.
static llvm::Error expectSameOnThreads(Artefact &artefact,
                                       llvm::ArrayRef<Tensor> inputs,
                                       llvm::ArrayRef<Tensor> expected) {
  for (size_t threads : {2, 3, 7}) {
    if (llvm::Error error = artefact.useThreads(threads))
      return error;
    llvm::Expected<std::vector<Tensor>> actual = artefact.run(0, inputs);
    if (!actual)
      return actual.takeError();
    for (auto [a, b] : llvm::zip_equal(*actual, expected))
      EXPECT_EQ(std::memcmp(a.bytes(), b.bytes(), a.byteCount()), 0)
          << "on " << threads << " threads";
  }
  return llvm::Error::success();
}

std::vector<Tensor> edgec::compileAndRun(const std::string &text,
                                         const std::string &target,
                                         llvm::ArrayRef<Tensor> inputs) {
  llvm::SmallString<128> folder;
  EXPECT_FALSE(llvm::sys::fs::createUniqueDirectory("edgec-codegen", folder));
  std::vector<Tensor> outputs;
  auto run = [&]() -> llvm::Error {
    if (llvm::Error error = compileTo(text, target, folder))
      return error;
    llvm::Expected<Artefact> artefact =
        Artefact::open((folder + "/libtest.so").str());
    if (!artefact)
      return artefact.takeError();
    llvm::Expected<std::vector<Tensor>> result = artefact->run(0, inputs);
    if (!result)
      return result.takeError();
    outputs = std::move(*result);
    return expectSameOnThreads(*artefact, inputs, outputs);
  };
  if (llvm::Error error = run())
    ADD_FAILURE() << target << ": " << llvm::toString(std::move(error)) << "\n"
                  << text;
  llvm::sys::fs::remove_directories(folder);
  return outputs;
}

Tensor edgec::randomTensor(ElementType type, std::vector<int64_t> shape,
                           unsigned seed) {
  Tensor tensor(type, std::move(shape));
  std::mt19937 random(seed);
  for (int64_t i = 0; i < tensor.size(); ++i) {
    uint32_t bits = random();
    switch (type) {
    case ElementType::F32:
      tensor.mutableData<float>()[i] = (bits >> 8) * 0x1p-23f - 1.0f;
      break;
    case ElementType::F64:
      tensor.mutableData<double>()[i] = bits * 0x1p-31 - 1.0;
      break;
    case ElementType::I8:
      tensor.mutableData<int8_t>()[i] = static_cast<int8_t>(bits);
      break;
    case ElementType::I32:
      tensor.mutableData<int32_t>()[i] = static_cast<int32_t>(bits >> 16);
      break;
    case ElementType::Bool:
      tensor.mutableBytes()[i] = bits & 1;
      break;
    default:
      ADD_FAILURE() << "no random values of this type";
    }
  }
  return tensor;
}

std::string edgec::hexLiteral(const Tensor &tensor) {
  std::string text = "dense<\"0x";
  for (size_t i = 0; i < tensor.byteCount(); ++i)
    text += fmt::format("{:02X}", static_cast<uint8_t>(tensor.bytes()[i]));
  return text + "\">";
}
