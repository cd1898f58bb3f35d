//===- EdgeDialect.cpp - The edge dialect ---------------------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "edgec/Dialect/Edge/EdgeDialect.h"

#include "mlir/Dialect/Quant/QuantOps.h"
#include "mlir/Dialect/Quant/QuantTypes.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/DialectImplementation.h"
#include "mlir/IR/PatternMatch.h"
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

void EdgeDialect::initialize() {
  addOperations<
#define GET_OP_LIST
#include "edgec/Dialect/Edge/EdgeOps.cpp.inc"
      >();
  addAttributes<
#define GET_ATTRDEF_LIST
#include "edgec/Dialect/Edge/EdgeAttributes.cpp.inc"
      >();
}

Operation *EdgeDialect::materializeConstant(OpBuilder &builder, Attribute value,
                                            Type type, Location location) {
  auto elements = dyn_cast<ElementsAttr>(value);
  if (!elements || elements.getType() != type)
    return nullptr;
  return builder.create<ConstantOp>(location, type, elements);
}

//===----------------------------------------------------------------------===//
// Element types
//===----------------------------------------------------------------------===//

bool edgec::edge::isIntegerElement(Type type) {
  auto integer = dyn_cast<IntegerType>(type);
  // Signed numbers are signless, unsigned ones say so: si8 is not used.
  return integer && !integer.isSigned() &&
         llvm::is_contained({8u, 16u, 32u, 64u}, integer.getWidth());
}

bool edgec::edge::isElementType(Type type) {
  return type.isF16() || type.isBF16() || type.isF32() || type.isF64() ||
         type.isSignlessInteger(1) || isIntegerElement(type) ||
         isa<quant::QuantizedType>(type);
}
