//===- GraphImporter.cpp - From nodes to operations -----------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "GraphImporter.h"
#include "ElementTypes.h"
#include "LocalFunctions.h"
#include "NodeContext.h"
#include "NodeOrder.h"
#include "OperatorTable.h"
#include "llvm/ADT/ScopeExit.h"
#include <fmt/format.h>

using namespace edgec;
using namespace edgec::onnx_import;
using namespace mlir;

std::optional<Value> Scope::find(StringRef name) const {
  for (const Scope *scope = this; scope; scope = scope->parent) {
    auto found = scope->values.find(name);
    if (found != scope->values.end())
      return found->second;
  }
  return std::nullopt;
}

/// "" and "ai.onnx" are the same domain.
static StringRef canonicalDomain(StringRef domain) {
  return domain == "ai.onnx" ? "" : domain;
}

static std::string describeOperator(const onnx::NodeProto &node,
                                    int64_t opset) {
  StringRef domain = canonicalDomain(node.domain());
  return fmt::format("{}{}{} opset {}", domain.str(), domain.empty() ? "" : ".",
                     node.op_type(), opset);
}

GraphImporter::GraphImporter(onnx::ModelProto &model, Location file,
                             StringRef folder, MLIRContext *context)
    : builder(context), tensors(context, folder), model(model), file(file) {}

LogicalResult GraphImporter::readOpsets() {
  for (const onnx::OperatorSetIdProto &set : model.opset_import())
    opsets[canonicalDomain(set.domain())] = set.version();
  // Before IR version 3 there was one operator set without a number.
  constexpr int64_t firstIrVersionWithOpsets = 3;
  if (!opsets.contains("")) {
    if (model.ir_version() >= firstIrVersionWithOpsets && opsets.empty())
      return emitError(file) << "not a valid ONNX model: it does not say which "
                                "operator set it uses";
    opsets[""] = 1;
  }
  int64_t version = opsets[""];
  if (version < 1 || version > newestOpset)
    return emitError(file)
           << "the model uses ONNX operator set " << version << "; 1 to "
           << newestOpset
           << " are supported: export the model with one of them, or convert "
              "it with onnx.version_converter";
  return success();
}

int64_t GraphImporter::opsetOf(StringRef domain) const {
  return opsets.lookup(canonicalDomain(domain));
}

Location GraphImporter::locationOf(const onnx::NodeProto &node,
                                   size_t index) const {
  MLIRContext *context = builder.getContext();
  std::string name = node.name();
  for (const std::string &output : node.output())
    if (name.empty())
      name = output;
  if (name.empty())
    name = fmt::format("{}_{}", node.op_type(), index);
  std::string kind = describeOperator(node, opsetOf(node.domain()));
  return NameLoc::get(StringAttr::get(context, name),
                      NameLoc::get(StringAttr::get(context, kind), file));
}

//===----------------------------------------------------------------------===//
// Graphs
//===----------------------------------------------------------------------===//

LogicalResult GraphImporter::importGraph(onnx::GraphProto &graph, Scope &scope,
                                         SmallVectorImpl<Value> &results) {
  auto isOuter = [&](StringRef name) { return scope.find(name).has_value(); };
  llvm::Expected<NodeOrder> order = orderNodes(graph, isOuter);
  if (!order)
    return emitError(file) << "not a valid ONNX model: "
                           << llvm::toString(order.takeError());
  for (const auto &name : order->usedNames)
    usedNames.insert(name.getKey());

  Scope *outerScope = std::exchange(currentScope, &scope);
  auto restore = llvm::make_scope_exit([&] { currentScope = outerScope; });
  if (failed(importInitializers(graph, scope)))
    return failure();
  for (int index : order->nodes)
    importNode(*graph.mutable_node(index), index, scope);
  for (const onnx::ValueInfoProto &output : graph.output())
    results.push_back(scope.find(output.name()).value_or(Value()));
  return success();
}

LogicalResult GraphImporter::importSubgraph(onnx::GraphProto &graph,
                                            ValueRange arguments,
                                            SmallVectorImpl<Value> &results) {
  assert(currentScope && "a subgraph belongs to a node");
  Scope scope{currentScope, {}};
  for (auto [input, value] : llvm::zip(graph.input(), arguments))
    scope.values[input.name()] = value;
  return importGraph(graph, scope, results);
}

LogicalResult GraphImporter::importInitializers(onnx::GraphProto &graph,
                                                Scope &scope) {
  for (onnx::TensorProto &tensor : *graph.mutable_initializer())
    if (isUsed(tensor.name()) && failed(importInitializer(tensor, scope)))
      return failure();
  for (const onnx::SparseTensorProto &tensor : graph.sparse_initializer()) {
    const std::string &name = tensor.values().name();
    if (!isUsed(name))
      continue;
    failures.push_back({file, fmt::format("initializer '{}': sparse tensors "
                                          "are not supported",
                                          name)});
    scope.values[name] = Value();
  }
  return success();
}

LogicalResult GraphImporter::importInitializer(onnx::TensorProto &tensor,
                                               Scope &scope) {
  std::string name = tensor.name();
  Location location = NameLoc::get(builder.getStringAttr(name), file);
  llvm::Expected<ElementsAttr> value = tensors.read(tensor, name);
  if (!value) {
    failures.push_back({file, fmt::format("initializer '{}': {}", name,
                                          llvm::toString(value.takeError()))});
    scope.values[name] = Value();
    return success();
  }
  Type element = value->getElementType();
  bool isWeight = isa<FloatType>(element) || element.isInteger(8);
  Value constant =
      isWeight ? builder.create<edge::ParameterOp>(location, name, *value)
                     .getResult()
               : builder.create<edge::ConstantOp>(location, *value).getResult();
  markFourBits(constant.getDefiningOp(), tensor.data_type());
  scope.values[name] = constant;
  return success();
}

//===----------------------------------------------------------------------===//
// Nodes
//===----------------------------------------------------------------------===//

void GraphImporter::fail(const onnx::NodeProto &node, Location location,
                         StringRef reason) {
  failures.push_back(
      {location,
       fmt::format("'{}' ({}): {}", cast<NameLoc>(location).getName().str(),
                   describeOperator(node, opsetOf(node.domain())),
                   reason.str())});
}

void GraphImporter::bindOutputs(const onnx::NodeProto &node,
                                ArrayRef<Value> values, Scope &scope) {
  for (auto [index, name] : llvm::enumerate(node.output()))
    if (!name.empty())
      scope.values[name] = index < values.size() ? values[index] : Value();
}

/// Whether the node has the inputs that the row asks for; `reason` says why
/// not.
static bool checkInputs(const OperatorRow &row, ArrayRef<Value> inputs,
                        std::string &reason) {
  if (inputs.size() > static_cast<size_t>(row.inputs.maximum)) {
    reason = fmt::format("the node has {} inputs, the operator {} at most",
                         inputs.size(), row.inputs.maximum);
    return false;
  }
  for (int index = 0; index < row.inputs.minimum; ++index) {
    if (static_cast<size_t>(index) < inputs.size() && inputs[index])
      continue;
    reason = fmt::format("input {} is missing", index);
    return false;
  }
  return true;
}

void GraphImporter::importNode(onnx::NodeProto &proto, size_t index,
                               Scope &scope) {
  Location location = locationOf(proto, index);
  SmallVector<Value> inputs;
  for (const std::string &name : proto.input()) {
    if (name.empty()) {
      inputs.push_back({});
      continue;
    }
    Value value = scope.find(name).value_or(Value());
    if (!value) // Reported where it should have been computed.
      return bindOutputs(proto, {}, scope);
    inputs.push_back(value);
  }

  if (const onnx::FunctionProto *function = functionOf(proto)) {
    auto results = importCall(*function, proto, inputs);
    if (results)
      return bindOutputs(proto, *results, scope);
    fail(proto, location, llvm::toString(results.takeError()));
    return bindOutputs(proto, {}, scope);
  }
  StringRef domain = canonicalDomain(proto.domain());
  std::string reason;
  const OperatorRow *row = OperatorTable::get().find(domain, proto.op_type(),
                                                     opsetOf(domain), reason);
  if (!row || !checkInputs(*row, inputs, reason) ||
      !row->types.accept(inputs, reason)) {
    fail(proto, location, reason);
    return bindOutputs(proto, {}, scope);
  }

  NodeContext node(*this, proto, opsetOf(domain), inputs, location);
  if (runHandler(node, *row, proto))
    return bindOutputs(proto, node.outputValues(), scope);
  bindOutputs(proto, {}, scope);
}

const onnx::FunctionProto *
GraphImporter::functionOf(const onnx::NodeProto &node) const {
  for (const onnx::FunctionProto &function : model.functions())
    if (function.name() == node.op_type() &&
        canonicalDomain(function.domain()) == canonicalDomain(node.domain()))
      return &function;
  return nullptr;
}

llvm::Expected<SmallVector<Value>>
GraphImporter::importCall(const onnx::FunctionProto &function,
                          const onnx::NodeProto &call, ArrayRef<Value> inputs) {
  if (llvm::is_contained(calls, &function))
    return llvm::createStringError("the function calls itself");
  inlinedNodes += function.node_size();
  if (calls.size() == maximumCallDepth || inlinedNodes > maximumInlinedNodes)
    return llvm::createStringError(fmt::format(
        "functions call functions more than {} deep, or have more than {} "
        "nodes together",
        maximumCallDepth, maximumInlinedNodes));
  llvm::Expected<onnx::GraphProto> body = instantiateFunction(function, call);
  if (!body)
    return body.takeError();
  // A function sees its inputs only, and has operator sets of its own.
  Scope scope;
  for (auto [name, value] : llvm::zip(function.input(), inputs))
    if (value)
      scope.values[name] = value;
  llvm::StringMap<int64_t> outerOpsets = opsets;
  for (const onnx::OperatorSetIdProto &set : function.opset_import())
    opsets[canonicalDomain(set.domain())] = set.version();
  calls.push_back(&function);
  auto restore = llvm::make_scope_exit([&] {
    calls.pop_back();
    opsets = std::move(outerOpsets);
  });
  if (opsetOf("") < 1 || opsetOf("") > newestOpset)
    return llvm::createStringError(
        fmt::format("the function uses ONNX operator set {}; 1 to {} are "
                    "supported",
                    opsetOf(""), newestOpset));
  SmallVector<Value> results;
  if (failed(importGraph(*body, scope, results)))
    return llvm::createStringError("the function's body is not valid");
  return results;
}

bool GraphImporter::runHandler(NodeContext &node, const OperatorRow &row,
                               const onnx::NodeProto &proto) {
  LogicalResult result = failure();
  {
    // What verifiers and inference complain about is the node's fault.
    ScopedDiagnosticHandler capture(
        builder.getContext(), [&](Diagnostic &diagnostic) {
          if (diagnostic.getSeverity() != DiagnosticSeverity::Error)
            return failure();
          (void)node.error(diagnostic.str());
          return success();
        });
    result = row.handler(node);
  }
  if (node.hasGivenUp())
    return false;
  if (failed(result) || node.hasFailed()) {
    fail(proto, node.loc(),
         node.hasFailed() ? node.reason() : "the node cannot be imported");
    return false;
  }
  for (unsigned output = 0; output < node.numOutputs(); ++output) {
    if (!node.isUsed(output) ||
        (output < node.outputValues().size() && node.outputValues()[output]))
      continue;
    fail(proto, node.loc(),
         fmt::format("output {} ('{}') is not supported", output,
                     proto.output(output)));
    return false;
  }
  for (StringRef name : node.unreadAttributes())
    emitWarning(node.loc())
        << "attribute '" << name << "' is not known and has no effect";
  return true;
}

LogicalResult GraphImporter::reportFailures() {
  if (failures.empty())
    return success();
  InFlightDiagnostic diagnostic = emitError(file);
  diagnostic << "the model cannot be imported: "
             << static_cast<int64_t>(failures.size())
             << (failures.size() == 1 ? " node or weight is"
                                      : " nodes or weights are")
             << " not valid or not supported";
  for (const Failure &failure : failures)
    diagnostic.attachNote(failure.location) << failure.description;
  return diagnostic;
}
