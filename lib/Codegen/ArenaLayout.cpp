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
#include <random>

using namespace edgec;

static bool overlap(const BufferLifetime &a, const BufferLifetime &b) {
  return a.first <= b.last && b.first <= a.last;
}

uint64_t edgec::peakUse(llvm::ArrayRef<BufferLifetime> buffers,
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

namespace {

using Order = std::vector<size_t>;

/// Visits of a placed buffer that the search over orders may take: a few
/// hundredths of a second.
constexpr uint64_t searchBudget = 20'000'000;

/// How a buffer is placed: into the lowest gap that holds it, or the smallest.
enum class Fit { Lowest, Smallest };

class Planner {
public:
  Planner(llvm::ArrayRef<BufferLifetime> buffers, uint64_t alignment)
      : buffers(buffers) {
    for (const BufferLifetime &buffer : buffers)
      sizes.push_back(llvm::alignTo(buffer.size, alignment));
    best.lowerBound = peakUse(buffers, alignment);
    best.size = std::numeric_limits<uint64_t>::max();
  }

  ArenaLayout run();

private:
  bool isOptimal() const { return best.size == best.lowerBound; }
  ArenaLayout place(llvm::ArrayRef<size_t> order, Fit fit);
  uint64_t findOffset(size_t current, const ArenaLayout &layout, Fit fit);
  void consider(const Order &order);
  Order bySize() const;
  Order byArea() const;
  Order byBreadth() const;
  void search();

  llvm::ArrayRef<BufferLifetime> buffers;
  std::vector<uint64_t> sizes; ///< Aligned.
  std::vector<size_t> placed;  ///< In ascending order of offset.
  uint64_t visits = 0;
  ArenaLayout best;
  Order bestOrder;
  Fit bestFit = Fit::Smallest;
};

uint64_t Planner::findOffset(size_t current, const ArenaLayout &layout,
                             Fit fit) {
  uint64_t end = 0; // Of what is in use below the gap under consideration.
  uint64_t offset = 0, smallest = std::numeric_limits<uint64_t>::max();
  visits += placed.size();
  for (size_t other : placed) {
    if (!overlap(buffers[current], buffers[other]))
      continue;
    uint64_t start = layout.offsets[other];
    if (start >= end + sizes[current] && start - end < smallest) {
      if (fit == Fit::Lowest)
        return end;
      offset = end;
      smallest = start - end;
    }
    end = std::max(end, start + sizes[other]);
  }
  return smallest == std::numeric_limits<uint64_t>::max() ? end : offset;
}

ArenaLayout Planner::place(llvm::ArrayRef<size_t> order, Fit fit) {
  ArenaLayout layout;
  layout.lowerBound = best.lowerBound;
  layout.offsets.assign(buffers.size(), 0);
  placed.clear();
  for (size_t current : order) {
    uint64_t offset = findOffset(current, layout, fit);
    layout.offsets[current] = offset;
    layout.size = std::max(layout.size, offset + sizes[current]);
    auto position =
        llvm::upper_bound(placed, offset, [&](uint64_t value, size_t other) {
          return value < layout.offsets[other];
        });
    placed.insert(position, current);
  }
  return layout;
}

void Planner::consider(const Order &order) {
  for (Fit fit : {Fit::Smallest, Fit::Lowest}) {
    if (isOptimal())
      return;
    ArenaLayout layout = place(order, fit);
    if (layout.size >= best.size)
      continue;
    best = std::move(layout);
    bestOrder = order;
    bestFit = fit;
  }
}

/// Indices in descending order of `key`, equal ones as they come.
template <typename Key> Order sorted(size_t count, Key key) {
  Order order(count);
  std::iota(order.begin(), order.end(), 0);
  llvm::sort(order, [&](size_t a, size_t b) {
    return std::make_pair(key(b), a) < std::make_pair(key(a), b);
  });
  return order;
}

/// Largest first.
Order Planner::bySize() const {
  return sorted(buffers.size(), [&](size_t i) { return sizes[i]; });
}

/// Largest product of size and lifetime first.
Order Planner::byArea() const {
  return sorted(buffers.size(), [&](size_t i) {
    return sizes[i] * (buffers[i].last - buffers[i].first + 1);
  });
}

/// The step with the most bytes in use first, its buffers largest first.
Order Planner::byBreadth() const {
  auto breadth = [&](int64_t step) {
    uint64_t bytes = 0;
    for (size_t i = 0; i < buffers.size(); ++i)
      if (buffers[i].first <= step && step <= buffers[i].last)
        bytes += sizes[i];
    return bytes;
  };
  // Use is highest somewhere at the start of a lifetime.
  std::map<int64_t, uint64_t> use;
  for (const BufferLifetime &buffer : buffers)
    use.try_emplace(buffer.first, 0);
  for (auto &[step, bytes] : use)
    bytes = breadth(step);
  std::vector<uint64_t> widest(buffers.size(), 0);
  for (size_t i = 0; i < buffers.size(); ++i)
    for (auto it = use.lower_bound(buffers[i].first);
         it != use.end() && it->first <= buffers[i].last; ++it)
      widest[i] = std::max(widest[i], it->second);
  return sorted(buffers.size(),
                [&](size_t i) { return std::make_pair(widest[i], sizes[i]); });
}

/// Places a buffer that lies at the top of the arena earlier, and keeps the
/// order where that does no harm.
void Planner::search() {
  std::mt19937 random(0); // The same sequence everywhere.
  Order order = bestOrder;
  ArenaLayout current = best;
  while (!isOptimal() && visits < searchBudget) {
    std::vector<size_t> top;
    for (size_t at = 1; at < order.size(); ++at)
      if (current.offsets[order[at]] + sizes[order[at]] == current.size)
        top.push_back(at);
    // A buffer at the top that comes first is as large as the arena.
    if (top.empty())
      return;
    size_t from = top[random() % top.size()], to = random() % from;
    Order changed = order;
    std::rotate(changed.begin() + to, changed.begin() + from,
                changed.begin() + from + 1);
    ArenaLayout layout = place(changed, bestFit);
    if (layout.size > current.size)
      continue;
    order = std::move(changed);
    current = std::move(layout);
    if (current.size < best.size)
      best = current;
  }
}

ArenaLayout Planner::run() {
  consider(bySize());
  consider(byArea());
  consider(byBreadth());
  search();
  return best;
}

} // namespace

ArenaLayout edgec::planOffsets(llvm::ArrayRef<BufferLifetime> buffers,
                               uint64_t alignment) {
  return Planner(buffers, alignment).run();
}
