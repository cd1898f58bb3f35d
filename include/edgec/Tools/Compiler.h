//===- Compiler.h - From a file to a compiled model -------------*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_TOOLS_COMPILER_H
#define EDGEC_TOOLS_COMPILER_H

#include "edgec/Data/NoiseSource.h"
#include "edgec/Data/Preprocessing.h"
#include "edgec/Pipelines/Pipelines.h"
#include "edgec/Tools/Diagnostics.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringSet.h"
#include <memory>

namespace edgec {

/// Where the ranges of a quantization come from.
struct Calibration {
  std::string data;  ///< A file of samples; empty: made ones.
  SampleRange range; ///< Of the values of made samples.
  Preprocessing preprocessing;
  int64_t limit = 256; ///< The most samples that are used.
  RangeMethod method = RangeMethod::Percentile;
};

/// What a quantized model may cost. Where one is given, the precision of each
/// layer is searched for.
struct Budget {
  /// Points of top-1 on the tuning data, one standard error included.
  std::optional<double> maxDrop;
  std::optional<double> minSqnr;    ///< Decibels, of each output.
  std::optional<uint64_t> maxSize;  ///< Bytes of weights and code.
  std::optional<double> maxLatency; ///< Milliseconds on this machine.
  std::string tuneData, tuneLabels; ///< For maxDrop: as for evaluation.

  bool isNone() const {
    return !maxDrop && !minSqnr && !maxSize && !maxLatency;
  }
};

/// How a model file becomes something to run or look at.
struct LoadOptions {
  TargetOptions target;
  /// Extents of inputs by name.
  llvm::StringMap<std::vector<int64_t>> shapes;
  /// Inputs whose first extent is the largest batch.
  llvm::StringSet<> batches;
  /// Inputs that are constants of the compiled model, by name.
  llvm::StringMap<Tensor> values;
  /// The most elements of values whose size the run decides, by name.
  llvm::StringMap<int64_t> maxElements;
  /// Take a symbolic first dimension as 1, with a warning.
  bool assumeBatchOne = true;
  Adaptation adaptation;
  std::optional<Calibration> calibration;
  Budget budget;
  /// Prefix of the exported symbols; empty: from the file's name.
  std::string modelName;
  /// Interpret instead of compiling.
  bool reference = false;
  /// Command that starts executables of a foreign target; empty: a default.
  std::string executor;
  /// Threads that compiled code runs on.
  size_t threads = 1;
  /// No warnings and notes.
  bool quiet = false;
  /// Print the code generator's remarks.
  bool remarks = false;
};

/// The target that --target, --cpu and --features describe; usage errors, also
/// where it cannot widen weights of the type that --weights asks for.
llvm::Expected<TargetDescription>
resolveTargetOption(const LoadOptions &options);

enum class ModelFileKind { Onnx, Artefact };

/// Tells by the first bytes of the file. An error, which says what to do, where
/// it cannot be read.
llvm::Expected<ModelFileKind> modelFileKind(llvm::StringRef path);

/// An MLIR context with all dialects, whose diagnostics become errors.
class CompilerSession {
public:
  explicit CompilerSession(bool quiet = false, bool remarks = false);

  mlir::MLIRContext &context() { return *mlirContext; }

  /// Reads an ONNX model.
  llvm::Expected<mlir::OwningOpRef<mlir::ModuleOp>>
  import(llvm::StringRef path, const LoadOptions &options);

  /// Runs the phases up to and including `last`.
  llvm::Error runPhases(mlir::ModuleOp module, Phase last,
                        const TargetDescription &target,
                        const Adaptation &adaptation);

  /// Makes of an imported module what --emit=onnx writes: adapted as asked for,
  /// nothing that depends on the target.
  llvm::Error prepare(mlir::ModuleOp module, const Adaptation &adaptation);

  /// Runs all phases.
  llvm::Expected<CompiledModel>
  compile(mlir::OwningOpRef<mlir::ModuleOp> module,
          const TargetDescription &target, const Adaptation &adaptation,
          PhaseObserver observer = nullptr);

  /// Turns diagnostics into an error, `otherwise` where there are none.
  llvm::Error takeErrors(const llvm::Twine &otherwise) {
    return diagnostics.takeErrors(otherwise);
  }

private:
  std::unique_ptr<mlir::MLIRContext> mlirContext;
  DiagnosticCollector diagnostics;
};

/// The function `run` of an imported module; an error if there is none.
llvm::Expected<mlir::func::FuncOp> mainFunction(mlir::ModuleOp module);

/// Names, types and shapes of a function's arguments and results.
llvm::Expected<EntryPointSpec> signatureOf(mlir::func::FuncOp function);

} // namespace edgec

#endif // EDGEC_TOOLS_COMPILER_H
