//===- Identifiers.h - Names of the generated C interface -------*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_TARGET_IDENTIFIERS_H
#define EDGEC_TARGET_IDENTIFIERS_H

#include "edgec/Target/ModelSpec.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include <string>
#include <vector>

namespace edgec {

/// `name` as a C and C++ identifier: every run of other characters becomes one
/// underscore, keywords and names that a system header may define get a suffix,
/// and nothing at all becomes `fallback`.
std::string cIdentifier(llvm::StringRef name, llvm::StringRef fallback = "x");

/// Whether `name` can be the prefix of exported symbols as it is.
bool isCIdentifier(llvm::StringRef name);

/// The names by which callers see an entry point.
struct EntryPointNames {
  std::string symbol;      ///< "lenet_run", "lenet_head"
  std::string macroPrefix; ///< "LENET", "LENET_HEAD": before "_ARENA_SIZE"
  std::vector<std::string> inputs; ///< Parameter names, unique over both lists.
  std::vector<std::string> outputs;
};

/// The name of the function that returns the model's description.
std::string infoSymbol(const ModelSpec &spec);

/// Names for every entry point, in their order. An entry point "run" of the
/// model "lenet" is lenet_run with LENET_ARENA_SIZE; any other, "head", is
/// lenet_head with LENET_HEAD_ARENA_SIZE. Fails where the model's name is no C
/// identifier, or two entry points would have the same name.
llvm::Expected<std::vector<EntryPointNames>>
nameEntryPoints(const ModelSpec &spec);

} // namespace edgec

#endif // EDGEC_TARGET_IDENTIFIERS_H
