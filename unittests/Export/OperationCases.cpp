//===- OperationCases.cpp - Functions of every operation ----------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "OperationCases.h"

using namespace edgec::testing;

namespace {

constexpr const char *f23 = "tensor<2x3xf32>";
constexpr const char *image = "tensor<1x4x5x6xf32>";

const OperationCase operations[] = {
    // Constants and control flow.
    {{f23},
     f23,
     "%w = edge.parameter \"w\" dense<[1.0, 2.0, 3.0]> : tensor<3xf32>\n"
     "%c = edge.constant dense<0.5> : tensor<f32>\n"
     "%a = edge.mul %x, %w : (tensor<2x3xf32>, tensor<3xf32>) -> "
     "tensor<2x3xf32>\n"
     "%r = edge.mul %a, %c : (tensor<2x3xf32>, tensor<f32>) -> "
     "tensor<2x3xf32>"},
    {{f23, "tensor<i1>"},
     f23,
     "%r = edge.if %y : (tensor<i1>) -> tensor<2x3xf32> {\n"
     "  %a = edge.relu %x : tensor<2x3xf32>\n"
     "  edge.yield %a : tensor<2x3xf32>\n"
     "} else {\n"
     "  edge.yield %x : tensor<2x3xf32>\n"
     "}"},
    {{f23, "tensor<i1>"},
     f23,
     "%n = edge.constant dense<3> : tensor<i64>\n"
     "%r = edge.loop %n, %y, %x : (tensor<i64>, tensor<i1>, tensor<2x3xf32>) "
     "-> tensor<2x3xf32> {\n"
     "^bb0(%i: tensor<i64>, %c: tensor<2x3xf32>):\n"
     "  %f = edge.cast %i : (tensor<i64>) -> tensor<f32>\n"
     "  %s = edge.add %c, %f : (tensor<2x3xf32>, tensor<f32>) -> "
     "tensor<2x3xf32>\n"
     "  edge.yield %y, %s : tensor<i1>, tensor<2x3xf32>\n"
     "}"},
    {{f23},
     "tensor<3x2x3xf32>",
     "%n = edge.constant dense<3> : tensor<i64>\n"
     "%t = edge.constant dense<true> : tensor<i1>\n"
     "%l, %r = edge.loop %n, %t, %x : (tensor<i64>, tensor<i1>, "
     "tensor<2x3xf32>) -> (tensor<2x3xf32>, tensor<3x2x3xf32>) {\n"
     "^bb0(%i: tensor<i64>, %c: tensor<2x3xf32>):\n"
     "  %s = edge.add %c, %c : (tensor<2x3xf32>, tensor<2x3xf32>) -> "
     "tensor<2x3xf32>\n"
     "  edge.yield %t, %s, %c : tensor<i1>, tensor<2x3xf32>, tensor<2x3xf32>\n"
     "}"},
    // Elements by index.
    {{f23},
     f23,
     "%i = edge.iota {axis = 1 : i64} : tensor<2x3xf32>\n"
     "%r = edge.add %x, %i : (tensor<2x3xf32>, tensor<2x3xf32>) -> "
     "tensor<2x3xf32>"},
    {{f23, "tensor<2x2xi64>"},
     "tensor<2x2xf32>",
     "%r = edge.gather_elements %x, %y {axis = 1 : i64} : (tensor<2x3xf32>, "
     "tensor<2x2xi64>) -> tensor<2x2xf32>"},
    {{"tensor<2x5x3xf32>", "tensor<2x2x1xi64>"},
     "tensor<2x2x3xf32>",
     "%r = edge.gather_nd %x, %y {batch_dims = 1 : i64} : "
     "(tensor<2x5x3xf32>, tensor<2x2x1xi64>) -> tensor<2x2x3xf32>"},
    {{"tensor<2x5xf32>", "tensor<2x3xi64>", f23},
     "tensor<2x5xf32>",
     "%r = edge.scatter_elements <add> %x, %y, %z {axis = 1 : i64} : "
     "(tensor<2x5xf32>, tensor<2x3xi64>, tensor<2x3xf32>) -> "
     "tensor<2x5xf32>"},
    {{"tensor<2x5xf32>", "tensor<2x3xi64>", f23},
     "tensor<2x5xf32>",
     "%r = edge.scatter_elements <assign> %x, %y, %z {axis = 1 : i64} : "
     "(tensor<2x5xf32>, tensor<2x3xi64>, tensor<2x3xf32>) -> "
     "tensor<2x5xf32>"},
    {{"tensor<5x3xf32>", "tensor<2x1xi64>", f23},
     "tensor<5x3xf32>",
     "%r = edge.scatter_nd <assign> %x, %y, %z : (tensor<5x3xf32>, "
     "tensor<2x1xi64>, tensor<2x3xf32>) -> tensor<5x3xf32>"},
    {{"tensor<5x3xf32>", "tensor<2x1xi64>", f23},
     "tensor<5x3xf32>",
     "%r = edge.scatter_nd <max> %x, %y, %z : (tensor<5x3xf32>, "
     "tensor<2x1xi64>, tensor<2x3xf32>) -> tensor<5x3xf32>"},
    {{f23},
     "tensor<2x2xi64>",
     "%v, %r = edge.top_k %x {k = 2 : i64, axis = 1 : i64, largest = false} "
     ": (tensor<2x3xf32>) -> (tensor<2x2xf32>, tensor<2x2xi64>)"},
    {{f23},
     f23,
     "%r = edge.cumulative_sum %x {axis = 1 : i64, exclusive, reverse} : "
     "(tensor<2x3xf32>) -> tensor<2x3xf32>"},
    {{"tensor<4xi8>"},
     "tensor<4xi8>",
     "%r = edge.cumulative_sum %x {axis = 0 : i64} : (tensor<4xi8>) -> "
     "tensor<4xi8>"},
    // Results as large as the data say, by their extent.
    {{f23},
     "tensor<i64>",
     "%i, %r = edge.non_zero %x : (tensor<2x3xf32>) -> (tensor<2x6xi64>, "
     "tensor<i64>)"},
    {{f23, "tensor<3xi1>"},
     "tensor<i64>",
     "%v, %r = edge.compress %x, %y {axis = 1 : i64} : (tensor<2x3xf32>, "
     "tensor<3xi1>) -> (tensor<2x3xf32>, tensor<i64>)"},
    {{"tensor<7xi64>"},
     "tensor<i64>",
     "%v, %i, %j, %n, %r = edge.unique %x {sorted} : (tensor<7xi64>) -> "
     "(tensor<7xi64>, tensor<7xi64>, tensor<7xi64>, tensor<7xi64>, "
     "tensor<i64>)"},
    {{"tensor<1x6x4xf32>", "tensor<1x2x6xf32>"},
     "tensor<i64>",
     "%m = edge.constant dense<9> : tensor<i64>\n"
     "%t = edge.constant dense<0.2> : tensor<f32>\n"
     "%s, %r = edge.non_max_suppression %x, %y, %m, %t, %t {bound = 3 : i64} "
     ": (tensor<1x6x4xf32>, tensor<1x2x6xf32>, tensor<i64>, tensor<f32>, "
     "tensor<f32>) -> (tensor<6x3xi64>, tensor<i64>)"},
    // Convolutions.
    {{image, "tensor<6x2x3x3xf32>", "tensor<6xf32>"},
     "tensor<1x6x2x3xf32>",
     "%r = edge.conv %x, %y, %z {strides = array<i64: 2, 2>, dilations = "
     "array<i64: 1, 1>, pads = array<i64: 0, 1, 1, 1>, groups = 2 : i64} : "
     "(tensor<1x4x5x6xf32>, tensor<6x2x3x3xf32>, tensor<6xf32>) -> "
     "tensor<1x6x2x3xf32>"},
    {{"tensor<1x2x5xui8>", "tensor<3x2x2xi8>", "tensor<3xi32>"},
     "tensor<1x3x4xi32>",
     "%r = edge.conv %x, %y, %z {strides = array<i64: 1>, dilations = "
     "array<i64: 1>, pads = array<i64: 0, 0>, groups = 1 : i64} : "
     "(tensor<1x2x5xui8>, tensor<3x2x2xi8>, tensor<3xi32>) -> "
     "tensor<1x3x4xi32>"},
    {{"tensor<1x3x4x4xf32>", "tensor<3x2x3x3xf32>"},
     "tensor<1x2x8x7xf32>",
     "%r = edge.conv_transpose %x, %y {strides = array<i64: 2, 2>, dilations = "
     "array<i64: 1, 1>, pads = array<i64: 1, 1, 0, 1>, groups = 1 : i64} : "
     "(tensor<1x3x4x4xf32>, tensor<3x2x3x3xf32>) -> tensor<1x2x8x7xf32>"},
    {{"tensor<1x3x4xf32>", "tensor<3x2x3xf32>"},
     "tensor<1x2x10xf32>",
     "%r = edge.conv_transpose %x, %y {strides = array<i64: 2>, dilations = "
     "array<i64: 1>, pads = array<i64: 0, -1>, groups = 1 : i64} : "
     "(tensor<1x3x4xf32>, tensor<3x2x3xf32>) -> tensor<1x2x10xf32>"},
    // Matrix products.
    {{"tensor<4x2xf32>", "tensor<3x4xf32>"},
     f23,
     "%r = edge.matmul %x, %y {transpose_lhs, transpose_rhs} : "
     "(tensor<4x2xf32>, tensor<3x4xf32>) -> tensor<2x3xf32>"},
    {{"tensor<5x2x4xf32>", "tensor<5x3x4xf32>"},
     "tensor<5x2x3xf32>",
     "%r = edge.matmul %x, %y {transpose_rhs} : (tensor<5x2x4xf32>, "
     "tensor<5x3x4xf32>) -> tensor<5x2x3xf32>"},
    {{"tensor<2x4xui8>", "tensor<4x3xi8>"},
     "tensor<2x3xi32>",
     "%r = edge.matmul %x, %y : (tensor<2x4xui8>, tensor<4x3xi8>) -> "
     "tensor<2x3xi32>"},
    // Normalisations.
    {{image, "tensor<4xf32>", "tensor<4xf32>"},
     image,
     "%v = edge.constant dense<2.0> : tensor<4xf32>\n"
     "%r = edge.batch_norm %x, %y, %z, %y, %v {epsilon = 1.0e-3 : f64} : "
     "(tensor<1x4x5x6xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, "
     "tensor<4xf32>) -> tensor<1x4x5x6xf32>",
     1e-6},
    {{f23, "tensor<1xf32>", "tensor<3xf32>"},
     f23,
     "%r = edge.layer_norm %x, %y, %z {axis = 1 : i64, epsilon = "
     "9.9999997473787516e-06 : f64} : (tensor<2x3xf32>, tensor<1xf32>, "
     "tensor<3xf32>) -> tensor<2x3xf32>"},
    {{image},
     image,
     "%r = edge.lrn %x {size = 3 : i64, alpha = 0.5 : f64, beta = 0.75 : f64, "
     "bias = 1.0 : f64} : (tensor<1x4x5x6xf32>) -> tensor<1x4x5x6xf32>"},
    // Quantization.
    {{f23},
     f23,
     "%s = edge.constant dense<0.25> : tensor<f32>\n"
     "%n = edge.constant dense<3> : tensor<i8>\n"
     "%q = edge.quantize %x, %s, %n : (tensor<2x3xf32>, tensor<f32>, "
     "tensor<i8>) -> tensor<2x3xi8>\n"
     "%r = edge.dequantize %q, %s, %n : (tensor<2x3xi8>, tensor<f32>, "
     "tensor<i8>) -> tensor<2x3xf32>"},
    {{f23},
     "tensor<2x3xui16>",
     "%s = edge.constant dense<[0.25, 0.5]> : tensor<2xf32>\n"
     "%n = edge.constant dense<[3, 4000]> : tensor<2xui16>\n"
     "%r = edge.quantize %x, %s, %n {axis = 0 : i64} : (tensor<2x3xf32>, "
     "tensor<2xf32>, tensor<2xui16>) -> tensor<2x3xui16>"},
    // Pooling.
    {{image},
     "tensor<1x4x3x3xf32>",
     "%r = edge.max_pool %x {kernel = array<i64: 2, 2>, strides = array<i64: "
     "2, 2>, dilations = array<i64: 1, 2>, pads = array<i64: 0, 1, 1, 0>} : "
     "(tensor<1x4x5x6xf32>) -> tensor<1x4x3x3xf32>"},
    {{image},
     "tensor<1x4x3x3xf32>",
     "%r = edge.average_pool %x {kernel = array<i64: 3, 2>, strides = "
     "array<i64: 2, 2>, dilations = array<i64: 1, 1>, pads = array<i64: 0, 0, "
     "2, 0>, count_include_pad, ceil_pads = array<i64: 1, 0>} : "
     "(tensor<1x4x5x6xf32>) -> tensor<1x4x3x3xf32>"},
    {{image},
     "tensor<1x4x3x3xf32>",
     "%r = edge.average_pool %x {kernel = array<i64: 3, 2>, strides = "
     "array<i64: 2, 2>, dilations = array<i64: 1, 1>, pads = array<i64: 1, 0, "
     "1, 0>, ceil_pads = array<i64: 0, 0>} : (tensor<1x4x5x6xf32>) -> "
     "tensor<1x4x3x3xf32>"},
    // Reductions.
    {{"tensor<2x3x4xf32>"},
     f23,
     "%r = edge.reduce <log_sum_exp> %x {axes = array<i64: 2>, keep_dims = "
     "false} : (tensor<2x3x4xf32>) -> tensor<2x3xf32>"},
    {{"tensor<2x3x4xf32>"},
     "tensor<1x3x1xf32>",
     "%r = edge.reduce <sum> %x {axes = array<i64: 0, 2>, keep_dims = true} : "
     "(tensor<2x3x4xf32>) -> tensor<1x3x1xf32>"},
    {{f23},
     f23,
     "%r = edge.reduce <l2> %x {axes = array<i64>, keep_dims = true} : "
     "(tensor<2x3xf32>) -> tensor<2x3xf32>"},
    {{f23},
     "tensor<2xi64>",
     "%r = edge.arg_reduce <min> %x {axis = 1 : i64, keep_dims = false, "
     "select_last} : (tensor<2x3xf32>) -> tensor<2xi64>"},
    {{f23},
     f23,
     "%r = edge.softmax %x {axis = 0 : i64, log} : (tensor<2x3xf32>) -> "
     "tensor<2x3xf32>"},
    // Shapes.
    {{f23},
     "tensor<6xf32>",
     "%r = edge.reshape %x : (tensor<2x3xf32>) -> tensor<6xf32>"},
    {{"tensor<1x1xf32>"},
     "tensor<f32>",
     "%r = edge.reshape %x : (tensor<1x1xf32>) -> tensor<f32>"},
    {{"tensor<2x0xf32>"},
     "tensor<0x7xf32>",
     "%r = edge.reshape %x : (tensor<2x0xf32>) -> tensor<0x7xf32>"},
    {{f23},
     "tensor<3x2xf32>",
     "%r = edge.transpose %x {permutation = array<i64: 1, 0>} : "
     "(tensor<2x3xf32>) -> tensor<3x2xf32>"},
    {{"tensor<3xf32>"},
     f23,
     "%r = edge.broadcast %x : (tensor<3xf32>) -> tensor<2x3xf32>"},
    {{f23, "tensor<2x1xf32>"},
     "tensor<2x4xf32>",
     "%r = edge.concat %x, %y {axis = 1 : i64} : (tensor<2x3xf32>, "
     "tensor<2x1xf32>) -> tensor<2x4xf32>"},
    {{"tensor<4x5x2xf32>"},
     "tensor<2x5x2xf32>",
     "%r = edge.slice %x {starts = array<i64: 1, 4, 0>, sizes = array<i64: 2, "
     "5, 2>, steps = array<i64: 2, -1, 1>} : (tensor<4x5x2xf32>) -> "
     "tensor<2x5x2xf32>"},
    {{f23},
     "tensor<0x3xf32>",
     "%r = edge.slice %x {starts = array<i64: 0, 0>, sizes = array<i64: 0, 3>, "
     "steps = array<i64: 1, 1>} : (tensor<2x3xf32>) -> tensor<0x3xf32>"},
    {{f23, "tensor<f32>"},
     "tensor<3x3xf32>",
     "%r = edge.pad %x, %y {low = array<i64: 1, -1>, high = array<i64: 0, 1>} "
     ": (tensor<2x3xf32>, tensor<f32>) -> tensor<3x3xf32>"},
    {{f23},
     "tensor<2x5xf32>",
     "%r = edge.pad %x {low = array<i64: 0, 2>, high = array<i64: 0, 0>, mode "
     "= #edge.pad_mode<reflect>} : (tensor<2x3xf32>) -> tensor<2x5xf32>"},
    {{"tensor<5x3xf32>", "tensor<2xi64>"},
     f23,
     "%r = edge.gather %x, %y {axis = 0 : i64} : (tensor<5x3xf32>, "
     "tensor<2xi64>) -> tensor<2x3xf32>"},
    {{"tensor<1x1x4x4xf32>"},
     "tensor<1x1x7x8xf32>",
     "%r = edge.resize %x {scales = array<f64: 1.0, 1.0, 1.75, 2.0>, mode = "
     "#edge.resize_mode<cubic>, coordinates = #edge.coordinates<half_pixel>, "
     "cubic_coefficient = -0.5 : f64, exclude_outside} : "
     "(tensor<1x1x4x4xf32>) -> tensor<1x1x7x8xf32>"},
    {{"tensor<6xf32>"},
     "tensor<4xf32>",
     "%r = edge.resize %x {scales = array<f64: 0.66666666666666663>, mode = "
     "#edge.resize_mode<nearest>, coordinates = "
     "#edge.coordinates<tf_half_pixel_for_nn>, nearest_mode = "
     "#edge.nearest_mode<floor>} : (tensor<6xf32>) -> tensor<4xf32>"},
    {{"tensor<1x6xf32>"},
     "tensor<1x4xf32>",
     "%r = edge.resize %x {scales = array<f64: 1.0, 0.66666666666666663>, "
     "mode = #edge.resize_mode<linear>, coordinates = "
     "#edge.coordinates<tf_crop_and_resize>, roi = array<f64: 0.0, 0.25, 1.0, "
     "1.5>, extrapolation = 5.0 : f64} : (tensor<1x6xf32>) -> "
     "tensor<1x4xf32>"},
    // Sampling.
    {{"tensor<2x3x4x5xf32>", "tensor<2x6x7x2xf32>"},
     "tensor<2x3x6x7xf32>",
     "%r = edge.grid_sample %x, %y {mode = #edge.resize_mode<cubic>, padding = "
     "#edge.grid_padding<reflection>, align_corners} : (tensor<2x3x4x5xf32>, "
     "tensor<2x6x7x2xf32>) -> tensor<2x3x6x7xf32>"},
    {{"tensor<1x2x6x6xf32>", "tensor<3x4xf32>"},
     "tensor<3x2x2x3xf32>",
     "%b = edge.constant dense<0> : tensor<3xi64>\n"
     "%r = edge.roi_align <avg> %x, %y, %b {height = 2 : i64, width = 3 : i64, "
     "sampling_ratio = 2 : i64, spatial_scale = 2.0 : f64, half_pixel} : "
     "(tensor<1x2x6x6xf32>, tensor<3x4xf32>, tensor<3xi64>) -> "
     "tensor<3x2x2x3xf32>"},
    {{"tensor<2x3x3xf32>"},
     "tensor<2xf32>",
     "%r = edge.det %x : (tensor<2x3x3xf32>) -> tensor<2xf32>"},
    {{"tensor<1x2x5x4xf32>"},
     "tensor<1x2x2x2xi64>",
     "%m, %r = edge.max_pool_with_indices %x {kernel = array<i64: 3, 2>, "
     "strides = array<i64: 2, 2>, dilations = array<i64: 1, 1>, pads = "
     "array<i64: 0, 0, 0, 0>, column_major} : (tensor<1x2x5x4xf32>) -> "
     "(tensor<1x2x2x2xf32>, tensor<1x2x2x2xi64>)"},
    // Elementwise operations with something of their own.
    {{f23, "tensor<3xf32>"},
     f23,
     "%r = edge.prelu %x, %y : (tensor<2x3xf32>, tensor<3xf32>) -> "
     "tensor<2x3xf32>"},
    {{"tensor<3xf32>", f23},
     f23,
     "%r = edge.prelu %x, %y : (tensor<3xf32>, tensor<2x3xf32>) -> "
     "tensor<2x3xf32>"},
    {{f23, f23},
     f23,
     "%r = edge.mod %x, %y {fmod} : (tensor<2x3xf32>, tensor<2x3xf32>) -> "
     "tensor<2x3xf32>"},
    {{f23},
     f23,
     "%n = edge.constant dense<2> : tensor<i64>\n"
     "%r = edge.pow %x, %n : (tensor<2x3xf32>, tensor<i64>) -> "
     "tensor<2x3xf32>"},
    {{"tensor<2x3xi1>", f23, "tensor<f32>"},
     f23,
     "%r = edge.select %x, %y, %z : (tensor<2x3xi1>, tensor<2x3xf32>, "
     "tensor<f32>) -> tensor<2x3xf32>"},
    {{"tensor<2x3xi32>"},
     "tensor<2x3xi32>",
     "%r = edge.not %x : tensor<2x3xi32>"},
    {{f23},
     "tensor<2x3xi8>",
     "%r = edge.cast %x : (tensor<2x3xf32>) -> tensor<2x3xi8>"},
    {{"tensor<2x3xi32>"},
     "tensor<2x3xi32>",
     "%r = edge.clamp %x {min = 1.0 : f64, max = 0x7FF0000000000000 : f64} : "
     "tensor<2x3xi32>"},
};

const UnaryCase unaryOperations[] = {
    {"abs"},
    {"neg"},
    {"sign"},
    {"floor"},
    {"ceil"},
    {"round"},
    {"reciprocal"},
    {"sqrt"},
    {"exp"},
    {"log"},
    {"erf"},
    {"sin"},
    {"asin"},
    {"acos"},
    {"atan"},
    {"sinh"},
    {"cosh"},
    {"asinh"},
    {"acosh"},
    {"atanh"},
    {"cos"},
    {"tanh"},
    {"relu"},
    {"sigmoid"},
    {"softplus"},
    {"softsign"},
    {"hard_swish"},
    {"mish", "", 1e-6},
    {"leaky_relu", " {alpha = 0.25 : f64}"},
    {"elu", " {alpha = 0.5 : f64}"},
    {"celu", " {alpha = 0.5 : f64}"},
    {"selu", " {alpha = 0.5 : f64, gamma = 2.0 : f64}"},
    {"thresholded_relu", " {alpha = 0.5 : f64}"},
    {"hard_sigmoid", " {alpha = 0.25 : f64, beta = 0.5 : f64}"},
    {"gelu", "", 1e-6},
    {"gelu", " {approximate_tanh}", 1e-6},
    {"clamp", " {min = -1.0 : f64, max = 1.5 : f64}"},
};

} // namespace

llvm::ArrayRef<OperationCase> edgec::testing::operationCases() {
  return operations;
}

llvm::ArrayRef<UnaryCase> edgec::testing::unaryCases() {
  return unaryOperations;
}
