//===- ModuleText.cpp - Text that MLIR is to parse ------------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "edgec/Support/ModuleText.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringMap.h"
#include <algorithm>
#include <fmt/format.h>

using namespace edgec;
using namespace llvm;

namespace {

/// Every file of MLIR's bytecode begins like this.
constexpr StringLiteral bytecodeMagic = "ML\xefR";

bool isAliasSign(char c) { return c == '#' || c == '!'; }

bool isWordCharacter(char c) {
  return isAlnum(c) || c == '_' || c == '$' || c == '.';
}

bool isAliasCharacter(char c) { return isWordCharacter(c) || c == '-'; }

char closingOf(char open) {
  switch (open) {
  case '(':
    return ')';
  case '[':
    return ']';
  case '{':
    return '}';
  default:
    return '>';
  }
}

/// Goes through a module's text as far as nesting is concerned: brackets
/// outside of strings and comments, signs, and aliases.
class NestingScanner {
public:
  explicit NestingScanner(StringRef text) : rest(text) {}

  /// What follows the first place that is too deep, if there is one.
  std::optional<StringRef> scan() {
    while (!rest.empty()) {
      step();
      if (deepest > maximumTextNesting)
        return rest;
    }
    return std::nullopt;
  }

private:
  /// Goes over a token.
  void step() {
    char c = rest.front();
    if (isSpace(c))
      return drop(1);
    if (rest.starts_with("//"))
      return drop(rest.find('\n'));
    bool isArrow = rest.starts_with("->");
    if (c != '-' || isArrow)
      signs = 0;
    if (open.empty() && (isArrow || c == ':' || c == '='))
      needsValue = true;
    // Arrows and relations close nothing.
    if (isArrow || rest.starts_with(">=") || rest.starts_with("<="))
      return drop(2);
    if (c == '-')
      reach(open.size() + ++signs);
    if (!isWordCharacter(c) && !StringRef("\"#!%@^([{<").contains(c))
      return close(c);
    startValue();
    if (c == '"')
      return skipString();
    if (isAliasSign(c))
      return readAlias();
    if (isWordCharacter(c))
      return drop(rest.take_while(isWordCharacter).size());
    if (StringRef("([{<").contains(c)) {
      open.push_back(c);
      reach(open.size());
    }
    drop(1);
  }

  void drop(size_t count) {
    rest = rest.drop_front(std::min(count, rest.size()));
  }

  void close(char c) {
    // A wrong bracket ends the parsing.
    if (!open.empty() && c == closingOf(open.back()))
      open.pop_back();
    drop(1);
  }

  void skipString() {
    drop(1);
    while (!rest.empty() && rest.front() != '"')
      drop(rest.front() == '\\' ? 2 : 1);
    drop(1);
  }

  /// The definition of an alias ends where a second value begins.
  void startValue() {
    if (!open.empty() || current.empty())
      return;
    bool isBracket = StringRef("([{<").contains(rest.front());
    if (!needsValue && !isBracket)
      current = "";
    needsValue = false;
  }

  /// `#name`: a definition where `=` follows outside of brackets, else a use,
  /// which is as deep as what it stands for.
  void readAlias() {
    size_t length = 1 + rest.drop_front().take_while(isAliasCharacter).size();
    StringRef name = rest.take_front(length);
    drop(length);
    if (open.empty() && rest.ltrim().starts_with("=")) {
      current = name;
      depths[current] = 0;
      return;
    }
    reach(open.size() + depths.lookup(name));
  }

  void reach(size_t depth) {
    deepest = std::max(deepest, depth);
    if (current.empty())
      return;
    size_t &known = depths[current];
    known = std::max(known, depth);
  }

  StringRef rest;
  SmallVector<char> open;   ///< Brackets that are not closed yet.
  StringMap<size_t> depths; ///< Of aliases.
  StringRef current;        ///< The alias that is being defined, if any.
  bool needsValue = false;  ///< Whether its definition goes on in any case.
  size_t signs = 0;         ///< Before an operand.
  size_t deepest = 0;
};

} // namespace

static Error tooDeep(MemoryBufferRef text, StringRef rest) {
  StringRef before = text.getBuffer().drop_back(rest.size());
  size_t line = before.count('\n') + 1;
  size_t column = before.size() - (before.rfind('\n') + 1);
  return createStringError(fmt::format(
      "{}:{}:{}: regions, types, attributes, locations or expressions nest "
      "deeper than {} levels, the most that a module may have",
      text.getBufferIdentifier().str(), line, column, maximumTextNesting));
}

Error edgec::checkTextNesting(MemoryBufferRef text, StringRef splitMarker) {
  StringRef rest = text.getBuffer();
  if (rest.starts_with(bytecodeMagic))
    return Error::success();
  while (!rest.empty()) {
    size_t end = splitMarker.empty() ? StringRef::npos : rest.find(splitMarker);
    StringRef module = rest.take_front(end);
    if (std::optional<StringRef> after = NestingScanner(module).scan())
      return tooDeep(
          text, text.getBuffer().substr(after->data() - text.getBufferStart()));
    rest =
        end == StringRef::npos ? "" : rest.drop_front(end + splitMarker.size());
  }
  return Error::success();
}
