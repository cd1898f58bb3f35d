func.func @depthwise(%x: tensor<1x9x8xf32>, %w: tensor<3x8xf32>, %bias: tensor<8xf32>, %init: tensor<1x3x8xf16>) -> tensor<1x3x8xf16> {
  %r = kernel.depthwise ins(%x, %w : tensor<1x9x8xf32>, tensor<3x8xf32>) extras(%bias : tensor<8xf32>) outs(%init : tensor<1x3x8xf16>)
    attributes {strides = array<i64: 2>, dilations = array<i64: 2>, extra_maps = [affine_map<(n, y, c) -> (c)>], accumulator = f32} {
  ^bb0(%acc: f32, %b: f32):
    %s = arith.addf %acc, %b : f32
    %h = arith.truncf %s : f32 to f16
    kernel.yield %h : f16
  } -> tensor<1x3x8xf16>
  return %r : tensor<1x3x8xf16>
}
