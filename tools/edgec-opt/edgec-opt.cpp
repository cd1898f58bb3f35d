//===- edgec-opt.cpp - mlir-opt with edgec's dialects and passes ----------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "edgec/Support/ModuleText.h"
#include "edgec/Tools/Register.h"
#include "mlir/InitAllDialects.h"
#include "mlir/InitAllPasses.h"
#include "mlir/Support/FileUtilities.h"
#include "mlir/Tools/mlir-opt/MlirOptMain.h"
#include "llvm/Support/InitLLVM.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/ToolOutputFile.h"

using namespace mlir;

/// As mlir-opt, for a module that is not too deep for its parser.
static LogicalResult optimise(StringRef inputFile, StringRef outputFile,
                              DialectRegistry &registry) {
  MlirOptMainConfig config = MlirOptMainConfig::createFromCLOptions();
  std::string message;
  std::unique_ptr<llvm::MemoryBuffer> input =
      openInputFile(inputFile, &message);
  if (!input) {
    llvm::errs() << message << "\n";
    return failure();
  }
  if (llvm::Error error = edgec::checkTextNesting(input->getMemBufferRef(),
                                                  config.inputSplitMarker())) {
    llvm::errs() << "edgec-opt: " << llvm::toString(std::move(error)) << "\n";
    return failure();
  }
  std::unique_ptr<llvm::ToolOutputFile> output =
      openOutputFile(outputFile, &message);
  if (!output) {
    llvm::errs() << message << "\n";
    return failure();
  }
  if (failed(MlirOptMain(output->os(), std::move(input), registry, config)))
    return failure();
  output->keep();
  return success();
}

int main(int argc, char **argv) {
  llvm::InitLLVM initLlvm(argc, argv);
  DialectRegistry registry;
  registerAllDialects(registry);
  registerAllPasses();
  edgec::registerAllEdgecDialects(registry);
  edgec::registerAllEdgecPasses();
  auto [inputFile, outputFile] = registerAndParseCLIOptions(
      argc, argv, "edgec-opt: mlir-opt with edgec's dialects and passes\n",
      registry);
  // It only prints what there is, and reads nothing.
  if (MlirOptMainConfig::createFromCLOptions().shouldShowDialects())
    return asMainReturnCode(
        MlirOptMain(argc, argv, inputFile, outputFile, registry));
  return asMainReturnCode(optimise(inputFile, outputFile, registry));
}
