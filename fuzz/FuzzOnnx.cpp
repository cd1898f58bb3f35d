//===- FuzzOnnx.cpp - The ONNX importer ---===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The importer reads files, because models are large: the input goes through
// one in memory.
//
//===----------------------------------------------------------------------===//

#include "edgec/Dialect/Edge/EdgeDialect.h"
#include "edgec/Import/Onnx.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/MLIRContext.h"
#include <string>
#include <sys/mman.h>
#include <unistd.h>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  static int file = memfd_create("model", 0);
  static std::string path = "/proc/self/fd/" + std::to_string(file);
  if (ftruncate(file, 0) != 0 ||
      pwrite(file, data, size, 0) != static_cast<ssize_t>(size))
    return -1;

  mlir::MLIRContext context(mlir::MLIRContext::Threading::DISABLED);
  context.loadDialect<edgec::edge::EdgeDialect, mlir::func::FuncDialect>();
  mlir::ScopedDiagnosticHandler silence(
      &context, [](mlir::Diagnostic &) { return mlir::success(); });
  edgec::OnnxImportOptions options;
  options.modelName = "fuzz";
  options.assumeBatchOne = true;
  (void)edgec::importOnnx(path, options, &context);
  return 0;
}
