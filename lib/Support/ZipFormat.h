//===- ZipFormat.h - Numbers of the zip format ------------------*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT; the numbers in
// parentheses are its sections.
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_LIB_SUPPORT_ZIPFORMAT_H
#define EDGEC_LIB_SUPPORT_ZIPFORMAT_H

#include <cstddef>
#include <cstdint>

namespace edgec::zip {

constexpr uint32_t localHeaderMagic = 0x04034b50;  // (4.3.7)
constexpr uint32_t directoryMagic = 0x02014b50;    // (4.3.12)
constexpr uint32_t endMagic = 0x06054b50;          // (4.3.16)
constexpr uint32_t end64Magic = 0x06064b50;        // (4.3.14)
constexpr uint32_t end64LocatorMagic = 0x07064b50; // (4.3.15)
constexpr size_t localHeaderSize = 30, directorySize = 46, endSize = 22;
constexpr size_t end64Size = 56, end64LocatorSize = 20;
constexpr uint16_t methodStored = 0, methodDeflated = 8;
constexpr uint16_t flagEncrypted = 1;

} // namespace edgec::zip

#endif // EDGEC_LIB_SUPPORT_ZIPFORMAT_H
