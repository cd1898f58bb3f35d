//===- LayerConstants.cpp - Numbers in which layers may differ -----------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "LayerConstants.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "llvm/ADT/SetVector.h"

using namespace mlir;
using namespace edgec;

/// Whether an integer is stored in fewer bits, after clamps at most.
static bool isNarrowed(Operation *op) {
  return llvm::any_of(op->getUsers(), [](Operation *user) {
    return isa<arith::TruncIOp>(user) ||
           (isa<arith::MaxSIOp, arith::MinSIOp>(user) && isNarrowed(user));
  });
}

/// Whether the constant may be any number, for all that the operation's code is
/// concerned.
static bool isExchangeable(OpOperand &use, TypedAttr value) {
  Operation *user = use.getOwner();
  if (isa<arith::DivFOp>(user)) {
    // Divisions by powers of two become products.
    auto divisor = dyn_cast<FloatAttr>(value);
    return use.getOperandNumber() == 1 && divisor &&
           !divisor.getValue().getExactInverse(/*Inv=*/nullptr);
  }
  // Instructions that narrow clamp by themselves, to known bounds.
  if (isa<arith::MaxSIOp, arith::MinSIOp>(user))
    return !isNarrowed(user);
  return isa<arith::AddFOp, arith::SubFOp, arith::MulFOp, arith::AddIOp,
             arith::SubIOp, arith::CmpFOp, arith::SelectOp, math::FmaOp>(user);
}

LayerConstants edgec::collectConstants(Operation *layer) {
  LayerConstants constants;
  llvm::SetVector<Attribute> values;
  for (Region &region : layer->getRegions())
    region.walk([&](Operation *op) {
      for (OpOperand &use : op->getOpOperands()) {
        auto constant = use.get().getDefiningOp<arith::ConstantOp>();
        if (!constant || !constant.getType().isIntOrFloat() ||
            !isExchangeable(use, constant.getValue()))
          continue;
        values.insert(constant.getValue());
        auto number = std::distance(values.begin(),
                                    llvm::find(values, constant.getValue()));
        constants.uses.push_back({&use, static_cast<unsigned>(number)});
      }
    });
  for (Attribute value : values)
    constants.values.push_back(cast<TypedAttr>(value));
  return constants;
}

void edgec::replaceConstants(const LayerConstants &constants,
                             ValueRange values) {
  for (auto [operand, number] : constants.uses) {
    if (!values[number])
      continue;
    Operation *constant = operand->get().getDefiningOp();
    operand->set(values[number]);
    if (constant->use_empty())
      constant->erase();
  }
}
