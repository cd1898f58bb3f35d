//===- Unpacking.cpp - Weights of few bits become floats -----------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "edgec/Codegen/Unpacking.h"

#include "llvm/Support/MathExtras.h"
#include <algorithm>

using namespace edgec;

/// The sums are of f32.
static constexpr unsigned sumBits = 32;

/// Instructions that unpack a register, as far as they take the
/// multiplications' place.
static int64_t unpackingWork(const TargetDescription &target,
                             const PackedElements &elements) {
  if (target.isX86() && elements.bits == 8) // Bytes are widened and converted.
    return 2;
  switch (target.isa) {
  case VectorIsa::Avx512: // A permutation.
    return 1;
  case VectorIsa::Avx2:
  case VectorIsa::X86V2:
    return 2;
  case VectorIsa::Neon: // Its units for vectors do all of it.
    return 4;
  }
  llvm_unreachable("all instruction sets have a number");
}

/// Taller tiles would unpack less often, but rows that are a power of two apart
/// share a set of the cache, which has a dozen ways at most. With AVX2 there
/// are no registers for more than these.
static int64_t maxRowsBeside(const TargetDescription &target,
                             const StepShape &step,
                             const PackedElements &elements) {
  bool isByte = elements.bits == 8;
  switch (target.isa) {
  case VectorIsa::Avx512:
    return isByte ? 14 : 12;
  case VectorIsa::Avx2:
  case VectorIsa::X86V2:
    return isByte ? 6 : 4;
  case VectorIsa::Neon:
    return step.maxRows;
  }
  llvm_unreachable("all instruction sets have a number");
}

/// What unpacking and storing a register takes, waiting sums included, from the
/// difference between the times of this and of floats. With AVX-512 it is half
/// of what stands here. But CPUs where permutations do not take the
/// multiplications' place unpack beside them at no cost, others at a sixth of
/// the time: with this number, for which 64 rows are the limit, neither loses a
/// tenth by it.
static int64_t panelWork(const TargetDescription &target) {
  switch (target.isa) {
  case VectorIsa::Avx512:
    return 6;
  case VectorIsa::Avx2:
  case VectorIsa::X86V2:
    return 3;
  case VectorIsa::Neon: // As beside the products, and a store.
    return 6;
  }
  llvm_unreachable("all instruction sets have a number");
}

StepShape edgec::unpackBeside(const TargetDescription &target, StepShape step,
                              const PackedElements &elements) {
  step.stepsOfB = 8 / elements.bits;
  step.workOnB =
      unpackingWork(target, elements) + (elements.haveScales ? 1 : 0);
  step.maxRows = maxRowsBeside(target, step, elements);
  if (elements.bits < 8) // The mask or the table of values.
    ++step.extraRegisters;
  return step;
}

StepShape edgec::unpackBefore(const TargetDescription &target, StepShape step,
                              const PackedElements &elements) {
  step.workOnPanels = panelWork(target) + (elements.haveScales ? 1 : 0);
  return step;
}

StepShape edgec::chooseUnpacking(const TargetDescription &target,
                                 const StepShape &step,
                                 const PackedElements &elements,
                                 const ContractExtents &extents,
                                 std::optional<int64_t> vectors) {
  auto cycles = [&](const StepShape &shape) {
    return modelledStepCycles(target, sumBits, extents, shape, vectors);
  };
  StepShape beside = unpackBeside(target, step, elements);
  StepShape before = unpackBefore(target, step, elements);
  return cycles(before) < cycles(beside) ? before : beside;
}

/// The part of `extent` for which as few parts as `most` allows are equally
/// long, as far as multiples of `unit` can be.
static int64_t evenPart(int64_t extent, int64_t most, int64_t unit) {
  int64_t parts = llvm::divideCeil(extent, most);
  return llvm::alignTo(llvm::divideCeil(extent, parts), unit);
}

std::optional<NestBlock>
edgec::choosePanelBlock(llvm::ArrayRef<int64_t> extents, int64_t unit,
                        int64_t maxSteps) {
  unsigned last = extents.size() - 1;
  int64_t inside = 1;
  for (unsigned level = extents.size(); level-- > 0;) {
    int64_t extent = extents[level];
    if (inside * extent <= maxSteps) {
      inside *= extent;
      continue;
    }
    int64_t most = maxSteps / inside;
    if (level == last) {
      most -= most % unit;
      if (most == 0)
        return std::nullopt;
      return NestBlock{level, evenPart(extent, most, unit)};
    }
    // Of taps there are few: a rest would be more code than it is work.
    while (extent % most != 0)
      --most;
    return NestBlock{level, most};
  }
  return NestBlock{0, extents.front()};
}

NestBlock edgec::chooseTileBlock(llvm::ArrayRef<int64_t> trips,
                                 int64_t maxTiles) {
  int64_t inside = 1;
  for (unsigned level = trips.size(); level-- > 0;) {
    if (inside * trips[level] <= maxTiles) {
      inside *= trips[level];
      continue;
    }
    int64_t most = std::max<int64_t>(maxTiles / inside, 1);
    return {level, evenPart(trips[level], most, /*unit=*/1)};
  }
  return {0, trips.front()};
}
