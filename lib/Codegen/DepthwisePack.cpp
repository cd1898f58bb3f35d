//===- DepthwisePack.cpp - Depthwise filters in groups of taps -----------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "DepthwisePack.h"

#include "FlatBuffer.h"
#include "SumCorrection.h"
#include "edgec/Codegen/Passes.h"

#include "mlir/IR/AsmState.h"
#include "mlir/IR/DialectResourceBlobManager.h"
#include "mlir/IR/TypeUtilities.h"

using namespace mlir;
using namespace edgec;
using edgec::kernel::DepthwiseOp;
using edgec::kernel::TapGroups;

/// Windows with more taps are not written out, and not packed.
static constexpr int64_t maxPackedTaps = 64;
/// Output rows of a tile that share their input rows.
static constexpr int64_t maxPackedRows = 4;

unsigned edgec::packedTapBits(const DotRow &row) {
  return row.instruction == DotInstruction::Vpmaddwd ? 16 : 8;
}

namespace {

/// As few output rows as fill the last group of input rows; one row if none
/// do, or if it would not help.
TapGroups chooseTapGroups(DepthwiseOp op) {
  TapGroups groups;
  SmallVector<int64_t> window = op.getTapExtents();
  groups.outerTaps = window.front();
  if (window.size() == 1)
    return groups;
  groups.innerTaps = window.back();
  groups.rowStride = op.getStrides().front();
  if (op.getDilations().front() != 1)
    return groups;
  int64_t height = cast<ShapedType>(op.getInit().getType()).getDimSize(1);
  for (int64_t rows = 1; rows <= std::min(maxPackedRows, height); ++rows) {
    int64_t inputRows = (rows - 1) * groups.rowStride + groups.outerTaps;
    if (inputRows % TapGroups::depth != 0)
      continue;
    groups.rows = rows;
    return groups;
  }
  return groups;
}

/// Whether a tile's positions in every extra operand differ by constants.
bool extrasAreLinear(DepthwiseOp op) {
  unsigned rank = cast<ShapedType>(op.getInit().getType()).getRank();
  return llvm::all_of(op.getExtraMaps(), [&](Attribute attribute) {
    AffineMap map = cast<AffineMapAttr>(attribute).getValue();
    return llvm::all_of(map.getResults(), [&](AffineExpr result) {
      return llvm::all_of(llvm::seq<unsigned>(0, rank), [&](unsigned dim) {
        return coefficientOf(result, dim).has_value();
      });
    });
  });
}

/// A filter [k..., C] of bytes.
struct Taps {
  ArrayRef<uint8_t> bytes;
  int64_t channels;
  bool isUnsigned;

  int64_t get(int64_t tap, int64_t channel) const {
    uint8_t byte = bytes[tap * channels + channel];
    return isUnsigned ? int64_t(byte) : int64_t(static_cast<int8_t>(byte));
  }
  /// Whether all channels have the same taps, as those of an average.
  bool areShared() const {
    for (size_t first = 0; first < bytes.size(); first += channels)
      if (!llvm::all_equal(bytes.slice(first, channels)))
        return false;
    return true;
  }
};

/// Writes the four members of one group for one channel. Words for vpmaddwd
/// stand as it reads them: members 0 and 2 of all lanes, then 1 and 3.
void writeMember(char *group, const DotRow &row, int64_t lanes, int64_t lane,
                 int64_t member, int64_t value) {
  if (packedTapBits(row) == 8) {
    group[lane * dotDepth + member] = static_cast<char>(value);
    return;
  }
  int64_t half = member % 2 * 2 * lanes;
  int16_t word = static_cast<int16_t>(value);
  std::memcpy(group + (half + 2 * lane + member / 2) * sizeof(word), &word,
              sizeof(word));
}

/// The taps of the first `channels` channels.
void packTaps(const Taps &taps, int64_t channels, const TapGroups &groups,
              const DotRow &row, int64_t lanes, char *target) {
  int64_t groupBytes = lanes * dotDepth * packedTapBits(row) / 8;
  for (int64_t channel = 0; channel < channels; ++channel) {
    char *block = target + channel / lanes * groups.size() * groupBytes;
    for (int64_t inner = 0; inner < groups.innerTaps; ++inner)
      for (int64_t line = 0; line < (groups.areMoved() ? 1 : groups.rows);
           ++line)
        for (int64_t group = 0; group < groups.groups(); ++group) {
          if (!groups.meet(line, group))
            continue;
          char *place = block + groups.place(inner, line, group) * groupBytes;
          for (int64_t member = 0; member < dotDepth; ++member)
            if (auto outer = groups.tap(line, group, member))
              writeMember(place, row, lanes, channel % lanes, member,
                          taps.get(*outer * groups.innerTaps + inner, channel));
        }
  }
}

/// The sums are of flipped elements: those of i8 have grown by 128 times the
/// channel's sum of taps, those of ui8 have shrunk by as much. An extra operand
/// takes that back.
void flipSigns(DepthwiseOp op, const Taps &taps) {
  int64_t numTaps = taps.bytes.size() / taps.channels;
  SmallVector<int32_t> corrections(taps.channels, 0);
  for (int64_t channel = 0; channel < taps.channels; ++channel)
    for (int64_t tap = 0; tap < numTaps; ++tap)
      corrections[channel] +=
          taps.get(tap, channel) * (op.getInputUnsigned() ? 128 : -128);
  unsigned rank = cast<ShapedType>(op.getInit().getType()).getRank();
  addToSums(
      op, corrections, taps.channels,
      AffineMap::get(rank, 0, getAffineDimExpr(rank - 1, op.getContext())));
  op.setInputUnsigned(!op.getInputUnsigned());
  op.setInputFlipped(true);
}

/// The constant's bytes, one a tap; nothing if it has another form.
std::optional<ArrayRef<uint8_t>> tapBytes(arith::ConstantOp constant) {
  auto type = dyn_cast<RankedTensorType>(constant.getType());
  if (!type || !type.getElementType().isInteger(8))
    return std::nullopt;
  ArrayRef<char> raw;
  if (auto resource =
          dyn_cast<DenseResourceElementsAttr>(constant.getValue())) {
    AsmResourceBlob *blob = resource.getRawHandle().getBlob();
    raw = blob ? blob->getData() : ArrayRef<char>();
  } else if (auto dense = dyn_cast<DenseElementsAttr>(constant.getValue())) {
    raw = dense.getRawData();
  }
  if (static_cast<int64_t>(raw.size()) != type.getNumElements())
    return std::nullopt; // Splats among others.
  return ArrayRef<uint8_t>(reinterpret_cast<const uint8_t *>(raw.data()),
                           raw.size());
}

} // namespace

Attribute edgec::packDepthwise(DepthwiseOp op,
                               const TargetDescription &target) {
  auto constant = op.getFilter().getDefiningOp<arith::ConstantOp>();
  SmallVector<int64_t> window = op.getTapExtents();
  if (!constant || op.getWindow() || window.empty() || window.size() > 2 ||
      !op.getAccumulator().isInteger(32) ||
      !getElementTypeOrSelf(op.getInput().getType()).isInteger(8) ||
      !extrasAreLinear(op))
    return {};
  std::optional<ArrayRef<uint8_t>> bytes = tapBytes(constant);
  std::optional<DotRow> row =
      chooseDotRow(target, op.getInputUnsigned(), op.getFilterUnsigned(),
                   /*extent=*/dotDepth);
  int64_t channels =
      cast<ShapedType>(op.getFilter().getType()).getShape().back();
  if (!bytes || !row ||
      static_cast<int64_t>(bytes->size()) > maxPackedTaps * channels)
    return {};

  Taps taps{*bytes, channels, op.getFilterUnsigned()};
  TapGroups groups = chooseTapGroups(op);
  int64_t lanes = target.lanes(32);
  int64_t packedChannels = taps.areShared() ? lanes : channels;
  OpBuilder builder(op);
  auto type = RankedTensorType::get(
      {static_cast<int64_t>(llvm::divideCeil(packedChannels, lanes)),
       groups.size(), lanes * dotDepth},
      builder.getIntegerType(packedTapBits(*row)));
  AsmResourceBlob blob = HeapAsmResourceBlob::allocate(
      type.getNumElements() * packedTapBits(*row) / 8, bufferAlignment,
      /*dataIsMutable=*/true);
  char *packed = const_cast<char *>(blob.getData().data());
  std::memset(packed, 0, blob.getData().size());
  packTaps(taps, std::min(channels, packedChannels), groups, *row, lanes,
           packed);
  if (row->flipsA)
    flipSigns(op, taps);

  op.setWindow(window);
  op.setTileRows(groups.rows);
  op.getFilterMutable().assign(builder.create<arith::ConstantOp>(
      constant.getLoc(),
      DenseResourceElementsAttr::get(type, "packed", std::move(blob))));
  Attribute old = constant.getValue();
  if (!constant->use_empty())
    return {};
  constant.erase();
  return old;
}
