//===- Matmul.cpp - Matrix multiplication with a fixed order of sums ------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "nn/Matmul.h"

using namespace digits;

namespace {

// The block of C kept in registers: 4 x 8 floats are half of the vector
// registers of any 64-bit CPU.
constexpr int blockRows = 4;
constexpr int blockColumns = 8;

template <typename T, int rows, int columns>
void multiplyBlock(int n, int k, MatrixView<T> a, const T *b, T *c) {
  T sum[rows][columns] = {};
  for (int p = 0; p < k; ++p)
    for (int i = 0; i < rows; ++i)
      for (int j = 0; j < columns; ++j)
        sum[i][j] +=
            a.data[i * a.rowStride + p * a.columnStride] * b[p * n + j];
  for (int i = 0; i < rows; ++i)
    for (int j = 0; j < columns; ++j)
      c[i * n + j] += sum[i][j];
}

template <typename T, int rows>
void multiplyRows(int n, int k, MatrixView<T> a, const T *b, T *c) {
  int j = 0;
  for (; j + blockColumns <= n; j += blockColumns)
    multiplyBlock<T, rows, blockColumns>(n, k, a, b + j, c + j);
  for (; j < n; ++j)
    multiplyBlock<T, rows, 1>(n, k, a, b + j, c + j);
}

} // namespace

template <typename T>
void digits::matmulAdd(int m, int n, int k, MatrixView<T> a, const T *b, T *c) {
  auto rowsFrom = [&](int i) {
    return MatrixView<T>{a.data + i * a.rowStride, a.rowStride, a.columnStride};
  };
  int i = 0;
  for (; i + blockRows <= m; i += blockRows)
    multiplyRows<T, blockRows>(n, k, rowsFrom(i), b, c + i * n);
  for (; i < m; ++i)
    multiplyRows<T, 1>(n, k, rowsFrom(i), b, c + i * n);
}

template void digits::matmulAdd(int, int, int, MatrixView<float>, const float *,
                                float *);
template void digits::matmulAdd(int, int, int, MatrixView<double>,
                                const double *, double *);
