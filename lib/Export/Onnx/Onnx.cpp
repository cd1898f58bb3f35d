//===- Onnx.cpp - Writes ONNX models ------------------------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "edgec/Export/Onnx.h"
#include "GraphExporter.h"
#include "HandlerTable.h"
#include "edgec/Dialect/Edge/EdgeDialect.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "llvm/Support/MathExtras.h"
#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>
#include <limits>

using namespace edgec;
using namespace edgec::onnx_export;
using namespace mlir;

namespace {

/// Protocol Buffers have no larger messages.
constexpr int64_t largestFile = std::numeric_limits<int32_t>::max();

/// Of the file format, not of the operators: the first version that came with
/// the operator set.
int64_t irVersionOf(int64_t opset) {
  return opset >= 21 ? 10 : opset >= 19 ? 9 : 8;
}

class StreamCopier : public google::protobuf::io::CopyingOutputStream {
public:
  explicit StreamCopier(raw_ostream &stream) : stream(stream) {}
  bool Write(const void *bytes, int size) override {
    stream.write(static_cast<const char *>(bytes), size);
    return true;
  }

private:
  raw_ostream &stream;
};

class ModelExporter {
public:
  ModelExporter(ModuleOp module, const OnnxExportOptions &options)
      : module(module), options(options) {}

  LogicalResult run(raw_ostream &stream) {
    if (failed(findFunction()) || failed(checkSize(weightBytes())))
      return failure();
    describeModel();
    GraphExporter exporter(opset);
    if (failed(exportFunction(exporter)) ||
        failed(checkSize(static_cast<int64_t>(model.ByteSizeLong()))))
      return failure();
    StreamCopier copier(stream);
    google::protobuf::io::CopyingOutputStreamAdaptor adaptor(&copier);
    google::protobuf::io::CodedOutputStream coded(&adaptor);
    coded.SetSerializationDeterministic(true);
    if (!model.SerializeToCodedStream(&coded))
      return module.emitError("the ONNX model cannot be written");
    return success();
  }

private:
  LogicalResult findFunction() {
    for (auto candidate : module.getOps<func::FuncOp>()) {
      if (!candidate.isPublic() || candidate.isExternal())
        continue;
      if (function)
        return candidate.emitError(
            "an ONNX model has one function; the module has several");
      function = candidate;
    }
    if (!function)
      return module.emitError("there is no public function to export");
    if (!llvm::hasSingleElement(function.getBody()))
      return function.emitError("only functions of one block can be exported");
    return success();
  }

  int64_t weightBytes() {
    int64_t bytes = 0;
    module.walk([&](Operation *op) {
      if (isConstant(op))
        bytes = llvm::SaturatingAdd<uint64_t>(
            bytes, edge::tensorBytes(op->getResult(0).getType()));
      bytes = std::min<int64_t>(bytes, int64_t{1} << 60);
    });
    return bytes;
  }

  LogicalResult checkSize(int64_t bytes) {
    if (bytes <= largestFile)
      return success();
    return module.emitError("the weights take ")
           << bytes << " bytes, and an ONNX file holds " << largestFile
           << " at most: store them in 16 bits with --weights, or quantize "
              "them";
  }

  void describeModel() {
    opset = options.opset;
    function.walk([&](Operation *op) {
      opset = std::max(opset, HandlerTable::get().opsetOf(op));
    });
    model.set_ir_version(irVersionOf(opset));
    model.set_producer_name("edgec");
    model.set_producer_version(EDGEC_VERSION);
    model.add_opset_import()->set_version(opset);
    auto name = module->getAttrOfType<StringAttr>(edge::modelNameAttr);
    model.mutable_graph()->set_name(name ? name.str() : "model");
  }

  /// A name from the attribute, else "input0" or "output0".
  static std::string signatureName(StringAttr name, StringRef kind,
                                   unsigned index) {
    return name && !name.empty() ? name.str() : (kind + Twine(index)).str();
  }

  LogicalResult exportFunction(GraphExporter &exporter) {
    onnx::GraphProto &graph = *model.mutable_graph();
    SmallVector<std::string> inputs, outputs;
    for (unsigned i = 0; i < function.getNumArguments(); ++i)
      inputs.push_back(signatureName(
          function.getArgAttrOfType<StringAttr>(i, edge::tensorNameAttr),
          "input", i));
    for (unsigned i = 0; i < function.getNumResults(); ++i)
      outputs.push_back(signatureName(
          function.getResultAttrOfType<StringAttr>(i, edge::tensorNameAttr),
          "output", i));
    Block &block = function.front();
    for (auto [argument, name] : llvm::zip(block.getArguments(), inputs)) {
      if (!exporter.reserve(name))
        return function.emitError("two inputs are named '") << name << "'";
      if (failed(exporter.addInput(argument, name, graph)))
        return function.emitError("an input of type ")
               << argument.getType() << " has no ONNX form";
    }
    for (auto [value, name] :
         llvm::zip(block.getTerminator()->getOperands(), outputs)) {
      // An input that is returned under its own name needs no copy.
      auto argument = dyn_cast<BlockArgument>(value);
      bool isInput = argument && inputs[argument.getArgNumber()] == name;
      if (!exporter.reserve(name) && !isInput)
        return function.emitError("an input or another output is named '")
               << name << "' as well";
    }
    exporter.exportBlock(block, graph, outputs);
    return success(!exporter.hasFailed());
  }

  ModuleOp module;
  const OnnxExportOptions &options;
  func::FuncOp function;
  int64_t opset = oldestExportedOpset;
  onnx::ModelProto model;
};

} // namespace

LogicalResult edgec::exportOnnx(ModuleOp module,
                                const OnnxExportOptions &options,
                                raw_ostream &stream) {
  return ModelExporter(module, options).run(stream);
}
