func.func @attention(%q: tensor<3x40x64xf32>, %k: tensor<3x64x50xf32>, %v: tensor<3x50x32xf32>, %m: tensor<50xf32>, %o: tensor<3x40x32xf32>) -> tensor<3x40x32xf32> {
  %r = kernel.attention ins(%q, %k, %v : tensor<3x40x64xf32>, tensor<3x64x50xf32>, tensor<3x50x32xf32>) extras(%m : tensor<50xf32>) outs(%o : tensor<3x40x32xf32>)
    attributes {num_batch = 1 : i64, extents = array<i64: 3, 40, 50, 64, 32>,
      query_map = affine_map<(g, i, j, k, c) -> (g, i, k)>, key_map = affine_map<(g, i, j, k, c) -> (g, k, j)>,
      value_map = affine_map<(g, i, j, k, c) -> (g, j, c)>, init_map = affine_map<(g, i, j, k, c) -> (g, i, c)>,
      extra_maps = [affine_map<(g, i, j, k, c) -> (j)>], combiners = ["max", "add"]} {
  ^bb0(%sum: f32, %x: f32):
    %scale = arith.constant 0.125 : f32
    %s = arith.mulf %sum, %scale : f32
    %t = arith.addf %s, %x : f32
    kernel.yield %t : f32
  }, {
  ^bb0(%sum: f32):
    kernel.yield %sum : f32
  }, {
  ^bb0(%s: f32):
    kernel.yield %s : f32
  }, {
  ^bb0(%s: f32, %max: f32):
    %d = arith.subf %s, %max : f32
    %e = math.exp %d : f32
    kernel.yield %e : f32
  }, {
  ^bb0(%s: f32, %max: f32, %total: f32, %e: f32):
    %p = arith.divf %e, %total : f32
    kernel.yield %p : f32
  } -> tensor<3x40x32xf32>
  return %r : tensor<3x40x32xf32>
}
