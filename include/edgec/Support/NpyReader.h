//===- NpyReader.h - Rows of an array in a file -----------------*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_SUPPORT_NPYREADER_H
#define EDGEC_SUPPORT_NPYREADER_H

#include "edgec/Support/ByteReader.h"
#include "edgec/Support/Tensor.h"
#include <string>

namespace edgec {

/// How the elements of a .npy array lie in its bytes.
struct NpyLayout {
  ElementType type = ElementType::F32;
  bool bigEndian = false;
  bool fortranOrder = false; ///< The first axis is the fastest.
  std::vector<int64_t> shape;
};

/// An array in NumPy's .npy format, of which only as much is read as is asked
/// for. The layout is checked against the number of bytes when it is opened.
class NpyReader {
public:
  static llvm::Expected<NpyReader> open(std::shared_ptr<ByteReader> bytes);

  ElementType type() const { return layout.type; }
  const std::vector<int64_t> &shape() const { return layout.shape; }

  /// The whole array.
  llvm::Expected<Tensor> read() const;

  /// The part at `index` of the first axis, without that axis. The array needs
  /// one. In Fortran order, where a row lies scattered over the whole file, a
  /// block of several rows is kept.
  llvm::Expected<Tensor> readRow(int64_t index);

private:
  /// Gathers rows first, first + 1, ... of an array in Fortran order, as many
  /// as there is room for.
  llvm::Error loadBlock(int64_t first, int64_t rowSize);

  std::shared_ptr<ByteReader> bytes;
  NpyLayout layout;
  uint64_t dataOffset = 0;

  /// Fortran order only: element k of row blockFirst + j is at
  /// k · blockRows + j.
  std::string block;
  int64_t blockFirst = 0, blockRows = 0;
};

} // namespace edgec

#endif // EDGEC_SUPPORT_NPYREADER_H
