//===- Layer.cpp - What every layer of the network can do -----------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "nn/Layer.h"

#include <cmath>

using namespace digits;

template <typename T>
Parameter<T>::Parameter(std::string name, std::vector<int64_t> shape, T initial,
                        bool trained)
    : name(std::move(name)), shape(std::move(shape)), trained(trained) {
  size_t size = 1;
  for (int64_t extent : this->shape)
    size *= static_cast<size_t>(extent);
  values.assign(size, initial);
  gradient.assign(size, T(0));
}

template <typename T> void Parameter<T>::initialize(Random &random, int fanIn) {
  double bound = std::sqrt(6.0 / fanIn);
  for (T &value : values)
    value = static_cast<T>(random.uniform(-bound, bound));
}

template struct digits::Parameter<float>;
template struct digits::Parameter<double>;
