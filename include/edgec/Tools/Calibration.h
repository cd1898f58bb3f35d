//===- Calibration.h - Ranges of a model's tensors --------------*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_TOOLS_CALIBRATION_H
#define EDGEC_TOOLS_CALIBRATION_H

#include "edgec.h"
#include "edgec/Tools/Compiler.h"
#include <functional>

namespace edgec {

/// Sees the elements of an observation point, those of a tensor in one call or
/// in several.
using PointObserver =
    std::function<void(size_t point, llvm::ArrayRef<float> elements)>;

/// A context for runs of which `observer` sees the observation points. It has
/// to outlive them.
edgec_context observingContext(const PointObserver &observer);

/// Calls `visit` with the inputs of one run after another that take the
/// calibration samples, and shows the progress as `title`, if it has one.
/// Samples that do not fill a batch are left out.
llvm::Error
forEachBatch(const Calibration &calibration, const EntryPointSpec &entry,
             llvm::StringRef title,
             llvm::function_ref<llvm::Error(llvm::ArrayRef<Tensor>)> visit);

/// Where `options` ask for a quantization: compiles the ONNX model at `path`
/// for this machine with observation points, runs it on the samples, and puts
/// the ranges into the options; then searches for the precision of each layer
/// where there is a budget. Ranges that are there already stay. The target
/// of the options does not matter: ranges are those of the floating-point
/// model, whose results are the same everywhere.
llvm::Error calibrate(llvm::StringRef path, LoadOptions &options);

} // namespace edgec

#endif // EDGEC_TOOLS_CALIBRATION_H
