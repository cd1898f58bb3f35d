//===- RowEmitter.cpp - Reductions and maps row by row -------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "RowEmitter.h"

#include "Loops.h"
#include "VectorBody.h"
#include "edgec/Codegen/Passes.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/IR/TypeUtilities.h"

using namespace mlir;
using namespace edgec;

namespace {

/// Lanes of the canonical order of floating-point sums.
constexpr int64_t canonicalLanes = 16;

/// The most bytes of values that wait on the stack for the map.
constexpr int64_t maxKeptBytes = 32 << 10;

/// Rows that are computed side by side: a row is a chain of dependent steps, of
/// which processors overlap only few by themselves. Each takes registers for 16
/// lanes.
int64_t rowsAtOnce(const TargetDescription &target) {
  return target.isa == VectorIsa::Avx512 ? 4 : 2;
}

class RowEmitter {
public:
  RowEmitter(OpBuilder &builder, Location loc, RowProblem &problem,
             const TargetDescription &target)
      : builder(builder), loc(loc), problem(problem), target(target),
        column(problem.extents.size() - 1),
        access{target.isa == VectorIsa::Avx512} {}

  void emit();

private:
  using Values = SmallVector<Value>;

  void emitTile();
  Values reduce(unsigned step, ArrayRef<Values> scalars);
  Value take(unsigned step, Value sum, ArrayRef<Value> scalars, int64_t count);
  void store(ArrayRef<Values> scalars);
  void storeRow(ArrayRef<Value> scalars, int64_t count);
  void enterRow(int64_t row);
  Values loadInputs(int64_t count);
  Value load(const FlatBuffer &buffer, int64_t count);
  void storeOutput(Value value, int64_t count);
  bool isWorthKeeping() const;
  Value keptIndex();
  Value evaluate(unsigned body, Values arguments, ArrayRef<Value> scalars,
                 Value last = {});
  Value combine(RowCombiner combiner, Value lhs, Value rhs);
  Value identity(RowCombiner combiner, VectorType type);
  Value reduceLanes(RowCombiner combiner, Value lanes);
  Value firstLanes(int64_t count);

  int64_t columns() const { return problem.extents[column]; }
  int64_t wholeColumns() const {
    return columns() / canonicalLanes * canonicalLanes;
  }
  /// From the values of one row that wait to those of the next.
  int64_t keptStride() const {
    return llvm::alignTo(columns(), canonicalLanes);
  }
  Type valueType(unsigned body) const {
    return problem.bodies[body]->getTerminator()->getOperand(0).getType();
  }
  Type lastValueType() const { return valueType(problem.bodies.size() - 2); }
  bool usesValues() const {
    return !problem.bodies.back()->getArguments().back().use_empty();
  }
  /// The last reduction's values wait in the output for the map. Where they do
  /// not fit there they wait on the stack, or are computed twice.
  bool keepsInOutput() const {
    return usesValues() && lastValueType() == problem.output.elementType() &&
           coefficientOf(problem.output.position, column) == 1;
  }

  OpBuilder &builder;
  Location loc;
  RowProblem &problem;
  const TargetDescription &target;
  unsigned column;
  LaneAccess access;

  // The rows that are being emitted: neighbours along a dimension.
  SmallVector<Value> indices; ///< Of all dimensions.
  std::optional<unsigned> rowDim;
  Value firstRow;
  int64_t rows = 1;
  int64_t currentRow = 0;
  Value kept; ///< The last reduction's values of these rows; null: none are.
};

void RowEmitter::emit() {
  SmallVector<AffineExpr *> positions{&problem.output.position};
  for (FlatBuffer &input : problem.inputs)
    positions.push_back(&input.position);
  mergeDims(problem.extents, 0, column, positions);
  if (isWorthKeeping())
    kept = allocateOnStack(builder, loc, rowsAtOnce(target) * keptStride(),
                           lastValueType());
  Value zero = builder.create<arith::ConstantIndexOp>(loc, 0);
  indices.assign(problem.extents.size(), zero);
  SmallVector<NestLoop> loops;
  for (unsigned dim = 0; dim < column; ++dim)
    if (problem.extents[dim] != 1)
      rowDim = dim;
  for (unsigned dim = 0; dim < column; ++dim)
    loops.push_back({problem.extents[dim],
                     dim == rowDim ? rowsAtOnce(target) : 1,
                     [this, dim](Value index, int64_t size) {
                       indices[dim] = index;
                       if (dim != rowDim)
                         return;
                       firstRow = index;
                       rows = size;
                     }});
  emitSharedNest(builder, loc, loops, problem.part, [&] { emitTile(); });
}

/// Exponentials of a softmax that is stored as bytes.
bool RowEmitter::isWorthKeeping() const {
  if (!usesValues() || keepsInOutput())
    return false;
  Block &last = *problem.bodies[problem.bodies.size() - 2];
  bool isCostly = llvm::any_of(last.without_terminator(), [](Operation &op) {
    return isa<math::MathDialect>(op.getDialect());
  });
  return isCostly &&
         rowsAtOnce(target) * keptStride() * elementBytes(lastValueType()) <=
             maxKeptBytes;
}

/// Where the values at the current row and column wait.
Value RowEmitter::keptIndex() {
  return advance(builder, loc, indices[column], currentRow * keptStride());
}

void RowEmitter::emitTile() {
  SmallVector<Values> scalars(rows);
  for (unsigned step = 0; step < problem.combiners.size(); ++step)
    for (auto [row, result] : llvm::enumerate(reduce(step, scalars)))
      scalars[row].push_back(result);
  store(scalars);
}

void RowEmitter::enterRow(int64_t row) {
  currentRow = row;
  if (rowDim)
    indices[*rowDim] = advance(builder, loc, firstRow, row);
}

Value RowEmitter::load(const FlatBuffer &buffer, int64_t count) {
  std::optional<int64_t> stride = coefficientOf(buffer.position, column);
  assert(stride && "checked by the caller");
  Value index = emitIndex(builder, loc, buffer.position, indices);
  return loadLanes(builder, loc, buffer.memory, index, *stride, canonicalLanes,
                   count, access);
}

SmallVector<Value> RowEmitter::loadInputs(int64_t count) {
  Values values;
  for (const FlatBuffer &input : problem.inputs)
    values.push_back(load(input, count));
  return values;
}

void RowEmitter::storeOutput(Value value, int64_t count) {
  Value index = emitIndex(builder, loc, problem.output.position, indices);
  storeLanes(builder, loc, value, problem.output.memory, index,
             *coefficientOf(problem.output.position, column), count, access);
}

/// A body on vectors; `last` is the value of the reduction before it.
Value RowEmitter::evaluate(unsigned body, Values arguments,
                           ArrayRef<Value> scalars, Value last) {
  for (Value scalar : scalars)
    arguments.push_back(splat(builder, loc, scalar, canonicalLanes));
  if (last)
    arguments.push_back(last);
  return emitBody(builder, *problem.bodies[body], arguments, canonicalLanes,
                  [](int64_t) { return Value(); })
      .front();
}

Value RowEmitter::combine(RowCombiner combiner, Value lhs, Value rhs) {
  if (combiner == RowCombiner::Add)
    return builder.create<arith::AddFOp>(loc, lhs, rhs);
  // A single instruction, where maximumf takes several for the sake of NaN.
  Value isLarger =
      builder.create<arith::CmpFOp>(loc, arith::CmpFPredicate::OGT, rhs, lhs);
  return builder.create<arith::SelectOp>(loc, isLarger, rhs, lhs);
}

Value RowEmitter::identity(RowCombiner combiner, VectorType type) {
  auto element = cast<FloatType>(type.getElementType());
  APFloat value =
      combiner == RowCombiner::Add
          ? APFloat::getZero(element.getFloatSemantics())
          : APFloat::getInf(element.getFloatSemantics(), /*Negative=*/true);
  return builder.create<arith::ConstantOp>(loc,
                                           DenseElementsAttr::get(type, value));
}

/// A mask of the first `count` lanes.
Value RowEmitter::firstLanes(int64_t count) {
  SmallVector<bool> bits(canonicalLanes, false);
  std::fill_n(bits.begin(), count, true);
  return builder.create<arith::ConstantOp>(
      loc, DenseElementsAttr::get(
               VectorType::get({canonicalLanes}, builder.getI1Type()), bits));
}

Value RowEmitter::reduceLanes(RowCombiner combiner, Value lanes) {
  for (int64_t half = canonicalLanes / 2; half > 0; half /= 2) {
    auto part = [&](int64_t begin) -> Value {
      return builder.create<vector::ExtractStridedSliceOp>(
          loc, lanes, ArrayRef<int64_t>{begin}, ArrayRef<int64_t>{half},
          ArrayRef<int64_t>{1});
    };
    lanes = combine(combiner, part(0), part(half));
  }
  return builder.create<vector::ExtractOp>(loc, lanes, 0);
}

/// The reduction `step` of `count` columns of a row: the new lanes.
Value RowEmitter::take(unsigned step, Value sum, ArrayRef<Value> scalars,
                       int64_t count) {
  Value value = evaluate(step, loadInputs(count), scalars);
  bool isLast = step + 1 == problem.combiners.size();
  if (isLast && kept)
    storeLanes(builder, loc, value, kept, keptIndex(), /*stride=*/1, count,
               access);
  else if (isLast && keepsInOutput())
    storeOutput(value, count);
  Value next = combine(problem.combiners[step], sum, value);
  if (count == canonicalLanes)
    return next;
  return builder.create<arith::SelectOp>(loc, firstLanes(count), next, sum);
}

SmallVector<Value> RowEmitter::reduce(unsigned step, ArrayRef<Values> scalars) {
  RowCombiner combiner = problem.combiners[step];
  auto takeAll = [&](Value index, ValueRange carried, int64_t count) {
    indices[column] = index;
    Values next;
    for (int64_t row = 0; row < rows; ++row) {
      enterRow(row);
      next.push_back(take(step, carried[row], scalars[row], count));
    }
    return next;
  };
  Value start =
      identity(combiner, VectorType::get({canonicalLanes}, valueType(step)));
  Values sums =
      emitLoop(builder, loc, 0, wholeColumns(), canonicalLanes,
               Values(rows, start), [&](Value index, ValueRange carried) {
                 return takeAll(index, carried, canonicalLanes);
               });
  if (int64_t rest = columns() - wholeColumns())
    sums = takeAll(builder.create<arith::ConstantIndexOp>(loc, wholeColumns()),
                   sums, rest);
  for (Value &sum : sums)
    sum = reduceLanes(combiner, sum);
  return sums;
}

void RowEmitter::storeRow(ArrayRef<Value> scalars, int64_t count) {
  unsigned map = problem.bodies.size() - 1;
  Values inputs = loadInputs(count);
  Value last;
  if (kept)
    last = loadLanes(builder, loc, kept, keptIndex(), /*stride=*/1,
                     canonicalLanes, count, access);
  else if (keepsInOutput())
    last = load(problem.output, count);
  else
    last = evaluate(map - 1, inputs, scalars.drop_back());
  storeOutput(evaluate(map, inputs, scalars, last), count);
}

void RowEmitter::store(ArrayRef<Values> scalars) {
  auto storeAll = [&](Value index, int64_t count) {
    indices[column] = index;
    for (int64_t row = 0; row < rows; ++row) {
      enterRow(row);
      storeRow(scalars[row], count);
    }
  };
  emitLoop(builder, loc, 0, wholeColumns(), canonicalLanes,
           [&](Value index) { storeAll(index, canonicalLanes); });
  if (int64_t rest = columns() - wholeColumns())
    storeAll(builder.create<arith::ConstantIndexOp>(loc, wholeColumns()), rest);
}

} // namespace

void edgec::emitRows(OpBuilder &builder, Location loc, RowProblem problem,
                     const TargetDescription &target) {
  RowEmitter(builder, loc, problem, target).emit();
}
