//===- Multiply.cpp - Sums of products in one order -----------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Multiply.h"
#include <algorithm>
#include <cmath>
#include <type_traits>
#include <vector>

using namespace edgec;
using namespace edgec::reference;

namespace {

/// Sums that are kept in registers at once. The order of a sum's products does
/// not depend on these.
constexpr int64_t tileRows = 4, tileColumns = 64;
/// Rows that are filled at once.
constexpr int64_t blockRows = 64;
/// What packed columns may take: about a second-level cache.
constexpr int64_t packedBytes = int64_t(1) << 20;

template <typename T>
[[gnu::always_inline]] inline T multiplyAdd(T x, T y, T sum) {
  if constexpr (std::is_floating_point_v<T>)
    return std::fma(x, y, sum);
  using Unsigned = std::make_unsigned_t<
      std::conditional_t<std::is_integral_v<T>, T, int32_t>>;
  return static_cast<T>(static_cast<Unsigned>(x) * static_cast<Unsigned>(y) +
                        static_cast<Unsigned>(sum));
}

/// sums[r, c] = sum over k of rows[r * depth + k] * columns[k * tileColumns +
/// c].
template <typename T>
[[gnu::always_inline]] inline void computeTile(const T *rows, const T *columns,
                                               int64_t depth, T *sums) {
  T tile[tileRows][tileColumns] = {};
  for (int64_t k = 0; k < depth; ++k)
    for (int64_t r = 0; r < tileRows; ++r)
      for (int64_t c = 0; c < tileColumns; ++c)
        tile[r][c] = multiplyAdd(rows[r * depth + k],
                                 columns[k * tileColumns + c], tile[r][c]);
  std::copy_n(&tile[0][0], tileRows * tileColumns, sums);
}

template <typename T>
using TileFunction = void (*)(const T *, const T *, int64_t, T *);

template <typename T>
void baselineTile(const T *rows, const T *columns, int64_t depth, T *sums) {
  computeTile(rows, columns, depth, sums);
}

#ifdef __x86_64__
// The same code for wider registers; a fused multiply-add is exact whether it
// is an instruction or a call.
template <typename T>
[[gnu::target("avx2,fma")]] void avx2Tile(const T *rows, const T *columns,
                                          int64_t depth, T *sums) {
  computeTile(rows, columns, depth, sums);
}
template <typename T>
[[gnu::target("avx512f,avx512dq")]] void
avx512Tile(const T *rows, const T *columns, int64_t depth, T *sums) {
  computeTile(rows, columns, depth, sums);
}

template <typename T> TileFunction<T> selectTile() {
  __builtin_cpu_init();
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq"))
    return avx512Tile<T>;
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
    return avx2Tile<T>;
  return baselineTile<T>;
}
#else
template <typename T> TileFunction<T> selectTile() { return baselineTile<T>; }
#endif

template <typename T> class Multiplication {
public:
  explicit Multiplication(const Product<T> &product)
      : p(product), rows(blockRows * p.depth),
        groupColumns(chooseGroupColumns(p)), packed(groupColumns * p.depth) {}

  void run() {
    for (int64_t first = 0; first < p.columns; first += groupColumns) {
      int64_t count = std::min(groupColumns, p.columns - first);
      packColumns(first, count);
      for (int64_t row = 0; row < p.rows; row += blockRows)
        runBlock(row, std::min(blockRows, p.rows - row), first, count);
    }
  }

private:
  /// As many columns as fit, in whole tiles.
  static int64_t chooseGroupColumns(const Product<T> &p) {
    int64_t tileBytes = tileColumns * std::max<int64_t>(p.depth, 1) * sizeof(T);
    int64_t fitting = std::max<int64_t>(packedBytes / tileBytes, 1);
    int64_t needed = (p.columns + tileColumns - 1) / tileColumns;
    return std::min(fitting, needed) * tileColumns;
  }

  /// Columns by tiles: [tile][k][column in the tile], zero beyond the last.
  void packColumns(int64_t first, int64_t count) {
    for (int64_t tile = 0; tile < count; tile += tileColumns) {
      int64_t width = std::min(tileColumns, count - tile);
      T *to = packed.data() + tile * p.depth;
      for (int64_t k = 0; k < p.depth; ++k, to += tileColumns) {
        p.fillColumns(k, first + tile, width, to);
        std::fill(to + width, to + tileColumns, T(0));
      }
    }
  }

  void runBlock(int64_t firstRow, int64_t rowCount, int64_t firstColumn,
                int64_t columnCount) {
    for (int64_t i = 0; i < rowCount; ++i)
      p.fillRow(firstRow + i, rows.data() + i * p.depth);
    T sums[tileRows * tileColumns];
    for (int64_t tile = 0; tile < columnCount; tile += tileColumns)
      for (int64_t row = 0; row < rowCount; row += tileRows) {
        // Rows beyond the last hold what an earlier block left: not stored.
        computeSums(rows.data() + row * p.depth, packed.data() + tile * p.depth,
                    p.depth, sums);
        for (int64_t i = row; i < std::min(row + tileRows, rowCount); ++i)
          p.store(firstRow + i, firstColumn + tile,
                  std::min(tileColumns, columnCount - tile),
                  sums + (i - row) * tileColumns);
      }
  }

  const Product<T> &p;
  std::vector<T> rows;
  int64_t groupColumns;
  std::vector<T> packed;
  TileFunction<T> computeSums = selectTile<T>();
};

} // namespace

void reference::multiply(const Product<float> &product) {
  Multiplication<float>(product).run();
}
void reference::multiply(const Product<double> &product) {
  Multiplication<double>(product).run();
}
void reference::multiply(const Product<int32_t> &product) {
  Multiplication<int32_t>(product).run();
}
void reference::multiply(const Product<int64_t> &product) {
  Multiplication<int64_t>(product).run();
}
