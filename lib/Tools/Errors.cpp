//===- Errors.cpp - Errors that decide the exit code ----------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "edgec/Tools/Errors.h"
#include "edgec/Support/Terminal.h"

using namespace edgec;
using namespace llvm;

char ExitError::ID = 0;

Error edgec::usageError(const Twine &message) {
  return make_error<ExitError>(exitUsage, message.str());
}

Error edgec::mismatchError() { return make_error<ExitError>(exitMismatch, ""); }

ExitCode edgec::reportAndGetExitCode(Error error) {
  ExitCode code = exitDone;
  handleAllErrors(
      std::move(error),
      [&](const ExitError &info) {
        code = info.exitCode();
        if (!info.message().empty())
          reportError(info.message());
      },
      [&](const ErrorInfoBase &info) {
        code = exitBadInput;
        reportError(info.message());
      });
  return code;
}
