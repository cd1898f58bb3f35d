//===- NpyHeader.h - The header of a .npy file ------------------*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_LIB_SUPPORT_NPYHEADER_H
#define EDGEC_LIB_SUPPORT_NPYHEADER_H

#include "edgec/Support/NpyReader.h"
#include "llvm/ADT/StringRef.h"

namespace edgec {

/// The longest header that is read: version 1 of the format cannot have a
/// longer one, and later versions only do for records of many fields.
constexpr size_t maximumNpyHeader = 10 + 0xffff;

/// Takes the header off the front of `bytes`, which may end anywhere after it.
llvm::Expected<NpyLayout> takeNpyHeader(llvm::StringRef &bytes);

} // namespace edgec

#endif // EDGEC_LIB_SUPPORT_NPYHEADER_H
