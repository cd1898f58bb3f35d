//===- OperatorExamples.h - A small node of each operator -------*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_UNITTESTS_IMPORT_OPERATOREXAMPLES_H
#define EDGEC_UNITTESTS_IMPORT_OPERATOREXAMPLES_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"

namespace edgec::testing {

/// A node of an operator, in short.
struct OperatorExample {
  llvm::StringLiteral name; ///< "Conv" or "com.microsoft.Gelu".
  /// The inputs, with blanks between them: "2x3" is a shape, "." that of a
  /// scalar, "2x1=3,4" has constant values, "-" is left out.
  llvm::StringLiteral inputs;
  /// "axis=1 scale=0.5 mode=linear kernel_shape=[3,3]"; a number without a
  /// point is an integer.
  llvm::StringLiteral attributes = "";
  /// The only operator set that it is for; 0: the newest of the row.
  int opset = 0;
};

/// One for every row of the importer's table, but for those of control flow,
/// whose inputs are their subgraphs'.
llvm::ArrayRef<OperatorExample> operatorExamples();

} // namespace edgec::testing

#endif // EDGEC_UNITTESTS_IMPORT_OPERATOREXAMPLES_H
