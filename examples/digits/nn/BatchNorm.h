//===- BatchNorm.h - Batch normalisation ------------------------*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_EXAMPLES_DIGITS_NN_BATCHNORM_H
#define EDGEC_EXAMPLES_DIGITS_NN_BATCHNORM_H

#include "nn/Layer.h"

namespace digits {

/// Normalises every channel over the batch and the pixels
/// (https://arxiv.org/abs/1502.03167).
template <typename T> class BatchNorm : public Layer<T> {
public:
  BatchNorm(const std::string &name, int channels);

  Batch<T> forward(const Batch<T> &input, Mode mode) override;
  Batch<T> backward(const Batch<T> &outputGradient) override;
  void collectParameters(std::vector<Parameter<T> *> &parameters) override;
  std::string exportTo(OnnxGraph &graph,
                       const std::string &input) const override;

private:
  void computeStatistics(const Batch<T> &input);

  std::string name;
  int channels;
  Parameter<T> scale, bias;
  Parameter<T> runningMean, runningVariance;
  std::vector<T> mean, inverseDeviation; ///< Of the last batch.
  Batch<T> normalized;                   ///< (x - mean) * inverseDeviation
};

} // namespace digits

#endif // EDGEC_EXAMPLES_DIGITS_NN_BATCHNORM_H
