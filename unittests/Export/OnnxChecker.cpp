//===- OnnxChecker.cpp - ONNX's own opinion of a model --------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "OnnxChecker.h"
#include <exception>
#include <onnx/checker.h>
#include <onnx/onnx_pb.h>
#include <onnx/shape_inference/implementation.h>

std::string edgec::testing::complaintsOfOnnx(const std::string &bytes) {
  onnx::ModelProto model;
  if (!model.ParseFromString(bytes))
    return "not a serialized model";
  try {
    onnx::checker::check_model(model);
    onnx::ShapeInferenceOptions options(/*check_type=*/true,
                                        /*strict_mode=*/1);
    onnx::shape_inference::InferShapes(
        model, onnx::OpSchemaRegistry::Instance(), options);
  } catch (const std::exception &exception) {
    return exception.what();
  }
  return "";
}
