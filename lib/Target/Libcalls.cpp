//===- Libcalls.cpp - What a compiled model may refer to ------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "edgec/Target/Libcalls.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Object/ObjectFile.h"

using namespace edgec;
using namespace llvm;

namespace {

/// f64 has no polynomial approximations of ours: it is rare in models.
const StringSet<> &allowedSymbols() {
  static const StringSet<> symbols = {
      "memcpy", "memmove", "memset",
      // ISO C99, 7.12, on double.
      "acos", "acosh", "asin", "asinh", "atan", "atan2", "atanh", "cbrt",
      "ceil", "copysign", "cos", "cosh", "erf", "erfc", "exp", "exp2", "expm1",
      "fabs", "floor", "fma", "fmax", "fmin", "fmod", "hypot", "ldexp",
      "lgamma", "llrint", "llround", "log", "log10", "log1p", "log2", "lrint",
      "lround", "nearbyint", "pow", "remainder", "rint", "round", "roundeven",
      "sin", "sinh", "sqrt", "tan", "tanh", "tgamma", "trunc"};
  return symbols;
}

} // namespace

Error edgec::checkUndefinedSymbols(MemoryBufferRef object) {
  auto file = object::ObjectFile::createObjectFile(object);
  if (!file)
    return file.takeError();
  std::vector<std::string> offenders;
  for (const object::SymbolRef &symbol : (*file)->symbols()) {
    Expected<uint32_t> flags = symbol.getFlags();
    if (!flags)
      return flags.takeError();
    if (!(*flags & object::SymbolRef::SF_Undefined) ||
        (*flags & object::SymbolRef::SF_FormatSpecific))
      continue;
    Expected<StringRef> name = symbol.getName();
    if (!name)
      return name.takeError();
    if (!name->empty() && !allowedSymbols().contains(*name))
      offenders.push_back("'" + name->str() + "'");
  }
  if (offenders.empty())
    return Error::success();
  sort(offenders);
  // The run-time library's conversions, __extendhfsf2 and __truncsfhf2 say.
  bool isHalf =
      any_of(offenders, [](StringRef name) { return name.contains("hf"); });
  return createStringError(
      "the generated code calls " + join(offenders, ", ") +
      ", which no target provides: " +
      (isHalf ? "this CPU has no instructions for float16; choose one that "
                "does, such as --target=x86-64-v3"
              : "an operation has no lowering of its own for this target; "
                "please report it with the model"));
}
