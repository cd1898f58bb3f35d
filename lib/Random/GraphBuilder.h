//===- GraphBuilder.h - What the rows of operations build with --*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_LIB_RANDOM_GRAPHBUILDER_H
#define EDGEC_LIB_RANDOM_GRAPHBUILDER_H

#include "RandomSource.h"
#include "edgec/Dialect/Edge/EdgeDialect.h"
#include "edgec/Random/RandomGraph.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/Builders.h"
#include <deque>
#include <optional>

namespace edgec::random {

using Shape = std::vector<int64_t>;

/// A set of element types.
class Types {
public:
  constexpr Types(std::initializer_list<ElementType> types) {
    for (ElementType type : types)
      bits |= 1u << static_cast<unsigned>(type);
  }
  constexpr bool has(ElementType type) const {
    return bits >> static_cast<unsigned>(type) & 1;
  }
  constexpr Types operator|(Types other) const {
    other.bits |= bits;
    return other;
  }
  ElementType pick(RandomSource &random) const;

private:
  uint32_t bits = 0;
};
inline constexpr Types anyFloat{ElementType::F32, ElementType::F64,
                                ElementType::F16, ElementType::BF16};
inline constexpr Types anyInteger{
    ElementType::I8, ElementType::I16, ElementType::I32, ElementType::I64,
    ElementType::U8, ElementType::U16, ElementType::U32, ElementType::U64};
inline constexpr Types bytes{ElementType::I8, ElementType::U8};
inline constexpr Types boolean{ElementType::Bool};
inline constexpr Types anyNumber = anyFloat | anyInteger;
inline constexpr Types anyType = anyNumber | boolean;

/// Half the distance of 1 from the next number; 0 for integers.
double roundingOf(ElementType type);

/// A value of the graph and what it is when the graph runs.
///
/// Compiled code may round otherwise than the interpreter within a tolerance.
/// An operation that is not continuous (a comparison, rounding to integers, an
/// index of the largest element) would make anything of that, so it takes exact
/// values only: integers, and floats that are multiples of a power of two with
/// so few bits that no sum or product of them is rounded.
struct RandomValue {
  mlir::Value value;
  Tensor tensor;
  double low = 0, high = 0; ///< The least and the largest element; 0 if empty.
  /// Elements are multiples of it, exactly; 0: they are rounded.
  double step = 0;
  /// Relative error that rounding may have come to.
  double rounding = 0;
  bool isConstant = false; ///< So are those of operations on constants only.

  ElementType type() const { return tensor.type(); }
  const Shape &shape() const { return tensor.shape(); }
  int64_t rank() const { return tensor.rank(); }
  bool isExact() const { return step != 0; }
  double magnitude() const { return std::max(-low, high); }
};

/// What an operation needs of an operand.
struct Wanted {
  Types types = anyNumber;
  int64_t leastRank = 0, mostRank = 5;
  /// Floats are clamped to this. Integers are not, unless `clampIntegers`.
  double low = -64, high = 64;
  bool clampIntegers = false;
  bool exact = false;
  bool nonEmpty = false;
  bool constant = false; ///< A constant is as good as any other value.
  bool runTime = false;  ///< Not one, nor what is computed of constants only.
};

/// Graphs grow by rows, each of which adds an operation and what it needs. An
/// operand is a value that exists or, sometimes and where none is as wanted, a
/// new argument or constant.
class GraphBuilder {
public:
  GraphBuilder(mlir::func::FuncOp function, uint64_t seed, bool exportable);

  RandomSource random;
  mlir::OpBuilder builder;
  const bool exportable;

  RandomValue operand(const Wanted &wanted);
  /// Of this type, with a shape that broadcasts to `shape`, and with it to
  /// `shape` only.
  RandomValue operandLike(const Wanted &wanted, ElementType type,
                          const Shape &shape);
  /// Of this very type and shape.
  RandomValue operandOf(const Wanted &wanted, ElementType type,
                        const Shape &shape);

  Shape shape(int64_t leastRank, int64_t mostRank, bool nonEmpty = false);
  int64_t extent(int64_t most = 33);
  /// A new argument or constant.
  RandomValue leaf(ElementType type, const Shape &shape, double low = -4,
                   double high = 4, bool exact = false, bool runTime = false);
  RandomValue argument(ElementType type, const Shape &shape, double low,
                       double high, double step, bool special = false);
  RandomValue constant(ElementType type, const Shape &shape, double low,
                       double high, double step, bool isParameter = false);
  RandomValue constant(Tensor tensor, double step);

  /// Adds an operation of one result, whose type is inferred from operands and
  /// attributes. `step` is that of the result if nothing is rounded, `growth`
  /// how many times as large relative errors become.
  template <typename Op, typename... Arguments>
  const RandomValue &add(double step, double growth, Arguments &&...arguments) {
    return finish(builder.create<Op>(builder.getUnknownLoc(),
                                     std::forward<Arguments>(arguments)...),
                  step, growth);
  }
  /// The same for any operation that has been built. Gives its first result;
  /// others are integers.
  const RandomValue &finish(mlir::Operation *op, double step,
                            double growth = 1);
  /// Makes the results of an operation with regions known.
  const RandomValue &finish(mlir::Value result, Tensor tensor, double step,
                            double rounding);

  /// 0, or what is left of `step` where the sum of `count` products of elements
  /// stays exact.
  static double sumStep(const RandomValue &a, const RandomValue &b,
                        int64_t count);

  mlir::RankedTensorType typeOf(ElementType type, const Shape &shape);
  /// Whether values in this block are seen with other elements, too: a loop's.
  bool isRepeated() const { return repeated != 0; }

  /// Values that a nested region makes are forgotten at its end.
  class Region {
  public:
    Region(GraphBuilder &graph, mlir::Block *block, bool repeats);
    ~Region();

  private:
    GraphBuilder &graph;
    size_t count;
    mlir::OpBuilder::InsertionGuard guard;
    bool repeats;
  };
  /// How many regions enclose what is built.
  unsigned depth = 0;
  /// A row that suits a region: elementwise, and the like. Adds it.
  void addSmall();

  std::deque<RandomValue> &values() { return known; }
  bool hasFailed() const { return failed; }

private:
  RandomValue fit(RandomValue value, const Wanted &wanted);
  bool suits(const RandomValue &value, const Wanted &wanted) const;
  RandomValue leafFor(const Wanted &wanted, ElementType type,
                      const Shape &shape);

  mlir::func::FuncOp function;
  std::deque<RandomValue> known;
  unsigned repeated = 0;
  unsigned parameters = 0;
  bool failed = false;
};

/// Adds an operation to the graph, with what it needs.
using AddOperation = void (*)(GraphBuilder &graph);

struct OperationRow {
  llvm::StringLiteral name;
  AddOperation add;
  unsigned weight = 4;
  bool exportable = true;
};

using OperationRows = std::vector<OperationRow>;

/// One a family of operations.
void addElementwiseRows(OperationRows &rows);
void addBinaryRows(OperationRows &rows);
void addContractionRows(OperationRows &rows);
void addControlRows(OperationRows &rows);
void addIndexingRows(OperationRows &rows);
void addNormalizationRows(OperationRows &rows);
void addQuantizationRows(OperationRows &rows);
void addReductionRows(OperationRows &rows);
void addSamplingRows(OperationRows &rows);
void addShapeRows(OperationRows &rows);

/// All of them.
const OperationRows &operationRows();

} // namespace edgec::random

#endif // EDGEC_LIB_RANDOM_GRAPHBUILDER_H
