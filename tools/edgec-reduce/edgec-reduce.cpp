//===- edgec-reduce.cpp - mlir-reduce with edgec's dialects and passes ----===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "edgec/Support/ModuleText.h"
#include "edgec/Tools/Register.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/InitAllDialects.h"
#include "mlir/InitAllPasses.h"
#include "mlir/Tools/mlir-reduce/MlirReduceMain.h"
#include "llvm/Support/MemoryBuffer.h"

/// mlir-reduce opens its input itself: what looks like a module is checked
/// before.
static llvm::Error checkInputs(llvm::ArrayRef<char *> arguments) {
  for (llvm::StringRef argument : arguments) {
    if (argument.starts_with("-") || !argument.ends_with(".mlir"))
      continue;
    auto file = llvm::MemoryBuffer::getFile(argument, /*IsText=*/true);
    if (!file)
      continue; // Told by who reads it.
    if (llvm::Error error = edgec::checkTextNesting((*file)->getMemBufferRef()))
      return error;
  }
  return llvm::Error::success();
}

int main(int argc, char **argv) {
  if (llvm::Error error = checkInputs(llvm::ArrayRef(argv + 1, argv + argc))) {
    llvm::errs() << "edgec-reduce: " << llvm::toString(std::move(error))
                 << "\n";
    return EXIT_FAILURE;
  }
  mlir::DialectRegistry registry;
  mlir::registerAllDialects(registry);
  mlir::registerAllPasses();
  edgec::registerAllEdgecDialects(registry);
  edgec::registerAllEdgecPasses();
  mlir::MLIRContext context(registry);
  return mlir::failed(mlir::mlirReduceMain(argc, argv, context));
}
