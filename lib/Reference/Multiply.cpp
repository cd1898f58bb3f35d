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
/// not depend on this or on the other sizes.
constexpr int64_t tileRows = 4, tileColumns = 64;
/// Rows that are filled at once, and the bytes that they should not exceed.
constexpr int64_t maxBlockRows = 64, maxBlockBytes = int64_t(1) << 23;
/// Bytes of packed columns: about a second-level cache.
constexpr int64_t packedBytes = int64_t(1) << 20;
/// Products that are taken in before the next columns are packed: bounds the
/// memory for sums of any length.
constexpr int64_t maxChunk = int64_t(1) << 14;

template <typename T>
[[gnu::always_inline]] inline T multiplyAdd(T x, T y, T sum) {
  if constexpr (std::is_floating_point_v<T>)
    return std::fma(x, y, sum);
  using Unsigned = std::make_unsigned_t<
      std::conditional_t<std::is_integral_v<T>, T, int32_t>>;
  return static_cast<T>(static_cast<Unsigned>(x) * static_cast<Unsigned>(y) +
                        static_cast<Unsigned>(sum));
}

/// sums[r, c] += sum over k of rows[r, k] * columns[k, c], for a tile. Columns
/// are packed by tiles; rows and sums lie the given strides apart.
template <typename T> struct Tile {
  const T *rows;
  int64_t rowStride;
  const T *columns;
  int64_t depth;
  T *sums;
  int64_t sumStride;
};

template <typename T>
[[gnu::always_inline]] inline void computeTile(const Tile<T> &tile) {
  T sums[tileRows][tileColumns];
  for (int64_t r = 0; r < tileRows; ++r)
    std::copy_n(tile.sums + r * tile.sumStride, tileColumns, sums[r]);
  for (int64_t k = 0; k < tile.depth; ++k)
    for (int64_t r = 0; r < tileRows; ++r)
      for (int64_t c = 0; c < tileColumns; ++c)
        sums[r][c] = multiplyAdd(tile.rows[r * tile.rowStride + k],
                                 tile.columns[k * tileColumns + c], sums[r][c]);
  for (int64_t r = 0; r < tileRows; ++r)
    std::copy_n(sums[r], tileColumns, tile.sums + r * tile.sumStride);
}

template <typename T> using TileFunction = void (*)(const Tile<T> &);

template <typename T> void baselineTile(const Tile<T> &tile) {
  computeTile(tile);
}

#ifdef __x86_64__
// The same code for wider registers; a fused multiply-add is exact whether it
// is an instruction or a call.
template <typename T>
[[gnu::target("avx2,fma")]] void avx2Tile(const Tile<T> &tile) {
  computeTile(tile);
}
template <typename T>
[[gnu::target("avx512f,avx512dq")]] void avx512Tile(const Tile<T> &tile) {
  computeTile(tile);
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

int64_t roundUp(int64_t value, int64_t multiple) {
  return (value + multiple - 1) / multiple * multiple;
}

template <typename T> class Multiplication {
public:
  explicit Multiplication(const Product<T> &product)
      : p(product), chunk(std::clamp<int64_t>(p.depth, 1, maxChunk)),
        blockRows(chooseBlockRows()), groupColumns(chooseGroupColumns()),
        rows(blockRows * p.depth), packed(groupColumns * chunk),
        sums(blockRows * groupColumns) {}

  void run() {
    for (int64_t first = 0; first < p.columns; first += groupColumns) {
      int64_t count = std::min(groupColumns, p.columns - first);
      packedFirst = -1;
      for (int64_t row = 0; row < p.rows; row += blockRows)
        runBlock(row, std::min(blockRows, p.rows - row), first, count);
    }
  }

private:
  int64_t chooseBlockRows() const {
    int64_t rowBytes = std::max<int64_t>(p.depth, 1) * sizeof(T);
    int64_t fitting = maxBlockBytes / rowBytes / tileRows * tileRows;
    return std::min(std::clamp(fitting, tileRows, maxBlockRows),
                    roundUp(p.rows, tileRows));
  }

  int64_t chooseGroupColumns() const {
    int64_t tileBytes = tileColumns * chunk * sizeof(T);
    int64_t fitting = std::max<int64_t>(packedBytes / tileBytes, 1);
    return std::min(fitting * tileColumns, roundUp(p.columns, tileColumns));
  }

  /// Columns by tiles: [tile][k][column in the tile], zero beyond the last.
  void packColumns(int64_t first, int64_t count, int64_t k, int64_t depth) {
    if (packedFirst == k)
      return;
    packedFirst = k;
    for (int64_t tile = 0; tile < count; tile += tileColumns) {
      int64_t width = std::min(tileColumns, count - tile);
      T *to = packed.data() + tile * chunk;
      for (int64_t i = 0; i < depth; ++i, to += tileColumns) {
        p.fillColumns(k + i, first + tile, width, to);
        std::fill(to + width, to + tileColumns, T(0));
      }
    }
  }

  void runBlock(int64_t firstRow, int64_t rowCount, int64_t firstColumn,
                int64_t columnCount) {
    for (int64_t i = 0; i < rowCount; ++i)
      p.fillRow(firstRow + i, rows.data() + i * p.depth);
    std::fill(sums.begin(), sums.end(), T(0));
    for (int64_t k = 0; k < p.depth; k += chunk) {
      int64_t depth = std::min(chunk, p.depth - k);
      packColumns(firstColumn, columnCount, k, depth);
      for (int64_t tile = 0; tile < columnCount; tile += tileColumns)
        // Rows beyond the last hold what an earlier block left: not stored.
        for (int64_t row = 0; row < rowCount; row += tileRows)
          compute({rows.data() + row * p.depth + k, p.depth,
                   packed.data() + tile * chunk, depth,
                   sums.data() + row * groupColumns + tile, groupColumns});
    }
    for (int64_t i = 0; i < rowCount; ++i)
      p.store(firstRow + i, firstColumn, columnCount,
              sums.data() + i * groupColumns);
  }

  const Product<T> &p;
  int64_t chunk, blockRows, groupColumns;
  std::vector<T> rows, packed, sums;
  int64_t packedFirst = -1; ///< The chunk of the group that is packed.
  TileFunction<T> compute = selectTile<T>();
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
