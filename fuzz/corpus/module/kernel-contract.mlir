func.func @contract(%x: tensor<1x10x10x16xf32>, %w: tensor<32x16x3x3xf32>, %bias: tensor<32xf32>, %init: tensor<1x8x8x32xf32>) -> tensor<1x8x8x32xf32> {
  %r = kernel.contract ins(%x, %w : tensor<1x10x10x16xf32>, tensor<32x16x3x3xf32>)
      extras(%bias : tensor<32xf32>) outs(%init : tensor<1x8x8x32xf32>)
      attributes {num_batch = 0 : i64, num_rows = 3 : i64, extents = array<i64: 1, 8, 8, 32, 3, 3, 16>,
       a_map = affine_map<(n, y, x, j, r, s, c) -> (n, y + r, x + s, c)>,
       b_map = affine_map<(n, y, x, j, r, s, c) -> (j, c, r, s)>,
       c_map = affine_map<(n, y, x, j, r, s, c) -> (n, y, x, j)>,
       extra_maps = [affine_map<(n, y, x, j, r, s, c) -> (j)>], accumulator = f32} {
  ^bb0(%acc: f32, %b: f32):
    %s = arith.addf %acc, %b : f32
    kernel.yield %s : f32
  } -> tensor<1x8x8x32xf32>
  return %r : tensor<1x8x8x32xf32>
}
