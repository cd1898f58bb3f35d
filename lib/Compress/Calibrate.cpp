//===- Calibrate.cpp - Ranges from samples, by interpretation -------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "edgec/Compress/Passes.h"

#include "edgec/Reference/Interpreter.h"
#include "edgec/Support/NpyReader.h"
#include "edgec/Support/TensorFile.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"

using namespace mlir;

namespace edgec::edge {
#define GEN_PASS_DEF_CALIBRATEPASS
#include "edgec/Compress/Passes.h.inc"
} // namespace edgec::edge

using namespace edgec;

namespace {

llvm::Expected<NpyReader> openSamples(llvm::StringRef path) {
  auto bytes = openFileBytes(path);
  if (!bytes)
    return bytes.takeError();
  llvm::Expected<NpyReader> reader = NpyReader::open(std::move(*bytes));
  if (!reader)
    return llvm::createFileError(path, reader.takeError());
  return reader;
}

/// The inputs of one run: rows first, first + 1, ... as f32.
llvm::Expected<Tensor> readBatch(NpyReader &samples, int64_t first,
                                 llvm::ArrayRef<int64_t> shape) {
  Tensor batch(ElementType::F32, shape.vec());
  float *target = batch.mutableData<float>();
  for (int64_t i = first; i != first + shape.front(); ++i) {
    llvm::Expected<Tensor> row = samples.readRow(i);
    if (!row)
      return row.takeError();
    for (int64_t element = 0; element != row->size(); ++element)
      *target++ = static_cast<float>(row->asDouble(element));
  }
  return batch;
}

/// The function that has observation points; its only argument takes samples.
FailureOr<func::FuncOp> observedFunction(ModuleOp module) {
  func::FuncOp found;
  module.walk([&](edge::ObserveOp point) {
    found = point->getParentOfType<func::FuncOp>();
    return WalkResult::interrupt();
  });
  if (!found)
    return module.emitError("has no observation points: run "
                            "--edge-insert-observers first");
  auto type = found.getNumArguments() == 1
                  ? dyn_cast<RankedTensorType>(found.getArgumentTypes().front())
                  : RankedTensorType();
  if (!type || !type.hasStaticShape() || type.getRank() == 0 ||
      !type.getElementType().isF32())
    return found.emitError("needs one input of f32, of a fixed shape with the "
                           "batch first, to be calibrated");
  return found;
}

struct CalibratePass : edge::impl::CalibratePassBase<CalibratePass> {
  using CalibratePassBase::CalibratePassBase;

  void runOnOperation() override {
    FailureOr<func::FuncOp> function = observedFunction(getOperation());
    if (failed(function) || failed(calibrate(*function)))
      signalPassFailure();
  }

  LogicalResult calibrate(func::FuncOp function) {
    std::optional<RangeMethod> method = parseRangeMethod(range);
    if (!method)
      return getOperation().emitError("range=")
             << range.getValue() << ": use minmax, percentile or mse";
    llvm::Expected<NpyReader> reader = openSamples(data);
    if (!reader)
      return getOperation().emitError(llvm::toString(reader.takeError()));
    auto type = cast<RankedTensorType>(function.getArgumentTypes().front());
    llvm::ArrayRef<int64_t> shape = type.getShape();
    if (reader->shape().empty() ||
        llvm::ArrayRef(reader->shape()).drop_front() != shape.drop_front())
      return getOperation().emitError("'")
             << data.getValue() << "' has the shape "
             << formatShape(reader->shape()) << ", and the input "
             << formatShape(shape.vec()) << ": samples are stacked along the "
             << "first axis";

    std::vector<RangeObserver> points;
    auto observe = [&](int64_t point, const Tensor &tensor) {
      if (static_cast<int64_t>(points.size()) <= point)
        points.resize(point + 1);
      points[point].observe(
          {tensor.data<float>(), static_cast<size_t>(tensor.size())});
    };
    int64_t count = std::min(reader->shape().front(), samples.getValue());
    for (int64_t first = 0; first + shape.front() <= count;
         first += shape.front()) {
      llvm::Expected<Tensor> batch = readBatch(*reader, first, shape);
      if (!batch)
        return getOperation().emitError(llvm::toString(batch.takeError()));
      if (failed(interpret(function, *batch, observe)))
        return failure();
    }
    std::vector<std::optional<TensorRange>> ranges;
    for (const RangeObserver &point : points)
      ranges.push_back(point.isEmpty() ? std::nullopt
                                       : std::optional(point.range(*method)));
    return edge::setObservedRanges(getOperation(), ranges);
  }
};

} // namespace
