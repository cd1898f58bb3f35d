//===- Quantize.cpp - The pass that quantizes -----------------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "edgec/Compress/Passes.h"

#include "Quantizer.h"
#include "llvm/ADT/StringSwitch.h"

using namespace mlir;

namespace edgec::edge {
#define GEN_PASS_DEF_QUANTIZEPASS
#include "edgec/Compress/Passes.h.inc"
} // namespace edgec::edge

using namespace edgec;
using namespace edgec::edge;

namespace {

/// As many as stand in a byte at most: those of 2 bits.
constexpr int64_t weightsInByte = 4;

struct QuantizePass : edge::impl::QuantizePassBase<QuantizePass> {
  using QuantizePassBase::QuantizePassBase;

  void runOnOperation() override {
    QuantizationChoices choices;
    if (failed(readChoices(choices)) || failed(quantize(choices)))
      signalPassFailure();
  }

  LogicalResult quantize(const QuantizationChoices &choices) {
    // What the moments belong to, before anything changes.
    SmallVector<Operation *> layers = weightedContractions(getOperation());
    if (!moments.empty() && moments.size() != layers.size())
      return getOperation().emitError("has ")
             << layers.size() << " layers with weights and is given "
             << moments.size() << " moments: they are those of another model";
    SmallVector<EmbeddingTable> tables = embeddingTables(getOperation());
    Quantizer quantizer(getOperation(), choices);
    SmallVector<ObserveOp> points;
    getOperation().walk([&](ObserveOp op) { points.push_back(op); });
    for (ObserveOp point : points) {
      if (choices.activationBits == 0) {
        if (!choices.keepPoints)
          point.erase();
        continue;
      }
      if (!point.getLow())
        return point.emitOpError("has no range yet: calibrate first");
      quantizer.quantizeActivation(point);
    }
    for (auto [index, op] : llvm::enumerate(layers)) {
      const InputMoments *own =
          moments.empty() ? nullptr : moments[index].get();
      // Nothing is known of a layer that no sample got to.
      if (own && own->count() == 0)
        own = nullptr;
      if (failed(quantizer.quantizeWeights(op, own)))
        return failure();
    }
    for (const EmbeddingTable &table : tables)
      if (failed(quantizer.quantizeTable(table)))
        return failure();
    quantizer.eraseDead(getOperation());
    return success();
  }

  LogicalResult readChoices(QuantizationChoices &choices) {
    choices.perTensor = perTensor;
    choices.keepPoints = keepPoints;
    choices.weightBits = weightBits;
    choices.correctBias = biasCorrection;
    choices.roundBySums = rounding == "gptq";
    choices.group = group;
    choices.smallestTable = smallestTable;
    choices.leastSqnr = layerSqnr;
    if (rounding != "nearest" && rounding != "gptq")
      return getOperation().emitError("weights cannot be rounded by '")
             << rounding.getValue()
             << "': use rounding=nearest or rounding=gptq";
    auto bits = llvm::StringSwitch<std::optional<unsigned>>(activations)
                    .Case("int8", 8)
                    .Case("int16", 16)
                    .Case("f32", 0)
                    .Default(std::nullopt);
    if (!bits)
      return getOperation().emitError("activations cannot be stored as '")
             << activations.getValue()
             << "': use activations=int8, activations=int16 or "
                "activations=f32";
    choices.activationBits = *bits;
    return failure(failed(checkBits(weightBits)) || failed(checkGroup()) ||
                   failed(readLayers(choices)));
  }

  LogicalResult readLayers(QuantizationChoices &choices) {
    llvm::StringSet<> layers;
    getOperation().walk([&](Operation *op) {
      if (matchContraction(op) || embeddingTable(op))
        layers.insert(nodeName(op));
    });
    choices.keepFloat.insert(keepFloat.begin(), keepFloat.end());
    for (StringRef text : layerBits) {
      auto [layer, bits] = text.rsplit('=');
      unsigned number = 0;
      if (bits.getAsInteger(10, number))
        return getOperation().emitError("layer-bits=")
               << text << ": write LAYER=BITS";
      if (failed(checkBits(number)))
        return failure();
      if (!layers.contains(layer))
        return getOperation().emitError("layer-bits=")
               << text << ": no convolution or matrix product with constant "
               << "weights, and no gather from a table, has that name";
      choices.layerBits[layer] = number;
    }
    return success();
  }

  LogicalResult checkGroup() {
    if (group == 0)
      return success();
    if (activations == "int8")
      return getOperation().emitError("group=")
             << group.getValue()
             << ": sums of integers have one scale a channel; use "
             << "activations=f32 with groups";
    if (perTensor)
      return getOperation().emitError("group=")
             << group.getValue()
             << ": per-tensor is one scale for all groups; leave one "
             << "of the two out";
    if (group > 0 && group % weightsInByte == 0)
      return success();
    return getOperation().emitError("group=")
           << group.getValue()
           << ": scales stand between whole bytes of weights, also of "
           << "2 bits; use a multiple of " << weightsInByte;
  }

  LogicalResult checkBits(unsigned bits) {
    if (bits == 8 || bits == 4 || bits == 2)
      return success();
    return getOperation().emitError("weights of ")
           << bits << " bits: choose 8, 4 or 2";
  }

  InputMomentsList moments;
};

} // namespace

std::unique_ptr<Pass>
edge::createQuantizePass(const QuantizePassOptions &options,
                         InputMomentsList moments) {
  auto pass = std::make_unique<QuantizePass>(options);
  pass->moments = std::move(moments);
  return pass;
}
