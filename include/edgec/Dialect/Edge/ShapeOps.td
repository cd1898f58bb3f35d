//===- ShapeOps.td - operations that move elements -*- tablegen -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_DIALECT_EDGE_SHAPEOPS_TD
#define EDGEC_DIALECT_EDGE_SHAPEOPS_TD

include "edgec/Dialect/Edge/EdgeBase.td"

def Edge_ReshapeOp : Edge_Op<"reshape", [Pure, SameOperandsAndResultElementType]> {
  let summary = "the same elements in row-major order with another shape";
  let description = [{
    Flatten, Squeeze and Unsqueeze are reshapes too.

    - (C1) input and result have the same number of elements.
  }];
  let arguments = (ins Edge_Tensor:$input);
  let results = (outs Edge_Tensor:$result);
  let assemblyFormat = "$input attr-dict `:` functional-type(operands, results)";
  let hasVerifier = 1;
  let hasFolder = 1;
}

def Edge_TransposeOp : Edge_InferredOp<"transpose"> {
  let summary = "permutes dimensions: result dimension i is input dimension permutation[i]";
  let description = [{
    - (C1) permutation is a permutation of [0, rank).
  }];
  let arguments = (ins Edge_Tensor:$input, DenseI64ArrayAttr:$permutation);
  let results = (outs Edge_Tensor:$result);
  let assemblyFormat = "$input attr-dict `:` functional-type(operands, results)";
  let hasFolder = 1;
  let hasCanonicalizer = 1;
}

def Edge_BroadcastOp : Edge_Op<"broadcast", [Pure, SameOperandsAndResultElementType]> {
  let summary = "repeats unit dimensions, as NumPy's broadcast_to";
  let description = [{
    - (C1) the input's shape, aligned at the last dimension, broadcasts to the
         result's.
  }];
  let arguments = (ins Edge_Tensor:$input);
  let results = (outs Edge_Tensor:$result);
  let assemblyFormat = "$input attr-dict `:` functional-type(operands, results)";
  let hasVerifier = 1;
  let hasFolder = 1;
}

def Edge_ConcatOp : Edge_InferredOp<"concat"> {
  let summary = "joins tensors along an axis";
  let description = [{
    - (C1) at least one input; all have the same rank and element type.
    - (C2) axis is in [0, rank).
    - (C3) the other extents are equal.
  }];
  let arguments = (ins Variadic<Edge_Tensor>:$inputs, I64Attr:$axis);
  let results = (outs Edge_Tensor:$result);
  let assemblyFormat = "$inputs attr-dict `:` functional-type(operands, results)";
  let hasFolder = 1;
}

def Edge_SliceOp : Edge_InferredOp<"slice"> {
  let summary = "a regular part of a tensor";
  let description = [{
    Result element i is input element starts + i * steps. Split is several
    slices.

    - (C1) starts, sizes and steps have one entry a dimension; sizes are not
         negative, steps not zero.
    - (C2) where a size is positive, the first and the last element lie inside
         the input.
  }];
  let arguments = (ins Edge_Tensor:$input, DenseI64ArrayAttr:$starts,
                       DenseI64ArrayAttr:$sizes, DenseI64ArrayAttr:$steps);
  let results = (outs Edge_Tensor:$result);
  let assemblyFormat = "$input attr-dict `:` functional-type(operands, results)";
  let hasFolder = 1;
}

def Edge_PadOp : Edge_InferredOp<"pad"> {
  let summary = "adds elements around a tensor";
  let description = [{
    `value` (constant mode only; a scalar tensor) fills; without it, zero does.
    Negative pads crop.

    - (C1) low and high have one entry a dimension; no result extent is negative.
    - (C2) value is a scalar of the input's element type, in constant mode only.
    - (C3) reflect pads are smaller than the extent; edge and wrap need a
         non-empty extent where they pad.
  }];
  let arguments = (ins Edge_Tensor:$input, Optional<Edge_Tensor>:$value,
                       DenseI64ArrayAttr:$low, DenseI64ArrayAttr:$high,
                       DefaultValuedAttr<Edge_PadModeAttr, "PadMode::constant">:$mode);
  let results = (outs Edge_Tensor:$result);
  let assemblyFormat = [{
    $input (`,` $value^)? attr-dict `:` functional-type(operands, results)
  }];
  let hasFolder = 1;
}

def Edge_GatherOp : Edge_InferredOp<"gather"> {
  let summary = "picks slices along an axis by index";
  let description = [{
    The result's shape is input.shape[:axis] + indices.shape + input.shape[axis+1:].
    A negative index counts from the end. What an index outside the extent
    gives is unspecified, but no other memory is read: it is clamped.

    - (C1) axis is in [0, rank).
    - (C2) indices are i32 or i64.
    - (C3) the extent along axis is not zero, unless there are no indices.
  }];
  let arguments = (ins Edge_Tensor:$input, Edge_IntegerTensor:$indices, I64Attr:$axis);
  let results = (outs Edge_Tensor:$result);
  let assemblyFormat = "$input `,` $indices attr-dict `:` functional-type(operands, results)";
}

def Edge_ResizeOp : Edge_Op<"resize", [Pure, SameOperandsAndResultElementType]> {
  let summary = "resamples a tensor, as ONNX Resize";
  let description = [{
    `scales` is result extent over input extent as the model states it, one a
    dimension (it need not be the quotient of the extents); dimensions with
    scale 1 and equal extents are copied.

    - (C1) input and result have the same rank; scales has one positive, finite entry a
         dimension.
    - (C2) an empty dimension stays empty.
    - (C3) `roi` is there with tf_crop_and_resize coordinates and only then: the
         starts of all dimensions, then their ends, in extents.

    `extrapolation` is what positions outside the input give with a `roi`.
    `nearest_mode` matters in nearest mode, `cubic_coefficient` and
    `exclude_outside` in cubic mode.
  }];
  let arguments = (ins Edge_NumberTensor:$input, DenseF64ArrayAttr:$scales,
      Edge_ResizeModeAttr:$mode, Edge_CoordinateModeAttr:$coordinates,
      DefaultValuedAttr<Edge_NearestModeAttr, "NearestMode::round_prefer_floor">:$nearest_mode,
      DefaultValuedAttr<F64Attr, "-0.75">:$cubic_coefficient,
      UnitAttr:$exclude_outside, OptionalAttr<DenseF64ArrayAttr>:$roi,
      DefaultValuedAttr<F64Attr, "0.0">:$extrapolation);
  let results = (outs Edge_NumberTensor:$result);
  let assemblyFormat = "$input attr-dict `:` functional-type(operands, results)";
  let hasVerifier = 1;
}

#endif
