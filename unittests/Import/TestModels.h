//===- TestModels.h - Small ONNX models for tests ---------------*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_UNITTESTS_IMPORT_TESTMODELS_H
#define EDGEC_UNITTESTS_IMPORT_TESTMODELS_H

#include "edgec/Import/Onnx.h"
#include "edgec/Reference/Interpreter.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/MLIRContext.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"
#include "gtest/gtest.h"
#include <google/protobuf/text_format.h>
#include <onnx/onnx_pb.h>
#include <string>

namespace edgec::testing {

/// A folder that is gone after the test.
class TemporaryFolder {
public:
  TemporaryFolder() {
    llvm::SmallString<128> created;
    EXPECT_FALSE(llvm::sys::fs::createUniqueDirectory("edgec-import", created));
    folder = created.str();
  }
  ~TemporaryFolder() { llvm::sys::fs::remove_directories(folder); }

  std::string path(llvm::StringRef name) const {
    llvm::SmallString<128> result(folder);
    llvm::sys::path::append(result, name);
    return result.str().str();
  }
  std::string write(llvm::StringRef name, llvm::StringRef bytes) const {
    std::string file = path(name);
    // File systems wait for the disk where a file is cut and written again.
    llvm::sys::fs::remove(file);
    std::error_code code;
    llvm::raw_fd_ostream(file, code) << bytes;
    EXPECT_FALSE(code);
    return file;
  }

private:
  std::string folder;
};

/// "input" or "output" of a graph in text format, a float tensor.
inline std::string floatValue(llvm::StringRef kind, llvm::StringRef name,
                              llvm::ArrayRef<int64_t> shape) {
  std::string text = (kind + " { name: '" + name +
                      "' type { tensor_type { elem_type: 1 shape { ")
                         .str();
  for (int64_t extent : shape)
    text += "dim { dim_value: " + std::to_string(extent) + " } ";
  return text + "} } } }\n";
}

/// A serialized model with a graph in text format.
inline std::string serializedModel(const std::string &graph, int opset = 13) {
  onnx::ModelProto model;
  model.set_ir_version(8);
  model.add_opset_import()->set_version(opset);
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(
      graph, model.mutable_graph()))
      << graph;
  return model.SerializeAsString();
}

/// Imports models and keeps what is said about them.
class ImportTest : public ::testing::Test {
protected:
  ImportTest()
      : handler(&context, [this](mlir::Diagnostic &diagnostic) {
          messages += diagnostic.str() + "\n";
          for (mlir::Diagnostic &note : diagnostic.getNotes())
            messages += note.str() + "\n";
        }) {}

  mlir::OwningOpRef<mlir::ModuleOp> importBytes(llvm::StringRef bytes) {
    return importOnnx(folder.write("model.onnx", bytes), options, &context);
  }
  mlir::OwningOpRef<mlir::ModuleOp> importGraph(const std::string &graph,
                                                int opset = 13) {
    return importBytes(serializedModel(graph, opset));
  }

  /// The outputs that the interpreter computes.
  std::vector<Tensor> run(mlir::ModuleOp module,
                          llvm::ArrayRef<Tensor> inputs) {
    auto function = module.lookupSymbol<mlir::func::FuncOp>("run");
    auto outputs = interpret(function, inputs);
    EXPECT_TRUE(mlir::succeeded(outputs)) << messages;
    return mlir::succeeded(outputs) ? std::move(*outputs)
                                    : std::vector<Tensor>();
  }

  mlir::MLIRContext context;
  OnnxImportOptions options;
  TemporaryFolder folder;
  std::string messages;
  mlir::ScopedDiagnosticHandler handler;
};

template <typename T>
Tensor makeTensor(std::vector<int64_t> shape, std::vector<T> values) {
  Tensor tensor(elementTypeOf<T>(), std::move(shape));
  EXPECT_EQ(tensor.size(), static_cast<int64_t>(values.size()));
  std::copy(values.begin(), values.end(), tensor.mutableData<T>());
  return tensor;
}

template <typename T> std::vector<T> valuesOf(const Tensor &tensor) {
  return std::vector<T>(tensor.data<T>(), tensor.data<T>() + tensor.size());
}

} // namespace edgec::testing

#endif // EDGEC_UNITTESTS_IMPORT_TESTMODELS_H
