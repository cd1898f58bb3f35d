//===- Terminal.h - Messages for people -------------------------*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_SUPPORT_TERMINAL_H
#define EDGEC_SUPPORT_TERMINAL_H

#include "llvm/ADT/Twine.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/raw_ostream.h"

namespace edgec {

/// Whether `stream` shows colours: it is a terminal and NO_COLOR is not set.
bool showsColour(llvm::raw_ostream &stream);

/// "edgec: error: MESSAGE" on standard error, in colour on a terminal.
void reportError(const llvm::Twine &message);
/// The same for every error in `error`, a line each.
void reportError(llvm::Error error);
/// "edgec: warning: MESSAGE", "edgec: note: MESSAGE", "edgec: remark: MESSAGE".
void reportWarning(const llvm::Twine &message);
void reportNote(const llvm::Twine &message);
void reportRemark(const llvm::Twine &message);

/// "512 B", "12.3 KiB", "4.0 MiB".
std::string formatBytes(uint64_t bytes);

} // namespace edgec

#endif // EDGEC_SUPPORT_TERMINAL_H
