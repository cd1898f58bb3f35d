//===- HandlerTable.cpp - Which operations are exported, and how --------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "HandlerTable.h"

using namespace edgec::onnx_export;

const HandlerTable &HandlerTable::get() {
  static const HandlerTable table = [] {
    HandlerTable all;
    addActivations(all);
    addContractions(all);
    addControl(all);
    addElementwise(all);
    addIndexing(all);
    addNormalizations(all);
    addPooling(all);
    addQuantization(all);
    addReductions(all);
    addResize(all);
    addSampling(all);
    addShape(all);
    addSlicing(all);
    return all;
  }();
  return table;
}

int64_t HandlerTable::opsetOf(mlir::Operation *op) const {
  auto found = entries.find(op->getName().getStringRef());
  if (found == entries.end() || !found->second.opset)
    return 0;
  return found->second.opset(op);
}
