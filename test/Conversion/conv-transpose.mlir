// RUN: edgec-opt %s --split-input-file -edge-to-kernel | FileCheck %s
// RUN: edgec-opt %s --split-input-file -edge-kernel-pipeline | FileCheck %s --check-prefix=FUSED

// A kernel that is a multiple of the stride: all phases are one contraction, in
// which they are batch dimensions, and what follows goes into its epilogue.
// CHECK: #[[$A:.+]] = affine_map<(d0, d1, d2, d3, d4, d5, d6, d7, d8) -> (d2, d3 + (d0 + 1) floordiv 2 + d6, d4 + (d1 + 1) floordiv 2 + d7, d8)>
// CHECK: #[[$B:.+]] = affine_map<(d0, d1, d2, d3, d4, d5, d6, d7, d8) -> (d8, d5, d0, d6, d1, d7)>
// CHECK: #[[$C:.+]] = affine_map<(d0, d1, d2, d3, d4, d5, d6, d7, d8) -> (d2, d3 * 2 + d0, d4 * 2 + d1, d5)>
// CHECK-LABEL: @whole
// CHECK-DAG: edge.constant dense<{{\[}}[3, 1], [2, 0]]>
// CHECK: kernel.contract
// CHECK-SAME: a_map = #[[$A]]
// CHECK-SAME: b_map = #[[$B]]
// CHECK-SAME: c_map = #[[$C]]
// CHECK-SAME: extents = array<i64: 2, 2, 1, 5, 7, 3, 2, 2, 4>
// CHECK-SAME: num_batch = 2
// CHECK-NOT: kernel.contract
// FUSED-LABEL: @whole
// FUSED: kernel.contract
// FUSED: arith.maximumf
// FUSED-NOT: linalg.generic
func.func @whole(%x: tensor<1x5x7x4xf32>, %w: tensor<4x3x4x4xf32>) -> tensor<1x10x14x3xf32> {
  %y = edge.conv_transpose %x, %w {strides = array<i64: 2, 2>, dilations = array<i64: 1, 1>,
      pads = array<i64: 1, 1, 1, 1>, groups = 1 : i64, layout = #edge.layout<nhwc>}
      : (tensor<1x5x7x4xf32>, tensor<4x3x4x4xf32>) -> tensor<1x10x14x3xf32>
  %r = edge.relu %y : tensor<1x10x14x3xf32>
  return %r : tensor<1x10x14x3xf32>
}

// -----

// Phases with two taps and with one: contractions that each write a part into
// the result of the one before. What follows must not be fused into the last.
// CHECK-LABEL: @parts
// CHECK: %[[EMPTY:.+]] = tensor.empty
// CHECK: %[[FIRST:.+]] = kernel.contract {{.*}} outs(%[[EMPTY]]
// CHECK-SAME: extents = array<i64: 1, 5, 3, 2, 4>
// CHECK: kernel.contract {{.*}} outs(%[[FIRST]]
// CHECK-SAME: extents = array<i64: 1, 5, 3, 1, 4>
// CHECK-NOT: kernel.contract
// FUSED-LABEL: @parts
// FUSED: kernel.contract
// FUSED: kernel.contract
// FUSED: linalg.generic
// FUSED: arith.maximumf
func.func @parts(%x: tensor<1x5x4xf32>, %w: tensor<4x3x3xf32>) -> tensor<1x10x3xf32> {
  %y = edge.conv_transpose %x, %w {strides = array<i64: 2>, dilations = array<i64: 1>,
      pads = array<i64: 0, 1>, groups = 1 : i64, layout = #edge.layout<nhwc>}
      : (tensor<1x5x4xf32>, tensor<4x3x3xf32>) -> tensor<1x10x3xf32>
  %r = edge.relu %y : tensor<1x10x3xf32>
  return %r : tensor<1x10x3xf32>
}

// -----

// No tap reaches every other element: those are the bias.
// CHECK-LABEL: @gaps
// CHECK: %[[BIAS:.+]] = edge.broadcast %arg2
// CHECK: kernel.contract {{.*}} outs(%[[BIAS]]
func.func @gaps(%x: tensor<1x5x4xf32>, %w: tensor<4x3x1xf32>, %b: tensor<3xf32>) -> tensor<1x9x3xf32> {
  %y = edge.conv_transpose %x, %w, %b {strides = array<i64: 2>, dilations = array<i64: 1>,
      pads = array<i64: 0, 0>, groups = 1 : i64, layout = #edge.layout<nhwc>}
      : (tensor<1x5x4xf32>, tensor<4x3x1xf32>, tensor<3xf32>) -> tensor<1x9x3xf32>
  return %y : tensor<1x9x3xf32>
}
