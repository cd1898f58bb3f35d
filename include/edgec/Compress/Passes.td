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

#endif
