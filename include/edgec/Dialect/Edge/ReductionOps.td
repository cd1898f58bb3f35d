//===- ReductionOps.td - reductions, softmax and pooling -*- tablegen -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_DIALECT_EDGE_REDUCTIONOPS_TD
#define EDGEC_DIALECT_EDGE_REDUCTIONOPS_TD

include "edgec/Dialect/Edge/EdgeBase.td"

def Edge_ReduceOp : Edge_InferredOp<"reduce"> {
  let summary = "reduces over axes";
  let description = [{
    - (C1) axes are in [0, rank), ascending, distinct. No axes: the identity map
         of the kind (abs for l1 and l2, square for sum_square, ...).
    - (C2) max and min of an empty extent are an error.
  }];
  let arguments = (ins Edge_NumberTensor:$input, Edge_ReduceKindAttr:$kind,
                       DenseI64ArrayAttr:$axes, BoolAttr:$keep_dims);
  let results = (outs Edge_NumberTensor:$result);
  let assemblyFormat = "$kind $input attr-dict `:` functional-type(operands, results)";
}

def Edge_ArgReduceOp : Edge_InferredOp<"arg_reduce"> {
  let summary = "index of the largest or smallest element along an axis";
  let description = [{
    The first such index, or the last with `select_last`; i64.

    - (C1) axis is in [0, rank).
    - (C2) the extent along axis is not zero.
  }];
  let arguments = (ins Edge_NumberTensor:$input, Edge_ArgKindAttr:$kind, I64Attr:$axis,
                       BoolAttr:$keep_dims, UnitAttr:$select_last);
  let results = (outs Edge_IntegerTensor:$result);
  let assemblyFormat = "$kind $input attr-dict `:` functional-type(operands, results)";
}

def Edge_SoftmaxOp : Edge_InferredOp<"softmax"> {
  let summary = "softmax, or its logarithm, along an axis";
  let description = [{
    exp(x - max) / sum(exp(x - max)); with `log`, x - max - log(sum(exp(x - max))).

    - (C1) axis is in [0, rank).
  }];
  let arguments = (ins Edge_FloatTensor:$input, I64Attr:$axis, UnitAttr:$log);
  let results = (outs Edge_FloatTensor:$result);
  let assemblyFormat = "$input attr-dict `:` functional-type(operands, results)";
}

class Edge_PoolOp<string mnemonic> : Edge_InferredOp<mnemonic> {
  dag poolArguments = (ins Edge_NumberTensor:$input,
    DenseI64ArrayAttr:$kernel, DenseI64ArrayAttr:$strides,
    DenseI64ArrayAttr:$dilations, DenseI64ArrayAttr:$pads,
    DefaultValuedAttr<Edge_LayoutAttr, "Layout::nchw">:$layout);
  let results = (outs Edge_NumberTensor:$result);
  let assemblyFormat = "$input attr-dict `:` functional-type(operands, results)";
}

def Edge_MaxPoolOp : Edge_PoolOp<"max_pool"> {
  let summary = "maximum over windows";
  let description = [{
    Padding never wins. `pads` are low extents of every spatial dimension, then
    high extents; ceil mode is expressed by larger high pads.

    - (C1) kernel, strides and dilations have one positive entry a spatial
         dimension; pads has two, none negative.
    - (C2) every window holds at least one element of the input.
  }];
  let arguments = poolArguments;
}

def Edge_MaxPoolWithIndicesOp : Edge_InferredOp<"max_pool_with_indices"> {
  let summary = "maximum over windows, and where it was";
  let description = [{
    As `edge.max_pool` of an nchw tensor. `indices` (i64) are those of the
    first maximum of each window, in the flattened input: in row-major order,
    or with `column_major` in column-major order of the spatial dimensions.

    - (C1), (C2) as `edge.max_pool`.
  }];
  let arguments = (ins Edge_NumberTensor:$input,
    DenseI64ArrayAttr:$kernel, DenseI64ArrayAttr:$strides,
    DenseI64ArrayAttr:$dilations, DenseI64ArrayAttr:$pads, UnitAttr:$column_major);
  let results = (outs Edge_NumberTensor:$result, Edge_IntegerTensor:$indices);
  let assemblyFormat = "$input attr-dict `:` functional-type(operands, results)";
}

def Edge_AveragePoolOp : Edge_PoolOp<"average_pool"> {
  let summary = "mean over windows";
  let description = [{
    Pads as in `edge.max_pool`. The divisor is the number of the window's
    elements inside the input; with `count_include_pad` those in the padding
    count too, but for the last `ceil_pads` of each dimension's high padding,
    which come from rounding the output size up.

    - (C1), (C2) as `edge.max_pool`.
    - (C3) ceil_pads has one entry a spatial dimension, none negative or
      larger than the high pad.
  }];
  let arguments = !con(poolArguments, (ins UnitAttr:$count_include_pad,
                                           DenseI64ArrayAttr:$ceil_pads));
}

#endif
