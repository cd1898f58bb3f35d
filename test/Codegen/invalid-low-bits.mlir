// RUN: edgec-opt %s -kernel-pack=target=x86-64-v3 -split-input-file -verify-diagnostics

// Nothing stands in for scales of groups that end inside a byte.
func.func @group(%a: tensor<4x5xf32>, %c: tensor<4x2xf32>) -> tensor<4x2xf32> {
  %w = arith.constant dense<[[1, -1], [2, -2], [3, -3], [4, -4], [5, -5]]> : tensor<5x2xi8>
  // expected-error @+1 {{has scales by groups of 3 elements of b, which cannot be packed for 'x86_64-unknown-linux-gnu'}}
  %r = kernel.contract ins(%a, %w : tensor<4x5xf32>, tensor<5x2xi8>) outs(%c : tensor<4x2xf32>)
    attributes {num_batch = 0 : i64, num_rows = 1 : i64, extents = array<i64: 4, 2, 5>,
      a_map = affine_map<(i, j, k) -> (i, k)>, b_map = affine_map<(i, j, k) -> (k, j)>,
      c_map = affine_map<(i, j, k) -> (i, j)>, extra_maps = [], accumulator = f32, b_bits = 4 : i64, b_group = 3 : i64, b_scales = dense<1.0> : tensor<2x2xf32>} {
  ^bb0(%acc: f32):
    kernel.yield %acc : f32
  } -> tensor<4x2xf32>
  return %r : tensor<4x2xf32>
}
