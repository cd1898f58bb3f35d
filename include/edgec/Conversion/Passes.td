//===- Passes.td - from the edge dialect to kernels and loops -*- tablegen -*-===//
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

#ifndef EDGEC_CONVERSION_PASSES_TD
#define EDGEC_CONVERSION_PASSES_TD

include "mlir/Pass/PassBase.td"

def EdgeLayout : Pass<"edge-layout", "::mlir::func::FuncOp"> {
  let summary = "Move channels last and transposes to the ends of the graph";
  let description = [{
    Convolutions, pools and local response normalisations get their channels as
    the last dimension, between two transposes. Transposes then move through
    operations that do not mind the order of dimensions: down where that does
    not add one, and up where it removes one; inverse pairs vanish, and those
    that only move unit dimensions become reshapes. Transposed constants are
    left to `--edge-fold-constants`.

    A channel shuffle (reshape, transpose, reshape) moves down through depthwise
    convolutions and what works on single elements, whose constants are put in
    the order of the channels before; a convolution of all channels takes it
    into its filter.

    @example test/Conversion/example-edge-layout.mlir
  }];
  let dependentDialects = ["::edgec::edge::EdgeDialect"];
}

def EdgeToKernel : Pass<"edge-to-kernel", "::mlir::func::FuncOp"> {
  let summary = "Lower convolutions and matrix products to kernel operations";
  let description = [{
    `edge.conv` becomes `tensor.pad` and `kernel.contract`, or
    `kernel.depthwise` where every channel is convolved on its own; `edge.matmul`
    becomes `kernel.contract`, with transposes of its operands taken into the
    maps. A grouped convolution of shuffled channels reads them where they are:
    its groups are windows of the groups that the shuffle interleaves. A bias is an extra operand of the epilogue. Kernels know signless
    integers only: unsigned operands pass through
    `builtin.unrealized_conversion_cast`, which `--edge-to-linalg` resolves, and
    are marked by `a_unsigned`, `b_unsigned`, `input_unsigned` or
    `filter_unsigned`.

    Convolutions without channels last get transposes around them. Shapes must
    be static: the message points at the first operation whose are not.

    @example test/Conversion/example-edge-to-kernel.mlir
  }];
  let dependentDialects = [
    "::edgec::edge::EdgeDialect", "::edgec::kernel::KernelDialect",
    "::mlir::arith::ArithDialect", "::mlir::tensor::TensorDialect",
  ];
}

def EdgeToLinalg : Pass<"edge-to-linalg", "::mlir::ModuleOp"> {
  let summary = "Lower the edge dialect to linalg, tensor, arith and scf";
  let description = [{
    Everything but contractions (`--edge-to-kernel` comes first): elementwise
    operations, reductions, windows and index computations become
    `linalg.generic`, moves of whole parts become `tensor` operations, control
    flow becomes `scf`. Unsigned element types become signless ones, in
    functions' signatures too. Half-precision elements are computed in f32.

    An operation without a lowering for its types, or with a dynamic shape, is
    an error at its location that says which and why. What the reference
    interpreter defines is what the loops compute; sums take in their terms in
    row-major order.

    @example test/Conversion/example-edge-to-linalg.mlir
  }];
  let dependentDialects = [
    "::edgec::kernel::KernelDialect", "::mlir::arith::ArithDialect",
    "::mlir::linalg::LinalgDialect", "::mlir::math::MathDialect",
    "::mlir::scf::SCFDialect", "::mlir::tensor::TensorDialect",
  ];
}

def EdgeFuse : Pass<"edge-fuse", "::mlir::func::FuncOp"> {
  let summary = "Fuse chains of elementwise linalg operations";
  let description = [{
    Producers of one use are computed inside their consumer where that repeats
    no work: not across a broadcast or into a reduction that reads an element
    more than once, unless the producer only moves elements. Reshapes between
    elementwise operations move out of the way. A dequantization is cheaper than
    floats in memory: all of its readers repeat it, unless one cannot.

    @example test/Conversion/example-edge-fuse.mlir
  }];
  let dependentDialects = [
    "::mlir::affine::AffineDialect", "::mlir::linalg::LinalgDialect",
    "::mlir::tensor::TensorDialect",
  ];
}

def KernelFuseEpilogue : Pass<"kernel-fuse-epilogue", "::mlir::func::FuncOp"> {
  let summary = "Take elementwise consumers into kernels' epilogues";
  let description = [{
    An elementwise `linalg.generic` that is the only reader of a kernel's result
    is computed where the result is stored. Its other operands, such as a
    residual, become extra operands of the kernel, or inputs of a
    `kernel.rowwise`.
    A transpose that leaves the columns last goes into the map of the kernel's
    result. A result with a second reader, or one that is read more than once
    an element or in another block, is stored as it is.

    With `narrowing-only` consumers are taken that need nothing but constants
    and lead to an element type of 8 bits. It comes before `--edge-fuse`: where
    two kernels meet in a sum, each then stores its quantized result, and not
    one of them its wide sums.

    @example test/Conversion/example-kernel-fuse-epilogue.mlir
  }];
  let options = [
    Option<"narrowingOnly", "narrowing-only", "bool", /*default=*/"false",
           "Take only what leads to 8-bit elements">,
  ];
  let dependentDialects = ["::edgec::kernel::KernelDialect",
                           "::mlir::tensor::TensorDialect"];
}

def ReportFloats : Pass<"edge-report-floats", "::mlir::func::FuncOp"> {
  let summary = "Name the float tensors that a quantized model stores";
  let description = [{
    Emits a remark for every operation of a function with integer kernels that
    stores floats, other than the function's results, and says why: a reduction
    that reads a tensor more than once, a kernel of floats, several readers.
    Runs after `--kernel-fuse-epilogue`, when what is left is what will be in
    memory. Changes nothing.

    @example test/Conversion/report-floats.mlir
  }];
}

#endif
