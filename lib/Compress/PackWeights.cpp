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

private:
  Value unpacked(LowBitWeights &weights);

  /// Constants may be shared; so are what replaces them.
  DenseMap<Operation *, Value> packedConstants, packedFloats;
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

struct PackWeightsPass : edge::impl::PackWeightsPassBase<PackWeightsPass> {
  void runOnOperation() override {
    Packer packer(getOperation());
    getOperation().walk([&](Operation *op) {
      if (isa<ConvOp, MatMulOp>(op))
        packer.pack(op->getOpOperand(1));
    });
    packer.eraseDead(getOperation());
  }
};

} // namespace
