//===- Npy.cpp - NumPy's array format -------------------------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "NpyHeader.h"
#include "edgec/Support/TensorFile.h"
#include "llvm/ADT/StringSwitch.h"
#include "llvm/Support/Endian.h"
#include "llvm/Support/MathExtras.h"
#include "llvm/Support/SwapByteOrder.h"
#include <fmt/format.h>

using namespace edgec;
using namespace llvm;

static_assert(sys::IsLittleEndianHost, "elements are kept in host byte order, "
                                       "which the files' code takes as little");

namespace {

constexpr StringLiteral npyMagic("\x93NUMPY");
constexpr int64_t maximumRank = 64; // NumPy's own limit.

/// Reads the header's Python dictionary literal:
/// {'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }
class HeaderParser {
public:
  explicit HeaderParser(StringRef text) : rest(text) {}

  Expected<NpyLayout> parse() {
    if (!eat("{"))
      return malformed("a '{'");
    while (!eat("}")) {
      if (Error error = parseEntry())
        return std::move(error);
      if (!eat(",") && !startsWith("}"))
        return malformed("a ',' or '}'");
    }
    if (!sawDescr || !sawOrder || !sawShape)
      return createStringError(
          "the .npy header lacks one of descr, fortran_order and shape");
    return header;
  }

private:
  Error parseEntry() {
    StringRef key;
    if (!eatString(key) || !eat(":"))
      return malformed("a key and ':'");
    if (key == "descr")
      return parseDescr();
    if (key == "fortran_order")
      return parseOrder();
    if (key == "shape")
      return parseShape();
    return createStringError("unknown key '" + key + "' in the .npy header");
  }

  Error parseDescr() {
    StringRef descr;
    if (!eatString(descr))
      return createStringError("records are not supported: the .npy file must "
                               "hold numbers of one type");
    sawDescr = true;
    std::optional<ElementType> type =
        StringSwitch<std::optional<ElementType>>(descr.ltrim("<>|="))
            .Case("f4", ElementType::F32)
            .Case("f8", ElementType::F64)
            .Case("f2", ElementType::F16)
            .Case("V2", ElementType::BF16)
            .Case("i1", ElementType::I8)
            .Case("i2", ElementType::I16)
            .Case("i4", ElementType::I32)
            .Case("i8", ElementType::I64)
            .Case("u1", ElementType::U8)
            .Case("u2", ElementType::U16)
            .Case("u4", ElementType::U32)
            .Case("u8", ElementType::U64)
            .Case("b1", ElementType::Bool)
            .Default(std::nullopt);
    if (!type)
      return createStringError(
          "elements of type '" + descr +
          "' are not supported; convert them, for example with "
          ".astype('float32')");
    header.type = *type;
    header.bigEndian = descr.starts_with(">");
    return Error::success();
  }

  Error parseOrder() {
    sawOrder = true;
    header.fortranOrder = eat("True");
    if (!header.fortranOrder && !eat("False"))
      return malformed("True or False");
    return Error::success();
  }

  Error parseShape() {
    sawShape = true;
    header.shape.clear();
    if (!eat("("))
      return malformed("a '('");
    while (!eat(")")) {
      int64_t extent;
      rest = rest.ltrim();
      if (rest.consumeInteger(10, extent) || extent < 0)
        return malformed("an extent");
      eat("L"); // Python 2 wrote long integers so.
      header.shape.push_back(extent);
      if (!eat(",") && !startsWith(")"))
        return malformed("a ',' or ')'");
    }
    return Error::success();
  }

  bool startsWith(StringRef token) {
    rest = rest.ltrim();
    return rest.starts_with(token);
  }

  bool eat(StringRef token) {
    rest = rest.ltrim();
    return rest.consume_front(token);
  }

  bool eatString(StringRef &value) {
    rest = rest.ltrim();
    if (rest.empty() || (rest.front() != '\'' && rest.front() != '"'))
      return false;
    size_t end = rest.find(rest.front(), 1);
    if (end == StringRef::npos)
      return false;
    value = rest.slice(1, end);
    rest = rest.drop_front(end + 1);
    return true;
  }

  Error malformed(StringRef expected) {
    return createStringError("malformed .npy header: expected " + expected +
                             " before '" + rest.take_front(20) + "'");
  }

  StringRef rest;
  NpyLayout header;
  bool sawDescr = false, sawOrder = false, sawShape = false;
};

StringRef descrOf(ElementType type) {
  switch (type) {
  case ElementType::F32:
    return "<f4";
  case ElementType::F64:
    return "<f8";
  case ElementType::F16:
    return "<f2";
  case ElementType::BF16:
    return "<V2";
  case ElementType::I8:
    return "|i1";
  case ElementType::I16:
    return "<i2";
  case ElementType::I32:
    return "<i4";
  case ElementType::I64:
    return "<i8";
  case ElementType::U8:
    return "|u1";
  case ElementType::U16:
    return "<u2";
  case ElementType::U32:
    return "<u4";
  case ElementType::U64:
    return "<u8";
  case ElementType::Bool:
    return "|b1";
  }
  llvm_unreachable("unknown element type");
}

} // namespace

Expected<int64_t> edgec::checkedElementCount(ElementType type,
                                             ArrayRef<int64_t> shape,
                                             uint64_t availableBytes) {
  if (static_cast<int64_t>(shape.size()) > maximumRank)
    return createStringError(fmt::format(
        "{} dimensions are too many (at most {})", shape.size(), maximumRank));
  // A zero makes the tensor empty, whatever the other extents multiply to.
  bool empty = is_contained(shape, 0);
  uint64_t available = availableBytes / byteSize(type);
  uint64_t count = 1;
  auto tooShort = [&] {
    return createStringError(fmt::format(
        "the shape {} needs more data than the {} bytes that are there",
        formatShape(shape.vec()), availableBytes));
  };
  for (int64_t extent : shape) {
    if (extent < 0)
      return createStringError(
          fmt::format("the extent {} is negative", extent));
    if (empty)
      continue;
    if (static_cast<uint64_t>(extent) > available / count)
      return tooShort();
    count *= static_cast<uint64_t>(extent);
  }
  // A scalar has no extent, and needs its one element all the same.
  if (!empty && available == 0)
    return tooShort();
  return empty ? 0 : static_cast<int64_t>(count);
}

Expected<NpyLayout> edgec::takeNpyHeader(StringRef &bytes) {
  if (!bytes.consume_front(npyMagic))
    return createStringError("this is not a .npy file (its first bytes are not "
                             "\\x93NUMPY)");
  if (bytes.size() < 2)
    return createStringError("the .npy header is cut off");
  unsigned version = static_cast<uint8_t>(bytes.front());
  if (version < 1 || version > 3)
    return createStringError("version %u of the .npy format is not supported",
                             version);
  bytes = bytes.drop_front(2);

  size_t lengthBytes = version == 1 ? 2 : 4;
  if (bytes.size() < lengthBytes)
    return createStringError("the .npy header is cut off");
  size_t length = version == 1 ? support::endian::read16le(bytes.data())
                               : support::endian::read32le(bytes.data());
  bytes = bytes.drop_front(lengthBytes);
  if (bytes.size() < length)
    return createStringError("the .npy header is cut off");
  Expected<NpyLayout> header = HeaderParser(bytes.take_front(length)).parse();
  bytes = bytes.drop_front(length);
  return header;
}

Expected<Tensor> edgec::parseNpy(StringRef bytes) {
  Expected<NpyReader> reader = NpyReader::open(makeMemoryBytes(bytes));
  if (!reader)
    return reader.takeError();
  return reader->read();
}

void edgec::writeNpy(const Tensor &tensor, raw_ostream &stream) {
  std::string shape;
  for (int64_t extent : tensor.shape())
    shape += fmt::format("{}, ", extent);
  if (tensor.rank() > 1) // (3,) keeps its comma, (3, 4) has none at the end.
    shape.resize(shape.size() - 2);
  else if (tensor.rank() == 1)
    shape.pop_back();
  std::string header =
      fmt::format("{{'descr': '{}', 'fortran_order': False, 'shape': ({}), }}",
                  descrOf(tensor.type()).str(), shape);
  // Magic, version, length and header together are padded to 64 bytes.
  size_t prefix = npyMagic.size() + 4;
  size_t padded = alignTo(prefix + header.size() + 1, 64) - prefix;
  header.resize(padded - 1, ' ');
  header += '\n';

  stream << npyMagic << '\x01' << '\x00';
  char length[2];
  support::endian::write16le(length, header.size());
  stream << StringRef(length, 2) << header;
  stream.write(tensor.bytes(), tensor.byteCount());
}
