//===- Scalars.h - Scalar arithmetic of edge element types ------*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_LIB_CONVERSION_EDGETOLINALG_SCALARS_H
#define EDGEC_LIB_CONVERSION_EDGETOLINALG_SCALARS_H

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"

namespace edgec {

/// Scalar arithmetic in the semantics of one edge element type. Values are in
/// its computation type: f32 for half precision, signless for integers.
class Scalars {
public:
  using Value = mlir::Value;

  /// `element` is an edge element type: integers may be unsigned.
  Scalars(mlir::OpBuilder &builder, mlir::Location loc, mlir::Type element);

  mlir::ImplicitLocOpBuilder &builder() { return b; }
  bool isFloat() const { return mlir::isa<mlir::FloatType>(computed); }
  bool isUnsigned() const { return isUnsignedElement; }
  mlir::Type type() const { return computed; }

  /// From what tensors hold to the computation type, and back.
  Value load(Value stored);
  Value store(Value value, mlir::Type stored);

  Value constant(double value);
  Value integer(int64_t value);
  Value infinity(bool negative);
  /// The neutral element of max (`negative`) or of min.
  Value extreme(bool negative);

  Value add(Value x, Value y);
  Value sub(Value x, Value y);
  Value mul(Value x, Value y);
  /// Integers truncate; a zero divisor gives zero.
  Value div(Value x, Value y);
  /// The remainder of div; its sign is the dividend's.
  Value rem(Value x, Value y);
  Value neg(Value x);
  Value abs(Value x);
  /// NaN if either is.
  Value max(Value x, Value y);
  Value min(Value x, Value y);

  Value equal(Value x, Value y);
  Value notEqual(Value x, Value y);
  Value less(Value x, Value y);
  Value lessEqual(Value x, Value y);
  Value greater(Value x, Value y) { return less(y, x); }
  Value greaterEqual(Value x, Value y) { return lessEqual(y, x); }
  Value select(Value condition, Value x, Value y);

  /// A function of the math dialect.
  template <typename MathOp> Value call(Value x) { return b.create<MathOp>(x); }
  Value exp(Value x) { return call<mlir::math::ExpOp>(x); }
  Value log(Value x) { return call<mlir::math::LogOp>(x); }
  Value sqrt(Value x) { return call<mlir::math::SqrtOp>(x); }
  Value tanh(Value x) { return call<mlir::math::TanhOp>(x); }

private:
  template <typename FloatOp, typename IntegerOp>
  Value arithmetic(Value x, Value y) {
    if (isFloat())
      return b.create<FloatOp>(x, y);
    return b.create<IntegerOp>(x, y);
  }
  Value compare(mlir::arith::CmpFPredicate floats,
                mlir::arith::CmpIPredicate signedIntegers,
                mlir::arith::CmpIPredicate unsignedIntegers, Value x, Value y);
  Value floatRemainder(Value x, Value y);

  mlir::ImplicitLocOpBuilder b;
  mlir::Type computed;
  bool isUnsignedElement;
};

} // namespace edgec

#endif // EDGEC_LIB_CONVERSION_EDGETOLINALG_SCALARS_H
