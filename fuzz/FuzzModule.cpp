//===- FuzzModule.cpp - The text of modules -------------------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The parsers and verifiers of our operations, types and attributes, behind the
// check for nesting and MLIR's own parser. What is valid is printed, and must
// be read again.
//
//===----------------------------------------------------------------------===//

#include "Words.h"
#include "edgec/Dialect/Edge/EdgeDialect.h"
#include "edgec/Dialect/Kernel/KernelDialect.h"
#include "edgec/Support/ModuleText.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Quant/QuantOps.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/Parser/Parser.h"
#include "llvm/ADT/StringSet.h"
#include <cstdlib>
#include <memory>

using namespace edgec;

namespace {

std::unique_ptr<mlir::MLIRContext> makeContext() {
  auto context = std::make_unique<mlir::MLIRContext>(
      mlir::MLIRContext::Threading::DISABLED);
  context->loadDialect<edge::EdgeDialect, kernel::KernelDialect,
                       mlir::arith::ArithDialect, mlir::func::FuncDialect,
                       mlir::quant::QuantizationDialect>();
  return context;
}

/// Types and attributes stay in a context: now and then a new one is made.
mlir::MLIRContext &contextOfRun() {
  constexpr int mostRuns = 500;
  static std::unique_ptr<mlir::MLIRContext> context;
  static int runs = 0;
  if (!context || ++runs % mostRuns == 0)
    context = makeContext();
  return *context;
}

mlir::OwningOpRef<mlir::ModuleOp> parse(llvm::StringRef text,
                                        mlir::MLIRContext &context) {
  if (llvm::Error error =
          checkTextNesting(llvm::MemoryBufferRef(text, "fuzz"))) {
    llvm::consumeError(std::move(error));
    return nullptr;
  }
  return mlir::parseSourceString<mlir::ModuleOp>(text,
                                                 mlir::ParserConfig(&context));
}

/// Operations, their attributes, and what is written in these.
std::vector<std::string> makeWords() {
  std::unique_ptr<mlir::MLIRContext> context = makeContext();
  llvm::StringSet<> seen;
  std::vector<std::string> words = {
      "i1",    "i8",         "ui8",    "i64",
      "f16",   "f32",        "index",  "none",
      "?",     "affine_map", "tensor", "memref",
      "dense", "loc",        "array",  "dense_resource",
      "unit"};
  auto add = [&](llvm::StringRef word) {
    if (seen.insert(word).second)
      words.push_back(word.str());
  };
  for (mlir::RegisteredOperationName name : context->getRegisteredOperations())
    if (name.getDialectNamespace() == "edge" ||
        name.getDialectNamespace() == "kernel") {
      add(name.getStringRef());
      for (mlir::StringAttr attribute : name.getAttributeNames())
        add(attribute.getValue());
    }
  return words;
}

} // namespace

extern "C" size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size,
                                          size_t maxSize, unsigned seed) {
  static const std::vector<std::string> words = makeWords();
  return mutateWords(data, size, maxSize, seed, words);
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  // The lexer wants an end.
  std::string text(reinterpret_cast<const char *>(data), size);
  mlir::MLIRContext &context = contextOfRun();
  mlir::ScopedDiagnosticHandler silence(
      &context, [](mlir::Diagnostic &) { return mlir::success(); });
  mlir::OwningOpRef<mlir::ModuleOp> module = parse(text, context);
  if (!module)
    return 0;
  std::string printed;
  llvm::raw_string_ostream(printed) << *module;
  if (!parse(printed, context))
    std::abort();
  return 0;
}
