//===- TestTarget.h - A target of each instruction set ----------*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_UNITTESTS_CODEGEN_TESTTARGET_H
#define EDGEC_UNITTESTS_CODEGEN_TESTTARGET_H

#include "edgec/Target/CPU/TargetOptions.h"

namespace edgec {

inline constexpr VectorIsa allIsas[] = {VectorIsa::X86V2, VectorIsa::Avx2,
                                        VectorIsa::Avx512, VectorIsa::Neon};

/// As far as the choice of tiles asks for it.
inline TargetDescription describe(VectorIsa isa) {
  TargetDescription target;
  target.isa = isa;
  target.registerBytes = isa == VectorIsa::Avx512 ? 64
                         : isa == VectorIsa::Avx2 ? 32
                                                  : 16;
  target.registerCount =
      isa == VectorIsa::Avx512 || isa == VectorIsa::Neon ? 32 : 16;
  target.hasFma = isa != VectorIsa::X86V2;
  return target;
}

} // namespace edgec

#endif // EDGEC_UNITTESTS_CODEGEN_TESTTARGET_H
