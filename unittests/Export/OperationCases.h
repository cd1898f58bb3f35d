//===- OperationCases.h - Functions of every operation ----------*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_UNITTESTS_EXPORT_OPERATIONCASES_H
#define EDGEC_UNITTESTS_EXPORT_OPERATIONCASES_H

#include "llvm/ADT/ArrayRef.h"
#include <vector>

namespace edgec::testing {

/// A function of %x, %y, ... of these types with the result %r.
struct OperationCase {
  std::vector<const char *> arguments;
  const char *result;
  const char *body;
  /// The largest difference of an element: forms of several nodes round more
  /// often.
  double tolerance = 0;
};

/// name, attributes, tolerance: of f32 tensors to themselves.
struct UnaryCase {
  const char *name;
  const char *attributes = "";
  double tolerance = 0;
};

/// The operations that are none of those below, each once at least.
llvm::ArrayRef<OperationCase> operationCases();

/// Operations on one tensor, of the same type as their result.
llvm::ArrayRef<UnaryCase> unaryCases();

} // namespace edgec::testing

#endif // EDGEC_UNITTESTS_EXPORT_OPERATIONCASES_H
