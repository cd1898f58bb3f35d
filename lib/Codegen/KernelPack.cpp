//===- KernelPack.cpp - Weights in panels --------------------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "DepthwisePack.h"
#include "DotProduct.h"
#include "FastPath.h"
#include "FlatBuffer.h"
#include "LaneProduct.h"
#include "PanelPack.h"
#include "RuntimePack.h"
#include "SumCorrection.h"
#include "Vectorizers.h"
#include "edgec/Codegen/Passes.h"
#include "edgec/Codegen/TargetOption.h"
#include "edgec/Codegen/TileChoice.h"
#include "edgec/Codegen/Unpacking.h"

#include "mlir/IR/AsmState.h"
#include "mlir/IR/DialectResourceBlobManager.h"
#include "llvm/Support/MathExtras.h"
#include "llvm/Support/xxhash.h"
#include <map>
#include <set>

namespace edgec {
#define GEN_PASS_DEF_KERNELPACK
#include "edgec/Codegen/Passes.h.inc"
} // namespace edgec

using namespace mlir;
using namespace edgec;
using edgec::kernel::ContractOp;

AffineExpr edgec::positionIn(Value tensor, AffineMap map) {
  ArrayRef<int64_t> shape = cast<ShapedType>(tensor.getType()).getShape();
  AffineExpr position = getAffineConstantExpr(0, map.getContext());
  for (auto [extent, expr] : llvm::zip(shape, map.getResults()))
    position = position * extent + expr;
  return simplifyAffineExpr(position, map.getNumDims(), 0);
}

ArrayRef<char> edgec::rawBytes(Attribute value) {
  if (auto resource = dyn_cast<DenseResourceElementsAttr>(value)) {
    AsmResourceBlob *blob = resource.getRawHandle().getBlob();
    return blob ? blob->getData() : ArrayRef<char>();
  }
  return cast<DenseElementsAttr>(value).getRawData();
}

namespace {

/// Rows and columns as the vectorizer will see them when a and init are
/// contiguous.
ContractExtents extentsOf(ContractOp op) {
  SmallVector<int64_t> extents(op.getExtents());
  AffineExpr a = positionIn(op.getA(), op.getAMap());
  AffineExpr c = positionIn(op.getInit(), op.getCMap());
  mergeDims(extents, op.getNumBatch(), op.getColumnDim(), {&a, &c});
  ContractExtents result;
  result.columns = extents[op.getColumnDim()];
  for (int64_t dim = op.getColumnDim(); dim-- > int64_t(op.getNumBatch());) {
    if (extents[dim] == 1)
      continue;
    if (result.innerRows == 1) {
      result.innerRows = extents[dim];
    } else {
      result.outerRows = extents[dim];
      break;
    }
  }
  return result;
}

/// Whether bytes are multiplied, those of a being neighbours along the last
/// dimension.
bool hasGroups(ContractOp op) {
  unsigned last = op.getExtents().size() - 1;
  auto isByte = [](Value value) {
    return getElementTypeOrSelf(value.getType()).isInteger(8);
  };
  return isByte(op.getA()) && isByte(op.getB()) &&
         op.getAccumulator().isInteger(32) && op.getNumContracted() != 0 &&
         !op.getAFlipped() && op.getExtents()[last] != 1 &&
         op.getBMap().isFunctionOfDim(last) &&
         coefficientOf(positionIn(op.getA(), op.getAMap()), last) == 1 &&
         op.getAMap().getResults().back().isFunctionOfDim(last);
}

/// The instruction for the operands of `op`; nothing where there is none.
std::optional<DotRow> dotRowOf(ContractOp op, const TargetDescription &target) {
  if (!hasGroups(op))
    return std::nullopt;
  return chooseDotRow(target, op.getAUnsigned(), op.getBUnsigned(),
                      op.getExtents().back());
}

/// The largest absolute value of `op`'s extra operands of i32; nothing where
/// one of them is not constant.
std::optional<int64_t> largestInteger(ContractOp op) {
  int64_t largest = 0;
  for (Value extra : op.getExtras()) {
    if (!getElementTypeOrSelf(extra.getType()).isInteger(32))
      continue;
    auto constant = extra.getDefiningOp<arith::ConstantOp>();
    if (!constant)
      return std::nullopt;
    ArrayRef<char> bytes = rawBytes(constant.getValue());
    for (size_t at = 0; at < bytes.size(); at += sizeof(int32_t)) {
      int32_t value;
      memcpy(&value, bytes.data() + at, sizeof(value));
      largest = std::max(largest, std::abs(int64_t(value)));
    }
  }
  return largest;
}

/// Whether 32 bits hold the sums, with what the epilogue adds to them, where
/// elements of b stand in the highest bits of a byte.
bool canRaiseSums(ContractOp op) {
  constexpr int64_t largestProduct = 128 * 255;
  std::optional<int64_t> added = largestInteger(op);
  if (!added)
    return false;
  int64_t depth = 1;
  for (int64_t extent : op.getExtents().drop_front(op.getColumnDim() + 1))
    depth *= extent;
  return depth * largestProduct + (*added << raisedBits(*op.getBBits())) <=
         std::numeric_limits<int32_t>::max();
}

struct KernelPackPass : edgec::impl::KernelPackBase<KernelPackPass> {
  using KernelPackBase::KernelPackBase;

  LogicalResult initialize(MLIRContext *context) override {
    return resolveTargetOption(context, target, cpu, features, description);
  }

  void runOnOperation() override {
    SmallVector<ContractOp> contracts;
    SmallVector<kernel::DepthwiseOp> depthwise;
    useCount.clear();
    sameWeights.clear();
    getOperation().walk([&](Operation *op) {
      if (auto contract = dyn_cast<ContractOp>(op))
        contracts.push_back(contract);
      if (auto kernel = dyn_cast<kernel::DepthwiseOp>(op))
        depthwise.push_back(kernel);
      for (NamedAttribute attribute : op->getAttrs())
        ++useCount[bytesOf(attribute.getValue())];
    });
    for (ContractOp op : contracts)
      prepare(op);
    choosePanels();
    for (ContractOp op : contracts)
      pack(op);
    for (kernel::DepthwiseOp op : depthwise)
      if (Attribute unused = packDepthwise(op, description))
        release(unused);
  }

private:
  /// What stands for the bytes of an attribute: a reshape of a constant is
  /// another attribute of the same blob.
  static const void *bytesOf(Attribute value) {
    if (auto resource = dyn_cast<DenseResourceElementsAttr>(value))
      return resource.getRawHandle().getResource();
    return value.getAsOpaquePointer();
  }

  static bool canPack(ContractOp op) {
    return isa<RankedTensorType>(op.getB().getType()) &&
           packedColumns(op.getBMap(), op.getColumnDim()) == 0;
  }

  void prepare(ContractOp op) {
    if (!canPack(op))
      return;
    if (dotRowOf(op, description) && !op.getBScales())
      mergeTaps(op);
    if (auto constant = op.getB().getDefiningOp<arith::ConstantOp>())
      sameWeights[hashOf(constant)].push_back(op);
  }

  /// Of the elements, and of how many there are: a splat has the bytes of one.
  static std::pair<uint64_t, int64_t> hashOf(arith::ConstantOp constant) {
    ArrayRef<char> bytes = rawBytes(constant.getValue());
    return {llvm::xxh3_64bits(ArrayRef(
                reinterpret_cast<const uint8_t *>(bytes.data()), bytes.size())),
            cast<ShapedType>(constant.getType()).getNumElements()};
  }

  /// Before the first of them is packed, which changes it.
  void choosePanels() {
    panels.clear();
    for (const auto &[hash, peers] : sameWeights)
      for (ContractOp op : peers) {
        std::optional<DotRow> dot = dotRowOf(op, description);
        int64_t panel = sharedPanelOf(op, dot, peers);
        panels[op] = packsRows(op, dot, panel) ? op.getColumns() : panel;
      }
  }

  /// Whether b's rows stand one after the other, as they are: where panels
  /// would be padded by much and all rows stay in the nearest cache, in which
  /// it does not matter that a tile's columns are apart. A register is loaded
  /// past a row's end then.
  static bool packsRows(ContractOp op, std::optional<DotRow> dot,
                        int64_t panel) {
    constexpr int64_t nearestCache = 32768, leastPadding = 32;
    int64_t columns = op.getColumns(), bytes = columns;
    if (!dot || !dot->broadcastsGroups() || columns == 1)
      return false;
    for (int64_t extent : op.getExtents().drop_front(op.getColumnDim() + 1))
      bytes *= extent;
    int64_t padding = llvm::alignTo(columns, panel) - columns;
    return padding * leastPadding >= columns && bytes <= nearestCache;
  }

  void pack(ContractOp op) {
    if (!canPack(op))
      return;
    AffineExpr position = positionIn(op.getB(), op.getBMap());
    for (unsigned dim = 0; dim < op.getExtents().size(); ++dim)
      if (!coefficientOf(position, dim))
        return;
    if (auto constant = op.getB().getDefiningOp<arith::ConstantOp>())
      packConstant(op, constant, position);
    else if (std::optional<RuntimeDot> dot = runtimeDotOf(op))
      packAtRunTime(op, *dot, panelOf(op, dot->row));
    else if (coefficientOf(position, op.getColumnDim()) != 1)
      transpose(op);
  }

  std::optional<RuntimeDot> runtimeDotOf(ContractOp op) const {
    return hasGroups(op) ? chooseRuntimeDot(op, description) : std::nullopt;
  }

  /// Vectors of a panel, as many as a tile has.
  int64_t vectorsOf(ContractOp op, std::optional<DotRow> dot) const {
    unsigned sumBits = op.getAccumulator().getIntOrFloatBitWidth();
    return choosePanelVectors(description, sumBits, extentsOf(op),
                              stepOf(op, dot));
  }

  /// Columns of a panel.
  int64_t panelOf(ContractOp op, std::optional<DotRow> dot) const {
    unsigned sumBits = op.getAccumulator().getIntOrFloatBitWidth();
    return vectorsOf(op, dot) * description.lanes(sumBits);
  }

  /// The same where other contractions have the same weights, as those of
  /// functions for other batches do: all take the panel that slows them down
  /// least, so that the weights are there once.
  int64_t sharedPanelOf(ContractOp op, std::optional<DotRow> dot,
                        ArrayRef<ContractOp> peers) const {
    if (peers.size() < 2)
      return panelOf(op, dot);
    unsigned sumBits = op.getAccumulator().getIntOrFloatBitWidth();
    std::set<int64_t> candidates;
    for (ContractOp peer : peers)
      candidates.insert(vectorsOf(peer, dotRowOf(peer, description)));
    auto slowdown = [&](int64_t vectors) {
      double sum = 0;
      for (ContractOp peer : peers) {
        StepShape step = stepOf(peer, dotRowOf(peer, description));
        ContractExtents extents = extentsOf(peer);
        sum +=
            modelledStepCycles(description, sumBits, extents, step, vectors) /
            modelledStepCycles(description, sumBits, extents, step);
      }
      return sum;
    };
    int64_t best = *llvm::min_element(candidates, [&](int64_t a, int64_t b) {
      return slowdown(a) < slowdown(b);
    });
    return best * description.lanes(sumBits);
  }

  /// How `op` is computed, as the tile choice sees it.
  StepShape stepOf(ContractOp op, std::optional<DotRow> dot) const {
    StepShape shape = dot ? dot->stepShape() : ungroupedStepOf(op);
    std::optional<int64_t> bits = op.getBBits();
    if (!bits)
      return shape;
    if (isa<FloatType>(op.getAccumulator()))
      return chooseUnpacking(description, shape,
                             {*bits, op.getBScales().has_value()},
                             extentsOf(op));
    return withLowBits(shape, *bits, dot);
  }

  StepShape ungroupedStepOf(ContractOp op) const {
    SmallVector<int64_t> extents(op.getExtents());
    unsigned last = extents.size() - 1;
    if (last == op.getColumnDim())
      return {};
    // A packed b merges wherever a does.
    AffineExpr a = positionIn(op.getA(), op.getAMap());
    mergeDims(extents, op.getColumnDim() + 1, extents.size(), {&a});
    Type element =
        unpackedElement(getElementTypeOrSelf(op.getB().getType()),
                        op.getAccumulator(), op.getBBits().value_or(0));
    std::optional<LaneRow> row =
        chooseLaneRow(description, {getElementTypeOrSelf(op.getA().getType()),
                                    element, op.getAccumulator(), extents[last],
                                    coefficientOf(a, last)});
    return row ? row->stepShape() : StepShape();
  }

  /// The order of a b with elements of less than a byte; nothing where they
  /// take a byte each after all.
  std::optional<LowBitLayout> lowBitsOf(ContractOp op,
                                        std::optional<DotRow> dot) const {
    if (!op.getBBits())
      return std::nullopt;
    LowBitLayout layout = lowBitLayoutOf(op, dot);
    StringRef reason = whyBytes(op, layout);
    if (reason.empty())
      return layout;
    if (layout.bits < 8 && !op.getBScales())
      op.emitRemark("weights of ")
          << layout.bits << " bits take a byte each: " << reason;
    return std::nullopt;
  }

  /// Why no kernel takes elements of b out of parts of bytes; empty if one
  /// does.
  static StringRef whyBytes(ContractOp op, const LowBitLayout &layout) {
    unsigned last = op.getExtents().size() - 1;
    Type a = getElementTypeOrSelf(op.getA().getType());
    bool isFloat = op.getAccumulator().isF32() && a.isF32();
    bool isInteger = op.getAccumulator().isInteger(32) && a.isInteger(8);
    if (!isFloat && !isInteger)
      return "they are multiplied neither by bytes, with sums of 32 bits, nor "
             "by floats";
    if (isInteger && !canRaiseSums(op))
      return "32 bits may not hold sums of elements in the upper part of a "
             "byte";
    if (layout.extent == 1 || last == op.getColumnDim() ||
        !op.getBMap().isFunctionOfDim(last))
      return "there is one of them for an output in each tap, so that a byte "
             "has no neighbours to hold";
    int64_t blocks =
        llvm::divideCeil(layout.stepsInRun(), layout.stepsInByte());
    bool isEven = layout.runs * layout.stepsInRun() % layout.stepsInByte() == 0;
    bool hasWindows =
        op.getNumContracted() > 1 &&
        op.getAMap().getResults().back().isFunctionOfDim(last - 1);
    // Such windows of channels took up to 3.6 times as long.
    if (isInteger && hasWindows && !isEven &&
        5 * blocks * layout.stepsInByte() >= 6 * layout.stepsInRun())
      return "few of them are neighbours along k, and their bytes would not be "
             "full";
    if (!layout.isValid())
      return "groups that share a scale do not end where bytes do";
    return "";
  }

  void packConstant(ContractOp op, arith::ConstantOp constant,
                    AffineExpr position) {
    Attribute value = constant.getValue();
    auto type = cast<RankedTensorType>(constant.getType());
    unsigned bits = type.getElementTypeBitWidth();
    std::optional<ConstantBytes> elements = ConstantBytes::of(constant);
    if (!elements)
      return keepUnpacked(op, position);
    std::optional<DotRow> dot = dotRowOf(op, description);
    std::optional<LowBitLayout> layout = lowBitsOf(op, dot);
    if (!layout && failed(widenToBytes(op)))
      return;
    int64_t panel = panels.lookup(op);
    if (layout)
      layout->panel = panel;
    Packing packing = layout ? chooseLowBitPacking(op, *layout)
                             : choosePacking(op, panel, dot ? dot->depth() : 0);
    auto packedType =
        RankedTensorType::get(packing.shape, type.getElementType());
    AsmResourceBlob blob = HeapAsmResourceBlob::allocate(
        packedType.getNumElements() * (bits / 8), bufferAlignment,
        /*dataIsMutable=*/true);
    char *target = const_cast<char *>(blob.getData().data());
    memset(target, 0, blob.getData().size());
    if (layout)
      packLowBits(elements->data(), target, op, packing, *layout, position);
    else if (dot)
      packGroups(elements->data(), target, op, packing, position);
    else
      packElements(bits, elements->data(), target, op, packing, position);

    OpBuilder builder(op);
    auto packed =
        DenseResourceElementsAttr::get(packedType, "packed", std::move(blob));
    Value b = builder.create<arith::ConstantOp>(constant.getLoc(), packed);
    op.getBMutable().assign(b);
    op.setBMap(packing.map);
    op.removeBScalesAttr();
    if (dot && dot->flipsA)
      flipSigns(op, elements->data(), position);
    if (constant->use_empty()) {
      constant.erase();
      release(value);
    }
  }

  /// The sums are of flipped elements: those of i8 have grown by 128 times the
  /// column's sum of b, those of ui8 have shrunk by as much. An extra operand
  /// takes that back.
  static void flipSigns(ContractOp op, const char *b, AffineExpr position) {
    SmallVector<unsigned> dims;
    for (unsigned dim = 0; dim <= op.getColumnDim(); ++dim)
      if (op.getBMap().isFunctionOfDim(dim))
        dims.push_back(dim);
    SmallVector<int64_t> shape;
    SmallVector<AffineExpr> results;
    for (unsigned dim : dims) {
      shape.push_back(op.getExtents()[dim]);
      results.push_back(getAffineDimExpr(dim, op.getContext()));
    }
    std::vector<int32_t> sums =
        sumColumns(op, reinterpret_cast<const uint8_t *>(b), position, dims);
    for (int32_t &sum : sums)
      sum *= op.getAUnsigned() ? 128 : -128;
    addToSums(
        op, sums, shape,
        AffineMap::get(op.getExtents().size(), 0, results, op.getContext()));
    op.setAUnsigned(!op.getAUnsigned());
    op.setAFlipped(true);
  }

  /// Frees a constant's memory once nothing refers to it: models are large, and
  /// two copies of all weights would not fit where one does.
  void release(Attribute value) {
    if (--useCount[bytesOf(value)] > 0)
      return;
    if (auto resource = dyn_cast<DenseResourceElementsAttr>(value))
      resource.getRawHandle().getResource()->setBlob(AsmResourceBlob());
  }

  /// A b with elements of less than a byte gives that up; nothing can take the
  /// place of its scales.
  LogicalResult widenToBytes(ContractOp op) {
    if (!op.getBScales()) {
      op.removeBBitsAttr();
      return success();
    }
    op.emitOpError("has scales by groups of ")
        << *op.getBGroup() << " elements of b, which cannot be packed for '"
        << description.triple << "'";
    signalPassFailure();
    return failure();
  }

  void keepUnpacked(ContractOp op, AffineExpr position) {
    if (failed(widenToBytes(op)))
      return;
    if (coefficientOf(position, op.getColumnDim()) != 1)
      transpose(op);
  }

  /// Makes the columns of a b that is computed at run time contiguous.
  void transpose(ContractOp op) {
    missedFastPath(op.getLoc(), "b is computed at run time with its columns "
                                "apart: it is transposed before");
    OpBuilder builder(op);
    ArrayRef<int64_t> extents = op.getExtents();
    SmallVector<unsigned> dims;
    for (unsigned dim = 0; dim < extents.size(); ++dim)
      if (dim != op.getColumnDim() && op.getBMap().isFunctionOfDim(dim))
        dims.push_back(dim);
    dims.push_back(op.getColumnDim());

    // The loops of the copy are the dimensions that b depends on.
    SmallVector<AffineExpr> loopOf(extents.size(),
                                   builder.getAffineConstantExpr(0));
    SmallVector<AffineExpr> results;
    SmallVector<int64_t> shape;
    for (auto [loop, dim] : llvm::enumerate(dims)) {
      loopOf[dim] = builder.getAffineDimExpr(loop);
      results.push_back(builder.getAffineDimExpr(dim));
      shape.push_back(extents[dim]);
    }
    AffineMap from =
        op.getBMap().replaceDimsAndSymbols(loopOf, {}, dims.size(), 0);
    AffineMap to = builder.getMultiDimIdentityMap(dims.size());
    Location loc = op.getLoc();
    Value empty = builder.create<tensor::EmptyOp>(
        loc, shape, getElementTypeOrSelf(op.getB().getType()));
    auto copy = builder.create<linalg::GenericOp>(
        loc, empty.getType(), op.getB(), empty, ArrayRef<AffineMap>{from, to},
        SmallVector<utils::IteratorType>(dims.size(),
                                         utils::IteratorType::parallel),
        [](OpBuilder &nested, Location loc, ValueRange arguments) {
          nested.create<linalg::YieldOp>(loc, arguments[0]);
        });
    op.getBMutable().assign(copy.getResult(0));
    op.setBMap(AffineMap::get(extents.size(), 0, results, op.getContext()));
  }

  TargetDescription description;
  DenseMap<const void *, int64_t> useCount; ///< By bytesOf.
  /// Contractions by a hash of the constant b that they read.
  std::map<std::pair<uint64_t, int64_t>, SmallVector<ContractOp>> sameWeights;
  /// Columns of the panels of a constant b.
  DenseMap<Operation *, int64_t> panels;
};

} // namespace
