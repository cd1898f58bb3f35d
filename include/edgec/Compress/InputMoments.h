//===- InputMoments.h - What weights are multiplied with --------*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_COMPRESS_INPUTMOMENTS_H
#define EDGEC_COMPRESS_INPUTMOMENTS_H

#include "mlir/IR/BuiltinOps.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/SmallVector.h"
#include <memory>
#include <optional>
#include <vector>

namespace edgec {

/// Which elements of its input a convolution or matrix product sums up for a
/// result: one for each tap of the filter. Strides count elements.
struct TapGeometry {
  /// A dimension that windows move along.
  struct Window {
    int64_t extent, stride;
    int64_t outputs, kernel, step, dilation, pad;
  };
  int64_t batch = 1, batchStride = 0;
  int64_t channels = 1, channelStride = 1, groups = 1;
  llvm::SmallVector<Window> windows;

  /// Taps of a group: its channels, and for each the kernel in row-major order.
  int64_t taps() const;
  /// Windows that a tensor has.
  int64_t positions() const;
  /// Elements of the tensor.
  int64_t elements() const;
};

/// Nothing for what is no contraction with constant weights, or has an input of
/// dynamic shape.
std::optional<TapGeometry> tapGeometry(mlir::Operation *op);

/// The contractions of a module whose inputs can be described, in the order of
/// the program.
llvm::SmallVector<mlir::Operation *>
weightedContractions(mlir::ModuleOp module);

/// Means and second moments of the taps of a contraction, group by group, over
/// windows that are drawn from the tensors it sees: its memory and, up to the
/// drawing, its time do not depend on their number. The same tensors give the
/// same moments.
///
/// Taps that are far apart are taken for independent: of a long row, only the
/// blocks along the diagonal of the matrix are kept.
class InputMoments {
public:
  /// `windows` are drawn from every tensor.
  InputMoments(TapGeometry geometry, int64_t windows);

  /// Elements of a tensor in row-major order, in pieces.
  void observe(llvm::ArrayRef<float> piece);

  const TapGeometry &geometry() const { return shape; }
  /// Windows that were seen.
  int64_t count() const { return rows; }
  int64_t blockCount() const;
  int64_t blockBegin(int64_t block) const;
  /// E[x] of the taps of a group.
  std::vector<double> mean(int64_t group) const;
  /// E[x xT] of the taps in a block, row-major.
  std::vector<double> second(int64_t group, int64_t block) const;

private:
  void observeTensor();
  void gather(int64_t position, float *row) const;
  void accumulate(const float *rows, int64_t count);

  TapGeometry shape;
  int64_t windows;
  int64_t rows = 0;
  uint64_t randomState;
  std::vector<float> pending; ///< The tensor as far as it was seen.
  std::vector<double> sums;   ///< [group][tap]
  /// For each group and block a square matrix, of which the upper triangle is
  /// valid.
  std::vector<std::vector<float>> products;
};

using InputMomentsList = std::vector<std::shared_ptr<const InputMoments>>;

} // namespace edgec

#endif // EDGEC_COMPRESS_INPUTMOMENTS_H
