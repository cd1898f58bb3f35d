//===- Passes.td - passes on the edge dialect -*- tablegen -*-===//
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

#ifndef EDGEC_DIALECT_EDGE_PASSES_TD
#define EDGEC_DIALECT_EDGE_PASSES_TD

include "mlir/Pass/PassBase.td"

def FreezeParametersPass : Pass<"edge-freeze-parameters", "::mlir::ModuleOp"> {
  let summary = "turn parameters into constants";
  let description = [{
    Replaces every `edge.parameter` by an `edge.constant` of the same value. To
    be run once the weights are final: constants are folded, packed and stored,
    parameters are not. The name goes into the constant's location.

    @example test/Dialect/Edge/freeze-parameters.mlir
  }];
  let dependentDialects = ["::edgec::edge::EdgeDialect"];
}

def FoldConstantsPass : Pass<"edge-fold-constants", "::mlir::ModuleOp"> {
  let summary = "compute operations whose operands are all constants";
  let description = [{
    Operations on `edge.constant` operands are computed by the reference
    interpreter, so that folding cannot change what a model computes; a reshape
    of a constant shares its bytes. What would cost more than it saves stays: a
    result that is much larger than what it is computed from (a broadcast), a
    contraction that would keep the interpreter busy for long, and whatever
    makes all constants together grow beyond `max-growth` times their size.

    Constants that lose their last use are erased, and the bytes of their
    resources freed: no other module of the context may still need them.

    @example test/Dialect/Edge/fold-constants.mlir
  }];
  let options = [
    Option<"maxElements", "max-elements", "int64_t", /*default=*/"1 << 28",
           "Largest result to compute, in elements">,
    Option<"maxGrowth", "max-growth", "int64_t", /*default=*/"4",
           "Largest result to compute, as a multiple of its operands' bytes; "
           "up to 64 KiB are always allowed">,
    Option<"foldDequantize", "fold-dequantize", "bool", /*default=*/"true",
           "Also compute edge.dequantize: quantized weights become float">,
    Option<"foldWidening", "fold-widening", "bool", /*default=*/"true",
           "Also compute edge.cast from f16 and bf16 to f32: weights that are "
           "stored in 16 bits take 32">,
    Option<"foldLowBits", "fold-low-bits", "bool", /*default=*/"true",
           "Also compute edge.dequantize of the weights of contractions that "
           "kernels multiply with floats as i8, or in 4 or 2 bits: they take "
           "32">,
  ];
  let dependentDialects = ["::edgec::edge::EdgeDialect"];
}

def StoreActivationsPass : Pass<"edge-store-activations", "::mlir::ModuleOp"> {
  let summary = "quantize activations to the integers that instructions multiply";
  let description = [{
    A ui8 and its zero point stand for the same value as an i8 and a zero point
    that are both 128 less. Activations that convolutions and matrix products
    have on the left get the type that the target's instructions take there:
    `sdot` of AArch64 i8, `vpdpbusd` of x86 ui8. Otherwise the sign bits would be
    flipped after each load in the loops of sums. What is on the right only
    becomes i8, for any target.

    Tensors between which elements are only moved change together, so that they
    still are only moved. They stay as they are if one of them is an input or an
    output of the model, or a constant, and where products have them on both
    sides, but for `left=i8`. Comes before `--edge-propagate-quantization`, after
    which other operations read integers, too.

    @example test/Dialect/Edge/store-activations.mlir
  }];
  let options = [
    Option<"left", "left", "std::string", /*default=*/"\"any\"",
           "Of activations on the left of products: i8, ui8 or any">,
  ];
  let dependentDialects = ["::edgec::edge::EdgeDialect"];
}

def PropagateQuantizationPass : Pass<"edge-propagate-quantization", "::mlir::ModuleOp"> {
  let summary = "move elements as integers where tensors are quantized";
  let description = [{
    Operations that only move or select elements (reshapes, transposes, slices,
    gathers, concatenations, pads, max pools, resizes to the nearest element)
    work on the integers of tensors with one scale: `edge.dequantize` moves
    behind them and `edge.quantize` before them. A dequantization that meets a
    quantization with the same scale and zero point vanishes with it; one that
    meets another becomes a change of scale. A relu that the quantized range
    implies goes. No element changes.

    Rows of a constant table with a scale a row, as of embeddings, are gathered
    as integers, and so are their scales: nothing makes floats of the table.

    Tensors of different scales are rescaled before they are joined, where they
    are computed. Comes before `--edge-integer-contractions`.

    @example test/Dialect/Edge/propagate-quantization.mlir

    @example test/Dialect/Edge/gather-quantized.mlir
  }];
  let dependentDialects = ["::edgec::edge::EdgeDialect"];
}

def TabulatePass : Pass<"edge-tabulate", "::mlir::ModuleOp"> {
  let summary = "compute functions of one quantized tensor at compile time";
  let description = [{
    What elementwise operations and constants compute from one tensor of i8 or
    ui8, from its `edge.dequantize` to an `edge.quantize` to 8 bits, has 256
    values. Where it holds a transcendental function, or as much arithmetic,
    it becomes an `edge.lookup` in a table that the reference interpreter
    computes: no bit changes. Quantizations on the way belong to it, as those of
    a GELU that was exported operation by operation.

    Cheaper chains stay, as the loop that computes their input also computes
    them. Comes before `--edge-integer-contractions`.

    @example test/Dialect/Edge/tabulate.mlir
  }];
  let dependentDialects = ["::edgec::edge::EdgeDialect"];
}

def IntegerContractionsPass : Pass<"edge-integer-contractions", "::mlir::ModuleOp"> {
  let summary = "compute contractions of quantized tensors in integers";
  let description = [{
    A convolution or matrix product of an activation that `edge.dequantize`
    computes from i8 or ui8, with one scale, and of a filter that it computes
    from a constant, with one scale or one an output channel, becomes the
    product of the integers, accumulated in i32, and an `edge.dequantize` of the
    result by f32(sx * sw). What the input's zero point adds to every sum is
    subtracted by an i32 bias; a border is padded with it. The filter's zero
    points are subtracted from its elements. A bias that is quantized by sx * sw
    is added in integers, any other after the sums are dequantized. Sums that
    i32 might not hold stay floating-point. An average pool is a convolution of
    every channel with ones, a mean or sum an integer sum with a scale.

    A product of two such activations becomes the product of their integers as
    well: sums of rows and columns, computed at run time, make up for zero
    points.

    Comes before `--edge-fold-constants`, which would make filters
    floating-point.

    A remark tells why another convolution or product of a quantized model is
    computed in floats.

    @example test/Dialect/Edge/integer-contractions.mlir
  }];
  let dependentDialects = ["::edgec::edge::EdgeDialect"];
}

def MergeScalesPass : Pass<"edge-merge-scales", "::mlir::ModuleOp"> {
  let summary = "compute between quantized tensors in quantized steps";
  let description = [{
    `quantize(f(dequantize(x, s)), t)` becomes
    `quantize(f(dequantize(x, s / t)), 1)` for maxima, averages, interpolations,
    and for sums and products with constants, which are divided by `t` as well
    or multiplied into the scales: no division is left, every quotient is
    rounded once to single precision, and so is each step of `f`. For the sums
    of a convolution that is one multiplication by `f32(f32(sx * sw) / sy)`. A
    relu or clamp right before the quantization is brought to quantized steps,
    or dropped where the quantized range is narrower.

    Against the float reading of the model a result can differ by one step. The
    sum of two activations keeps that reading, and so does a value that comes
    from elsewhere: it is divided.

    @example test/Dialect/Edge/merge-scales.mlir
  }];
  let dependentDialects = ["::edgec::edge::EdgeDialect"];
}

def FoldBatchNormPass : Pass<"edge-fold-batch-norm", "::mlir::ModuleOp"> {
  let summary = "fold batch normalisations into the weights before them";
  let description = [{
    A chain of `edge.batch_norm` and of `edge.add`, `edge.sub`, `edge.mul` and
    `edge.div` with constants by channel, after a convolution or matrix product
    with a constant filter, is one scale and shift a channel. They are composed
    in double precision and multiplied into the filter and the bias (added
    after a matrix product), each of which is rounded once. Every operation of
    the chain must be the only use of the one before it.

    Other batch normalisations with constant parameters become a multiplication
    and an addition. Bytes of weights that are replaced are freed, as by
    `--edge-fold-constants`.

    @example test/Dialect/Edge/fold-batch-norm.mlir
  }];
  let dependentDialects = ["::edgec::edge::EdgeDialect"];
}

def RecognisePass : Pass<"edge-recognise", "::mlir::ModuleOp"> {
  let summary = "recognise operations that source models spell out";
  let description = [{
    Exporters write operations that their format lacks in pieces. Such chains
    become one operation:

    - `edge.gelu`: 0.5 x (1 + erf(x / sqrt(2))), in any order of the factors,
      and its approximation 0.5 x (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3)));
    - `edge.layer_norm`: (x - mean) / sqrt(variance + epsilon) over the last
      dimensions, and a multiplication and an addition behind it;
    - `edge.softmax`: exp(x - max) / sum along one dimension.

    Constants are matched to six digits and have to be f32. Pieces that
    something else reads stay.

    @example test/Dialect/Edge/recognise.mlir
  }];
  let dependentDialects = ["::edgec::edge::EdgeDialect"];
}

def SpecialiseBatchPass : Pass<"edge-specialise-batch", "::mlir::ModuleOp"> {
  let summary = "copy functions for fewer samples than the largest batch";
  let description = [{
    The first dimension of an argument with `edge.batch` holds samples, up to so
    many as its extent says. Gets the function a copy for every smaller power
    of two, of which any number of samples can be made up; all read the same
    weights. `edge.batch_variants` lists them, largest first, and results whose
    first dimension holds samples get `edge.batch`.

    That is right if every sample of the results depends on the same sample of
    the arguments alone, and is proved operation by operation: samples are
    followed through the function as a part of one dimension of each
    value. What mixes them, or is not known not to, is an error. Constants
    and broadcasts that hold the same for every sample are shortened.

    @example test/Dialect/Edge/specialise-batch.mlir
  }];
  let dependentDialects = ["::edgec::edge::EdgeDialect"];
}

#endif
