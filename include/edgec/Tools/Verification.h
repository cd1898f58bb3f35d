//===- Verification.h - Models against expected outputs ---------*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_TOOLS_VERIFICATION_H
#define EDGEC_TOOLS_VERIFICATION_H

#include "edgec/Support/Compare.h"
#include "edgec/Tools/Compiler.h"
#include "edgec/Tools/Streaming.h"

namespace edgec {

/// A folder in the layout of ONNX's test suite: model.onnx, and
/// test_data_set_K/input_N.pb and output_N.pb (or .npy).
struct TestFolder {
  std::string path;
  std::string name; ///< The path below the folder that was searched.
};

/// The test folders at and below `root`, sorted by name; a file is taken as a
/// model without a folder.
llvm::Expected<std::vector<TestFolder>> findTestFolders(llvm::StringRef root);

struct Verified {
  double maxError = 0; ///< Over all outputs and data sets.
  /// Smallest signal-to-noise ratio of an output in decibels; only where a
  /// model is compared with the interpreter.
  std::optional<double> sqnr;
  /// Inputs whose values had to be known when compiling.
  std::vector<std::string> fixedInputs;
};

/// Runs the model of `folder` on all of its data sets and compares the outputs;
/// an error says what is wrong. ONNX's suite passes shapes, axes and sizes as
/// inputs: where a model cannot be compiled with those left open, they are
/// fixed to the data set's values.
llvm::Expected<Verified> verifyFolder(llvm::StringRef folder,
                                      const LoadOptions &options,
                                      Tolerance tolerance);

/// An error where values are outside the tolerance, with the first of them.
/// `largest` becomes the largest error, if that is larger.
llvm::Error compareOutput(const TensorSpec &spec, const Tensor &actual,
                          const Tensor &expected, Tolerance tolerance,
                          double &largest);

/// What a model is compared with the interpreter on.
struct VerificationData {
  std::string path; ///< As for evaluation; empty: one random input.
  Preprocessing preprocessing;
  int64_t limit = 0; ///< The first samples only; 0: all.
  /// Steps of a model that keeps a state; of random inputs where only states
  /// are given.
  StreamOptions stream;
  std::vector<std::string> inputs; ///< `INPUT=FILE` of those in every step.
};

/// Compares compiled code with the reference interpreter, on samples, steps or
/// random inputs (`randomInputs` with seed 1). Each has a state of its own.
/// Fails where an output's signal-to-noise ratio is below `minSqnr` decibels.
llvm::Expected<Verified> verifyModel(llvm::StringRef path,
                                     const LoadOptions &options,
                                     const VerificationData &data,
                                     double minSqnr);

} // namespace edgec

#endif // EDGEC_TOOLS_VERIFICATION_H
