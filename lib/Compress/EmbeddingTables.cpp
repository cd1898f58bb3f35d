//===- EmbeddingTables.cpp - Constants that rows are gathered from --------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "EmbeddingTables.h"

#include "Resources.h"
#include "edgec/Compress/Passes.h"
#include "llvm/ADT/MapVector.h"

using namespace mlir;
using namespace edgec;
using namespace edgec::edge;

/// Of less elements, a scale would be half of a row in 8 bits or more.
static constexpr int64_t fewestElements = 8;

RankedTensorType EmbeddingTable::type() const {
  ConstantOp constant = values;
  return cast<RankedTensorType>(constant.getType());
}

int64_t EmbeddingTable::elements() const {
  return ShapedType::getNumElements(type().getShape().drop_front());
}

ConstantOp edge::embeddingTable(Operation *op) {
  auto gather = dyn_cast<GatherOp>(op);
  if (!gather || gather.getAxis() != 0)
    return {};
  auto constant = gather.getInput().getDefiningOp<ConstantOp>();
  auto type = cast<RankedTensorType>(gather.getInput().getType());
  bool isTable = constant && type.getElementType().isF32() &&
                 type.getRank() >= 2 && type.getNumElements() != 0 &&
                 canExpand(constant);
  return isTable ? constant : ConstantOp();
}

bool edge::isWorthQuantizing(ConstantOp table, int64_t smallest) {
  // Of a splat, one element is stored.
  return storedBytes(table) >= smallest &&
         EmbeddingTable{table, {}}.elements() >= fewestElements;
}

SmallVector<EmbeddingTable> edge::embeddingTables(ModuleOp module) {
  llvm::MapVector<Operation *, EmbeddingTable> tables;
  module.walk([&](GatherOp op) {
    ConstantOp values = embeddingTable(op);
    if (!values)
      return;
    EmbeddingTable &table = tables[values];
    table.values = values;
    table.gathers.push_back(op);
  });
  SmallVector<EmbeddingTable> list;
  for (auto &[constant, table] : tables)
    list.push_back(std::move(table));
  return list;
}
