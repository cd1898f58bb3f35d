//===- Onnx.cpp - Reads ONNX models -------------------------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "edgec/Import/Onnx.h"
#include "GraphImporter.h"
#include "ModelFile.h"
#include "Signature.h"
#include "edgec/Dialect/Edge/EdgeDialect.h"
#include "edgec/Dialect/Edge/RuntimeShape.h"
#include "edgec/Reference/Interpreter.h"
#include "edgec/Support/FileHash.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/Iterators.h"
#include "mlir/IR/Verifier.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Path.h"

using namespace edgec;
using namespace edgec::onnx_import;
using namespace mlir;
namespace path = llvm::sys::path;

namespace {

/// The file's stem as a C identifier. Exported names continue it, so it may be
/// a keyword.
std::string identifierFor(StringRef file) {
  std::string result;
  for (char c : path::stem(file))
    result += llvm::isAlnum(c) ? c : '_';
  if (result.empty() || llvm::isDigit(result[0]))
    result.insert(0, "model_");
  return result;
}

bool isIdentifier(StringRef name) {
  return !name.empty() && !llvm::isDigit(name[0]) &&
         llvm::all_of(name,
                      [](char c) { return llvm::isAlnum(c) || c == '_'; });
}

class ModelImporter {
public:
  ModelImporter(StringRef path, const OnnxImportOptions &options,
                MLIRContext *context)
      : path(path), options(options),
        file(FileLineColLoc::get(context, path, 0, 0)), builder(context) {}

  OwningOpRef<ModuleOp> run() {
    std::string name =
        options.modelName.empty() ? identifierFor(path) : options.modelName;
    if (!isIdentifier(name)) {
      emitError(file) << "the model name '" << name
                      << "' is not a C identifier";
      return nullptr;
    }
    if (failed(readModelFile(path, file, model)))
      return nullptr;
    llvm::Expected<std::string> hash = sha256OfFile(path);
    if (!hash) {
      emitError(file) << llvm::toString(hash.takeError());
      return nullptr;
    }
    module = ModuleOp::create(file);
    (*module)->setAttr(edge::modelNameAttr, builder.getStringAttr(name));
    (*module)->setAttr(edge::sourceAttr,
                       builder.getStringAttr(path::filename(path)));
    (*module)->setAttr(edge::sha256Attr, builder.getStringAttr(*hash));
    if (failed(buildFunction()) || failed(verify(*module)))
      return nullptr;
    return std::move(module);
  }

private:
  LogicalResult buildFunction() {
    onnx::GraphProto &graph = *model.mutable_graph();
    GraphImporter importer(model, file, path::parent_path(path),
                           builder.getContext());
    if (failed(importer.readOpsets()))
      return failure();
    FailureOr<std::vector<Input>> inputs = readInputs(graph, options, file);
    if (failed(inputs))
      return failure();

    func::FuncOp function = createFunction(*inputs);
    Block *block = function.addEntryBlock();
    nameArguments(function, *block);
    importer.maxElements = options.maxElements;
    importer.builder.setInsertionPointToEnd(block);
    Scope scope;
    bindInputs(*inputs, *block, importer.builder, scope);
    SmallVector<Value> results;
    if (failed(importer.importGraph(graph, scope, results)) ||
        failed(importer.reportFailures()) ||
        failed(checkMaxElements(importer)) ||
        failed(importer.extents.checkUses(function)) ||
        failed(finishFunction(function, graph, results, importer.extents)))
      return failure();
    eraseUnused(function);
    return success();
  }

  /// Arguments have locations like weights.
  void nameArguments(func::FuncOp function, Block &block) {
    for (BlockArgument argument : block.getArguments())
      argument.setLoc(
          NameLoc::get(function.getArgAttrOfType<StringAttr>(
                           argument.getArgNumber(), edge::tensorNameAttr),
                       file));
  }

  static void bindInputs(ArrayRef<Input> inputs, Block &block,
                         OpBuilder &builder, Scope &scope) {
    auto argument = block.args_begin();
    for (const Input &input : inputs) {
      if (!input.value) {
        scope.values[input.name] = *argument++;
        continue;
      }
      Location location = NameLoc::get(builder.getStringAttr(input.name));
      scope.values[input.name] = builder.create<edge::ConstantOp>(
          location,
          toAttribute(*input.value, input.name, builder.getContext()));
    }
  }

  func::FuncOp createFunction(ArrayRef<Input> inputs) {
    SmallVector<Type> types;
    SmallVector<Input> arguments;
    llvm::copy_if(inputs, std::back_inserter(arguments),
                  [](const Input &input) { return !input.value; });
    for (const Input &input : arguments)
      types.push_back(input.type);
    builder.setInsertionPointToEnd(module->getBody());
    auto function = builder.create<func::FuncOp>(
        file, "run", builder.getFunctionType(types, {}));
    for (auto [index, input] : llvm::enumerate(arguments)) {
      function.setArgAttr(index, edge::tensorNameAttr,
                          builder.getStringAttr(input.name));
      if (input.isBatch)
        function.setArgAttr(index, edge::batchAttr, builder.getUnitAttr());
    }
    return function;
  }

  /// Every name that --max-elements gives stands for a value that has a bound.
  LogicalResult checkMaxElements(const GraphImporter &importer) {
    for (const auto &option : options.maxElements) {
      if (importer.countedValues.contains(option.getKey()))
        continue;
      SmallVector<StringRef> names(importer.countedValues.keys());
      llvm::sort(names);
      return emitError(file)
             << "--max-elements=" << option.getKey() << "=" << option.second
             << ": the model has no value of this name whose size the run "
                "decides"
             << (names.empty() ? "" : "; there are: ")
             << llvm::join(names, ", ");
    }
    return success();
  }

  /// Type of a value whose extents are static, or dynamic where the run decides
  /// them.
  static RankedTensorType declaredType(Value value,
                                       const RuntimeExtents &extents) {
    auto type = cast<RankedTensorType>(value.getType());
    SmallVector<int64_t> shape(type.getShape());
    for (auto [dim, extent] : llvm::enumerate(extents.of(value)))
      if (extent)
        shape[dim] = ShapedType::kDynamic;
    return type.clone(shape);
  }

  /// Adds the true shapes of results to them.
  void addShapes(llvm::StringSet<> &names, const onnx::GraphProto &graph,
                 SmallVectorImpl<Value> &results, const RuntimeExtents &extents,
                 SmallVectorImpl<NamedAttrList> &attributes) {
    for (size_t index = 0, count = results.size(); index < count; ++index) {
      if (extents.of(results[index]).empty())
        continue;
      Location location =
          NameLoc::get(builder.getStringAttr(graph.output(index).name()), file);
      results.push_back(extents.shapeOf(builder, location, results[index]));
      std::string name = graph.output(index).name() + "_shape";
      while (!names.insert(name).second)
        name += "_";
      attributes.emplace_back().set(edge::tensorNameAttr,
                                    builder.getStringAttr(name));
      attributes.back().set(edge::shapeOfAttr,
                            builder.getI64IntegerAttr(index));
    }
  }

  LogicalResult finishFunction(func::FuncOp function,
                               const onnx::GraphProto &graph,
                               SmallVectorImpl<Value> &results,
                               const RuntimeExtents &extents) {
    if (results.empty())
      return emitError(file) << "not a valid ONNX model: the graph has no "
                                "outputs";
    llvm::StringSet<> names;
    SmallVector<NamedAttrList> attributes;
    for (auto [output, value] : llvm::zip(graph.output(), results)) {
      if (!names.insert(output.name()).second)
        return emitError(file) << "not a valid ONNX model: the graph has two "
                                  "outputs '"
                               << output.name() << "'";
      attributes.emplace_back().set(edge::tensorNameAttr,
                                    builder.getStringAttr(output.name()));
      if (failed(checkOutput(output, declaredType(value, extents), file)))
        return failure();
    }
    builder.setInsertionPointToEnd(&function.front());
    addShapes(names, graph, results, extents, attributes);
    builder.create<func::ReturnOp>(file, results);
    function.setType(builder.getFunctionType(function.getArgumentTypes(),
                                             ValueRange(results).getTypes()));
    for (auto [index, list] : llvm::enumerate(attributes))
      function.setResultAttrs(index, list);
    return success();
  }

  /// Shape arithmetic leaves constants behind that nothing reads.
  static void eraseUnused(func::FuncOp function) {
    function->walk<WalkOrder::PostOrder, ReverseIterator>([](Operation *op) {
      if (isOpTriviallyDead(op))
        op->erase();
    });
  }

  StringRef path;
  const OnnxImportOptions &options;
  Location file;
  OpBuilder builder;
  onnx::ModelProto model;
  OwningOpRef<ModuleOp> module;
};

} // namespace

OwningOpRef<ModuleOp> edgec::importOnnx(StringRef path,
                                        const OnnxImportOptions &options,
                                        MLIRContext *context) {
  context->loadDialect<edge::EdgeDialect, func::FuncDialect>();
  return ModelImporter(path, options, context).run();
}
