//===- Link.h - Static and shared libraries of one object -------*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_LIB_TARGET_LINK_H
#define EDGEC_LIB_TARGET_LINK_H

#include "edgec/Target/CPU/TargetOptions.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/raw_ostream.h"

namespace edgec {

/// Writes a static library whose only member, called `memberName`, is the
/// object at `objectPath`. Carries no time, user or path.
llvm::Error writeArchiveOf(llvm::StringRef objectPath,
                           llvm::StringRef memberName, llvm::raw_ostream &os);

/// Links the object into a shared library at `outputPath` with lld, in this
/// process. `libraryName` (libNAME.so) becomes its DT_SONAME.
llvm::Error linkSharedLibrary(llvm::StringRef objectPath,
                              llvm::StringRef outputPath,
                              llvm::StringRef libraryName);

} // namespace edgec

#endif // EDGEC_LIB_TARGET_LINK_H
