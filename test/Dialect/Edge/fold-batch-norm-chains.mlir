// RUN: edgec-opt %s --edge-fold-batch-norm --split-input-file | FileCheck %s

// (x W + 3) * 2 - 1 = x (2 W) + 5: the transposed filter's channels come first.
// CHECK-LABEL: func.func @matmul
// CHECK-DAG: %[[W:.+]] = edge.constant dense<{{\[\[}}2.000000e+00, 4.000000e+00], [6.000000e+00, 8.000000e+00], [1.000000e+01, 1.200000e+01]]>
// CHECK-DAG: %[[B:.+]] = edge.constant dense<5.000000e+00> : tensor<3xf32>
// CHECK: %[[Y:.+]] = edge.matmul %{{.+}}, %[[W]]
// CHECK-NEXT: %[[Z:.+]] = edge.add %[[Y]], %[[B]]
// CHECK-NEXT: return %[[Z]]
func.func @matmul(%x: tensor<4x2xf32>) -> tensor<4x3xf32> {
  %w = edge.constant dense<[[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]> : tensor<3x2xf32>
  %three = edge.constant dense<3.0> : tensor<3xf32>
  %two = edge.constant dense<2.0> : tensor<f32>
  %one = edge.constant dense<1.0> : tensor<1x3xf32>
  %a = edge.matmul %x, %w {transpose_rhs} : (tensor<4x2xf32>, tensor<3x2xf32>) -> tensor<4x3xf32>
  %b = edge.add %a, %three : (tensor<4x3xf32>, tensor<3xf32>) -> tensor<4x3xf32>
  %c = edge.mul %b, %two : (tensor<4x3xf32>, tensor<f32>) -> tensor<4x3xf32>
  %d = edge.sub %c, %one : (tensor<4x3xf32>, tensor<1x3xf32>) -> tensor<4x3xf32>
  return %d : tensor<4x3xf32>
}

// -----

// A matrix product has no bias to add to.
// CHECK-LABEL: func.func @matmul_add
// CHECK: edge.matmul
// CHECK-NEXT: edge.add %{{.+}}, %{{.+}}
func.func @matmul_add(%x: tensor<4x2xf32>) -> tensor<4x1xf32> {
  %w = edge.constant dense<[[1.0], [2.0]]> : tensor<2x1xf32>
  %three = edge.constant dense<3.0> : tensor<1xf32>
  %a = edge.matmul %x, %w : (tensor<4x2xf32>, tensor<2x1xf32>) -> tensor<4x1xf32>
  %b = edge.add %a, %three : (tensor<4x1xf32>, tensor<1xf32>) -> tensor<4x1xf32>
  return %b : tensor<4x1xf32>
}

// -----

// 1 - x / 4, channels last.
// CHECK-LABEL: func.func @nhwc
// CHECK-DAG: %[[W:.+]] = edge.constant dense<{{\[\[\[}}-2.500000e-01]], {{\[\[}}-5.000000e-01]]]> : tensor<2x1x1xf32>
// CHECK-DAG: %[[B:.+]] = edge.constant dense<1.000000e+00> : tensor<2xf32>
// CHECK: %[[Y:.+]] = edge.conv %{{.+}}, %[[W]], %[[B]]
// CHECK-NEXT: return %[[Y]]
func.func @nhwc(%x: tensor<1x4x1xf32>) -> tensor<1x4x2xf32> {
  %w = edge.constant dense<[[[1.0]], [[2.0]]]> : tensor<2x1x1xf32>
  %four = edge.constant dense<4.0> : tensor<2xf32>
  %one = edge.constant dense<1.0> : tensor<1x1x1xf32>
  %a = edge.conv %x, %w {strides = array<i64: 1>, dilations = array<i64: 1>,
      pads = array<i64: 0, 0>, groups = 1 : i64, layout = #edge.layout<nhwc>}
      : (tensor<1x4x1xf32>, tensor<2x1x1xf32>) -> tensor<1x4x2xf32>
  %b = edge.div %a, %four : (tensor<1x4x2xf32>, tensor<2xf32>) -> tensor<1x4x2xf32>
  %c = edge.sub %one, %b : (tensor<1x1x1xf32>, tensor<1x4x2xf32>) -> tensor<1x4x2xf32>
  return %c : tensor<1x4x2xf32>
}

// -----

// The constant varies along the width, not along the channels.
// CHECK-LABEL: func.func @other_axis
// CHECK: edge.conv
// CHECK: edge.mul
func.func @other_axis(%x: tensor<1x1x2xf32>) -> tensor<1x2x2xf32> {
  %w = edge.constant dense<1.0> : tensor<2x1x1xf32>
  %s = edge.constant dense<[2.0, 3.0]> : tensor<2xf32>
  %a = edge.conv %x, %w {strides = array<i64: 1>, dilations = array<i64: 1>,
      pads = array<i64: 0, 0>, groups = 1 : i64}
      : (tensor<1x1x2xf32>, tensor<2x1x1xf32>) -> tensor<1x2x2xf32>
  %b = edge.mul %a, %s : (tensor<1x2x2xf32>, tensor<2xf32>) -> tensor<1x2x2xf32>
  return %b : tensor<1x2x2xf32>
}

// -----

// The convolution's own result is needed too.
// CHECK-LABEL: func.func @two_uses
// CHECK: %[[Y:.+]] = edge.conv
// CHECK: %[[Z:.+]] = edge.mul %[[Y]]
// CHECK: return %[[Y]], %[[Z]]
func.func @two_uses(%x: tensor<1x1x2xf32>) -> (tensor<1x1x2xf32>, tensor<1x1x2xf32>) {
  %w = edge.constant dense<1.0> : tensor<1x1x1xf32>
  %s = edge.constant dense<2.0> : tensor<f32>
  %a = edge.conv %x, %w {strides = array<i64: 1>, dilations = array<i64: 1>,
      pads = array<i64: 0, 0>, groups = 1 : i64}
      : (tensor<1x1x2xf32>, tensor<1x1x1xf32>) -> tensor<1x1x2xf32>
  %b = edge.mul %a, %s : (tensor<1x1x2xf32>, tensor<f32>) -> tensor<1x1x2xf32>
  return %a, %b : tensor<1x1x2xf32>, tensor<1x1x2xf32>
}

// -----

// 3e38 * 1e10 is no float: the layer stays as it is.
// CHECK-LABEL: func.func @overflow
// CHECK: edge.conv
// CHECK: edge.mul
func.func @overflow(%x: tensor<1x1x2xf32>) -> tensor<1x1x2xf32> {
  %w = edge.constant dense<3.0e38> : tensor<1x1x1xf32>
  %s = edge.constant dense<1.0e10> : tensor<f32>
  %a = edge.conv %x, %w {strides = array<i64: 1>, dilations = array<i64: 1>,
      pads = array<i64: 0, 0>, groups = 1 : i64}
      : (tensor<1x1x2xf32>, tensor<1x1x1xf32>) -> tensor<1x1x2xf32>
  %b = edge.mul %a, %s : (tensor<1x1x2xf32>, tensor<f32>) -> tensor<1x1x2xf32>
  return %b : tensor<1x1x2xf32>
}

// -----

// A splat of a terabyte is not written out.
// CHECK-LABEL: func.func @huge
// CHECK: edge.matmul
// CHECK: edge.mul
func.func @huge(%x: tensor<1x2xf32>) -> tensor<1x137438953472xf32> {
  %w = edge.constant dense<1.0> : tensor<2x137438953472xf32>
  %s = edge.constant dense<2.0> : tensor<f32>
  %a = edge.matmul %x, %w : (tensor<1x2xf32>, tensor<2x137438953472xf32>) -> tensor<1x137438953472xf32>
  %b = edge.mul %a, %s : (tensor<1x137438953472xf32>, tensor<f32>) -> tensor<1x137438953472xf32>
  return %b : tensor<1x137438953472xf32>
}
