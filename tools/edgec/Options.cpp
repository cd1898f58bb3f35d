//===- Options.cpp - The options of the edgec command ---------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Options.h"
#include "edgec/Support/TensorFile.h"
#include "edgec/Tools/Errors.h"
#include "edgec/Tools/Recipe.h"
#include "edgec/Tools/ShapeOption.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Option/OptTable.h"
#include "llvm/Option/Option.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/raw_ostream.h"
#include <cmath>
#include <fmt/format.h>

using namespace edgec;
using namespace llvm;
using namespace llvm::opt;

namespace {

#define PREFIX(NAME, VALUE)                                                    \
  static constexpr StringLiteral NAME##_init[] = VALUE;                        \
  static constexpr ArrayRef<StringLiteral> NAME(NAME##_init,                   \
                                                std::size(NAME##_init) - 1);
#include "EdgecOptions.inc"
#undef PREFIX

constexpr OptTable::Info optionInfos[] = {
#define OPTION(...) LLVM_CONSTRUCT_OPT_INFO(__VA_ARGS__),
#include "EdgecOptions.inc"
#undef OPTION
};

class EdgecOptTable : public GenericOptTable {
public:
  EdgecOptTable() : GenericOptTable(optionInfos) {}
};

/// Parsed arguments refer to it.
const EdgecOptTable &optionTable() {
  static const EdgecOptTable table;
  return table;
}

/// The option as the user wrote it, without its value: "--shape".
std::string spelling(const Arg &argument) {
  return argument.getSpelling().rtrim('=').str();
}

Error checkArguments(const Command &command, const EdgecOptTable &table,
                     const InputArgList &arguments, unsigned missingIndex,
                     unsigned missingCount) {
  if (missingCount != 0)
    return usageError("option " + Twine(arguments.getArgString(missingIndex)) +
                      " needs a value");
  for (const Arg *unknown : arguments.filtered(OPT_UNKNOWN)) {
    std::string text = unknown->getAsString(arguments);
    std::string nearest;
    constexpr unsigned maximumDistance = 3;
    unsigned distance = table.findNearest(
        text, nearest, Visibility(command.visibility), /*MinimumLength=*/2);
    std::string hint = distance <= maximumDistance
                           ? fmt::format("did you mean '{}'?", nearest)
                           : fmt::format("'edgec {} --help' lists the options",
                                         command.name.data());
    return usageError("unknown option '" + text + "'; " + hint);
  }
  return Error::success();
}

} // namespace

void edgec::printHelp(const Command &command) {
  std::string usage =
      fmt::format("edgec {} {}", command.name.data(), command.arguments.data());
  std::string title = fmt::format("{}\n\n{}", command.summary.data(),
                                  command.description.data());
  optionTable().printHelp(outs(), usage.c_str(), title.c_str(),
                          /*ShowHidden=*/false, /*ShowAllAliases=*/false,
                          Visibility(command.visibility));
  outs()
      << "\nExit codes: 0 done; 1 the model, a file or the data is at fault; "
         "2 the\ncommand line is; 3 a comparison failed.\n";
}

Expected<InputArgList> edgec::parseArguments(const Command &command,
                                             ArrayRef<const char *> arguments) {
  const EdgecOptTable &table = optionTable();
  unsigned missingIndex, missingCount;
  InputArgList parsed = table.ParseArgs(arguments, missingIndex, missingCount,
                                        Visibility(command.visibility));
  if (parsed.hasArg(OPT_help))
    return parsed;
  if (Error error =
          checkArguments(command, table, parsed, missingIndex, missingCount))
    return std::move(error);
  return parsed;
}

//===----------------------------------------------------------------------===//
// Recipes
//===----------------------------------------------------------------------===//

/// The argument that says what `entry` says; an error where a recipe has no
/// such option.
static Expected<std::string> makeArgument(const RecipeEntry &entry) {
  for (const OptTable::Info &info : optionInfos) {
    if (info.GroupID != OPT_recipe_group || info.AliasID != OPT_INVALID ||
        info.getName().rtrim('=') != entry.option)
      continue;
    std::string name = "--" + entry.option;
    if (info.Kind != Option::FlagClass)
      return name + "=" + entry.value;
    if (entry.value == "true")
      return name;
    if (entry.value == "false")
      return "";
    return createStringError("'" + entry.option + "' is true or false, not '" +
                             entry.value + "'");
  }
  return createStringError("'" + entry.option +
                           "' is no option of how a model is compiled");
}

static Error addRecipe(StringRef path, StringSaver &saver,
                       std::vector<const char *> &arguments) {
  auto file = MemoryBuffer::getFile(path, /*IsText=*/true);
  if (!file)
    return createFileError(path, file.getError());
  Expected<std::vector<RecipeEntry>> entries = parseRecipe(**file);
  if (!entries)
    return entries.takeError();
  for (const RecipeEntry &entry : *entries) {
    Expected<std::string> argument = makeArgument(entry);
    if (!argument)
      return createFileError(path, argument.takeError());
    if (!argument->empty())
      arguments.push_back(saver.save(*argument).data());
  }
  return Error::success();
}

Expected<std::vector<const char *>>
edgec::expandRecipes(ArrayRef<const char *> arguments, StringSaver &saver) {
  std::vector<const char *> expanded;
  for (size_t i = 0; i != arguments.size(); ++i) {
    StringRef path = arguments[i];
    if (path == "--recipe" && i + 1 != arguments.size())
      path = arguments[i + 1];
    else if (!path.consume_front("--recipe="))
      continue;
    if (Error error = addRecipe(path, saver, expanded))
      return std::move(error);
  }
  append_range(expanded, arguments);
  return expanded;
}

std::string edgec::makeRecipe(const InputArgList &arguments,
                              const LayerBits &layers) {
  std::vector<RecipeEntry> entries;
  for (const Arg *argument : arguments) {
    const Option &option = argument->getOption();
    if (!option.getGroup().isValid() ||
        option.getGroup().getID() != OPT_recipe_group ||
        option.matches(OPT_layer) || option.matches(OPT_keep_float))
      continue;
    StringRef name = option.getName().rtrim('=');
    erase_if(entries,
             [&](const RecipeEntry &entry) { return entry.option == name; });
    entries.push_back({name.str(), argument->getNumValues() == 0
                                       ? "true"
                                       : argument->getValue()});
  }
  for (const auto &[layer, bits] : layers)
    entries.push_back({"layer", layer + "=" + weightTypeName(bits).str()});
  return formatRecipe(entries, "layer");
}

//===----------------------------------------------------------------------===//
// Values
//===----------------------------------------------------------------------===//

static Expected<double> parseNumber(const Arg &argument, StringRef text) {
  double value;
  if (text.trim().getAsDouble(value) || !std::isfinite(value))
    return usageError(spelling(argument) + "=" + argument.getValue() + ": '" +
                      text + "' is not a number");
  return value;
}

Expected<double> edgec::numberOption(const InputArgList &arguments,
                                     OptionId option, double byDefault) {
  const Arg *argument = arguments.getLastArg(option);
  return argument ? parseNumber(*argument, argument->getValue()) : byDefault;
}

Expected<int64_t> edgec::countOption(const InputArgList &arguments,
                                     OptionId option, int64_t byDefault,
                                     int64_t least) {
  const Arg *argument = arguments.getLastArg(option);
  if (!argument)
    return byDefault;
  int64_t value;
  StringRef text = argument->getValue();
  if (text.getAsInteger(10, value) || value < least)
    return usageError(spelling(*argument) + "=" + text +
                      ": a whole number from " + Twine(least) + " is needed");
  return value;
}

Expected<std::vector<double>>
edgec::numbersOption(const InputArgList &arguments, OptionId option,
                     double byDefault) {
  const Arg *argument = arguments.getLastArg(option);
  if (!argument)
    return std::vector<double>{byDefault};
  SmallVector<StringRef> parts;
  StringRef(argument->getValue()).split(parts, ',');
  std::vector<double> values;
  for (StringRef part : parts) {
    Expected<double> value = parseNumber(*argument, part);
    if (!value)
      return value.takeError();
    values.push_back(*value);
  }
  return values;
}

Expected<std::string> edgec::onlyInput(const InputArgList &arguments,
                                       StringRef what) {
  std::vector<std::string> inputs = arguments.getAllArgValues(OPT_INPUT);
  if (inputs.empty())
    return usageError("no " + what + " is given");
  if (inputs.size() > 1)
    return usageError("one " + what + " is expected; '" + inputs[1] +
                      "' is a second");
  return inputs.front();
}

Error edgec::requireOnnx(StringRef path) {
  Expected<ModelFileKind> kind = modelFileKind(path);
  if (!kind)
    return kind.takeError();
  if (*kind == ModelFileKind::Artefact)
    return createStringError("'" + path +
                             "' is compiled already; give the ONNX file");
  return Error::success();
}

constexpr int64_t maximumThreads = 1024;

Expected<LoadOptions> edgec::loadOptions(const InputArgList &arguments) {
  LoadOptions options;
  options.target.target = arguments.getLastArgValue(OPT_target, "host").str();
  options.target.cpu = arguments.getLastArgValue(OPT_cpu).str();
  options.target.features = arguments.getLastArgValue(OPT_features).str();
  options.reference = arguments.hasArg(OPT_reference);
  options.remarks = arguments.hasArg(OPT_remarks);
  options.executor = arguments.getLastArgValue(OPT_executor).str();
  options.modelName = arguments.getLastArgValue(OPT_name).str();
  Expected<int64_t> grain =
      countOption(arguments, OPT_thread_grain, defaultThreadGrain, /*least=*/0);
  if (!grain)
    return grain.takeError();
  options.target.threadGrain = *grain;
  StringRef weights = arguments.getLastArgValue(OPT_weights, "f32");
  std::optional<WeightStorage> storage = parseWeightStorage(weights);
  if (!storage)
    return usageError("--weights=" + weights + ": use f32, f16 or bf16");
  options.adaptation.weights = *storage;
  if (Error error = addQuantizationOptions(arguments, options))
    return std::move(error);
  Expected<int64_t> threads = countOption(arguments, OPT_threads, 1);
  if (!threads)
    return threads.takeError();
  if (*threads > maximumThreads)
    return usageError("--threads=" + Twine(*threads) + ": at most " +
                      Twine(maximumThreads) + " threads");
  options.threads = static_cast<size_t>(*threads);
  for (const std::string &text : arguments.getAllArgValues(OPT_shape)) {
    auto shape = parseShapeOption(text);
    if (!shape)
      return shape.takeError();
    options.shapes[shape->name] = shape->extents;
    if (shape->isBatch)
      options.batches.insert(shape->name);
  }
  for (StringRef text : arguments.getAllArgValues(OPT_max_elements)) {
    auto [name, number] = text.rsplit('=');
    constexpr int64_t largest = int64_t(1) << 31;
    int64_t size;
    if (name.empty() || number.getAsInteger(10, size) || size < 0 ||
        size > largest)
      return usageError(
          "--max-elements=" + text +
          ": write --max-elements=NAME=100, with the name of a value "
          "whose size the run decides");
    options.maxElements[name] = size;
  }
  for (StringRef text : arguments.getAllArgValues(OPT_value)) {
    auto [name, path] = text.split('=');
    if (name.empty() || path.empty())
      return usageError("--value=" + text +
                        ": write --value=NAME=FILE, with the name of the "
                        "input");
    Expected<Tensor> value = readTensor(path);
    if (!value)
      return value.takeError();
    options.values.insert_or_assign(name, std::move(*value));
  }
  return options;
}
