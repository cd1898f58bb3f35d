//===- IndexingOps.td - elements chosen by run-time values -*- tablegen -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Indices are i32 or i64; negative ones count from the end. What an index
// outside the extent gives is unspecified, but no other memory is touched.
//
// Operations whose result has as many elements as the data says give it in a
// buffer of static shape with the true extent beside it, a scalar `count`.
// Elements from there on are zero.
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_DIALECT_EDGE_INDEXINGOPS_TD
#define EDGEC_DIALECT_EDGE_INDEXINGOPS_TD

include "edgec/Dialect/Edge/EdgeBase.td"

def Edge_ScatterKind : Edge_Enum<"ScatterKind",
    "what becomes of the element that an update meets", ["assign", "add", "mul", "max", "min"]>;
def Edge_ScatterKindAttr : Edge_EnumAttr<Edge_ScatterKind, "scatter">;

def Edge_IotaOp : Edge_Op<"iota", [Pure]> {
  let summary = "every element's index along an axis";
  let description = [{
    - (C1) axis is in [0, rank).

    ```mlir
    %0 = edge.iota {axis = 1 : i64} : tensor<2x3xi64> // [[0, 1, 2], [0, 1, 2]]
    ```
  }];
  let arguments = (ins I64Attr:$axis);
  let results = (outs Edge_NumberTensor:$result);
  let assemblyFormat = "attr-dict `:` type($result)";
  let hasVerifier = 1;
}

def Edge_GatherElementsOp : Edge_InferredOp<"gather_elements"> {
  let summary = "picks one element for each index, along an axis";
  let description = [{
    result[i, j, k] = input[i, indices[i, j, k], k] for axis 1.

    - (C1) axis is in [0, rank), and indices have the input's rank.
    - (C2) indices are i32 or i64.
    - (C3) extents of indices other than along axis are at most the input's.
    - (C4) the extent along axis is not zero, unless there are no indices.
  }];
  let arguments = (ins Edge_Tensor:$input, Edge_IntegerTensor:$indices, I64Attr:$axis);
  let results = (outs Edge_Tensor:$result);
  let assemblyFormat = "$input `,` $indices attr-dict `:` functional-type(operands, results)";
}

def Edge_GatherNdOp : Edge_InferredOp<"gather_nd"> {
  let summary = "picks slices by index tuples";
  let description = [{
    The last dimension of indices holds tuples that index the input's
    dimensions from `batch_dims` on; the leading `batch_dims` dimensions go
    together. The result's shape is
    indices.shape[:-1] + input.shape[batch_dims + tuple:].

    - (C1) batch_dims is not negative and below both ranks; batch extents are equal.
    - (C2) indices are i32 or i64.
    - (C3) the tuple's extent is at least 1 and at most input rank - batch_dims.
    - (C4) indexed extents are not zero, unless there are no indices.
  }];
  let arguments = (ins Edge_Tensor:$input, Edge_IntegerTensor:$indices, I64Attr:$batch_dims);
  let results = (outs Edge_Tensor:$result);
  let assemblyFormat = "$input `,` $indices attr-dict `:` functional-type(operands, results)";
}

def Edge_ScatterElementsOp : Edge_InferredOp<"scatter_elements"> {
  let summary = "a copy of a tensor with elements replaced by index, along an axis";
  let description = [{
    result[i, indices[i, j, k], k] = updates[i, j, k] for axis 1, in the
    row-major order of the updates; other kinds combine.

    - (C1) axis is in [0, rank), and indices have the input's rank.
    - (C2) indices are i32 or i64.
    - (C3) updates have the shape of indices and the input's element type.
    - (C4) extents of indices other than along axis are at most the input's.
    - (C5) kinds other than assign need numbers.
  }];
  let arguments = (ins Edge_Tensor:$input, Edge_IntegerTensor:$indices, Edge_Tensor:$updates,
                       I64Attr:$axis, Edge_ScatterKindAttr:$kind);
  let results = (outs Edge_Tensor:$result);
  let assemblyFormat = [{
    $kind $input `,` $indices `,` $updates attr-dict `:` functional-type(operands, results)
  }];
}

def Edge_ScatterNdOp : Edge_InferredOp<"scatter_nd"> {
  let summary = "a copy of a tensor with slices replaced by index tuples";
  let description = [{
    The last dimension of indices holds tuples that index the input's leading
    dimensions. Updates, of shape indices.shape[:-1] + input.shape[tuple:],
    apply in row-major order.

    - (C1) indices have rank 1 or more and are i32 or i64.
    - (C2) the tuple's extent is at most the input's rank.
    - (C3) updates have that shape and the input's element type.
    - (C4) kinds other than assign need numbers.
  }];
  let arguments = (ins Edge_Tensor:$input, Edge_IntegerTensor:$indices, Edge_Tensor:$updates,
                       Edge_ScatterKindAttr:$kind);
  let results = (outs Edge_Tensor:$result);
  let assemblyFormat = [{
    $kind $input `,` $indices `,` $updates attr-dict `:` functional-type(operands, results)
  }];
}

def Edge_TopKOp : Edge_InferredOp<"top_k"> {
  let summary = "the k largest or smallest elements along an axis, sorted";
  let description = [{
    Values and their i64 indices, best first; of equal elements the one with
    the lower index comes first. NaN counts as larger than every number.

    - (C1) axis is in [0, rank).
    - (C2) k is not negative and at most the extent along axis.
  }];
  let arguments = (ins Edge_NumberTensor:$input, I64Attr:$k, I64Attr:$axis, BoolAttr:$largest);
  let results = (outs Edge_NumberTensor:$values, Edge_IntegerTensor:$indices);
  let assemblyFormat = "$input attr-dict `:` functional-type(operands, results)";
}

def Edge_CumulativeSumOp : Edge_InferredOp<"cumulative_sum"> {
  let summary = "sums of all elements up to each one, along an axis";
  let description = [{
    `exclusive` leaves the element itself out; `reverse` sums from the end.

    - (C1) axis is in [0, rank).
  }];
  let arguments = (ins Edge_NumberTensor:$input, I64Attr:$axis, UnitAttr:$exclusive,
                       UnitAttr:$reverse);
  let results = (outs Edge_NumberTensor:$result);
  let assemblyFormat = "$input attr-dict `:` functional-type(operands, results)";
}

def Edge_NonZeroOp : Edge_InferredOp<"non_zero"> {
  let summary = "where the elements other than zero are";
  let description = [{
    Column i of `indices`, [rank, number of elements] of i64, is the position of
    the i-th such element in row-major order; `count` of them.

    - (C1) the input has rank 1 or more.
  }];
  let arguments = (ins Edge_Tensor:$input);
  let results = (outs Edge_IntegerTensor:$indices, Edge_IntegerTensor:$count);
  let assemblyFormat = "$input attr-dict `:` functional-type(operands, results)";
}

def Edge_CompressOp : Edge_InferredOp<"compress"> {
  let summary = "the slices along an axis for which a condition holds";
  let description = [{
    `count` slices, in order; slices that the condition is too short for are left out.

    - (C1) axis is in [0, rank).
    - (C2) condition is a vector, not longer than the extent along axis.
  }];
  let arguments = (ins Edge_Tensor:$input, Edge_BoolTensor:$condition, I64Attr:$axis);
  let results = (outs Edge_Tensor:$result, Edge_IntegerTensor:$count);
  let assemblyFormat = "$input `,` $condition attr-dict `:` functional-type(operands, results)";
}

def Edge_UniqueOp : Edge_InferredOp<"unique"> {
  let summary = "the distinct slices along the first dimension";
  let description = [{
    `count` distinct slices, in order of first appearance or (`sorted`)
    lexicographically; for each, the i64 index of its first appearance
    (`indices`) and how often it appears (`counts`); for each slice of the
    input, the index of its equal in the result (`inverse`).

    - (C1) the input has rank 1 or more.
  }];
  let arguments = (ins Edge_NumberTensor:$input, UnitAttr:$sorted);
  let results = (outs Edge_NumberTensor:$result, Edge_IntegerTensor:$indices,
                      Edge_IntegerTensor:$inverse, Edge_IntegerTensor:$counts,
                      Edge_IntegerTensor:$count);
  let assemblyFormat = "$input attr-dict `:` functional-type(operands, results)";
}

def Edge_NonMaxSuppressionOp : Edge_InferredOp<"non_max_suppression"> {
  let summary = "the best boxes that do not overlap better ones (ONNX NonMaxSuppression)";
  let description = [{
    Boxes [batch, n, 4] are two opposite corners (y, x, y, x), or with
    `center_point_box` centre and size (x, y, w, h). Scores are [batch, classes, n]. For each batch
    and class, boxes in falling order of score (of equal ones the lower index
    first) are selected if the score is above `score_threshold` and no selected
    box's intersection over union with them exceeds `iou_threshold`, until
    `max_boxes` of them. Rows of `selected`,
    [batch * classes * min(n, bound), 3] of i64, are batch, class and box; `count` rows.

    - (C1) boxes are [batch, n, 4] and scores [batch, classes, n], with the same element type.
    - (C2) max_boxes is an i64 scalar; the thresholds are f32 scalars.
    - (C3) bound is not negative.
  }];
  let arguments = (ins Edge_FloatTensor:$boxes, Edge_FloatTensor:$scores,
                       Edge_IntegerTensor:$max_boxes, Edge_FloatTensor:$iou_threshold,
                       Edge_FloatTensor:$score_threshold, I64Attr:$bound,
                       UnitAttr:$center_point_box);
  let results = (outs Edge_IntegerTensor:$selected, Edge_IntegerTensor:$count);
  let assemblyFormat = [{
    $boxes `,` $scores `,` $max_boxes `,` $iou_threshold `,` $score_threshold attr-dict
    `:` functional-type(operands, results)
  }];
}

#endif
