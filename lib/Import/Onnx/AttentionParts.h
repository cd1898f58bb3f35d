//===- AttentionParts.h - What operators of attention share -----*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_LIB_IMPORT_ONNX_ATTENTIONPARTS_H
#define EDGEC_LIB_IMPORT_ONNX_ATTENTIONPARTS_H

#include "NodeContext.h"

namespace edgec::onnx_import {

/// The operands of one attention: softmax(mask(q * k' * scale)) * v.
struct AttentionParts {
  mlir::Value query = {}; ///< [N, H, S, D]
  mlir::Value key = {};   ///< [N, G, T, D]; G divides H.
  mlir::Value value = {}; ///< [N, G, T, E]
  double scale = 1;
  double softcap = 0;    ///< Bounds the scores by tanh; 0: not at all.
  mlir::Value bias = {}; ///< Added to the scores; broadcasts to [N, H, S, T].
  bool isCausal = false;
  /// How many keys come before the first query.
  int64_t pastLength = 0;
};

/// What stands between the products, all [N, H, S, T]: scaled products of
/// queries and keys, these bounded, with the mask (which comes after the bound,
/// or it would be bounded itself), and the softmax of that. In the order of the
/// modes of Attention since ONNX 1.22, which mended those of 1.18.
struct AttentionScores {
  mlir::Value products, bounded, masked, shares;
};

/// [N, H, S, E]. `scores`, where it is given, gets what stands in between.
mlir::Value buildAttention(NodeContext &node, AttentionParts parts,
                           AttentionScores *scores = nullptr);

/// [N, S, H * D] as [N, H, S, D], and back.
mlir::Value splitHeads(NodeContext &node, mlir::Value value, int64_t heads);
mlir::Value joinHeads(NodeContext &node, mlir::Value value);

/// Zero where the boolean mask holds, else `otherwise`.
mlir::Value maskBias(NodeContext &node, mlir::Value mask, mlir::Type element,
                     double otherwise);

/// Earlier keys or values before the new ones, along axis 2; the new ones where
/// there are none.
mlir::Value appendPast(NodeContext &node, mlir::Value past, mlir::Value value);

/// The sum of two terms, either of which may be null.
mlir::Value addOptional(NodeContext &node, mlir::Value a, mlir::Value b);

/// 1 / sqrt(D) where `given` is 0.
double attentionScale(NodeContext &node, mlir::Value query, double given);

} // namespace edgec::onnx_import

#endif // EDGEC_LIB_IMPORT_ONNX_ATTENTIONPARTS_H
