//===- FoldFills.cpp - Initial values into reductions --------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "edgec/Codegen/Passes.h"

#include "mlir/IR/Matchers.h"
#include "mlir/Interfaces/ViewLikeInterface.h"

namespace edgec {
#define GEN_PASS_DEF_FOLDFILLS
#include "edgec/Codegen/Passes.h.inc"
} // namespace edgec

using namespace mlir;
using namespace edgec;

namespace {

/// The buffer and all views of it.
SetVector<Value> collectAliases(Value buffer) {
  SetVector<Value> aliases;
  aliases.insert(buffer);
  for (size_t at = 0; at < aliases.size(); ++at)
    for (Operation *user : aliases[at].getUsers())
      if (isa<ViewLikeOpInterface>(user))
        aliases.insert(user->result_begin(), user->result_end());
  return aliases;
}

/// Whether `op`, or an operation inside, reads or writes one of `aliases`.
bool touches(Operation *op, const SetVector<Value> &aliases) {
  return op
      ->walk([&](Operation *nested) {
        return !isa<ViewLikeOpInterface>(nested) &&
                       llvm::any_of(nested->getOperands(),
                                    [&](Value operand) {
                                      return aliases.contains(operand);
                                    })
                   ? WalkResult::interrupt()
                   : WalkResult::advance();
      })
      .wasInterrupted();
}

bool isEmpty(Operation *op) {
  return llvm::any_of(op->getOperandTypes(), [](Type type) {
    auto memref = dyn_cast<MemRefType>(type);
    return !memref || !memref.hasStaticShape() || memref.getNumElements() == 0;
  });
}

/// The next operation that touches `buffer`, if that is a reduction into it
/// which starts with what it holds.
linalg::GenericOp findReduction(linalg::FillOp fill, Value buffer) {
  SetVector<Value> aliases = collectAliases(buffer);
  for (Operation *op = fill->getNextNode(); op; op = op->getNextNode()) {
    if (!touches(op, aliases))
      continue;
    auto generic = dyn_cast<linalg::GenericOp>(op);
    auto isAlias = [&](Value value) { return aliases.contains(value); };
    if (!generic || generic.getNumReductionLoops() == 0 || isEmpty(op) ||
        llvm::any_of(generic.getInputs(), isAlias) ||
        llvm::count_if(generic.getOutputs(), isAlias) != 1 ||
        !llvm::is_contained(generic.getOutputs(), buffer))
      return nullptr;
    return generic;
  }
  return nullptr;
}

/// Makes the value that `fill` writes the start of the reduction behind it.
void fold(linalg::FillOp fill) {
  TypedAttr value;
  Value buffer = fill.getOutputs()[0];
  auto type = dyn_cast<MemRefType>(buffer.getType());
  if (!type || fill->hasAttr(fillInteriorAttr) ||
      !matchPattern(fill.getInputs()[0], m_Constant(&value)) ||
      value.getType() != type.getElementType())
    return;
  linalg::GenericOp generic = findReduction(fill, buffer);
  if (!generic)
    return;
  Builder builder(fill.getContext());
  SmallVector<Attribute> initial(generic.getNumDpsInits(),
                                 builder.getUnitAttr());
  if (auto known = generic->getAttrOfType<ArrayAttr>(initialValuesAttr))
    llvm::copy(known, initial.begin());
  auto outputs = generic.getOutputs();
  initial[llvm::find(outputs, buffer) - outputs.begin()] = value;
  generic->setAttr(initialValuesAttr, builder.getArrayAttr(initial));
  fill.erase();
}

struct FoldFillsPass : edgec::impl::FoldFillsBase<FoldFillsPass> {
  void runOnOperation() override {
    SmallVector<linalg::FillOp> fills;
    getOperation().walk([&](linalg::FillOp fill) { fills.push_back(fill); });
    for (linalg::FillOp fill : fills)
      fold(fill);
  }
};

} // namespace
