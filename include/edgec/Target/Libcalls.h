//===- Libcalls.h - What a compiled model may refer to ----------*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_TARGET_LIBCALLS_H
#define EDGEC_TARGET_LIBCALLS_H

#include "llvm/Support/Error.h"
#include "llvm/Support/MemoryBufferRef.h"

namespace edgec {

/// Fails, naming the offenders, where an object refers to anything but memcpy,
/// memmove, memset and the double-precision functions of libm.
llvm::Error checkUndefinedSymbols(llvm::MemoryBufferRef object);

} // namespace edgec

#endif // EDGEC_TARGET_LIBCALLS_H
