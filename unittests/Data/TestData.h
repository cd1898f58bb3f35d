//===- TestData.h - Tensors and folders for tests ---------------*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_UNITTESTS_DATA_TESTDATA_H
#define EDGEC_UNITTESTS_DATA_TESTDATA_H

#include "edgec/Support/TensorFile.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include <cstring>

namespace edgec {

template <typename T>
Tensor tensorOf(std::vector<int64_t> shape, const std::vector<T> &values) {
  Tensor tensor(elementTypeOf<T>(), std::move(shape));
  std::memcpy(tensor.mutableBytes(), values.data(), tensor.byteCount());
  return tensor;
}

inline std::vector<double> valuesOf(const Tensor &tensor) {
  std::vector<double> values;
  for (int64_t i = 0; i < tensor.size(); ++i)
    values.push_back(tensor.asDouble(i));
  return values;
}

/// A folder that goes with this object.
class TestFolder {
public:
  TestFolder() { llvm::sys::fs::createUniqueDirectory("edgec", root); }
  ~TestFolder() { llvm::sys::fs::remove_directories(root); }

  /// The path of `name` in it; the folders on the way are made.
  std::string path(llvm::StringRef name = "") const {
    llvm::SmallString<128> path(root);
    llvm::sys::path::append(path, name);
    llvm::sys::fs::create_directories(llvm::sys::path::parent_path(path));
    return std::string(path);
  }

  std::string write(llvm::StringRef name, const Tensor &tensor) const {
    cantFail(writeTensor(path(name), tensor));
    return path(name);
  }

  std::string write(llvm::StringRef name, llvm::StringRef bytes) const {
    std::error_code code;
    llvm::raw_fd_ostream(path(name), code) << bytes;
    return path(name);
  }

private:
  llvm::SmallString<128> root;
};

/// The message of a failure; "success" if there is none.
template <typename T> std::string messageOf(llvm::Expected<T> result) {
  return result ? "success" : llvm::toString(result.takeError());
}

inline bool contains(const std::string &text, const std::string &part) {
  return text.find(part) != std::string::npos;
}

} // namespace edgec

#endif // EDGEC_UNITTESTS_DATA_TESTDATA_H
