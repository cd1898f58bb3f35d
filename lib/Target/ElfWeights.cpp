//===- ElfWeights.cpp - Weights in an ELF object, past LLVM ---------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "edgec/Target/ElfWeights.h"
#include "llvm/IR/Constants.h"
#include "llvm/Object/ELF.h"
#include "llvm/Support/MathExtras.h"

using namespace edgec;
using namespace llvm;

namespace {

/// The name that makes LLVM choose a section without bytes. Its tail is the
/// final name, so that the string table need not change.
constexpr StringRef placeholderSection = ".bss.rodata.edgec_weights";
constexpr size_t finalNameOffset = StringRef(".bss").size();

/// x86-64 code reaches data within 2 GiB; the rest is left to the code itself
/// and to what it is linked with.
constexpr uint64_t maxWeightsSize = (uint64_t(1) << 31) - (uint64_t(64) << 20);

/// Shorter runs of zeros are written, longer ones skipped over.
constexpr uint64_t minHole = 4096;

template <class ELFT> class ObjectPatcher {
public:
  using Header = typename ELFT::Shdr;

  ObjectPatcher(MutableArrayRef<char> object) : object(object) {}

  /// Makes the placeholder a read-only section with bytes at the aligned end of
  /// the file, and returns where that is. Nothing if there is no placeholder.
  Expected<std::optional<uint64_t>> patch(const WeightsSection &weights) {
    auto file =
        object::ELFFile<ELFT>::create(StringRef(object.data(), object.size()));
    if (!file)
      return file.takeError();
    auto headers = file->sections();
    if (!headers)
      return headers.takeError();
    for (const Header &header : *headers) {
      Expected<StringRef> name = file->getSectionName(header);
      if (!name)
        return name.takeError();
      if (*name == placeholderSection)
        return patchHeader(header, weights);
    }
    return std::nullopt;
  }

private:
  Expected<std::optional<uint64_t>> patchHeader(const Header &found,
                                                const WeightsSection &weights) {
    if (found.sh_type != ELF::SHT_NOBITS || found.sh_size != weights.size)
      return createStringError("internal error: the weights' placeholder of " +
                               std::to_string(found.sh_size) +
                               " bytes does not stand for " +
                               std::to_string(weights.size));
    uint64_t offset = alignTo(object.size(), weights.align);
    // The parsed view is read-only; the same bytes through our own pointer.
    auto &header = *reinterpret_cast<Header *>(
        object.data() +
        (reinterpret_cast<const char *>(&found) - object.data()));
    header.sh_name = found.sh_name + finalNameOffset;
    header.sh_type = ELF::SHT_PROGBITS;
    header.sh_flags = ELF::SHF_ALLOC;
    header.sh_offset = offset;
    return offset;
  }

  MutableArrayRef<char> object;
};

Expected<std::optional<uint64_t>> patchObject(MutableArrayRef<char> object,
                                              const WeightsSection &weights) {
  auto [elfClass, encoding] =
      object::getElfArchType(StringRef(object.data(), object.size()));
  if (encoding != ELF::ELFDATA2LSB)
    return createStringError("internal error: not a little-endian ELF object");
  if (elfClass == ELF::ELFCLASS64)
    return ObjectPatcher<object::ELF64LE>(object).patch(weights);
  return ObjectPatcher<object::ELF32LE>(object).patch(weights);
}

/// Zeros from `position` to `end`; a hole where it is worth one. A hole at the
/// very end needs its last byte, or the file would stop short.
void writeZeros(raw_fd_ostream &os, uint64_t position, uint64_t end,
                bool isLast) {
  uint64_t count = end - position;
  if (count < minHole || !os.supportsSeeking()) {
    os.write_zeros(count);
    return;
  }
  os.seek(isLast ? end - 1 : end);
  if (isLast)
    os.write_zeros(1);
}

} // namespace

void edgec::defineWeightsPlaceholder(Module &module,
                                     const WeightsSection &weights) {
  GlobalVariable *reference = module.getNamedGlobal(weightsSymbol);
  if (!reference)
    return;
  // Not constant: LLVM would give constant zeros bytes of their own.
  auto *type =
      ArrayType::get(Type::getInt8Ty(module.getContext()), weights.size);
  auto *placeholder = new GlobalVariable(module, type, /*isConstant=*/false,
                                         GlobalValue::InternalLinkage,
                                         ConstantAggregateZero::get(type));
  placeholder->takeName(reference);
  placeholder->setSection(placeholderSection);
  placeholder->setAlignment(Align(weights.align));
  reference->replaceAllUsesWith(placeholder);
  reference->eraseFromParent();
}

Error edgec::checkWeights(const WeightsSection &weights) {
  if (!isPowerOf2_64(weights.align))
    return createStringError("the weights' alignment of %" PRIu64
                             " bytes is no power of two",
                             weights.align);
  if (weights.size > maxWeightsSize)
    return createStringError("the model has %" PRIu64
                             " MiB of weights; one artefact can hold %" PRIu64
                             " MiB: compress or split the model",
                             weights.size >> 20, maxWeightsSize >> 20);
  uint64_t end = 0;
  for (const WeightSegment &segment : weights.segments) {
    if (segment.offset < end || segment.offset > weights.size ||
        segment.bytes.size() > weights.size - segment.offset)
      return createStringError(
          "internal error: weight segments overlap or leave their section at "
          "offset %" PRIu64,
          segment.offset);
    end = segment.offset + segment.bytes.size();
  }
  return Error::success();
}

Error edgec::writeObjectWithWeights(MutableArrayRef<char> object,
                                    const WeightsSection &weights,
                                    raw_fd_ostream &os) {
  Expected<std::optional<uint64_t>> patched = patchObject(object, weights);
  if (!patched)
    return patched.takeError();
  os.write(object.data(), object.size());
  if (!patched->has_value())
    return Error::success();
  const uint64_t start = patched->value();
  uint64_t position = object.size();
  for (const WeightSegment &segment : weights.segments) {
    if (segment.bytes.empty())
      continue;
    uint64_t offset = start + segment.offset;
    writeZeros(os, position, offset, /*isLast=*/false);
    os.write(segment.bytes.data(), segment.bytes.size());
    position = offset + segment.bytes.size();
  }
  writeZeros(os, position, start + weights.size, /*isLast=*/true);
  return Error::success();
}
