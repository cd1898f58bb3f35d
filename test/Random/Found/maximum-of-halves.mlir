// RUN: edgec-random %s
// A choice between a half and what it was compared with became a call of fmaxf.
func.func @run(%arg0: tensor<f16> {edge.random = {high = 4.000000e+00 : f64, low = -4.000000e+00 : f64, seed = 5567359200880999980 : i64, step = 2.500000e-01 : f64}}) -> (tensor<f16> {edge.rounding = 0.000000e+00 : f64}) {
  %0 = edge.thresholded_relu %arg0 {alpha = 0.000000e+00 : f64} : tensor<f16>
  return %0 : tensor<f16>
}
