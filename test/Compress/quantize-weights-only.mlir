// RUN: edgec-opt %s --edge-quantize="activations=f32 weight-bits=4 group=4 keep-float=kept" --canonicalize --split-input-file --verify-diagnostics | FileCheck %s

// Weights alone become integers, with a scale for each four inputs of a column;
// the last group is shorter. No tensor needs a range.
// CHECK-LABEL: func.func @product
// CHECK-NOT: edge.quantize
// CHECK-DAG: %[[W:.+]] = edge.constant {edge.bits = 4 : i64} dense<{{.}}[7, 1], [-7, 7], [0, 2], [1, -3], [7, 7], [-4, 1]]> : tensor<6x2xi8>
// CHECK-DAG: %[[S:.+]] = edge.constant dense<{{.}}[1.000000e+00, 2.000000e+00], [5.000000e-01, 1.000000e+01]]> : tensor<2x2xf32>
// CHECK-DAG: %[[Z:.+]] = edge.constant dense<0> : tensor<2x2xi8>
// CHECK: %[[F:.+]] = edge.dequantize %[[W]], %[[S]], %[[Z]] {block_size = 4 : i64}
// CHECK: edge.matmul %{{.+}}, %[[F]]
// CHECK-NOT: edge.observe
func.func @product(%x: tensor<1x6xf32>) -> tensor<1x2xf32> {
  %w = edge.constant dense<[[7.0, 2.0], [-7.0, 14.0], [0.2, 4.0], [1.0, -6.0], [3.5, 70.0], [-2.0, 10.0]]> : tensor<6x2xf32>
  edge.observe %x {point = 0 : i64} : tensor<1x6xf32>
  %y = edge.matmul %x, %w : (tensor<1x6xf32>, tensor<6x2xf32>) -> tensor<1x2xf32>
  return %y : tensor<1x2xf32>
}

// -----

// Groups are of input channels, for each tap.
// CHECK-LABEL: func.func @conv
// CHECK-DAG: %[[S:.+]] = edge.constant dense<{{.}}{{.}}{{.}}1.000000e+00, 2.000000e+00]{{.}}{{.}}> : tensor<1x1x2xf32>
// CHECK: edge.dequantize %{{.+}}, %[[S]], %{{.+}} {axis = 1 : i64, block_size = 4 : i64}
// CHECK-NOT: edge.quantize
func.func @conv(%x: tensor<1x4x5xf32>) -> tensor<1x1x4xf32> {
  %w = edge.constant dense<[[[127.0, 2.0], [1.0, 254.0], [0.0, -6.0], [-3.0, 0.0]]]> : tensor<1x4x2xf32>
  %b = edge.constant dense<0.3> : tensor<1xf32>
  // expected-remark @+1 {{its weights keep 8 bits: a filter of few inputs is small, and loses most}}
  %y = edge.conv %x, %w, %b {strides = array<i64: 1>, dilations = array<i64: 1>, pads = array<i64: 0, 0>,
    groups = 1 : i64} : (tensor<1x4x5xf32>, tensor<1x4x2xf32>, tensor<1xf32>) -> tensor<1x1x4xf32>
  return %y : tensor<1x1x4xf32>
}

// -----

// With few input channels, a scale for each tap would take as much as the weights;
// and such filters have 8 bits.
// CHECK-LABEL: func.func @few
// CHECK: dense<{{.*}}127{{.*}} : tensor<2x3x2xi8>
// CHECK: edge.dequantize
// CHECK-NOT: block_size
// CHECK: return
func.func @few(%x: tensor<1x3x5xf32>) -> tensor<1x2x4xf32> {
  %w = edge.constant dense<[[[7.0, 2.0], [1.0, 4.0], [0.0, -6.0]], [[1.0, 2.0], [3.0, 4.0], [5.0, 14.0]]]> : tensor<2x3x2xf32>
  // expected-remark @+2 {{its weights keep 8 bits: a filter of few inputs is small, and loses most}}
  // expected-remark @+1 {{'conv' has a scale for each output channel: its taps have 3 input channels, too few for a group}}
  %y = edge.conv %x, %w {strides = array<i64: 1>, dilations = array<i64: 1>, pads = array<i64: 0, 0>,
    groups = 1 : i64} : (tensor<1x3x5xf32>, tensor<2x3x2xf32>) -> tensor<1x2x4xf32>
  return %y : tensor<1x2x4xf32>
}

// -----

// Patches of an image are no first layer: they have as many inputs as products.
// CHECK-LABEL: func.func @patches
// CHECK: edge.constant {edge.bits = 4 : i64} {{.*}} : tensor<1x1x256xi8>
func.func @patches(%x: tensor<1x1x512xf32>) -> tensor<1x1x2xf32> {
  %w = edge.constant dense<7.0> : tensor<1x1x256xf32>
  // expected-remark @+1 {{'conv' has a scale for each output channel: its taps have 1 input channels, too few for a group}}
  %y = edge.conv %x, %w {strides = array<i64: 256>, dilations = array<i64: 1>, pads = array<i64: 0, 0>,
    groups = 1 : i64} : (tensor<1x1x512xf32>, tensor<1x1x256xf32>) -> tensor<1x1x2xf32>
  return %y : tensor<1x1x2xf32>
}

// -----

// A group that has all inputs of a channel is the channel. Depthwise filters and
// named layers stay.
// CHECK-LABEL: func.func @stays
// CHECK: %[[D:.+]] = edge.constant {{.+}} : tensor<2x1x1xf32>
// CHECK: edge.conv %{{.+}}, %[[D]]
// CHECK: %[[F:.+]] = edge.dequantize %{{.+}}, %{{.+}}, %{{.+}} {axis = 1 : i64}
// CHECK: edge.matmul %{{.+}}, %[[F]]
// CHECK-NOT: edge.dequantize
// CHECK: return
func.func @stays(%x: tensor<1x2x5xf32>, %v: tensor<1x2xf32>) -> (tensor<1x2x5xf32>, tensor<1x2xf32>, tensor<1x2xf32>) {
  %filter = edge.constant dense<[[[1.5]], [[2.0]]]> : tensor<2x1x1xf32>
  %a = edge.conv %x, %filter {strides = array<i64: 1>, dilations = array<i64: 1>, pads = array<i64: 0, 0>,
    groups = 2 : i64} : (tensor<1x2x5xf32>, tensor<2x1x1xf32>) -> tensor<1x2x5xf32>
  %w = edge.constant dense<[[1.0, 2.0], [3.0, 4.0]]> : tensor<2x2xf32>
  %b = edge.matmul %v, %w : (tensor<1x2xf32>, tensor<2x2xf32>) -> tensor<1x2xf32>
  %c = edge.matmul %v, %w : (tensor<1x2xf32>, tensor<2x2xf32>) -> tensor<1x2xf32> loc("kept")
  return %a, %b, %c : tensor<1x2x5xf32>, tensor<1x2xf32>, tensor<1x2xf32>
}
