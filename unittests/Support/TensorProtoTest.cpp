//===- TensorProtoTest.cpp - ONNX's tensor files --------------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "TestTensors.h"
#include "edgec/Support/TensorFile.h"
#include <onnx/onnx_pb.h>

using namespace edgec;
using namespace llvm;

namespace {

onnx::TensorProto protoOf(onnx::TensorProto::DataType type,
                          std::vector<int64_t> shape) {
  onnx::TensorProto proto;
  proto.set_data_type(type);
  for (int64_t extent : shape)
    proto.add_dims(extent);
  return proto;
}

Tensor parsed(const onnx::TensorProto &proto) {
  Expected<NamedTensor> tensor = parseTensorProto(proto.SerializeAsString());
  if (tensor)
    return std::move(tensor->tensor);
  ADD_FAILURE() << toString(tensor.takeError());
  return Tensor();
}

std::string failure(const onnx::TensorProto &proto) {
  return messageOf(parseTensorProto(proto.SerializeAsString()));
}

TEST(TensorProto, RoundTripsEveryType) {
  for (ElementType type : allTypes) {
    NamedTensor tensor{"x", makeTensor(type, {2, 3})};
    std::string bytes;
    raw_string_ostream stream(bytes);
    cantFail(writeTensorProto(tensor, stream));
    Expected<NamedTensor> read = parseTensorProto(bytes);
    ASSERT_TRUE(static_cast<bool>(read)) << toString(read.takeError());
    EXPECT_EQ(read->name, "x");
    expectSame(read->tensor, tensor.tensor);
  }
}

TEST(TensorProto, ReadsTypedFields) {
  onnx::TensorProto floats = protoOf(onnx::TensorProto::FLOAT, {2});
  floats.add_float_data(1.5f);
  floats.add_float_data(-2.0f);
  expectSame(parsed(floats), tensorOf<float>({2}, {1.5f, -2.0f}));

  onnx::TensorProto doubles = protoOf(onnx::TensorProto::DOUBLE, {});
  doubles.add_double_data(0.1);
  expectSame(parsed(doubles), tensorOf<double>({}, {0.1}));

  onnx::TensorProto bytes = protoOf(onnx::TensorProto::INT8, {2});
  bytes.add_int32_data(-128);
  bytes.add_int32_data(127);
  expectSame(parsed(bytes), tensorOf<int8_t>({2}, {-128, 127}));

  onnx::TensorProto unsignedInts = protoOf(onnx::TensorProto::UINT32, {1});
  unsignedInts.add_uint64_data(0xffffffffu);
  expectSame(parsed(unsignedInts), tensorOf<uint32_t>({1}, {0xffffffffu}));

  onnx::TensorProto longs = protoOf(onnx::TensorProto::INT64, {1});
  longs.add_int64_data(-5);
  expectSame(parsed(longs), tensorOf<int64_t>({1}, {-5}));

  // Half precision travels as bits, booleans as any non-zero number.
  onnx::TensorProto halves = protoOf(onnx::TensorProto::FLOAT16, {1});
  halves.add_int32_data(0x3c00);
  EXPECT_EQ(parsed(halves).asDouble(0), 1.0);
  onnx::TensorProto booleans = protoOf(onnx::TensorProto::BOOL, {2});
  booleans.add_int32_data(1);
  booleans.add_int32_data(0);
  EXPECT_EQ(bytesOf(parsed(booleans)), std::string("\1\0", 2));
}

TEST(TensorProto, SaysWhatIsWrong) {
  onnx::TensorProto missing = protoOf(onnx::TensorProto::FLOAT, {3});
  missing.add_float_data(1);
  EXPECT_NE(failure(missing).find("needs more data"), std::string::npos);

  onnx::TensorProto tooMany = protoOf(onnx::TensorProto::FLOAT, {1});
  tooMany.set_raw_data("12345678");
  EXPECT_NE(failure(tooMany).find("has 8 bytes"), std::string::npos);

  // The values are in a field of another type.
  onnx::TensorProto other = protoOf(onnx::TensorProto::FLOAT, {1});
  other.add_int64_data(1);
  EXPECT_NE(failure(other).find("has 0 values"), std::string::npos);

  EXPECT_NE(failure(protoOf(onnx::TensorProto::FLOAT, {-1})).find("negative"),
            std::string::npos);
  EXPECT_NE(failure(protoOf(onnx::TensorProto::STRING, {1})).find("STRING"),
            std::string::npos);

  onnx::TensorProto huge = protoOf(onnx::TensorProto::FLOAT,
                                   {int64_t(1) << 40, int64_t(1) << 40, 4});
  EXPECT_NE(failure(huge).find("needs more data"), std::string::npos);

  onnx::TensorProto external = protoOf(onnx::TensorProto::FLOAT, {1});
  external.set_data_location(onnx::TensorProto::EXTERNAL);
  EXPECT_NE(failure(external).find("another file"), std::string::npos);

  EXPECT_NE(messageOf(parseTensorProto("not a message")).find("not an ONNX"),
            std::string::npos);
}

} // namespace
