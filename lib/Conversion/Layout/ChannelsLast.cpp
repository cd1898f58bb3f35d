//===- ChannelsLast.cpp - Channels as the last dimension ------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Layout/Layout.h"

#include "Common.h"
#include "edgec/Dialect/Edge/EdgeDialect.h"
#include "mlir/Dialect/Utils/IndexingUtils.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;

namespace edgec {

/// Wraps the operation in transposes of its first operand and its result.
static void wrap(Operation *op) {
  OpBuilder builder(op);
  Location loc = op->getLoc();
  int64_t rank = tensorType(op->getOperand(0)).getRank();
  op->setOperand(
      0, transpose(builder, loc, op->getOperand(0), toChannelsLast(rank)));
  Value result = op->getResult(0);
  RankedTensorType type = tensorType(result);
  result.setType(
      type.clone(applyPermutation(type.getShape(), toChannelsLast(rank))));
  builder.setInsertionPointAfter(op);
  Value transposed = transpose(builder, loc, result, toChannelsSecond(rank));
  result.replaceAllUsesExcept(transposed, transposed.getDefiningOp());
}

template <typename Op> static void wrapSpatial(Op op) {
  if (op.getLayout() == edge::Layout::nhwc)
    return;
  op.setLayout(edge::Layout::nhwc);
  wrap(op);
}

void setChannelsLast(func::FuncOp function) {
  SmallVector<Operation *> ops;
  function.walk([&](Operation *op) { ops.push_back(op); });
  for (Operation *op : ops)
    TypeSwitch<Operation *>(op)
        .Case<edge::ConvOp, edge::ConvTransposeOp, edge::MaxPoolOp,
              edge::AveragePoolOp>([](auto spatial) { wrapSpatial(spatial); })
        .Case([](edge::LrnOp lrn) {
          int64_t rank = tensorType(lrn.getInput()).getRank();
          if (lrn.getAxis() != 1 || rank < 3)
            return;
          lrn.setAxis(rank - 1);
          wrap(lrn);
        });
}

} // namespace edgec
