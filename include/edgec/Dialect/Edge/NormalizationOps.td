//===- NormalizationOps.td - normalisations -*- tablegen -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_DIALECT_EDGE_NORMALIZATIONOPS_TD
#define EDGEC_DIALECT_EDGE_NORMALIZATIONOPS_TD

include "edgec/Dialect/Edge/EdgeBase.td"

def Edge_BatchNormOp : Edge_InferredOp<"batch_norm"> {
  let summary = "`(x - mean) / sqrt(variance + epsilon) * scale + bias`, by channel";
  let description = [{
    Inference mode only. Channels are dimension `axis`.

    - (C1) axis is in [0, rank).
    - (C2) scale, bias, mean and variance are [C].
  }];
  let arguments = (ins Edge_FloatTensor:$input, Edge_FloatTensor:$scale,
                       Edge_FloatTensor:$bias, Edge_FloatTensor:$mean,
                       Edge_FloatTensor:$variance, F64Attr:$epsilon,
                       DefaultValuedAttr<I64Attr, "1">:$axis);
  let results = (outs Edge_FloatTensor:$result);
  let assemblyFormat = [{
    $input `,` $scale `,` $bias `,` $mean `,` $variance attr-dict
    `:` functional-type(operands, results)
  }];
}

def Edge_LayerNormOp : Edge_InferredOp<"layer_norm"> {
  let summary = "normalises over the dimensions from `axis` on";
  let description = [{
    (x - mean) / sqrt(variance + epsilon) * scale + bias with mean and variance
    over the dimensions [axis, rank). The variance is the mean of the squared
    differences from the mean.

    - (C1) axis is in [0, rank).
    - (C2) scale and bias broadcast to the normalised shape.
  }];
  let arguments = (ins Edge_FloatTensor:$input, Edge_FloatTensor:$scale,
                       Optional<Edge_FloatTensor>:$bias, I64Attr:$axis, F64Attr:$epsilon);
  let results = (outs Edge_FloatTensor:$result);
  let assemblyFormat = [{
    $input `,` $scale (`,` $bias^)? attr-dict `:` functional-type(operands, results)
  }];
}

def Edge_LrnOp : Edge_InferredOp<"lrn"> {
  let summary = "local response normalisation across channels";
  let description = [{
    x / (bias + alpha / size * s) ^ beta, where s is the sum of squares over
    the channels [c - (size - 1) / 2, c + size / 2] that exist. Channels are
    dimension `axis`.

    - (C1) size is positive.
    - (C2) axis is in [0, rank).
  }];
  let arguments = (ins Edge_FloatTensor:$input, I64Attr:$size, F64Attr:$alpha,
                       F64Attr:$beta, F64Attr:$bias,
                       DefaultValuedAttr<I64Attr, "1">:$axis);
  let results = (outs Edge_FloatTensor:$result);
  let assemblyFormat = "$input attr-dict `:` functional-type(operands, results)";
}

#endif
