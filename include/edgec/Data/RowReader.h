//===- RowReader.h - Arrays that are read row by row ------------*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_DATA_ROWREADER_H
#define EDGEC_DATA_ROWREADER_H

#include "edgec/Target/ModelSpec.h"
#include "llvm/Support/Error.h"
#include <memory>

namespace edgec {

/// An array of samples or labels, stacked along the first axis, of which one is
/// read at a time.
class RowReader {
public:
  virtual ~RowReader() = default;
  virtual int64_t rows() const = 0;
  virtual std::vector<int64_t> rowShape() const = 0;
  /// Row `index`, without the first axis. Errors name the file.
  virtual llvm::Expected<Tensor> read(int64_t index) = 0;
};

/// Opens a .npy file, the only member of a .npz archive, or a .pb file, which
/// alone is held in memory. Errors name the file.
llvm::Expected<std::unique_ptr<RowReader>> openRows(llvm::StringRef path);

/// Opens the members of a .npz archive that have these names; or its only
/// member, whatever its name, where there is one name.
llvm::Expected<std::vector<std::unique_ptr<RowReader>>>
openArchiveRows(llvm::StringRef path, llvm::ArrayRef<std::string> names);

/// Opens raw little-endian elements: rows of `row`'s type and shape.
llvm::Expected<std::unique_ptr<RowReader>> openRawRows(llvm::StringRef path,
                                                       const TensorSpec &row);

} // namespace edgec

#endif // EDGEC_DATA_ROWREADER_H
