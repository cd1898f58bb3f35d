// RUN: edgec-opt %s --edge-quantize=weight-bits=4 | FileCheck %s

// Nine weights a channel are too few to gain from, and too few to lose.
// CHECK-LABEL: func.func @depthwise
// CHECK: edge.constant dense<{{.*}}127{{.*}}> : tensor<2x1x1x1xi8>
func.func @depthwise(%x: tensor<1x2x1x1xf32>) -> tensor<1x2x1x1xf32> {
  %w = edge.constant dense<[[[[1.0]]], [[[-0.5]]]]> : tensor<2x1x1x1xf32>
  edge.observe %x {point = 0 : i64, low = 0.0 : f32, high = 2.55 : f32} : tensor<1x2x1x1xf32>
  %y = edge.conv %x, %w {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, pads = array<i64: 0, 0, 0, 0>, groups = 2 : i64}
      : (tensor<1x2x1x1xf32>, tensor<2x1x1x1xf32>) -> tensor<1x2x1x1xf32> loc("first")
  return %y : tensor<1x2x1x1xf32>
}
