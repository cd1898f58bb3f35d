//===- Exceptions.h - Folders that are known to fail ------------*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_TOOLS_EXCEPTIONS_H
#define EDGEC_TOOLS_EXCEPTIONS_H

#include "llvm/ADT/StringMap.h"
#include "llvm/Support/Error.h"
#include <optional>
#include <string>

namespace edgec {

/// Names and reasons, one a line:
///
///   # A comment.
///   test_lstm_defaults  LSTM is not supported
class Exceptions {
public:
  /// Reads `path`; a line without a reason and a name given twice are errors.
  static llvm::Expected<Exceptions> read(llvm::StringRef path);

  /// The same, of text; errors name `path` and the line.
  static llvm::Expected<Exceptions> parse(llvm::StringRef text,
                                          llvm::StringRef path);

  /// Why `name` is expected to fail, if it is.
  std::optional<llvm::StringRef> reasonOf(llvm::StringRef name) const;

private:
  llvm::StringMap<std::string> reasons;
};

} // namespace edgec

#endif // EDGEC_TOOLS_EXCEPTIONS_H
