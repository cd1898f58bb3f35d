//===- ModelSpec.cpp - What an artefact tells its callers -----------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "edgec/Target/ModelSpec.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/ErrorHandling.h"

using namespace edgec;

llvm::StringRef edgec::name(Arithmetic arithmetic) {
  switch (arithmetic) {
  case Arithmetic::F32:
    return "f32";
  case Arithmetic::Int8:
    return "int8";
  }
  llvm_unreachable("every arithmetic has a name");
}

std::optional<Arithmetic> edgec::parseArithmetic(llvm::StringRef text) {
  for (Arithmetic arithmetic : {Arithmetic::F32, Arithmetic::Int8})
    if (text == name(arithmetic))
      return arithmetic;
  return std::nullopt;
}

std::string edgec::formatShape(const TensorSpec &tensor) {
  return (tensor.isBatch ? "1.." : "") + formatShape(tensor.shape);
}

std::vector<int64_t> edgec::shapeOfBatch(const TensorSpec &tensor,
                                         uint64_t samples) {
  std::vector<int64_t> shape = tensor.shape;
  if (tensor.isBatch && samples != 0)
    shape.front() = samples;
  return shape;
}

uint64_t edgec::samplesOf(const EntryPointSpec &entry,
                          llvm::ArrayRef<Tensor> inputs) {
  for (auto [spec, tensor] : llvm::zip(entry.inputs, inputs)) {
    if (!spec.isBatch || tensor.shape().empty())
      continue;
    uint64_t samples = tensor.shape().front();
    return samples <= entry.maxBatch ? samples : 0;
  }
  return 0;
}
