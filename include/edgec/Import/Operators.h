//===- Operators.h - Which ONNX operators are imported ----------*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_IMPORT_OPERATORS_H
#define EDGEC_IMPORT_OPERATORS_H

#include "edgec/Support/Tensor.h"
#include "llvm/ADT/StringRef.h"
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace edgec {

/// Element types that have a name together, such as "float".
struct ElementFamily {
  llvm::StringRef name;
  std::vector<ElementType> types;
};

/// Those that operators are described with.
std::vector<ElementFamily> elementFamilies();

/// What elements an input may have.
struct ImportedInput {
  /// A family's name, or types by name.
  std::string description;
  std::vector<ElementType> types;
  /// An earlier input whose elements have the same type.
  std::optional<int> likeInput;

  bool operator==(const ImportedInput &other) const {
    return types == other.types && likeInput == other.likeInput;
  }
};

/// An operator that the importer has a row for.
struct ImportedOperator {
  llvm::StringRef domain; ///< Empty: ONNX's own.
  llvm::StringRef name;
  /// Versions of the domain's operator set, from `first` to `last`.
  int first, last;
  int leastInputs;
  std::optional<int> mostInputs; ///< Nothing: any number.
  /// Of each input. Where there may be any number, those beyond have the last
  /// one's type, or the last `repeatedInputs` come again, if that is not 0.
  std::vector<ImportedInput> inputs;
  int repeatedInputs;
  llvm::StringRef notes;
};

/// Rows of the importer's table, by domain, name and version; those of one
/// operator that take the same types are one.
std::vector<ImportedOperator> importedOperators();

/// An operator that is not imported on purpose, and what to do instead.
struct OmittedOperator {
  llvm::StringRef name;
  llvm::StringRef reason;
};

/// By name.
std::vector<OmittedOperator> omittedOperators();

} // namespace edgec

#endif // EDGEC_IMPORT_OPERATORS_H
