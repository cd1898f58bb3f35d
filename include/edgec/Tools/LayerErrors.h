//===- LayerErrors.h - Where a quantization loses accuracy ------*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_TOOLS_LAYERERRORS_H
#define EDGEC_TOOLS_LAYERERRORS_H

#include "edgec/Compress/RangeObserver.h"
#include "edgec/Support/Compare.h"
#include "edgec/Tools/Compiler.h"

namespace edgec {

/// A tensor of the quantized model beside that of the model in floating point.
struct LayerError {
  std::string name; ///< Of the layers that compute it.
  ErrorSums sums;   ///< Over all samples; expected is what floats give.
  /// What its integers represent; nothing where it is stored as floats.
  std::optional<TensorRange> represented;
};

/// Runs the model at `path` on its calibration samples, as it is quantized by
/// `options` and in floating point: compiled code both. What comes first has
/// the least signal-to-noise ratio. Outputs of the model are among the tensors,
/// with names such as "output 'y'".
llvm::Expected<std::vector<LayerError>> measureErrors(llvm::StringRef path,
                                                      LoadOptions options);

} // namespace edgec

#endif // EDGEC_TOOLS_LAYERERRORS_H
