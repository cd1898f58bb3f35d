// RUN: edgec-random %s
// A channel-wise convolution read elements that lie three apart side by side.
func.func @run(%arg0: tensor<15x3x100xi8> {edge.random = {high = 1.270000e+02 : f64, low = -1.280000e+02 : f64, seed = 3328448904118997254 : i64, step = 1.000000e+00 : f64}}, %arg1: tensor<5xi32> {edge.random = {high = 9.700000e+02 : f64, low = -8.410000e+02 : f64, seed = 2 : i64, step = 0.000000e+00 : f64}}) -> (tensor<8x1x5xi32> {edge.rounding = 0.000000e+00 : f64}) {
  %0 = edge.slice %arg0 {sizes = array<i64: 8, 1, 5>, starts = array<i64: 3, 1, 59>, steps = array<i64: 1, 1, 3>} : (tensor<15x3x100xi8>) -> tensor<8x1x5xi8>
  %1 = edge.parameter "w4" dense<[[[4]], [[185]], [[89]], [[158]], [[27]]]> : tensor<5x1x1xui8>
  %2 = edge.conv %0, %1, %arg1 {dilations = array<i64: 1>, groups = 5 : i64, layout = #edge.layout<nhwc>, pads = array<i64: 0, 0>, strides = array<i64: 3>} : (tensor<8x1x5xi8>, tensor<5x1x1xui8>, tensor<5xi32>) -> tensor<8x1x5xi32>
  return %2 : tensor<8x1x5xi32>
}
