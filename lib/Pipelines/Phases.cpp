//===- Phases.cpp - The phases of compilation, by name -------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "edgec/Codegen/Passes.h"
#include "edgec/Compress/Passes.h"
#include "edgec/Conversion/Passes.h"
#include "edgec/Dialect/Edge/Passes.h"
#include "edgec/Pipelines/Pipelines.h"

#include "mlir/Conversion/Passes.h"
#include "mlir/Dialect/Arith/Transforms/Passes.h"
#include "mlir/Dialect/Bufferization/Transforms/OneShotAnalysis.h"
#include "mlir/Dialect/Bufferization/Transforms/Passes.h"
#include "mlir/Dialect/MemRef/Transforms/Passes.h"
#include "mlir/Pass/PassRegistry.h"
#include "mlir/Transforms/Passes.h"
#include "llvm/ADT/StringSwitch.h"

#include <chrono>

using namespace mlir;
using namespace edgec;

static constexpr std::pair<Phase, llvm::StringLiteral> phases[] = {
    {Phase::Import, "import"}, {Phase::Normalise, "normalise"},
    {Phase::Layout, "layout"}, {Phase::Kernel, "kernel"},
    {Phase::Plan, "plan"},     {Phase::Vectorize, "vectorize"},
};

std::optional<Phase> edgec::parsePhase(llvm::StringRef text) {
  for (auto [phase, name] : phases)
    if (name == text)
      return phase;
  return std::nullopt;
}

llvm::StringRef edgec::name(Phase phase) {
  for (auto [candidate, name] : phases)
    if (candidate == phase)
      return name;
  llvm_unreachable("every phase has a name");
}

std::optional<WeightStorage> edgec::parseWeightStorage(llvm::StringRef name) {
  return llvm::StringSwitch<std::optional<WeightStorage>>(name)
      .Case("f32", WeightStorage::AsGiven)
      .Case("f16", WeightStorage::F16)
      .Case("bf16", WeightStorage::BF16)
      .Default(std::nullopt);
}

static constexpr std::pair<unsigned, llvm::StringLiteral> weightTypes[] = {
    {0, "float"}, {2, "int2"}, {4, "int4"}, {8, "int8"}};

std::optional<unsigned> edgec::parseWeightBits(llvm::StringRef type) {
  for (auto [bits, typeName] : weightTypes)
    if (typeName == type)
      return bits;
  return std::nullopt;
}

llvm::StringRef edgec::weightTypeName(unsigned bits) {
  for (auto [known, typeName] : weightTypes)
    if (known == bits)
      return typeName;
  llvm_unreachable("weights of that many bits have no name");
}

/// Widening a weight costs an instruction for every tile of rows, up to 3 % of
/// a layer's time. Up to about so many multiplications with each weight, that
/// is less than what reading half the bytes gains; and layers with more of
/// them, the first ones of convolutional networks, have few weights.
static constexpr int64_t usesOfStoredWeights = 256;

static void addWeightStorage(OpPassManager &pm, WeightStorage weights) {
  if (weights == WeightStorage::AsGiven)
    return;
  edge::StoreWeightsPassOptions storage;
  storage.maxUses = usesOfStoredWeights;
  storage.type = weights == WeightStorage::F16 ? "f16" : "bf16";
  pm.addPass(edge::createStoreWeightsPass(storage));
}

void edgec::buildPreparePipeline(OpPassManager &pm, WeightStorage weights) {
  pm.addPass(edge::createFreezeParametersPass());
  pm.addPass(createCanonicalizerPass());
  edge::FoldConstantsPassOptions asStored;
  asStored.foldDequantize = false;
  asStored.foldWidening = false;
  pm.addPass(edge::createFoldConstantsPass(asStored));
  pm.addPass(edge::createRecognisePass());
  pm.addPass(edge::createFoldBatchNormPass());
  pm.addPass(createCanonicalizerPass());
  pm.addPass(createCSEPass());
  addWeightStorage(pm, weights);
}

/// Names of the values of an enumeration.
template <typename Choice, size_t size>
using ChoiceNames = std::pair<Choice, llvm::StringLiteral>[size];

template <typename Choice, size_t size>
static std::optional<Choice> parseChoice(const ChoiceNames<Choice, size> &names,
                                         llvm::StringRef text) {
  for (auto [choice, name] : names)
    if (name == text)
      return choice;
  return std::nullopt;
}

template <typename Choice, size_t size>
static llvm::StringRef nameOf(const ChoiceNames<Choice, size> &names,
                              Choice choice) {
  for (auto [candidate, name] : names)
    if (candidate == choice)
      return name;
  llvm_unreachable("every choice has a name");
}

static constexpr ChoiceNames<WeightRoundingMethod, 2> roundingMethods = {
    {WeightRoundingMethod::Nearest, "nearest"},
    {WeightRoundingMethod::Gptq, "gptq"}};
static constexpr ChoiceNames<ActivationType, 3> activationTypes = {
    {ActivationType::Int8, "int8"},
    {ActivationType::Int16, "int16"},
    {ActivationType::F32, "f32"}};

std::optional<WeightRoundingMethod>
edgec::parseWeightRounding(llvm::StringRef text) {
  return parseChoice(roundingMethods, text);
}

llvm::StringRef edgec::name(WeightRoundingMethod method) {
  return nameOf(roundingMethods, method);
}

std::optional<ActivationType> edgec::parseActivationType(llvm::StringRef text) {
  return parseChoice(activationTypes, text);
}

llvm::StringRef edgec::name(ActivationType type) {
  return nameOf(activationTypes, type);
}

static int64_t numberOfPoints(ModuleOp module) {
  int64_t points = 0;
  module.walk([&](edge::ObserveOp) { ++points; });
  return points;
}

/// Rounds what has observation points, and weights.
static LogicalResult round(ModuleOp module, const Adaptation &adaptation,
                           llvm::ArrayRef<std::string> keepFloat,
                           llvm::ArrayRef<std::string> layerBits) {
  const Quantization &quantization = *adaptation.quantization;
  if (quantization.needsRanges() &&
      failed(edge::setObservedRanges(module, quantization.ranges)))
    return failure();
  edge::QuantizePassOptions options;
  options.weightBits = quantization.weightBits;
  options.activations = name(quantization.activations).str();
  options.group = quantization.group;
  options.keepFloat = keepFloat;
  options.perTensor = quantization.perTensor;
  options.keepPoints = adaptation.observe;
  options.layerBits = layerBits;
  options.rounding = name(quantization.rounding).str();
  options.biasCorrection = quantization.biasCorrection;
  options.layerSqnr = quantization.layerSqnr;
  PassManager pm(module.getContext());
  pm.addPass(edge::createQuantizePass(options, quantization.moments));
  return pm.run(module);
}

/// edge → edge: quantizes a model in floating point, or puts observation points
/// into it.
static LogicalResult quantize(ModuleOp module, const Adaptation &adaptation) {
  // Options refer to lists.
  std::vector<std::string> keepFloat, layerBits;
  if (adaptation.quantization)
    for (const auto &[layer, bits] : adaptation.quantization->layers) {
      if (bits == 0)
        keepFloat.push_back(layer);
      else
        layerBits.push_back(layer + "=" + std::to_string(bits));
    }
  PassManager observing(module.getContext());
  buildPreparePipeline(observing);
  edge::InsertObserversPassOptions points;
  points.keepFloat = keepFloat;
  observing.addPass(edge::createInsertObserversPass(points));
  if (failed(observing.run(module)))
    return failure();
  if (adaptation.observeLayerInputs)
    edge::observeContractionInputs(module, numberOfPoints(module));
  if (!adaptation.quantization)
    return success();
  return round(module, adaptation, keepFloat, layerBits);
}

FailureOr<CalibrationPoints> edgec::insertCalibrationPoints(ModuleOp module) {
  Adaptation adaptation;
  adaptation.observe = adaptation.observeLayerInputs = true;
  if (failed(quantize(module, adaptation)))
    return failure();
  CalibrationPoints points;
  for (Operation *op : weightedContractions(module))
    points.layers.push_back(*tapGeometry(op));
  points.ranges = numberOfPoints(module) - points.layers.size();
  return points;
}

LogicalResult edgec::prepare(ModuleOp module, const Adaptation &adaptation) {
  if (adaptation.quantizes() && failed(quantize(module, adaptation)))
    return failure();
  PassManager pm(module.getContext());
  buildPreparePipeline(pm, adaptation.weights);
  return pm.run(module);
}

/// Stores activations as the target multiplies them.
static void addActivationStorage(OpPassManager &pm,
                                 const TargetDescription &target) {
  edge::StoreActivationsPassOptions storage;
  if (!target.isX86())
    storage.left = "i8";
  else if (target.hasVnni)
    storage.left = "ui8";
  pm.addPass(edge::createStoreActivationsPass(storage));
}

void edgec::buildNormalisePipeline(OpPassManager &pm,
                                   const TargetDescription &target,
                                   WeightStorage weights) {
  pm.addPass(edge::createFreezeParametersPass());
  pm.addPass(createCanonicalizerPass());
  // Scales and zero points first: filters must still be quantized.
  edge::FoldConstantsPassOptions keepQuantized;
  keepQuantized.foldDequantize = false;
  pm.addPass(edge::createFoldConstantsPass(keepQuantized));
  pm.addPass(edge::createRecognisePass());
  addActivationStorage(pm, target);
  pm.addPass(edge::createPropagateQuantizationPass());
  pm.addPass(edge::createFoldConstantsPass(keepQuantized));
  pm.addPass(edge::createTabulatePass());
  pm.addPass(edge::createIntegerContractionsPass());
  // Those of few bits that are multiplied by floats stay integers.
  edge::FoldConstantsPassOptions keepLowBits;
  keepLowBits.foldLowBits = false;
  pm.addPass(edge::createFoldConstantsPass(keepLowBits));
  pm.addPass(edge::createFoldBatchNormPass());
  pm.addPass(edge::createMergeScalesPass());
  pm.addPass(createCanonicalizerPass());
  pm.addPass(createCSEPass());
  addWeightStorage(pm, weights);
}

/// Folds what appears after normalisation: weights stay as they are stored.
static void addLateFolding(OpPassManager &pm) {
  edge::FoldConstantsPassOptions keepNarrow;
  keepNarrow.foldWidening = false;
  keepNarrow.foldLowBits = false;
  pm.addPass(edge::createFoldConstantsPass(keepNarrow));
}

void edgec::buildLayoutPipeline(OpPassManager &pm) {
  pm.addPass(edge::createSpecialiseBatchPass());
  pm.addNestedPass<func::FuncOp>(createEdgeLayout());
  addLateFolding(pm);
  pm.addPass(createCanonicalizerPass());
  pm.addPass(createCSEPass());
}

void edgec::buildKernelPipeline(OpPassManager &pm) {
  // Now that no pass will move their elements any more.
  pm.addPass(edge::createPackWeightsPass());
  pm.addNestedPass<func::FuncOp>(createEdgeToKernel());
  // Weights that the kernels want in another order.
  addLateFolding(pm);
  pm.addPass(createEdgeToLinalg());
  pm.addPass(createCanonicalizerPass());
  pm.addPass(createCSEPass());
  KernelFuseEpilogueOptions narrowing;
  narrowing.narrowingOnly = true;
  pm.addNestedPass<func::FuncOp>(createKernelFuseEpilogue(narrowing));
  pm.addNestedPass<func::FuncOp>(createEdgeFuse());
  pm.addNestedPass<func::FuncOp>(createKernelFuseEpilogue());
  pm.addPass(createCanonicalizerPass());
  pm.addPass(createCSEPass());
}

/// The options of passes that depend on the target.
template <typename Options>
static Options targetOptions(const TargetDescription &target) {
  Options options;
  options.target = target.triple;
  options.cpu = target.cpu;
  options.features = target.features;
  return options;
}

static bufferization::OneShotBufferizationOptions bufferizationOptions() {
  bufferization::OneShotBufferizationOptions options;
  options.bufferizeFunctionBoundaries = true;
  options.allowReturnAllocsFromLoops = true;
  options.setFunctionBoundaryTypeConversion(
      bufferization::LayoutMapOption::IdentityLayoutMap);
  // What branches yield would be read with strides that nobody knows.
  options.unknownTypeConverterFn =
      [](Value value, Attribute memorySpace,
         const bufferization::BufferizationOptions &) {
        return bufferization::getMemRefTypeWithStaticIdentityLayout(
            cast<TensorType>(value.getType()), memorySpace);
      };
  return options;
}

void edgec::buildPlanPipeline(OpPassManager &pm,
                              const TargetDescription &target) {
  pm.addNestedPass<func::FuncOp>(createShortenRequantization(
      targetOptions<ShortenRequantizationOptions>(target)));
  pm.addPass(createKernelPack(targetOptions<KernelPackOptions>(target)));
  pm.addNestedPass<func::FuncOp>(
      createFuseAttention(targetOptions<FuseAttentionOptions>(target)));
  pm.addNestedPass<func::FuncOp>(createPlaceDestinations());
  pm.addPass(bufferization::createEmptyTensorEliminationPass());
  pm.addPass(createCanonicalizerPass());
  pm.addPass(bufferization::createOneShotBufferizePass(bufferizationOptions()));
  pm.addPass(createCanonicalizerPass());
  pm.addPass(createCSEPass());
  pm.addNestedPass<func::FuncOp>(createPlaceResults());
  pm.addNestedPass<func::FuncOp>(createCoalesceBuffers());
  pm.addPass(createWidenBooleans());
  pm.addPass(createCanonicalizerPass());
  // Views of one part are one value: a layer then sees that it works in place.
  pm.addPass(createCSEPass());
  pm.addPass(createPlaceConstants());
  pm.addPass(createPlanArena());
}

void edgec::buildVectorizePipeline(OpPassManager &pm,
                                   const TargetDescription &target) {
  pm.addNestedPass<func::FuncOp>(createFoldFills());
  pm.addNestedPass<func::FuncOp>(createSimplifyQuantization(
      targetOptions<SimplifyQuantizationOptions>(target)));
  pm.addPass(createCallObservers());
  pm.addPass(createOutlineLayers({target.threadGrain}));
  pm.addNestedPass<func::FuncOp>(
      createVectorize(targetOptions<VectorizeOptions>(target)));
  pm.addPass(createCanonicalizerPass());
  pm.addPass(createCSEPass());
  pm.addNestedPass<func::FuncOp>(
      createApproximateMath(targetOptions<ApproximateMathOptions>(target)));
  pm.addPass(createCanonicalizerPass());
  pm.addPass(createCSEPass());
}

void edgec::buildLLVMPipeline(OpPassManager &pm, const TargetDescription &) {
  pm.addPass(memref::createExpandStridedMetadataPass());
  pm.addPass(createLowerAffinePass());
  pm.addPass(arith::createArithExpandOpsPass());
  pm.addPass(createConvertSCFToCFPass());
  // What LLVM has no intrinsic for are functions of f64, which become calls of
  // the C library, element by element.
  pm.addPass(createConvertMathToLLVMPass());
  pm.addPass(createConvertMathToLibmPass());
  pm.addPass(createConvertVectorToLLVMPass());
  pm.addPass(createArithToLLVMConversionPass());
  pm.addPass(createConvertIndexToLLVMPass());
  pm.addPass(createFinalizeMemRefToLLVMConversionPass());
  pm.addPass(createConvertControlFlowToLLVMPass());
  ConvertFuncToLLVMPassOptions options;
  options.useBarePtrCallConv = true;
  pm.addPass(createConvertFuncToLLVMPass(options));
  pm.addPass(createReconcileUnrealizedCastsPass());
  pm.addPass(createCanonicalizerPass());
  pm.addPass(createCSEPass());
}

namespace {
/// The target of a pipeline that stands on edgec-opt's command line.
struct TargetPipelineOptions : PassPipelineOptions<TargetPipelineOptions> {
  Option<std::string> target{*this, "target",
                             llvm::cl::desc("Alias or LLVM triple"),
                             llvm::cl::init("x86-64-v3")};
  Option<std::string> cpu{*this, "cpu",
                          llvm::cl::desc("LLVM's name of the CPU")};
  Option<std::string> features{*this, "features",
                               llvm::cl::desc("LLVM's features")};
};
} // namespace

using TargetPipeline = void (*)(OpPassManager &, const TargetDescription &);

static void registerTargetPipeline(StringRef name, StringRef summary,
                                   TargetPipeline build) {
  PassPipelineRegistration<TargetPipelineOptions>(
      name, summary,
      [build](OpPassManager &pm, const TargetPipelineOptions &options) {
        llvm::Expected<TargetDescription> target =
            resolveTarget({options.target, options.cpu, options.features});
        // The first pass reports it, where there is a place for diagnostics.
        if (!target) {
          llvm::consumeError(target.takeError());
          pm.addPass(createKernelPack(
              {options.target, options.cpu, options.features}));
          return;
        }
        build(pm, *target);
      });
}

void edgec::registerPipelines() {
  PassPipelineRegistration<>(
      "edge-prepare",
      "freeze parameters, fold constants and batch norms, keep quantization",
      [](OpPassManager &pm) { buildPreparePipeline(pm); });
  registerTargetPipeline(
      "edge-normalise", "freeze parameters, fold constants and batch norms",
      [](OpPassManager &pm, const TargetDescription &target) {
        buildNormalisePipeline(pm, target);
      });
  PassPipelineRegistration<>("edge-layout-pipeline",
                             "channels last, constants folded",
                             buildLayoutPipeline);
  PassPipelineRegistration<>("edge-kernel-pipeline",
                             "edge to kernel and linalg, fused",
                             buildKernelPipeline);
  registerTargetPipeline("edgec-plan-pipeline",
                         "pack weights, bufferize, assign arena offsets",
                         buildPlanPipeline);
  registerTargetPipeline("edgec-vectorize-pipeline",
                         "outline layers and emit vector code",
                         buildVectorizePipeline);
  registerTargetPipeline("edgec-llvm-pipeline", "lower to the LLVM dialect",
                         buildLLVMPipeline);
}

static void buildPipeline(OpPassManager &pm, Phase phase,
                          const TargetDescription &target,
                          WeightStorage weights) {
  switch (phase) {
  case Phase::Import:
    return;
  case Phase::Normalise:
    return buildNormalisePipeline(pm, target, weights);
  case Phase::Layout:
    return buildLayoutPipeline(pm);
  case Phase::Kernel:
    return buildKernelPipeline(pm);
  case Phase::Plan:
    return buildPlanPipeline(pm, target);
  case Phase::Vectorize:
    return buildVectorizePipeline(pm, target);
  }
}

LogicalResult edgec::runPhases(ModuleOp module, Phase last,
                               const TargetDescription &target,
                               const Adaptation &adaptation,
                               std::vector<PhaseTime> *times,
                               PhaseObserver observer) {
  return continuePhases(module, Phase::Import, last, target, adaptation, times,
                        observer);
}

LogicalResult edgec::continuePhases(ModuleOp module, Phase done, Phase last,
                                    const TargetDescription &target,
                                    const Adaptation &adaptation,
                                    std::vector<PhaseTime> *times,
                                    PhaseObserver observer) {
  for (auto [phase, phaseName] : phases) {
    if (phase <= done || phase > last)
      continue;
    auto start = std::chrono::steady_clock::now();
    if (phase == Phase::Normalise && adaptation.quantizes() &&
        failed(quantize(module, adaptation)))
      return failure();
    PassManager pm(module.getContext());
    buildPipeline(pm, phase, target, adaptation.weights);
    if (failed(pm.run(module)))
      return failure();
    std::chrono::duration<double> taken =
        std::chrono::steady_clock::now() - start;
    if (times)
      times->push_back({phaseName.str(), taken.count()});
    if (observer)
      observer(phase, module);
  }
  return success();
}
