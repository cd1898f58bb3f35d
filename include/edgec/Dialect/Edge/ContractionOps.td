//===- ContractionOps.td - convolution and matrix multiplication -*- tablegen -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_DIALECT_EDGE_CONTRACTIONOPS_TD
#define EDGEC_DIALECT_EDGE_CONTRACTIONOPS_TD

include "edgec/Dialect/Edge/EdgeBase.td"

def Edge_ConvOp : Edge_InferredOp<"conv", [], ["getMacs"]> {
  let summary = "convolution with any number of spatial dimensions";
  let description = [{
    Cross-correlation of `input` with `filter` plus an optional `bias` a
    channel. The filter is [O, I / groups, k...] in either layout; pads are
    low extents of every spatial dimension, then high extents.

    | operand | shape, nchw | shape, nhwc |
    |---|---|---|
    | input | [N, C, d...] | [N, d..., C] |
    | filter | [O, C / groups, k...] | the same |
    | bias | [O] | [O] |
    | result | [N, O, e...] | [N, e..., O] |

    - (C1) input and filter have the same rank, at least 3.
    - (C2) strides and dilations have one positive entry a spatial dimension.
    - (C3) pads has two entries a spatial dimension, none negative.
    - (C4) groups is positive, divides C and O, and filter has C / groups channels.
    - (C5) bias is [O].
    - (C6) e = (d + low + high - (dilation * (k - 1) + 1)) / stride + 1, rounded down, is positive.
    - (C7) input and filter have the same element type, or are any two of i8 and
         ui8, whose products are accumulated in and returned as i32. bias has
         the result's element type.

    ```mlir
    %y = edge.conv %x, %w, %b {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>,
        pads = array<i64: 1, 1, 1, 1>, groups = 1 : i64}
        : (tensor<1x3x8x8xf32>, tensor<4x3x3x3xf32>, tensor<4xf32>) -> tensor<1x4x8x8xf32>
    ```
  }];
  let arguments = (ins
    Edge_Tensor:$input, Edge_Tensor:$filter, Optional<Edge_Tensor>:$bias,
    DenseI64ArrayAttr:$strides, DenseI64ArrayAttr:$dilations,
    DenseI64ArrayAttr:$pads, I64Attr:$groups,
    DefaultValuedAttr<Edge_LayoutAttr, "Layout::nchw">:$layout);
  let results = (outs Edge_Tensor:$result);
  let assemblyFormat = [{
    $input `,` $filter (`,` $bias^)? attr-dict `:` functional-type(operands, results)
  }];
}

def Edge_ConvTransposeOp : Edge_InferredOp<"conv_transpose", [SameOperandsAndResultElementType], ["getMacs"]> {
  let summary = "transposed convolution with any number of spatial dimensions";
  let description = [{
    What the gradient of a convolution computes: every element of `input`,
    times the filter, is added to the result, elements `stride` apart in the
    input landing `stride` apart in the result; `bias` is added by channel. Pads
    cut that many elements off the low and high end of every spatial dimension;
    negative ones add elements, which are the bias alone if no tap reaches them.

    | operand | shape, nchw | shape, nhwc |
    |---|---|---|
    | input | [N, C, d...] | [N, d..., C] |
    | filter | [C, O / groups, k...] | the same |
    | bias | [O] | [O] |
    | result | [N, O, e...] | [N, e..., O] |

    - (C1) input and filter have the same rank, at least 3.
    - (C2) strides and dilations have one positive entry a spatial dimension.
    - (C3) pads has two entries a spatial dimension.
    - (C4) groups is positive and divides C, and the filter has C input channels.
    - (C5) bias is [O].
    - (C6) e = (d - 1) * stride + dilation * (k - 1) + 1 - low - high is positive.
    - (C7) elements are floats, of one type.

    ```mlir
    %y = edge.conv_transpose %x, %w {strides = array<i64: 2, 2>, dilations = array<i64: 1, 1>,
        pads = array<i64: 1, 1, 1, 1>, groups = 1 : i64}
        : (tensor<1x3x8x8xf32>, tensor<3x4x4x4xf32>) -> tensor<1x4x16x16xf32>
    ```
  }];
  let arguments = (ins
    Edge_FloatTensor:$input, Edge_FloatTensor:$filter, Optional<Edge_FloatTensor>:$bias,
    DenseI64ArrayAttr:$strides, DenseI64ArrayAttr:$dilations,
    DenseI64ArrayAttr:$pads, I64Attr:$groups,
    DefaultValuedAttr<Edge_LayoutAttr, "Layout::nchw">:$layout);
  let results = (outs Edge_FloatTensor:$result);
  let assemblyFormat = [{
    $input `,` $filter (`,` $bias^)? attr-dict `:` functional-type(operands, results)
  }];
}

def Edge_MatMulOp : Edge_InferredOp<"matmul", [], ["getMacs"]> {
  let summary = "matrix multiplication over the last two dimensions";
  let description = [{
    NumPy's matmul: leading dimensions broadcast, a vector operand is a matrix
    of one row (left) or one column (right) whose unit dimension is dropped
    from the result. A transpose flag swaps the last two dimensions of an
    operand of rank 2 or more before that. Products of 8-bit integers are
    accumulated in and returned as i32.

    - (C1) both operands have rank 1 or more and the same element type, or are
         any two of i8 and ui8.
    - (C2) the contracted extents are equal.
    - (C3) leading dimensions broadcast.
    - (C4) a transpose flag needs an operand of rank 2 or more.

    ```mlir
    %y = edge.matmul %x, %w {transpose_rhs}
        : (tensor<4x64xf32>, tensor<10x64xf32>) -> tensor<4x10xf32>
    ```
  }];
  let arguments = (ins Edge_NumberTensor:$lhs, Edge_NumberTensor:$rhs,
                       UnitAttr:$transpose_lhs, UnitAttr:$transpose_rhs);
  let results = (outs Edge_NumberTensor:$result);
  let assemblyFormat = "$lhs `,` $rhs attr-dict `:` functional-type(operands, results)";
}

def Edge_DetOp : Edge_InferredOp<"det"> {
  let summary = "determinants of square matrices";
  let description = [{
    Input [..., n, n], result [...]; by elimination with partial pivoting.

    - (C1) rank is at least 2, and the last two extents are equal.
  }];
  let arguments = (ins Edge_FloatTensor:$input);
  let results = (outs Edge_FloatTensor:$result);
  let assemblyFormat = "$input attr-dict `:` functional-type(operands, results)";
}

#endif
