//===- Multiply.h - Sums of products in one order ---------------*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_LIB_REFERENCE_MULTIPLY_H
#define EDGEC_LIB_REFERENCE_MULTIPLY_H

#include "llvm/ADT/STLFunctionalExtras.h"
#include <cstdint>

namespace edgec::reference {

/// c[i, j] = sum over k of a[i, k] * b[k, j]. Each sum starts at zero and takes
/// in its products one by one along k: floating-point ones with a fused
/// multiply-add, integers modulo 2^32 or 2^64.
///
/// `fillRow(i, row)` writes a's row i, `fillColumns(k, first, count, values)`
/// b's elements [k, first ... first + count), `store(i, first, count, sums)`
/// takes results. Rows are filled again for every group of columns that is
/// worked on at once.
template <typename T> struct Product {
  int64_t rows, columns, depth;
  llvm::function_ref<void(int64_t i, T *row)> fillRow;
  llvm::function_ref<void(int64_t k, int64_t first, int64_t count, T *values)>
      fillColumns;
  llvm::function_ref<void(int64_t i, int64_t first, int64_t count,
                          const T *sums)>
      store;
};

void multiply(const Product<float> &product);
void multiply(const Product<double> &product);
void multiply(const Product<int32_t> &product);
void multiply(const Product<int64_t> &product);

} // namespace edgec::reference

#endif // EDGEC_LIB_REFERENCE_MULTIPLY_H
