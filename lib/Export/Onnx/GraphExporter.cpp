//===- GraphExporter.cpp - From operations to nodes ---------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "GraphExporter.h"
#include "HandlerTable.h"
#include "TensorData.h"
#include "edgec/Dialect/Edge/EdgeDialect.h"
#include "llvm/ADT/DenseSet.h"

using namespace edgec;
using namespace edgec::onnx_export;
using namespace mlir;

//===----------------------------------------------------------------------===//
// Names
//===----------------------------------------------------------------------===//

std::string GraphExporter::NameSet::makeUnique(StringRef wanted) {
  if (take(wanted))
    return wanted.str();
  unsigned &number = lastNumber[wanted];
  std::string name;
  do
    name = (wanted + "_" + Twine(++number)).str();
  while (!take(name));
  return name;
}

std::string GraphExporter::uniqueName(StringRef wanted) {
  return tensorNames.makeUnique(wanted);
}

std::string GraphExporter::uniqueNodeName(StringRef wanted) {
  return nodeNames.makeUnique(wanted);
}

std::string onnx_export::nameFromLocation(Operation *op) {
  auto named = op->getLoc()->findInstanceOf<NameLoc>();
  if (named && !named.getName().empty())
    return named.getName().str();
  return op->getName().stripDialect().str();
}

bool onnx_export::isConstant(Operation *op) {
  return isa_and_nonnull<edge::ConstantOp, edge::ParameterOp>(op);
}

/// Weights have a name of their own. A constant that was made for a node, or
/// computed from one, is named after it: the node's location tells its operator
/// in a second name.
static std::string nameOfConstant(Operation *op) {
  if (auto parameter = dyn_cast<edge::ParameterOp>(op))
    if (!parameter.getName().empty())
      return parameter.getName().str();
  std::string name = nameFromLocation(op);
  auto named = op->getLoc()->findInstanceOf<NameLoc>();
  bool isNode = named && isa<NameLoc>(named.getChildLoc());
  return isNode ? name + "/constant" : name;
}

std::string GraphExporter::nameResult(Value result) {
  std::string &name = names[result];
  if (name.empty())
    name = uniqueName(nameFromLocation(result.getDefiningOp()));
  return name;
}

std::string GraphExporter::nameOf(Value value) {
  auto found = names.find(value);
  if (found != names.end())
    return found->second;
  // An operation that could not be written has been reported, and its result
  // needs no name: the model is not written.
  Operation *op = value.getDefiningOp();
  return isConstant(op) ? names[value] = writeConstant(op) : std::string();
}

//===----------------------------------------------------------------------===//
// Constants
//===----------------------------------------------------------------------===//

std::string GraphExporter::writeConstant(Operation *op) {
  std::string name = uniqueName(nameOfConstant(op));
  std::optional<Tensor> tensor = NodeWriter::knownValue(op->getResult(0));
  if (tensor) {
    writeTensor(*tensor, name, *graphs[op->getBlock()]->add_initializer());
    return name;
  }
  op->emitError("the elements of the constant '") << name << "' are not there";
  failureReported = true;
  return name;
}

std::string GraphExporter::packedConstant(Value constant,
                                          const Tensor &tensor) {
  std::string &name = packedNames[constant];
  if (!name.empty())
    return name;
  Operation *op = constant.getDefiningOp();
  name = uniqueName(nameOfConstant(op));
  writePackedTensor(tensor, name, *graphs[op->getBlock()]->add_initializer());
  return name;
}

//===----------------------------------------------------------------------===//
// Graphs
//===----------------------------------------------------------------------===//

LogicalResult GraphExporter::addInput(Value value, StringRef name,
                                      onnx::GraphProto &graph) {
  setName(value, name.str());
  return writeValueInfo(value.getType(), name, *graph.add_input());
}

/// Outputs that operations of the block compute get their names before that; a
/// value that is returned twice has one of them.
void GraphExporter::nameOutputs(Block &block,
                                ArrayRef<std::string> outputNames) {
  for (auto [value, name] :
       llvm::zip(block.getTerminator()->getOperands(), outputNames)) {
    Operation *op = value.getDefiningOp();
    bool isComputedHere = op && op->getBlock() == &block && !isConstant(op);
    if (isComputedHere && !name.empty() && !names.contains(value))
      names[value] = name;
  }
}

/// ONNX wants an output to be a node's, and each to have a name of its own:
/// other values are copied.
void GraphExporter::addOutputs(Block &block, onnx::GraphProto &graph,
                               ArrayRef<std::string> outputNames) {
  Operation *terminator = block.getTerminator();
  llvm::SmallDenseSet<Value> taken;
  for (auto [value, wanted] :
       llvm::zip(terminator->getOperands(), outputNames)) {
    Operation *op = value.getDefiningOp();
    std::string source = nameOf(value), name = wanted;
    bool isComputedHere = op && op->getBlock() == &block && !isConstant(op);
    bool isFree = isComputedHere && taken.insert(value).second;
    if (name.empty())
      name = isFree ? source : uniqueName(source + "/copy");
    if (name != source) {
      onnx::NodeProto &copy = *graph.add_node();
      copy.set_op_type("Identity");
      copy.set_name(uniqueNodeName(name + "/copy"));
      copy.add_input(source);
      copy.add_output(name);
    }
    if (succeeded(writeValueInfo(value.getType(), name, *graph.add_output())))
      continue;
    terminator->emitError("a result of type ")
        << value.getType() << " has no ONNX form";
    failureReported = true;
  }
}

void GraphExporter::exportBlock(Block &block, onnx::GraphProto &graph,
                                ArrayRef<std::string> outputNames) {
  graphs[&block] = &graph;
  nameOutputs(block, outputNames);
  const HandlerTable &table = HandlerTable::get();
  for (Operation &op : block.without_terminator()) {
    if (isConstant(&op))
      continue; // Where they are used.
    NodeWriter node(*this, graph, &op);
    LogicalResult written = table.contains(&op)
                                ? table.write(&op, node)
                                : node.error("ONNX has no operator for it");
    failureReported |= failed(written);
  }
  addOutputs(block, graph, outputNames);
}
