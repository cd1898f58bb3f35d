//===- EdgeBase.td - types, enumerations and base classes -*- tablegen -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_DIALECT_EDGE_EDGEBASE_TD
#define EDGEC_DIALECT_EDGE_EDGEBASE_TD

include "edgec/Dialect/Edge/EdgeDialect.td"
include "edgec/Dialect/Edge/EdgeInterfaces.td"
include "mlir/IR/EnumAttr.td"
include "mlir/Interfaces/InferTypeOpInterface.td"
include "mlir/Interfaces/SideEffectInterfaces.td"

//===----------------------------------------------------------------------===//
// Types
//===----------------------------------------------------------------------===//

def Edge_Element : Type<CPred<"::edgec::edge::isElementType($_self)">,
    "f16, bf16, f32, f64, i1, i8 to i64, ui8 to ui64 or quantized element">;
def Edge_Float : Type<CPred<"::llvm::isa<::mlir::FloatType>($_self)">, "float element">;
def Edge_Integer : Type<CPred<"::edgec::edge::isIntegerElement($_self)">,
    "integer element (i8 to i64, ui8 to ui64)">;
def Edge_Number : Type<Or<[Edge_Float.predicate, Edge_Integer.predicate]>,
    "float or integer element">;
def Edge_Bool : Type<CPred<"$_self.isInteger(1)">, "i1 element">;
def Edge_IntegerOrBool : Type<Or<[Edge_Integer.predicate, Edge_Bool.predicate]>,
    "integer or i1 element">;

def Edge_Tensor : RankedTensorOf<[Edge_Element]>;
def Edge_FloatTensor : RankedTensorOf<[Edge_Float]>;
def Edge_NumberTensor : RankedTensorOf<[Edge_Number]>;
def Edge_IntegerTensor : RankedTensorOf<[Edge_Integer]>;
def Edge_IntegerOrBoolTensor : RankedTensorOf<[Edge_IntegerOrBool]>;
def Edge_BoolTensor : RankedTensorOf<[Edge_Bool]>;

//===----------------------------------------------------------------------===//
// Enumerations
//===----------------------------------------------------------------------===//

class Edge_Enum<string name, string summary, list<string> cases>
    : I32EnumAttr<name, summary,
        !foreach(i, !range(!size(cases)),
                 I32EnumAttrCase<cases[i], i, cases[i]>)> {
  let cppNamespace = "::edgec::edge";
  let genSpecializedAttr = 0;
}
class Edge_EnumAttr<EnumAttrInfo info, string mnemonic>
    : EnumAttr<Edge_Dialect, info, mnemonic> {
  let assemblyFormat = "`<` $value `>`";
}

def Edge_Layout : Edge_Enum<"Layout",
    "where the channels of a spatial tensor are: after the batch (nchw, with any "
    "number of spatial dimensions) or last (nhwc)", ["nchw", "nhwc"]>;
def Edge_LayoutAttr : Edge_EnumAttr<Edge_Layout, "layout">;

def Edge_ComparePredicate : Edge_Enum<"ComparePredicate", "comparison",
    ["eq", "ne", "lt", "le", "gt", "ge"]>;
def Edge_ComparePredicateAttr : Edge_EnumAttr<Edge_ComparePredicate, "predicate">;

def Edge_ReduceKind : Edge_Enum<"ReduceKind", "reduction",
    ["sum", "mean", "max", "min", "prod", "l1", "l2", "sum_square",
     "log_sum", "log_sum_exp"]>;
def Edge_ReduceKindAttr : Edge_EnumAttr<Edge_ReduceKind, "reduce">;

def Edge_ArgKind : Edge_Enum<"ArgKind", "arg-reduction", ["max", "min"]>;
def Edge_ArgKindAttr : Edge_EnumAttr<Edge_ArgKind, "arg">;

def Edge_PadMode : Edge_Enum<"PadMode", "what padding is filled with",
    ["constant", "edge", "reflect", "wrap"]>;
def Edge_PadModeAttr : Edge_EnumAttr<Edge_PadMode, "pad_mode">;

def Edge_ResizeMode : Edge_Enum<"ResizeMode", "interpolation",
    ["nearest", "linear", "cubic"]>;
def Edge_ResizeModeAttr : Edge_EnumAttr<Edge_ResizeMode, "resize_mode">;

def Edge_CoordinateMode : Edge_Enum<"CoordinateMode",
    "how an output coordinate maps to an input coordinate (ONNX Resize)",
    ["half_pixel", "half_pixel_symmetric", "pytorch_half_pixel",
     "align_corners", "asymmetric", "tf_half_pixel_for_nn", "tf_crop_and_resize"]>;
def Edge_CoordinateModeAttr : Edge_EnumAttr<Edge_CoordinateMode, "coordinates">;

def Edge_NearestMode : Edge_Enum<"NearestMode", "rounding of nearest-neighbour coordinates",
    ["round_prefer_floor", "round_prefer_ceil", "floor", "ceil"]>;
def Edge_NearestModeAttr : Edge_EnumAttr<Edge_NearestMode, "nearest_mode">;

//===----------------------------------------------------------------------===//
// Base classes
//===----------------------------------------------------------------------===//

/// `costs` names the methods of CostOpInterface that the operation answers
/// better than the default.
class Edge_Op<string mnemonic, list<Trait> traits = [], list<string> costs = []>
    : Op<Edge_Dialect, mnemonic, traits # [
        DeclareOpInterfaceMethods<Edge_CostOpInterface, costs>]>;

/// An operation without side effects whose result types follow from its
/// operands and attributes. Inference checks the constraints, and the verifier
/// is inference: an importer that infers learns of every mistake.
class Edge_InferredOp<string mnemonic, list<Trait> traits = [], list<string> costs = []>
    : Edge_Op<mnemonic, traits # [Pure, InferTypeOpAdaptor], costs>;

#endif
