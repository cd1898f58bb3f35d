//===- ChannelShuffle.h - Channels in interleaved groups --------*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Between grouped convolutions, networks interleave the groups (Zhang et al.,
// "ShuffleNet", 2018): reshape [..., C] to [..., groups, C / groups], transpose
// the last two dimensions, reshape to [..., C].
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_LIB_CONVERSION_CHANNELSHUFFLE_H
#define EDGEC_LIB_CONVERSION_CHANNELSHUFFLE_H

#include "mlir/IR/Builders.h"
#include <optional>

namespace edgec {

/// Channel `c * groups + g` of the result is channel `g * groupChannels() + c`
/// of the source, channels last.
struct ChannelShuffle {
  mlir::Value source;
  int64_t groups;
  int64_t channels;

  int64_t groupChannels() const { return channels / groups; }
};

std::optional<ChannelShuffle> matchChannelShuffle(mlir::Value value);

/// `value`, of the shuffle's channels in the last dimension, shuffled.
mlir::Value shuffleChannels(mlir::OpBuilder &builder, mlir::Location loc,
                            mlir::Value value, const ChannelShuffle &shuffle);

/// `value`, which has an entry for each channel of the shuffle's result along
/// dimension `dim`, in the order of the source's channels.
mlir::Value unshuffle(mlir::OpBuilder &builder, mlir::Location loc,
                      mlir::Value value, int64_t dim,
                      const ChannelShuffle &shuffle);

/// Whether the value is known at compile time.
bool isConstantTensor(mlir::Value value);

/// Whether weights are integers with scales that differ along dimension `dim`:
/// they cannot change places along it.
bool hasScalesAlong(mlir::Value weights, int64_t dim);

/// The same as unshuffle for weights without scales along `dim`: integers that
/// are dequantized stay so, in another order.
mlir::Value unshuffleWeights(mlir::OpBuilder &builder, mlir::Location loc,
                             mlir::Value weights, int64_t dim,
                             const ChannelShuffle &shuffle);

} // namespace edgec

#endif // EDGEC_LIB_CONVERSION_CHANNELSHUFFLE_H
