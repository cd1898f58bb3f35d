//===- LayerErrorReport.h - What a quantization costs -----------*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_TOOLS_EDGEC_LAYERERRORREPORT_H
#define EDGEC_TOOLS_EDGEC_LAYERERRORREPORT_H

#include "llvm/Option/ArgList.h"
#include "llvm/Support/Error.h"

namespace edgec {

/// edgec inspect --error: a table, or JSON, on standard output.
llvm::Error reportLayerErrors(const llvm::opt::InputArgList &arguments);

} // namespace edgec

#endif // EDGEC_TOOLS_EDGEC_LAYERERRORREPORT_H
