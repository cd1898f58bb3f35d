//===- DamagedNodesTest.cpp - Nodes that are not quite valid --------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// An example of each operator with one thing that is wrong, or unusual: an
// attribute that is left out or has another value, an input that is left out or
// has another shape. Each is refused with a reason, or gives a valid module.
//
//===----------------------------------------------------------------------===//

#include "ExampleModel.h"
#include "TestModels.h"
#include "mlir/IR/Verifier.h"
#include <cmath>
#include <limits>

using namespace edgec;
using namespace edgec::testing;

namespace {

constexpr int64_t least = std::numeric_limits<int64_t>::min();
constexpr int64_t most = std::numeric_limits<int64_t>::max();

/// What operators read; others mention that they do not know it.
constexpr llvm::StringLiteral attributeNames =
    "activation activation_alpha activation_beta activation_params "
    "activations align_corners allowzero alpha antialias approximate "
    "auto_pad axes axis batch_axis batch_dims beta bias bits block_size "
    "blocksize body broadcast ceil_mode center_point_box channels_last clip "
    "coordinate_transformation_mode count_include_pad cubic_coeff_a "
    "detect_negative detect_positive dilations direction do_rotary dtype "
    "else_branch end ends epsilon equation exclude_outside exclusive "
    "extrapolation_value fmod gamma group height_scale hidden_size "
    "ignore_index input_forget interleaved inverse is_causal "
    "is_packed_batching k keep_aspect_ratio_policy keepdims kernel_shape "
    "kv_num_heads lambd largest layout linear_before_reset "
    "mask_filter_value max max_gram_length max_skip_count min "
    "min_gram_length mode nearest_mode ngram_counts ngram_indexes "
    "noop_with_empty_axes num_groups num_heads num_outputs num_scan_inputs "
    "offset_group onesided output_datatype output_dtype output_height "
    "output_shape output_width p padding_mode pads "
    "past_present_share_buffer periodic perm pool_int64s pool_strings "
    "pooled_shape q_num_heads qk_matmul_output_mode qkv_hidden_sizes "
    "reduction reverse rotary_embedding_dim sampling_ratio scale scales "
    "select_last_index shape size softcap sorted spatial spatial_scale "
    "split start starts storage_order strides then_branch time_axis to "
    "training_mode transA transB transBatchA transBatchB unidirectional "
    "upper value value_float value_floats value_int value_ints weights "
    "width_scale K N value_string ";

using Attribute = onnx::AttributeProto;

/// Attributes of all types with values that are hardly ever right.
std::vector<Attribute> unusualAttributes(llvm::StringRef name) {
  std::vector<Attribute> attributes;
  auto add = [&](Attribute::AttributeType type) -> Attribute & {
    Attribute &attribute = attributes.emplace_back();
    attribute.set_name(name.str());
    attribute.set_type(type);
    return attribute;
  };
  for (int64_t value : {least, int64_t{-1}, int64_t{0}, int64_t{1}, int64_t{3},
                        int64_t{1} << 31, most})
    add(Attribute::INT).set_i(value);
  for (float value : {0.0f, -1.0f, 1e30f, NAN, INFINITY})
    add(Attribute::FLOAT).set_f(value);
  for (const char *value : {"", "x"})
    add(Attribute::STRING).set_s(value);
  for (const std::vector<int64_t> &values : {std::vector<int64_t>(),
                                             {0},
                                             {-1},
                                             {most},
                                             {1, 0},
                                             {2, 1},
                                             {0, 0, 0},
                                             {1, 1, 1, 1},
                                             {least, most, least, most}}) {
    Attribute &attribute = add(Attribute::INTS);
    for (int64_t value : values)
      attribute.add_ints(value);
  }
  for (const std::vector<float> &values :
       {std::vector<float>(), {NAN}, {1, 2, 3}}) {
    Attribute &attribute = add(Attribute::FLOATS);
    for (float value : values)
      attribute.add_floats(value);
  }
  add(Attribute::STRINGS).add_strings("x");
  add(Attribute::TENSOR);
  add(Attribute::GRAPH);
  return attributes;
}

std::vector<std::vector<int64_t>> unusualShapes(std::vector<int64_t> shape) {
  std::vector<std::vector<int64_t>> shapes = {
      {}, {0}, {1}, {7}, {2, 3}, {1, 0, 2}, {1, 1, 1, 1, 1, 1, 1}};
  std::vector<int64_t> longer = shape;
  longer.insert(longer.begin(), 2);
  shapes.push_back(longer);
  for (size_t dim = 0; dim < shape.size(); ++dim)
    for (int64_t extent : {int64_t{0}, shape[dim] + 1}) {
      shapes.push_back(shape);
      shapes.back()[dim] = extent;
    }
  return shapes;
}

class DamagedNodesTest : public ImportTest {
protected:
  /// Whether it is taken.
  bool check(const onnx::ModelProto &model) {
    messages.clear();
    auto module = importBytes(model.SerializeAsString());
    if (module)
      EXPECT_TRUE(mlir::succeeded(mlir::verify(*module))) << text(model);
    else
      EXPECT_FALSE(messages.empty()) << text(model);
    return bool(module);
  }

  static std::string text(const onnx::ModelProto &model) {
    return model.graph().ShortDebugString();
  }

  void damageAttributes(const onnx::ModelProto &valid) {
    const onnx::NodeProto &node = valid.graph().node(0);
    for (int i = 0; i < node.attribute_size(); ++i) {
      onnx::ModelProto model = valid;
      model.mutable_graph()
          ->mutable_node(0)
          ->mutable_attribute()
          ->DeleteSubrange(i, 1);
      check(model);
    }
    llvm::SmallVector<llvm::StringRef> names;
    attributeNames.split(names, ' ', -1, /*KeepEmpty=*/false);
    for (llvm::StringRef name : names) {
      onnx::ModelProto model = valid;
      onnx::NodeProto &damaged = *model.mutable_graph()->mutable_node(0);
      auto *attributes = damaged.mutable_attribute();
      attributes->erase(llvm::remove_if(*attributes,
                                        [&](const Attribute &attribute) {
                                          return attribute.name() == name;
                                        }),
                        attributes->end());
      Attribute &added = *damaged.add_attribute();
      for (const Attribute &unusual : unusualAttributes(name)) {
        added = unusual;
        check(model);
        if (messages.find("is not known") != std::string::npos)
          break;
      }
    }
  }

  void damageInputs(const ImportedOperator &row,
                    const OperatorExample &example) {
    const std::vector<ExampleInput> inputs = parseInputs(example);
    std::vector<ElementType> types = usualTypes(row, inputs.size());
    auto checkInputs = [&](llvm::ArrayRef<ExampleInput> damaged) {
      types.resize(damaged.size(), ElementType::F32);
      check(makeModel(row, example, damaged, types).first);
    };
    for (size_t i = 0; i < inputs.size(); ++i) {
      checkInputs(llvm::ArrayRef(inputs).take_front(i));
      std::vector<ExampleInput> damaged = inputs;
      damaged[i].isThere = false;
      checkInputs(damaged);
      for (const std::vector<double> &values : {std::vector<double>(),
                                                {0},
                                                {-1},
                                                {1},
                                                {2},
                                                {100},
                                                {0x1p62},
                                                {-0x1p63},
                                                {0, 1, 0, 1}}) {
        damaged = inputs;
        damaged[i].values = values;
        checkInputs(damaged);
      }
      for (const std::vector<int64_t> &shape : unusualShapes(inputs[i].shape))
        for (const std::vector<double> &values :
             {inputs[i].values, {}, {0}, {2}}) {
          damaged[i].values = values;
          damaged[i].shape = shape;
          checkInputs(damaged);
        }
    }
    std::vector<ExampleInput> more = inputs;
    more.resize(inputs.size() + 1);
    checkInputs(more);
  }
};

TEST_F(DamagedNodesTest, AttributesAreRefusedOrTaken) {
  forEachExample(
      [&](const ImportedOperator &row, const OperatorExample &example) {
        std::vector<ExampleInput> inputs = parseInputs(example);
        auto [model, arguments] =
            makeModel(row, example, inputs, usualTypes(row, inputs.size()));
        EXPECT_TRUE(check(model)) << messages;
        damageAttributes(model);
      });
}

TEST_F(DamagedNodesTest, InputsAreRefusedOrTaken) {
  forEachExample(
      [&](const ImportedOperator &row, const OperatorExample &example) {
        damageInputs(row, example);
      });
}

} // namespace
