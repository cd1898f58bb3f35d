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
#include "SumCorrection.h"
#include "Vectorizers.h"
#include "edgec/Codegen/Passes.h"
#include "edgec/Codegen/TargetOption.h"
#include "edgec/Codegen/TileChoice.h"

#include "mlir/IR/AsmState.h"
#include "mlir/IR/DialectResourceBlobManager.h"
#include "llvm/Support/MathExtras.h"

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

/// The order of a packed b: dimensions of the batch that b depends on, panel,
/// contracted dimensions, column within the panel.
struct Packing {
  SmallVector<unsigned> dims; ///< Batch and contracted dimensions of b.
  unsigned numBatch = 0;      ///< How many of them stand before the panel.
  int64_t panel = 0;          ///< Columns in a panel.
  /// Neighbours along the last dimension in a group, for dot products; else 0.
  int64_t depth = 0;
  SmallVector<int64_t> shape;
  AffineMap map;
};

Packing choosePacking(ContractOp op, int64_t panel, int64_t depth) {
  Packing packing;
  packing.panel = panel;
  packing.depth = depth;
  ArrayRef<int64_t> extents = op.getExtents();
  unsigned column = op.getColumnDim();
  AffineExpr j = getAffineDimExpr(column, op.getContext());
  SmallVector<AffineExpr> results;
  auto append = [&](unsigned dim) {
    packing.dims.push_back(dim);
    packing.shape.push_back(extents[dim]);
    results.push_back(getAffineDimExpr(dim, op.getContext()));
  };
  for (unsigned dim = 0; dim < op.getNumBatch(); ++dim)
    if (op.getBMap().isFunctionOfDim(dim))
      append(dim);
  packing.numBatch = packing.dims.size();
  packing.shape.push_back(llvm::divideCeil(extents[column], panel));
  results.push_back(j.floorDiv(panel));
  for (unsigned dim = column + 1; dim < extents.size(); ++dim)
    append(dim);
  if (depth > 0) {
    packing.shape.back() = llvm::divideCeil(packing.shape.back(), depth);
    results.back() = results.back().floorDiv(depth);
  }
  packing.shape.push_back(panel);
  results.push_back(j % panel);
  if (depth > 0) {
    packing.shape.push_back(depth);
    results.push_back(getAffineDimExpr(extents.size() - 1, op.getContext()) %
                      depth);
  }
  packing.map = AffineMap::get(extents.size(), 0, results, op.getContext());
  return packing;
}

/// Writes b's elements in the packed order. `from` and `to` are the distances,
/// in elements, that one step along each of `extents` makes; the last of them
/// is the column.
template <typename Element>
void permute(const Element *source, Element *target, ArrayRef<int64_t> extents,
             ArrayRef<int64_t> from) {
  int64_t extent = extents.front(), step = from.front();
  if (extents.size() == 1) {
    for (int64_t i = 0; i < extent; ++i)
      target[i] = source[i * step];
    return;
  }
  int64_t block = 1;
  for (int64_t inner : extents.drop_front())
    block *= inner;
  for (int64_t i = 0; i < extent; ++i)
    permute(source + i * step, target + i * block, extents.drop_front(),
            from.drop_front());
}

template <typename Element>
void packElements(const Element *source, Element *target, ContractOp op,
                  const Packing &packing, AffineExpr position) {
  SmallVector<int64_t> outer, outerStep, inner, innerStep;
  for (auto [index, dim] : llvm::enumerate(packing.dims)) {
    bool isBatch = index < packing.numBatch;
    (isBatch ? outer : inner).push_back(op.getExtents()[dim]);
    (isBatch ? outerStep : innerStep).push_back(*coefficientOf(position, dim));
  }
  unsigned column = op.getColumnDim();
  int64_t columnStep = *coefficientOf(position, column);
  int64_t columns = op.getExtents()[column];
  int64_t depth = 1, batches = 1;
  for (int64_t extent : inner)
    depth *= extent;
  for (int64_t extent : outer)
    batches *= extent;
  inner.push_back(0);
  innerStep.push_back(columnStep);
  int64_t panels = llvm::divideCeil(columns, packing.panel);

  for (int64_t batch = 0; batch < batches; ++batch) {
    int64_t start = 0, rest = batch;
    for (size_t at = outer.size(); at-- > 0; rest /= outer[at])
      start += rest % outer[at] * outerStep[at];
    for (int64_t panel = 0; panel < panels; ++panel) {
      int64_t first = panel * packing.panel;
      inner.back() = std::min(packing.panel, columns - first);
      Element *block =
          target + (batch * panels + panel) * depth * packing.panel;
      const Element *from = source + start + first * columnStep;
      if (inner.back() == packing.panel) {
        permute(from, block, ArrayRef<int64_t>(inner),
                ArrayRef<int64_t>(innerStep));
        continue;
      }
      // The last panel: rows are wider than what there is to copy.
      std::vector<Element> dense(depth * inner.back());
      permute(from, dense.data(), ArrayRef<int64_t>(inner),
              ArrayRef<int64_t>(innerStep));
      for (int64_t row = 0; row < depth; ++row)
        std::copy_n(dense.data() + row * inner.back(), inner.back(),
                    block + row * packing.panel);
    }
  }
}

/// From rows of columns, `extent` of them for each sum, to groups of `depth`
/// rows: as chooseDotRow's instructions read them. `target` is zero beforehand.
void groupRows(const char *rows, char *target, int64_t numRows, int64_t extent,
               int64_t panel, int64_t depth) {
  for (int64_t first = 0; first < numRows; first += extent)
    for (int64_t group = 0; group < extent; group += depth) {
      int64_t count = std::min(depth, extent - group);
      for (int64_t k = 0; k < count; ++k)
        for (int64_t column = 0; column < panel; ++column)
          target[column * depth + k] =
              rows[(first + group + k) * panel + column];
      target += panel * depth;
    }
}

/// The instruction for the operands of `op`; nothing where there is none, or
/// where a's elements are no neighbours along the last dimension.
std::optional<DotRow> dotRowOf(ContractOp op, const TargetDescription &target) {
  unsigned last = op.getExtents().size() - 1;
  auto isByte = [](Value value) {
    return getElementTypeOrSelf(value.getType()).isInteger(8);
  };
  if (!isByte(op.getA()) || !isByte(op.getB()) ||
      !op.getAccumulator().isInteger(32) || op.getNumContracted() == 0 ||
      op.getAFlipped() || op.getExtents()[last] == 1 ||
      !op.getBMap().isFunctionOfDim(last) ||
      coefficientOf(positionIn(op.getA(), op.getAMap()), last) != 1 ||
      !op.getAMap().getResults().back().isFunctionOfDim(last))
    return std::nullopt;
  return chooseDotRow(target, op.getAUnsigned(), op.getBUnsigned(),
                      op.getExtents()[last]);
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
    getOperation().walk([&](Operation *op) {
      if (auto contract = dyn_cast<ContractOp>(op))
        contracts.push_back(contract);
      if (auto kernel = dyn_cast<kernel::DepthwiseOp>(op))
        depthwise.push_back(kernel);
      for (NamedAttribute attribute : op->getAttrs())
        ++useCount[attribute.getValue()];
    });
    for (ContractOp op : contracts)
      pack(op);
    for (kernel::DepthwiseOp op : depthwise)
      if (Attribute unused = packDepthwise(op, description))
        release(unused);
  }

private:
  void pack(ContractOp op) {
    auto type = dyn_cast<RankedTensorType>(op.getB().getType());
    if (!type || packedColumns(op.getBMap(), op.getColumnDim()) != 0)
      return;
    if (dotRowOf(op, description))
      mergeTaps(op);
    AffineExpr position = positionIn(op.getB(), op.getBMap());
    for (unsigned dim = 0; dim < op.getExtents().size(); ++dim)
      if (!coefficientOf(position, dim))
        return;
    if (auto constant = op.getB().getDefiningOp<arith::ConstantOp>())
      packConstant(op, constant, position);
    else if (coefficientOf(position, op.getColumnDim()) != 1)
      transpose(op);
  }

  /// How `op` is computed, as the tile choice sees it.
  StepShape stepOf(ContractOp op, std::optional<DotRow> dot) const {
    if (dot)
      return dot->stepShape();
    SmallVector<int64_t> extents(op.getExtents());
    unsigned last = extents.size() - 1;
    if (last == op.getColumnDim())
      return {};
    // A packed b merges wherever a does.
    AffineExpr a = positionIn(op.getA(), op.getAMap());
    mergeDims(extents, op.getColumnDim() + 1, extents.size(), {&a});
    std::optional<LaneRow> row =
        chooseLaneRow(description, {getElementTypeOrSelf(op.getA().getType()),
                                    getElementTypeOrSelf(op.getB().getType()),
                                    op.getAccumulator(), extents[last],
                                    coefficientOf(a, last)});
    return row ? row->stepShape() : StepShape();
  }

  void packConstant(ContractOp op, arith::ConstantOp constant,
                    AffineExpr position) {
    Attribute value = constant.getValue();
    auto type = cast<RankedTensorType>(constant.getType());
    unsigned bits = type.getElementTypeBitWidth();
    auto dense = dyn_cast<DenseElementsAttr>(value);
    if (bits < 8 || (dense && dense.isSplat() && dense.getNumElements() > 1) ||
        rawBytes(value).size() != uint64_t(type.getNumElements()) * (bits / 8))
      return transposeUnlessContiguous(op, position);
    unsigned sumBits = op.getAccumulator().getIntOrFloatBitWidth();
    std::optional<DotRow> dot = dotRowOf(op, description);
    ContractTile tile = chooseContractTile(description, sumBits, extentsOf(op),
                                           stepOf(op, dot));
    Packing packing = choosePacking(
        op, tile.vectors * description.lanes(sumBits), dot ? dot->depth() : 0);
    auto packedType =
        RankedTensorType::get(packing.shape, type.getElementType());
    AsmResourceBlob blob = HeapAsmResourceBlob::allocate(
        packedType.getNumElements() * (bits / 8), bufferAlignment,
        /*dataIsMutable=*/true);
    char *target = const_cast<char *>(blob.getData().data());
    memset(target, 0, blob.getData().size());
    if (dot)
      packGroups(rawBytes(value).data(), target, op, packing, position);
    else
      packBits(bits, rawBytes(value).data(), target, op, packing, position);

    OpBuilder builder(op);
    auto packed =
        DenseResourceElementsAttr::get(packedType, "packed", std::move(blob));
    Value b = builder.create<arith::ConstantOp>(constant.getLoc(), packed);
    op.getBMutable().assign(b);
    op.setBMap(packing.map);
    if (dot && dot->flipsA)
      flipSigns(op, rawBytes(value).data(), position);
    if (constant->use_empty()) {
      constant.erase();
      release(value);
    }
  }

  static void packGroups(const char *source, char *target, ContractOp op,
                         const Packing &packing, AffineExpr position) {
    int64_t extent = op.getExtents().back();
    int64_t panels =
        llvm::divideCeil(op.getExtents()[op.getColumnDim()], packing.panel);
    int64_t numRows = panels;
    for (unsigned dim : packing.dims)
      numRows *= op.getExtents()[dim];
    std::vector<char> rows(numRows * packing.panel);
    packElements(source, rows.data(), op, packing, position);
    groupRows(rows.data(), target, numRows, extent, packing.panel,
              packing.depth);
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

  /// The sum of b along k for every index of `dims`, row-major.
  static std::vector<int32_t> sumColumns(ContractOp op, const uint8_t *b,
                                         AffineExpr position,
                                         ArrayRef<unsigned> dims) {
    SmallVector<unsigned> order(dims);
    for (unsigned dim = op.getColumnDim() + 1; dim < op.getExtents().size();
         ++dim)
      order.push_back(dim);
    SmallVector<int64_t> shape, steps;
    int64_t size = 1, depth = 1;
    for (auto [index, dim] : llvm::enumerate(order)) {
      shape.push_back(op.getExtents()[dim]);
      steps.push_back(*coefficientOf(position, dim));
      (index < dims.size() ? size : depth) *= shape.back();
    }
    std::vector<uint8_t> dense(size * depth);
    permute(b, dense.data(), ArrayRef<int64_t>(shape),
            ArrayRef<int64_t>(steps));
    std::vector<int32_t> sums(size, 0);
    for (int64_t i = 0; i < size * depth; ++i)
      sums[i / depth] += op.getBUnsigned()
                             ? int32_t(dense[i])
                             : int32_t(static_cast<int8_t>(dense[i]));
    return sums;
  }

  static void packBits(unsigned bits, const char *source, char *target,
                       ContractOp op, const Packing &packing,
                       AffineExpr position) {
    auto as = [&](auto element) {
      using Element = decltype(element);
      packElements(reinterpret_cast<const Element *>(source),
                   reinterpret_cast<Element *>(target), op, packing, position);
    };
    switch (bits) {
    case 8:
      return as(uint8_t());
    case 16:
      return as(uint16_t());
    case 32:
      return as(uint32_t());
    default:
      return as(uint64_t());
    }
  }

  /// Frees a constant's memory once nothing refers to it: models are large, and
  /// two copies of all weights would not fit where one does.
  void release(Attribute value) {
    if (--useCount[value] > 0)
      return;
    if (auto resource = dyn_cast<DenseResourceElementsAttr>(value))
      resource.getRawHandle().getResource()->setBlob(AsmResourceBlob());
  }

  void transposeUnlessContiguous(ContractOp op, AffineExpr position) {
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
  DenseMap<Attribute, int64_t> useCount;
};

} // namespace
