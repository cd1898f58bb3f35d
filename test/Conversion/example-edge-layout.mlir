// RUN: edgec-opt %s --edge-layout | FileCheck %s

// The convolution gets its channels last; the transpose behind it moves down.
// CHECK-LABEL: func.func @conv_relu
// CHECK-SAME: %[[X:.*]]: tensor<1x8x6x6xf32>
// CHECK: %[[T:.*]] = edge.transpose %[[X]] {permutation = array<i64: 0, 2, 3, 1>}
// CHECK: %[[Y:.*]] = edge.conv %[[T]], {{.*}}layout = #edge.layout<nhwc>{{.*}} -> tensor<1x6x6x4xf32>
// CHECK: %[[Z:.*]] = edge.relu %[[Y]] : tensor<1x6x6x4xf32>
// CHECK: %[[R:.*]] = edge.transpose %[[Z]] {permutation = array<i64: 0, 3, 1, 2>}
// CHECK: return %[[R]]
func.func @conv_relu(%x: tensor<1x8x6x6xf32>, %w: tensor<4x8x1x1xf32>) -> tensor<1x4x6x6xf32> {
  %y = edge.conv %x, %w {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, pads = array<i64: 0, 0, 0, 0>, groups = 1 : i64}
      : (tensor<1x8x6x6xf32>, tensor<4x8x1x1xf32>) -> tensor<1x4x6x6xf32>
  %z = edge.relu %y : tensor<1x4x6x6xf32>
  return %z : tensor<1x4x6x6xf32>
}
