//===- ElfWeights.h - Weights in an ELF object, past LLVM -------*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_TARGET_ELFWEIGHTS_H
#define EDGEC_TARGET_ELFWEIGHTS_H

#include "edgec/Target/ModelSpec.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/IR/Module.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/raw_ostream.h"

namespace edgec {

/// LLVM holds a constant's bytes several times over on their way to an object.
/// So it only sees an uninitialised array in a section of no bytes (.bss),
/// which keeps symbols and relocations right; the object then gets the bytes
/// appended and the section's header is changed to refer to them, read-only.

/// Gives the module's reference to the weights, if it has one, a definition of
/// that kind. After all optimisation, since the array looks like zeros.
void defineWeightsPlaceholder(llvm::Module &module,
                              const WeightsSection &weights);

/// Checks that the segments ascend and lie within the section, and that code
/// can reach all of it.
llvm::Error checkWeights(const WeightsSection &weights);

/// Writes `object`, made from a module with that placeholder, and the weights.
/// Changes the object's section header in place. `os` is seekable: long runs of
/// zeros become holes.
llvm::Error writeObjectWithWeights(llvm::MutableArrayRef<char> object,
                                   const WeightsSection &weights,
                                   llvm::raw_fd_ostream &os);

} // namespace edgec

#endif // EDGEC_TARGET_ELFWEIGHTS_H
