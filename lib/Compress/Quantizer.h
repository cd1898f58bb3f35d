//===- Quantizer.h - Integers instead of a module's floats ------*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_LIB_COMPRESS_QUANTIZER_H
#define EDGEC_LIB_COMPRESS_QUANTIZER_H

#include "ConstantRewriter.h"
#include "EmbeddingTables.h"
#include "FilterRounding.h"
#include "PerChannel.h"
#include "edgec/Compress/QuantizationScale.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringSet.h"

namespace edgec::edge {

/// What is chosen for the whole model, and otherwise for single layers. A table
/// that rows are gathered from is a layer.
struct QuantizationChoices {
  unsigned weightBits = 8;
  llvm::StringMap<unsigned> layerBits;
  /// Layers whose weights are not quantized.
  llvm::StringSet<> keepFloat;
  /// Of activations before weights; 0: they stay floats, and all weights are
  /// quantized. Those of 16 bits are multiplied as floats, too.
  unsigned activationBits = 8;
  /// Inputs of a channel that share a scale; 0: all.
  int64_t group = 0;
  /// Bytes; tables of less stay float.
  int64_t smallestTable = 0;
  bool perTensor = false;
  /// Decibels; with less between a layer's sums and what rounding adds to them,
  /// its weights have 8 bits. 0: never.
  double leastSqnr = 0;
  bool roundBySums = false;
  bool correctBias = false;
  bool keepPoints = false;

  /// Depthwise filters have 8 bits in any case: they are not packed.
  unsigned bitsOf(mlir::Operation *op) const;
  /// Those of a table that is named.
  std::optional<unsigned> ownBitsOf(const EmbeddingTable &table) const;
};

class Quantizer : public ConstantRewriter {
public:
  Quantizer(mlir::ModuleOp module, const QuantizationChoices &choices)
      : ConstantRewriter(module), choices(choices) {}

  /// Everything else that reads the tensor reads what its bytes stand for.
  void quantizeActivation(ObserveOp point);
  /// `moments` are of the operation's input, or null.
  mlir::LogicalResult quantizeWeights(mlir::Operation *op,
                                      const InputMoments *moments);
  /// A scale a row; the integers of a contraction with the same weights, if
  /// they have one. Comes after `quantizeWeights`.
  mlir::LogicalResult quantizeTable(const EmbeddingTable &table);

private:
  /// `name` is the tensor's that the zero point belongs to.
  mlir::Value zeroPointOf(mlir::OpBuilder &builder, const std::string &name,
                          mlir::Type element, int64_t value,
                          llvm::ArrayRef<int64_t> shape = {});
  DequantizeOp dequantize(mlir::Operation *reader,
                          const QuantizedWeights &weights,
                          const std::string &name, unsigned bits = 8);
  bool quantizesWeights(mlir::Operation *op) const;
  mlir::FailureOr<QuantizedWeights>
  roundWeights(const Contraction &contraction, const InputMoments *moments,
               FilterRounding &rounding) const;
  void remarkWidth(mlir::Operation *op, unsigned bits) const;
  ScaleLayout layoutOf(const Contraction &contraction) const;
  void addToBias(const Contraction &contraction, llvm::ArrayRef<double> values);
  void quantizeBias(ConvOp op, float inputScale,
                    llvm::ArrayRef<float> filterScales);

  mlir::FailureOr<DequantizeOp> roundTable(const EmbeddingTable &table,
                                           unsigned asked);
  bool quantizesTable(const EmbeddingTable &table) const;

  const QuantizationChoices &choices;
  /// By the constants that were filters: what is read instead, where a row of
  /// their first dimension has one scale.
  llvm::DenseMap<mlir::Operation *, DequantizeOp> scaledRows;
};

} // namespace edgec::edge

#endif // EDGEC_LIB_COMPRESS_QUANTIZER_H
