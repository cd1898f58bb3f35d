//===- LoopEmitterImpl.h - The parts of the loop emitter --------*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One class whose members are in two files: LoopEmitter.cpp has the loops and
// the reductions, LoopAccess.cpp what is read and written.
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_LIB_CODEGEN_LOOPEMITTERIMPL_H
#define EDGEC_LIB_CODEGEN_LOOPEMITTERIMPL_H

#include "LanePattern.h"
#include "LoopEmitter.h"

namespace edgec {

/// Emits the loops of one problem; see LoopEmitter.h.
class LoopEmitter {
public:
  LoopEmitter(mlir::OpBuilder &builder, mlir::Location loc,
              LoopProblem &problem, const TargetDescription &target)
      : builder(builder), loc(loc), problem(problem), target(target),
        access{target.isa == VectorIsa::Avx512} {}

  void emit();

private:
  using Lanes = llvm::function_ref<void(int64_t lanes, int64_t count)>;

  void collapse();
  std::optional<unsigned> findVectorDim() const;
  std::optional<unsigned> findInnerReduction() const;
  bool sumsFloats() const;
  void remarkScalarLoops() const;
  bool readsNeighbours(unsigned dim) const;
  int64_t reducedElements() const;
  void setReduced(int64_t flat, mlir::Value base);

  llvm::SmallVector<NestLoop> loopsOver(llvm::ArrayRef<unsigned> dims);
  NestLoop vectorLoop();
  void emitLanes(Lanes body);
  void emitElement(int64_t lanes, int64_t count);
  void emitReduction(int64_t lanes, int64_t count);
  void emitInnerReduction(unsigned dim);
  llvm::SmallVector<mlir::Value> emitSequential(llvm::ArrayRef<unsigned> dims,
                                                mlir::ValueRange carried,
                                                int64_t lanes, int64_t count);
  std::optional<mlir::Value> emitCanonicalSum(int64_t lanes, int64_t count);
  mlir::Value initialValue(unsigned output, int64_t lanes, int64_t count);

  int64_t lanesAlongVector() const;
  void fuseShortDims();
  bool findPatterns();
  mlir::Value load(const LoopInput &input, int64_t lanes, int64_t count);
  mlir::Value loadByLane(const LoopInput &input, int64_t lanes, int64_t count);
  std::optional<int64_t> laneStride(const LoopInput &input) const;
  mlir::Value positionOf(const LoopInput &input);
  llvm::SmallVector<mlir::Value> loadInputs(int64_t lanes, int64_t count);
  llvm::SmallVector<mlir::Value> callBody(llvm::ArrayRef<mlir::Value> inputs,
                                          mlir::ValueRange outputs,
                                          int64_t lanes);
  void storeOutputs(llvm::ArrayRef<mlir::Value> values, int64_t count);
  mlir::Value indexOf(int64_t loop, int64_t lanes);
  mlir::Value combine(mlir::Value lhs, mlir::Value rhs);
  mlir::Value identity(mlir::Type type);

  mlir::OpBuilder &builder;
  mlir::Location loc;
  LoopProblem &problem;
  const TargetDescription &target;
  LaneAccess access;
  llvm::SmallVector<mlir::Value> indices;
  llvm::SmallVector<unsigned> parallel, reductions;
  std::optional<unsigned> vectorDim; ///< The dimension that lanes run along.
  int64_t fullLanes = 1;             ///< Lanes of a step along it.
  int64_t elements = 1;              ///< Of the step that is being emitted.
  int64_t blockLanes = 1;            ///< Elements of a whole step.
  /// Where lanes of whole steps are that are no neighbours, by position.
  llvm::DenseMap<mlir::AffineExpr, LanePattern> patterns;
  mlir::Value blockBegin; ///< Index of the step that is being emitted.
  std::optional<int64_t> atInBlock; ///< What is emitted of a whole step.
};

} // namespace edgec

#endif // EDGEC_LIB_CODEGEN_LOOPEMITTERIMPL_H
