//===- ShapeOption.h - The --shape option -----------------------*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_TOOLS_SHAPEOPTION_H
#define EDGEC_TOOLS_SHAPEOPTION_H

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include <cstdint>
#include <string>
#include <vector>

namespace edgec {

/// Parses "1x3x224x224", "1,3,224,224" or "scalar". Extents are at least 0 and
/// at most 2^31.
llvm::Expected<std::vector<int64_t>> parseExtents(llvm::StringRef text);

/// The shape of an input.
struct ShapeOption {
  std::string name;
  std::vector<int64_t> extents;
  /// Each run may have fewer samples than the first extent says.
  bool isBatch = false;
};

/// Parses "NAME=1x3x224x224", or "NAME=1..8x3x224x224" for a batch of up to 8
/// samples; the name may contain '='. Failures are usage errors.
llvm::Expected<ShapeOption> parseShapeOption(llvm::StringRef text);

} // namespace edgec

#endif // EDGEC_TOOLS_SHAPEOPTION_H
