//===- ExportTest.h - Modules in, ONNX models out ---------------*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_UNITTESTS_EXPORT_EXPORTTEST_H
#define EDGEC_UNITTESTS_EXPORT_EXPORTTEST_H

#include "OnnxChecker.h"
#include "edgec/Dialect/Edge/EdgeDialect.h"
#include "edgec/Export/Onnx.h"
#include "edgec/Import/Onnx.h"
#include "edgec/Reference/Interpreter.h"
#include "edgec/Support/AtomicFile.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/Parser/Parser.h"
#include "gmock/gmock.h"
#include <onnx/onnx_pb.h>

namespace edgec::testing {

class ExportTest : public ::testing::Test {
protected:
  ExportTest()
      : handler(&context, [this](mlir::Diagnostic &diagnostic) {
          messages += diagnostic.str() + "\n";
        }) {
    context.loadDialect<edge::EdgeDialect, mlir::func::FuncDialect>();
  }

  mlir::OwningOpRef<mlir::ModuleOp> parse(const std::string &text) {
    auto module = mlir::parseSourceString<mlir::ModuleOp>(text, &context);
    EXPECT_TRUE(module) << messages << text;
    return module;
  }

  /// The serialized model; empty after an error.
  std::string exportBytes(const std::string &text) {
    auto module = parse(text);
    std::string bytes;
    llvm::raw_string_ostream stream(bytes);
    if (!module || mlir::failed(exportOnnx(*module, options, stream)))
      return "";
    return bytes;
  }

  onnx::ModelProto exportModel(const std::string &text) {
    onnx::ModelProto model;
    std::string bytes = exportBytes(text);
    EXPECT_FALSE(bytes.empty()) << messages;
    EXPECT_TRUE(model.ParseFromString(bytes));
    return model;
  }

  /// The operators of a graph's nodes, in order.
  static std::vector<std::string> operatorsOf(const onnx::GraphProto &graph) {
    std::vector<std::string> types;
    for (const onnx::NodeProto &node : graph.node())
      types.push_back(node.op_type());
    return types;
  }

  /// What the interpreter computes.
  std::vector<Tensor> run(mlir::ModuleOp module,
                          llvm::ArrayRef<Tensor> inputs) {
    auto function = *module.getOps<mlir::func::FuncOp>().begin();
    auto outputs = interpret(function, inputs);
    EXPECT_TRUE(mlir::succeeded(outputs)) << messages;
    return mlir::succeeded(outputs) ? std::move(*outputs)
                                    : std::vector<Tensor>();
  }

  mlir::OwningOpRef<mlir::ModuleOp> importBytes(const std::string &bytes) {
    auto folder = TemporaryFolder::create();
    EXPECT_TRUE(bool(folder));
    std::string path = (folder->path() + "/model.onnx").str();
    llvm::cantFail(writeFileAtomically(path, bytes));
    auto module = importOnnx(path, {}, &context);
    EXPECT_TRUE(module) << messages;
    return module;
  }

  mlir::MLIRContext context;
  OnnxExportOptions options;
  std::string messages;
  mlir::ScopedDiagnosticHandler handler;
};

} // namespace edgec::testing

#endif // EDGEC_UNITTESTS_EXPORT_EXPORTTEST_H
