//===- ElementwiseOps.td - maps over elements, with NumPy broadcasting -*- tablegen -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_DIALECT_EDGE_ELEMENTWISEOPS_TD
#define EDGEC_DIALECT_EDGE_ELEMENTWISEOPS_TD

include "edgec/Dialect/Edge/EdgeBase.td"

class Edge_ElementwiseOp<string mnemonic, list<Trait> traits = []>
    : Edge_Op<mnemonic, traits # [Pure, Edge_ElementwiseOpInterface]>;

/// Operands broadcast against each other; the result has the broadcast shape
/// and the element type of the last operand, or i1.
class Edge_BroadcastingOp<string mnemonic, list<Trait> traits = []>
    : Edge_ElementwiseOp<mnemonic, traits # [InferTypeOpAdaptor]> {
  string booleanResult = "false";
  let extraClassDefinition = [{
    ::mlir::LogicalResult $cppClass::inferReturnTypes(
        ::mlir::MLIRContext *context, ::std::optional<::mlir::Location> location,
        Adaptor adaptor, ::llvm::SmallVectorImpl<::mlir::Type> &inferred) {
      return ::edgec::edge::inferElementwise(
          location, adaptor.getOperands(), /*booleanResult=*/}] # booleanResult # [{, inferred);
    }
  }];
}

class Edge_UnaryOp<string mnemonic, Type operand, list<Trait> traits = []>
    : Edge_ElementwiseOp<mnemonic, traits # [SameOperandsAndResultType]> {
  let arguments = (ins operand:$input);
  let results = (outs operand:$result);
  let assemblyFormat = "$input attr-dict `:` type($input)";
}

class Edge_ScalarFunction<string mnemonic, Type operand, string formula>
    : Edge_UnaryOp<mnemonic, operand> {
  let summary = formula;
}

// Arithmetic.
def Edge_AbsOp : Edge_ScalarFunction<"abs", Edge_NumberTensor, "`|x|`">;
def Edge_NegOp : Edge_ScalarFunction<"neg", Edge_NumberTensor, "`-x`">;
def Edge_SignOp : Edge_ScalarFunction<"sign", Edge_NumberTensor, "the sign: -1, 0 or 1">;
def Edge_FloorOp : Edge_ScalarFunction<"floor", Edge_FloatTensor, "rounds down">;
def Edge_CeilOp : Edge_ScalarFunction<"ceil", Edge_FloatTensor, "rounds up">;
def Edge_RoundOp : Edge_ScalarFunction<"round", Edge_FloatTensor,
    "rounds to the nearest integer, ties to even">;
def Edge_ReciprocalOp : Edge_ScalarFunction<"reciprocal", Edge_FloatTensor, "`1 / x`">;
def Edge_SqrtOp : Edge_ScalarFunction<"sqrt", Edge_FloatTensor, "square root of x">;

// Transcendental functions.
def Edge_ExpOp : Edge_ScalarFunction<"exp", Edge_FloatTensor, "the exponential function">;
def Edge_LogOp : Edge_ScalarFunction<"log", Edge_FloatTensor, "natural logarithm of x">;
def Edge_ErfOp : Edge_ScalarFunction<"erf", Edge_FloatTensor, "the error function">;
def Edge_SinOp : Edge_ScalarFunction<"sin", Edge_FloatTensor, "sine of x (radians)">;
def Edge_CosOp : Edge_ScalarFunction<"cos", Edge_FloatTensor, "cosine of x (radians)">;
def Edge_AsinOp : Edge_ScalarFunction<"asin", Edge_FloatTensor, "arc sine of x (radians)">;
def Edge_AcosOp : Edge_ScalarFunction<"acos", Edge_FloatTensor, "arc cosine of x (radians)">;
def Edge_AtanOp : Edge_ScalarFunction<"atan", Edge_FloatTensor, "arc tangent of x (radians)">;
def Edge_SinhOp : Edge_ScalarFunction<"sinh", Edge_FloatTensor, "hyperbolic sine of x">;
def Edge_CoshOp : Edge_ScalarFunction<"cosh", Edge_FloatTensor, "hyperbolic cosine of x">;
def Edge_AsinhOp : Edge_ScalarFunction<"asinh", Edge_FloatTensor, "inverse hyperbolic sine of x">;
def Edge_AcoshOp : Edge_ScalarFunction<"acosh", Edge_FloatTensor, "inverse hyperbolic cosine of x">;
def Edge_AtanhOp : Edge_ScalarFunction<"atanh", Edge_FloatTensor, "inverse hyperbolic tangent of x">;
def Edge_TanhOp : Edge_ScalarFunction<"tanh", Edge_FloatTensor, "hyperbolic tangent of x">;

// Activations without attributes.
def Edge_ReluOp : Edge_ScalarFunction<"relu", Edge_NumberTensor, "`max(x, 0)`">;
def Edge_SigmoidOp : Edge_ScalarFunction<"sigmoid", Edge_FloatTensor, "`1 / (1 + exp(-x))`">;
def Edge_SoftplusOp : Edge_ScalarFunction<"softplus", Edge_FloatTensor, "`log(1 + exp(x))`">;
def Edge_SoftsignOp : Edge_ScalarFunction<"softsign", Edge_FloatTensor, "`x / (1 + |x|)`">;
def Edge_HardSwishOp : Edge_ScalarFunction<"hard_swish", Edge_FloatTensor,
    "`x * max(0, min(1, x / 6 + 0.5))`">;
def Edge_MishOp : Edge_ScalarFunction<"mish", Edge_FloatTensor, "`x * tanh(softplus(x))`">;

// Logic.
def Edge_NotOp : Edge_ScalarFunction<"not", Edge_IntegerOrBoolTensor,
    "the complement: logical for i1, of every bit for integers">;
def Edge_IsNanOp : Edge_BroadcastingOp<"is_nan"> {
  let summary = "whether x is not a number";
  let arguments = (ins Edge_FloatTensor:$input);
  let results = (outs Edge_BoolTensor:$result);
  let assemblyFormat = "$input attr-dict `:` functional-type(operands, results)";
  let booleanResult = "true";
}
def Edge_IsInfOp : Edge_BroadcastingOp<"is_inf"> {
  let summary = "whether x is infinite";
  let arguments = (ins Edge_FloatTensor:$input,
                       DefaultValuedAttr<BoolAttr, "true">:$detect_negative,
                       DefaultValuedAttr<BoolAttr, "true">:$detect_positive);
  let results = (outs Edge_BoolTensor:$result);
  let assemblyFormat = "$input attr-dict `:` functional-type(operands, results)";
  let booleanResult = "true";
}

// Activations with attributes.
def Edge_LeakyReluOp : Edge_UnaryOp<"leaky_relu", Edge_FloatTensor> {
  let summary = "`x` if `x >= 0`, else `alpha * x`";
  let arguments = (ins Edge_FloatTensor:$input, F64Attr:$alpha);
}
def Edge_EluOp : Edge_UnaryOp<"elu", Edge_FloatTensor> {
  let summary = "`x` if `x > 0`, else `alpha * (exp(x) - 1)`";
  let arguments = (ins Edge_FloatTensor:$input, F64Attr:$alpha);
}
def Edge_CeluOp : Edge_UnaryOp<"celu", Edge_FloatTensor> {
  let summary = "`max(0, x) + min(0, alpha * (exp(x / alpha) - 1))`";
  let arguments = (ins Edge_FloatTensor:$input, F64Attr:$alpha);
}
def Edge_SeluOp : Edge_UnaryOp<"selu", Edge_FloatTensor> {
  let summary = "`gamma * (x if x > 0, else alpha * (exp(x) - 1))`";
  let arguments = (ins Edge_FloatTensor:$input, F64Attr:$alpha, F64Attr:$gamma);
}
def Edge_ThresholdedReluOp : Edge_UnaryOp<"thresholded_relu", Edge_FloatTensor> {
  let summary = "`x` if `x > alpha`, else 0";
  let arguments = (ins Edge_FloatTensor:$input, F64Attr:$alpha);
}
def Edge_HardSigmoidOp : Edge_UnaryOp<"hard_sigmoid", Edge_FloatTensor> {
  let summary = "`max(0, min(1, alpha * x + beta))`";
  let arguments = (ins Edge_FloatTensor:$input, F64Attr:$alpha, F64Attr:$beta);
}
def Edge_GeluOp : Edge_UnaryOp<"gelu", Edge_FloatTensor> {
  let summary = "Gaussian error linear unit, by erf or by the tanh approximation";
  let arguments = (ins Edge_FloatTensor:$input, UnitAttr:$approximate_tanh);
}
def Edge_ClampOp : Edge_UnaryOp<"clamp", Edge_NumberTensor> {
  let summary = "`min(max(x, min), max)`";
  let description = [{
    Bounds that are infinite do not bind. For integers the bounds are exact
    integers within the element type's range, or infinite.

    - (C1) min is not NaN, max is not NaN.
    - (C2) finite bounds of an integer clamp are integers.
  }];
  let arguments = (ins Edge_NumberTensor:$input, F64Attr:$min, F64Attr:$max);
  let hasVerifier = 1;
}

// Two operands.
class Edge_BinaryOp<string mnemonic, Type operand, string formula, list<Trait> traits = []>
    : Edge_BroadcastingOp<mnemonic, traits # [SameOperandsElementType]> {
  let summary = formula;
  let arguments = (ins operand:$lhs, operand:$rhs);
  let results = (outs operand:$result);
  let assemblyFormat = "$lhs `,` $rhs attr-dict `:` functional-type(operands, results)";
}
def Edge_AddOp : Edge_BinaryOp<"add", Edge_NumberTensor, "`x + y`", [Commutative]> { let hasFolder = 1; }
def Edge_SubOp : Edge_BinaryOp<"sub", Edge_NumberTensor, "`x - y`"> { let hasFolder = 1; }
def Edge_MulOp : Edge_BinaryOp<"mul", Edge_NumberTensor, "`x * y`", [Commutative]> { let hasFolder = 1; }
def Edge_DivOp : Edge_BinaryOp<"div", Edge_NumberTensor,
    "`x / y`; truncated towards zero for integers, zero for a zero divisor"> { let hasFolder = 1; }
def Edge_ModOp : Edge_BinaryOp<"mod", Edge_NumberTensor,
    "remainder with the sign of the divisor, or of the dividend (`fmod`)"> {
  let arguments = (ins Edge_NumberTensor:$lhs, Edge_NumberTensor:$rhs, UnitAttr:$fmod);
}
def Edge_MaximumOp : Edge_BinaryOp<"maximum", Edge_NumberTensor,
    "the larger of x and y; NaN if either is", [Commutative]>;
def Edge_MinimumOp : Edge_BinaryOp<"minimum", Edge_NumberTensor,
    "the smaller of x and y; NaN if either is", [Commutative]>;
def Edge_AndOp : Edge_BinaryOp<"and", Edge_IntegerOrBoolTensor, "logical or bitwise and", [Commutative]>;
def Edge_OrOp : Edge_BinaryOp<"or", Edge_IntegerOrBoolTensor, "logical or bitwise or", [Commutative]>;
def Edge_XorOp : Edge_BinaryOp<"xor", Edge_IntegerOrBoolTensor,
    "logical or bitwise exclusive or", [Commutative]>;

def Edge_ShiftLeftOp : Edge_BinaryOp<"shift_left", Edge_IntegerTensor,
    "`x << y`; zero where y is not below the number of bits">;
def Edge_ShiftRightOp : Edge_BinaryOp<"shift_right", Edge_IntegerTensor,
    "`x >> y`, of bits; zero where y is not below the number of bits">;

def Edge_PowOp : Edge_BroadcastingOp<"pow"> {
  let summary = "`base` to the power `exponent`";
  let description = [{
    The result has the base's element type; the exponent may have another.
  }];
  let arguments = (ins Edge_NumberTensor:$base, Edge_NumberTensor:$exponent);
  let results = (outs Edge_NumberTensor:$result);
  let assemblyFormat = "$base `,` $exponent attr-dict `:` functional-type(operands, results)";
  let extraClassDefinition = [{
    ::mlir::LogicalResult $cppClass::inferReturnTypes(
        ::mlir::MLIRContext *context, ::std::optional<::mlir::Location> location,
        Adaptor adaptor, ::llvm::SmallVectorImpl<::mlir::Type> &inferred) {
      ::mlir::Value operands[] = {adaptor.getExponent(), adaptor.getBase()};
      return ::edgec::edge::inferElementwise(location, operands, false, inferred);
    }
  }];
}

def Edge_PReluOp : Edge_BinaryOp<"prelu", Edge_FloatTensor, "`x` if `x >= 0`, else `slope * x`">;

def Edge_CompareOp : Edge_BroadcastingOp<"compare"> {
  let summary = "compares two tensors";
  let description = [{
    Comparisons with NaN are false, but for `ne`.

    - (C1) lhs and rhs have the same element type.
  }];
  let arguments = (ins Edge_Tensor:$lhs, Edge_Tensor:$rhs,
                       Edge_ComparePredicateAttr:$predicate);
  let results = (outs Edge_BoolTensor:$result);
  let assemblyFormat = [{
    $predicate $lhs `,` $rhs attr-dict `:` functional-type(operands, results)
  }];
  let booleanResult = "true";
  let hasVerifier = 1;
}

def Edge_SelectOp : Edge_BroadcastingOp<"select"> {
  let summary = "`on_true` where the condition holds, else `on_false` (ONNX Where)";
  let description = [{
    - (C1) on_true and on_false have the same element type.
  }];
  let arguments = (ins Edge_BoolTensor:$condition, Edge_Tensor:$on_true, Edge_Tensor:$on_false);
  let results = (outs Edge_Tensor:$result);
  let assemblyFormat = [{
    $condition `,` $on_true `,` $on_false attr-dict `:` functional-type(operands, results)
  }];
  let hasVerifier = 1;
}

def Edge_CastOp : Edge_Op<"cast", [Pure, Edge_ElementwiseOpInterface, SameOperandsAndResultShape]> {
  let summary = "converts the element type";
  let description = [{
    Float to integer truncates towards zero and wraps into the target type by
    way of i64 (out of i64's range: the nearest bound); a NaN gives zero. To
    i1: whether the value is not zero. Float to a smaller float rounds to the
    nearest, ties to even.
  }];
  let arguments = (ins Edge_Tensor:$input);
  let results = (outs Edge_Tensor:$result);
  let assemblyFormat = "$input attr-dict `:` functional-type(operands, results)";
  let hasFolder = 1;
}

#endif
