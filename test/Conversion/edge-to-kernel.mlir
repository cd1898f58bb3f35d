// RUN: edgec-opt --edge-to-kernel --split-input-file %s | FileCheck %s

// The filter stays as it is in the model; its map says where its elements are.

// CHECK-DAG: #[[$A:.*]] = affine_map<(d0, d1, d2, d3, d4, d5, d6) -> (d0, d1 * 2 + d4, d2 + d5 * 3, d6)>
// CHECK-DAG: #[[$B:.*]] = affine_map<(d0, d1, d2, d3, d4, d5, d6) -> (d3, d6, d4, d5)>
// CHECK-DAG: #[[$C:.*]] = affine_map<(d0, d1, d2, d3, d4, d5, d6) -> (d0, d1, d2, d3)>
// CHECK-DAG: #[[$BIAS:.*]] = affine_map<(d0, d1, d2, d3, d4, d5, d6) -> (d3)>
// CHECK-LABEL: func.func @conv
// CHECK-SAME: %[[X:.*]]: tensor<1x9x9x4xf32>, %[[W:.*]]: tensor<8x4x3x2xf32>, %[[BIASES:.*]]: tensor<8xf32>
// CHECK: %[[P:.*]] = tensor.pad %[[X]] low[0, 1, 0, 0] high[0, 1, 2, 0]
// CHECK: %[[INIT:.*]] = tensor.empty() : tensor<1x5x8x8xf32>
// CHECK: %[[R:.*]] = kernel.contract ins(%[[P]], %[[W]] : tensor<1x11x11x4xf32>, tensor<8x4x3x2xf32>) extras(%[[BIASES]] : tensor<8xf32>) outs(%[[INIT]]
// CHECK-SAME: a_map = #[[$A]], accumulator = f32, b_map = #[[$B]], c_map = #[[$C]], extents = array<i64: 1, 5, 8, 8, 3, 2, 4>, extra_maps = [#[[$BIAS]]], num_batch = 0 : i64, num_rows = 3 : i64
// CHECK: ^bb0(%[[SUM:.*]]: f32, %[[E:.*]]: f32)
// CHECK: %[[S:.*]] = arith.addf %[[SUM]], %[[E]]
// CHECK: kernel.yield %[[S]]
// CHECK: return %[[R]]
func.func @conv(%x: tensor<1x9x9x4xf32>, %w: tensor<8x4x3x2xf32>, %b: tensor<8xf32>) -> tensor<1x5x8x8xf32> {
  %y = edge.conv %x, %w, %b {strides = array<i64: 2, 1>, dilations = array<i64: 1, 3>,
      pads = array<i64: 1, 0, 1, 2>, groups = 1 : i64, layout = #edge.layout<nhwc>}
      : (tensor<1x9x9x4xf32>, tensor<8x4x3x2xf32>, tensor<8xf32>) -> tensor<1x5x8x8xf32>
  return %y : tensor<1x5x8x8xf32>
}

// -----

// Groups are a batch dimension; half precision is summed in f32.

// CHECK-DAG: #[[$A:.*]] = affine_map<(d0, d1, d2, d3, d4, d5) -> (d1, d2 + d4, d0 * 3 + d5)>
// CHECK-DAG: #[[$B:.*]] = affine_map<(d0, d1, d2, d3, d4, d5) -> (d0 * 4 + d3, d5, d4)>
// CHECK-DAG: #[[$C:.*]] = affine_map<(d0, d1, d2, d3, d4, d5) -> (d1, d2, d0 * 4 + d3)>
// CHECK-LABEL: func.func @groups
// CHECK: kernel.contract
// CHECK-SAME: a_map = #[[$A]], accumulator = f32, b_map = #[[$B]], c_map = #[[$C]], extents = array<i64: 2, 1, 4, 4, 2, 3>
// CHECK-SAME: num_batch = 1 : i64, num_rows = 2 : i64
// CHECK: ^bb0(%[[SUM:.*]]: f32)
// CHECK: arith.truncf %[[SUM]] : f32 to f16
func.func @groups(%x: tensor<1x5x6xf16>, %w: tensor<8x3x2xf16>) -> tensor<1x4x8xf16> {
  %y = edge.conv %x, %w {strides = array<i64: 1>, dilations = array<i64: 1>,
      pads = array<i64: 0, 0>, groups = 2 : i64, layout = #edge.layout<nhwc>}
      : (tensor<1x5x6xf16>, tensor<8x3x2xf16>) -> tensor<1x4x8xf16>
  return %y : tensor<1x4x8xf16>
}

// -----

// A layout that was not changed before is changed here.

// CHECK-LABEL: func.func @depthwise
// CHECK-SAME: %[[X:.*]]: tensor<1x4x6x6xf32>, %[[W:.*]]: tensor<4x1x3x3xf32>
// CHECK: %[[T:.*]] = edge.transpose %[[X]] {permutation = array<i64: 0, 2, 3, 1>}
// CHECK: %[[F:.*]] = edge.reshape %[[W]] : (tensor<4x1x3x3xf32>) -> tensor<4x3x3xf32>
// CHECK: %[[FT:.*]] = edge.transpose %[[F]] {permutation = array<i64: 1, 2, 0>}
// CHECK: kernel.depthwise ins(%[[T]], %[[FT]] : tensor<1x6x6x4xf32>, tensor<3x3x4xf32>)
// CHECK: edge.transpose %{{.*}} {permutation = array<i64: 0, 3, 1, 2>}
func.func @depthwise(%x: tensor<1x4x6x6xf32>, %w: tensor<4x1x3x3xf32>) -> tensor<1x4x4x4xf32> {
  %y = edge.conv %x, %w {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>,
      pads = array<i64: 0, 0, 0, 0>, groups = 4 : i64}
      : (tensor<1x4x6x6xf32>, tensor<4x1x3x3xf32>) -> tensor<1x4x4x4xf32>
  return %y : tensor<1x4x4x4xf32>
}

// -----

// A batch of a alone is more rows; the transpose goes into the map.

// CHECK-DAG: #[[$A:.*]] = affine_map<(d0, d1, d2, d3) -> (d0, d1, d3)>
// CHECK-DAG: #[[$B:.*]] = affine_map<(d0, d1, d2, d3) -> (d2, d3)>
// CHECK-DAG: #[[$C:.*]] = affine_map<(d0, d1, d2, d3) -> (d0, d1, d2)>
// CHECK-LABEL: func.func @rows
// CHECK-NOT: edge.transpose
// CHECK: kernel.contract
// CHECK-SAME: a_map = #[[$A]], accumulator = f32, b_map = #[[$B]], c_map = #[[$C]], extents = array<i64: 2, 3, 5, 4>
// CHECK-SAME: num_batch = 0 : i64, num_rows = 2 : i64
func.func @rows(%x: tensor<2x3x4xf32>, %w: tensor<5x4xf32>) -> tensor<2x3x5xf32> {
  %t = edge.transpose %w {permutation = array<i64: 1, 0>} : (tensor<5x4xf32>) -> tensor<4x5xf32>
  %y = edge.matmul %x, %t : (tensor<2x3x4xf32>, tensor<4x5xf32>) -> tensor<2x3x5xf32>
  return %y : tensor<2x3x5xf32>
}

// -----

// Batches of both, and one that broadcasts.

// CHECK-DAG: #[[$A:.*]] = affine_map<(d0, d1, d2, d3, d4) -> (d0, 0, d2, d4)>
// CHECK-DAG: #[[$B:.*]] = affine_map<(d0, d1, d2, d3, d4) -> (d0, d1, d4, d3)>
// CHECK-DAG: #[[$C:.*]] = affine_map<(d0, d1, d2, d3, d4) -> (d0, d1, d2, d3)>
// CHECK-LABEL: func.func @batches
// CHECK: kernel.contract
// CHECK-SAME: a_map = #[[$A]], accumulator = f32, b_map = #[[$B]], c_map = #[[$C]], extents = array<i64: 2, 6, 3, 5, 4>
// CHECK-SAME: num_batch = 2 : i64, num_rows = 1 : i64
func.func @batches(%x: tensor<2x1x3x4xf32>, %y: tensor<2x6x4x5xf32>) -> tensor<2x6x3x5xf32> {
  %r = edge.matmul %x, %y : (tensor<2x1x3x4xf32>, tensor<2x6x4x5xf32>) -> tensor<2x6x3x5xf32>
  return %r : tensor<2x6x3x5xf32>
}

// -----

// The rows of a constant matrix become the columns of a product with a vector.

// CHECK-LABEL: func.func @constant_times_vector
// CHECK-SAME: %[[X:.*]]: tensor<4xf32>
// CHECK: %[[W:.*]] = edge.constant
// CHECK: kernel.contract ins(%[[X]], %[[W]] : tensor<4xf32>, tensor<3x4xf32>)
// CHECK-SAME: extents = array<i64: 3, 4>
// CHECK-SAME: num_batch = 0 : i64, num_rows = 0 : i64
func.func @constant_times_vector(%x: tensor<4xf32>) -> tensor<3xf32> {
  %w = edge.constant dense<1.5> : tensor<3x4xf32>
  %r = edge.matmul %w, %x : (tensor<3x4xf32>, tensor<4xf32>) -> tensor<3xf32>
  return %r : tensor<3xf32>
}

// -----

// CHECK-LABEL: func.func @unsigned
// CHECK-SAME: %[[X:.*]]: tensor<3x4xui8>, %[[W:.*]]: tensor<4x5xi8>
// CHECK: %[[S:.*]] = builtin.unrealized_conversion_cast %[[X]] : tensor<3x4xui8> to tensor<3x4xi8>
// CHECK: kernel.contract ins(%[[S]], %[[W]] : tensor<3x4xi8>, tensor<4x5xi8>)
// CHECK-SAME: a_unsigned, accumulator = i32
// CHECK-NOT: b_unsigned
func.func @unsigned(%x: tensor<3x4xui8>, %w: tensor<4x5xi8>) -> tensor<3x5xi32> {
  %r = edge.matmul %x, %w : (tensor<3x4xui8>, tensor<4x5xi8>) -> tensor<3x5xi32>
  return %r : tensor<3x5xi32>
}
