// RUN: edgec-opt %s --edge-fold-batch-norm | FileCheck %s

// scale = [4, 4] / sqrt([3, 15] + 1) = [2, 1], shift = [0.5, 0] - [1, 0] * scale.
// CHECK-LABEL: func.func @conv
// CHECK-SAME: (%[[X:.+]]: tensor
// CHECK-DAG: %[[W:.+]] = edge.constant dense<2.000000e+00> : tensor<2x1x1x1xf32>
// CHECK-DAG: %[[B:.+]] = edge.constant dense<[5.000000e-01, 1.000000e+00]> : tensor<2xf32>
// CHECK-NEXT: %[[Y:.+]] = edge.conv %[[X]], %[[W]], %[[B]]
// CHECK-NEXT: return %[[Y]]
func.func @conv(%x: tensor<1x1x4x4xf32>) -> tensor<1x2x4x4xf32> {
  %w = edge.constant dense<[[[[1.0]]], [[[2.0]]]]> : tensor<2x1x1x1xf32>
  %b = edge.constant dense<1.0> : tensor<2xf32>
  %scale = edge.constant dense<4.0> : tensor<2xf32>
  %bias = edge.constant dense<[0.5, 0.0]> : tensor<2xf32>
  %mean = edge.constant dense<[1.0, 0.0]> : tensor<2xf32>
  %variance = edge.constant dense<[3.0, 15.0]> : tensor<2xf32>
  %y = edge.conv %x, %w, %b {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>,
      pads = array<i64: 0, 0, 0, 0>, groups = 1 : i64}
      : (tensor<1x1x4x4xf32>, tensor<2x1x1x1xf32>, tensor<2xf32>) -> tensor<1x2x4x4xf32>
  %z = edge.batch_norm %y, %scale, %bias, %mean, %variance {epsilon = 1.0}
      : (tensor<1x2x4x4xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>)
      -> tensor<1x2x4x4xf32>
  return %z : tensor<1x2x4x4xf32>
}

// A normalisation of something else becomes a multiplication and an addition.
// CHECK-LABEL: func.func @alone
// CHECK-SAME: (%[[X:.+]]: tensor
// CHECK-DAG: %[[S:.+]] = edge.constant dense<{{\[\[\[}}2.000000e+00]], {{\[\[}}1.000000e+00]]]> : tensor<2x1x1xf32>
// CHECK-DAG: %[[T:.+]] = edge.constant dense<{{\[\[\[}}-1.500000e+00]], {{\[\[}}0.000000e+00]]]> : tensor<2x1x1xf32>
// CHECK: %[[M:.+]] = edge.mul %[[X]], %[[S]]
// CHECK-NEXT: %[[A:.+]] = edge.add %[[M]], %[[T]]
// CHECK-NEXT: return %[[A]]
func.func @alone(%x: tensor<1x2x4x4xf32>) -> tensor<1x2x4x4xf32> {
  %scale = edge.constant dense<4.0> : tensor<2xf32>
  %bias = edge.constant dense<[0.5, 0.0]> : tensor<2xf32>
  %mean = edge.constant dense<[1.0, 0.0]> : tensor<2xf32>
  %variance = edge.constant dense<[3.0, 15.0]> : tensor<2xf32>
  %z = edge.batch_norm %x, %scale, %bias, %mean, %variance {epsilon = 1.0}
      : (tensor<1x2x4x4xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>)
      -> tensor<1x2x4x4xf32>
  return %z : tensor<1x2x4x4xf32>
}
