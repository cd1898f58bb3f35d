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
#include "edgec/Dialect/Edge/RuntimeShape.h"
#include "mlir/Analysis/SliceAnalysis.h"
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
    for (unsigned i = 0; i < function.getNumResults(); ++i) {
      // ONNX's values know their shapes. These results are the last ones.
      if (function.getResultAttr(i, edge::shapeOfAttr))
        break;
      outputs.push_back(signatureName(
          function.getResultAttrOfType<StringAttr>(i, edge::tensorNameAttr),
          "output", i));
    }
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
    SmallVector<unsigned> cut = outputsOfBranches();
    SmallVector<std::string> computed(outputs);
    for (unsigned shape : cut)
      computed[outputOf(shape)] =
          exporter.uniqueName(outputs[outputOf(shape)] + "/bounded");
    exporter.exportBlock(block, graph, computed);
    if (exporter.hasFailed())
      return failure();
    for (unsigned shape : cut)
      cutOutput(exporter, graph, shape, outputs[outputOf(shape)]);
    openRuntimeExtents(graph);
    return success();
  }

  /// The result that has the shape at `shape`.
  unsigned outputOf(unsigned shape) {
    return function.getResultAttrOfType<IntegerAttr>(shape, edge::shapeOfAttr)
        .getInt();
  }

  /// Whether a branch gives an extent: its tensor is as large as those of all
  /// branches. Other nodes' results have their true shape in ONNX.
  static bool isFromBranch(Value shape) {
    SetVector<Operation *> computing;
    BackwardSliceOptions options;
    options.inclusive = true;
    getBackwardSlice(shape, &computing, options);
    return llvm::any_of(computing, llvm::IsaPred<edge::IfOp>);
  }

  /// Results that are shapes of such tensors.
  SmallVector<unsigned> outputsOfBranches() {
    SmallVector<unsigned> shapes;
    Operation *terminator = function.front().getTerminator();
    for (unsigned i = 0; i < function.getNumResults(); ++i)
      if (function.getResultAttr(i, edge::shapeOfAttr) &&
          isFromBranch(terminator->getOperand(i)))
        shapes.push_back(i);
    return shapes;
  }

  /// Cuts an output to the shape that the result `shape` says.
  void cutOutput(GraphExporter &exporter, onnx::GraphProto &graph,
                 unsigned shape, const std::string &name) {
    onnx::ValueInfoProto &output = *graph.mutable_output(outputOf(shape));
    onnx::TensorProto &starts = *graph.add_initializer();
    starts.set_name(exporter.uniqueName(name + "/starts"));
    starts.set_data_type(onnx::TensorProto::INT64);
    int rank = output.type().tensor_type().shape().dim_size();
    starts.add_dims(rank);
    for (int dim = 0; dim < rank; ++dim)
      starts.add_int64_data(0);
    onnx::NodeProto &slice = *graph.add_node();
    slice.set_op_type("Slice");
    slice.set_name(exporter.uniqueNodeName(name + "/cut"));
    slice.add_input(output.name());
    slice.add_input(starts.name());
    slice.add_input(
        exporter.nameOf(function.front().getTerminator()->getOperand(shape)));
    slice.add_output(name);
    output.set_name(name);
  }

  /// Leaves extents open that the run decides: those that no constant tells in
  /// the result that has the true shape.
  void openRuntimeExtents(onnx::GraphProto &graph) {
    Operation *terminator = function.front().getTerminator();
    for (unsigned i = 0; i < function.getNumResults(); ++i) {
      auto of = function.getResultAttrOfType<IntegerAttr>(i, edge::shapeOfAttr);
      if (!of)
        continue;
      auto shape = terminator->getOperand(i).getDefiningOp<edge::ConcatOp>();
      auto &dims = *graph.mutable_output(of.getInt())
                        ->mutable_type()
                        ->mutable_tensor_type()
                        ->mutable_shape();
      for (int dim = 0; dim < dims.dim_size(); ++dim)
        if (!shape || !shape.getOperand(dim).getDefiningOp<edge::ConstantOp>())
          dims.mutable_dim(dim)->clear_dim_value();
    }
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
