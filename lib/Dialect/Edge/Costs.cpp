//===- Costs.cpp - What operations cost ----------------------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Inference.h"

#include "mlir/Dialect/Quant/QuantTypes.h"

using namespace mlir;
using namespace edgec::edge;

/// Bits of an element in memory: booleans take a byte.
static int64_t elementBits(Type element) {
  if (auto quantized = dyn_cast<quant::QuantizedType>(element))
    return quantized.getStorageTypeIntegralWidth();
  return std::max(8u, element.getIntOrFloatBitWidth());
}

static int64_t elementsOf(Type type) {
  auto tensor = dyn_cast<RankedTensorType>(type);
  return tensor ? saturatingProduct(tensor.getShape()) : 0;
}

int64_t edgec::edge::tensorBytes(Type type) {
  int64_t elements = elementsOf(type);
  if (elements == 0)
    return 0;
  int64_t bits = elementBits(getElementTypeOrSelf(type));
  // Sub-byte elements are packed; all others have whole bytes.
  if (bits % 8 != 0)
    return elements / 8 * bits + llvm::divideCeil(elements % 8 * bits, 8);
  return saturatingProduct({elements, bits / 8});
}

int64_t edgec::edge::operandAndResultBytes(Operation *op) {
  int64_t total = 0;
  for (TypeRange types :
       {TypeRange(op->getOperandTypes()), TypeRange(op->getResultTypes())})
    for (Type type : types)
      if (llvm::AddOverflow(total, tensorBytes(type), total))
        return std::numeric_limits<int64_t>::max();
  return total;
}

int64_t edgec::edge::parameterElements(Operation *op) {
  int64_t total = 0;
  for (Value operand : op->getOperands()) {
    Operation *producer = operand.getDefiningOp();
    if (producer && isa<ConstantOp, ParameterOp>(producer) &&
        llvm::AddOverflow(total, elementsOf(operand.getType()), total))
      return std::numeric_limits<int64_t>::max();
  }
  return total;
}
