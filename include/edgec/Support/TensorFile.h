//===- TensorFile.h - Tensors in files --------------------------*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_SUPPORT_TENSORFILE_H
#define EDGEC_SUPPORT_TENSORFILE_H

#include "edgec/Support/Tensor.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/raw_ostream.h"
#include <string>
#include <vector>

namespace edgec {

struct NamedTensor {
  std::string name; ///< Empty where the format does not name its tensors.
  Tensor tensor;
};

/// The product of `shape` if it is a valid tensor shape (no negative extent,
/// at most 64 dimensions) whose data is at most `availableBytes` long: what a
/// reader checks before it allocates. `type` gives the size of an element.
llvm::Expected<int64_t> checkedElementCount(ElementType type,
                                            llvm::ArrayRef<int64_t> shape,
                                            uint64_t availableBytes);

/// Makes every non-zero byte of a boolean tensor 1, which files do not promise
/// and C++ requires.
void normaliseBooleans(Tensor &tensor);

//===----------------------------------------------------------------------===//
// NumPy
//===----------------------------------------------------------------------===//

/// Reads NumPy's .npy format, versions 1 to 3: every type of ElementType
/// (bfloat16 as ml_dtypes writes it, "V2"), C and Fortran order, both byte
/// orders. https://numpy.org/neps/nep-0001-npy-format.html
llvm::Expected<Tensor> parseNpy(llvm::StringRef bytes);

/// Writes version 1: C order, little-endian.
void writeNpy(const Tensor &tensor, llvm::raw_ostream &stream);

/// Reads a .npz archive (zip; stored and deflated entries, zip64): its tensors
/// in the order of the archive's directory, without the ".npy" of their names.
llvm::Expected<std::vector<NamedTensor>> parseNpz(llvm::StringRef bytes);

/// Writes an archive of stored entries with a fixed time stamp, so that the
/// same tensors give the same bytes. Archives of 4 GiB and more are an error.
llvm::Error writeNpz(llvm::ArrayRef<NamedTensor> tensors,
                     llvm::raw_ostream &stream);

//===----------------------------------------------------------------------===//
// ONNX
//===----------------------------------------------------------------------===//

/// The number that ONNX (onnx.TensorProto.DataType) gives to a type.
int32_t onnxElementType(ElementType type);

/// Reads a serialized onnx.TensorProto, as in ONNX's test data: raw_data and
/// the typed fields. Strings, complex numbers, 4-bit and 8-bit floating-point
/// types and external data are errors.
llvm::Expected<NamedTensor> parseTensorProto(llvm::StringRef bytes);

/// Writes an onnx.TensorProto with raw_data.
llvm::Error writeTensorProto(const NamedTensor &tensor,
                             llvm::raw_ostream &stream);

//===----------------------------------------------------------------------===//
// Sound
//===----------------------------------------------------------------------===//

/// Reads a WAV file of one channel: 16-bit PCM as samples in [-1, 1), or
/// 32-bit floating point. The tensor is f32 of one dimension.
llvm::Expected<Tensor> parseWave(llvm::StringRef bytes);

//===----------------------------------------------------------------------===//
// By file name
//===----------------------------------------------------------------------===//

/// Reads `path` by its extension: .npy, .npz (several tensors), .pb or .wav.
/// Errors name the file.
llvm::Expected<std::vector<NamedTensor>> readTensors(llvm::StringRef path);

/// The same for a file that must hold exactly one tensor.
llvm::Expected<Tensor> readTensor(llvm::StringRef path);

/// Reads raw little-endian elements (.bin, .raw) whose type and shape the
/// caller knows; an error unless the file's size is exactly that.
llvm::Expected<Tensor> readRawTensor(llvm::StringRef path, ElementType type,
                                     std::vector<int64_t> shape);

/// Whether `path` ends in an extension of raw elements: .bin or .raw.
bool isRawTensorFile(llvm::StringRef path);

/// Whether a tensor can be written to `path`: its extension is known and its
/// folder is there. To be asked before the work whose result goes there.
llvm::Error checkTensorDestination(llvm::StringRef path);

/// Writes `path` by its extension: .npy, .npz, .pb or .bin (raw elements).
/// Appears complete or not at all.
llvm::Error writeTensors(llvm::StringRef path,
                         llvm::ArrayRef<NamedTensor> tensors);
llvm::Error writeTensor(llvm::StringRef path, const Tensor &tensor);

/// `tensor` with its elements converted to `type`: integers to floating point
/// by rounding to nearest; an error where a value does not fit exactly into an
/// integer type.
llvm::Expected<Tensor> convertTensor(const Tensor &tensor, ElementType type);

} // namespace edgec

#endif // EDGEC_SUPPORT_TENSORFILE_H
