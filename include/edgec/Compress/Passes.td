//===- Passes.td - passes that make models smaller -*- tablegen -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A line `@example FILE` in a description stands for that test, which the
// reference pages in docs/generated quote.
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_COMPRESS_PASSES_TD
#define EDGEC_COMPRESS_PASSES_TD

include "mlir/Pass/PassBase.td"

def InsertObserversPass : Pass<"edge-insert-observers", "::mlir::ModuleOp"> {
  let summary = "mark the tensors that a quantization needs ranges of";
  let description = [{
    An `edge.observe` is put behind every f32 activation that is to be stored as
    integers, in regions too:

    - what a convolution or matrix product reads, and what else is computed for
      one: sums, pools, joined tensors;
    - not what the loop that computes it goes on with, as a relu behind a
      convolution, one operand of a sum, softmax and layer normalisation: those
      see floats, and only their results are stored;
    - not results of operations that select elements, which are quantized as
      what they are taken from, nor operands of a concatenation, which get the
      scale of the whole;
    - not what no convolution or matrix product follows: outputs stay float.

    Points are numbered in the order of the program, those that `keep-float`
    leaves out included: ranges of one calibration serve any choice of layers.
    Comes when batch norms are folded.

    @example test/Compress/insert-observers.mlir
  }];
  let options = [
    ListOption<"keepFloat", "keep-float", "std::string",
               "Names of convolutions and matrix products that stay float, and "
               "of gathers whose tables do">,
  ];
  let dependentDialects = ["::edgec::edge::EdgeDialect"];
}

def CalibratePass : Pass<"edge-calibrate", "::mlir::ModuleOp"> {
  let summary = "find the ranges of the observed tensors on samples";
  let description = [{
    Interprets the function that has observation points, which takes one tensor
    of f32, on samples from a .npy file, stacked along the first axis, and writes
    the range of what each point saw into it. Points that no sample reached are
    erased, with a warning.

    The `edgec` commands do the same with compiled code, and read samples of
    other formats.

    @example test/Compress/calibrate.mlir
  }];
  let options = [
    Option<"data", "data", "std::string", /*default=*/"",
           "The file of samples">,
    Option<"samples", "samples", "int64_t", /*default=*/"256",
           "The most samples that are used">,
    Option<"range", "range", "std::string", /*default=*/"\"percentile\"",
           "What is represented: minmax, percentile or mse">,
  ];
}

def QuantizePass : Pass<"edge-quantize", "::mlir::ModuleOp"> {
  let summary = "quantize the observed tensors and the weights that meet them";
  let description = [{
    A tensor at an observation point with a range is rounded to ui8, with one
    scale and zero point: everything that reads it reads
    `dequantize(quantize(x))`. Filters of convolutions and right operands of
    matrix products that multiply such a tensor become constants of i8 in
    symmetric ranges, with a scale an output channel, and biases of i32 in steps
    of the products.

    The zero point of a tensor that only products of activations read, as their
    right operand, is 128: they then need no sums of the left one's rows.

    With `rounding=gptq`, weights are not rounded each by itself, but so that the
    sums differ least, as measured by the second moments of a layer's inputs:
    one after the other, where those that follow make up for the error, and then
    by descent on single integers. Scales for 4 and 2 bits are chosen so as well.
    Moments are given where the pass is created; what has none counts as
    multiplied with independent inputs.

    `bias-correction` adds to each bias what the rounding of the weights takes
    from the mean of the sums, as far as the means of inputs are given.

    The result has the form of ONNX's QDQ models, and the passes for these make
    integer kernels of it: `--edge-propagate-quantization`,
    `--edge-integer-contractions` and `--edge-merge-scales`. Weights of 4 and 2
    bits are i8 with small values until they are packed. Layers of `layer-bits`
    have weights of their own number of bits; depthwise filters have 8, and so
    do others with less than 8 input channels unless they are named.

    With `activations=f32` weights alone are quantized, and multiplied with
    floats: no tensor needs a range, and biases stay as they are. Layers of
    `keep-float` and depthwise filters keep their weights. With
    `activations=int16` tensors are stored in 16 bits before they are multiplied
    in the same way.

    A layer whose sums would be less than `layer-sqnr` decibels above what the
    rounding of its weights to 4 or 2 bits adds to them, in mean squares over
    the inputs that the moments are of, gets 8 bits, with a remark, unless it is
    named in `layer-bits`.

    Constants of f32 that `edge.gather` picks rows of, along their first
    dimension, as tables of embeddings, become integers too, with a scale a row
    (or one, with `per-tensor`). Where a filter is such a table, both read the
    same integers. Of few bits they take those in which a row is whole bytes.
    Left in float, with a remark, are tables of less than `smallest-table` bytes
    or 8 elements a row, and those that something else reads as floats.

    `group` neighbours along the inputs of a channel then have a scale each:
    those of a row of a matrix product, or the input channels of each tap of a
    convolution, all of them where there are fewer. A convolution with less than
    8 input channels has a scale an output channel, with a remark. Blocks are
    those of ONNX's DequantizeLinear with a block_size.

    With `keep-points` the observation points stay, behind the quantization: they
    then show how far the quantized model's tensors are from the float one's.

    @example test/Compress/quantize.mlir

    @example test/Compress/quantize-rounding.mlir

    @example test/Compress/quantize-weights-only.mlir

    @example test/Compress/quantize-int16.mlir

    @example test/Compress/quantize-tables.mlir
  }];
  let options = [
    Option<"weightBits", "weight-bits", "unsigned", /*default=*/"8",
           "Bits of a weight: 8, 4 or 2">,
    ListOption<"layerBits", "layer-bits", "std::string",
               "LAYER=BITS: bits of the weights of a convolution or product, or of "
           "the table of a gather">,
    Option<"layerSqnr", "layer-sqnr", "double", /*default=*/"0",
           "Decibels between a layer's sums and what rounding its weights adds; "
           "with less it gets 8 bits; 0: any">,
    Option<"smallestTable", "smallest-table", "int64_t",
           /*default=*/"smallestTableBytes",
           "Bytes of a table of embeddings; smaller ones stay float">,
    Option<"keepPoints", "keep-points", "bool", /*default=*/"false",
           "Leave the observation points, on what was quantized">,
    Option<"perTensor", "per-tensor", "bool", /*default=*/"false",
           "One scale for all output channels of a filter">,
    Option<"activations", "activations", "std::string",
           /*default=*/"\"int8\"",
           "What activations are stored as: int8, int16 or f32">,
    Option<"group", "group", "int64_t", /*default=*/"0",
           "Inputs of a channel that share a scale, a multiple of 4; 0: all">,
    ListOption<"keepFloat", "keep-float", "std::string",
               "Names of layers whose weights are not quantized, with "
               "activations=f32, and of gathers whose tables are not">,
    Option<"rounding", "rounding", "std::string", /*default=*/"\"nearest\"",
           "How weights are rounded: nearest or gptq">,
    Option<"biasCorrection", "bias-correction", "bool", /*default=*/"false",
           "Make up in biases for what rounding moves the means of sums by">,
  ];
  let dependentDialects = ["::edgec::edge::EdgeDialect"];
}

def StoreWeightsPass : Pass<"edge-store-weights", "::mlir::ModuleOp"> {
  let summary = "store weights in 16 bits";
  let description = [{
    Constant f32 filters of convolutions, matrices of products and tables of
    `edge.gather` become constants of f16 or bf16, rounded to the nearest value,
    ties to even, and an `edge.cast` back to f32: everything is computed in f32
    as before, from weights that take half the memory. The cast after a gather
    is that of the gathered rows. Kernels widen the elements as they load them.

    A finite weight that becomes infinite is an error: f16 ends at 65504.

    Stays in f32: what is computed at run time, splats, depthwise filters (small,
    and read in another order), biases, and a constant left operand of a matrix
    product unless the right one is a vector. `max-uses` leaves out contractions
    that multiply with every weight more often than that in one run.

    Comes after batch normalisations are folded. `--edge-fold-constants` would
    undo it, unless its `fold-widening` is off.

    @example test/Compress/store-weights.mlir
  }];
  let options = [
    Option<"type", "type", "std::string", /*default=*/"\"f16\"",
           "What weights are stored in: f16 or bf16">,
    Option<"maxUses", "max-uses", "int64_t", /*default=*/"0",
           "The most multiplications with one weight in a run; 0: any number">,
  ];
  let dependentDialects = ["::edgec::edge::EdgeDialect"];
}

def PackWeightsPass : Pass<"edge-pack-weights", "::mlir::ModuleOp"> {
  let summary = "store weights of few bits in 4 or 2 bits";
  let description = [{
    Constant weights of convolutions and matrix products, all of which fit in 2
    or 4 bits, are packed: the constant holds several in a byte, and
    `edge.unpack` gives the bytes of before. Kernels read them as they are
    stored, and no result changes. The weights are integers that are multiplied
    by integers, or that `edge.dequantize` makes floats by one scale, one an
    output channel, or one a block along the last contracted dimension; their
    zero points are subtracted.

    Tables of such integers that `edge.gather` picks rows of are packed a row at
    a time, and unpacked behind it. Byte j of a row has element j of each half,
    or quarter, of the row: neighbours in bytes become neighbours.

    Whether weights fit is seen from their values: those of 8 bits fill their
    range in every channel, so that no others are found. Of those that are
    dequantized, zero points are subtracted all the same, where that leaves i8.

    Stays as it is: what is computed at run time, splats, depthwise filters
    (small, and read in another order), and left operands of products.

    Comes right before kernels are made, when no pass moves elements of weights
    any more. Before, `--edge-fold-constants` has to leave dequantized weights,
    with its `fold-low-bits` off.

    @example test/Compress/pack-weights.mlir

    @example test/Compress/pack-tables.mlir
  }];
  let dependentDialects = ["::edgec::edge::EdgeDialect"];
}

#endif
