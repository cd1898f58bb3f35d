//===- PackWeights.cpp - Weights in few bits ------------------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "edgec/Compress/Passes.h"

#include "ConstantRewriter.h"
#include "LowBitWeights.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;

namespace edgec::edge {
#define GEN_PASS_DEF_PACKWEIGHTSPASS
#include "edgec/Compress/Passes.h.inc"
} // namespace edgec::edge

using namespace edgec;
using namespace edgec::edge;

namespace {

/// The order of edge.unpack.
Tensor packElements(const Tensor &values, int64_t bits) {
  int64_t size = values.size();
  Tensor packed(ElementType::U8, {int64_t(llvm::divideCeil(size * bits, 8))});
  auto *bytes = packed.mutableData<uint8_t>();
  const int8_t *data = values.data<int8_t>();
  unsigned mask = (1U << bits) - 1;
  for (int64_t i = 0; i < size; ++i)
    bytes[i * bits / 8] |= static_cast<uint8_t>(
        (static_cast<unsigned>(data[i]) & mask) << (i * bits % 8));
  return packed;
}

class Packer : public ConstantRewriter {
public:
  using ConstantRewriter::ConstantRewriter;

  /// Makes the operation read weights that are unpacked, if they fit.
  void pack(OpOperand &operand);
  /// Unpacks the rows that are gathered, if those of the table fit.
  void packTable(GatherOp op);

private:
  Value unpacked(LowBitWeights &weights);
  Value packedRows(const LowBitRows &table);

  /// Constants may be shared; so are what replaces them.
  DenseMap<Operation *, Value> packedConstants, packedFloats, packedTables;
};

Value Packer::unpacked(LowBitWeights &weights) {
  OpBuilder builder(weights.source);
  if (weights.bits == 8)
    return createConstant(builder, weights.values, nodeName(weights.source));
  Value packed =
      createConstant(builder, packElements(weights.values, weights.bits),
                     nodeName(weights.source));
  auto type =
      RankedTensorType::get(weights.values.shape(), builder.getIntegerType(8));
  return builder.create<UnpackOp>(weights.source.getLoc(), type, packed,
                                  builder.getI64IntegerAttr(weights.bits));
}

void Packer::pack(OpOperand &operand) {
  Operation *source = operand.get().getDefiningOp();
  if (Value known = packedFloats.lookup(source)) {
    operand.set(known);
    return;
  }
  if (Value known = packedConstants.lookup(source)) {
    operand.set(known);
    return;
  }
  std::optional<LowBitWeights> weights = matchLowBitWeights(operand);
  if (!weights)
    return;
  DequantizeOp floats = weights->dequantize;
  if (!floats) {
    Value &integers = packedConstants[source];
    integers = unpacked(*weights);
    operand.set(integers);
    return;
  }
  // Zero points may differ where others dequantize the same integers.
  OpBuilder builder(floats);
  Value integers = unpacked(*weights);
  Value zero = createConstant(builder, Tensor(ElementType::I8, {}),
                              nodeName(weights->source) + ".zero");
  packedFloats[source] = builder.create<DequantizeOp>(
      floats.getLoc(), floats.getType(), integers, floats.getScale(), zero,
      floats.getAxis(), floats.getBlockSize());
  operand.set(packedFloats[source]);
}

/// A row of `planes` elements a byte: byte j holds element j of each of as many
/// equal parts of the row, so that vectors of bytes become vectors of
/// neighbours.
Value Packer::packedRows(const LowBitRows &table) {
  Value &known = packedTables[table.source];
  if (known)
    return known;
  const Tensor &values = table.values;
  int64_t rows = values.dim(0), planes = 8 / table.bits;
  int64_t bytes = values.size() / rows / planes;
  Tensor inPlanes(ElementType::I8, {rows, bytes, planes});
  const int8_t *from = values.data<int8_t>();
  int8_t *to = inPlanes.mutableData<int8_t>();
  for (int64_t row = 0; row < rows; ++row)
    for (int64_t byte = 0; byte < bytes; ++byte)
      for (int64_t plane = 0; plane < planes; ++plane)
        *to++ = from[(row * planes + plane) * bytes + byte];
  OpBuilder builder(table.source);
  Tensor packed = packElements(inPlanes, table.bits).reshaped({rows, bytes});
  return known = createConstant(builder, packed, nodeName(table.source));
}

void Packer::packTable(GatherOp op) {
  std::optional<LowBitRows> table = matchLowBitRows(op);
  if (!table)
    return;
  auto packed = cast<TypedValue<RankedTensorType>>(packedRows(*table));
  auto type = cast<RankedTensorType>(op.getType());
  OpBuilder builder(op);
  Location loc = op.getLoc();
  int64_t planes = 8 / table->bits, bytes = packed.getType().getDimSize(1);
  int64_t count = type.getNumElements() / (planes * bytes);
  ArrayRef<int64_t> indices =
      cast<RankedTensorType>(op.getIndices().getType()).getShape();
  SmallVector<int64_t> shape(indices);
  shape.push_back(bytes);
  Value gathered = builder.create<GatherOp>(
      loc, packed.getType().clone(shape), packed, op.getIndices(), /*axis=*/0);
  Value line = builder.create<ReshapeOp>(
      loc, packed.getType().clone({count * bytes}), gathered);
  Value unpacked =
      builder.create<UnpackOp>(loc, type.clone({count, bytes, planes}), line,
                               builder.getI64IntegerAttr(table->bits));
  Value parts = builder.create<TransposeOp>(
      loc, type.clone({count, planes, bytes}), unpacked,
      builder.getDenseI64ArrayAttr({0, 2, 1}));
  op.replaceAllUsesWith(
      builder.create<ReshapeOp>(loc, type, parts).getResult());
  op.erase();
}

struct PackWeightsPass : edge::impl::PackWeightsPassBase<PackWeightsPass> {
  void runOnOperation() override {
    Packer packer(getOperation());
    getOperation().walk([&](Operation *op) {
      if (isa<ConvOp, MatMulOp>(op))
        packer.pack(op->getOpOperand(1));
      else if (auto gather = dyn_cast<GatherOp>(op))
        packer.packTable(gather);
    });
    packer.eraseDead(getOperation());
  }
};

} // namespace
