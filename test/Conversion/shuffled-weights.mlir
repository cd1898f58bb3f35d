// RUN: edgec-opt --edge-layout --edge-to-kernel --split-input-file %s | FileCheck %s
// RUN: edgec-opt --edge-layout --edge-fold-constants=fold-low-bits=false --edge-pack-weights --edge-to-kernel --split-input-file %s \
// RUN:   | FileCheck %s --check-prefix=DENSE

// Weights of few bits whose channels a shuffle moves: the integers change
// places, and stay integers of few bits.

// A grouped convolution reads windows of the channels before the shuffle. Scales
// of output channels stay with them.

// CHECK-DAG: #[[$B:.*]] = affine_map<(d0, d1, d2, d3, d4, d5, d6, d7, d8) -> (d0 * 2 + d4, d7 + d8, d5, d6)>
// CHECK-DAG: #[[$SCALE:.*]] = affine_map<(d0, d1, d2, d3, d4, d5, d6, d7, d8) -> (d0 * 2 + d4)>
// CHECK-LABEL: func.func @windows
// CHECK: %[[W:.*]] = edge.concat {{.*}}tensor<4x3x1x1xi8>
// CHECK: kernel.contract ins(%{{.*}}, %[[W]] : tensor<1x4x4x6xf32>, tensor<4x3x1x1xi8>)
// CHECK-SAME: b_bits = 4
// CHECK-SAME: b_map = #[[$B]]
// CHECK-SAME: extra_maps = [#[[$SCALE]]]
func.func @windows(%x: tensor<1x4x4x6xf32>) -> tensor<1x4x4x4xf32> {
  %p = edge.constant dense<[33, 67, 101, 135, 169, 203]> : tensor<6xui8>
  %i = edge.unpack %p {bits = 4 : i64} : (tensor<6xui8>) -> tensor<4x3x1x1xi8>
  %s = edge.constant dense<[0.5, 1.0, 2.0, 4.0]> : tensor<4xf32>
  %z = edge.constant dense<0> : tensor<i8>
  %w = edge.dequantize %i, %s, %z {axis = 0 : i64} : (tensor<4x3x1x1xi8>, tensor<4xf32>, tensor<i8>) -> tensor<4x3x1x1xf32>
  %0 = edge.reshape %x : (tensor<1x4x4x6xf32>) -> tensor<1x4x4x3x2xf32>
  %1 = edge.transpose %0 {permutation = array<i64: 0, 1, 2, 4, 3>} : (tensor<1x4x4x3x2xf32>) -> tensor<1x4x4x2x3xf32>
  %2 = edge.reshape %1 : (tensor<1x4x4x2x3xf32>) -> tensor<1x4x4x6xf32>
  %y = edge.conv %2, %w {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, pads = array<i64: 0, 0, 0, 0>, groups = 2 : i64, layout = #edge.layout<nhwc>}
      : (tensor<1x4x4x6xf32>, tensor<4x3x1x1xf32>) -> tensor<1x4x4x4xf32>
  return %y : tensor<1x4x4x4xf32>
}

// -----

// With sums of bytes, windows of 7 channels become those of 8 that are taken out
// of bytes at once: the second one begins a channel earlier.

// CHECK-DAG: #[[$WIDE:.*]] = affine_map<(d0, d1, d2, d3, d4, d5, d6, d7, d8) -> (d1, d2 + d5, d3 + d6, d7 * 14 + d0 * 6 + d8)>
// CHECK-LABEL: func.func @wide
// CHECK: kernel.contract
// CHECK-SAME: a_map = #[[$WIDE]]
// CHECK-SAME: accumulator = i32, b_bits = 4
// CHECK-SAME: extents = array<i64: 2, 1, 2, 2, 1, 1, 1, 2, 8>
func.func @wide(%x: tensor<1x2x2x28xi8>) -> tensor<1x2x2x2xi32> {
  %p = edge.constant dense<18> : tensor<14xui8>
  %w = edge.unpack %p {bits = 4 : i64} : (tensor<14xui8>) -> tensor<2x14x1x1xi8>
  %0 = edge.reshape %x : (tensor<1x2x2x28xi8>) -> tensor<1x2x2x2x14xi8>
  %1 = edge.transpose %0 {permutation = array<i64: 0, 1, 2, 4, 3>} : (tensor<1x2x2x2x14xi8>) -> tensor<1x2x2x14x2xi8>
  %2 = edge.reshape %1 : (tensor<1x2x2x14x2xi8>) -> tensor<1x2x2x28xi8>
  %y = edge.conv %2, %w {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, pads = array<i64: 0, 0, 0, 0>, groups = 2 : i64, layout = #edge.layout<nhwc>}
      : (tensor<1x2x2x28xi8>, tensor<2x14x1x1xi8>) -> tensor<1x2x2x2xi32>
  return %y : tensor<1x2x2x2xi32>
}

// -----

// Too many zeros would make windows of 3 those of 16: how such are packed depends
// on the target.

// CHECK-LABEL: func.func @narrow
// CHECK: kernel.contract
// CHECK-SAME: accumulator = i32, b_bits = 2
// CHECK-SAME: extents = array<i64: 2, 1, 4, 4, 2, 1, 1, 3, 1>
func.func @narrow(%x: tensor<1x4x4x6xi8>) -> tensor<1x4x4x4xi32> {
  %p = edge.constant dense<[33, 67, 101]> : tensor<3xui8>
  %w = edge.unpack %p {bits = 2 : i64} : (tensor<3xui8>) -> tensor<4x3x1x1xi8>
  %0 = edge.reshape %x : (tensor<1x4x4x6xi8>) -> tensor<1x4x4x3x2xi8>
  %1 = edge.transpose %0 {permutation = array<i64: 0, 1, 2, 4, 3>} : (tensor<1x4x4x3x2xi8>) -> tensor<1x4x4x2x3xi8>
  %2 = edge.reshape %1 : (tensor<1x4x4x2x3xi8>) -> tensor<1x4x4x6xi8>
  %y = edge.conv %2, %w {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, pads = array<i64: 0, 0, 0, 0>, groups = 2 : i64, layout = #edge.layout<nhwc>}
      : (tensor<1x4x4x6xi8>, tensor<4x3x1x1xi8>) -> tensor<1x4x4x4xi32>
  return %y : tensor<1x4x4x4xi32>
}

// -----

// All channels: the integers move, and the scales stay.

// DENSE-LABEL: func.func @dense
// DENSE-SAME: %[[X:.*]]: tensor<1x2x2x4xf32>
// DENSE: %[[W:.*]] = edge.constant dense<{{\[\[\[\[}}1]], {{\[\[}}3]], {{\[\[}}2]], {{\[\[}}4]]], {{\[\[\[}}5]], {{\[\[}}7]], {{\[\[}}6]], {{\[\[}}-8]]]]> : tensor<2x4x1x1xi8>
// DENSE: kernel.contract ins(%[[X]], %[[W]] :
// DENSE-SAME: b_bits = 4
func.func @dense(%x: tensor<1x2x2x4xf32>) -> tensor<1x2x2x2xf32> {
  %i = edge.constant dense<[[[[1]], [[2]], [[3]], [[4]]], [[[5]], [[6]], [[7]], [[-8]]]]> : tensor<2x4x1x1xi8>
  %s = edge.constant dense<[0.5, 2.0]> : tensor<2xf32>
  %z = edge.constant dense<0> : tensor<i8>
  %w = edge.dequantize %i, %s, %z {axis = 0 : i64} : (tensor<2x4x1x1xi8>, tensor<2xf32>, tensor<i8>) -> tensor<2x4x1x1xf32>
  %0 = edge.reshape %x : (tensor<1x2x2x4xf32>) -> tensor<1x2x2x2x2xf32>
  %1 = edge.transpose %0 {permutation = array<i64: 0, 1, 2, 4, 3>} : (tensor<1x2x2x2x2xf32>) -> tensor<1x2x2x2x2xf32>
  %2 = edge.reshape %1 : (tensor<1x2x2x2x2xf32>) -> tensor<1x2x2x4xf32>
  %y = edge.conv %2, %w {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, pads = array<i64: 0, 0, 0, 0>, groups = 1 : i64, layout = #edge.layout<nhwc>}
      : (tensor<1x2x2x4xf32>, tensor<2x4x1x1xf32>) -> tensor<1x2x2x2xf32>
  return %y : tensor<1x2x2x2xf32>
}

// -----

// Channels that share scales cannot change places: the shuffle is computed.

// CHECK-LABEL: func.func @blocks
// CHECK: edge.transpose %{{.*}} {permutation = array<i64: 0, 1, 2, 4, 3>}
// CHECK: kernel.contract {{.*}}b_bits = 8{{.*}}b_group = 4
func.func @blocks(%x: tensor<1x2x2x8xf32>) -> tensor<1x2x2x1xf32> {
  %i = edge.constant dense<[[[[1]], [[2]], [[3]], [[4]], [[5]], [[6]], [[7]], [[-8]]]]> : tensor<1x8x1x1xi8>
  %s = edge.constant dense<[[[[0.5]], [[2.0]]]]> : tensor<1x2x1x1xf32>
  %z = edge.constant dense<0> : tensor<1x2x1x1xi8>
  %w = edge.dequantize %i, %s, %z {axis = 1 : i64, block_size = 4 : i64} : (tensor<1x8x1x1xi8>, tensor<1x2x1x1xf32>, tensor<1x2x1x1xi8>) -> tensor<1x8x1x1xf32>
  %0 = edge.reshape %x : (tensor<1x2x2x8xf32>) -> tensor<1x2x2x2x4xf32>
  %1 = edge.transpose %0 {permutation = array<i64: 0, 1, 2, 4, 3>} : (tensor<1x2x2x2x4xf32>) -> tensor<1x2x2x4x2xf32>
  %2 = edge.reshape %1 : (tensor<1x2x2x4x2xf32>) -> tensor<1x2x2x8xf32>
  %y = edge.conv %2, %w {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, pads = array<i64: 0, 0, 0, 0>, groups = 1 : i64, layout = #edge.layout<nhwc>}
      : (tensor<1x2x2x8xf32>, tensor<1x8x1x1xf32>) -> tensor<1x2x2x1xf32>
  return %y : tensor<1x2x2x1xf32>
}
