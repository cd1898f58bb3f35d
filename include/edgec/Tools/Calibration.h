//===- Calibration.h - Ranges of a model's tensors --------------*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_TOOLS_CALIBRATION_H
#define EDGEC_TOOLS_CALIBRATION_H

#include "edgec/Tools/Compiler.h"

namespace edgec {

/// Where `options` ask for a quantization: compiles the ONNX model at `path`
/// for this machine with observation points, runs it on the samples, and puts
/// the ranges into the options. Ranges that are there already stay. The target
/// of the options does not matter: ranges are those of the floating-point
/// model, whose results are the same everywhere.
llvm::Error calibrate(llvm::StringRef path, LoadOptions &options);

} // namespace edgec

#endif // EDGEC_TOOLS_CALIBRATION_H
