//===- TileEmitterImpl.h - The parts of the tile emitter --------*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One class whose members are in several files: TileEmitter.cpp has the loops
// around a tile, TilePrepare.cpp what is decided before, TileSteps.cpp,
// TileLaneSteps.cpp, TileDotSteps.cpp, TileArmDotSteps.cpp and TileLowBits.cpp
// the sums of products, TileWindow.cpp those of depthwise convolutions,
// TileEpilogue.cpp what follows them.
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_LIB_CODEGEN_TILEEMITTERIMPL_H
#define EDGEC_LIB_CODEGEN_TILEEMITTERIMPL_H

#include "Loops.h"
#include "SharedNest.h"
#include "TileEmitter.h"
#include "edgec/Codegen/Unpacking.h"

namespace edgec {

/// Widens elements to `type`.
mlir::Value convertElements(mlir::OpBuilder &builder, mlir::Location loc,
                            mlir::Value value, mlir::Type type,
                            bool isUnsigned);

/// A b whose elements are unpacked before they are multiplied; the problem's b
/// is what results.
struct UnpackedPanel {
  FlatBuffer packed;
  mlir::AffineExpr outside; ///< Its position with all k at zero.
  LowBitLayout layout;
  llvm::SmallVector<int64_t> extents; ///< Of the contracted dimensions.
  NestBlock block;                    ///< Of them, which is unpacked.
  /// Of the loops over rows: whose sums wait, in `sums`. Null: none do, for
  /// the block is the whole panel.
  NestBlock tiles;
  mlir::Value sums;

  // The blocks that are being emitted.
  llvm::SmallVector<mlir::Value> first; ///< Of the contracted dimensions.
  mlir::Value tileBegin;
  int64_t tileExtent = 1;
};

/// Emits the loops of one problem; see TileEmitter.h.
class TileEmitter {
public:
  TileEmitter(mlir::OpBuilder &builder, mlir::Operation *op,
              TileProblem &problem, const TargetDescription &target)
      : builder(builder), loc(op->getLoc()), op(op), problem(problem),
        target(target), access{target.isa == VectorIsa::Avx512} {}

  mlir::LogicalResult emit();

private:
  // TilePrepare.cpp
  mlir::LogicalResult prepare();
  mlir::LogicalResult findTileDims();
  void placeLines();
  void choosePanels();
  bool columnsInside() const;

  // TilePrefetch.cpp
  void planPrefetch();
  mlir::Value tileNumber();
  /// Where the tile starts to fetch the next panel of b; null: it does not.
  mlir::Value firstFetch(mlir::Value bBase);
  mlir::Value moveFetch(mlir::Value start, mlir::Value index, int64_t bStride);
  /// Fetches what a tile is to fetch at a step along k.
  void emitFetch(mlir::Value index, int64_t bStride);

  // TileEmitter.cpp
  NestLoop loopOver(unsigned dim);
  llvm::SmallVector<NestLoop> rowLoops();
  NestLoop columnLoop();
  llvm::SmallVector<mlir::Value> emitTileSums(mlir::ValueRange sums);
  void emitTile();

  // TileSteps.cpp
  llvm::SmallVector<mlir::Value> emitSums(unsigned dim, mlir::ValueRange sums,
                                          mlir::Value aBase, mlir::Value bBase,
                                          mlir::Value fetchBase);
  llvm::SmallVector<mlir::Value> emitInnermost(mlir::ValueRange sums,
                                               mlir::Value aBase,
                                               mlir::Value bBase,
                                               mlir::Value fetchBase);
  llvm::SmallVector<mlir::Value> emitStep(mlir::ValueRange sums,
                                          mlir::Value aIndex,
                                          mlir::Value bIndex, int64_t step);
  mlir::Value moved(mlir::Value base, mlir::Value index, int64_t stride);
  mlir::Value divided(mlir::Value index, int64_t divisor);
  mlir::Value multiplyAdd(mlir::Value a, mlir::Value b, mlir::Value sum);
  mlir::Value widen(mlir::Value value, bool isUnsigned);

  // TileDotSteps.cpp
  llvm::SmallVector<mlir::Value> emitGroups(mlir::ValueRange sums,
                                            mlir::Value aBase,
                                            mlir::Value bBase,
                                            mlir::Value fetchBase);
  llvm::SmallVector<mlir::Value> emitRuns(mlir::ValueRange sums,
                                          mlir::Value aBase, mlir::Value bBase,
                                          mlir::Value fetchBase);
  llvm::SmallVector<mlir::Value> emitDotStep(mlir::ValueRange sums,
                                             mlir::Value aIndex,
                                             mlir::Value bIndex, int64_t count,
                                             int64_t step);
  mlir::Value loadGroup(mlir::Value index, int64_t count);

  // TileLowBits.cpp
  llvm::SmallVector<mlir::Value> emitPackedSteps(mlir::ValueRange sums,
                                                 mlir::Value aBase,
                                                 mlir::Value bBase,
                                                 mlir::Value fetchBase);
  llvm::SmallVector<mlir::Value> emitScaledGroups(mlir::ValueRange sums,
                                                  mlir::Value aBase,
                                                  mlir::Value bBase,
                                                  mlir::Value fetchBase);
  mlir::Value unpackStep(mlir::Value bytes, int64_t step);
  /// Whether they become words of 16 bits at once.
  bool unpacksPairs() const;
  DotEmitter::Operand unpackGroup(DotEmitter &dot, mlir::Value bytes,
                                  int64_t step);
  mlir::Value loadScales(mlir::Value memory, mlir::Value index, int64_t count);
  mlir::Value scaleColumns(mlir::Value b, int64_t vector);
  /// How far integer sums are shifted to the left.
  int64_t raisedSums() const;
  mlir::Value shiftSums(mlir::Value sums, bool isLeft);

  // TileUnpack.cpp
  StepShape chooseLowBitStep(const StepShape &step,
                             const ContractExtents &extents);
  mlir::Value allocate(int64_t elements);
  void placeUnpacked();
  llvm::SmallVector<NestLoop> unpackedLoops();
  void emitPanelBlocks(unsigned level, llvm::function_ref<void()> body);
  void emitWaitingTiles(unsigned level, mlir::Value place,
                        llvm::function_ref<void(mlir::Value place)> body);
  void emitTileBlock();
  mlir::Value movedToBlock(mlir::Value base, mlir::AffineExpr position);
  void emitUnpacked();
  void emitUnpacked(unsigned level, mlir::Value bytes, mlir::Value floats);
  void emitUnpackedSteps(mlir::Value bytes, mlir::Value floats, int64_t extent);
  /// Neighbouring columns that are unpacked together.
  struct UnpackedColumns {
    int64_t first, width;
    mlir::Value scales; ///< Null: they have none.
  };
  void emitUnpackedBlock(const UnpackedColumns &columns, mlir::Value bytes,
                         mlir::Value floats, int64_t count);

  // TileLaneSteps.cpp
  llvm::SmallVector<mlir::Value> emitLanes(mlir::ValueRange sums,
                                           mlir::Value aBase, mlir::Value bBase,
                                           mlir::Value fetchBase);
  llvm::SmallVector<mlir::Value> loadRows(mlir::Value index, int64_t count,
                                          int64_t valid);
  llvm::SmallVector<mlir::Value> emitLaneStep(mlir::ValueRange sums,
                                              mlir::ValueRange a,
                                              mlir::Value bIndex,
                                              int64_t firstLane, int64_t count);
  llvm::SmallVector<mlir::Value> loadColumns(mlir::Value bIndex,
                                             mlir::Type type, int64_t step);

  // TileArmDotSteps.cpp
  using GroupStep = llvm::function_ref<llvm::SmallVector<mlir::Value>(
      mlir::ValueRange sums, mlir::ValueRange a, mlir::Value bIndex,
      int64_t groups)>;
  llvm::SmallVector<mlir::Value>
  emitGroupChunks(mlir::ValueRange sums, mlir::Value aBase, mlir::Value bBase,
                  mlir::Value fetchBase, int64_t count, GroupStep step);
  llvm::SmallVector<mlir::Value> emitGroupLanes(mlir::ValueRange sums,
                                                mlir::Value aBase,
                                                mlir::Value bBase,
                                                mlir::Value fetchBase);
  llvm::SmallVector<mlir::Value> emitBlocks(mlir::ValueRange sums,
                                            mlir::Value aBase,
                                            mlir::Value bBase,
                                            mlir::Value fetchBase);
  llvm::SmallVector<mlir::Value> unzipBlocks(mlir::ValueRange blocks);
  mlir::Value loadGroupPart(mlir::Value index, int64_t part, int64_t step);

  // TileWindow.cpp
  void chooseWindow(const ContractExtents &extents);
  llvm::SmallVector<mlir::Value>
  emitWindow(mlir::ValueRange sums, mlir::Value aBase, mlir::Value bBase);
  llvm::SmallVector<mlir::Value>
  emitDotWindow(mlir::ValueRange sums, mlir::Value aBase, mlir::Value bBase);
  llvm::SmallVector<mlir::Value, 2>
  loadTapGroup(mlir::Value bBase, int64_t place, int64_t distance);
  mlir::Value loadInputGroup(mlir::Value aBase, int64_t group, int64_t column);

  // TileEpilogue.cpp
  std::optional<unsigned> findBias() const;
  llvm::SmallVector<mlir::Value> initialSums(int64_t sumRows);
  /// What the vectors of a tile share.
  struct EpilogueOperands {
    std::optional<unsigned> bias; ///< The extra that the sums have begun with.
    mlir::Value zero;
    llvm::SmallVector<mlir::Value> bases;
    /// By extra, distance of the row, and vector of the row.
    llvm::DenseMap<std::pair<unsigned, std::pair<int64_t, int64_t>>,
                   mlir::Value>
        loaded;
  };
  void emitEpilogue(mlir::ValueRange sums);
  llvm::SmallVector<mlir::Value> emitResults(mlir::ValueRange sums,
                                             int64_t first,
                                             llvm::ArrayRef<mlir::Value> wanted,
                                             EpilogueOperands &operands);
  void storeResult(mlir::Value base, mlir::Value result, int64_t row,
                   int64_t vector, int64_t valid);
  void storePacked(mlir::Value base, mlir::ValueRange results, int64_t first,
                   bool isUnsigned);
  int64_t epilogueGroup(int64_t remaining, bool isPacked) const;
  mlir::Value loadExtra(unsigned extra, mlir::Value base, int64_t row,
                        int64_t vector);

  /// Position of row `row` of the tile relative to its first, in elements.
  int64_t rowDistance(mlir::AffineExpr position, int64_t row) const;
  /// Lanes of vector `vector` that are columns.
  int64_t validLanes(int64_t vector) const {
    return std::min(lanes, tileColumns - vector * lanes);
  }
  int64_t vectors() const { return llvm::divideCeil(tileColumns, lanes); }
  int64_t rows() const { return outerSize * innerSize; }
  /// Steps along the last contracted dimension that stand in the same bytes of
  /// b.
  int64_t stepsInByte() const {
    return problem.lowBits ? problem.lowBits->stepsInByte() : 1;
  }
  /// From so many steps of b to the next.
  int64_t blockStride() const {
    if (problem.lowBits)
      return problem.lowBits->stepBytes();
    return *coefficientOf(problem.b.position, problem.extents.size() - 1);
  }
  /// The sums of the largest tile.
  int64_t tileFloats() const { return tile.rows() * tile.vectors * lanes; }
  /// Whether sums are of two columns in two rows.
  bool hasBlocks() const { return problem.dot && problem.dot->isMatrix(); }

  mlir::OpBuilder &builder;
  mlir::Location loc;
  mlir::Operation *op;
  TileProblem &problem;
  const TargetDescription &target;
  LaneAccess access;

  std::optional<unsigned> outerDim, innerDim; ///< Tiled row dimensions.
  llvm::SmallVector<unsigned> loopDims;       ///< The other row dimensions.
  int64_t lanes = 1;
  ContractTile tile;
  int64_t aColumnStride = 0, bColumnStride = 1, cColumnStride = 1;
  llvm::SmallVector<int64_t> extraColumnStride;
  int64_t runStride = 0; ///< Of a, between the runs of a line of b.
  mlir::AffineExpr aOutside, bOutside; ///< Positions with all k at zero.
  /// The first of the contracted dimensions that are written out as a window;
  /// none for contractions and for windows that would become too much code.
  std::optional<unsigned> windowDim;

  /// How the tiles that read a panel of b fetch the next one.
  struct PanelFetch {
    int64_t tiles = 0; ///< That fetch a share; 0: none do.
    int64_t panel = 0; ///< Elements.
    int64_t elementBytes = 1;
  };
  PanelFetch fetch;

  std::optional<UnpackedPanel> unpacked;

  // The tile that is being emitted.
  llvm::SmallVector<mlir::Value> indices; ///< Of all dimensions.
  int64_t outerSize = 1, innerSize = 1, tileColumns = 1;
  llvm::SmallVector<mlir::Value> groupScales; ///< Of b, by vector; empty: none.
};

} // namespace edgec

#endif // EDGEC_LIB_CODEGEN_TILEEMITTERIMPL_H
