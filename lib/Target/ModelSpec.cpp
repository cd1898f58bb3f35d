//===- ModelSpec.cpp - What an artefact tells its callers -----------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "edgec/Target/ModelSpec.h"
#include "llvm/Support/ErrorHandling.h"

using namespace edgec;

llvm::StringRef edgec::name(Arithmetic arithmetic) {
  switch (arithmetic) {
  case Arithmetic::F32:
    return "f32";
  case Arithmetic::Int8:
    return "int8";
  }
  llvm_unreachable("every arithmetic has a name");
}

std::optional<Arithmetic> edgec::parseArithmetic(llvm::StringRef text) {
  for (Arithmetic arithmetic : {Arithmetic::F32, Arithmetic::Int8})
    if (text == name(arithmetic))
      return arithmetic;
  return std::nullopt;
}
