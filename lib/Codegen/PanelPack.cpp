//===- PanelPack.cpp - The order of packed weights -----------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "PanelPack.h"

#include "FlatBuffer.h"
#include "Vectorizers.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace edgec;
using edgec::kernel::ContractOp;

/// No artefact has weights of so many bytes.
static constexpr size_t largestExpanded = size_t(2) << 30;

std::optional<ConstantBytes> ConstantBytes::of(arith::ConstantOp constant) {
  auto type = cast<RankedTensorType>(constant.getType());
  size_t width = type.getElementTypeBitWidth() / 8;
  size_t size = type.getNumElements() * width;
  ConstantBytes result;
  result.bytes = rawBytes(constant.getValue());
  auto dense = dyn_cast<DenseElementsAttr>(constant.getValue());
  if (dense && dense.isSplat() && width != 0 && size <= largestExpanded) {
    result.expanded.reserve(size);
    for (size_t at = 0; at < size; at += width)
      llvm::append_range(result.expanded, result.bytes.take_front(width));
    result.bytes = result.expanded;
  }
  if (width == 0 || result.bytes.size() != size)
    return std::nullopt;
  return result;
}

Packing edgec::choosePacking(ContractOp op, int64_t panel, int64_t depth) {
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

LowBitLayout edgec::lowBitLayoutOf(ContractOp op,
                                   const std::optional<DotRow> &dot) {
  LowBitLayout layout;
  layout.bits = *op.getBBits();
  layout.depth = dot ? dot->depth() : 1;
  layout.extent = op.getExtents().back();
  layout.group = op.getBGroup().value_or(0);
  if (dot && dot->broadcastsGroups() && op.getNumContracted() > 1)
    layout.chooseRuns(op.getExtents().drop_back().back());
  return layout;
}

Packing edgec::chooseLowBitPacking(ContractOp op, const LowBitLayout &layout) {
  Packing packing = choosePacking(op, layout.panel, /*depth=*/0);
  unsigned last = op.getExtents().size() - 1;
  AffineExpr run = getAffineDimExpr(last - 1, op.getContext());
  AffineExpr k = getAffineDimExpr(last, op.getContext());
  AffineExpr j = getAffineDimExpr(op.getColumnDim(), op.getContext());
  SmallVector<AffineExpr> results(packing.map.getResults().drop_back());
  packing.shape.pop_back();
  results.back() = layout.byteOf(run % layout.runs, k, j % layout.panel);
  packing.shape.back() = layout.bytes();
  if (layout.runs > 1) {
    AffineExpr &line = results[results.size() - 2];
    line = line.floorDiv(layout.runs);
    packing.shape[packing.shape.size() - 2] /= layout.runs;
  }
  packing.map =
      AffineMap::get(op.getExtents().size(), 0, results, op.getContext());
  return packing;
}

namespace {

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
void permutePanels(const Element *source, Element *target,
                   ArrayRef<int64_t> extents, unsigned column,
                   const Packing &packing, AffineExpr position) {
  SmallVector<int64_t> outer, outerStep, inner, innerStep;
  for (auto [index, dim] : llvm::enumerate(packing.dims)) {
    bool isBatch = index < packing.numBatch;
    (isBatch ? outer : inner).push_back(extents[dim]);
    (isBatch ? outerStep : innerStep).push_back(*coefficientOf(position, dim));
  }
  int64_t columnStep = *coefficientOf(position, column);
  int64_t columns = extents[column];
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

} // namespace

void edgec::packElements(unsigned bits, const char *source, char *target,
                         ContractOp op, const Packing &packing,
                         AffineExpr position) {
  auto as = [&](auto element) {
    using Element = decltype(element);
    permutePanels(reinterpret_cast<const Element *>(source),
                  reinterpret_cast<Element *>(target), op.getExtents(),
                  op.getColumnDim(), packing, position);
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

void edgec::packGroups(const char *source, char *target, ContractOp op,
                       const Packing &packing, AffineExpr position) {
  int64_t extent = op.getExtents().back();
  int64_t panels = llvm::divideCeil(op.getColumns(), packing.panel);
  int64_t numRows = panels;
  for (unsigned dim : packing.dims)
    numRows *= op.getExtents()[dim];
  std::vector<char> rows(numRows * packing.panel);
  permutePanels(source, rows.data(), op.getExtents(), op.getColumnDim(),
                packing, position);
  groupRows(rows.data(), target, numRows, extent, packing.panel, packing.depth);
}

/// The scales of every panel: groups of the last dimension by columns.
static std::vector<float> packScales(ContractOp op, const Packing &packing,
                                     int64_t group) {
  ElementsAttr scales = op.getBScalesAttr();
  SmallVector<int64_t> extents(op.getExtents());
  extents.back() = llvm::divideCeil(extents.back(), group);
  // Where the last dimension stands for the element, it stands for the group.
  AffineExpr position = getAffineConstantExpr(0, op.getContext());
  for (auto [extent, expr] :
       llvm::zip(scales.getShapedType().getShape(), op.getBMap().getResults()))
    position = position * extent + expr;
  position = simplifyAffineExpr(position, extents.size(), 0);
  int64_t size = llvm::alignTo(extents[op.getColumnDim()], packing.panel);
  for (unsigned dim : packing.dims)
    size *= extents[dim];
  std::vector<float> source(scales.getNumElements()), result(size);
  if (ArrayRef<char> bytes = rawBytes(scales);
      bytes.size() == source.size() * sizeof(float))
    memcpy(source.data(), bytes.data(), bytes.size());
  else // A splat.
    std::fill(source.begin(), source.end(),
              *reinterpret_cast<const float *>(bytes.data()));
  permutePanels(source.data(), result.data(), extents, op.getColumnDim(),
                packing, position);
  return result;
}

void edgec::packLowBits(const char *source, char *target, ContractOp op,
                        const Packing &packing, const LowBitLayout &layout,
                        AffineExpr position) {
  int64_t numLines = llvm::divideCeil(op.getColumns(), packing.panel);
  for (unsigned dim : ArrayRef(packing.dims).drop_back())
    numLines *= op.getExtents()[dim];
  numLines /= layout.runs;
  int64_t size = layout.runs * layout.extent * layout.panel;
  std::vector<char> rows(numLines * size);
  permutePanels(source, rows.data(), op.getExtents(), op.getColumnDim(),
                packing, position);
  std::vector<float> scales;
  int64_t numScales = 0;
  if (layout.group) {
    scales = packScales(op, packing, layout.group);
    numScales = llvm::divideCeil(layout.extent, layout.group) * layout.panel;
  }
  for (int64_t line = 0; line < numLines; ++line)
    layout.pack(rows.data() + line * size, scales.data() + line * numScales,
                target + line * layout.bytes());
}

std::vector<int32_t> edgec::sumColumns(ContractOp op, const uint8_t *b,
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
  permute(b, dense.data(), ArrayRef<int64_t>(shape), ArrayRef<int64_t>(steps));
  std::vector<int32_t> sums(size, 0);
  for (int64_t i = 0; i < size * depth; ++i)
    sums[i / depth] += op.getBUnsigned()
                           ? int32_t(dense[i])
                           : int32_t(static_cast<int8_t>(dense[i]));
  return sums;
}
