//===- Eval.cpp - edgec eval ----------------------------------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Options.h"
#include "edgec/Support/Progress.h"
#include "edgec/Support/TensorFile.h"
#include "edgec/Tools/Errors.h"
#include "edgec/Tools/Evaluation.h"
#include "edgec/Tools/ModelInputs.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/JSON.h"
#include <fmt/format.h>

using namespace edgec;
using namespace llvm;

namespace {

struct Request {
  std::string model, dataFile, labelsFile, output;
  LoadOptions load;
  Preprocessing preprocessing;
  int64_t limit = 0; ///< 0: all samples.
};

Expected<Request> parseRequest(const opt::InputArgList &arguments) {
  Request request;
  Expected<std::string> model = onlyInput(arguments, "model");
  if (!model)
    return model.takeError();
  request.model = std::move(*model);
  request.dataFile = arguments.getLastArgValue(OPT_data).str();
  request.labelsFile = arguments.getLastArgValue(OPT_labels).str();
  if (request.dataFile.empty() || request.labelsFile.empty())
    return usageError("--data and --labels are needed: --data=x.npy "
                      "--labels=y.npy");
  request.output = arguments.getLastArgValue(OPT_output).str();
  Expected<LoadOptions> load = loadOptions(arguments);
  if (!load)
    return load.takeError();
  request.load = std::move(*load);

  Expected<Preprocessing> preprocessing = preprocessingOptions(arguments);
  if (!preprocessing)
    return preprocessing.takeError();
  request.preprocessing = std::move(*preprocessing);
  if (arguments.hasArg(OPT_limit)) {
    Expected<int64_t> limit = countOption(arguments, OPT_limit, 0);
    if (!limit)
      return limit.takeError();
    request.limit = *limit;
  }
  return request;
}

struct Dataset {
  Tensor samples;
  std::vector<int64_t> labels;
};

Expected<Dataset> readDataset(const Request &request) {
  Expected<Tensor> samples = readTensor(request.dataFile);
  if (!samples)
    return samples.takeError();
  Expected<Tensor> read = readTensor(request.labelsFile);
  if (!read)
    return read.takeError();
  Expected<Tensor> labels = convertTensor(*read, ElementType::I64);
  if (!labels)
    return createFileError(request.labelsFile, labels.takeError());
  int64_t count = samples->rank() == 0 ? 0 : samples->dim(0);
  if (labels->size() != count)
    return createFileError(request.labelsFile,
                           createStringError(fmt::format(
                               "{} labels for the {} samples of '{}'",
                               labels->size(), count, request.dataFile)));
  if (request.limit != 0)
    count = std::min(count, request.limit);
  Dataset dataset{std::move(*samples), {}};
  for (int64_t i = 0; i < count; ++i)
    dataset.labels.push_back(labels->asInt(i));
  return dataset;
}

Expected<size_t> chooseOutput(const std::vector<TensorSpec> &outputs,
                              const std::string &wanted) {
  std::vector<std::string> names = namesOf(outputs);
  if (wanted.empty() && outputs.size() == 1)
    return 0;
  if (wanted.empty())
    return usageError("which output has the classes? Give --output=NAME, NAME "
                      "one of " +
                      quotedList(names));
  auto found = find(names, wanted);
  if (found == names.end())
    return usageError("--output=" + wanted + ": the model's outputs are " +
                      quotedList(names));
  return found - names.begin();
}

struct Accuracy {
  int64_t samples = 0, classes = 0, top1 = 0, top5 = 0;

  double percent(int64_t hits) const {
    return 100.0 * static_cast<double>(hits) / static_cast<double>(samples);
  }
};

Expected<Accuracy> evaluate(RunnableModel &model, const Dataset &dataset,
                            const Request &request) {
  const EntryPointSpec &entry = model.entryPoint();
  if (entry.inputs.size() != 1)
    return createStringError("models with %zu inputs cannot be evaluated on "
                             "one array; one input is needed",
                             entry.inputs.size());
  const TensorSpec &input = entry.inputs.front();
  if (Error error = checkSamples(dataset.samples, input).takeError())
    return std::move(error);
  if (Error error = request.preprocessing.check(dataset.samples))
    return std::move(error);
  Expected<size_t> output = chooseOutput(entry.outputs, request.output);
  if (!output)
    return output.takeError();

  int64_t batch = input.shape.empty() ? 1 : input.shape.front();
  Accuracy accuracy;
  accuracy.samples = static_cast<int64_t>(dataset.labels.size());
  ProgressBar progress("evaluating", accuracy.samples);
  for (int64_t first = 0; first < accuracy.samples; first += batch) {
    Tensor values =
        makeBatch(dataset.samples, first, input, request.preprocessing);
    Expected<std::vector<Tensor>> outputs = model.run(values);
    if (!outputs)
      return outputs.takeError();
    const Tensor &scores = (*outputs)[*output];
    accuracy.classes = scores.size() / batch;
    if (scores.size() % batch != 0 || accuracy.classes == 0)
      return createStringError("output '" + entry.outputs[*output].name +
                               "' has no scores for each sample of the batch");
    int64_t last = std::min(first + batch, accuracy.samples);
    for (int64_t i = first; i < last; ++i) {
      int64_t label = dataset.labels[i];
      if (label < 0 || label >= accuracy.classes)
        return createFileError(
            request.labelsFile,
            createStringError(fmt::format(
                "label {} of sample {} is no class: the model has {}", label, i,
                accuracy.classes)));
      int64_t rank = rankOfClass(scores, batch, i - first, label);
      accuracy.top1 += rank == 0;
      accuracy.top5 += rank < 5;
    }
    progress.update(last);
  }
  return accuracy;
}

void printResult(const Accuracy &accuracy) {
  if (accuracy.classes > 5)
    outs() << fmt::format("top-5 {:.2f} %\n", accuracy.percent(accuracy.top5));
  outs() << fmt::format("top-1 {:.2f} % (n = {})\n",
                        accuracy.percent(accuracy.top1), accuracy.samples);
}

void printJson(const Accuracy &accuracy) {
  json::OStream stream(outs(), /*IndentSize=*/2);
  stream.object([&] {
    stream.attribute("top1", accuracy.percent(accuracy.top1));
    if (accuracy.classes > 5)
      stream.attribute("top5", accuracy.percent(accuracy.top5));
    stream.attribute("classes", accuracy.classes);
    stream.attribute("n", accuracy.samples);
  });
  outs() << "\n";
}

Error run(const opt::InputArgList &arguments) {
  Expected<Request> request = parseRequest(arguments);
  if (!request)
    return request.takeError();
  // The model before the data: its errors are the likelier ones.
  if (Error error = modelFileKind(request->model).takeError())
    return error;
  Expected<Dataset> dataset = readDataset(*request);
  if (!dataset)
    return dataset.takeError();
  auto model = loadModel(request->model, request->load);
  if (!model)
    return model.takeError();
  Expected<Accuracy> accuracy = evaluate(**model, *dataset, *request);
  if (!accuracy)
    return accuracy.takeError();
  if (arguments.hasArg(OPT_json))
    printJson(*accuracy);
  else
    printResult(*accuracy);
  return Error::success();
}

} // namespace

const Command edgec::evalCommand = {
    "eval",
    "MODEL.onnx|ARTEFACT.so --data=X --labels=Y [options]",
    "Measure a classifier's accuracy on labelled data.",
    "An ONNX model is compiled first: what is measured is what ships. The "
    "last\n"
    "line is 'top-1 NN.NN % (n = N)'.\n"
    "Example: edgec eval lenet.onnx --data=x.npy --labels=y.npy "
    "--scale=0.00392",
    EvalCommand,
    run};
