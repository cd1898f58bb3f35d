//===- Recipe.h - Options in a file -----------------------------*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_TOOLS_RECIPE_H
#define EDGEC_TOOLS_RECIPE_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/MemoryBufferRef.h"
#include <string>
#include <vector>

namespace edgec {

/// An option, without `--`, and its value: {"quantize", "int8"}. Options that
/// may be given several times have an entry for each.
struct RecipeEntry {
  std::string option, value;

  bool operator==(const RecipeEntry &other) const {
    return option == other.option && value == other.value;
  }
};

/// Reads a YAML mapping from options to scalars, to sequences, which become
/// values with commas between them, or to mappings, whose pairs become entries
/// `key=value`:
///
///     quantize: int8
///     mean: [0.485, 0.456, 0.406]    # mean=0.485,0.456,0.406
///     layer:
///       conv1: float                 # layer=conv1=float
///
/// The error names the buffer, the line and what was expected there.
llvm::Expected<std::vector<RecipeEntry>>
parseRecipe(llvm::MemoryBufferRef buffer);

/// A recipe that reads as `entries`; pairs of `mappings` stand below one key.
std::string formatRecipe(llvm::ArrayRef<RecipeEntry> entries,
                         llvm::StringRef mapping);

} // namespace edgec

#endif // EDGEC_TOOLS_RECIPE_H
