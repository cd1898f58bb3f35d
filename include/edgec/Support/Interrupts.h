//===- Interrupts.h - Ends that leave no files behind -----------*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_SUPPORT_INTERRUPTS_H
#define EDGEC_SUPPORT_INTERRUPTS_H

namespace edgec {

/// Makes SIGINT, SIGTERM and SIGHUP first remove the files that are named to
/// llvm::sys::RemoveFileOnSignal, then end the process, from the first guard
/// on. LLVM's own handler gives way to the system's default before it removes
/// anything: of two signals in a row, as terminals and `timeout` send them, the
/// second ends the process too early.
///
/// While a guard lives such signals wait: between the creation of a file and
/// its being named, or between the renames of files that belong together. It
/// must be short.
class InterruptGuard {
public:
  InterruptGuard();
  InterruptGuard(const InterruptGuard &) = delete;
  InterruptGuard &operator=(const InterruptGuard &) = delete;
  ~InterruptGuard();
};

/// Sets what an interrupt runs before files are removed; it is run when no
/// guard lives.
void setInterruptAction(void (*action)());

} // namespace edgec

#endif // EDGEC_SUPPORT_INTERRUPTS_H
