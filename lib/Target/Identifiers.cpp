//===- Identifiers.cpp - Names of the generated C interface ---------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "edgec/Target/Identifiers.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSet.h"

using namespace edgec;
using llvm::StringRef;

namespace {

/// Keywords of C and C++, and the names that the generated header or the
/// standard headers it includes, or compilers in their GNU modes, give a
/// meaning to.
const llvm::StringSet<> &reservedNames() {
  static const llvm::StringSet<> names = {
      // C99 to C23.
      "auto", "break", "case", "char", "const", "continue", "default", "do",
      "double", "else", "enum", "extern", "float", "for", "goto", "if",
      "inline", "int", "long", "register", "restrict", "return", "short",
      "signed", "sizeof", "static", "struct", "switch", "typedef", "union",
      "unsigned", "void", "volatile", "while", "alignas", "alignof", "bool",
      "constexpr", "false", "nullptr", "static_assert", "thread_local", "true",
      "typeof", "typeof_unqual",
      // C++ up to C++23.
      "and", "and_eq", "asm", "bitand", "bitor", "catch", "char8_t", "char16_t",
      "char32_t", "class", "compl", "concept", "consteval", "constinit",
      "const_cast", "co_await", "co_return", "co_yield", "decltype", "delete",
      "dynamic_cast", "explicit", "export", "friend", "mutable", "namespace",
      "new", "noexcept", "not", "not_eq", "operator", "or", "or_eq", "private",
      "protected", "public", "reinterpret_cast", "requires", "static_cast",
      "template", "this", "throw", "try", "typeid", "typename", "using",
      "virtual", "wchar_t", "xor", "xor_eq",
      // Types and macros of the headers included.
      "NULL", "offsetof", "ptrdiff_t", "size_t", "max_align_t", "int8_t",
      "int16_t", "int32_t", "int64_t", "uint8_t", "uint16_t", "uint32_t",
      "uint64_t", "intptr_t", "uintptr_t", "intmax_t", "uintmax_t",
      // Macros of common headers and of GNU modes, in lower case or short.
      "linux", "unix", "i386", "arm", "assert", "errno", "stdin", "stdout",
      "stderr", "complex", "imaginary", "I", "EOF", "TRUE", "FALSE", "min",
      "max", "near", "far", "small", "interface",
      // Our own other parameters.
      "arena", "context"};
  return names;
}

/// Adds a number where `name` was taken before.
std::string makeUnique(std::string name, llvm::StringSet<> &taken) {
  std::string candidate = name;
  for (unsigned suffix = 2; !taken.insert(candidate).second; ++suffix)
    candidate = name + "_" + std::to_string(suffix);
  return candidate;
}

std::vector<std::string> parameterNames(llvm::ArrayRef<TensorSpec> tensors,
                                        StringRef fallback,
                                        llvm::StringSet<> &taken) {
  std::vector<std::string> names;
  for (const TensorSpec &tensor : tensors)
    names.push_back(makeUnique(cIdentifier(tensor.name, fallback), taken));
  return names;
}

} // namespace

std::string edgec::cIdentifier(StringRef name, StringRef fallback) {
  std::string result;
  for (char c : name) {
    if (llvm::isAlnum(c))
      result += c;
    else if (!result.empty() && result.back() != '_')
      // Leading underscores are reserved, doubled ones in C++.
      result += '_';
  }
  while (!result.empty() && result.back() == '_')
    result.pop_back();
  if (result.empty())
    return fallback.str();
  if (llvm::isDigit(result.front()))
    result = fallback.str() + "_" + result;
  StringRef identifier = result;
  if (reservedNames().contains(identifier) ||
      identifier.starts_with("EDGEC_") || identifier.starts_with("edgec_"))
    result += "_tensor";
  return result;
}

bool edgec::isCIdentifier(StringRef name) {
  if (name.empty() || llvm::isDigit(name.front()))
    return false;
  return llvm::all_of(name,
                      [](char c) { return llvm::isAlnum(c) || c == '_'; });
}

std::string edgec::infoSymbol(const ModelSpec &spec) {
  return spec.name + "_info";
}

llvm::Expected<std::vector<EntryPointNames>>
edgec::nameEntryPoints(const ModelSpec &spec) {
  if (!isCIdentifier(spec.name))
    return llvm::createStringError(
        "the model's name '" + spec.name +
        "' is no C identifier: choose another with --name");
  if (spec.entryPoints.empty())
    return llvm::createStringError("model '" + spec.name +
                                   "' has no entry point");
  llvm::StringSet<> symbols = {infoSymbol(spec)};
  llvm::StringSet<> macros = {llvm::StringRef(spec.name).upper() + "_H"};
  std::vector<EntryPointNames> result;
  for (const EntryPointSpec &entry : spec.entryPoints) {
    EntryPointNames names;
    names.symbol = spec.name + "_" + entry.name;
    if (!isCIdentifier(entry.name) || !symbols.insert(names.symbol).second)
      return llvm::createStringError(
          "entry point '" + entry.name + "' of model '" + spec.name +
          "' must have a C identifier of its own, other than 'info'");
    names.macroPrefix = StringRef(spec.name).upper();
    if (entry.name != "run")
      names.macroPrefix += "_" + StringRef(entry.name).upper();
    macros.insert(names.macroPrefix + "_ARENA_SIZE");
    macros.insert(names.macroPrefix + "_ARENA_ALIGN");
    macros.insert(names.macroPrefix + "_MAX_BATCH");
    result.push_back(std::move(names));
  }
  for (auto [entry, names] : llvm::zip(spec.entryPoints, result)) {
    // A parameter must not be called as a macro of any entry point.
    llvm::StringSet<> taken = macros;
    if (entry.maxBatch != 0)
      taken.insert("samples");
    names.inputs = parameterNames(entry.inputs, "input", taken);
    names.outputs = parameterNames(entry.outputs, "output", taken);
  }
  return result;
}
