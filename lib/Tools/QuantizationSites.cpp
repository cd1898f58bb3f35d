//===- QuantizationSites.cpp - What a quantization changes ----------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "edgec/Tools/QuantizationSites.h"
#include "edgec/Compress/Passes.h"
#include "edgec/Dialect/Edge/EdgeDialect.h"
#include "edgec/Dialect/Edge/NodeName.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "llvm/ADT/SetVector.h"
#include "llvm/ADT/StringExtras.h"

using namespace edgec;
using namespace mlir;

namespace {

bool isContraction(Operation *op) {
  return isa<edge::ConvOp, edge::ConvTransposeOp, edge::MatMulOp>(op);
}

bool isObserved(Value value) {
  return llvm::any_of(value.getUsers(), [](Operation *user) {
    return isa<edge::ObserveOp>(user);
  });
}

std::string describe(BlockArgument argument) {
  auto function = dyn_cast<func::FuncOp>(argument.getOwner()->getParentOp());
  if (!function)
    return "an argument of '" +
           edge::nodeName(argument.getOwner()->getParentOp()) + "'";
  auto name = function.getArgAttrOfType<StringAttr>(argument.getArgNumber(),
                                                    edge::tensorNameAttr);
  return "input '" + (name ? name.str() : "") + "'";
}

/// The contractions and tables whose results reach `value` without another
/// observed tensor in between; else what computes it.
std::string describe(Value value) {
  if (auto argument = dyn_cast<BlockArgument>(value))
    return describe(argument);
  llvm::SetVector<Operation *> behind;
  behind.insert(value.getDefiningOp());
  std::vector<std::string> layers;
  for (size_t i = 0; i != behind.size(); ++i) {
    Operation *op = behind[i];
    if (isContraction(op) || edge::embeddingTable(op)) {
      layers.push_back(edge::nodeName(op));
      continue;
    }
    for (Value operand : op->getOperands())
      if (Operation *definition = operand.getDefiningOp())
        if (!isObserved(operand) &&
            !definition->hasTrait<OpTrait::ConstantLike>())
          behind.insert(definition);
  }
  return layers.empty() ? edge::nodeName(value.getDefiningOp())
                        : llvm::join(layers, " + ");
}

/// `operand` has the weights.
void addLayer(Operation *op, unsigned operand, QuantizationSites &sites) {
  Operation *weights = op->getOperand(operand).getDefiningOp();
  if (!weights || !weights->hasTrait<OpTrait::ConstantLike>())
    return;
  auto type = cast<ShapedType>(op->getOperand(operand).getType());
  int64_t macs = cast<edge::CostOpInterface>(op).getMacs();
  sites.layers.push_back({edge::nodeName(op), type.getNumElements(), macs,
                          edge::fewestWeightBits(op)});
}

} // namespace

llvm::Expected<QuantizationSites>
edgec::findQuantizationSites(llvm::StringRef path, const LoadOptions &options) {
  llvm::Expected<TargetDescription> target = resolveTargetOption(options);
  if (!target)
    return target.takeError();
  CompilerSession session(/*quiet=*/true);
  auto module = session.import(path, options);
  if (!module)
    return module.takeError();
  Adaptation observing;
  observing.observe = true;
  if (llvm::Error error =
          session.runPhases(**module, Phase::Normalise, *target, observing))
    return std::move(error);
  QuantizationSites sites;
  llvm::DenseSet<Operation *> tables;
  (*module)->walk([&](Operation *op) {
    if (isContraction(op))
      return addLayer(op, /*operand=*/1, sites);
    // A table is one layer, however many read it.
    if (edge::ConstantOp table = edge::embeddingTable(op);
        table && edge::isWorthQuantizing(table) && tables.insert(table).second)
      return addLayer(op, /*operand=*/0, sites);
    auto point = dyn_cast<edge::ObserveOp>(op);
    if (!point)
      return;
    size_t number = point.getPoint();
    if (sites.points.size() <= number)
      sites.points.resize(number + 1);
    sites.points[number] = describe(point.getInput());
  });
  return sites;
}
