//===- EdgeDialect.cpp - The edge dialect ---------------------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "edgec/Dialect/Edge/EdgeDialect.h"

#include "mlir/Dialect/Quant/QuantOps.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/DialectImplementation.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace edgec::edge;

#include "edgec/Dialect/Edge/EdgeDialect.cpp.inc"
#include "edgec/Dialect/Edge/EdgeEnums.cpp.inc"
#include "edgec/Dialect/Edge/EdgeInterfaces.cpp.inc"

#define GET_ATTRDEF_CLASSES
#include "edgec/Dialect/Edge/EdgeAttributes.cpp.inc"

#define GET_OP_CLASSES
#include "edgec/Dialect/Edge/EdgeOps.cpp.inc"
