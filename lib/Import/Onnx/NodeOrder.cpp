//===- NodeOrder.cpp - Which nodes to import, and when --------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "NodeOrder.h"
#include "ModelFile.h"
#include "llvm/ADT/StringMap.h"
#include <fmt/format.h>
#include <queue>

using namespace edgec::onnx_import;
using namespace llvm;

namespace {

/// Collects the names that `graph` reads and does not define itself. Fails
/// where subgraphs nest deeper than the limit.
bool collectFreeNames(const onnx::GraphProto &graph, StringSet<> &names,
                      int depth) {
  if (depth > maximumGraphDepth)
    return false;
  StringSet<> defined, read;
  for (const onnx::ValueInfoProto &input : graph.input())
    defined.insert(input.name());
  for (const onnx::TensorProto &tensor : graph.initializer())
    defined.insert(tensor.name());
  for (const onnx::SparseTensorProto &tensor : graph.sparse_initializer())
    defined.insert(tensor.values().name());
  for (const onnx::NodeProto &node : graph.node()) {
    for (const std::string &output : node.output())
      defined.insert(output);
    for (const std::string &input : node.input())
      read.insert(input);
    for (const onnx::AttributeProto &attribute : node.attribute())
      if (attribute.has_g() &&
          !collectFreeNames(attribute.g(), read, depth + 1))
        return false;
  }
  for (const onnx::ValueInfoProto &output : graph.output())
    read.insert(output.name());
  for (const auto &name : read)
    if (!name.getKey().empty() && !defined.contains(name.getKey()))
      names.insert(name.getKey());
  return true;
}

class Orderer {
public:
  Orderer(const onnx::GraphProto &graph, function_ref<bool(StringRef)> isOuter)
      : graph(graph), isOuter(isOuter), reads(graph.node_size()) {}

  Expected<NodeOrder> run() {
    if (Error error = define())
      return std::move(error);
    if (Error error = findReads())
      return std::move(error);
    if (Error error = keepWhatOutputsNeed())
      return std::move(error);
    return sort();
  }

private:
  Error define() {
    for (const onnx::ValueInfoProto &input : graph.input())
      if (!given.insert(input.name()).second)
        return createStringError(
            fmt::format("the graph has two inputs '{}'", input.name()));
    StringSet<> initializers;
    for (const onnx::TensorProto &tensor : graph.initializer()) {
      if (!initializers.insert(tensor.name()).second)
        return createStringError(
            fmt::format("the graph has two initializers '{}'", tensor.name()));
      given.insert(tensor.name());
    }
    for (const onnx::SparseTensorProto &tensor : graph.sparse_initializer())
      given.insert(tensor.values().name());
    for (int index = 0; index < graph.node_size(); ++index)
      for (const std::string &output : graph.node(index).output()) {
        if (output.empty())
          continue;
        if (given.contains(output) ||
            !producers.try_emplace(output, index).second)
          return createStringError(
              fmt::format("{} defines '{}', which is defined before",
                          describeNode(graph.node(index)), output));
      }
    return Error::success();
  }

  /// What each node and its subgraphs read from this graph or around it.
  Error findReads() {
    for (int index = 0; index < graph.node_size(); ++index) {
      StringSet<> names;
      for (const std::string &input : graph.node(index).input())
        if (!input.empty())
          names.insert(input);
      for (const onnx::AttributeProto &attribute :
           graph.node(index).attribute())
        if (attribute.has_g() && !collectFreeNames(attribute.g(), names, 1))
          return createStringError(
              fmt::format("{} has subgraphs nested deeper than {}",
                          describeNode(graph.node(index)), maximumGraphDepth));
      for (const auto &name : names)
        reads[index].push_back(name.getKey().str());
      llvm::sort(reads[index]); // Not in the order of a hash table.
    }
    return Error::success();
  }

  Error check(StringRef name, const Twine &reader) {
    if (given.contains(name) || producers.contains(name) || isOuter(name))
      return Error::success();
    return createStringError(
        (reader + " reads '" + name + "', which nothing defines").str());
  }

  Error keepWhatOutputsNeed() {
    std::vector<int> work;
    isNeeded.assign(graph.node_size(), false);
    auto need = [&](StringRef name) {
      order.usedNames.insert(name);
      auto producer = producers.find(name);
      if (producer == producers.end() || isNeeded[producer->second])
        return;
      isNeeded[producer->second] = true;
      work.push_back(producer->second);
    };
    for (const onnx::ValueInfoProto &output : graph.output()) {
      if (Error error = check(output.name(), "the graph's output"))
        return error;
      need(output.name());
    }
    while (!work.empty()) {
      int index = work.back();
      work.pop_back();
      for (const std::string &name : reads[index]) {
        if (Error error = check(name, describeNode(graph.node(index))))
          return error;
        need(name);
      }
    }
    return Error::success();
  }

  /// Kahn's algorithm, the node that comes first in the file next.
  Expected<NodeOrder> sort() {
    std::vector<int> missing(graph.node_size(), 0);
    std::vector<std::vector<int>> users(graph.node_size());
    std::priority_queue<int, std::vector<int>, std::greater<>> ready;
    size_t needed = 0;
    for (int index = 0; index < graph.node_size(); ++index) {
      if (!isNeeded[index])
        continue;
      ++needed;
      for (const std::string &name : reads[index]) {
        auto producer = producers.find(name);
        if (producer == producers.end())
          continue;
        users[producer->second].push_back(index);
        ++missing[index];
      }
      if (missing[index] == 0)
        ready.push(index);
    }
    while (!ready.empty()) {
      int index = ready.top();
      ready.pop();
      order.nodes.push_back(index);
      for (int user : users[index])
        if (--missing[user] == 0)
          ready.push(user);
    }
    if (order.nodes.size() == needed)
      return std::move(order);
    for (int index = 0; index < graph.node_size(); ++index)
      if (isNeeded[index] && missing[index] > 0)
        return createStringError(
            fmt::format("{} depends on its own output, or on a node that "
                        "does: the graph has a cycle",
                        describeNode(graph.node(index))));
    llvm_unreachable("a node is left over without missing inputs");
  }

  const onnx::GraphProto &graph;
  function_ref<bool(StringRef)> isOuter;
  StringSet<> given;
  StringMap<int> producers;
  std::vector<std::vector<std::string>> reads;
  std::vector<bool> isNeeded;
  NodeOrder order;
};

} // namespace

std::string edgec::onnx_import::describeNode(const onnx::NodeProto &node) {
  if (!node.name().empty())
    return fmt::format("node '{}' ({})", node.name(), node.op_type());
  for (const std::string &output : node.output())
    if (!output.empty())
      return fmt::format("the node of '{}' ({})", output, node.op_type());
  return fmt::format("a node without name and outputs ({})", node.op_type());
}

Expected<NodeOrder>
edgec::onnx_import::orderNodes(const onnx::GraphProto &graph,
                               function_ref<bool(StringRef)> isOuter) {
  return Orderer(graph, isOuter).run();
}
