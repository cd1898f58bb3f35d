//===- SamplingOps.td - interpolation at run-time positions -*- tablegen -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_DIALECT_EDGE_SAMPLINGOPS_TD
#define EDGEC_DIALECT_EDGE_SAMPLINGOPS_TD

include "edgec/Dialect/Edge/EdgeBase.td"

def Edge_GridPadding : Edge_Enum<"GridPadding",
    "what positions outside the input read", ["zeros", "border", "reflection"]>;
def Edge_GridPaddingAttr : Edge_EnumAttr<Edge_GridPadding, "grid_padding">;

def Edge_RoiKind : Edge_Enum<"RoiKind", "how the samples of a bin combine", ["avg", "max"]>;
def Edge_RoiKindAttr : Edge_EnumAttr<Edge_RoiKind, "roi">;

def Edge_GridSampleOp : Edge_InferredOp<"grid_sample"> {
  let summary = "reads a tensor at the positions of a grid (ONNX GridSample)";
  let description = [{
    Input [N, C, d...], grid [N, e..., s] for s spatial dimensions, result
    [N, C, e...]. A position has the last spatial coordinate first, from -1 to
    1 over the input's extent: between the centres of the outermost elements
    with `align_corners`, between their outer edges without.

    - (C1) input has s spatial dimensions, s at least 1; the grid has rank s + 2
         and s coordinates.
    - (C2) batch extents are equal.
    - (C3) cubic mode has two spatial dimensions.
    - (C4) no spatial extent of the input is zero.
  }];
  let arguments = (ins Edge_FloatTensor:$input, Edge_FloatTensor:$grid,
                       Edge_ResizeModeAttr:$mode, Edge_GridPaddingAttr:$padding,
                       UnitAttr:$align_corners);
  let results = (outs Edge_FloatTensor:$result);
  let assemblyFormat = "$input `,` $grid attr-dict `:` functional-type(operands, results)";
}

def Edge_RoiAlignOp : Edge_InferredOp<"roi_align"> {
  let summary = "pools regions of interest by interpolation (ONNX RoiAlign)";
  let description = [{
    Input [N, C, h, w], regions [R, 4] (x, y, x, y), batch indices [R] of i64,
    result [R, C, height, width]. A bin takes `sampling_ratio` samples in each
    direction; zero means as many as the region's extent over the result's,
    rounded up, at most 1024. `half_pixel` moves regions by half an element.

    - (C1) input has rank 4, rois are [R, 4], batch_indices [R] of i64.
    - (C2) height and width are positive, sampling_ratio is not negative.
    - (C3) input and rois have the same element type; no extent of the input is zero.
  }];
  let arguments = (ins Edge_FloatTensor:$input, Edge_FloatTensor:$rois,
                       Edge_IntegerTensor:$batch_indices, Edge_RoiKindAttr:$kind,
                       I64Attr:$height, I64Attr:$width, I64Attr:$sampling_ratio,
                       F64Attr:$spatial_scale, UnitAttr:$half_pixel);
  let results = (outs Edge_FloatTensor:$result);
  let assemblyFormat = [{
    $kind $input `,` $rois `,` $batch_indices attr-dict `:` functional-type(operands, results)
  }];
}

#endif
