//===- Gemm.h - Fully connected layer ---------------------------*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_EXAMPLES_DIGITS_NN_GEMM_H
#define EDGEC_EXAMPLES_DIGITS_NN_GEMM_H

#include "nn/Layer.h"

namespace digits {

/// x W^T + b, on batches of a single pixel.
template <typename T> class Gemm : public Layer<T> {
public:
  Gemm(const std::string &name, int inputs, int outputs, Random &random);

  Batch<T> forward(const Batch<T> &input, Mode mode) override;
  Batch<T> backward(const Batch<T> &outputGradient) override;
  void collectParameters(std::vector<Parameter<T> *> &parameters) override;
  std::string exportTo(OnnxGraph &graph,
                       const std::string &input) const override;

private:
  std::string name;
  int inputs, outputs;
  Parameter<T> weight; ///< outputs x inputs
  Parameter<T> bias;   ///< outputs
  Batch<T> saved;
};

} // namespace digits

#endif // EDGEC_EXAMPLES_DIGITS_NN_GEMM_H
