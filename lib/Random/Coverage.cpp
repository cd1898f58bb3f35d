//===- Coverage.cpp - What random graphs have exercised -------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "edgec/Random/Coverage.h"
#include "edgec/Dialect/Edge/EdgeDialect.h"
#include "edgec/Dialect/Kernel/KernelDialect.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/IR/TypeUtilities.h"
#include "llvm/ADT/STLExtras.h"
#include <fmt/format.h>

using namespace edgec;
using namespace mlir;

namespace {

std::string nameOf(Type type) {
  std::string name;
  llvm::raw_string_ostream(name) << getElementTypeOrSelf(type);
  return name;
}

/// "ui8": kernels know signs by attributes.
std::string nameOf(Type type, bool isUnsigned) {
  std::string name = nameOf(type);
  return isUnsigned && name.front() == 'i' ? "u" + name : name;
}

void rowsOfContract(kernel::ContractOp op, std::vector<std::string> &rows) {
  std::string a = nameOf(op.getA().getType(), op.getAUnsigned());
  std::string b = nameOf(op.getB().getType(), op.getBUnsigned());
  std::string kind =
      "kernel.contract " + a + " x " + b + " -> " + nameOf(op.getAccumulator());
  if (std::optional<int64_t> bits = op.getBBits())
    kind += fmt::format(", {} bits", *bits);
  rows.push_back(kind);
  // What is read in blocks of columns has been packed.
  bool isPacked = false;
  op.getBMap().walkExprs([&](AffineExpr expr) {
    isPacked |= expr.getKind() == AffineExprKind::Mod;
  });
  rows.push_back(isPacked ? "kernel.contract, packed"
                          : "kernel.contract, not packed");
  if (op.getAFlipped())
    rows.push_back("kernel.contract, signs flipped");
  if (op.getBGroup())
    rows.push_back("kernel.contract, scales by groups");
  if (op.getNumBatch() > 0)
    rows.push_back("kernel.contract, batches or groups");
  if (op.getNumContracted() > 1)
    rows.push_back("kernel.contract, windows");
  if (!op.getExtras().empty())
    rows.push_back("kernel.contract, operands in the epilogue");
}

void rowsOfDepthwise(kernel::DepthwiseOp op, std::vector<std::string> &rows) {
  rows.push_back("kernel.depthwise " +
                 nameOf(op.getInput().getType(), op.getInputUnsigned()) +
                 " x " +
                 nameOf(op.getFilter().getType(), op.getFilterUnsigned()) +
                 " -> " + nameOf(op.getAccumulator()));
  rows.push_back(op.getWindow() ? "kernel.depthwise, packed"
                                : "kernel.depthwise, not packed");
}

void rowsOfRowwise(kernel::RowwiseOp op, std::vector<std::string> &rows) {
  std::string kind = "kernel.rowwise";
  for (auto combiner : op.getCombiners().getAsRange<StringAttr>())
    kind += " " + combiner.str();
  rows.push_back(kind);
}

std::string rowOfGeneric(linalg::GenericOp op) {
  if (op.getNumReductionLoops() != 0)
    return "linalg.generic, reduction";
  bool isPermuted = llvm::any_of(op.getIndexingMapsArray(), [](AffineMap map) {
    return map.isPermutation() && !map.isIdentity();
  });
  return isPermuted ? "linalg.generic, permuted"
                    : "linalg.generic, elementwise";
}

} // namespace

std::vector<std::string> edgec::kernelRowsOf(Operation *op) {
  std::vector<std::string> rows;
  if (auto contract = dyn_cast<kernel::ContractOp>(op))
    rowsOfContract(contract, rows);
  else if (auto depthwise = dyn_cast<kernel::DepthwiseOp>(op))
    rowsOfDepthwise(depthwise, rows);
  else if (auto rowwise = dyn_cast<kernel::RowwiseOp>(op))
    rowsOfRowwise(rowwise, rows);
  else if (isa<kernel::AttentionOp>(op))
    rows.push_back("kernel.attention");
  else if (auto generic = dyn_cast<linalg::GenericOp>(op))
    rows.push_back(rowOfGeneric(generic));
  return rows;
}

const std::vector<std::string> &edgec::allKernelRows() {
  static const std::vector<std::string> rows = {
      // What is multiplied, and summed in.
      "kernel.contract f32 x f32 -> f32",
      "kernel.contract f64 x f64 -> f64",
      "kernel.contract f16 x f16 -> f32",
      "kernel.contract bf16 x bf16 -> f32",
      "kernel.contract i32 x i32 -> i32",
      "kernel.contract i64 x i64 -> i64",
      "kernel.contract i8 x i8 -> i32",
      "kernel.contract i8 x ui8 -> i32",
      "kernel.contract ui8 x i8 -> i32",
      "kernel.contract ui8 x ui8 -> i32",
      // Weights of few bits, with bytes and with floats.
      "kernel.contract ui8 x i8 -> i32, 4 bits",
      "kernel.contract ui8 x i8 -> i32, 2 bits",
      "kernel.contract i8 x i8 -> i32, 4 bits",
      "kernel.contract i8 x i8 -> i32, 2 bits",
      "kernel.contract f32 x i8 -> f32",
      "kernel.contract f32 x i8 -> f32, 8 bits",
      "kernel.contract f32 x i8 -> f32, 4 bits",
      "kernel.contract f32 x i8 -> f32, 2 bits",
      // How the operands lie, and what epilogues take in.
      "kernel.contract, packed",
      "kernel.contract, not packed",
      "kernel.contract, signs flipped",
      "kernel.contract, scales by groups",
      "kernel.contract, batches or groups",
      "kernel.contract, windows",
      "kernel.contract, operands in the epilogue",
      "kernel.depthwise f32 x f32 -> f32",
      "kernel.depthwise f64 x f64 -> f64",
      "kernel.depthwise f16 x f16 -> f32",
      "kernel.depthwise bf16 x bf16 -> f32",
      "kernel.depthwise i8 x i8 -> i32",
      "kernel.depthwise i8 x ui8 -> i32",
      "kernel.depthwise ui8 x i8 -> i32",
      "kernel.depthwise ui8 x ui8 -> i32",
      "kernel.depthwise i8 x ui16 -> i32",
      "kernel.depthwise ui8 x ui16 -> i32",
      "kernel.depthwise, packed",
      "kernel.depthwise, not packed",
      "kernel.rowwise add add",
      "kernel.rowwise max add",
      "kernel.attention",
      "linalg.generic, elementwise",
      "linalg.generic, permuted",
      "linalg.generic, reduction",
  };
  return rows;
}

void Coverage::countOperations(ModuleOp module) {
  module.walk([&](Operation *op) {
    if (isa<edge::EdgeDialect>(op->getDialect()))
      ++counts[op->getName().getStringRef().str()];
  });
}

void Coverage::countKernels(ModuleOp module) {
  module.walk([&](Operation *op) {
    for (const std::string &row : kernelRowsOf(op))
      ++counts[row];
  });
}

void Coverage::add(const Coverage &other) {
  for (const auto &[row, count] : other.counts)
    counts[row] += count;
}

int64_t Coverage::count(const std::string &row) const {
  auto found = counts.find(row);
  return found == counts.end() ? 0 : found->second;
}

void Coverage::print(llvm::raw_ostream &stream) const {
  std::vector<std::pair<int64_t, std::string>> sorted;
  for (const auto &[row, count] : counts)
    sorted.push_back({count, row});
  llvm::sort(sorted, std::greater<>());
  for (const auto &[count, row] : sorted)
    stream << fmt::format("{:>8}  {}\n", count, row);
}
