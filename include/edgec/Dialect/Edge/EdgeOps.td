//===- EdgeOps.td - all operations of the edge dialect -*- tablegen -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_DIALECT_EDGE_EDGEOPS_TD
#define EDGEC_DIALECT_EDGE_EDGEOPS_TD

include "edgec/Dialect/Edge/ContractionOps.td"
include "edgec/Dialect/Edge/ControlOps.td"
include "edgec/Dialect/Edge/ElementwiseOps.td"
include "edgec/Dialect/Edge/IndexingOps.td"
include "edgec/Dialect/Edge/NormalizationOps.td"
include "edgec/Dialect/Edge/QuantOps.td"
include "edgec/Dialect/Edge/ReductionOps.td"
include "edgec/Dialect/Edge/SamplingOps.td"
include "edgec/Dialect/Edge/ShapeOps.td"

#endif
