//===- QuantizationOptions.cpp - Options about integers -------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Options.h"
#include "edgec/Tools/Errors.h"
#include "llvm/ADT/StringExtras.h"

using namespace edgec;
using namespace llvm;
using namespace llvm::opt;

static Error addSampleRange(const InputArgList &arguments, SampleRange &range) {
  const Arg *given = arguments.getLastArg(OPT_sample_range);
  if (!given)
    return Error::success();
  if (!arguments.hasArg(OPT_data_free))
    return usageError("--sample-range is for made samples: add --data-free");
  Expected<std::vector<double>> ends =
      numbersOption(arguments, OPT_sample_range, 0);
  if (!ends)
    return ends.takeError();
  if (ends->size() != 2 || !(ends->front() < ends->back()))
    return usageError(Twine("--sample-range=") + given->getValue() +
                      ": write the least and the greatest value, as 0,255");
  range = {ends->front(), ends->back()};
  return Error::success();
}

static Error addCalibration(const InputArgList &arguments,
                            LoadOptions &options) {
  bool isDataFree = arguments.hasArg(OPT_data_free);
  if (isDataFree && arguments.hasArg(OPT_calibrate))
    return usageError("--data-free is without samples: leave out --calibrate");
  if (!isDataFree && !arguments.hasArg(OPT_calibrate))
    return Error::success();
  Calibration calibration;
  if (Error error = addSampleRange(arguments, calibration.range))
    return error;
  calibration.data = arguments.getLastArgValue(OPT_calibrate).str();
  Expected<Preprocessing> preprocessing = preprocessingOptions(arguments);
  if (!preprocessing)
    return preprocessing.takeError();
  calibration.preprocessing = std::move(*preprocessing);
  Expected<int64_t> limit =
      countOption(arguments, OPT_calibration_samples, calibration.limit);
  if (!limit)
    return limit.takeError();
  calibration.limit = *limit;
  StringRef range = arguments.getLastArgValue(OPT_range, "percentile");
  std::optional<RangeMethod> method = parseRangeMethod(range);
  if (!method)
    return usageError("--range=" + range + ": use minmax, percentile or mse");
  calibration.method = *method;
  options.calibration = std::move(calibration);
  return Error::success();
}

static Error addLayers(const InputArgList &arguments,
                       Quantization &quantization) {
  for (StringRef names : arguments.getAllArgValues(OPT_keep_float))
    for (StringRef name : split(names, ','))
      quantization.layers[name.str()] = 0;
  for (StringRef text : arguments.getAllArgValues(OPT_layer)) {
    auto [name, type] = text.rsplit('=');
    std::optional<unsigned> bits = parseWeightBits(type);
    if (name.empty() || !bits)
      return usageError("--layer=" + text +
                        ": write --layer=NAME=TYPE, with one of the types "
                        "float, int8, int4 and int2");
    quantization.layers[name.str()] = *bits;
  }
  return Error::success();
}

static Error addRounding(const InputArgList &arguments,
                         Quantization &quantization) {
  StringRef rounding = arguments.getLastArgValue(OPT_rounding, "gptq");
  std::optional<WeightRoundingMethod> method = parseWeightRounding(rounding);
  if (!method)
    return usageError("--rounding=" + rounding + ": use nearest or gptq");
  quantization.rounding = *method;
  StringRef correction = arguments.getLastArgValue(OPT_bias_correction, "on");
  if (correction != "on" && correction != "off")
    return usageError("--bias-correction=" + correction + ": use on or off");
  quantization.biasCorrection = correction == "on";
  return Error::success();
}

/// Layers below this lose most of what 4 bits lose a model: nets that keep
/// their accuracy have none.
static constexpr double defaultLayerSqnr = 21.5;

/// Of 2 bits every layer would be below, and of 4 most if they are not fitted
/// to the samples: who asks for that wants to see it.
static Error addLayerSqnr(const InputArgList &arguments,
                          Quantization &quantization) {
  bool isFitted = quantization.rounding != WeightRoundingMethod::Nearest;
  double least =
      quantization.weightBits == 4 && isFitted ? defaultLayerSqnr : 0;
  Expected<double> given = numberOption(arguments, OPT_layer_sqnr, least);
  if (!given)
    return given.takeError();
  if (!(*given >= 0))
    return usageError(Twine("--layer-sqnr=") +
                      arguments.getLastArgValue(OPT_layer_sqnr) +
                      ": write a number of decibels, or 0 for any");
  quantization.layerSqnr = *given;
  return Error::success();
}

/// Weights alone may be quantized, and by groups.
static Error addActivations(const InputArgList &arguments,
                            Quantization &quantization) {
  StringRef text = arguments.getLastArgValue(OPT_activations, "int8");
  std::optional<ActivationType> type = parseActivationType(text);
  if (!type)
    return usageError("--activations=" + text + ": use int8, int16 or f32");
  quantization.activations = *type;
  bool isFloat = *type == ActivationType::F32;
  if (isFloat && arguments.hasArg(OPT_range))
    return usageError("--range is that of activations as integers: leave it "
                      "out with --activations=f32");
  // Without samples there is nothing to correct biases by.
  if (isFloat && quantization.rounding == WeightRoundingMethod::Nearest &&
      !arguments.hasArg(OPT_calibrate) && !arguments.hasArg(OPT_data_free) &&
      !arguments.hasArg(OPT_bias_correction))
    quantization.biasCorrection = false;
  if (!arguments.hasArg(OPT_group))
    return Error::success();
  Expected<int64_t> group = countOption(arguments, OPT_group, 0);
  if (!group)
    return group.takeError();
  if (*type == ActivationType::Int8)
    return usageError("--group: sums of integers have one scale a channel; "
                      "add --activations=f32");
  if (quantization.perTensor)
    return usageError("--per-tensor is one scale for all groups: leave out "
                      "--group");
  if (*group % 4 != 0)
    return usageError("--group=" + Twine(*group) +
                      ": use a multiple of 4, so that groups of 2 bits are "
                      "whole bytes");
  quantization.group = *group;
  return Error::success();
}

/// A positive number.
static Error addLimit(const InputArgList &arguments, OptionId option,
                      std::optional<double> &limit) {
  if (!arguments.hasArg(option))
    return Error::success();
  Expected<double> number = numberOption(arguments, option, 0);
  if (!number)
    return number.takeError();
  limit = *number;
  return Error::success();
}

/// "300000", "300K", "1.5M".
static Error addSize(const InputArgList &arguments, Budget &budget) {
  if (!arguments.hasArg(OPT_max_size))
    return Error::success();
  StringRef text = arguments.getLastArgValue(OPT_max_size), digits = text;
  double unit = digits.consume_back("K")   ? 1024
                : digits.consume_back("M") ? 1024 * 1024
                                           : 1;
  double bytes;
  if (digits.getAsDouble(bytes) || !(bytes > 0) || bytes > 1e15)
    return usageError("--max-size=" + text +
                      ": write a number of bytes, as 300000, 300K or 1.5M");
  budget.maxSize = static_cast<uint64_t>(bytes * unit);
  return Error::success();
}

static Error addBudget(const InputArgList &arguments, Budget &budget) {
  if (Error error = addLimit(arguments, OPT_max_drop, budget.maxDrop))
    return error;
  if (Error error = addLimit(arguments, OPT_max_latency, budget.maxLatency))
    return error;
  if (Error error = addLimit(arguments, OPT_min_sqnr, budget.minSqnr))
    return error;
  budget.tuneData = arguments.getLastArgValue(OPT_tune_data).str();
  budget.tuneLabels = arguments.getLastArgValue(OPT_tune_labels).str();
  if (budget.maxDrop && budget.tuneData.empty())
    return usageError("--max-drop needs labelled samples: add "
                      "--tune-data=x.npy --tune-labels=y.npy");
  return addSize(arguments, budget);
}

Error edgec::addQuantizationOptions(const InputArgList &arguments,
                                    LoadOptions &options) {
  if (!arguments.hasArg(OPT_quantize)) {
    for (OptionId option :
         {OPT_calibrate, OPT_data_free, OPT_keep_float, OPT_layer,
          OPT_per_tensor, OPT_layer_sqnr, OPT_rounding, OPT_bias_correction,
          OPT_activations, OPT_group, OPT_max_drop, OPT_max_size,
          OPT_max_latency})
      if (const Arg *given = arguments.getLastArg(option))
        return usageError(given->getSpelling() +
                          " is for a quantization: add --quantize=int8");
    return Error::success();
  }
  StringRef type = arguments.getLastArgValue(OPT_quantize);
  std::optional<unsigned> bits = parseWeightBits(type);
  if (!bits || *bits == 0)
    return usageError("--quantize=" + type + ": use int8, int4 or int2");
  Quantization quantization;
  quantization.weightBits = *bits;
  quantization.perTensor = arguments.hasArg(OPT_per_tensor);
  if (Error error = addLayers(arguments, quantization))
    return error;
  if (Error error = addRounding(arguments, quantization))
    return error;
  if (Error error = addActivations(arguments, quantization))
    return error;
  if (Error error = addLayerSqnr(arguments, quantization))
    return error;
  options.adaptation.quantization = std::move(quantization);
  if (Error error = addBudget(arguments, options.budget))
    return error;
  return addCalibration(arguments, options);
}
