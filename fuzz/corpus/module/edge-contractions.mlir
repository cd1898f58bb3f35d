func.func @contractions(%x: tensor<1x4x8x8xf32>, %w: tensor<6x2x3x3xf32>, %b: tensor<6xf32>, %l: tensor<1x8x4xf32>, %k: tensor<6x4x3xf32>, %kt: tensor<4x5x3xf32>, %u: tensor<5x4xui8>, %s: tensor<4x3xi8>, %v: tensor<4xf32>, %m: tensor<2x7x4xf32>, %n: tensor<3x1x9x4xf32>) {
  %conv = edge.conv %x, %w, %b {strides = array<i64: 2, 1>, dilations = array<i64: 1, 2>,
      pads = array<i64: 1, 2, 1, 2>, groups = 2 : i64}
      : (tensor<1x4x8x8xf32>, tensor<6x2x3x3xf32>, tensor<6xf32>) -> tensor<1x6x4x8xf32>
  %conv1d = edge.conv %l, %k {strides = array<i64: 1>, dilations = array<i64: 1>,
      pads = array<i64: 0, 0>, groups = 1 : i64, layout = #edge.layout<nhwc>}
      : (tensor<1x8x4xf32>, tensor<6x4x3xf32>) -> tensor<1x6x6xf32>
  %transposed1d = edge.conv_transpose %l, %kt {strides = array<i64: 2>, dilations = array<i64: 1>,
      pads = array<i64: 1, -1>, groups = 1 : i64, layout = #edge.layout<nhwc>}
      : (tensor<1x8x4xf32>, tensor<4x5x3xf32>) -> tensor<1x17x5xf32>
  %integers = edge.matmul %u, %s : (tensor<5x4xui8>, tensor<4x3xi8>) -> tensor<5x3xi32>
  %batched = edge.matmul %m, %n {transpose_rhs}
      : (tensor<2x7x4xf32>, tensor<3x1x9x4xf32>) -> tensor<3x2x7x9xf32>
  %dot = edge.matmul %v, %v : (tensor<4xf32>, tensor<4xf32>) -> tensor<f32>
  %column = edge.matmul %m, %v : (tensor<2x7x4xf32>, tensor<4xf32>) -> tensor<2x7xf32>
  return
}
