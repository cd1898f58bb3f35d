//===- EdgeDialect.td - the edge dialect -*- tablegen -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_DIALECT_EDGE_EDGEDIALECT_TD
#define EDGEC_DIALECT_EDGE_EDGEDIALECT_TD

include "mlir/IR/OpBase.td"

def Edge_Dialect : Dialect {
  let name = "edge";
  let cppNamespace = "::edgec::edge";
  let summary = "Neural-network operations on tensors";
  let description = [{
    Neural-network operations in value semantics, with ONNX's meaning after
    normalisation: opset versions are unified, what can be said by a few
    operations has no operation of its own, and every shape parameter (axes,
    pads, slices) is an attribute. Element types are signless integers for
    signed numbers and `ui8` ... `ui64` for unsigned ones; `i1` is a boolean.

    Shapes are static where code is generated. Weights are `edge.parameter`
    until they are frozen into `edge.constant`.
  }];
  let hasConstantMaterializer = 1;
  let useDefaultAttributePrinterParser = 1;
  let dependentDialects = ["::mlir::quant::QuantizationDialect"];
}

#endif
