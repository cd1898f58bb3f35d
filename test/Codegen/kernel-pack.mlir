// RUN: edgec-opt %s -kernel-pack=target=x86-64-v4 | FileCheck %s

// Twelve columns become one panel of sixteen, the last four of them zero.
// CHECK-LABEL: @constant
// CHECK: %[[W:.*]] = arith.constant dense_resource<packed> : tensor<1x2x16xf32>
// CHECK: kernel.contract ins(%{{.*}}, %[[W]] :
// CHECK-SAME: b_map = #[[PACKED:.*]], c_map
func.func @constant(%a: tensor<4x2xf32>, %c: tensor<4x12xf32>) -> tensor<4x12xf32> {
  %w = arith.constant dense<[[1.0, 2.0], [3.0, 4.0], [5.0, 6.0], [7.0, 8.0], [9.0, 10.0], [11.0, 12.0],
    [13.0, 14.0], [15.0, 16.0], [17.0, 18.0], [19.0, 20.0], [21.0, 22.0], [23.0, 24.0]]> : tensor<12x2xf32>
  %r = kernel.contract ins(%a, %w : tensor<4x2xf32>, tensor<12x2xf32>) outs(%c : tensor<4x12xf32>)
    attributes {num_batch = 0 : i64, num_rows = 1 : i64, extents = array<i64: 4, 12, 2>,
      a_map = affine_map<(i, j, k) -> (i, k)>, b_map = affine_map<(i, j, k) -> (j, k)>,
      c_map = affine_map<(i, j, k) -> (i, j)>, extra_maps = [], accumulator = f32} {
  ^bb0(%acc: f32):
    kernel.yield %acc : f32
  } -> tensor<4x12xf32>
  return %r : tensor<4x12xf32>
}

// At run time, b stays where its columns are contiguous already.
// CHECK-LABEL: @contiguous
// CHECK-NOT: linalg.generic
// CHECK: return
func.func @contiguous(%a: tensor<4x2xf32>, %b: tensor<2x12xf32>, %c: tensor<4x12xf32>) -> tensor<4x12xf32> {
  %r = kernel.contract ins(%a, %b : tensor<4x2xf32>, tensor<2x12xf32>) outs(%c : tensor<4x12xf32>)
    attributes {num_batch = 0 : i64, num_rows = 1 : i64, extents = array<i64: 4, 12, 2>,
      a_map = affine_map<(i, j, k) -> (i, k)>, b_map = affine_map<(i, j, k) -> (k, j)>,
      c_map = affine_map<(i, j, k) -> (i, j)>, extra_maps = [], accumulator = f32} {
  ^bb0(%acc: f32):
    kernel.yield %acc : f32
  } -> tensor<4x12xf32>
  return %r : tensor<4x12xf32>
}

// CHECK-LABEL: @transposed
// CHECK: %[[B:.*]] = linalg.generic {{.*}} outs(%{{.*}} : tensor<2x12xf32>)
// CHECK: kernel.contract ins(%{{.*}}, %[[B]] : tensor<4x2xf32>, tensor<2x12xf32>)
func.func @transposed(%a: tensor<4x2xf32>, %b: tensor<12x2xf32>, %c: tensor<4x12xf32>) -> tensor<4x12xf32> {
  %r = kernel.contract ins(%a, %b : tensor<4x2xf32>, tensor<12x2xf32>) outs(%c : tensor<4x12xf32>)
    attributes {num_batch = 0 : i64, num_rows = 1 : i64, extents = array<i64: 4, 12, 2>,
      a_map = affine_map<(i, j, k) -> (i, k)>, b_map = affine_map<(i, j, k) -> (j, k)>,
      c_map = affine_map<(i, j, k) -> (i, j)>, extra_maps = [], accumulator = f32} {
  ^bb0(%acc: f32):
    kernel.yield %acc : f32
  } -> tensor<4x12xf32>
  return %r : tensor<4x12xf32>
}

// The bytes, after the blob's alignment: column by column of each row along k.
// 1, 3, 5 ... 23, four zeros, 2, 4 ... 24, four zeros.
// CHECK: packed: "0x400000000000803F000040400000A040{{[0-9A-F]*}}0000B8410000000000000000000000000000000000000040000080400000C040{{[0-9A-F]*}}0000C04100000000000000000000000000000000"
