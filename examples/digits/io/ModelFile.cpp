//===- ModelFile.cpp - Networks to and from ONNX files --------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "io/ModelFile.h"
#include "draw/Canvas.h"
#include "io/OnnxGraph.h"
#include "nn/Networks.h"

#include "edgec/Support/AtomicFile.h"
#include "onnx/onnx_pb.h"

#include "llvm/Support/Endian.h"
#include "llvm/Support/MemoryBuffer.h"
#include <algorithm>
#include <climits>

using namespace digits;

static OnnxGraph buildGraph(const Sequential<float> &network) {
  OnnxGraph graph("digits");
  graph.model().set_doc_string(
      "Recognizes a digit in a grey image. Trained by examples/digits of edgec "
      "on pictures that it draws itself.");
  constexpr int64_t batch = 0; // symbolic
  graph.addInput("image", {batch, 1, imageSize, imageSize},
                 "Bright digit on a dark ground: pixel / 255");
  std::string logits = network.exportTo(graph, "image");
  graph.addNode("Softmax", "probabilities", {logits},
                {{"axis", static_cast<int64_t>(1)}}, "Scores that add up to 1");
  graph.addOutput("probabilities", {batch, classCount},
                  "How probable each digit is, 0 to 9");
  return graph;
}

llvm::Error digits::writeModel(llvm::StringRef path,
                               const Sequential<float> &network) {
  return edgec::writeFileAtomically(
      path, buildGraph(network).model().SerializeAsString());
}

static llvm::Error readParameter(const onnx::TensorProto &tensor,
                                 Parameter<float> &parameter) {
  std::vector<int64_t> shape(tensor.dims().begin(), tensor.dims().end());
  size_t bytes = parameter.values.size() * sizeof(float);
  if (shape != parameter.shape ||
      tensor.data_type() != onnx::TensorProto::FLOAT ||
      tensor.raw_data().size() != bytes)
    return llvm::createStringError("initializer '%s' has another type or shape",
                                   parameter.name.c_str());
  const char *data = tensor.raw_data().data();
  for (float &value : parameter.values) {
    value = llvm::bit_cast<float>(llvm::support::endian::read32le(data));
    data += sizeof(float);
  }
  return llvm::Error::success();
}

static llvm::Error readParameters(const onnx::ModelProto &model,
                                  Sequential<float> &network) {
  std::vector<Parameter<float> *> parameters;
  network.collectParameters(parameters);
  for (Parameter<float> *parameter : parameters) {
    const auto &initializers = model.graph().initializer();
    auto found = std::find_if(
        initializers.begin(), initializers.end(),
        [&](const auto &tensor) { return tensor.name() == parameter->name; });
    if (found == initializers.end())
      return llvm::createStringError("there is no initializer '%s'",
                                     parameter->name.c_str());
    if (llvm::Error error = readParameter(*found, *parameter))
      return error;
  }
  return llvm::Error::success();
}

llvm::Error digits::readModel(llvm::StringRef path,
                              Sequential<float> &network) {
  auto buffer = llvm::MemoryBuffer::getFile(path);
  if (!buffer)
    return llvm::createFileError(path, buffer.getError());
  onnx::ModelProto model;
  size_t size = (*buffer)->getBufferSize();
  if (size > INT_MAX || // Protobuf's limit
      !model.ParseFromArray((*buffer)->getBufferStart(),
                            static_cast<int>(size)))
    return llvm::createFileError(path,
                                 llvm::createStringError("not an ONNX model"));
  if (llvm::Error error = readParameters(model, network))
    return llvm::createFileError(path, std::move(error));
  if (buildGraph(network).model().SerializeAsString() !=
      model.SerializeAsString())
    return llvm::createFileError(
        path, llvm::createStringError("not the graph that train_digits writes; "
                                      "train the model again"));
  return llvm::Error::success();
}
