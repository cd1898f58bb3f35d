//===- ModelPair.h - A model compiled and interpreted -----------*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_LIB_TOOLS_MODELPAIR_H
#define EDGEC_LIB_TOOLS_MODELPAIR_H

#include "edgec/Tools/Verification.h"

namespace edgec {

/// Compiled code and the interpreter that it is compared with.
struct ModelPair {
  RunnableModel &compiled, &reference;
  size_t threads; ///< Of compiled code: on one it has the same bits.
  double minSqnr; ///< Of every output, in decibels.

  struct Outputs {
    std::vector<Tensor> compiled, reference;
  };

  /// Runs both, each on its own inputs; fails where they differ too much.
  llvm::Expected<Outputs> run(llvm::ArrayRef<Tensor> inputs,
                              llvm::ArrayRef<Tensor> referenceInputs,
                              Verified &result) const;

  /// The same for the same inputs.
  llvm::Error compare(llvm::ArrayRef<Tensor> inputs, Verified &result) const;
};

/// Runs both step by step, each with its own state.
llvm::Error verifySteps(const ModelPair &models, const VerificationData &data,
                        Verified &result);

} // namespace edgec

#endif // EDGEC_LIB_TOOLS_MODELPAIR_H
