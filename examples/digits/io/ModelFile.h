//===- ModelFile.h - Networks to and from ONNX files ------------*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_EXAMPLES_DIGITS_IO_MODELFILE_H
#define EDGEC_EXAMPLES_DIGITS_IO_MODELFILE_H

#include "nn/Sequential.h"

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

namespace digits {

/// Writes the network with a softmax behind it: float32 "image" [N,1,28,28] to
/// float32 "probabilities" [N,10].
llvm::Error writeModel(llvm::StringRef path, const Sequential<float> &network);

/// Fills the network's parameters from the initializers of the same names. An
/// error unless the file is the one that writeModel would write then: the
/// whole graph is compared, not the weights alone.
llvm::Error readModel(llvm::StringRef path, Sequential<float> &network);

} // namespace digits

#endif // EDGEC_EXAMPLES_DIGITS_IO_MODELFILE_H
