//===- QuantOps.td - conversions between float and quantized tensors -*- tablegen -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_DIALECT_EDGE_QUANTOPS_TD
#define EDGEC_DIALECT_EDGE_QUANTOPS_TD

include "edgec/Dialect/Edge/EdgeBase.td"

def Edge_QuantizeOp : Edge_Op<"quantize", [Pure,
    AllShapesMatch<["input", "result"]>]> {
  let summary = "`saturate(roundeven(x / scale) + zero_point)`, as ONNX QuantizeLinear";
  let description = [{
    `axis` matters when scale has more than one element.

    - (C1) scale and zero_point are scalars, or [input.shape[axis]].
    - (C2) zero_point has the result's element type.
  }];
  let arguments = (ins Edge_FloatTensor:$input, Edge_FloatTensor:$scale,
                       Edge_IntegerTensor:$zero_point,
                       DefaultValuedAttr<I64Attr, "0">:$axis);
  let results = (outs Edge_IntegerTensor:$result);
  let assemblyFormat = [{
    $input `,` $scale `,` $zero_point attr-dict `:` functional-type(operands, results)
  }];
  let hasVerifier = 1;
}

def Edge_ObserveOp : Op<Edge_Dialect, "observe", [
    MemoryEffects<[MemWrite<DefaultResource>]>]> {
  let summary = "shows a tensor to whoever calibrates";
  let description = [{
    An observation point. The interpreter hands the tensor to its observer, and
    compiled code to the context's hook, under the number `point`.

    What calibration finds is written here: the range [`low`, `high`] of the
    values, which the quantization then has to represent. 0 lies in it.

    - (C1) low and high are both there, or neither; they are finite, and
      low <= 0 <= high.
  }];
  let arguments = (ins Edge_FloatTensor:$input, I64Attr:$point,
                       OptionalAttr<F32Attr>:$low, OptionalAttr<F32Attr>:$high);
  let assemblyFormat = "$input attr-dict `:` type($input)";
  let hasVerifier = 1;
}

def Edge_DequantizeOp : Edge_Op<"dequantize", [Pure,
    AllShapesMatch<["input", "result"]>]> {
  let summary = "`(x - zero_point) * scale`, as ONNX DequantizeLinear";
  let description = [{
    With a `block_size`, scales belong to so many neighbours along `axis`; the
    last block may be shorter.

    - (C1) scale and zero_point are scalars, or [input.shape[axis]], or with a
      block_size above zero have the input's shape but for
      ceil(input.shape[axis] / block_size) along axis.
    - (C2) zero_point has the input's element type.
    - (C3) block_size is not negative.
  }];
  let arguments = (ins Edge_IntegerTensor:$input, Edge_FloatTensor:$scale,
                       Edge_IntegerTensor:$zero_point,
                       DefaultValuedAttr<I64Attr, "0">:$axis,
                       DefaultValuedAttr<I64Attr, "0">:$block_size);
  let results = (outs Edge_FloatTensor:$result);
  let assemblyFormat = [{
    $input `,` $scale `,` $zero_point attr-dict `:` functional-type(operands, results)
  }];
  let hasVerifier = 1;
}

def Edge_Byte : Type<Or<[CPred<"$_self.isSignlessInteger(8)">,
    CPred<"$_self.isUnsignedInteger(8)">]>, "8-bit integer element (i8, ui8)">;
def Edge_ByteTensor : RankedTensorOf<[Edge_Byte]>;

def Edge_LookupOp : Edge_Op<"lookup", [Pure, Edge_ElementwiseOpInterface,
    SameOperandsAndResultShape]> {
  let summary = "an element of a table for every byte";
  let description = [{
    A function of one quantized tensor, computed at compile time: `table` holds
    the byte of the result for each byte of x, that of byte 0 first. Signed
    bytes are numbered as unsigned ones: -1 is byte 255.

    - (C1) table has 256 entries.
  }];
  let arguments = (ins Edge_ByteTensor:$input, DenseI8ArrayAttr:$table);
  let results = (outs Edge_ByteTensor:$result);
  let assemblyFormat = "$input attr-dict `:` functional-type(operands, results)";
  let hasVerifier = 1;
}

def Edge_UnpackOp : Edge_Op<"unpack", [Pure], ["getParameterCount"]> {
  let summary = "integers of 4 or 2 bits, each in a byte of its own";
  let description = [{
    Element i of the result, in row-major order, are the bits
    [`bits` * i, `bits` * (i + 1)) of the input, counted from the lowest bit of
    the first byte: sign-extended to i8 or zero-extended to ui8. That is the
    order of ONNX's 4-bit types. Bits after the last element mean nothing.

    Kernels read weights as they are stored, so that the result is not computed
    where a contraction alone reads it.

    - (C1) bits is 2 or 4.
    - (C2) the result has a static shape and elements of i8 or ui8.
    - (C3) the input is [ceil(elements of the result * bits / 8)] of ui8.
  }];
  let arguments = (ins Edge_IntegerTensor:$input, I64Attr:$bits);
  let results = (outs Edge_IntegerTensor:$result);
  let assemblyFormat = [{
    $input attr-dict `:` functional-type(operands, results)
  }];
  let hasVerifier = 1;
}

#endif
