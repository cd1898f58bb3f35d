// RUN: edgec-opt %s --kernel-pack=target=x86-64-v3 | FileCheck %s

// Three columns become one panel of as many as fill the target's vectors.
// CHECK-LABEL: func.func @product
// CHECK: %[[W:.*]] = arith.constant dense_resource<packed> : tensor<1x2x[[NB:8|16|32]]xf32>
// CHECK: kernel.contract ins(%{{.*}}, %[[W]] : tensor<4x2xf32>, tensor<1x2x[[NB]]xf32>)
func.func @product(%a: tensor<4x2xf32>, %init: tensor<4x3xf32>) -> tensor<4x3xf32> {
  %w = arith.constant dense<[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]> : tensor<2x3xf32>
  %r = kernel.contract ins(%a, %w : tensor<4x2xf32>, tensor<2x3xf32>) outs(%init : tensor<4x3xf32>)
    attributes {num_batch = 0 : i64, num_rows = 1 : i64, extents = array<i64: 4, 3, 2>,
      a_map = affine_map<(i, j, k) -> (i, k)>, b_map = affine_map<(i, j, k) -> (k, j)>,
      c_map = affine_map<(i, j, k) -> (i, j)>, extra_maps = [], accumulator = f32} {
  ^bb0(%acc: f32):
    kernel.yield %acc : f32
  } -> tensor<4x3xf32>
  return %r : tensor<4x3xf32>
}
