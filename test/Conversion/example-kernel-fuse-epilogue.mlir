// RUN: edgec-opt %s --kernel-fuse-epilogue | FileCheck %s

// The residual %z becomes an extra operand, the sum part of the epilogue.
// CHECK-LABEL: func.func @residual
// CHECK-SAME: %[[Z:[a-z0-9]+]]: tensor<4x16xf32>)
// CHECK: kernel.contract {{.*}} extras(%[[Z]] : tensor<4x16xf32>)
// CHECK: ^bb0(%[[ACC:.*]]: f32, %[[E:.*]]: f32)
// CHECK: %[[S:.*]] = arith.addf %[[ACC]], %[[E]]
// CHECK: kernel.yield %[[S]]
// CHECK-NOT: linalg.generic
func.func @residual(%a: tensor<4x8xf32>, %b: tensor<8x16xf32>, %z: tensor<4x16xf32>) -> tensor<4x16xf32> {
  %init = tensor.empty() : tensor<4x16xf32>
  %r = kernel.contract ins(%a, %b : tensor<4x8xf32>, tensor<8x16xf32>) outs(%init : tensor<4x16xf32>)
    attributes {num_batch = 0 : i64, num_rows = 1 : i64, extents = array<i64: 4, 16, 8>,
      a_map = affine_map<(i, j, k) -> (i, k)>, b_map = affine_map<(i, j, k) -> (k, j)>,
      c_map = affine_map<(i, j, k) -> (i, j)>, extra_maps = [], accumulator = f32} {
  ^bb0(%acc: f32):
    kernel.yield %acc : f32
  } -> tensor<4x16xf32>
  %s = linalg.generic {indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i, j)>],
      iterator_types = ["parallel", "parallel"]}
      ins(%r, %z : tensor<4x16xf32>, tensor<4x16xf32>) outs(%init : tensor<4x16xf32>) {
  ^bb0(%x: f32, %y: f32, %out: f32):
    %sum = arith.addf %x, %y : f32
    linalg.yield %sum : f32
  } -> tensor<4x16xf32>
  return %s : tensor<4x16xf32>
}
