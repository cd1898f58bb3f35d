//===- Constant.cpp - Constants and parameters ----------------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Lowering.h"

#include "edgec/Dialect/Edge/EdgeDialect.h"
#include "mlir/IR/DialectResourceBlobManager.h"

using namespace mlir;

namespace edgec {
namespace {

/// The same bytes as signless elements; null for a kind that has no bytes.
TypedAttr signlessElements(ElementsAttr value) {
  auto type = cast<RankedTensorType>(toSignless(value.getType()));
  if (auto dense = dyn_cast<DenseElementsAttr>(value)) {
    if (type == value.getType())
      return dense;
    return DenseElementsAttr::getFromRawBuffer(type, dense.getRawData());
  }
  if (auto resource = dyn_cast<DenseResourceElementsAttr>(value))
    return DenseResourceElementsAttr::get(type, resource.getRawHandle());
  return {};
}

template <typename Op> struct ConstantLowering : OpConversionPattern<Op> {
  using OpConversionPattern<Op>::OpConversionPattern;

  LogicalResult
  matchAndRewrite(Op op, typename Op::Adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    TypedAttr value = signlessElements(op.getValue());
    if (!value)
      return reject(op, "its value is neither dense nor dense_resource");
    rewriter.replaceOpWithNewOp<arith::ConstantOp>(op, value);
    return success();
  }
};

} // namespace

void populateConstantToLinalgPatterns(const TypeConverter &converter,
                                      RewritePatternSet &patterns) {
  // A parameter that nobody froze is a constant all the same here.
  patterns.add<ConstantLowering<edge::ConstantOp>,
               ConstantLowering<edge::ParameterOp>>(converter,
                                                    patterns.getContext());
}

} // namespace edgec
