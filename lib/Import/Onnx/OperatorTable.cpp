//===- OperatorTable.cpp - Which operators are imported, and how ----------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "OperatorTable.h"
#include "llvm/ADT/Twine.h"
#include <algorithm>
#include <fmt/format.h>

using namespace edgec::onnx_import;

static std::string key(llvm::StringRef domain, llvm::StringRef name) {
  return (llvm::Twine(domain) + ":" + name).str();
}

const OperatorTable &OperatorTable::get() {
  static const OperatorTable table = [] {
    OperatorTable all;
    addActivations(all);
    addConstants(all);
    addContractions(all);
    addControl(all);
    addElementwise(all);
    addNormalizations(all);
    addPooling(all);
    addQuantization(all);
    addReductions(all);
    addResize(all);
    addShape(all);
    addSlicing(all);
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
    reason = "the operator is not supported";
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
