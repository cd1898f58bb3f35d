//===- LoopEmitter.cpp - Elementwise loops and reductions ----------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "LoopEmitterImpl.h"

#include "FastPath.h"
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
/// Operations of the copies of a body that are written out.
constexpr int64_t maxUnrolledSize = 128;
/// Loops of fewer elements are not worth a remark.
constexpr int64_t fewElements = 1024;

SmallVector<AffineExpr *> positionsOf(LoopProblem &problem) {
  SmallVector<AffineExpr *> positions;
  for (LoopInput &input : problem.inputs) {
    if (!input.scalar)
      positions.push_back(&input.buffer.position);
    for (LoopInput::Lookup &lookup : input.lookups)
      positions.push_back(&lookup.table.position);
  }
  for (FlatBuffer &output : problem.outputs)
    positions.push_back(&output.position);
  return positions;
}

} // namespace

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
  // Windows along a dimension that has enough lanes itself: neither shuffles
  // nor a loop for each element.
  std::optional<unsigned> kept = findVectorDim();
  if (kept && problem.extents[*kept] >= canonicalLanes &&
      readsNeighbours(*kept))
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

/// Whether lanes along `dim` read neighbours, or one element, of every input.
bool LoopEmitter::readsNeighbours(unsigned dim) const {
  return llvm::all_of(problem.inputs, [&](const LoopInput &input) {
    if (input.scalar)
      return true;
    std::optional<int64_t> stride = coefficientOf(input.buffer.position, dim);
    return stride && (*stride == 0 || *stride == 1);
  });
}

int64_t LoopEmitter::reducedElements() const {
  int64_t total = 1;
  for (unsigned dim : reductions)
    total *= problem.extents[dim];
  return total;
}

bool LoopEmitter::sumsFloats() const {
  return isa_and_nonnull<arith::AddFOp, arith::MulFOp>(problem.combiner);
}

void LoopEmitter::remarkScalarLoops() const {
  int64_t elements = 1;
  for (int64_t extent : problem.extents)
    elements *= extent;
  if (elements < fewElements)
    return;
  if (!vectorDim) {
    missedFastPath(loc, "the loop runs element by element: there is no "
                        "dimension along which every result is contiguous");
    return;
  }
  for (const LoopInput &input : problem.inputs)
    if (!input.scalar && !patterns.contains(input.buffer.position) &&
        !laneStride(input))
      missedFastPath(loc, "an operand is gathered element by element: its "
                          "index is not linear in the result's");
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
  fuseShortDims();
  remarkScalarLoops();
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

int64_t LoopEmitter::lanesAlongVector() const {
  // Sixteen sums of full width would not fit into fewer registers.
  if (sumsFloats() && !reductions.empty())
    return target.lanes(problem.widestBits);
  return std::max<int64_t>(512 / problem.widestBits, 1);
}

NestLoop LoopEmitter::vectorLoop() {
  fullLanes = blockLanes = lanesAlongVector();
  findPatterns();
  return {problem.extents[*vectorDim], blockLanes,
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
  blockBegin = indices[*vectorDim];
  for (int64_t at = 0; at < elements;) {
    indices[*vectorDim] = advance(builder, loc, blockBegin, at);
    int64_t rest = elements - at;
    if (rest >= fullLanes) {
      if (elements == blockLanes)
        atInBlock = at;
      body(fullLanes, fullLanes);
      atInBlock.reset();
      at += fullLanes;
      continue;
    }
    int64_t width = llvm::bit_floor<uint64_t>(rest);
    if (access.hasMasks && width != rest) {
      body(fullLanes, rest);
      return;
    }
    body(width, width);
    at += width;
  }
}

void LoopEmitter::emitElement(int64_t lanes, int64_t count) {
  SmallVector<Value> inputs = loadInputs(lanes, count), outputs;
  for (auto [number, output] : llvm::enumerate(problem.outputs)) {
    // Also reductions whose reduced extents are one.
    Type type = laneType(output.elementType(), lanes);
    outputs.push_back(problem.readsOutput[number]
                          ? initialValue(number, lanes, count)
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

/// Goes to element `flat` of the reduction, `base` being added to the last
/// loop.
void LoopEmitter::setReduced(int64_t flat, Value base) {
  int64_t rest = flat;
  for (unsigned dim : llvm::reverse(reductions)) {
    int64_t extent = problem.extents[dim];
    int64_t index = reductions.size() == 1 ? rest : rest % extent;
    indices[dim] = base ? advance(builder, loc, base, index)
                        : builder.create<arith::ConstantIndexOp>(loc, index);
    rest /= extent;
  }
}

Value LoopEmitter::initialValue(unsigned output, int64_t lanes, int64_t count) {
  if (output < problem.initial.size() && problem.initial[output])
    return splat(builder, loc, problem.initial[output], lanes);
  return load({Value(), problem.outputs[output], {}}, lanes, count);
}

/// A sum over outer loops in the canonical order: as many sums as it has lanes,
/// each a vector along the parallel dimension. Nothing where the loops' form
/// does not allow it.
std::optional<Value> LoopEmitter::emitCanonicalSum(int64_t lanes,
                                                   int64_t count) {
  int64_t total = reducedElements();
  if (!sumsFloats() || (total > maxUnrolledReduction && reductions.size() != 1))
    return std::nullopt;
  Value zero = identity(laneType(problem.outputs[0].elementType(), lanes));
  SmallVector<Value> sums(canonicalLanes, zero);

  auto accumulate = [&](MutableArrayRef<Value> sums, int64_t flat, Value base) {
    setReduced(flat, base);
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
  for (unsigned output = 0; output < problem.outputs.size(); ++output)
    initial.push_back(initialValue(output, lanes, count));
  if (std::optional<Value> sum = emitCanonicalSum(lanes, count)) {
    storeOutputs(combine(initial[0], *sum), count);
    return;
  }
  int64_t total = reducedElements();
  if (total <= maxUnrolledReduction &&
      total * problem.bodySize <= maxUnrolledSize) {
    for (int64_t flat = 0; flat < total; ++flat) {
      setReduced(flat, Value());
      initial = callBody(loadInputs(lanes, count), initial, lanes);
    }
    storeOutputs(initial, count);
    return;
  }
  storeOutputs(emitSequential(reductions, initial, lanes, count), count);
}

/// A reduction along contiguous elements: 16 lanes, then the tree.
void LoopEmitter::emitInnerReduction(unsigned dim) {
  int64_t lanes = canonicalLanes;
  Type element = problem.outputs[0].elementType();
  Value initial = initialValue(0, 1, 1);
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

void edgec::emitLoops(OpBuilder &builder, Location loc, LoopProblem problem,
                      const TargetDescription &target) {
  LoopEmitter(builder, loc, problem, target).emit();
}
