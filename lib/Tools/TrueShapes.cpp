//===- TrueShapes.cpp - Outputs of the shape that a run gave them ---------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "edgec/Tools/TrueShapes.h"
#include "llvm/ADT/STLExtras.h"
#include <cstring>

using namespace edgec;
using namespace llvm;

namespace {

/// Copies a box of elements, row by row.
void copyBox(const char *from, ArrayRef<int64_t> extents, char *to,
             ArrayRef<int64_t> shape, size_t elementBytes) {
  if (shape.empty() || shape.size() == 1) {
    size_t count = shape.empty() ? 1 : shape.front();
    if (count != 0)
      std::memcpy(to, from, count * elementBytes);
    return;
  }
  size_t fromStep = elementBytes, toStep = elementBytes;
  for (int64_t extent : extents.drop_front())
    fromStep *= extent;
  for (int64_t extent : shape.drop_front())
    toStep *= extent;
  for (int64_t i = 0; i < shape.front(); ++i)
    copyBox(from + i * fromStep, extents.drop_front(), to + i * toStep,
            shape.drop_front(), elementBytes);
}

bool isFixed(const TensorSpec &output) { return !output.shapeOutput; }

class TrueShapes : public RunnableModel {
public:
  explicit TrueShapes(std::unique_ptr<RunnableModel> wrapped)
      : model(std::move(wrapped)), spec(model->entryPoint()) {
    for (const TensorSpec &output : spec.outputs)
      if (output.shapeOutput)
        shapes.push_back(*output.shapeOutput);
    std::vector<TensorSpec> kept;
    for (auto [index, output] : enumerate(spec.outputs))
      if (!is_contained(shapes, index))
        kept.push_back(output);
    spec.outputs = std::move(kept);
  }

  const EntryPointSpec &entryPoint() const override { return spec; }

  Expected<std::vector<Tensor>> run(ArrayRef<Tensor> inputs) override {
    Expected<std::vector<Tensor>> outputs = model->run(inputs);
    if (!outputs)
      return outputs.takeError();
    std::vector<Tensor> kept;
    for (auto [index, output] : enumerate(model->entryPoint().outputs)) {
      if (is_contained(shapes, index))
        continue;
      if (isFixed(output)) {
        kept.push_back(std::move((*outputs)[index]));
        continue;
      }
      const Tensor &shape = (*outputs)[*output.shapeOutput];
      Expected<Tensor> cut = cutToShape(
          (*outputs)[index], ArrayRef(shape.data<int64_t>(), shape.size()));
      if (!cut)
        return createStringError("output '" + output.name +
                                 "': " + toString(cut.takeError()));
      kept.push_back(std::move(*cut));
    }
    return kept;
  }

  Error useThreads(size_t threads) override {
    return model->useThreads(threads);
  }

private:
  std::unique_ptr<RunnableModel> model;
  EntryPointSpec spec;
  SmallVector<uint32_t> shapes; ///< Numbers of the outputs that tell shapes.
};

} // namespace

Expected<Tensor> edgec::cutToShape(const Tensor &tensor,
                                   ArrayRef<int64_t> shape) {
  bool fits = shape.size() == tensor.shape().size();
  for (size_t i = 0; fits && i < shape.size(); ++i)
    fits = shape[i] >= 0 && shape[i] <= tensor.dim(i);
  if (!fits)
    return createStringError(
        "the run says that its shape is " + formatShape(shape.vec()) +
        ", which is more than the largest, " + formatShape(tensor.shape()));
  Tensor cut(tensor.type(), shape.vec());
  if (cut.size() != 0)
    copyBox(tensor.bytes(), tensor.shape(), cut.mutableBytes(), shape,
            byteSize(tensor.type()));
  return cut;
}

std::unique_ptr<RunnableModel>
edgec::withTrueShapes(std::unique_ptr<RunnableModel> model) {
  if (all_of(model->entryPoint().outputs, isFixed))
    return model;
  return std::make_unique<TrueShapes>(std::move(model));
}
