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

/// What a model is compared with the interpreter on.
struct VerificationData {
  std::string path; ///< As for evaluation; empty: one random input.
  Preprocessing preprocessing;
  int64_t limit = 0; ///< The first samples only; 0: all.
};

/// Compares compiled code with the reference interpreter, on samples or on
/// random inputs (`randomInputs` with seed 1). Fails where an output's
/// signal-to-noise ratio is below `minSqnr` decibels.
llvm::Expected<Verified> verifyModel(llvm::StringRef path,
                                     const LoadOptions &options,
                                     const VerificationData &data,
                                     double minSqnr);

} // namespace edgec

#endif // EDGEC_TOOLS_VERIFICATION_H
