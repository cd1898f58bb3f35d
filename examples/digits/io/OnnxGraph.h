//===- OnnxGraph.h - Builds an ONNX model node by node ----------*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_EXAMPLES_DIGITS_IO_ONNXGRAPH_H
#define EDGEC_EXAMPLES_DIGITS_IO_ONNXGRAPH_H

#include "nn/Layer.h"

#include <memory>
#include <variant>

namespace onnx {
class ModelProto;
} // namespace onnx

namespace digits {

struct OnnxAttribute {
  std::string name;
  std::variant<float, int64_t, std::vector<int64_t>> value;
};

class OnnxGraph {
public:
  explicit OnnxGraph(const std::string &name);
  OnnxGraph(OnnxGraph &&);
  ~OnnxGraph();

  /// Float32 input or output; extents of 0 stand for the symbolic batch size N.
  void addInput(const std::string &name, const std::vector<int64_t> &shape,
                const std::string &doc);
  void addOutput(const std::string &name, const std::vector<int64_t> &shape,
                 const std::string &doc);

  /// Adds the parameter as a float32 initializer and returns its name.
  template <typename T> std::string addParameter(const Parameter<T> &parameter);

  /// Adds a node whose only output, the returned value, is named as the node.
  std::string addNode(const std::string &type, const std::string &name,
                      const std::vector<std::string> &inputs,
                      const std::vector<OnnxAttribute> &attributes,
                      const std::string &doc);

  onnx::ModelProto &model() { return *proto; }
  const onnx::ModelProto &model() const { return *proto; }

private:
  std::unique_ptr<onnx::ModelProto> proto;
};

} // namespace digits

#endif // EDGEC_EXAMPLES_DIGITS_IO_ONNXGRAPH_H
