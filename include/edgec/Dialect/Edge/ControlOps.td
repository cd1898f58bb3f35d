//===- ControlOps.td - constants, parameters and control flow -*- tablegen -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_DIALECT_EDGE_CONTROLOPS_TD
#define EDGEC_DIALECT_EDGE_CONTROLOPS_TD

include "edgec/Dialect/Edge/EdgeBase.td"
include "mlir/Interfaces/ControlFlowInterfaces.td"

def Edge_ConstantOp : Edge_Op<"constant", [Pure, ConstantLike,
    DeclareOpInterfaceMethods<InferTypeOpInterface>]> {
  let summary = "a tensor known at compile time";
  let description = [{
    Large values are `dense_resource` attributes.

    - (C1) the value's type is a tensor of static shape, and a blob that is there
         has the bytes that the type needs: one for a boolean.
  }];
  let arguments = (ins ElementsAttr:$value);
  let results = (outs Edge_Tensor:$result);
  let assemblyFormat = "attr-dict $value";
  let hasVerifier = 1;
  let hasFolder = 1;
}

def Edge_ParameterOp : Edge_Op<"parameter", [
    DeclareOpInterfaceMethods<InferTypeOpInterface>, MemoryEffects<[]>]> {
  let summary = "a weight with its name: a value that training may change";
  let description = [{
    An initializer of the source model. It is no constant: nothing folds
    through it until `--edge-freeze-parameters` turns it into one, so that
    passes that train or prune see weights where the model has them.

    - (C1) the value is as in `edge.constant`.

    ```mlir
    %w = edge.parameter "conv1.weight" dense_resource<conv1.weight> : tensor<8x3x3x3xf32>
    ```
  }];
  let arguments = (ins StrAttr:$name, ElementsAttr:$value);
  let results = (outs Edge_Tensor:$result);
  let assemblyFormat = "$name attr-dict $value";
  let hasVerifier = 1;
}

def Edge_YieldOp : Edge_Op<"yield", [Pure, Terminator,
    DeclareOpInterfaceMethods<RegionBranchTerminatorOpInterface>,
    ParentOneOf<["IfOp", "LoopOp"]>]> {
  let summary = "ends a region and gives its results";
  let arguments = (ins Variadic<Edge_Tensor>:$operands);
  let assemblyFormat = "attr-dict ($operands^ `:` type($operands))?";
}

def Edge_IfOp : Edge_Op<"if", [SingleBlock, NoRegionArguments, RecursiveMemoryEffects,
    DeclareOpInterfaceMethods<RegionBranchOpInterface>]> {
  let summary = "computes one of two regions";
  let description = [{
    Regions may use values of the surrounding function.

    - (C1) condition holds one element.
    - (C2) both regions yield the result types.
  }];
  let arguments = (ins Edge_BoolTensor:$condition);
  let results = (outs Variadic<Edge_Tensor>:$results);
  let regions = (region SizedRegion<1>:$thenRegion, SizedRegion<1>:$elseRegion);
  let assemblyFormat = [{
    $condition `:` functional-type(operands, results) attr-dict-with-keyword
    $thenRegion `else` $elseRegion
  }];
  let hasVerifier = 1;
  let hasCanonicalizer = 1;
}

def Edge_LoopOp : Edge_Op<"loop", [SingleBlock, RecursiveMemoryEffects,
    DeclareOpInterfaceMethods<RegionBranchOpInterface, ["getEntrySuccessorOperands"]>]> {
  let summary = "repeats a region, as ONNX Loop";
  let description = [{
    The region's arguments are the iteration number (i64 scalar) and the
    carried values; it yields whether to go on (i1 scalar), the carried values
    and one slice of every scan output. It runs while the iteration number is
    below `trip_count` and the condition holds. The results are the carried
    values and the scan outputs: slices stacked along a new first dimension,
    of an extent that `trip_count` does not exceed; those of iterations that the
    condition leaves out are zero.

    - (C1) trip_count and condition are scalars.
    - (C2) region arguments are an i64 scalar and the carried types.
    - (C3) yielded: an i1 scalar, the carried types, the scan slices.
    - (C4) results: the carried types, then [n] + slice shapes.
  }];
  let arguments = (ins Edge_IntegerTensor:$trip_count, Edge_BoolTensor:$condition,
                       Variadic<Edge_Tensor>:$carried);
  let results = (outs Variadic<Edge_Tensor>:$results);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = [{
    $trip_count `,` $condition (`,` $carried^)? `:` functional-type(operands, results)
    attr-dict-with-keyword $body
  }];
  let hasVerifier = 1;
  let hasRegionVerifier = 1;
}

#endif
