//===- FreezeParameters.cpp - Turn parameters into constants -------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "edgec/Dialect/Edge/Passes.h"
#include "mlir/IR/Builders.h"

using namespace mlir;

namespace edgec::edge {
#define GEN_PASS_DEF_FREEZEPARAMETERSPASS
#include "edgec/Dialect/Edge/Passes.h.inc"
} // namespace edgec::edge

using namespace edgec;
using namespace edgec::edge;

namespace {

/// The parameter's location under its name, unless it has that name already.
Location namedLocation(ParameterOp op) {
  auto named = dyn_cast<NameLoc>(op.getLoc());
  if (named && named.getName() == op.getNameAttr())
    return named;
  return NameLoc::get(op.getNameAttr(), op.getLoc());
}

struct FreezeParametersPass
    : edge::impl::FreezeParametersPassBase<FreezeParametersPass> {
  void runOnOperation() override {
    getOperation().walk([](ParameterOp op) {
      OpBuilder builder(op);
      auto constant = builder.create<ConstantOp>(
          namedLocation(op), op.getResult().getType(), op.getValue());
      constant->setDiscardableAttrs(op->getDiscardableAttrDictionary());
      op.replaceAllUsesWith(constant.getResult());
      op.erase();
    });
  }
};

} // namespace
