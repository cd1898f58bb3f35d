//===- Networks.cpp - The example's networks ------------------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "nn/Networks.h"
#include "draw/Canvas.h"
#include "nn/BatchNorm.h"
#include "nn/Conv2d.h"
#include "nn/Elementary.h"
#include "nn/Gemm.h"

using namespace digits;

template <typename T>
static std::unique_ptr<Layer<T>> makeResidualBranch(int channels,
                                                    Random &random) {
  auto branch = std::make_unique<Sequential<T>>();
  branch->template add<Conv2d<T>>("block.conv1", channels, channels, 3, random);
  branch->template add<BatchNorm<T>>("block.norm1", channels);
  branch->template add<Relu<T>>("block.relu1");
  branch->template add<Conv2d<T>>("block.conv2", channels, channels, 3, random);
  branch->template add<BatchNorm<T>>("block.norm2", channels);
  return branch;
}

template <typename T>
std::unique_ptr<Sequential<T>> digits::makeCnn(uint64_t seed) {
  constexpr int stem = 16, body = 32;
  constexpr int lastPixels = (imageSize / 4) * (imageSize / 4);
  Random random(seed);
  auto net = std::make_unique<Sequential<T>>();
  net->template add<Conv2d<T>>("stem.conv", 1, stem, 3, random);
  net->template add<BatchNorm<T>>("stem.norm", stem);
  net->template add<Relu<T>>("stem.relu");
  net->template add<MaxPool<T>>("stem.pool");

  net->template add<DepthwiseConv2d<T>>("separable.depthwise", stem, random);
  net->template add<Relu<T>>("separable.relu1");
  net->template add<Conv2d<T>>("separable.pointwise", stem, body, 1, random);
  net->template add<BatchNorm<T>>("separable.norm", body);
  net->template add<Relu<T>>("separable.relu2");
  net->template add<MaxPool<T>>("separable.pool");

  net->template add<Residual<T>>("block.add",
                                 makeResidualBranch<T>(body, random));
  net->template add<Relu<T>>("block.relu2");

  net->template add<Flatten<T>>("head.flatten");
  net->template add<Gemm<T>>("head.gemm", lastPixels * body, classCount,
                             random);
  return net;
}

template <typename T>
std::unique_ptr<Sequential<T>> digits::makeLinear(uint64_t seed) {
  Random random(seed);
  auto net = std::make_unique<Sequential<T>>();
  net->template add<Flatten<T>>("flatten");
  net->template add<Gemm<T>>("gemm", imagePixels, classCount, random);
  return net;
}

template std::unique_ptr<Sequential<float>> digits::makeCnn(uint64_t);
template std::unique_ptr<Sequential<double>> digits::makeCnn(uint64_t);
template std::unique_ptr<Sequential<float>> digits::makeLinear(uint64_t);
template std::unique_ptr<Sequential<double>> digits::makeLinear(uint64_t);
