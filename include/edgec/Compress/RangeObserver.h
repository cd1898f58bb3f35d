//===- RangeObserver.h - Ranges of tensors from samples ---------*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_COMPRESS_RANGEOBSERVER_H
#define EDGEC_COMPRESS_RANGEOBSERVER_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include <cstdint>
#include <optional>
#include <vector>

namespace edgec {

/// Values to be represented; 0 is one of them.
struct TensorRange {
  float low = 0;
  float high = 0;
};

/// How a range is chosen: all values that were seen; all but a share of them at
/// each end; or that for which rounding and clipping to 8 bits give the least
/// mean squared error.
enum class RangeMethod { MinMax, Percentile, Mse };

/// "minmax", "percentile", "mse".
std::optional<RangeMethod> parseRangeMethod(llvm::StringRef name);

/// Sees a tensor's values in pieces and keeps their extremes and a histogram:
/// its memory does not depend on how many it sees.
class RangeObserver {
public:
  RangeObserver();

  void observe(llvm::ArrayRef<float> values);

  /// Whether a value was seen that is infinite or no number; such values are
  /// in no range.
  bool sawNonFinite() const { return nonFinite; }
  bool isEmpty() const { return count == 0; }

  /// `outliers` is the share that `Percentile` leaves out at each end.
  TensorRange range(RangeMethod method, double outliers = 1e-5) const;

private:
  void widen(float magnitude);
  float lowEdge(int64_t bin) const;
  TensorRange percentile(double outliers) const;
  TensorRange leastError() const;
  double errorOf(TensorRange range) const;

  float low = 0, high = 0;
  /// Bins of the same width over [-limit, limit]; a power of two, so that two
  /// bins become one where it doubles. Zeros, which every scale represents,
  /// are in none.
  double limit;
  std::vector<uint64_t> bins;
  uint64_t count = 0;
  bool nonFinite = false;
};

} // namespace edgec

#endif // EDGEC_COMPRESS_RANGEOBSERVER_H
