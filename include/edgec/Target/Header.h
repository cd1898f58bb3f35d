//===- Header.h - The C header of a compiled model --------------*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_TARGET_HEADER_H
#define EDGEC_TARGET_HEADER_H

#include "edgec/Target/CPU/TargetOptions.h"
#include "edgec/Target/ModelSpec.h"
#include "llvm/Support/Error.h"
#include <string>

namespace edgec {

/// The text of NAME.h: valid C99 and C++, includes edgec.h only.
llvm::Expected<std::string> generateHeader(const ModelSpec &spec,
                                           const TargetDescription &target);

} // namespace edgec

#endif // EDGEC_TARGET_HEADER_H
