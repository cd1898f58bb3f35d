//===- Evaluation.cpp - A model on a data set -----------------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "edgec/Tools/Evaluation.h"
#include "edgec/Support/Progress.h"
#include "edgec/Tools/ModelInputs.h"
#include "llvm/ADT/STLExtras.h"
#include <algorithm>
#include <cmath>
#include <fmt/format.h>

using namespace edgec;
using namespace llvm;

namespace {

Error checkSame(StringRef what, ArrayRef<TensorSpec> ours,
                ArrayRef<TensorSpec> theirs) {
  if (ours.size() != theirs.size())
    return createStringError(
        fmt::format("the models have {} and {} {}s, so they cannot agree",
                    ours.size(), theirs.size(), what.str()));
  for (auto [a, b] : zip_equal(ours, theirs))
    if (a.type != b.type || a.shape != b.shape)
      return createStringError(fmt::format(
          "{} '{}' is {} of one model and {} of the other, so they cannot "
          "agree",
          what.str(), a.name, describe(a), describe(b)));
  return Error::success();
}

class Evaluator {
public:
  Evaluator(RunnableModel &model, Samples &samples, Labels *labels,
            RunnableModel *reference, const EvaluationOptions &options)
      : model(model), samples(samples), labels(labels), reference(reference),
        options(options) {
    result.hasLabels = labels != nullptr;
    if (reference)
      result.agreement.emplace();
  }

  Error check() const {
    if (!reference)
      return Error::success();
    const EntryPointSpec &ours = model.entryPoint();
    const EntryPointSpec &theirs = reference->entryPoint();
    if (Error error = checkSame("input", ours.inputs, theirs.inputs))
      return error;
    return checkSame("output", ours.outputs, theirs.outputs);
  }

  /// Runs the samples of one batch: first, ..., last − 1.
  Error runBatch(int64_t first, int64_t last) {
    Expected<std::vector<Tensor>> inputs = samples.batch(first);
    if (!inputs)
      return inputs.takeError();
    Expected<std::vector<Tensor>> outputs = model.run(*inputs);
    if (!outputs)
      return outputs.takeError();
    std::vector<Tensor> expected;
    if (reference) {
      Expected<std::vector<Tensor>> run = reference->run(*inputs);
      if (!run)
        return run.takeError();
      expected = std::move(*run);
    }
    const Tensor &output = (*outputs)[options.output];
    int64_t batch = samples.batchSize();
    if (output.size() % batch != 0 || output.size() == 0)
      return createStringError("output '" +
                               model.entryPoint().outputs[options.output].name +
                               "' has no values for each sample of the batch");
    result.classes = output.size() / batch;
    for (int64_t i = first; i < last; ++i) {
      if (reference)
        addAgreement(slice(output, i - first),
                     slice(expected[options.output], i - first));
      if (labels)
        if (Error error = addSample(slice(output, i - first),
                                    slice(inputs->front(), i - first), i))
          return error;
      if (labels && reference && options.metric == Metric::Accuracy)
        if (Error error =
                addPair(slice(output, i - first),
                        slice(expected[options.output], i - first), i))
          return error;
    }
    result.samples += last - first;
    return Error::success();
  }

  Expected<Evaluation> finish() {
    if (labels && options.metric == Metric::Auc) {
      Expected<double> area = areaUnderRoc(std::move(scores));
      if (!area)
        return area.takeError();
      result.auc = *area;
    }
    return result;
  }

private:
  OutputSlice slice(const Tensor &tensor, int64_t slot) const {
    int64_t count = tensor.size() / samples.batchSize();
    return {tensor, slot * count, count};
  }

  Error addSample(const OutputSlice &output, const OutputSlice &input,
                  int64_t index) {
    switch (options.metric) {
    case Metric::Accuracy:
      return addClass(output, index);
    case Metric::Auc:
      return addScore(output, input, index);
    case Metric::Error:
      return addErrors(output, index);
    }
    llvm_unreachable("unknown metric");
  }

  Error addClass(const OutputSlice &output, int64_t index) {
    Expected<int64_t> label = labels->classOf(index, output.count);
    if (!label)
      return label.takeError();
    int64_t rank = rankOfClass(output, *label);
    result.top1 += rank == 0;
    result.topK += rank < options.top;
    return Error::success();
  }

  Error addPair(const OutputSlice &output, const OutputSlice &expected,
                int64_t index) {
    Expected<int64_t> label = labels->classOf(index, output.count);
    if (!label)
      return label.takeError();
    bool isRight = firstChoice(output) == *label;
    bool wasRight = firstChoice(expected) == *label;
    result.agreement->onlyThis += isRight && !wasRight;
    result.agreement->onlyReference += wasRight && !isRight;
    return Error::success();
  }

  Error addScore(const OutputSlice &output, const OutputSlice &input,
                 int64_t index) {
    Expected<int64_t> label = labels->classOf(index, /*classes=*/2);
    if (!label)
      return label.takeError();
    Expected<double> score = anomalyScore(output, input);
    if (!score)
      return score.takeError();
    scores.push_back({*score, *label == 1});
    return Error::success();
  }

  Error addErrors(const OutputSlice &output, int64_t index) {
    Expected<Tensor> target =
        labels->target(index, options.output, output.count);
    if (!target)
      return target.takeError();
    for (int64_t i = 0; i < output.count; ++i)
      result.errors.add(output.tensor.asDouble(output.offset + i),
                        target->asDouble(i));
    return Error::success();
  }

  void addAgreement(const OutputSlice &output, const OutputSlice &expected) {
    result.agreement->sameChoice +=
        firstChoice(output) == firstChoice(expected);
    for (int64_t i = 0; i < output.count; ++i) {
      double actual = output.tensor.asDouble(output.offset + i);
      double wanted = expected.tensor.asDouble(expected.offset + i);
      double distance = actual == wanted ? 0 : std::abs(actual - wanted);
      result.agreement->errors.add(actual, wanted, distance);
    }
  }

  RunnableModel &model;
  Samples &samples;
  Labels *labels;
  RunnableModel *reference;
  EvaluationOptions options;
  Evaluation result;
  std::vector<ScoredSample> scores; ///< Metric::Auc only.
};

} // namespace

double Evaluation::dropError() const {
  double differing =
      static_cast<double>(agreement->onlyReference + agreement->onlyThis);
  return 100 * std::sqrt(differing) / static_cast<double>(samples);
}

Expected<Evaluation> edgec::evaluate(RunnableModel &model, Samples &samples,
                                     Labels *labels, RunnableModel *reference,
                                     const EvaluationOptions &options) {
  Evaluator evaluator(model, samples, labels, reference, options);
  if (Error error = evaluator.check())
    return std::move(error);
  int64_t end = samples.size();
  if (options.limit != 0)
    end = std::min(end, options.first + options.limit);
  if (options.first >= end)
    return createStringError("there are only %lld samples",
                             static_cast<long long>(samples.size()));
  ProgressBar progress("evaluating", end - options.first);
  int64_t batch = samples.batchSize();
  for (int64_t first = options.first; first < end; first += batch) {
    int64_t last = std::min(first + batch, end);
    if (Error error = evaluator.runBatch(first, last))
      return std::move(error);
    progress.update(last - options.first);
  }
  return evaluator.finish();
}
