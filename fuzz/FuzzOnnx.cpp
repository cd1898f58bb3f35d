//===- FuzzOnnx.cpp - The ONNX importer ---===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The importer reads files, because models are large: the input goes through
// one in memory. EDGEC_FUZZ_TEXT reads it as text, where changes of single
// words keep the rest of a model as it is and so come further than changes of
// bytes do.
//
//===----------------------------------------------------------------------===//

#include "Words.h"
#include "edgec/Dialect/Edge/EdgeDialect.h"
#include "edgec/Import/Onnx.h"
#include "edgec/Import/Operators.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/IR/Verifier.h"
#include <cstdlib>
#include <string>
#include <sys/mman.h>
#include <unistd.h>

namespace {

/// A file in memory. The importer tells text by the end of its name.
class ModelFile {
public:
  ModelFile() : file(memfd_create("model", 0)) {
    path = "/proc/self/fd/" + std::to_string(file);
#ifdef EDGEC_FUZZ_TEXT
    char pattern[] = "/tmp/edgec-fuzz-XXXXXX";
    folder = mkdtemp(pattern);
    std::string link = folder + "/model.onnxtxt";
    if (symlink(path.c_str(), link.c_str()) != 0)
      std::abort();
    path = link;
#endif
  }
  ~ModelFile() {
    if (folder.empty())
      return;
    unlink(path.c_str());
    rmdir(folder.c_str());
  }

  const std::string &name() const { return path; }

  bool write(const uint8_t *data, size_t size) {
    return ftruncate(file, 0) == 0 &&
           pwrite(file, data, size, 0) == static_cast<ssize_t>(size);
  }

private:
  int file;
  std::string path, folder;
};

} // namespace

#ifdef EDGEC_FUZZ_TEXT
static std::vector<std::string> makeWords() {
  std::vector<std::string> words = {"0",
                                    "1",
                                    "-1",
                                    "2",
                                    "3",
                                    "7",
                                    "9223372036854775807",
                                    "INT",
                                    "INTS",
                                    "FLOAT",
                                    "FLOATS",
                                    "TENSOR",
                                    "GRAPH",
                                    "STRING"};
  for (const edgec::ImportedOperator &op : edgec::importedOperators())
    words.push_back(op.name.str());
  return words;
}

extern "C" size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size,
                                          size_t maxSize, unsigned seed) {
  static const std::vector<std::string> words = makeWords();
  return edgec::mutateWords(data, size, maxSize, seed, words);
}
#endif

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  static ModelFile file;
  if (!file.write(data, size))
    return -1;

  mlir::MLIRContext context(mlir::MLIRContext::Threading::DISABLED);
  context.loadDialect<edgec::edge::EdgeDialect, mlir::func::FuncDialect>();
  mlir::ScopedDiagnosticHandler silence(
      &context, [](mlir::Diagnostic &) { return mlir::success(); });
  edgec::OnnxImportOptions options;
  options.modelName = "fuzz";
  options.assumeBatchOne = true;
  auto module = edgec::importOnnx(file.name(), options, &context);
  // What is imported is valid.
  if (module && failed(mlir::verify(*module)))
    std::abort();
  return 0;
}
