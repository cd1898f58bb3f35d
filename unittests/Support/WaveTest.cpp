//===- WaveTest.cpp - Sound in WAV files ----------------------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "TestTensors.h"
#include "edgec/Support/TensorFile.h"
#include <gmock/gmock.h>

using namespace edgec;
using testing::HasSubstr;

namespace {

std::string number(uint32_t value, int bytes) {
  std::string text;
  for (int i = 0; i < bytes; ++i)
    text += static_cast<char>(value >> (8 * i));
  return text;
}

std::string chunk(const std::string &kind, const std::string &data) {
  return kind + number(data.size(), 4) + data +
         std::string(data.size() % 2, '\0');
}

std::string layout(int code, int channels, int bits) {
  return chunk("fmt ", number(code, 2) + number(channels, 2) +
                           number(16000, 4) + number(0, 4) + number(0, 2) +
                           number(bits, 2));
}

std::string wave(const std::string &chunks) {
  return "RIFF" + number(chunks.size() + 4, 4) + "WAVE" + chunks;
}

TEST(Wave, ReadsSixteenBits) {
  std::string samples = number(0x8000, 2) + number(0x4000, 2) + number(0, 2);
  // A chunk of odd length before, to be skipped.
  Tensor read = llvm::cantFail(parseWave(
      wave(chunk("LIST", "abc") + layout(1, 1, 16) + chunk("data", samples))));
  expectSame(read, tensorOf<float>({3}, {-1.0f, 0.5f, 0.0f}));
}

TEST(Wave, ReadsFloats) {
  std::string samples = bytesOf(tensorOf<float>({2}, {0.25f, -3.0f}));
  Tensor read = llvm::cantFail(
      parseWave(wave(layout(3, 1, 32) + chunk("data", samples))));
  expectSame(read, tensorOf<float>({2}, {0.25f, -3.0f}));
}

/// A recording that was cut off, or written without knowing its length.
TEST(Wave, ReadsWhatIsThere) {
  std::string data = "data" + number(0xffffffff, 4) + number(0x4000, 2) + "x";
  Tensor read = llvm::cantFail(parseWave(wave(layout(1, 1, 16) + data)));
  expectSame(read, tensorOf<float>({1}, {0.5f}));
}

TEST(Wave, RefusesWhatItCannotRead) {
  std::string data = chunk("data", number(0, 4));
  auto message = [](const std::string &bytes) {
    return messageOf(parseWave(bytes));
  };
  EXPECT_THAT(message("RIFFxxxxAVI "), HasSubstr("not a WAV file"));
  EXPECT_THAT(message("RIF"), HasSubstr("not a WAV file"));
  EXPECT_THAT(message(wave(layout(1, 2, 16) + data)), HasSubstr("2 channels"));
  EXPECT_THAT(message(wave(layout(1, 1, 24) + data)), HasSubstr("24 bits"));
  EXPECT_THAT(message(wave(layout(7, 1, 8) + data)), HasSubstr("format 7"));
  EXPECT_THAT(message(wave(data)), HasSubstr("come before"));
  EXPECT_THAT(message(wave(layout(1, 1, 16))), HasSubstr("no samples"));
  EXPECT_THAT(message(wave(chunk("fmt ", "ab"))), HasSubstr("cut off"));
}

} // namespace
