// RUN: edgec-opt --edge-layout --edge-fold-constants --canonicalize --split-input-file %s | FileCheck %s
// RUN: edgec-opt --edge-layout --edge-to-kernel --split-input-file %s | FileCheck %s --check-prefix=KERNEL

// A depthwise convolution comes before the shuffle, with its filters in the
// order of the channels before it. The grouped convolution
// behind it reads a window of one channel from each of the three groups.

// CHECK-LABEL: func.func @depthwise
// CHECK-SAME: %[[X:.*]]: tensor<1x4x4x6xf32>
// CHECK: %[[W:.*]] = edge.constant dense<{{\[\[\[\[}}1.000000e+00]]], {{\[\[\[}}4.000000e+00]]], {{\[\[\[}}2.000000e+00]]], {{\[\[\[}}5.000000e+00]]], {{\[\[\[}}3.000000e+00]]], {{\[\[\[}}6.000000e+00]]]]>
// CHECK: %[[D:.*]] = edge.conv %[[X]], %[[W]] {{.*}}groups = 6
// CHECK: %[[R:.*]] = edge.relu %[[D]]
// CHECK: edge.reshape %[[R]]
// CHECK: edge.transpose

// KERNEL-DAG: #[[$A:.*]] = affine_map<(d0, d1, d2, d3, d4, d5, d6, d7, d8) -> (d1, d2 + d5, d3 + d6, d7 * 2 + d0 + d8)>
// KERNEL-DAG: #[[$B:.*]] = affine_map<(d0, d1, d2, d3, d4, d5, d6, d7, d8) -> (d0 * 2 + d4, d7 + d8, d5, d6)>
// KERNEL-LABEL: func.func @depthwise
// KERNEL: kernel.depthwise
// KERNEL: %[[R:.*]] = edge.relu
// KERNEL: kernel.contract ins(%[[R]],
// KERNEL-SAME: a_map = #[[$A]], {{.*}}b_map = #[[$B]], {{.*}}extents = array<i64: 2, 1, 4, 4, 2, 1, 1, 3, 1>
func.func @depthwise(%x: tensor<1x4x4x6xf32>) -> tensor<1x4x4x4xf32> {
  %w = edge.constant dense<[[[[1.0]]], [[[2.0]]], [[[3.0]]], [[[4.0]]], [[[5.0]]], [[[6.0]]]]> : tensor<6x1x1x1xf32>
  %v = edge.constant dense<1.0> : tensor<4x3x1x1xf32>
  %0 = edge.reshape %x : (tensor<1x4x4x6xf32>) -> tensor<1x4x4x3x2xf32>
  %1 = edge.transpose %0 {permutation = array<i64: 0, 1, 2, 4, 3>} : (tensor<1x4x4x3x2xf32>) -> tensor<1x4x4x2x3xf32>
  %2 = edge.reshape %1 : (tensor<1x4x4x2x3xf32>) -> tensor<1x4x4x6xf32>
  %d = edge.conv %2, %w {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, pads = array<i64: 0, 0, 0, 0>, groups = 6 : i64, layout = #edge.layout<nhwc>}
      : (tensor<1x4x4x6xf32>, tensor<6x1x1x1xf32>) -> tensor<1x4x4x6xf32>
  %r = edge.relu %d : tensor<1x4x4x6xf32>
  %y = edge.conv %r, %v {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, pads = array<i64: 0, 0, 0, 0>, groups = 2 : i64, layout = #edge.layout<nhwc>}
      : (tensor<1x4x4x6xf32>, tensor<4x3x1x1xf32>) -> tensor<1x4x4x4xf32>
  return %y : tensor<1x4x4x4xf32>
}

// -----

// All channels: the filter's move.

// CHECK-LABEL: func.func @dense
// CHECK-SAME: %[[X:.*]]: tensor<1x2x2x4xf32>
// CHECK: %[[W:.*]] = edge.constant dense<{{\[\[\[\[}}1.000000e+00]], {{\[\[}}3.000000e+00]], {{\[\[}}2.000000e+00]], {{\[\[}}4.000000e+00]]]]>
// CHECK-NOT: edge.transpose
// CHECK: edge.conv %[[X]], %[[W]]
func.func @dense(%x: tensor<1x2x2x4xf32>) -> tensor<1x2x2x1xf32> {
  %w = edge.constant dense<[[[[1.0]], [[2.0]], [[3.0]], [[4.0]]]]> : tensor<1x4x1x1xf32>
  %0 = edge.reshape %x : (tensor<1x2x2x4xf32>) -> tensor<1x2x2x2x2xf32>
  %1 = edge.transpose %0 {permutation = array<i64: 0, 1, 2, 4, 3>} : (tensor<1x2x2x2x2xf32>) -> tensor<1x2x2x2x2xf32>
  %2 = edge.reshape %1 : (tensor<1x2x2x2x2xf32>) -> tensor<1x2x2x4xf32>
  %y = edge.conv %2, %w {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, pads = array<i64: 0, 0, 0, 0>, groups = 1 : i64, layout = #edge.layout<nhwc>}
      : (tensor<1x2x2x4xf32>, tensor<1x4x1x1xf32>) -> tensor<1x2x2x1xf32>
  return %y : tensor<1x2x2x1xf32>
}

// -----

// Somebody else reads the shuffled tensor: the depthwise convolution stays
// behind it. Filters that are not constant would move at run time.

// CHECK-LABEL: func.func @stays
// CHECK: edge.transpose
// CHECK: %[[S:.*]] = edge.reshape
// CHECK: edge.conv %[[S]],
// CHECK: edge.transpose
// CHECK: %[[T:.*]] = edge.reshape
// CHECK: edge.conv %[[T]],
func.func @stays(%x: tensor<1x2x2x4xf32>, %v: tensor<4x1x1x1xf32>) -> (tensor<1x2x2x4xf32>, tensor<1x2x2x4xf32>, tensor<1x2x2x4xf32>) {
  %w = edge.constant dense<2.0> : tensor<4x1x1x1xf32>
  %0 = edge.reshape %x : (tensor<1x2x2x4xf32>) -> tensor<1x2x2x2x2xf32>
  %1 = edge.transpose %0 {permutation = array<i64: 0, 1, 2, 4, 3>} : (tensor<1x2x2x2x2xf32>) -> tensor<1x2x2x2x2xf32>
  %2 = edge.reshape %1 : (tensor<1x2x2x2x2xf32>) -> tensor<1x2x2x4xf32>
  %y = edge.conv %2, %w {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, pads = array<i64: 0, 0, 0, 0>, groups = 4 : i64, layout = #edge.layout<nhwc>}
      : (tensor<1x2x2x4xf32>, tensor<4x1x1x1xf32>) -> tensor<1x2x2x4xf32>
  %a = edge.abs %x : tensor<1x2x2x4xf32>
  %3 = edge.reshape %a : (tensor<1x2x2x4xf32>) -> tensor<1x2x2x2x2xf32>
  %4 = edge.transpose %3 {permutation = array<i64: 0, 1, 2, 4, 3>} : (tensor<1x2x2x2x2xf32>) -> tensor<1x2x2x2x2xf32>
  %5 = edge.reshape %4 : (tensor<1x2x2x2x2xf32>) -> tensor<1x2x2x4xf32>
  %z = edge.conv %5, %v {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, pads = array<i64: 0, 0, 0, 0>, groups = 4 : i64, layout = #edge.layout<nhwc>}
      : (tensor<1x2x2x4xf32>, tensor<4x1x1x1xf32>) -> tensor<1x2x2x4xf32>
  return %2, %y, %z : tensor<1x2x2x4xf32>, tensor<1x2x2x4xf32>, tensor<1x2x2x4xf32>
}
