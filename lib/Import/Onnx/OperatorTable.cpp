//===- OperatorTable.cpp - Which operators are imported, and how ----------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "OperatorTable.h"
#include "edgec/Import/Operators.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/Twine.h"
#include <algorithm>
#include <fmt/format.h>

using namespace edgec;
using namespace edgec::onnx_import;

static std::string key(llvm::StringRef domain, llvm::StringRef name) {
  return (llvm::Twine(domain) + ":" + name).str();
}

const OperatorTable &OperatorTable::get() {
  static const OperatorTable table = [] {
    OperatorTable all;
    addActivations(all);
    addAttention(all);
    addConstants(all);
    addContractions(all);
    addContributed(all);
    addDeformConv(all);
    addEinsum(all);
    addElementwise(all);
    addIf(all);
    addIndexing(all);
    addLoop(all);
    addLosses(all);
    addMatMulNBits(all);
    addNormalizations(all);
    addPooling(all);
    addQuantization(all);
    addRecurrent(all);
    addReductions(all);
    addResize(all);
    addSampling(all);
    addScan(all);
    addSelection(all);
    addShape(all);
    addSignal(all);
    addSignalWindows(all);
    addSlicing(all);
    addTfIdf(all);
    return all;
  }();
  return table;
}

void OperatorTable::add(llvm::ArrayRef<OperatorRow> rows) {
  for (const OperatorRow &row : rows)
    rowsByName[key(row.domain, row.name)].push_back(row);
}

const OperatorRow *OperatorTable::find(llvm::StringRef domain,
                                       llvm::StringRef name, int64_t opset,
                                       std::string &reason) const {
  auto found = rowsByName.find(key(domain, name));
  if (found == rowsByName.end()) {
    reason = domain.empty() ? reasonOutOfScope(name).str()
                            : "the operator is not supported";
    return nullptr;
  }
  llvm::ArrayRef<OperatorRow> rows = found->second;
  int first = newestOpset, last = 0;
  for (const OperatorRow &row : rows) {
    if (row.first <= opset && opset <= row.last)
      return &row;
    first = std::min(first, row.first);
    last = std::max(last, row.last);
  }
  reason = fmt::format("the operator is supported in the opsets {} to {}",
                       first, last);
  return nullptr;
}

llvm::SmallVector<OperatorRow, 0> OperatorTable::rows() const {
  llvm::SmallVector<OperatorRow, 0> all;
  for (const auto &entry : rowsByName)
    llvm::append_range(all, entry.getValue());
  return all;
}

namespace {

/// What each input may be, as far as there is an end of them.
std::vector<ImportedInput> importedInputs(const OperatorRow &row) {
  bool hasEnd = row.inputs.maximum != anyNumber;
  int number = hasEnd ? row.inputs.maximum : row.types.numListed();
  std::vector<ImportedInput> inputs;
  for (int index = 0; index < number; ++index) {
    InputType type = row.types.of(index);
    inputs.push_back({type.set.describe(), type.set.types(), type.likeInput});
  }
  return inputs;
}

/// Whether rows differ in how many inputs there are, but not in what they are.
bool takesTheSame(const ImportedOperator &row, const ImportedOperator &next) {
  if (row.repeatedInputs != next.repeatedInputs ||
      row.mostInputs.has_value() != next.mostInputs.has_value())
    return false;
  size_t both = std::min(row.inputs.size(), next.inputs.size());
  return std::equal(row.inputs.begin(), row.inputs.begin() + both,
                    next.inputs.begin());
}

/// Whether `next` goes on where `row` ends, in versions or with them.
bool continues(const ImportedOperator &row, const ImportedOperator &next) {
  return row.domain == next.domain && row.name == next.name &&
         next.first <= row.last + 1 && takesTheSame(row, next);
}

void extend(ImportedOperator &row, const ImportedOperator &next) {
  row.last = std::max(row.last, next.last);
  row.leastInputs = std::min(row.leastInputs, next.leastInputs);
  if (row.mostInputs)
    row.mostInputs = std::max(*row.mostInputs, *next.mostInputs);
  if (next.inputs.size() > row.inputs.size())
    row.inputs = next.inputs;
  if (row.notes.empty())
    row.notes = next.notes;
}

} // namespace

std::vector<ImportedOperator> edgec::importedOperators() {
  std::vector<ImportedOperator> all;
  for (const OperatorRow &row : OperatorTable::get().rows()) {
    ImportedOperator entry{row.domain,
                           row.name,
                           row.first,
                           row.last,
                           row.inputs.minimum,
                           std::nullopt,
                           importedInputs(row),
                           row.types.numRepeated(),
                           row.notes};
    if (row.inputs.maximum != anyNumber)
      entry.mostInputs = row.inputs.maximum;
    all.push_back(std::move(entry));
  }
  llvm::sort(all, [](const ImportedOperator &a, const ImportedOperator &b) {
    return std::tie(a.domain, a.name, a.first, a.last) <
           std::tie(b.domain, b.name, b.first, b.last);
  });
  std::vector<ImportedOperator> merged;
  for (const ImportedOperator &row : all) {
    if (!merged.empty() && continues(merged.back(), row))
      extend(merged.back(), row);
    else
      merged.push_back(row);
  }
  return merged;
}
