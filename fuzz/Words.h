//===- Words.h - Mutation with the words of a language ----------*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Names of operations and attributes are too long to be found by chance, and a
// file of them would drift from the code that knows them.
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_FUZZ_WORDS_H
#define EDGEC_FUZZ_WORDS_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringRef.h"
#include <cstring>
#include <random>
#include <string>
#include <vector>

extern "C" size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t maxSize);

namespace edgec {

/// Puts one of `words` in the place of a word of the text, else changes the
/// text in libFuzzer's own way. As LLVMFuzzerCustomMutator.
inline size_t mutateWords(uint8_t *data, size_t size, size_t maxSize,
                          unsigned seed, llvm::ArrayRef<std::string> words) {
  constexpr unsigned oneIn = 4; // Most changes stay libFuzzer's.
  std::minstd_rand random(seed);
  if (size == 0 || words.empty() || random() % oneIn != 0)
    return LLVMFuzzerMutate(data, size, maxSize);
  llvm::StringRef text(reinterpret_cast<const char *>(data), size);
  auto isPart = [](char c) { return llvm::isAlnum(c) || c == '_' || c == '.'; };
  size_t begin = random() % size;
  while (begin != 0 && isPart(text[begin]) && isPart(text[begin - 1]))
    --begin;
  size_t length = text.drop_front(begin).take_while(isPart).size();
  const std::string &word = words[random() % words.size()];
  if (size - length + word.size() > maxSize)
    return LLVMFuzzerMutate(data, size, maxSize);
  std::string changed =
      (text.take_front(begin) + word + text.drop_front(begin + length)).str();
  std::memcpy(data, changed.data(), changed.size());
  return changed.size();
}

} // namespace edgec

#endif // EDGEC_FUZZ_WORDS_H
