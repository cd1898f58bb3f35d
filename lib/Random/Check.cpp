//===- Check.cpp - Compares what runs a module ----------------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "edgec/Random/Check.h"
#include "edgec/Export/Onnx.h"
#include "edgec/Import/Onnx.h"
#include "edgec/Random/RandomGraph.h"
#include "edgec/Reference/Interpreter.h"
#include "edgec/Support/AtomicFile.h"
#include "edgec/Tools/Verification.h"
#include "llvm/ADT/STLExtras.h"
#include <cmath>

using namespace edgec;
using namespace llvm;

namespace {

/// What rounding may have come to, where nothing says it: of an f32 that has
/// come through some operations.
constexpr double usualRounding = 1e-5;
/// How much more than estimated is accepted.
constexpr double leeway = 4;

double largestOf(const Tensor &tensor) {
  double largest = 0;
  for (int64_t i = 0; i < tensor.size(); ++i)
    if (double value = std::fabs(tensor.asDouble(i)); std::isfinite(value))
      largest = std::max(largest, value);
  return largest;
}

Tolerance toleranceOf(mlir::func::FuncOp function, unsigned index,
                      const Tensor &expected) {
  bool isFloat = expected.type() == ElementType::F16 ||
                 expected.type() == ElementType::BF16 ||
                 expected.type() == ElementType::F32 ||
                 expected.type() == ElementType::F64;
  if (!isFloat)
    return {0, 0};
  double rounding = usualRounding;
  if (auto attribute =
          function.getResultAttrOfType<mlir::FloatAttr>(index, roundingAttr))
    rounding = attribute.getValueAsDouble();
  // Small results may be what is left of larger numbers.
  return {0, leeway * rounding * std::max(1.0, largestOf(expected))};
}

Error compareOutputs(mlir::func::FuncOp function, const EntryPointSpec &entry,
                     ArrayRef<Tensor> actual, ArrayRef<Tensor> expected) {
  double largest = 0;
  for (auto [index, output] : enumerate(entry.outputs)) {
    TensorSpec spec = output;
    if (spec.name.empty())
      spec.name = std::to_string(index);
    if (Error error = compareOutput(
            spec, actual[index], expected[index],
            toleranceOf(function, index, expected[index]), largest))
      return error;
  }
  return Error::success();
}

/// A copy with constants of its own: passes free what they replace.
mlir::OwningOpRef<mlir::ModuleOp> copyOf(mlir::ModuleOp module) {
  mlir::OwningOpRef<mlir::ModuleOp> copy = module.clone();
  copy->walk([](mlir::Operation *op) {
    for (mlir::NamedAttribute entry : op->getAttrs()) {
      auto elements =
          dyn_cast<mlir::DenseResourceElementsAttr>(entry.getValue());
      if (!elements)
        continue;
      mlir::FailureOr<Tensor> tensor = toTensor(elements);
      if (mlir::succeeded(tensor))
        op->setAttr(entry.getName(),
                    toAttribute(*tensor, "copy", op->getContext()));
    }
  });
  return copy;
}

/// Says which of those that run the module is at fault.
Error attribute(const Twine &who, Error error) {
  return createStringError(who + ": " + toString(std::move(error)));
}

Expected<std::vector<Tensor>>
interpretModule(std::shared_ptr<CompilerSession> session, mlir::ModuleOp module,
                LoadOptions options, ArrayRef<Tensor> inputs) {
  options.reference = true;
  auto reference = loadModule(std::move(session), copyOf(module), options);
  if (!reference)
    return reference.takeError();
  return (*reference)->run(inputs);
}

/// What the module computes before the compiler has touched it.
Expected<std::vector<Tensor>> interpretSource(CompilerSession &session,
                                              mlir::ModuleOp module,
                                              ArrayRef<Tensor> inputs) {
  Expected<mlir::func::FuncOp> function = mainFunction(module);
  if (!function)
    return function.takeError();
  auto outputs = interpret(*function, inputs);
  if (mlir::failed(outputs))
    return session.takeErrors("the reference interpreter failed");
  return std::move(*outputs);
}

/// Exports, imports and interprets: what is quantized stays as it is, so that
/// the results are those of the source.
Error checkThroughOnnx(CompilerSession &session, mlir::ModuleOp module,
                       mlir::func::FuncOp function, ArrayRef<Tensor> inputs) {
  Expected<std::vector<Tensor>> expected =
      interpretSource(session, module, inputs);
  if (!expected)
    return expected.takeError();
  Expected<TemporaryFolder> folder = TemporaryFolder::create();
  if (!folder)
    return folder.takeError();
  std::string bytes;
  raw_string_ostream stream(bytes);
  mlir::OwningOpRef<mlir::ModuleOp> copy = copyOf(module);
  OnnxExportOptions exportOptions;
  if (mlir::failed(exportOnnx(*copy, exportOptions, stream)))
    return session.takeErrors("the module could not be exported");
  std::string path = (folder->path() + "/model.onnx").str();
  if (Error error = writeFileAtomically(path, bytes))
    return error;
  auto imported = session.import(path, {});
  if (!imported)
    return imported.takeError();
  Expected<std::vector<Tensor>> actual =
      interpretSource(session, **imported, inputs);
  if (!actual)
    return actual.takeError();
  Expected<EntryPointSpec> spec = signatureOf(function);
  if (!spec)
    return spec.takeError();
  return compareOutputs(function, *spec, *actual, *expected);
}

} // namespace

Error edgec::checkModule(std::shared_ptr<CompilerSession> session,
                         mlir::ModuleOp module, const CheckOptions &options,
                         Coverage *coverage) {
  Expected<mlir::func::FuncOp> function = mainFunction(module);
  if (!function)
    return function.takeError();
  if (coverage)
    coverage->countOperations(module);
  std::vector<Tensor> inputs = makeRandomInputs(*function);
  Expected<std::vector<Tensor>> expected =
      interpretModule(session, module, options.load, inputs);
  if (!expected)
    return attribute("interpreted", expected.takeError());
  auto observe = [&](Phase phase, mlir::ModuleOp compiled) {
    if (coverage && phase == Phase::Plan)
      coverage->countKernels(compiled);
    if (options.fault && options.fault->phase == phase)
      options.fault->plant(compiled);
  };
  auto compiled = loadModule(session, copyOf(module), options.load, observe);
  if (!compiled)
    return attribute("compiled", compiled.takeError());
  Expected<std::vector<Tensor>> actual = (*compiled)->run(inputs);
  if (!actual)
    return attribute("compiled", actual.takeError());
  if (Error error = compareOutputs(*function, (*compiled)->entryPoint(),
                                   *actual, *expected))
    return attribute("compiled", std::move(error));
  if (options.throughOnnx)
    if (Error error = checkThroughOnnx(*session, module, *function, inputs))
      return attribute("through ONNX", std::move(error));
  return Error::success();
}
