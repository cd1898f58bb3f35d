//===- VectorizeGeneric.cpp - linalg operations, fills and copies --------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "LoopEmitter.h"
#include "TransposeEmitter.h"
#include "VectorBody.h"
#include "Vectorizers.h"
#include "edgec/Codegen/Passes.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"

using namespace mlir;
using namespace edgec;

/// The operation by which `body` combines its only output with a value that
/// does not depend on the output; null if it has another form.
static Operation *findCombiner(linalg::LinalgOp op) {
  if (op.getNumDpsInits() != 1)
    return nullptr;
  Block &body = *op.getBlock();
  Value output = body.getArguments().back();
  Operation *combiner = body.getTerminator()->getOperand(0).getDefiningOp();
  if (!combiner || !output.hasOneUse() || combiner->getBlock() != &body ||
      *output.user_begin() != combiner)
    return nullptr;
  // All of these are commutative, so which operand is the output is free.
  return isa<arith::AddFOp, arith::MulFOp, arith::MaximumFOp, arith::MinimumFOp,
             arith::MaxNumFOp, arith::MinNumFOp, arith::AddIOp, arith::MulIOp,
             arith::MaxSIOp, arith::MinSIOp, arith::MaxUIOp, arith::MinUIOp,
             arith::AndIOp, arith::OrIOp, arith::XOrIOp>(combiner)
             ? combiner
             : nullptr;
}

static unsigned findWidestBits(Block &body) {
  unsigned widest = 8;
  auto consider = [&](Type type) {
    if (type.isIntOrFloat())
      widest = std::max(widest, type.getIntOrFloatBitWidth());
    if (type.isIndex())
      widest = 64;
  };
  for (BlockArgument argument : body.getArguments())
    if (!argument.use_empty() || !argument.getType().isIndex())
      consider(argument.getType());
  for (Operation &op : body)
    for (Type type : op.getResultTypes())
      consider(type);
  return widest;
}

static LogicalResult flatten(OpBuilder &builder, Operation *op, Value memref,
                             AffineMap map, FlatBuffer &buffer) {
  FailureOr<FlatBuffer> flat =
      FlatBuffer::get(builder, op->getLoc(), memref, map);
  if (failed(flat))
    return op->emitOpError("cannot be vectorised: ")
           << memref.getType() << " has no static strides";
  buffer = *flat;
  return success();
}

/// Whether every element of the output is one of the only input.
static bool isCopy(linalg::LinalgOp op, const LoopProblem &problem) {
  Value yielded = op.getBlock()->getTerminator()->getOperand(0);
  return problem.inputs.size() == 1 && problem.outputs.size() == 1 &&
         !problem.inputs[0].scalar && op.getNumReductionLoops() == 0 &&
         yielded == op.getBlock()->getArgument(0);
}

/// `load`, which the body of `op` does at indices of the loops and from tables
/// of indices among `inputs`, as an input; nothing where it computes others.
static std::optional<LoopInput> findLookup(OpBuilder &builder,
                                           memref::LoadOp load,
                                           linalg::LinalgOp op,
                                           ArrayRef<LoopInput> inputs) {
  SmallVector<int64_t> strides;
  int64_t offset;
  if (failed(getStridesAndOffset(load.getMemRefType(), strides, offset)) ||
      llvm::is_contained(strides, ShapedType::kDynamic))
    return std::nullopt;
  LoopInput result;
  SmallVector<AffineExpr> position;
  for (auto [axis, index] : llvm::enumerate(load.getIndices())) {
    auto argument = dyn_cast<BlockArgument>(index);
    if (auto loop = index.getDefiningOp<linalg::IndexOp>()) {
      position.push_back(builder.getAffineDimExpr(loop.getDim()));
    } else if (std::optional<int64_t> known = getConstantIntValue(index)) {
      position.push_back(builder.getAffineConstantExpr(*known));
    } else if (argument && argument.getOwner() == op.getBlock() &&
               argument.getArgNumber() < inputs.size() &&
               !inputs[argument.getArgNumber()].scalar) {
      position.push_back(builder.getAffineConstantExpr(0));
      result.lookups.push_back(
          {inputs[argument.getArgNumber()].buffer, strides[axis]});
    } else {
      return std::nullopt;
    }
  }
  AffineMap map =
      AffineMap::get(op.getNumLoops(), 0, position, builder.getContext());
  FailureOr<FlatBuffer> buffer =
      FlatBuffer::get(builder, load.getLoc(), load.getMemRef(), map);
  if (failed(buffer))
    return std::nullopt;
  result.buffer = *buffer;
  return result;
}

/// Makes inputs of what the body reads at indices of the loops and of tables,
/// as resampling does: lanes are then neighbours, or one element.
static void extractLookups(OpBuilder &builder, linalg::LinalgOp op,
                           LoopProblem &problem) {
  Block &body = *op.getBlock();
  size_t numTables = problem.inputs.size();
  for (auto load : llvm::make_early_inc_range(body.getOps<memref::LoadOp>())) {
    if (op->isAncestor(load.getMemRef().getParentRegion()->getParentOp()))
      continue;
    auto input = findLookup(builder, load, op,
                            ArrayRef(problem.inputs).take_front(numTables));
    if (!input)
      continue;
    BlockArgument element = body.insertArgument(problem.inputs.size(),
                                                load.getType(), load.getLoc());
    problem.inputs.push_back(std::move(*input));
    load.getResult().replaceAllUsesWith(element);
    load.erase();
  }
  for (auto index : llvm::make_early_inc_range(body.getOps<linalg::IndexOp>()))
    if (index.use_empty())
      index.erase();
}

LogicalResult edgec::vectorizeGeneric(linalg::LinalgOp op,
                                      const TargetDescription &target) {
  OpBuilder builder(op);
  LoopProblem problem;
  llvm::append_range(problem.extents, op.getStaticLoopRanges());
  if (llvm::any_of(problem.extents, ShapedType::isDynamic))
    return op.emitOpError("cannot be vectorised: it has a dynamic extent");
  for (utils::IteratorType iterator : op.getIteratorTypesArray())
    problem.isReduction.push_back(iterator == utils::IteratorType::reduction);
  for (OpOperand *input : op.getDpsInputOperands()) {
    LoopInput &entry = problem.inputs.emplace_back();
    if (!isa<MemRefType>(input->get().getType()))
      entry.scalar = input->get();
    else if (failed(flatten(builder, op, input->get(),
                            op.getMatchingIndexingMap(input), entry.buffer)))
      return failure();
  }
  for (OpOperand &init : op.getDpsInitsMutable()) {
    if (failed(flatten(builder, op, init.get(),
                       op.getMatchingIndexingMap(&init),
                       problem.outputs.emplace_back())))
      return failure();
    problem.readsOutput.push_back(op.payloadUsesValueFromOperand(&init));
  }
  Block *body = op.getBlock();
  if (op.getNumReductionLoops() == 0)
    extractLookups(builder, op, problem);
  problem.body = [&, body](ArrayRef<Value> arguments, int64_t lanes,
                           function_ref<Value(int64_t)> indices) {
    return emitBody(builder, *body, arguments, lanes, indices);
  };
  problem.indexFree = body->getOps<linalg::IndexOp>().empty();
  problem.widestBits = findWidestBits(*body);
  problem.combiner = findCombiner(op);
  problem.bodySize = body->getOperations().size() - 1;
  if (auto initial = op->getAttrOfType<ArrayAttr>(initialValuesAttr))
    for (Attribute value : initial) {
      auto typed = dyn_cast<TypedAttr>(value);
      problem.initial.push_back(
          typed ? builder.create<arith::ConstantOp>(op.getLoc(), typed)
                : Value());
    }
  problem.part = partAround(op);
  if (isCopy(op, problem) &&
      emitTranspose(builder, op.getLoc(),
                    {problem.extents, problem.inputs[0].buffer,
                     problem.outputs[0], problem.part},
                    target))
    return success();
  emitLoops(builder, op.getLoc(), std::move(problem), target);
  return success();
}

/// A problem that writes one buffer from `source`, or from a scalar.
static LogicalResult emitMove(OpBuilder &builder, Operation *op, Value source,
                              Value destination, ArrayRef<int64_t> begin,
                              ArrayRef<int64_t> extents,
                              const TargetDescription &target) {
  // Positions over the region that starts at `begin`.
  unsigned rank = extents.size();
  SmallVector<AffineExpr> shifted;
  for (unsigned axis = 0; axis < rank; ++axis)
    shifted.push_back(builder.getAffineDimExpr(axis) + begin[axis]);
  AffineMap map = AffineMap::get(rank, 0, shifted, builder.getContext());
  LoopProblem problem;
  problem.extents.assign(extents.begin(), extents.end());
  problem.isReduction.assign(rank, false);
  problem.readsOutput = {false};
  problem.part = partAround(op);
  LoopInput &input = problem.inputs.emplace_back();
  if (!isa<MemRefType>(source.getType()))
    input.scalar = source;
  else if (failed(flatten(builder, op, source, map, input.buffer)))
    return failure();
  if (failed(flatten(builder, op, destination, map,
                     problem.outputs.emplace_back())))
    return failure();
  Type element = getElementTypeOrSelf(destination.getType());
  problem.widestBits = element.isIndex() ? 64 : element.getIntOrFloatBitWidth();
  problem.body = [](ArrayRef<Value> arguments, int64_t,
                    function_ref<Value(int64_t)>) {
    return SmallVector<Value>{arguments.front()};
  };
  emitLoops(builder, op->getLoc(), std::move(problem), target);
  return success();
}

LogicalResult edgec::vectorizeFill(linalg::FillOp op,
                                   const TargetDescription &target) {
  OpBuilder builder(op);
  Value value = op.getInputs()[0], destination = op.getOutputs()[0];
  ArrayRef<int64_t> shape = cast<MemRefType>(destination.getType()).getShape();
  SmallVector<int64_t> begin(shape.size(), 0), extents(shape);
  auto interior = op->getAttrOfType<DenseI64ArrayAttr>(fillInteriorAttr);
  if (!interior)
    return emitMove(builder, op, value, destination, begin, extents, target);

  // Slabs before and after the interior along each axis, within the interior
  // of the axes before it.
  for (unsigned axis = 0; axis < shape.size(); ++axis) {
    int64_t low = interior[axis], size = interior[shape.size() + axis];
    auto slab = [&](int64_t from, int64_t to) {
      begin[axis] = from;
      extents[axis] = to - from;
      return from == to ? success()
                        : emitMove(builder, op, value, destination, begin,
                                   extents, target);
    };
    if (failed(slab(0, low)) || failed(slab(low + size, shape[axis])))
      return failure();
    begin[axis] = low;
    extents[axis] = size;
  }
  return success();
}

LogicalResult edgec::vectorizeCopy(memref::CopyOp op,
                                   const TargetDescription &target) {
  OpBuilder builder(op);
  ArrayRef<int64_t> shape =
      cast<MemRefType>(op.getTarget().getType()).getShape();
  SmallVector<int64_t> begin(shape.size(), 0);
  return emitMove(builder, op, op.getSource(), op.getTarget(), begin, shape,
                  target);
}
