//===- TfIdf.cpp - Counting sequences of integers ------------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// For each length of the pool's n-grams and each distance between their items,
// the input's windows are compared with all of the n-grams at once; matches are
// summed, and a product with a matrix of ones puts the sums where they belong.
//
//===----------------------------------------------------------------------===//

#include "NodeContext.h"
#include "OperatorTable.h"
#include <fmt/format.h>
#include <numeric>

using namespace edgec;
using namespace edgec::onnx_import;
using namespace mlir;

namespace {

struct Vectorizer {
  int64_t shortest = 1, longest = 1, mostSkipped = 0;
  bool counts = true;  ///< Counts of n-grams, rather than whether they occur.
  bool weighs = false; ///< Multiplied with the weights.
  SmallVector<int64_t> pool;    ///< N-grams, by length.
  SmallVector<int64_t> starts;  ///< Where those of each length begin.
  SmallVector<int64_t> columns; ///< Of the result, one an n-gram.
  SmallVector<float> weights;   ///< One a column.

  int64_t end(size_t length) const {
    return length < starts.size() ? starts[length]
                                  : static_cast<int64_t>(pool.size());
  }
  int64_t numColumns() const {
    return 1 + *std::max_element(columns.begin(), columns.end());
  }
};

LogicalResult readMode(NodeContext &node, Vectorizer &vectorizer) {
  std::string mode = node.stringAttribute("mode", "");
  if (mode != "TF" && mode != "IDF" && mode != "TFIDF")
    return node.error("mode = '" + mode + "' is none of TF, IDF and TFIDF");
  vectorizer.counts = mode != "IDF";
  if (auto weights = node.floatsAttribute("weights")) {
    vectorizer.weights = *weights;
    vectorizer.weighs = mode != "TF" && !weights->empty();
  }
  return success();
}

/// Whether the pool's parts are what the other attributes say.
LogicalResult checkPool(NodeContext &node, const Vectorizer &vectorizer) {
  int64_t grams = 0, whole = vectorizer.pool.size();
  for (auto [index, start] : llvm::enumerate(vectorizer.starts)) {
    int64_t end = vectorizer.end(index + 1);
    bool isPart = 0 <= start && start <= end && end <= whole;
    int64_t size = isPart ? end - start : 0;
    if (!isPart || size % static_cast<int64_t>(index + 1) != 0)
      return node.error(fmt::format("the pool's n-grams of length {} do not "
                                    "have that length",
                                    index + 1));
    grams += size / static_cast<int64_t>(index + 1);
  }
  constexpr int64_t largestColumn = int64_t{1} << 24;
  bool areColumns = llvm::all_of(vectorizer.columns, [&](int64_t column) {
    return column >= 0 && column <= largestColumn;
  });
  if (vectorizer.columns.empty() || !areColumns ||
      grams != static_cast<int64_t>(vectorizer.columns.size()))
    return node.error(fmt::format("ngram_indexes must have one index for each "
                                  "of {} n-grams",
                                  grams));
  if (vectorizer.weighs && vectorizer.numColumns() !=
                               static_cast<int64_t>(vectorizer.weights.size()))
    return node.error("there must be one weight an index");
  return success();
}

std::optional<Vectorizer> readVectorizer(NodeContext &node) {
  Vectorizer vectorizer;
  node.ignoreAttributes({"pool_strings"});
  if (node.hasAttribute("pool_strings")) {
    (void)node.error("strings are not supported; give pool_int64s");
    return std::nullopt;
  }
  vectorizer.shortest = node.requiredIntAttribute("min_gram_length");
  vectorizer.longest = node.requiredIntAttribute("max_gram_length");
  vectorizer.mostSkipped = node.requiredIntAttribute("max_skip_count");
  std::optional<SmallVector<int64_t>> pool = node.intsAttribute("pool_int64s");
  std::optional<SmallVector<int64_t>> starts =
      node.intsAttribute("ngram_counts");
  std::optional<SmallVector<int64_t>> columns =
      node.intsAttribute("ngram_indexes");
  if (!pool || !starts || !columns) {
    (void)node.error("pool_int64s, ngram_counts and ngram_indexes are needed");
    return std::nullopt;
  }
  constexpr int64_t largest = 1 << 10;
  if (vectorizer.shortest < 1 || vectorizer.longest < vectorizer.shortest ||
      vectorizer.longest > largest || vectorizer.mostSkipped < 0 ||
      vectorizer.mostSkipped > largest) {
    (void)node.error("lengths and skips of n-grams are not possible");
    return std::nullopt;
  }
  vectorizer.pool = *pool;
  vectorizer.starts = *starts;
  vectorizer.columns = *columns;
  if (failed(readMode(node, vectorizer)) || failed(checkPool(node, vectorizer)))
    return std::nullopt;
  return vectorizer;
}

Value reduce(NodeContext &node, Value value, edge::ReduceKind kind,
             int64_t axis) {
  return node.create<edge::ReduceOp>(value, kind, ArrayRef<int64_t>(axis),
                                     /*keep_dims=*/false);
}

/// How often each of `grams`, [count, length], occurs in the rows of
/// [rows, extent] with items `distance` apart: [rows, count] of f32.
Value countGrams(NodeContext &node, Value rows, Value grams, int64_t distance) {
  int64_t length = node.shapeOf(grams)[1];
  int64_t numWindows = node.shapeOf(rows)[1] - (length - 1) * distance;
  Value positions = node.madeConstant(
      ElementType::I64, {numWindows, 1, length}, [&](Tensor &positions) {
        for (int64_t i = 0; i < positions.size(); ++i)
          positions.mutableData<int64_t>()[i] =
              i / length + i % length * distance;
      });
  Value windows = node.create<edge::GatherOp>(rows, positions, 1);
  Value isEqual =
      node.create<edge::CompareOp>(windows, grams, edge::ComparePredicate::eq);
  Type byte = IntegerType::get(node.context(), 8, IntegerType::Unsigned);
  Value matches =
      reduce(node, node.castTo(isEqual, byte), edge::ReduceKind::min, 3);
  return reduce(node, node.castTo(matches, node.builder().getF32Type()),
                edge::ReduceKind::sum, 1);
}

/// The n-grams of the pool of one length, [count, length].
Value gramsOf(NodeContext &node, const Vectorizer &vectorizer, int64_t length) {
  int64_t start = vectorizer.starts[length - 1];
  int64_t size = vectorizer.end(length) - start;
  Tensor grams(ElementType::I64, {size / length, length});
  llvm::copy(ArrayRef(vectorizer.pool).slice(start, size),
             grams.mutableData<int64_t>());
  return node.constant(grams);
}

/// Ones where n-gram `row`, of those from `first` on, counts for a column.
Value placement(NodeContext &node, const Vectorizer &vectorizer, int64_t first,
                int64_t count) {
  int64_t columns = vectorizer.numColumns();
  return node.madeConstant(
      ElementType::F32, {count, columns}, [&](Tensor &ones) {
        for (int64_t row = 0; row < count; ++row)
          ones.mutableData<float>()[row * columns +
                                    vectorizer.columns[first + row]] = 1;
      });
}

/// Counts of all n-grams, [rows, columns].
Value countAll(NodeContext &node, const Vectorizer &vectorizer, Value rows) {
  Value total;
  auto add = [&](Value part) {
    total = total ? node.create<edge::AddOp>(total, part) : part;
  };
  int64_t first = 0, extent = node.shapeOf(rows)[1];
  int64_t lengths = vectorizer.starts.size();
  for (int64_t length = 1; length <= lengths; ++length) {
    int64_t count =
        (vectorizer.end(length) - vectorizer.starts[length - 1]) / length;
    first += count;
    if (count == 0 || length < vectorizer.shortest ||
        length > vectorizer.longest)
      continue;
    Value grams = gramsOf(node, vectorizer, length);
    // Single items are nothing apart.
    int64_t mostSkipped = length == 1 ? 0 : vectorizer.mostSkipped;
    for (int64_t skipped = 0; skipped <= mostSkipped; ++skipped) {
      if ((length - 1) * (skipped + 1) >= extent)
        break;
      Value counts = countGrams(node, rows, grams, skipped + 1);
      add(node.create<edge::MatMulOp>(
          counts, placement(node, vectorizer, first - count, count),
          /*transpose_lhs=*/false, /*transpose_rhs=*/false));
    }
  }
  if (total)
    return total;
  Value zero = node.scalar(node.builder().getF32Type(), 0);
  return node.broadcast(zero, {node.shapeOf(rows)[0], vectorizer.numColumns()});
}

LogicalResult importTfIdf(NodeContext &node) {
  std::optional<Vectorizer> vectorizer = readVectorizer(node);
  if (!vectorizer || node.hasFailed())
    return failure();
  Value input = node.input(0);
  int64_t rank = node.rankOf(input);
  if (rank != 1 && rank != 2)
    return node.error("the input needs rank 1 or 2");
  SmallVector<int64_t> shape(node.shapeOf(input));
  Value rows = node.castTo(input, node.builder().getI64Type());
  rows = node.reshape(rows, {rank == 1 ? 1 : shape[0], shape.back()});
  Value result = countAll(node, *vectorizer, rows);
  Type real = node.builder().getF32Type();
  if (!vectorizer->counts) {
    Value occurs = node.create<edge::CompareOp>(result, node.scalar(real, 0),
                                                edge::ComparePredicate::gt);
    result = node.castTo(occurs, real);
  }
  if (vectorizer->weighs) {
    Tensor weights(ElementType::F32, {vectorizer->numColumns()});
    llvm::copy(vectorizer->weights, weights.mutableData<float>());
    result = node.create<edge::MulOp>(result, node.constant(weights));
  }
  shape.back() = vectorizer->numColumns();
  return node.finish(node.reshape(result, shape));
}

} // namespace

void edgec::onnx_import::addTfIdf(OperatorTable &table) {
  table.add(
      {{"TfIdfVectorizer", 9, newestOpset, {1, 1}, indices, importTfIdf}});
}
