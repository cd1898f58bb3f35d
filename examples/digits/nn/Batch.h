//===- Batch.h - The activations of a batch of images -----------*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_EXAMPLES_DIGITS_NN_BATCH_H
#define EDGEC_EXAMPLES_DIGITS_NN_BATCH_H

#include <cstddef>
#include <vector>

namespace digits {

/// Height, width and channels of one image's activations.
struct Extent {
  int height = 0;
  int width = 0;
  int channels = 0;

  size_t pixels() const { return static_cast<size_t>(height) * width; }
  size_t size() const { return pixels() * channels; }
};

inline bool operator==(const Extent &a, const Extent &b) {
  return a.height == b.height && a.width == b.width && a.channels == b.channels;
}

/// Activations, channels last: element (n, y, x, c) lies at
/// ((n * height + y) * width + x) * channels + c. Channels last, because then
/// every inner loop runs over channels, which are independent of each other:
/// such loops vectorize without changing the order of any sum.
template <typename T> struct Batch {
  Batch() = default;
  Batch(int count, Extent extent)
      : count(count), extent(extent), values(count * extent.size()) {}

  T *image(int n) { return values.data() + n * extent.size(); }
  const T *image(int n) const { return values.data() + n * extent.size(); }

  int count = 0;
  Extent extent;
  std::vector<T> values;
};

} // namespace digits

#endif // EDGEC_EXAMPLES_DIGITS_NN_BATCH_H
