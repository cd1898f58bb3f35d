//===- Errors.h - Errors that decide the exit code --------------*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_TOOLS_ERRORS_H
#define EDGEC_TOOLS_ERRORS_H

#include "llvm/ADT/Twine.h"
#include "llvm/Support/Error.h"
#include <string>

namespace edgec {

/// What the commands exit with.
enum ExitCode : int {
  exitDone = 0,
  exitBadInput = 1, ///< The model, a file or the data is at fault.
  exitUsage = 2,    ///< The command line is.
  exitMismatch = 3, ///< A comparison failed.
};

/// An error with an exit code other than exitBadInput. Its message may be
/// empty: then everything has been said.
class ExitError : public llvm::ErrorInfo<ExitError> {
public:
  static char ID;
  ExitError(ExitCode code, std::string message)
      : code(code), text(std::move(message)) {}

  void log(llvm::raw_ostream &stream) const override { stream << text; }
  std::error_code convertToErrorCode() const override {
    return llvm::inconvertibleErrorCode();
  }
  std::string message() const override { return text; }
  ExitCode exitCode() const { return code; }

private:
  ExitCode code;
  std::string text;
};

/// The command line is at fault.
llvm::Error usageError(const llvm::Twine &message);

/// Outputs differ, as has been printed.
llvm::Error mismatchError();

/// Prints what there is to print and gives the exit code.
ExitCode reportAndGetExitCode(llvm::Error error);

} // namespace edgec

#endif // EDGEC_TOOLS_ERRORS_H
