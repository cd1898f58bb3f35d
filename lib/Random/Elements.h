//===- Elements.h - Random elements of tensors ------------------*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_LIB_RANDOM_ELEMENTS_H
#define EDGEC_LIB_RANDOM_ELEMENTS_H

#include "edgec/Support/Tensor.h"
#include "mlir/IR/BuiltinAttributes.h"

namespace edgec::random {

/// What the elements of a tensor are made of, as `randomElementsAttr` says it.
struct ElementsSpec {
  double low = -1, high = 1;
  double step = 0;
  uint64_t seed = 0;
  bool special = false;
};

mlir::DictionaryAttr toAttribute(const ElementsSpec &spec,
                                 mlir::MLIRContext *context);
/// What is missing or of another type is as by default.
ElementsSpec elementsSpec(mlir::DictionaryAttr attribute);

Tensor makeElements(ElementType type, std::vector<int64_t> shape,
                    const ElementsSpec &spec);

/// The least and the largest element, NaNs left out; 0 where there are none.
std::pair<double, double> extremes(const Tensor &tensor);

/// The range of an integer type, as far as doubles tell its numbers apart.
std::pair<double, double> exactRange(ElementType type);

} // namespace edgec::random

#endif // EDGEC_LIB_RANDOM_ELEMENTS_H
