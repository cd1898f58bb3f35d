// Npy.h: reads NumPy's .npy files, as far as this example needs them.
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef NPY_H
#define NPY_H

#include <cstdint>
#include <cstring>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <vector>

/// NumPy's names of little-endian element types.
template <typename T> constexpr const char *npyType();
template <> constexpr const char *npyType<uint8_t>() { return "'|u1'"; }
template <> constexpr const char *npyType<int64_t>() { return "'<i8'"; }

/// All numbers of a file in row-major order. Throws where the file is missing,
/// of another type, or not whole.
template <typename T> std::vector<T> readNpy(const std::string &path) {
  std::ifstream file(path, std::ios::binary);
  if (!file)
    throw std::runtime_error(path + " cannot be opened");
  std::string bytes((std::istreambuf_iterator<char>(file)), {});
  // "\x93NUMPY", version 1.0, the header's length in two bytes.
  constexpr size_t preambleSize = 10;
  if (bytes.size() < preambleSize || bytes.compare(1, 5, "NUMPY") != 0)
    throw std::runtime_error(path + " is not a .npy file");
  size_t headerSize = static_cast<unsigned char>(bytes[8]) +
                      256 * static_cast<unsigned char>(bytes[9]);
  size_t start = preambleSize + headerSize;
  std::string header = bytes.substr(preambleSize, headerSize);
  if (header.find(npyType<T>()) == std::string::npos ||
      header.find("'fortran_order': False") == std::string::npos)
    throw std::runtime_error(path + " is not of type " + npyType<T>() +
                             " in row-major order");
  if (bytes.size() < start || (bytes.size() - start) % sizeof(T) != 0)
    throw std::runtime_error(path + " is cut off");
  std::vector<T> values((bytes.size() - start) / sizeof(T));
  std::memcpy(values.data(), bytes.data() + start, bytes.size() - start);
  return values;
}

#endif // NPY_H
