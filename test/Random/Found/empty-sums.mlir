// RUN: edgec-random %s
// Sums of no products, which are zero or the bias, and those without results.
func.func @run(%a: tensor<2x0xi64>, %b: tensor<0x9xi64>, %c: tensor<0x4xf32>, %d: tensor<4x3xf32>,
               %x: tensor<1x0x4x4xf32>, %w: tensor<3x0x2x2xf32>, %bias: tensor<3xf32>)
    -> (tensor<2x9xi64>, tensor<0x3xf32>, tensor<1x3x3x3xf32>, tensor<1x3x3x3xf32>) {
  %0 = edge.matmul %a, %b : (tensor<2x0xi64>, tensor<0x9xi64>) -> tensor<2x9xi64>
  %1 = edge.matmul %c, %d : (tensor<0x4xf32>, tensor<4x3xf32>) -> tensor<0x3xf32>
  %2 = edge.conv %x, %w, %bias {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>,
      pads = array<i64: 0, 0, 0, 0>, groups = 1 : i64}
      : (tensor<1x0x4x4xf32>, tensor<3x0x2x2xf32>, tensor<3xf32>) -> tensor<1x3x3x3xf32>
  %3 = edge.conv %x, %w {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>,
      pads = array<i64: 0, 0, 0, 0>, groups = 1 : i64}
      : (tensor<1x0x4x4xf32>, tensor<3x0x2x2xf32>) -> tensor<1x3x3x3xf32>
  return %0, %1, %2, %3 : tensor<2x9xi64>, tensor<0x3xf32>, tensor<1x3x3x3xf32>, tensor<1x3x3x3xf32>
}
