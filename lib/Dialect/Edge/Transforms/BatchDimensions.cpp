//===- BatchDimensions.cpp - Where the samples of a batch lie ------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "BatchDimensions.h"

#include "edgec/Reference/Interpreter.h"
#include "mlir/IR/Matchers.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;

namespace edgec::edge {

static ArrayRef<int64_t> shapeOf(Value value) {
  return cast<RankedTensorType>(value.getType()).getShape();
}

static int64_t rankOf(Value value) { return shapeOf(value).size(); }

static int64_t product(ArrayRef<int64_t> extents) {
  int64_t result = 1;
  for (int64_t extent : extents)
    result *= extent;
  return result;
}

std::optional<SampleDimension> BatchDimensions::of(Value value) const {
  auto found = dimensions.find(value);
  if (found == dimensions.end())
    return std::nullopt;
  return found->second;
}

//===----------------------------------------------------------------------===//
// Values without samples
//===----------------------------------------------------------------------===//

/// Whether the samples of a tensor are equal.
static bool hasEqualSamples(const Tensor &tensor, SampleDimension samples,
                            int64_t batch) {
  ArrayRef<int64_t> shape = tensor.shape();
  int64_t outer = product(shape.take_front(samples.dim)) * samples.outer;
  if (outer == 0 || tensor.byteCount() == 0)
    return true;
  int64_t part = tensor.byteCount() / outer / batch;
  for (int64_t o = 0; o < outer; ++o) {
    const char *first = tensor.bytes() + o * batch * part;
    for (int64_t s = 1; s < batch; ++s)
      if (std::memcmp(first, first + s * part, part) != 0)
        return false;
  }
  return true;
}

bool BatchDimensions::repeat(OpOperand &operand, SampleDimension samples) {
  Value value = operand.get();
  if (undecided.contains(value))
    return true;
  if (shapeOf(value)[samples.dim] % (samples.outer * batch) != 0)
    return false;
  Operation *producer = value.getDefiningOp();
  if (auto constant = dyn_cast_or_null<ConstantOp>(producer)) {
    FailureOr<Tensor> tensor = toTensor(constant.getValue());
    if (failed(tensor) || !hasEqualSamples(*tensor, samples, batch))
      return false;
  } else if (auto broadcast = dyn_cast_or_null<BroadcastOp>(producer)) {
    int64_t own = samples.dim - (rankOf(value) - rankOf(broadcast.getInput()));
    if (own >= 0 && shapeOf(broadcast.getInput())[own] != 1)
      return false;
  } else {
    return false;
  }
  repeats.insert({&operand, samples});
  return true;
}

//===----------------------------------------------------------------------===//
// Rules
//===----------------------------------------------------------------------===//

/// The dimension of `operand`, if no other operand has samples.
BatchDimensions::Dimension BatchDimensions::ofOnly(OpOperand &operand) const {
  for (OpOperand &other : operand.getOwner()->getOpOperands())
    if (&other != &operand && of(other.get()))
      return std::nullopt;
  return of(operand.get());
}

/// The same, unless it is `axis`.
BatchDimensions::Dimension BatchDimensions::ofOnlyUnless(OpOperand &operand,
                                                         int64_t axis) const {
  Dimension dim = ofOnly(operand);
  return dim && dim->dim == axis ? std::nullopt : dim;
}

/// Of operands that broadcast to the result of `op`, but for the `trailing`
/// last dimensions.
BatchDimensions::Dimension BatchDimensions::broadcast(Operation *op,
                                                      OperandRange operands,
                                                      int64_t trailing) {
  Value result = op->getResult(0);
  Dimension dim;
  for (Value operand : operands) {
    Dimension own = of(operand);
    if (!own)
      continue;
    SampleDimension aligned{own->dim + rankOf(result) - rankOf(operand),
                            own->outer};
    if ((dim && *dim != aligned) || aligned.dim >= rankOf(result) - trailing ||
        shapeOf(operand)[own->dim] != shapeOf(result)[aligned.dim])
      return std::nullopt;
    dim = aligned;
  }
  for (OpOperand &operand : op->getOpOperands()) {
    if (!dim || of(operand.get()))
      continue;
    int64_t own = dim->dim - (rankOf(result) - rankOf(operand.get()));
    if (own >= 0 && shapeOf(operand.get())[own] != 1 &&
        !repeat(operand, {own, dim->outer}))
      return std::nullopt;
  }
  return dim;
}

BatchDimensions::Dimension BatchDimensions::ofMatMul(MatMulOp op) {
  // Samples in rows (of the left) or columns (of the right operand) alone.
  auto inMatrix = [&](OpOperand &operand, bool transposed,
                      bool isLeft) -> Dimension {
    Value value = operand.get();
    Dimension dim = ofOnly(operand);
    int64_t rank = rankOf(value);
    if (!dim || rank < 2 || dim->dim < rank - 2)
      return std::nullopt;
    bool isRow = (dim->dim == rank - 2) != transposed;
    if (isRow != isLeft)
      return std::nullopt; // The contracted dimension.
    int64_t resultRank = rankOf(op.getResult());
    bool isLast = !isLeft || rankOf(op.getRhs()) == 1;
    return SampleDimension{resultRank - (isLast ? 1 : 2), dim->outer};
  };
  if (Dimension dim = inMatrix(op.getLhsMutable(), op.getTransposeLhs(), true))
    return dim;
  if (Dimension dim = inMatrix(op.getRhsMutable(), op.getTransposeRhs(), false))
    return dim;
  if (rankOf(op.getLhs()) < 2 || rankOf(op.getRhs()) < 2)
    return std::nullopt;
  return broadcast(op, op->getOperands(), /*trailing=*/2);
}

BatchDimensions::Dimension BatchDimensions::ofConcat(ConcatOp op) {
  Dimension dim;
  for (Value input : op.getInputs()) {
    Dimension own = of(input);
    if (own && dim && *own != *dim)
      return std::nullopt;
    dim = own ? own : dim;
  }
  if (dim->dim == static_cast<int64_t>(op.getAxis()))
    return std::nullopt;
  for (OpOperand &operand : op->getOpOperands())
    if (!of(operand.get()) && !repeat(operand, *dim))
      return std::nullopt;
  return dim;
}

/// The dimension that holds all samples where as many elements lie before them.
/// One that starts with them is better than one that holds other dimensions.
BatchDimensions::Dimension BatchDimensions::ofReshape(ReshapeOp op) const {
  Dimension from = of(op.getInput());
  int64_t before =
      product(shapeOf(op.getInput()).take_front(from->dim)) * from->outer;
  ArrayRef<int64_t> shape = shapeOf(op.getResult());
  Dimension best;
  int64_t prefix = 1;
  for (auto [dim, extent] : llvm::enumerate(shape)) {
    if (prefix != 0 && before % prefix == 0) {
      SampleDimension samples{static_cast<int64_t>(dim), before / prefix};
      if (extent % (samples.outer * batch) == 0 &&
          (!best || samples.outer < best->outer))
        best = samples;
    }
    prefix *= extent;
  }
  return best;
}

BatchDimensions::Dimension BatchDimensions::ofGather(GatherOp op) const {
  int64_t axis = op.getAxis();
  if (Dimension dim = ofOnlyUnless(op.getInputMutable(), axis))
    return SampleDimension{
        dim->dim < axis ? dim->dim : dim->dim + rankOf(op.getIndices()) - 1,
        dim->outer};
  if (Dimension dim = ofOnly(op.getIndicesMutable()))
    return SampleDimension{axis + dim->dim, dim->outer};
  return std::nullopt;
}

BatchDimensions::Dimension BatchDimensions::ofSlice(SliceOp op) const {
  Dimension dim = of(op.getInput());
  bool isWhole = op.getStarts()[dim->dim] == 0 &&
                 op.getSteps()[dim->dim] == 1 &&
                 op.getSizes()[dim->dim] == shapeOf(op.getInput())[dim->dim];
  return isWhole ? dim : std::nullopt;
}

BatchDimensions::Dimension BatchDimensions::ofPad(PadOp op) const {
  Dimension dim = ofOnly(op.getInputMutable());
  bool isWhole =
      dim && op.getLow()[dim->dim] == 0 && op.getHigh()[dim->dim] == 0;
  return isWhole ? dim : std::nullopt;
}

BatchDimensions::Dimension BatchDimensions::ofResize(ResizeOp op) const {
  Dimension dim = of(op.getInput());
  bool isWhole =
      op.getScales()[dim->dim] == 1 && !op.getRoi() &&
      shapeOf(op.getInput())[dim->dim] == shapeOf(op.getResult())[dim->dim];
  return isWhole ? dim : std::nullopt;
}

BatchDimensions::Dimension BatchDimensions::reduced(OpOperand &operand,
                                                    ArrayRef<int64_t> axes,
                                                    bool keepDims) const {
  Dimension dim = ofOnly(operand);
  if (!dim || llvm::is_contained(axes, dim->dim))
    return std::nullopt;
  if (keepDims)
    return dim;
  int64_t gone =
      llvm::count_if(axes, [&](int64_t axis) { return axis < dim->dim; });
  return SampleDimension{dim->dim - gone, dim->outer};
}

/// Of rows of a table that have a scale each.
BatchDimensions::Dimension BatchDimensions::ofRowScales(DequantizeOp op) const {
  Dimension dim = of(op.getInput()), scales = of(op.getScale()),
            zeros = of(op.getZeroPoint());
  bool fits = dim && dim->dim == static_cast<int64_t>(op.getAxis()) &&
              op.getBlockSize() == 0 && scales->outer == dim->outer &&
              (zeros ? zeros == scales : rankOf(op.getZeroPoint()) == 0);
  return fits ? dim : std::nullopt;
}

/// Of operands of one rank that go through the samples together.
BatchDimensions::Dimension BatchDimensions::ofElementwiseIndices(Operation *op,
                                                                 int64_t axis) {
  Dimension dim;
  for (Value operand : op->getOperands())
    dim = dim ? dim : of(operand);
  if (dim->dim == axis)
    return std::nullopt;
  for (OpOperand &operand : op->getOpOperands()) {
    Dimension own = of(operand.get());
    bool fits = own ? *own == *dim && shapeOf(operand.get())[own->dim] ==
                                          shapeOf(op->getResult(0))[own->dim]
                    : repeat(operand, *dim);
    if (!fits)
      return std::nullopt;
  }
  return dim;
}

BatchDimensions::Dimension BatchDimensions::resultDimension(Operation *op) {
  // Of an operation whose first operand has the samples, in the first
  // dimension: windows lie in one sample.
  auto ofBatchFirst = [&](auto) -> Dimension {
    Dimension dim = ofOnly(op->getOpOperand(0));
    return dim && dim->dim == 0 ? dim : std::nullopt;
  };
  // Of one that computes along an axis, whatever else it reads.
  auto ofAlongAxis = [&](auto along) -> Dimension {
    return ofOnlyUnless(op->getOpOperand(0), along.getAxis());
  };
  return llvm::TypeSwitch<Operation *, Dimension>(op)
      .Case<ElementwiseOpInterface>(
          [&](auto) { return broadcast(op, op->getOperands(), 0); })
      .Case<ConvOp, ConvTransposeOp, MaxPoolOp, AveragePoolOp>(ofBatchFirst)
      .Case<BatchNormOp, LrnOp, SoftmaxOp, CumulativeSumOp, TopKOp>(ofAlongAxis)
      .Case<QuantizeOp, DequantizeOp>([&](auto cast) -> Dimension {
        if (rankOf(cast.getScale()) == 0)
          return ofOnly(op->getOpOperand(0));
        auto dequantize = dyn_cast<DequantizeOp>(op);
        if (dequantize && of(cast.getScale()))
          return ofRowScales(dequantize);
        return ofAlongAxis(cast);
      })
      .Case([&](LayerNormOp norm) -> Dimension {
        Dimension dim = ofOnly(op->getOpOperand(0));
        return dim && dim->dim < static_cast<int64_t>(norm.getAxis())
                   ? dim
                   : std::nullopt;
      })
      .Case([&](ReduceOp reduce) {
        return reduced(op->getOpOperand(0), reduce.getAxes(),
                       reduce.getKeepDims());
      })
      .Case([&](ArgReduceOp reduce) {
        return reduced(op->getOpOperand(0), reduce.getAxis(),
                       reduce.getKeepDims());
      })
      .Case([&](TransposeOp transpose) -> Dimension {
        ArrayRef<int64_t> permutation = transpose.getPermutation();
        Dimension dim = of(transpose.getInput());
        return SampleDimension{llvm::find(permutation, dim->dim) -
                                   permutation.begin(),
                               dim->outer};
      })
      .Case([&](BroadcastOp) { return broadcast(op, op->getOperands(), 0); })
      .Case([&](MatMulOp matmul) { return ofMatMul(matmul); })
      .Case([&](ConcatOp concat) { return ofConcat(concat); })
      .Case([&](ReshapeOp reshape) { return ofReshape(reshape); })
      .Case([&](GatherOp gather) { return ofGather(gather); })
      .Case([&](SliceOp slice) { return ofSlice(slice); })
      .Case([&](PadOp pad) { return ofPad(pad); })
      .Case([&](ResizeOp resize) { return ofResize(resize); })
      .Case<GatherElementsOp, ScatterElementsOp>([&](auto indexed) {
        return ofElementwiseIndices(op, indexed.getAxis());
      })
      .Case([&](ObserveOp observe) { return of(observe.getInput()); })
      .Default([](Operation *) { return std::nullopt; });
}

//===----------------------------------------------------------------------===//
// Following
//===----------------------------------------------------------------------===//

LogicalResult BatchDimensions::followOperation(Operation *op) {
  if (auto branch = dyn_cast<IfOp>(op))
    return followIf(branch);
  if (auto loop = dyn_cast<LoopOp>(op))
    return followLoop(loop);
  if (llvm::none_of(op->getOperands(),
                    [&](Value operand) { return of(operand); })) {
    bool isDecided = llvm::none_of(op->getOperands(), [&](Value operand) {
      return undecided.contains(operand);
    });
    for (Value result : op->getResults())
      isDecided ? (void)undecided.erase(result)
                : (void)undecided.insert(result);
    return success();
  }
  Dimension dim = resultDimension(op);
  if (!dim)
    return op->emitOpError("computes one sample of a batch from others, or is "
                           "not known not to: fix the batch with --shape");
  for (Value result : op->getResults()) {
    dimensions[result] = *dim;
    undecided.erase(result);
  }
  return success();
}

LogicalResult BatchDimensions::followBlock(Block &block) {
  for (Operation &op : block.without_terminator())
    if (failed(followOperation(&op)))
      return failure();
  return success();
}

LogicalResult BatchDimensions::followIf(IfOp op) {
  if (of(op.getCondition()))
    return op.emitOpError("has a condition of every sample of a batch: fix the "
                          "batch with --shape");
  Block &then = op.getThenRegion().front(), &other = op.getElseRegion().front();
  if (failed(followBlock(then)) || failed(followBlock(other)))
    return failure();
  for (auto [index, result] : llvm::enumerate(op.getResults())) {
    OpOperand &fromThen = then.getTerminator()->getOpOperand(index);
    OpOperand &fromElse = other.getTerminator()->getOpOperand(index);
    Dimension one = of(fromThen.get()), two = of(fromElse.get());
    bool agree = one == two || (one && !two && repeat(fromElse, *one)) ||
                 (two && !one && repeat(fromThen, *two));
    if (!agree)
      return op.emitOpError("has the samples of a batch in one of its results "
                            "on one way only: fix the batch with --shape");
    if (Dimension dim = one ? one : two)
      dimensions[result] = *dim;
  }
  return success();
}

LogicalResult BatchDimensions::followLoop(LoopOp op) {
  auto refuse = [&](const char *what) {
    return op.emitOpError(what) << ": fix the batch with --shape";
  };
  if (of(op.getTripCount()) || of(op.getCondition()))
    return refuse("runs as long as the samples of a batch say");
  Block &body = op.getBody().front();
  Operation *yield = body.getTerminator();
  // What gains samples in an iteration has them from the start, and what it
  // starts with must then be the same for all. Until that is known, such a
  // value fits whatever it meets.
  unsigned carried = op.getCarried().size();
  for (unsigned i = 0; i < carried; ++i) {
    if (Dimension dim = of(op.getCarried()[i]))
      dimensions[body.getArgument(i + 1)] = *dim;
    else
      undecided.insert(body.getArgument(i + 1));
  }
  for (bool changed = true; changed;) {
    if (failed(followBlock(body)))
      return failure();
    changed = false;
    for (unsigned i = 0; i < carried; ++i) {
      Value argument = body.getArgument(i + 1);
      Dimension next = of(yield->getOperand(i + 1)), now = of(argument);
      if (next == now)
        continue;
      if (now || !repeat(op.getCarriedMutable()[i], *next))
        return refuse("moves the samples of a batch");
      dimensions[argument] = *next;
      undecided.erase(argument);
      changed = true;
    }
    // The others have none.
    if (!changed)
      for (Value argument : body.getArguments())
        changed |= undecided.erase(argument);
  }
  if (of(yield->getOperand(0)))
    return refuse("runs as long as the samples of a batch say");
  for (auto [index, result] : llvm::enumerate(op.getResults())) {
    Dimension dim = of(yield->getOperand(index + 1));
    if (dim)
      dimensions[result] = {dim->dim + (index < carried ? 0 : 1), dim->outer};
  }
  return success();
}

LogicalResult BatchDimensions::checkResults(func::ReturnOp op) {
  for (auto [index, value] : llvm::enumerate(op.getOperands()))
    if (Dimension dim = of(value); dim && *dim != SampleDimension{0})
      return op.emitOpError("output ")
             << index << " has the samples of a batch in dimension " << dim->dim
             << ", where they do not follow each other in memory: fix the "
                "batch with --shape";
  return success();
}

LogicalResult BatchDimensions::follow(func::FuncOp function, int64_t size) {
  batch = size;
  for (BlockArgument argument : function.getArguments())
    if (function.getArgAttr(argument.getArgNumber(), batchAttr))
      dimensions[argument] = {0};
  Block &body = function.getBody().front();
  if (failed(followBlock(body)))
    return failure();
  return checkResults(cast<func::ReturnOp>(body.getTerminator()));
}

} // namespace edgec::edge
