//===- ArenaLayout.h - Offsets of buffers in one arena ----------*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_CODEGEN_ARENALAYOUT_H
#define EDGEC_CODEGEN_ARENALAYOUT_H

#include "llvm/ADT/ArrayRef.h"
#include <cstdint>
#include <vector>

namespace edgec {

/// A buffer that is in use from step `first` to step `last`, both included.
struct BufferLifetime {
  uint64_t size = 0; ///< Bytes.
  int64_t first = 0;
  int64_t last = 0;
};

struct ArenaLayout {
  std::vector<uint64_t> offsets; ///< Bytes, one a buffer, aligned.
  uint64_t size = 0;             ///< Bytes of the whole arena.
  /// The most bytes that are in use at one step: no layout is smaller.
  uint64_t lowerBound = 0;
};

/// The most bytes of `buffers` in use at one step, each rounded up to
/// `alignment`.
uint64_t peakUse(llvm::ArrayRef<BufferLifetime> buffers, uint64_t alignment);

/// Places buffers so that two in use at the same step never overlap, greedily
/// in several orders: by size (Pisarchyk and Lee, "Efficient memory management
/// for deep neural net inference", 2020), by size times lifetime, and from the
/// step with the most bytes in use; then by a local search over orders, until
/// the lower bound or a fixed amount of work is reached. The same input gives
/// the same layout.
ArenaLayout planOffsets(llvm::ArrayRef<BufferLifetime> buffers,
                        uint64_t alignment);

} // namespace edgec

#endif // EDGEC_CODEGEN_ARENALAYOUT_H
