//===- Matmul.h - Matrix multiplication with a fixed order of sums *- C++
//-*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_EXAMPLES_DIGITS_NN_MATMUL_H
#define EDGEC_EXAMPLES_DIGITS_NN_MATMUL_H

#include <cstddef>

namespace digits {

/// A matrix that is only read; element (i, j) is at i * rowStride + j *
/// columnStride, so that a transposed matrix is the same one with its strides
/// exchanged.
template <typename T> struct MatrixView {
  const T *data;
  ptrdiff_t rowStride;
  ptrdiff_t columnStride;
};

/// C += A B, with A m x k, and B (k x n) and C (m x n) dense and row-major.
/// Each element of C grows by a sum of k products that is added up
/// from the first to the last.
template <typename T>
void matmulAdd(int m, int n, int k, MatrixView<T> a, const T *b, T *c);

/// `to` (columns x rows) = the transpose of `from` (rows x columns).
template <typename T>
void transpose(int rows, int columns, const T *from, T *to) {
  for (int i = 0; i < rows; ++i)
    for (int j = 0; j < columns; ++j)
      to[j * rows + i] = from[i * columns + j];
}

} // namespace digits

#endif // EDGEC_EXAMPLES_DIGITS_NN_MATMUL_H
