//===- NodeOrder.h - Which nodes to import, and when ------------*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_LIB_IMPORT_ONNX_NODEORDER_H
#define EDGEC_LIB_IMPORT_ONNX_NODEORDER_H

#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/Error.h"
#include <onnx/onnx_pb.h>
#include <vector>

namespace edgec::onnx_import {

struct NodeOrder {
  /// Indices of the nodes that the graph's outputs depend on, each after the
  /// nodes that it depends on and otherwise as in the file.
  std::vector<int> nodes;
  /// Names that these nodes (and their subgraphs) or the graph's outputs read.
  llvm::StringSet<> usedNames;
};

/// Orders the nodes of `graph`. `isOuter` says whether a name is defined
/// around the graph. Errors name the node: values defined twice, values that
/// nothing defines, cycles, subgraphs that nest too deep.
llvm::Expected<NodeOrder>
orderNodes(const onnx::GraphProto &graph,
           llvm::function_ref<bool(llvm::StringRef)> isOuter);

/// "node 'conv1' (Conv)", or by its first output where it has no name.
std::string describeNode(const onnx::NodeProto &node);

} // namespace edgec::onnx_import

#endif // EDGEC_LIB_IMPORT_ONNX_NODEORDER_H
