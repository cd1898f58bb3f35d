//===- Wave.cpp - Sound in WAV files --------------------------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "edgec/Support/TensorFile.h"
#include "llvm/Support/Endian.h"
#include <fmt/format.h>

using namespace edgec;
using namespace llvm;

namespace {

constexpr uint16_t pcmCode = 1, floatCode = 3;
/// The actual code stands in the first bytes of an extension.
constexpr uint16_t extensibleCode = 0xfffe;

struct Layout {
  uint16_t code, channels, bits;
};

Expected<Layout> parseLayout(StringRef chunk) {
  constexpr size_t bitsAt = 14, extendedCodeAt = 24;
  if (chunk.size() < bitsAt + 2)
    return createStringError("the WAV file's 'fmt ' chunk is cut off");
  auto number = [&](size_t at) {
    return support::endian::read16le(chunk.data() + at);
  };
  Layout layout{number(0), number(2), number(bitsAt)};
  if (layout.code == extensibleCode && chunk.size() >= extendedCodeAt + 2)
    layout.code = number(extendedCodeAt);
  bool isKnown = (layout.code == pcmCode && layout.bits == 16) ||
                 (layout.code == floatCode && layout.bits == 32);
  if (!isKnown)
    return createStringError(fmt::format(
        "the WAV file has {} bits of format {}; convert it to 16-bit PCM, or "
        "to 32-bit floating point",
        layout.bits, layout.code));
  if (layout.channels != 1)
    return createStringError(fmt::format(
        "the WAV file has {} channels; mix it down to one", layout.channels));
  return layout;
}

Tensor readSamples(StringRef data, const Layout &layout) {
  int64_t count = data.size() / (layout.bits / 8);
  Tensor tensor(ElementType::F32, {count});
  auto *samples = tensor.mutableData<float>();
  for (int64_t i = 0; i < count; ++i)
    if (layout.code == pcmCode)
      samples[i] =
          static_cast<int16_t>(support::endian::read16le(data.data() + 2 * i)) *
          0x1p-15f;
    else
      samples[i] =
          bit_cast<float>(support::endian::read32le(data.data() + 4 * i));
  return tensor;
}

} // namespace

Expected<Tensor> edgec::parseWave(StringRef bytes) {
  constexpr size_t chunkHeader = 8, riffHeader = 12;
  if (bytes.size() < riffHeader || !bytes.starts_with("RIFF") ||
      bytes.substr(chunkHeader, 4) != "WAVE")
    return createStringError("this is not a WAV file");
  std::optional<Layout> layout;
  StringRef rest = bytes.drop_front(riffHeader);
  while (rest.size() >= chunkHeader) {
    StringRef kind = rest.take_front(4);
    size_t size = support::endian::read32le(rest.data() + 4);
    // What was recorded to a pipe has no size.
    StringRef chunk = rest.substr(chunkHeader, size);
    if (kind == "fmt ") {
      Expected<Layout> parsed = parseLayout(chunk);
      if (!parsed)
        return parsed.takeError();
      layout = *parsed;
    } else if (kind == "data") {
      if (!layout)
        return createStringError("the WAV file's samples come before what "
                                 "they are");
      return readSamples(chunk, *layout);
    }
    // Chunks have an even length.
    rest =
        rest.drop_front(std::min(rest.size(), chunkHeader + size + size % 2));
  }
  return createStringError("the WAV file has no samples");
}
