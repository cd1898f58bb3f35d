//===- Inspect.cpp - edgec inspect ----------------------------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "CompileReport.h"
#include "LayerErrorReport.h"
#include "Options.h"
#include "edgec/Dialect/Edge/EdgeDialect.h"
#include "edgec/Dialect/Edge/NodeName.h"
#include "edgec/Support/Terminal.h"
#include "edgec/Target/CodeSize.h"
#include "edgec/Tools/Calibration.h"
#include "edgec/Tools/Errors.h"
#include "edgec/Tools/ModelInputs.h"
#include "llvm/Support/JSON.h"
#include <fmt/format.h>

using namespace edgec;
using namespace llvm;

namespace {

struct LayerRow {
  std::string name, kind, shape;
  int64_t macs = 0, parameters = 0, bytes = 0;
};

/// What there is to tell about a model, however it is stored.
struct Report {
  std::string name, source, target;
  EntryPointSpec entry; ///< Inputs, outputs and, if `compiled`, the arena.
  std::vector<LayerRow> layers;
  int64_t parameters = 0; ///< Shared ones counted once.
  bool hasCosts = false;  ///< Rows have parameters and bytes.
  bool compiled = false;
  uint64_t weightsSize = 0;
  std::optional<uint64_t> codeSize; ///< Of an artefact.
};

//===----------------------------------------------------------------------===//
// Gathering
//===----------------------------------------------------------------------===//

bool isConstant(mlir::Operation *op) {
  return op->hasTrait<mlir::OpTrait::ConstantLike>() ||
         mlir::isa<edge::ParameterOp>(op);
}

LayerRow rowOf(mlir::Operation *op) {
  LayerRow row;
  row.name = edge::nodeName(op);
  row.kind = op->getName().stripDialect().str();
  if (op->getNumResults() != 0)
    if (auto type =
            mlir::dyn_cast<mlir::RankedTensorType>(op->getResult(0).getType()))
      row.shape = formatShape(type.getShape().vec());
  if (auto cost = mlir::dyn_cast<edge::CostOpInterface>(op)) {
    row.macs = cost.getMacs();
    row.parameters = cost.getParameterCount();
    row.bytes = cost.getBytes();
  }
  return row;
}

void addLayers(mlir::func::FuncOp function, Report &report) {
  function.walk<mlir::WalkOrder::PreOrder>([&](mlir::Operation *op) {
    if (op == function || op->hasTrait<mlir::OpTrait::IsTerminator>())
      return;
    if (!isConstant(op)) {
      report.layers.push_back(rowOf(op));
      return;
    }
    auto type = mlir::dyn_cast<mlir::ShapedType>(op->getResult(0).getType());
    if (type && type.hasStaticShape())
      report.parameters += type.getNumElements();
  });
}

std::string textAttribute(mlir::ModuleOp module, StringRef name) {
  auto attribute = module->getAttrOfType<mlir::StringAttr>(name);
  return attribute ? attribute.str() : "";
}

Expected<Report> inspectOnnx(StringRef path, LoadOptions options) {
  if (Error error = calibrate(path, options))
    return std::move(error);
  Expected<TargetDescription> target = resolveTargetOption(options);
  if (!target)
    return target.takeError();
  CompilerSession session;
  auto module = session.import(path, options);
  if (!module)
    return module.takeError();
  if (Error error = session.runPhases(**module, Phase::Normalise, *target,
                                      options.adaptation))
    return std::move(error);
  Expected<mlir::func::FuncOp> function = mainFunction(**module);
  if (!function)
    return function.takeError();
  Expected<EntryPointSpec> entry = signatureOf(*function);
  if (!entry)
    return entry.takeError();

  Report report;
  report.name = textAttribute(**module, edge::modelNameAttr);
  report.source = textAttribute(**module, edge::sourceAttr);
  report.target = target->displayName().str();
  report.entry = std::move(*entry);
  report.hasCosts = true;
  addLayers(*function, report);

  // It is quantized by now.
  Adaptation storage;
  storage.weights = options.adaptation.weights;
  Expected<CompiledModel> compiled =
      session.compile(std::move(*module), *target, storage);
  if (!compiled) {
    reportWarning("arena and weights are unknown: " +
                  toString(compiled.takeError()));
    return report;
  }
  report.compiled = true;
  report.weightsSize = compiled->weights.size;
  report.entry = compiled->spec.entryPoints.front();
  return report;
}

Expected<Report> inspectArtefact(StringRef path, const Artefact &artefact) {
  Report report;
  Expected<uint64_t> code = codeSize(path);
  if (!code)
    return code.takeError();
  report.codeSize = *code;
  const ModelSpec &spec = artefact.spec();
  report.name = spec.name;
  report.source = spec.source;
  report.target =
      fmt::format("{} ({})", artefact.info().target, artefact.info().cpu);
  report.entry = spec.entryPoints.front();
  report.compiled = true;
  report.weightsSize = artefact.weightsSize();
  for (const LayerSpec &layer : report.entry.layers)
    report.layers.push_back({layer.name, layer.kind, "",
                             static_cast<int64_t>(layer.macs), 0,
                             static_cast<int64_t>(layer.bytes)});
  return report;
}

//===----------------------------------------------------------------------===//
// Printing
//===----------------------------------------------------------------------===//

/// 1234567 as "1,234,567".
std::string grouped(int64_t value) {
  std::string digits = std::to_string(value);
  for (int64_t at = static_cast<int64_t>(digits.size()) - 3; at > (value < 0);
       at -= 3)
    digits.insert(at, ",");
  return digits;
}

LayerRow totalsOf(const Report &report) {
  LayerRow total{"total", "", "", 0, report.parameters, 0};
  for (const LayerRow &row : report.layers) {
    total.macs += row.macs;
    total.bytes += row.bytes;
  }
  return total;
}

void printRow(const Report &report, const std::string &kind,
              const std::string &shape, const std::string &macs,
              const std::string &parameters, const std::string &bytes,
              const std::string &name) {
  outs() << fmt::format("{:<16}", kind);
  if (report.hasCosts)
    outs() << fmt::format("{:<18}", shape);
  outs() << fmt::format("{:>16}", macs);
  if (report.hasCosts)
    outs() << fmt::format("{:>14}{:>16}", parameters, bytes);
  outs() << "  " << name << "\n";
}

void printMemory(const Report &report) {
  const EntryPointSpec &entry = report.entry;
  outs() << fmt::format("\narena   {} ({} bytes)\n",
                        formatBytes(entry.arenaSize), entry.arenaSize);
  if (entry.arenaLowerBound != 0)
    outs() << fmt::format(
        "        {:.3f} times the {} bytes in use at the peak\n",
        static_cast<double>(entry.arenaSize) / entry.arenaLowerBound,
        entry.arenaLowerBound);
  if (report.hasCosts && entry.arenaSize != 0)
    outs() << fmt::format(
        "        of which padding and alignment are {} bytes\n",
        entry.arenaLowerBound - entry.arenaLogicalBound);
  outs() << fmt::format("weights {} ({} bytes)\n",
                        formatBytes(report.weightsSize), report.weightsSize);
  if (report.codeSize)
    outs() << fmt::format("code    {} ({} bytes, {} kernels for {} layers)\n",
                          formatBytes(*report.codeSize), *report.codeSize,
                          countKernels(entry), entry.layers.size());
}

void printReport(const Report &report) {
  outs() << fmt::format("model   {} (from {})\n", report.name, report.source);
  outs() << fmt::format("target  {}\n", report.target);
  for (const TensorSpec &input : report.entry.inputs)
    outs() << fmt::format("input   {}: {}\n", input.name, describe(input));
  for (const TensorSpec &output : report.entry.outputs)
    outs() << fmt::format(
        "output  {}: {}{}\n", output.name, describe(output),
        output.shapeOutput
            ? fmt::format(" at most, '{}' is its true shape",
                          report.entry.outputs[*output.shapeOutput].name)
            : "");
  outs() << "\n";
  printRow(report, "operation", "shape", "MACs", "parameters", "bytes moved",
           "layer");
  for (const LayerRow &row : report.layers)
    printRow(report, row.kind, row.shape, row.macs ? grouped(row.macs) : "",
             row.parameters ? grouped(row.parameters) : "", grouped(row.bytes),
             row.name);
  LayerRow total = totalsOf(report);
  printRow(report, "total", "", grouped(total.macs), grouped(total.parameters),
           grouped(total.bytes),
           fmt::format("{} layers", report.layers.size()));
  if (report.compiled)
    printMemory(report);
}

void writeTensors(json::OStream &stream, StringRef key,
                  ArrayRef<TensorSpec> tensors) {
  stream.attributeArray(key, [&] {
    for (const TensorSpec &tensor : tensors)
      stream.object([&] {
        stream.attribute("name", json::fixUTF8(tensor.name));
        stream.attribute("type", StringRef(name(tensor.type)));
        stream.attributeArray("shape", [&] {
          for (int64_t extent : tensor.shape)
            stream.value(extent);
        });
      });
  });
}

void writeRow(json::OStream &stream, const Report &report,
              const LayerRow &row) {
  stream.attribute("macs", row.macs);
  if (!report.hasCosts)
    return;
  stream.attribute("parameters", row.parameters);
  stream.attribute("bytes", row.bytes);
}

void printJson(const Report &report) {
  json::OStream stream(outs(), /*IndentSize=*/2);
  stream.object([&] {
    stream.attribute("name", report.name);
    stream.attribute("source", json::fixUTF8(report.source));
    stream.attribute("target", report.target);
    writeTensors(stream, "inputs", report.entry.inputs);
    writeTensors(stream, "outputs", report.entry.outputs);
    stream.attributeArray("layers", [&] {
      for (const LayerRow &row : report.layers)
        stream.object([&] {
          stream.attribute("name", json::fixUTF8(row.name));
          stream.attribute("kind", row.kind);
          if (report.hasCosts)
            stream.attribute("shape", row.shape);
          writeRow(stream, report, row);
        });
    });
    stream.attributeObject("total",
                           [&] { writeRow(stream, report, totalsOf(report)); });
    if (report.compiled) {
      stream.attribute("arena_bytes", report.entry.arenaSize);
      stream.attribute("arena_lower_bound", report.entry.arenaLowerBound);
      if (report.hasCosts)
        stream.attribute("arena_logical_bound", report.entry.arenaLogicalBound);
      stream.attribute("weights_bytes", report.weightsSize);
      stream.attribute("layers_compiled",
                       static_cast<uint64_t>(report.entry.layers.size()));
      stream.attribute("kernels",
                       static_cast<uint64_t>(countKernels(report.entry)));
    }
    if (report.codeSize)
      stream.attribute("code_bytes", *report.codeSize);
  });
  outs() << "\n";
}

Expected<Report> inspect(const opt::InputArgList &arguments) {
  Expected<std::string> path = onlyInput(arguments, "model");
  if (!path)
    return path.takeError();
  Expected<LoadOptions> options = loadOptions(arguments);
  if (!options)
    return options.takeError();
  Expected<ModelFileKind> kind = modelFileKind(*path);
  if (!kind)
    return kind.takeError();
  if (*kind == ModelFileKind::Onnx)
    return inspectOnnx(*path, *options);
  Expected<Artefact> artefact = loadArtefact(*path, *options);
  if (!artefact)
    return artefact.takeError();
  return inspectArtefact(*path, *artefact);
}

Error run(const opt::InputArgList &arguments) {
  if (arguments.hasArg(OPT_error))
    return reportLayerErrors(arguments);
  Expected<Report> report = inspect(arguments);
  if (!report)
    return report.takeError();
  if (arguments.hasArg(OPT_json))
    printJson(*report);
  else
    printReport(*report);
  return Error::success();
}

} // namespace

const Command edgec::inspectCommand = {
    "inspect",
    "MODEL.onnx|ARTEFACT.so [options]",
    "Show a model's layers, costs and memory.",
    "Of an ONNX model: its layers after normalisation, with shapes, multiply-\n"
    "accumulates (MACs), parameters and bytes read and written; of an "
    "artefact:\n"
    "what it tells about itself.\n"
    "Example: edgec inspect lenet.onnx",
    InspectCommand,
    run};
