//===- QuantizeTables.cpp - Tables of embeddings as integers --------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Quantizer.h"

#include "edgec/Compress/Passes.h"
#include "edgec/Reference/Interpreter.h"

using namespace mlir;
using namespace edgec;
using namespace edgec::edge;

std::optional<unsigned>
QuantizationChoices::ownBitsOf(const EmbeddingTable &table) const {
  for (GatherOp gather : table.gathers)
    if (auto own = layerBits.find(nodeName(gather)); own != layerBits.end())
      return own->second;
  return std::nullopt;
}

/// What has to have the table in floats, if there is something.
static Operation *otherReader(const EmbeddingTable &table) {
  ConstantOp values = table.values;
  for (Operation *reader : values->getUsers())
    if (!embeddingTable(reader))
      return reader;
  return nullptr;
}

/// Says why a table that might become integers does not.
bool Quantizer::quantizesTable(const EmbeddingTable &table) const {
  for (GatherOp gather : table.gathers)
    if (choices.keepFloat.contains(nodeName(gather)))
      return false;
  GatherOp first = table.gathers.front();
  if (!isWorthQuantizing(table.values, choices.smallestTable)) {
    first.emitRemark("its table stays float: ")
        << table.rows() << " rows of " << table.elements()
        << " elements are too little to gain from a scale a row";
    return false;
  }
  if (Operation *other = otherReader(table)) {
    first.emitRemark("its table stays float: '")
        << nodeName(other) << "' reads the same floats";
    return false;
  }
  return true;
}

FailureOr<DequantizeOp> Quantizer::roundTable(const EmbeddingTable &table,
                                              unsigned asked) {
  GatherOp first = table.gathers.front();
  ConstantOp constant = table.values;
  FailureOr<Tensor> values = toTensor(constant.getValue());
  if (failed(values))
    return first.emitError("its table cannot be read");
  unsigned bits = std::max(asked, fewestWeightBits(first));
  if (bits > asked)
    first.emitRemark("its table keeps ")
        << bits << " bits: rows of " << table.elements()
        << " elements are no whole bytes in " << asked;
  FilterRounding rounding;
  rounding.bits = bits;
  rounding.bySums = choices.roundBySums;
  if (!choices.perTensor)
    rounding.scales = ScaleLayout::perChannel(values->shape(), /*axis=*/0);
  FailureOr<QuantizedWeights> weights =
      roundFilter(*values, FilterRows(table.rows(), table.elements()), rounding,
                  /*moments=*/nullptr);
  if (failed(weights))
    return first.emitError("'")
           << nodeName(first)
           << "' reads a table with an element that is not a finite number; "
              "keep it in float, with --keep-float="
           << nodeName(first);
  return dequantize(first, *weights, nodeName(constant), bits);
}

LogicalResult Quantizer::quantizeTable(const EmbeddingTable &table) {
  if (!quantizesTable(table))
    return success();
  std::optional<unsigned> own = choices.ownBitsOf(table);
  DequantizeOp floats = own ? DequantizeOp() : scaledRows.lookup(table.values);
  if (!floats) {
    FailureOr<DequantizeOp> rounded =
        roundTable(table, own.value_or(choices.weightBits));
    if (failed(rounded))
      return failure();
    floats = *rounded;
  }
  // Its operands stand at the start of the function.
  for (GatherOp gather : table.gathers) {
    OpBuilder builder(gather);
    Operation *copy = builder.clone(*floats);
    copy->setLoc(gather.getLoc());
    gather.getInputMutable().assign(copy->getResult(0));
  }
  if (floats.use_empty())
    floats.erase();
  return success();
}
