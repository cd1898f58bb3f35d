//===- HoistTransposes.cpp - Transposes up the graph ----------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Layout/Layout.h"

#include "Common.h"
#include "edgec/Dialect/Edge/EdgeDialect.h"

using namespace mlir;

namespace edgec {

bool hoistTransposes(func::FuncOp function) { return false; }

} // namespace edgec
