//===- RandomGraph.cpp - Modules of random operations ---------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "edgec/Random/RandomGraph.h"
#include "GraphBuilder.h"
#include "mlir/IR/Verifier.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

using namespace edgec;
using namespace edgec::random;
using namespace mlir;

const OperationRows &random::operationRows() {
  static const OperationRows table = [] {
    OperationRows rows;
    addElementwiseRows(rows);
    addBinaryRows(rows);
    addContractionRows(rows);
    addControlRows(rows);
    addIndexingRows(rows);
    addNormalizationRows(rows);
    addQuantizationRows(rows);
    addReductionRows(rows);
    addSamplingRows(rows);
    addShapeRows(rows);
    return rows;
  }();
  return table;
}

std::vector<RandomOperation> edgec::randomOperations() {
  std::vector<RandomOperation> operations;
  for (const OperationRow &row : operationRows())
    operations.push_back({row.name, row.weight, row.exportable});
  return operations;
}

llvm::ArrayRef<ExcludedOperation> edgec::operationsWithoutRow() {
  static const ExcludedOperation excluded[] = {
      {"edge.observe", "shows values to whoever calibrates, computes nothing"},
  };
  return excluded;
}

namespace {

/// Chooses rows by their weights.
class RowChooser {
public:
  RowChooser(const OperationRows &table, const RandomGraphOptions &options) {
    for (const OperationRow &row : table) {
      if ((options.exportable && !row.exportable) ||
          (!options.only.empty() &&
           !llvm::is_contained(options.only, row.name)))
        continue;
      total += row.weight;
      rows.push_back({total, &row});
    }
  }

  bool isEmpty() const { return rows.empty(); }

  const OperationRow &choose(RandomSource &random) const {
    uint64_t position = random.next() % total;
    return *llvm::find_if(rows, [&](auto row) {
              return position < row.first;
            })->second;
  }

private:
  std::vector<std::pair<unsigned, const OperationRow *>> rows;
  unsigned total = 0;
};

/// What nothing reads, and sometimes something else.
std::vector<RandomValue> chooseResults(GraphBuilder &graph) {
  constexpr size_t mostResults = 12;
  std::vector<RandomValue> unused, others;
  for (const RandomValue &value : llvm::reverse(graph.values()))
    (value.value.use_empty() && value.value.getDefiningOp() ? unused : others)
        .push_back(value);
  llvm::erase_if(unused, [](const RandomValue &value) {
    return isa<edge::ConstantOp, edge::ParameterOp>(
        value.value.getDefiningOp());
  });
  if (unused.size() > mostResults)
    unused.resize(mostResults);
  // Values that are read on, arguments and constants are results too.
  if (!others.empty() && (unused.empty() || graph.random.percent(25)))
    unused.push_back(others[graph.random.between(
        0, static_cast<int64_t>(others.size()) - 1)]);
  return unused;
}

void setResults(func::FuncOp function, GraphBuilder &graph) {
  OpBuilder &builder = graph.builder;
  std::vector<RandomValue> results = chooseResults(graph);
  llvm::SmallVector<Value> values;
  llvm::SmallVector<Type> types;
  for (const RandomValue &result : results) {
    values.push_back(result.value);
    types.push_back(result.value.getType());
  }
  builder.create<func::ReturnOp>(builder.getUnknownLoc(), values);
  function.setType(builder.getFunctionType(function.getArgumentTypes(), types));
  for (auto [index, result] : llvm::enumerate(results))
    function.setResultAttr(index, roundingAttr,
                           builder.getF64FloatAttr(result.rounding));
}

} // namespace

void GraphBuilder::addSmall() {
  static const OperationRows table = [] {
    OperationRows rows;
    addElementwiseRows(rows);
    addBinaryRows(rows);
    return rows;
  }();
  RandomGraphOptions options;
  options.exportable = exportable;
  RowChooser(table, options).choose(random).add(*this);
}

OwningOpRef<ModuleOp>
edgec::makeRandomGraph(MLIRContext *context, uint64_t seed,
                       const RandomGraphOptions &options) {
  RowChooser chooser(operationRows(), options);
  Location location = UnknownLoc::get(context);
  OwningOpRef<ModuleOp> module = ModuleOp::create(location);
  if (chooser.isEmpty()) {
    module->emitError("no row of the table is for '")
        << llvm::join(options.only, ",") << "'";
    return nullptr;
  }
  OpBuilder builder(module->getBodyRegion());
  auto function = builder.create<func::FuncOp>(location, "run",
                                               builder.getFunctionType({}, {}));
  function.addEntryBlock();
  GraphBuilder graph(function, seed, options.exportable);
  int64_t nodes = graph.random.between(options.leastNodes, options.mostNodes);
  for (int64_t i = 0; i < nodes && !graph.hasFailed(); ++i)
    chooser.choose(graph.random).add(graph);
  if (graph.hasFailed())
    return nullptr;
  setResults(function, graph);
  if (failed(verify(*module)))
    return nullptr;
  return module;
}
