//===- EdgeInterfaces.td - interfaces of edge operations -*- tablegen -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_DIALECT_EDGE_EDGEINTERFACES_TD
#define EDGEC_DIALECT_EDGE_EDGEINTERFACES_TD

include "mlir/IR/OpBase.td"

def Edge_CostOpInterface : OpInterface<"CostOpInterface"> {
  let cppNamespace = "::edgec::edge";
  let description = [{
    What one execution of the operation costs, from its static shapes. The
    default is right for everything that moves or maps elements: no
    multiply-accumulates, every operand read and every result written once.
  }];
  let methods = [
    InterfaceMethod<"Multiply-accumulate operations.", "int64_t", "getMacs",
                    (ins), "", "return 0;">,
    InterfaceMethod<"Bytes read and written, constants included.", "int64_t",
                    "getBytes", (ins), "",
                    "return ::edgec::edge::operandAndResultBytes($_op);">,
    InterfaceMethod<"Elements of the operands that are parameters or constants.",
                    "int64_t", "getParameterCount", (ins), "",
                    "return ::edgec::edge::parameterElements($_op);">,
  ];
}

def Edge_ElementwiseOpInterface : OpInterface<"ElementwiseOpInterface"> {
  let cppNamespace = "::edgec::edge";
  let description = [{
    The result's element at an index depends on the operands' elements at that
    index only, after NumPy broadcasting of the operands. Layout changes,
    reshapes and fusion pass through such operations.
  }];
}

#endif
