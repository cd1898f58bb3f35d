//===- Eval.cpp - edgec eval ----------------------------------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Options.h"
#include "edgec/Tools/Errors.h"
#include "edgec/Tools/Evaluation.h"
#include "edgec/Tools/ModelInputs.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringSwitch.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/JSON.h"
#include <cmath>
#include <fmt/format.h>

using namespace edgec;
using namespace llvm;

namespace {

struct Request {
  std::string model, data, labels, output;
  LoadOptions load;
  Preprocessing preprocessing;
  EvaluationOptions evaluation;
  std::string reference; ///< The model to agree with; empty: none.
};

Error parseMetric(const opt::InputArgList &arguments, Request &request) {
  StringRef text = arguments.getLastArgValue(OPT_metric, "accuracy");
  auto metric = StringSwitch<std::optional<Metric>>(text)
                    .Case("accuracy", Metric::Accuracy)
                    .Case("auc", Metric::Auc)
                    .Case("error", Metric::Error)
                    .Default(std::nullopt);
  if (!metric)
    return usageError("--metric=" + text + ": use accuracy, auc or error");
  request.evaluation.metric = *metric;
  Expected<int64_t> top =
      countOption(arguments, OPT_top, request.evaluation.top);
  if (!top)
    return top.takeError();
  request.evaluation.top = *top;
  if (!arguments.hasArg(OPT_limit))
    return Error::success();
  Expected<int64_t> limit = countOption(arguments, OPT_limit, 0);
  if (!limit)
    return limit.takeError();
  request.evaluation.limit = *limit;
  return Error::success();
}

Expected<Request> parseRequest(const opt::InputArgList &arguments) {
  Request request;
  Expected<std::string> model = onlyInput(arguments, "model");
  if (!model)
    return model.takeError();
  request.model = std::move(*model);
  request.data = arguments.getLastArgValue(OPT_data).str();
  request.labels = arguments.getLastArgValue(OPT_labels).str();
  if (request.data.empty())
    return usageError("--data is needed: --data=x.npy, or a folder");
  request.output = arguments.getLastArgValue(OPT_output).str();
  if (arguments.hasArg(OPT_agreement))
    request.reference = request.model;
  request.reference =
      arguments.getLastArgValue(OPT_agreement_with, request.reference).str();
  Expected<LoadOptions> load = loadOptions(arguments);
  if (!load)
    return load.takeError();
  request.load = std::move(*load);
  Expected<Preprocessing> preprocessing = preprocessingOptions(arguments);
  if (!preprocessing)
    return preprocessing.takeError();
  request.preprocessing = std::move(*preprocessing);
  if (Error error = parseMetric(arguments, request))
    return std::move(error);
  return request;
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

/// The model that is agreed with, compiled without what makes it smaller.
Expected<std::unique_ptr<RunnableModel>> loadReference(const Request &request) {
  Expected<ModelFileKind> kind = modelFileKind(request.reference);
  if (!kind)
    return kind.takeError();
  if (*kind == ModelFileKind::Artefact && request.reference == request.model)
    return usageError("--agreement: name the model that '" + request.model +
                      "' was made of: --agreement=MODEL.onnx");
  LoadOptions options = request.load;
  options.adaptation = Adaptation();
  options.budget = Budget();
  // What there is to say was said of the model itself.
  options.quiet = true;
  options.remarks = false;
  return loadModel(request.reference, options);
}

/// What can be told before the model is compiled, which takes its time.
Error checkFiles(const Request &request) {
  if (request.labels.empty() && request.reference.empty() &&
      sys::fs::is_regular_file(request.data))
    return usageError("--labels is needed: --labels=y.npy");
  if (Error error = modelFileKind(request.model).takeError())
    return error;
  for (const std::string &path : {request.data, request.labels}) {
    sys::fs::file_status status;
    if (path.empty())
      continue;
    if (std::error_code code = sys::fs::status(path, status))
      return createFileError(path, code);
  }
  return Error::success();
}

Expected<Evaluation> evaluate(Request &request) {
  auto model = loadModel(request.model, request.load);
  if (!model)
    return model.takeError();
  const EntryPointSpec &entry = (*model)->entryPoint();
  Expected<size_t> output = chooseOutput(entry.outputs, request.output);
  if (!output)
    return output.takeError();
  request.evaluation.output = *output;

  Expected<Samples> samples =
      Samples::open(request.data, request.preprocessing, entry.inputs);
  if (!samples)
    return samples.takeError();
  std::optional<Labels> labels;
  bool needsLabels = request.reference.empty() || !request.labels.empty();
  if (needsLabels || samples->classOf(0)) {
    Expected<Labels> opened = Labels::open(request.labels, *samples);
    if (!opened)
      return opened.takeError();
    labels = std::move(*opened);
  }
  std::unique_ptr<RunnableModel> reference;
  if (!request.reference.empty()) {
    auto loaded = loadReference(request);
    if (!loaded)
      return loaded.takeError();
    reference = std::move(*loaded);
  }
  return edgec::evaluate(**model, *samples, labels ? &*labels : nullptr,
                         reference.get(), request.evaluation);
}

//===----------------------------------------------------------------------===//
// The report
//===----------------------------------------------------------------------===//

std::string decibels(double value) {
  return std::isinf(value) ? "equal outputs" : fmt::format("{:.1f} dB", value);
}

void printLine(StringRef title, const std::string &value) {
  outs() << fmt::format("{:<22} {}\n", title.str(), value);
}

void printAgreement(const Evaluation &result,
                    const EvaluationOptions &options) {
  const Agreement &agreement = *result.agreement;
  if (result.hasDrop(options))
    printLine("drop of top-1", fmt::format("{:.2f} ± {:.2f} points",
                                           result.drop(), result.dropError()));
  if (result.classes > 1)
    printLine("same top-1",
              fmt::format("{:.2f} %", result.percent(agreement.sameChoice)));
  printLine("SQNR", decibels(agreement.errors.sqnr()));
  printLine("largest difference",
            fmt::format("{:.6g}", agreement.errors.maxError()));
}

/// The line that says it all comes last.
void printResult(const Evaluation &result, const EvaluationOptions &options) {
  if (result.agreement)
    printAgreement(result, options);
  if (!result.hasLabels) {
    outs() << fmt::format("n = {}\n", result.samples);
    return;
  }
  switch (options.metric) {
  case Metric::Accuracy:
    if (result.classes > options.top && options.top > 1)
      outs() << fmt::format("top-{} {:.2f} %\n", options.top,
                            result.percent(result.topK));
    outs() << fmt::format("top-1 {:.2f} % (n = {})\n",
                          result.percent(result.top1), result.samples);
    return;
  case Metric::Auc:
    outs() << fmt::format("AUC {:.4f} (n = {})\n", result.auc, result.samples);
    return;
  case Metric::Error:
    printLine("mean squared error",
              fmt::format("{:.6g}", result.errors.meanSquared()));
    outs() << fmt::format("mean absolute error {:.6g} (n = {})\n",
                          result.errors.meanAbsolute(), result.samples);
    return;
  }
}

/// JSON has no infinities: null.
json::Value number(double value) {
  return std::isfinite(value) ? json::Value(value) : json::Value(nullptr);
}

void printLabelled(json::OStream &stream, const Evaluation &result,
                   const EvaluationOptions &options) {
  switch (options.metric) {
  case Metric::Accuracy:
    stream.attribute("top1", result.percent(result.top1));
    if (result.classes > options.top && options.top > 1)
      stream.attribute(fmt::format("top{}", options.top),
                       result.percent(result.topK));
    stream.attribute("classes", result.classes);
    return;
  case Metric::Auc:
    stream.attribute("auc", result.auc);
    return;
  case Metric::Error:
    stream.attribute("mean_absolute_error",
                     number(result.errors.meanAbsolute()));
    stream.attribute("mean_squared_error", number(result.errors.meanSquared()));
    return;
  }
}

void printJson(const Evaluation &result, const EvaluationOptions &options) {
  json::OStream stream(outs(), /*IndentSize=*/2);
  stream.object([&] {
    if (result.hasLabels)
      printLabelled(stream, result, options);
    if (const auto &agreement = result.agreement)
      stream.attributeObject("agreement", [&] {
        if (result.hasDrop(options)) {
          stream.attribute("drop", result.drop());
          stream.attribute("drop_error", result.dropError());
        }
        stream.attribute("same_top1", result.percent(agreement->sameChoice));
        stream.attribute("sqnr_db", number(agreement->errors.sqnr()));
        stream.attribute("largest_difference",
                         number(agreement->errors.maxError()));
      });
    stream.attribute("n", result.samples);
  });
  outs() << "\n";
}

Error run(const opt::InputArgList &arguments) {
  Expected<Request> request = parseRequest(arguments);
  if (!request)
    return request.takeError();
  if (Error error = checkFiles(*request))
    return error;
  Expected<Evaluation> result = evaluate(*request);
  if (!result)
    return result.takeError();
  if (arguments.hasArg(OPT_json))
    printJson(*result, request->evaluation);
  else
    printResult(*result, request->evaluation);
  return Error::success();
}

} // namespace

const Command edgec::evalCommand = {
    "eval",
    "MODEL.onnx|ARTEFACT.so --data=X [--labels=Y] [options]",
    "Measure a model's accuracy on labelled data.",
    "An ONNX model is compiled first: what is measured is what ships. Samples\n"
    "are read one at a time. The last line of a classifier is\n"
    "'top-1 NN.NN % (n = N)'.\n"
    "Examples: edgec eval lenet.onnx --data=x.npy --labels=y.npy "
    "--scale=0.00392\n"
    "          edgec eval resnet.onnx --data=val/ --resize=256 --crop=224",
    EvalCommand,
    run};
