//===- Pipelines.h - The phases of compilation, by name -*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_PIPELINES_PIPELINES_H
#define EDGEC_PIPELINES_PIPELINES_H

#include "edgec/Compress/InputMoments.h"
#include "edgec/Compress/RangeObserver.h"
#include "edgec/Target/CPU/TargetOptions.h"
#include "edgec/Target/ModelSpec.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"
#include "mlir/Pass/PassManager.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/IR/LLVMContext.h"
#include "llvm/IR/Module.h"
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace edgec {

/// Where `--after` can stop: each phase leaves IR that can be printed, read
/// back by edgec-opt and compiled on from there.
enum class Phase { Import, Normalise, Layout, Kernel, Plan, Vectorize };

std::optional<Phase> parsePhase(llvm::StringRef name);
llvm::StringRef name(Phase phase);

/// What the weights of contractions and tables are stored in.
enum class WeightStorage { AsGiven, F16, BF16 };

/// "f16", "bf16", and "f32" for weights as they are given.
std::optional<WeightStorage> parseWeightStorage(llvm::StringRef name);

/// Bits of a layer's weights: of "int8", "int4", "int2", and for "float", which
/// says that the layer is not quantized, 0.
std::optional<unsigned> parseWeightBits(llvm::StringRef type);
llvm::StringRef weightTypeName(unsigned bits);

/// Bits of the weights of layers by the names of these.
using LayerBits = std::map<std::string, unsigned>;

/// Rounding weights each to the nearest value, or so that sums differ least.
enum class WeightRoundingMethod { Nearest, Gptq };

/// "nearest", "gptq".
std::optional<WeightRoundingMethod> parseWeightRounding(llvm::StringRef name);
llvm::StringRef name(WeightRoundingMethod method);

/// What activations that meet quantized weights are: integers, or floats as
/// they are in the model.
enum class ActivationType { Int8, Int16, F32 };

/// "int8", "int16", "f32".
std::optional<ActivationType> parseActivationType(llvm::StringRef name);
llvm::StringRef name(ActivationType type);

/// Rounding to integers after training.
struct Quantization {
  unsigned weightBits = 8;
  LayerBits layers;       ///< Those that differ from it.
  bool perTensor = false; ///< One scale for all output channels of a filter.
  ActivationType activations = ActivationType::Int8;
  /// Inputs of a channel that share a scale, unless activations are bytes; 0:
  /// all.
  int64_t group = 0;
  /// Whether ranges and moments are there, as far as they are needed.
  bool isCalibrated = false;
  /// Of the observation points by their numbers; none for what stays float.
  std::vector<std::optional<TensorRange>> ranges;
  WeightRoundingMethod rounding = WeightRoundingMethod::Gptq;
  /// Make up in biases for what rounding moves the means of sums by.
  bool biasCorrection = true;
  /// Decibels between the sums of a layer and what rounding adds to them; with
  /// less, its weights have 8 bits instead of 4 or 2. 0: any.
  double layerSqnr = 0;
  /// Of the inputs of layers with weights in their order; empty if none are
  /// known.
  InputMomentsList moments;

  bool needsRanges() const { return activations != ActivationType::F32; }
  bool needsMoments() const {
    return rounding != WeightRoundingMethod::Nearest || biasCorrection;
  }
  bool needsSamples() const { return needsRanges() || needsMoments(); }
};

/// How a model is changed on its way.
struct Adaptation {
  WeightStorage weights = WeightStorage::AsGiven;
  std::optional<Quantization> quantization;
  /// Put observation points where a quantization needs ranges, also where there
  /// is none.
  bool observe = false;
  /// Number on with the inputs of layers with weights.
  bool observeLayerInputs = false;

  bool quantizes() const { return observe || quantization; }
  bool isNone() const {
    return weights == WeightStorage::AsGiven && !quantizes();
  }
};

/// What a module with observation points shows.
struct CalibrationPoints {
  int64_t ranges = 0; ///< Points that need ranges: the first ones.
  /// Of the layers with weights, whose inputs are the points that follow.
  std::vector<TapGeometry> layers;
};

/// Prepares an imported module and puts observation points into it, at the
/// inputs of layers too.
mlir::FailureOr<CalibrationPoints>
insertCalibrationPoints(mlir::ModuleOp module);

/// edge → edge: what does not depend on how a model is computed. Parameters
/// frozen, constants and batch norms folded, operations recognised, weights
/// stored as asked for; quantized models stay in QDQ form. What is compressed
/// further, and what --emit=onnx writes.
void buildPreparePipeline(mlir::OpPassManager &pm,
                          WeightStorage weights = WeightStorage::AsGiven);
/// edge → edge: freeze parameters, fold constants and batch norms, compute in
/// integers what is quantized, store weights as asked for.
void buildNormalisePipeline(mlir::OpPassManager &pm,
                            const TargetDescription &target,
                            WeightStorage weights = WeightStorage::AsGiven);
/// edge → edge: channels last inside, transposes at the edges of the graph.
void buildLayoutPipeline(mlir::OpPassManager &pm);
/// edge → kernel + linalg on tensors, elementwise chains and epilogues fused.
void buildKernelPipeline(mlir::OpPassManager &pm);
/// Packs weights for the target, bufferizes, assigns arena offsets.
void buildPlanPipeline(mlir::OpPassManager &pm,
                       const TargetDescription &target);
/// kernel and linalg → scf + vector, one function for each distinct layer.
void buildVectorizePipeline(mlir::OpPassManager &pm,
                            const TargetDescription &target);
/// scf, vector, memref → LLVM dialect.
void buildLLVMPipeline(mlir::OpPassManager &pm,
                       const TargetDescription &target);

/// `edge-normalise`, `edge-layout-pipeline`, ... for edgec-opt.
void registerPipelines();

/// How long a phase took. Names are those of the phases, "llvm" for the last.
struct PhaseTime {
  std::string phase;
  double seconds = 0;
};

/// Shown the module after each phase; it may change it.
using PhaseObserver = llvm::function_ref<void(Phase, mlir::ModuleOp)>;

/// Runs `buildPreparePipeline`'s passes on an imported module, and does what
/// `adaptation` asks for.
mlir::LogicalResult prepare(mlir::ModuleOp module,
                            const Adaptation &adaptation);

/// Runs the phases up to and including `last` on an imported module; `times`
/// gets an entry for each. What `adaptation` asks for happens before the model
/// is normalised.
mlir::LogicalResult runPhases(mlir::ModuleOp module, Phase last,
                              const TargetDescription &target,
                              const Adaptation &adaptation = {},
                              std::vector<PhaseTime> *times = nullptr,
                              PhaseObserver observer = nullptr);

/// Runs the phases after `done` up to and including `last`.
mlir::LogicalResult continuePhases(mlir::ModuleOp module, Phase done,
                                   Phase last, const TargetDescription &target,
                                   const Adaptation &adaptation = {},
                                   std::vector<PhaseTime> *times = nullptr,
                                   PhaseObserver observer = nullptr);

/// What the code generator hands to the target. The weights' bytes live in
/// `module`, which must outlive the writing of the artefact.
struct CompiledModel {
  mlir::OwningOpRef<mlir::ModuleOp> module;
  std::unique_ptr<llvm::LLVMContext> llvmContext;
  std::unique_ptr<llvm::Module> llvmModule;
  ModelSpec spec;
  WeightsSection weights;
  std::vector<PhaseTime> times;
};

/// The last phase, from a vectorised module that `spec` describes, and the
/// translation to LLVM IR. Diagnostics on failure.
mlir::FailureOr<CompiledModel>
translate(mlir::OwningOpRef<mlir::ModuleOp> module, ModelSpec spec,
          const TargetDescription &target);

/// All phases and the translation to LLVM IR. Diagnostics on failure.
mlir::FailureOr<CompiledModel> compile(mlir::OwningOpRef<mlir::ModuleOp> module,
                                       const TargetDescription &target,
                                       const Adaptation &adaptation = {},
                                       PhaseObserver observer = nullptr);

} // namespace edgec

#endif // EDGEC_PIPELINES_PIPELINES_H
