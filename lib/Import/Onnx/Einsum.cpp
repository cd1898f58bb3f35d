//===- Einsum.cpp - Sums of products, by the equation -------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Operands are multiplied two by two, from the left. Each step is a reduction
// of what only one of the two has, then a matrix multiplication over what both
// have and nothing reads later, or an elementwise product where there is
// nothing to sum over.
//
//===----------------------------------------------------------------------===//

#include "NodeContext.h"
#include "OperatorTable.h"
#include "llvm/ADT/StringExtras.h"
#include <fmt/format.h>
#include <map>

using namespace edgec;
using namespace edgec::onnx_import;
using namespace mlir;

namespace {

/// A dimension's name: a letter, or the number of a dimension under the
/// ellipsis, counted from the last, as ~0, ~1 and so on.
using Label = int;
using Labels = SmallVector<Label>;

/// One side of a comma: letters, and where among them the ellipsis is.
struct Term {
  Labels letters;
  std::optional<size_t> ellipsis;

  /// All labels where the ellipsis stands for `count` dimensions.
  Labels labels(int64_t count) const {
    Labels all(letters);
    if (!ellipsis)
      return all;
    Labels hidden;
    for (int64_t i = count; i-- > 0;)
      hidden.push_back(~static_cast<Label>(i));
    all.insert(all.begin() + *ellipsis, hidden.begin(), hidden.end());
    return all;
  }
};

std::optional<Term> parseTerm(NodeContext &node, StringRef text) {
  Term term;
  while (!text.empty()) {
    if (text.consume_front("...")) {
      if (term.ellipsis) {
        (void)node.error("a term of the equation has two ellipses");
        return std::nullopt;
      }
      term.ellipsis = term.letters.size();
      continue;
    }
    if (!llvm::isAlpha(text.front())) {
      (void)node.error(fmt::format("the equation has the character '{}'; it "
                                   "consists of letters, '...', ',' and '->'",
                                   text.front()));
      return std::nullopt;
    }
    term.letters.push_back(text.front());
    text = text.drop_front();
  }
  return term;
}

struct Equation {
  SmallVector<Term> inputs;
  std::optional<Term> output;
};

std::optional<Equation> parseEquation(NodeContext &node) {
  std::string text;
  for (char c : node.stringAttribute("equation", ""))
    if (c != ' ')
      text.push_back(c);
  size_t arrow = text.find("->");
  StringRef left = StringRef(text).substr(0, arrow);
  SmallVector<StringRef> terms;
  left.split(terms, ',');
  if (terms.size() != node.numInputs()) {
    (void)node.error(fmt::format("the equation has {} terms for {} inputs",
                                 terms.size(), node.numInputs()));
    return std::nullopt;
  }
  Equation equation;
  for (StringRef term : terms) {
    std::optional<Term> parsed = parseTerm(node, term);
    if (!parsed)
      return std::nullopt;
    equation.inputs.push_back(std::move(*parsed));
  }
  if (arrow != std::string::npos) {
    equation.output = parseTerm(node, StringRef(text).substr(arrow + 2));
    if (!equation.output)
      return std::nullopt;
  }
  return equation;
}

/// A tensor and its dimensions' names, each once.
struct Factor {
  Value value;
  Labels labels;

  bool has(Label label) const { return llvm::is_contained(labels, label); }
  int64_t dimOf(Label label) const {
    return llvm::find(labels, label) - labels.begin();
  }
  int64_t extentOf(Label label) const {
    return NodeContext::shapeOf(value)[dimOf(label)];
  }
};

class Contraction {
public:
  explicit Contraction(NodeContext &node) : node(node) {}

  LogicalResult import();

private:
  LogicalResult readFactors(const Equation &equation);
  LogicalResult addFactor(Value value, const Labels &labels);
  LogicalResult readOutput(const Equation &equation);
  /// Elements where the dimensions `first` and `second` have the same index.
  Factor diagonal(const Factor &factor, size_t first, size_t second);
  /// Without dimensions of one element that another factor repeats.
  Factor withoutRepeated(const Factor &factor);
  /// Summed over what neither the result nor `others` have.
  Factor summed(const Factor &factor, ArrayRef<Factor> others);
  Factor inOrder(const Factor &factor, const Labels &labels);
  Factor product(const Factor &lhs, const Factor &rhs, ArrayRef<Factor> rest);
  Factor elementwise(const Factor &lhs, const Factor &rhs,
                     const Labels &labels);
  Factor matrices(const Factor &lhs, const Factor &rhs, const Labels &batch,
                  const Labels &contracted);
  Value asMatrices(const Factor &factor, const Labels &batch,
                   const Labels &rows, const Labels &columns, bool &transposed);
  bool isNeeded(Label label, ArrayRef<Factor> factors) const {
    return llvm::is_contained(output, label) ||
           llvm::any_of(factors,
                        [&](const Factor &other) { return other.has(label); });
  }

  NodeContext &node;
  SmallVector<Factor> factors;
  Labels output;
  std::map<Label, int64_t> extents;
  /// The dimensions under the ellipsis.
  int64_t hiddenDims = 0;
};

std::string spelled(Label label) {
  if (label < 0)
    return fmt::format("dimension {} from the end of '...'", ~label);
  return fmt::format("'{}'", static_cast<char>(label));
}

Factor Contraction::diagonal(const Factor &factor, size_t first,
                             size_t second) {
  ArrayRef<int64_t> shape = node.shapeOf(factor.value);
  SmallVector<int64_t> order;
  Factor result;
  for (size_t dim = 0; dim < factor.labels.size(); ++dim)
    if (dim != first && dim != second) {
      order.push_back(dim);
      result.labels.push_back(factor.labels[dim]);
    }
  result.labels.push_back(factor.labels[first]);
  int64_t extent = shape[first];
  order.append({static_cast<int64_t>(first), static_cast<int64_t>(second)});
  Value moved = node.transpose(factor.value, order);
  SmallVector<int64_t> flat;
  for (size_t dim : ArrayRef(order).drop_back(2))
    flat.push_back(shape[dim]);
  flat.push_back(extent * extent);
  moved = node.reshape(moved, flat);
  SmallVector<int64_t> starts(flat.size(), 0), steps(flat.size(), 1);
  flat.back() = extent;
  steps.back() = extent + 1;
  result.value = node.create<edge::SliceOp>(moved, starts, flat, steps);
  return result;
}

LogicalResult Contraction::addFactor(Value value, const Labels &labels) {
  Factor factor{value, labels};
  ArrayRef<int64_t> shape = node.shapeOf(value);
  for (auto [label, extent] : llvm::zip(labels, shape)) {
    int64_t &known = extents.try_emplace(label, extent).first->second;
    if (known != extent && known != 1 && extent != 1)
      return node.error(fmt::format("{} has the extents {} and {}",
                                    spelled(label), known, extent));
    if (known == 1)
      known = extent;
  }
  for (size_t second = 1; second < factor.labels.size();) {
    size_t first = llvm::find(factor.labels, factor.labels[second]) -
                   factor.labels.begin();
    if (first == second) {
      ++second;
      continue;
    }
    ArrayRef<int64_t> current = node.shapeOf(factor.value);
    if (current[first] != current[second])
      return node.error(fmt::format(
          "{} stands for two dimensions of one input, of extents {} and {}",
          spelled(factor.labels[second]), current[first], current[second]));
    factor = diagonal(factor, first, second);
    if (node.hasFailed())
      return failure();
    second = 1;
  }
  factors.push_back(std::move(factor));
  return success();
}

LogicalResult Contraction::readFactors(const Equation &equation) {
  for (auto [value, term] : llvm::zip(node.allInputs(), equation.inputs)) {
    if (!value)
      return node.error("an input is missing");
    int64_t letters = term.letters.size(), rank = node.rankOf(value);
    if (term.ellipsis ? rank < letters : rank != letters)
      return node.error(
          fmt::format("an input of rank {} does not fit a term of {} letters",
                      rank, letters));
    if (term.ellipsis)
      hiddenDims = std::max(hiddenDims, rank - letters);
    if (failed(addFactor(value, term.labels(rank - letters))))
      return failure();
  }
  return success();
}

LogicalResult Contraction::readOutput(const Equation &equation) {
  if (equation.output) {
    if (hiddenDims != 0 && !equation.output->ellipsis)
      return node.error("the equation's result leaves out the ellipsis");
    output = equation.output->labels(hiddenDims);
    for (auto [index, label] : llvm::enumerate(output)) {
      if (!extents.count(label))
        return node.error(spelled(label) + " of the result is in no input");
      if (llvm::is_contained(ArrayRef(output).take_front(index), label))
        return node.error(spelled(label) + " is twice in the result");
    }
    return success();
  }
  // What the ellipsis hides, then the letters that occur once, sorted.
  std::map<Label, int> counts;
  for (const Term &term : equation.inputs)
    for (Label label : term.letters)
      ++counts[label];
  output = Term{{}, 0}.labels(hiddenDims);
  for (auto [label, count] : counts)
    if (count == 1)
      output.push_back(label);
  return success();
}

Factor Contraction::withoutRepeated(const Factor &factor) {
  Factor result;
  SmallVector<int64_t> shape;
  for (auto [label, extent] :
       llvm::zip(factor.labels, node.shapeOf(factor.value))) {
    if (extent != extents[label])
      continue;
    result.labels.push_back(label);
    shape.push_back(extent);
  }
  result.value = node.reshape(factor.value, shape);
  return result;
}

Factor Contraction::summed(const Factor &factor, ArrayRef<Factor> others) {
  Factor result;
  SmallVector<int64_t> axes;
  for (auto [dim, label] : llvm::enumerate(factor.labels)) {
    if (isNeeded(label, others))
      result.labels.push_back(label);
    else
      axes.push_back(dim);
  }
  result.value = factor.value;
  if (!axes.empty())
    result.value = node.create<edge::ReduceOp>(
        factor.value, edge::ReduceKind::sum, axes, /*keep_dims=*/false);
  return result;
}

Factor Contraction::inOrder(const Factor &factor, const Labels &labels) {
  SmallVector<int64_t> permutation;
  for (Label label : labels)
    permutation.push_back(factor.dimOf(label));
  return {node.transpose(factor.value, permutation), labels};
}

/// The product where nothing is summed over.
Factor Contraction::elementwise(const Factor &lhs, const Factor &rhs,
                                const Labels &labels) {
  auto expanded = [&](const Factor &factor) {
    Labels own;
    SmallVector<int64_t> shape;
    for (Label label : labels) {
      bool isOwn = factor.has(label);
      if (isOwn)
        own.push_back(label);
      shape.push_back(isOwn ? extents[label] : 1);
    }
    return node.reshape(inOrder(factor, own).value, shape);
  };
  return {node.create<edge::MulOp>(expanded(lhs), expanded(rhs)), labels};
}

/// The factor as [batch, rows, columns]; `transposed` tells that it has become
/// [batch, columns, rows], which is what needs no data to be moved.
Value Contraction::asMatrices(const Factor &factor, const Labels &batch,
                              const Labels &rows, const Labels &columns,
                              bool &transposed) {
  auto extent = [&](const Labels &labels) {
    int64_t count = 1;
    for (Label label : labels)
      count *= extents[label];
    return count;
  };
  auto joined = [&](const Labels &second, const Labels &third) {
    Labels all(batch);
    all.append(second);
    all.append(third);
    return all;
  };
  transposed = factor.labels == joined(columns, rows);
  Labels order = transposed ? factor.labels : joined(rows, columns);
  SmallVector<int64_t> shape;
  if (!batch.empty())
    shape.push_back(extent(batch));
  shape.append({extent(rows), extent(columns)});
  if (transposed)
    std::swap(shape.back(), shape[shape.size() - 2]);
  return node.reshape(inOrder(factor, order).value, shape);
}

Factor Contraction::matrices(const Factor &lhs, const Factor &rhs,
                             const Labels &batch, const Labels &contracted) {
  auto own = [](const Factor &factor, const Factor &other) {
    Labels labels;
    for (Label label : factor.labels)
      if (!other.has(label))
        labels.push_back(label);
    return labels;
  };
  Labels rows = own(lhs, rhs), columns = own(rhs, lhs);
  bool isLhsTransposed = false, isRhsTransposed = false;
  Value left = asMatrices(lhs, batch, rows, contracted, isLhsTransposed);
  Value right = asMatrices(rhs, batch, contracted, columns, isRhsTransposed);
  Value matrix = node.create<edge::MatMulOp>(left, right, isLhsTransposed,
                                             isRhsTransposed);
  // Products of bytes have 32 bits; the rest is cut off as sums of bytes do.
  matrix = node.castTo(matrix, node.elementTypeOf(lhs.value));
  Factor result{{}, batch};
  result.labels.append(rows);
  result.labels.append(columns);
  SmallVector<int64_t> shape;
  for (Label label : result.labels)
    shape.push_back(extents[label]);
  result.value = node.reshape(matrix, shape);
  return result;
}

Factor Contraction::product(const Factor &lhs, const Factor &rhs,
                            ArrayRef<Factor> rest) {
  SmallVector<Factor> afterLhs{rhs}, afterRhs{lhs};
  afterLhs.append(rest.begin(), rest.end());
  afterRhs.append(rest.begin(), rest.end());
  Factor left = summed(lhs, afterLhs), right = summed(rhs, afterRhs);
  if (node.hasFailed())
    return {};
  Labels batch, contracted, all(left.labels);
  for (Label label : left.labels) {
    if (!right.has(label))
      continue;
    (isNeeded(label, rest) ? batch : contracted).push_back(label);
  }
  if (!contracted.empty())
    return matrices(left, right, batch, contracted);
  for (Label label : right.labels)
    if (!left.has(label))
      all.push_back(label);
  return elementwise(left, right, all);
}

LogicalResult Contraction::import() {
  std::optional<Equation> equation = parseEquation(node);
  if (!equation || failed(readFactors(*equation)) ||
      failed(readOutput(*equation)))
    return failure();
  for (Factor &factor : factors)
    factor = withoutRepeated(factor);
  Factor result = factors.front();
  for (ArrayRef<Factor> rest = ArrayRef(factors).drop_front(); !rest.empty();
       rest = rest.drop_front()) {
    result = product(result, rest.front(), rest.drop_front());
    if (node.hasFailed())
      return failure();
  }
  result = summed(result, {});
  if (node.hasFailed())
    return failure();
  return node.finish(inOrder(result, output).value);
}

LogicalResult importEinsum(NodeContext &node) {
  return Contraction(node).import();
}

} // namespace

void edgec::onnx_import::addEinsum(OperatorTable &table) {
  table.add(
      {{"Einsum", 12, newestOpset, {1, anyNumber}, numbers, importEinsum}});
}
