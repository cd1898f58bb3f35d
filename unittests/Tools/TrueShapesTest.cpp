//===- TrueShapesTest.cpp - Outputs of the shape that a run gave them -----===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "edgec/Tools/TrueShapes.h"
#include "gmock/gmock.h"

using namespace edgec;
using ::testing::ElementsAre;

namespace {

Tensor counted(std::vector<int64_t> shape) {
  Tensor tensor(ElementType::I16, std::move(shape));
  for (int64_t i = 0; i < tensor.size(); ++i)
    tensor.mutableData<int16_t>()[i] = static_cast<int16_t>(i);
  return tensor;
}

TEST(TrueShapes, CutTheFirstElementsOfEachDimension) {
  Tensor cut = llvm::cantFail(cutToShape(counted({2, 3, 4}), {2, 1, 3}));
  EXPECT_THAT(cut.shape(), ElementsAre(2, 1, 3));
  EXPECT_THAT(std::vector<int16_t>(cut.data<int16_t>(),
                                   cut.data<int16_t>() + cut.size()),
              ElementsAre(0, 1, 2, 12, 13, 14));
  EXPECT_EQ(llvm::cantFail(cutToShape(counted({2, 3}), {2, 0})).size(), 0);
  EXPECT_EQ(llvm::cantFail(cutToShape(counted({}), {})).size(), 1);
}

TEST(TrueShapes, RefuseMoreThanThereIs) {
  for (std::vector<int64_t> shape :
       {std::vector<int64_t>{3, 3}, {2, -1}, {2}, {2, 3, 1}})
    EXPECT_TRUE(
        llvm::errorToBool(cutToShape(counted({2, 3}), shape).takeError()));
}

/// Returns what it is made with.
class FixedModel : public RunnableModel {
public:
  FixedModel(EntryPointSpec spec, std::vector<Tensor> outputs)
      : spec(std::move(spec)), outputs(std::move(outputs)) {}
  const EntryPointSpec &entryPoint() const override { return spec; }
  llvm::Expected<std::vector<Tensor>> run(llvm::ArrayRef<Tensor>) override {
    return outputs;
  }
  llvm::Error useThreads(size_t) override { return llvm::Error::success(); }

private:
  EntryPointSpec spec;
  std::vector<Tensor> outputs;
};

TEST(TrueShapes, HideTheShapesThemselves) {
  EntryPointSpec spec;
  spec.outputs = {{"y", ElementType::I16, {2, 3}, 2},
                  {"z", ElementType::I16, {1}},
                  {"y_shape", ElementType::I64, {2}}};
  Tensor shape(ElementType::I64, {2});
  shape.mutableData<int64_t>()[0] = 2;
  shape.mutableData<int64_t>()[1] = 1;
  std::vector<Tensor> outputs = {counted({2, 3}), counted({1}), shape};
  auto model = withTrueShapes(std::make_unique<FixedModel>(spec, outputs));
  ASSERT_EQ(model->entryPoint().outputs.size(), 2u);
  EXPECT_EQ(model->entryPoint().outputs[1].name, "z");
  std::vector<Tensor> cut = llvm::cantFail(model->run({}));
  ASSERT_EQ(cut.size(), 2u);
  EXPECT_THAT(cut[0].shape(), ElementsAre(2, 1));
  EXPECT_EQ(cut[0].asInt(1), 3);
}

} // namespace
