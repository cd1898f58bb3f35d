//===- PerChannel.h - Scales and shifts by channel after contractions -*- C++
//-*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_LIB_DIALECT_EDGE_TRANSFORMS_PERCHANNEL_H
#define EDGEC_LIB_DIALECT_EDGE_TRANSFORMS_PERCHANNEL_H

#include "edgec/Dialect/Edge/EdgeDialect.h"
#include "edgec/Support/Tensor.h"

namespace edgec::edge {

/// A convolution or matrix product whose filter is a float constant.
struct Contraction {
  mlir::Operation *op;
  ConstantOp filter;
  /// The dimension of the filter that counts output channels.
  int64_t filterAxis;
  /// The dimension of the result that they become.
  int64_t resultAxis;
  int64_t channels;

  mlir::Value result() const { return op->getResult(0); }
};

std::optional<Contraction> matchContraction(mlir::Operation *op);

/// y[c] = scale[c] * x[c] + shift[c].
struct PerChannelAffine {
  llvm::SmallVector<double> scale;
  llvm::SmallVector<double> shift;

  static PerChannelAffine identity(int64_t channels);
  /// This after `first`.
  PerChannelAffine after(const PerChannelAffine &first) const;
};

/// What a batch normalisation with constant parameters computes.
std::optional<PerChannelAffine> affineOf(BatchNormOp op);

/// What `op` computes from `input`, one of its operands, if that is a scale
/// and shift along dimension `axis` of extent `channels`: a batch_norm, or an
/// add, sub, mul or div with a constant that has one value a channel.
std::optional<PerChannelAffine> matchAffine(mlir::Operation *op,
                                            mlir::Value input, int64_t axis,
                                            int64_t channels);

/// The elements of a constant of floats, widened; nothing if `value` is none.
std::optional<llvm::SmallVector<double>> constantValues(mlir::Value value);

} // namespace edgec::edge

#endif // EDGEC_LIB_DIALECT_EDGE_TRANSFORMS_PERCHANNEL_H
