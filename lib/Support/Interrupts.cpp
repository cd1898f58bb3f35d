//===- Interrupts.cpp - Ends that leave no files behind -------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "edgec/Support/Interrupts.h"
#include "llvm/Support/Signals.h"
#include <atomic>
#include <csignal>
#include <mutex>
#include <unistd.h>

using namespace edgec;

namespace {

constexpr int interrupts[] = {SIGINT, SIGTERM, SIGHUP};
/// In place of the number of guards: a thread is ending the process.
constexpr int ending = -1;

std::atomic<int> guards{0};
std::atomic<int> pendingSignal{0};
std::atomic<void (*)()> interruptAction{nullptr};

/// Ends the process as the signal's default does, so that the shell that
/// started it sees what happened.
[[noreturn]] void end(int signal) {
  if (void (*action)() = interruptAction)
    action();
  llvm::sys::RunInterruptHandlers();
  std::signal(signal, SIG_DFL);
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, signal);
  pthread_sigmask(SIG_UNBLOCK, &signals, nullptr);
  std::raise(signal);
  _exit(128 + signal); // As shells report it.
}

void endIfUnguarded(int signal) {
  int none = 0;
  if (guards.compare_exchange_strong(none, ending))
    end(signal);
}

void handle(int signal) {
  endIfUnguarded(signal);
  pendingSignal = signal;
  // The last guard may have gone before it could see the signal.
  endIfUnguarded(signal);
}

void installHandlers() {
  // LLVM installs its handlers once, here at the latest, and not over these.
  llvm::sys::SetInterruptFunction(nullptr);
  struct sigaction action = {};
  action.sa_handler = handle;
  sigfillset(&action.sa_mask);
  for (int signal : interrupts)
    sigaction(signal, &action, nullptr);
}

} // namespace

InterruptGuard::InterruptGuard() {
  static std::once_flag installed;
  std::call_once(installed, installHandlers);
  int count = guards;
  do {
    while (count == ending)
      pause();
  } while (!guards.compare_exchange_weak(count, count + 1));
}

InterruptGuard::~InterruptGuard() {
  if (--guards == 0 && pendingSignal)
    endIfUnguarded(pendingSignal);
}

void edgec::setInterruptAction(void (*action)()) { interruptAction = action; }
