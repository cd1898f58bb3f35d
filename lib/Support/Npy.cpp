//===- Npy.cpp - NumPy's array format -------------------------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "edgec/Support/TensorFile.h"
#include "llvm/ADT/StringSwitch.h"
#include "llvm/Support/Endian.h"
#include "llvm/Support/MathExtras.h"
#include "llvm/Support/SwapByteOrder.h"
#include <algorithm>
#include <cstring>
#include <fmt/format.h>

using namespace edgec;
using namespace llvm;

static_assert(sys::IsLittleEndianHost, "elements are kept in host byte order, "
                                       "which the files' code takes as little");

namespace {

constexpr StringLiteral npyMagic("\x93NUMPY");
constexpr int64_t maximumRank = 64; // NumPy's own limit.

struct Header {
  ElementType type = ElementType::F32;
  bool bigEndian = false;
  bool fortranOrder = false;
  std::vector<int64_t> shape;
};

/// Reads the header's Python dictionary literal:
/// {'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }
class HeaderParser {
public:
  explicit HeaderParser(StringRef text) : rest(text) {}

  Expected<Header> parse() {
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
  Header header;
  bool sawDescr = false, sawOrder = false, sawShape = false;
};

/// Splits `bytes` into header and data; the data's length is not checked yet.
Expected<Header> readHeader(StringRef &bytes) {
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
  Expected<Header> header = HeaderParser(bytes.take_front(length)).parse();
  bytes = bytes.drop_front(length);
  return header;
}

void swapBytes(Tensor &tensor) {
  size_t step = byteSize(tensor.type());
  char *data = tensor.mutableBytes();
  for (int64_t i = 0, count = tensor.size(); i < count; ++i)
    std::reverse(data + i * step, data + (i + 1) * step);
}

/// Elements in Fortran order (first axis fastest) to C order.
void copyFromFortranOrder(const char *from, Tensor &tensor) {
  size_t step = byteSize(tensor.type());
  size_t rank = tensor.rank();
  std::vector<int64_t> strides(rank), index(rank);
  int64_t stride = 1;
  for (size_t axis = 0; axis < rank; ++axis) {
    strides[axis] = stride;
    stride *= tensor.dim(axis);
  }
  int64_t source = 0;
  char *to = tensor.mutableBytes();
  for (int64_t i = 0, count = tensor.size(); i < count; ++i) {
    std::memcpy(to + i * step, from + source * step, step);
    for (size_t axis = rank; axis-- > 0;) {
      source += strides[axis];
      if (++index[axis] < tensor.dim(axis))
        break;
      source -= strides[axis] * index[axis];
      index[axis] = 0;
    }
  }
}

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

Expected<Tensor> edgec::parseNpy(StringRef bytes) {
  Expected<Header> header = readHeader(bytes);
  if (!header)
    return header.takeError();
  Expected<int64_t> count =
      checkedElementCount(header->type, header->shape, bytes.size());
  if (!count)
    return count.takeError();

  Tensor tensor(header->type, header->shape);
  if (*count == 0)
    return tensor;
  if (header->fortranOrder)
    copyFromFortranOrder(bytes.data(), tensor);
  else
    std::memcpy(tensor.mutableBytes(), bytes.data(), tensor.byteCount());
  if (header->bigEndian)
    swapBytes(tensor);
  normaliseBooleans(tensor);
  return tensor;
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
