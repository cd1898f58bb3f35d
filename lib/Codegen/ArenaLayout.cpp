//===- ArenaLayout.cpp - Offsets of buffers in one arena ------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "edgec/Codegen/ArenaLayout.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/MathExtras.h"

#include <limits>
#include <map>
#include <numeric>

using namespace edgec;

static bool overlap(const BufferLifetime &a, const BufferLifetime &b) {
  return a.first <= b.last && b.first <= a.last;
}

/// The most aligned bytes in use at one step.
static uint64_t peakUse(llvm::ArrayRef<BufferLifetime> buffers,
                        uint64_t alignment) {
  std::map<int64_t, int64_t> changes;
  for (const BufferLifetime &buffer : buffers) {
    int64_t size = llvm::alignTo(buffer.size, alignment);
    changes[buffer.first] += size;
    changes[buffer.last + 1] -= size;
  }
  int64_t inUse = 0, peak = 0;
  for (auto [step, change] : changes) {
    inUse += change;
    peak = std::max(peak, inUse);
  }
  return peak;
}

ArenaLayout edgec::planOffsets(llvm::ArrayRef<BufferLifetime> buffers,
                               uint64_t alignment) {
  ArenaLayout layout;
  layout.offsets.assign(buffers.size(), 0);
  layout.lowerBound = peakUse(buffers, alignment);

  std::vector<size_t> order(buffers.size());
  std::iota(order.begin(), order.end(), 0);
  llvm::sort(order, [&](size_t a, size_t b) {
    return std::make_pair(buffers[b].size, a) <
           std::make_pair(buffers[a].size, b);
  });

  std::vector<size_t> placed; // In ascending order of offset.
  for (size_t current : order) {
    const BufferLifetime &buffer = buffers[current];
    uint64_t size = llvm::alignTo(buffer.size, alignment);
    uint64_t end = 0; // Of what is in use below the gap under consideration.
    uint64_t best = std::numeric_limits<uint64_t>::max(), bestGap = best;
    for (size_t other : placed) {
      if (!overlap(buffer, buffers[other]))
        continue;
      uint64_t start = layout.offsets[other];
      if (start >= end + size && start - end < bestGap) {
        best = end;
        bestGap = start - end;
      }
      end =
          std::max(end, start + llvm::alignTo(buffers[other].size, alignment));
    }
    uint64_t offset =
        bestGap == std::numeric_limits<uint64_t>::max() ? end : best;
    layout.offsets[current] = offset;
    layout.size = std::max(layout.size, offset + size);
    auto position = llvm::find_if(
        placed, [&](size_t other) { return layout.offsets[other] > offset; });
    placed.insert(position, current);
  }
  return layout;
}
