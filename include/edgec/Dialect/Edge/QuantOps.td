//===- QuantOps.td - conversions between float and quantized tensors -*- tablegen -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_DIALECT_EDGE_QUANTOPS_TD
#define EDGEC_DIALECT_EDGE_QUANTOPS_TD

include "edgec/Dialect/Edge/EdgeBase.td"

def Edge_QuantizeOp : Edge_Op<"quantize", [Pure,
    AllShapesMatch<["input", "result"]>]> {
  let summary = "`saturate(roundeven(x / scale) + zero_point)`, as ONNX QuantizeLinear";
  let description = [{
    `axis` matters when scale has more than one element.

    - (C1) scale and zero_point are scalars, or [input.shape[axis]].
    - (C2) zero_point has the result's element type.
  }];
  let arguments = (ins Edge_FloatTensor:$input, Edge_FloatTensor:$scale,
                       Edge_IntegerTensor:$zero_point,
                       DefaultValuedAttr<I64Attr, "0">:$axis);
  let results = (outs Edge_IntegerTensor:$result);
  let assemblyFormat = [{
    $input `,` $scale `,` $zero_point attr-dict `:` functional-type(operands, results)
  }];
  let hasVerifier = 1;
}

def Edge_DequantizeOp : Edge_Op<"dequantize", [Pure,
    AllShapesMatch<["input", "result"]>]> {
  let summary = "`(x - zero_point) * scale`, as ONNX DequantizeLinear";
  let description = [{
    - (C1) scale and zero_point are scalars, or [input.shape[axis]].
    - (C2) zero_point has the input's element type.
  }];
  let arguments = (ins Edge_IntegerTensor:$input, Edge_FloatTensor:$scale,
                       Edge_IntegerTensor:$zero_point,
                       DefaultValuedAttr<I64Attr, "0">:$axis);
  let results = (outs Edge_FloatTensor:$result);
  let assemblyFormat = [{
    $input `,` $scale `,` $zero_point attr-dict `:` functional-type(operands, results)
  }];
  let hasVerifier = 1;
}

#endif
