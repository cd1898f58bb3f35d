//===- Evaluation.h - Samples in, classes out -------------------*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_TOOLS_EVALUATION_H
#define EDGEC_TOOLS_EVALUATION_H

#include "edgec/Support/Tensor.h"
#include "edgec/Target/ModelSpec.h"
#include "llvm/Support/Error.h"
#include <vector>

namespace edgec {

/// How a model's input is made from a stored sample:
/// (sample · scale − mean) / deviation, in single precision. `mean` and
/// `deviation` have one value, or one for each channel, axis 1 of the data.
struct Preprocessing {
  double scale = 1;
  std::vector<double> mean = {0};
  std::vector<double> deviation = {1};

  /// An error where the number of values is neither 1 nor that of the channels
  /// of `data`, or a divisor is 0.
  llvm::Error check(const Tensor &data) const;
};

/// Elements of the data that one sample has; an error unless `data` holds at
/// least one sample, and a sample as many elements as one of `input`'s batch,
/// its first dimension (1 for a scalar).
llvm::Expected<int64_t> checkSamples(const Tensor &data,
                                     const TensorSpec &input);

/// The model's input for samples first, first + 1, ... of `data`: as many as
/// the model's batch, zero after the last sample. Values for integer inputs are
/// rounded to the nearest and saturated.
Tensor makeBatch(const Tensor &data, int64_t first, const TensorSpec &input,
                 const Preprocessing &preprocessing);

/// How many values of sample `sample`'s part of `output` come before the one of
/// class `label`: are larger, or equal with a lower class. 0: the model's first
/// choice. The output holds `batch` samples along its first axis. NaNs come
/// last.
int64_t rankOfClass(const Tensor &output, int64_t batch, int64_t sample,
                    int64_t label);

} // namespace edgec

#endif // EDGEC_TOOLS_EVALUATION_H
