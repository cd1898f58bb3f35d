//===- MemoryNeed.cpp - Whether a model fits a machine --------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "edgec/Tools/MemoryNeed.h"
#include "llvm/Support/MathExtras.h"
#include <fmt/format.h>
#include <limits>
#include <unistd.h>

using namespace edgec;
using namespace llvm;

uint64_t edgec::machineMemory() {
  long pages = sysconf(_SC_PHYS_PAGES), pageBytes = sysconf(_SC_PAGESIZE);
  if (pages <= 0 || pageBytes <= 0)
    return std::numeric_limits<uint64_t>::max();
  return static_cast<uint64_t>(pages) * static_cast<uint64_t>(pageBytes);
}

static uint64_t bytesOf(ArrayRef<TensorSpec> tensors) {
  uint64_t sum = 0;
  for (const TensorSpec &tensor : tensors) {
    uint64_t bytes = byteSize(tensor.type);
    for (int64_t extent : tensor.shape)
      bytes = SaturatingMultiply(bytes, static_cast<uint64_t>(extent));
    sum = SaturatingAdd(sum, bytes);
  }
  return sum;
}

static double inGiB(uint64_t bytes) {
  return static_cast<double>(bytes) / (uint64_t{1} << 30);
}

Error edgec::requireMemory(const EntryPointSpec &entry, uint64_t available) {
  uint64_t inputs = bytesOf(entry.inputs), outputs = bytesOf(entry.outputs);
  uint64_t all = SaturatingAdd(inputs, outputs, entry.arenaSize);
  if (all <= available)
    return Error::success();
  return createStringError(fmt::format(
      "a run takes {:.1f} GiB ({:.1f} for inputs, {:.1f} for outputs, {:.1f} "
      "for the arena) and this machine has {:.1f}; give smaller extents with "
      "--shape where the model leaves them open, or run it on a larger one",
      inGiB(all), inGiB(inputs), inGiB(outputs), inGiB(entry.arenaSize),
      inGiB(available)));
}
