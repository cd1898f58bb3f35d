//===- LoopEmitter.cpp - Elementwise loops and reductions ----------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "LoopEmitter.h"

#include "Loops.h"
#include "VectorBody.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/TypeUtilities.h"

using namespace mlir;
using namespace edgec;

namespace {

/// Lanes of the canonical order of floating-point sums.
constexpr int64_t canonicalLanes = 16;
/// Reductions of up to so many elements are written out.
constexpr int64_t maxUnrolledReduction = 32;

class LoopEmitter {
public:
  LoopEmitter(OpBuilder &builder, Location loc, LoopProblem &problem,
              const TargetDescription &target)
      : builder(builder), loc(loc), problem(problem), target(target),
        access{target.isa == VectorIsa::Avx512} {}

  void emit();

private:
  using Lanes = function_ref<void(int64_t lanes, int64_t count)>;

  void collapse();
  std::optional<unsigned> findVectorDim() const;
  std::optional<unsigned> findInnerReduction() const;
  bool sumsFloats() const;

  SmallVector<NestLoop> loopsOver(ArrayRef<unsigned> dims);
  NestLoop vectorLoop();
  void emitLanes(Lanes body);
  void emitElement(int64_t lanes, int64_t count);
  void emitReduction(int64_t lanes, int64_t count);
  void emitInnerReduction(unsigned dim);
  SmallVector<Value> emitSequential(ArrayRef<unsigned> dims, ValueRange carried,
                                    int64_t lanes, int64_t count);
  std::optional<Value> emitCanonicalSum(int64_t lanes, int64_t count);

  Value load(const FlatBuffer &buffer, int64_t lanes, int64_t count);
  SmallVector<Value> loadInputs(int64_t lanes, int64_t count);
  SmallVector<Value> callBody(ArrayRef<Value> inputs, ValueRange outputs,
                              int64_t lanes);
  void storeOutputs(ArrayRef<Value> values, int64_t count);
  Value indexOf(int64_t loop, int64_t lanes);
  Value combine(Value lhs, Value rhs);
  Value identity(Type type);

  OpBuilder &builder;
  Location loc;
  LoopProblem &problem;
  const TargetDescription &target;
  LaneAccess access;
  SmallVector<Value> indices;
  SmallVector<unsigned> parallel, reductions;
  std::optional<unsigned> vectorDim; ///< The dimension that lanes run along.
  int64_t fullLanes = 1;             ///< Lanes of a step along it.
  int64_t elements = 1;              ///< Of the step that is being emitted.
};

SmallVector<AffineExpr *> positionsOf(LoopProblem &problem) {
  SmallVector<AffineExpr *> positions;
  for (LoopInput &input : problem.inputs)
    if (!input.scalar)
      positions.push_back(&input.buffer.position);
  for (FlatBuffer &output : problem.outputs)
    positions.push_back(&output.position);
  return positions;
}

/// Merges neighbouring loops of one kind that all operands walk through as
/// through one.
void LoopEmitter::collapse() {
  mergeDims(problem.extents, 0, problem.extents.size(), positionsOf(problem),
            [&](unsigned outer, unsigned inner) {
              return problem.indexFree &&
                     problem.isReduction[outer] == problem.isReduction[inner];
            });
  for (unsigned dim = 0; dim < problem.extents.size(); ++dim)
    if (problem.extents[dim] != 1)
      (problem.isReduction[dim] ? reductions : parallel).push_back(dim);
}

/// The longest parallel dimension along which every output is contiguous.
std::optional<unsigned> LoopEmitter::findVectorDim() const {
  std::optional<unsigned> best;
  for (unsigned dim : parallel) {
    bool contiguous =
        llvm::all_of(problem.outputs, [&](const FlatBuffer &output) {
          return coefficientOf(output.position, dim) == 1;
        });
    if (contiguous && (!best || problem.extents[dim] > problem.extents[*best]))
      best = dim;
  }
  return best;
}

/// A reduction dimension, the last one, along which the inputs are contiguous
/// or constant. Only for the form combine(output, value).
std::optional<unsigned> LoopEmitter::findInnerReduction() const {
  if (!problem.combiner || reductions.empty())
    return std::nullopt;
  // Lanes must take the elements in the order of all reduction loops.
  if (reductions.size() > 1 && sumsFloats())
    return std::nullopt;
  unsigned dim = reductions.back();
  bool contiguous = false;
  for (const LoopInput &input : problem.inputs) {
    if (input.scalar)
      continue;
    std::optional<int64_t> stride = coefficientOf(input.buffer.position, dim);
    if (!stride || *stride > 1 || *stride < 0)
      return std::nullopt;
    contiguous |= *stride == 1;
  }
  return contiguous ? std::optional(dim) : std::nullopt;
}

bool LoopEmitter::sumsFloats() const {
  return isa_and_nonnull<arith::AddFOp, arith::MulFOp>(problem.combiner);
}

void LoopEmitter::emit() {
  collapse();
  Value zero = builder.create<arith::ConstantIndexOp>(loc, 0);
  indices.assign(problem.extents.size(), zero);
  if (std::optional<unsigned> inner = findInnerReduction()) {
    emitSharedNest(builder, loc, loopsOver(parallel), problem.part,
                   [&] { emitInnerReduction(*inner); });
    return;
  }
  vectorDim = findVectorDim();
  SmallVector<unsigned> outer = parallel;
  if (vectorDim)
    llvm::erase(outer, *vectorDim);
  SmallVector<NestLoop> loops = loopsOver(outer);
  if (vectorDim)
    loops.push_back(vectorLoop());
  emitSharedNest(builder, loc, loops, problem.part, [&] {
    emitLanes([&](int64_t lanes, int64_t count) {
      if (reductions.empty())
        emitElement(lanes, count);
      else
        emitReduction(lanes, count);
    });
  });
}

SmallVector<NestLoop> LoopEmitter::loopsOver(ArrayRef<unsigned> dims) {
  SmallVector<NestLoop> loops;
  for (unsigned dim : dims)
    loops.push_back(
        {problem.extents[dim], 1,
         [this, dim](Value index, int64_t) { indices[dim] = index; }});
  return loops;
}

NestLoop LoopEmitter::vectorLoop() {
  int64_t lanes = std::max<int64_t>(512 / problem.widestBits, 1);
  // Sixteen sums of full width would not fit into fewer registers.
  if (sumsFloats() && !reductions.empty())
    lanes = target.lanes(problem.widestBits);
  fullLanes = lanes;
  return {problem.extents[*vectorDim], lanes,
          [this](Value begin, int64_t size) {
            indices[*vectorDim] = begin;
            elements = size;
          }};
}

/// One step of the vector loop; what is less than a full vector in one masked
/// vector or in narrower and narrower ones.
void LoopEmitter::emitLanes(Lanes body) {
  if (!vectorDim)
    return body(1, 1);
  if (elements == fullLanes)
    return body(fullLanes, fullLanes);
  Value begin = indices[*vectorDim];
  for (int64_t at = 0; at < elements;) {
    indices[*vectorDim] = advance(builder, loc, begin, at);
    int64_t rest = elements - at;
    int64_t width = llvm::bit_floor<uint64_t>(rest);
    if (access.hasMasks && width != rest) {
      body(fullLanes, rest);
      return;
    }
    body(width, width);
    at += width;
  }
}

/// The index of a loop: lanes count along the vector dimension.
Value LoopEmitter::indexOf(int64_t loop, int64_t lanes) {
  Value index = splat(builder, loc, indices[loop], lanes);
  if (lanes == 1 || !vectorDim || loop != static_cast<int64_t>(*vectorDim))
    return index;
  SmallVector<int64_t> steps = llvm::to_vector(llvm::seq<int64_t>(0, lanes));
  auto type = VectorType::get({lanes}, builder.getIndexType());
  Value offsets = builder.create<arith::ConstantOp>(
      loc,
      DenseElementsAttr::get(
          type, llvm::to_vector_of<APInt>(llvm::map_range(
                    steps, [](int64_t step) { return APInt(64, step); }))));
  return builder.create<arith::AddIOp>(loc, index, offsets);
}

Value LoopEmitter::load(const FlatBuffer &buffer, int64_t lanes,
                        int64_t count) {
  std::optional<int64_t> stride = 0;
  if (vectorDim)
    stride = coefficientOf(buffer.position, *vectorDim);
  if (lanes == 1)
    stride = 0;
  if (stride) {
    Value index = emitIndex(builder, loc, buffer.position, indices);
    return loadLanes(builder, loc, buffer.memory, index, *stride, lanes, count,
                     access);
  }
  // Not linear: each lane has an index of its own.
  auto type = VectorType::get({lanes}, buffer.elementType());
  Value result =
      builder.create<arith::ConstantOp>(loc, builder.getZeroAttr(type));
  Value first = indices[*vectorDim];
  for (int64_t lane = 0; lane < count; ++lane) {
    indices[*vectorDim] = advance(builder, loc, first, lane);
    Value index = emitIndex(builder, loc, buffer.position, indices);
    Value scalar =
        loadLanes(builder, loc, buffer.memory, index, 0, 1, 1, access);
    result = builder.create<vector::InsertOp>(loc, scalar, result, lane);
  }
  indices[*vectorDim] = first;
  return result;
}

SmallVector<Value> LoopEmitter::loadInputs(int64_t lanes, int64_t count) {
  SmallVector<Value> values;
  for (const LoopInput &input : problem.inputs)
    values.push_back(input.scalar ? splat(builder, loc, input.scalar, lanes)
                                  : load(input.buffer, lanes, count));
  return values;
}

SmallVector<Value> LoopEmitter::callBody(ArrayRef<Value> inputs,
                                         ValueRange outputs, int64_t lanes) {
  SmallVector<Value> arguments(inputs);
  llvm::append_range(arguments, outputs);
  return problem.body(arguments, lanes,
                      [&](int64_t loop) { return indexOf(loop, lanes); });
}

void LoopEmitter::storeOutputs(ArrayRef<Value> values, int64_t count) {
  for (auto [value, output] : llvm::zip(values, problem.outputs)) {
    Value index = emitIndex(builder, loc, output.position, indices);
    storeLanes(builder, loc, value, output.memory, index, /*stride=*/1, count,
               access);
  }
}

void LoopEmitter::emitElement(int64_t lanes, int64_t count) {
  SmallVector<Value> inputs = loadInputs(lanes, count), outputs;
  for (auto [output, isRead] :
       llvm::zip(problem.outputs, problem.readsOutput)) {
    Type type = laneType(output.elementType(), lanes);
    outputs.push_back(isRead ? load(output, lanes, count)
                             : builder.create<arith::ConstantOp>(
                                   loc, builder.getZeroAttr(type)));
  }
  storeOutputs(callBody(inputs, outputs, lanes), count);
}

SmallVector<Value> LoopEmitter::emitSequential(ArrayRef<unsigned> dims,
                                               ValueRange carried,
                                               int64_t lanes, int64_t count) {
  if (dims.empty())
    return callBody(loadInputs(lanes, count), carried, lanes);
  return emitLoop(builder, loc, 0, problem.extents[dims.front()], 1, carried,
                  [&](Value index, ValueRange values) {
                    indices[dims.front()] = index;
                    return emitSequential(dims.drop_front(), values, lanes,
                                          count);
                  });
}

Value LoopEmitter::combine(Value lhs, Value rhs) {
  OperationState state(loc, problem.combiner->getName());
  state.addOperands({lhs, rhs});
  state.addTypes(lhs.getType());
  state.attributes = problem.combiner->getAttrs();
  return builder.create(state)->getResult(0);
}

/// The value that combines with any other to that other.
Value LoopEmitter::identity(Type type) {
  TypedAttr value =
      arith::getNeutralElement(problem.combiner)
          .value_or(builder.getZeroAttr(getElementTypeOrSelf(type)));
  // Sums start at +0, as the reference does; MLIR's neutral element is -0.
  if (isa<arith::AddFOp>(problem.combiner))
    value = cast<TypedAttr>(builder.getZeroAttr(getElementTypeOrSelf(type)));
  if (auto vector = dyn_cast<VectorType>(type))
    value = DenseElementsAttr::get(vector, cast<Attribute>(value));
  return builder.create<arith::ConstantOp>(loc, value);
}

/// A sum over outer loops in the canonical order: as many sums as it has lanes,
/// each a vector along the parallel dimension. Nothing where the loops' form
/// does not allow it.
std::optional<Value> LoopEmitter::emitCanonicalSum(int64_t lanes,
                                                   int64_t count) {
  int64_t total = 1;
  for (unsigned dim : reductions)
    total *= problem.extents[dim];
  if (!sumsFloats() || (total > maxUnrolledReduction && reductions.size() != 1))
    return std::nullopt;
  Value zero = identity(laneType(problem.outputs[0].elementType(), lanes));
  SmallVector<Value> sums(canonicalLanes, zero);

  // Element `flat` of the reduction, `base` being added to the last loop.
  auto accumulate = [&](MutableArrayRef<Value> sums, int64_t flat, Value base) {
    int64_t rest = flat;
    for (unsigned dim : llvm::reverse(reductions)) {
      int64_t extent = problem.extents[dim];
      int64_t index = reductions.size() == 1 ? rest : rest % extent;
      indices[dim] = base ? advance(builder, loc, base, index)
                          : builder.create<arith::ConstantIndexOp>(loc, index);
      rest /= extent;
    }
    Value &sum = sums[flat % canonicalLanes];
    sum = callBody(loadInputs(lanes, count), sum, lanes).front();
  };
  int64_t main = 0;
  if (reductions.size() == 1 && total > maxUnrolledReduction) {
    main = total / canonicalLanes * canonicalLanes;
    sums = emitLoop(builder, loc, 0, main, canonicalLanes, sums,
                    [&](Value base, ValueRange carried) {
                      SmallVector<Value> next(carried);
                      for (int64_t lane = 0; lane < canonicalLanes; ++lane)
                        accumulate(next, lane, base);
                      return next;
                    });
  }
  for (int64_t flat = main; flat < total; ++flat)
    accumulate(sums, flat, Value());
  for (int64_t half = canonicalLanes / 2; half > 0; half /= 2)
    for (int64_t lane = 0; lane < half; ++lane)
      if (lane + half < total)
        sums[lane] = combine(sums[lane], sums[lane + half]);
  return sums[0];
}

void LoopEmitter::emitReduction(int64_t lanes, int64_t count) {
  SmallVector<Value> initial;
  for (const FlatBuffer &output : problem.outputs)
    initial.push_back(load(output, lanes, count));
  if (std::optional<Value> sum = emitCanonicalSum(lanes, count)) {
    storeOutputs(combine(initial[0], *sum), count);
    return;
  }
  storeOutputs(emitSequential(reductions, initial, lanes, count), count);
}

/// A reduction along contiguous elements: 16 lanes, then the tree.
void LoopEmitter::emitInnerReduction(unsigned dim) {
  int64_t lanes = canonicalLanes;
  Type element = problem.outputs[0].elementType();
  Value initial = load(problem.outputs[0], 1, 1);
  SmallVector<unsigned> outer(reductions);
  outer.pop_back();
  vectorDim = dim;
  int64_t extent = problem.extents[dim], main = extent / lanes * lanes;

  auto step = [&](Value carried, int64_t count) {
    Value next = callBody(loadInputs(lanes, count), carried, lanes).front();
    if (count == lanes)
      return next;
    SmallVector<bool> bits(lanes, false);
    std::fill_n(bits.begin(), count, true);
    Value mask = builder.create<arith::ConstantOp>(
        loc, DenseElementsAttr::get(
                 VectorType::get({lanes}, builder.getI1Type()), bits));
    return builder.create<arith::SelectOp>(loc, mask, next, carried)
        .getResult();
  };
  std::function<SmallVector<Value>(ArrayRef<unsigned>, ValueRange)> nest =
      [&](ArrayRef<unsigned> dims, ValueRange carried) -> SmallVector<Value> {
    if (!dims.empty())
      return emitLoop(builder, loc, 0, problem.extents[dims.front()], 1,
                      carried, [&](Value index, ValueRange values) {
                        indices[dims.front()] = index;
                        return nest(dims.drop_front(), values);
                      });
    SmallVector<Value> sums =
        emitLoop(builder, loc, 0, main, lanes, carried,
                 [&](Value index, ValueRange values) -> SmallVector<Value> {
                   indices[dim] = index;
                   return {step(values[0], lanes)};
                 });
    if (main < extent) {
      indices[dim] = builder.create<arith::ConstantIndexOp>(loc, main);
      sums = {step(sums[0], extent - main)};
    }
    return sums;
  };
  Value sum = nest(outer, identity(laneType(element, lanes))).front();
  for (int64_t half = lanes / 2; half > 0; half /= 2) {
    auto part = [&](int64_t begin) -> Value {
      return builder.create<vector::ExtractStridedSliceOp>(
          loc, sum, ArrayRef<int64_t>{begin}, ArrayRef<int64_t>{half},
          ArrayRef<int64_t>{1});
    };
    sum = combine(part(0), part(half));
  }
  Value scalar = builder.create<vector::ExtractOp>(loc, sum, 0);
  vectorDim = std::nullopt;
  storeOutputs(combine(initial, scalar), 1);
}

} // namespace

void edgec::emitLoops(OpBuilder &builder, Location loc, LoopProblem problem,
                      const TargetDescription &target) {
  LoopEmitter(builder, loc, problem, target).emit();
}
