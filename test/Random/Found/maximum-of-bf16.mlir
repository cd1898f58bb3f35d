// REQUIRES: run-aarch64
// RUN: edgec-random --target=aarch64 %s
// Maxima of bf16 that were integers in between crashed LLVM for AArch64.
func.func @run(%arg0: tensor<1x9x31x3xbf16> {edge.random = {high = 4.000000e+00 : f64, low = -4.000000e+00 : f64, seed = 6726139173458548698 : i64, step = 2.500000e-01 : f64}}) -> (tensor<1x9x16x4xbf16> {edge.rounding = 0.01171875 : f64}) {
  %result, %indices = edge.max_pool_with_indices %arg0 {dilations = array<i64: 1, 1>, kernel = array<i64: 4, 3>, pads = array<i64: 2, 2, 2, 1>, strides = array<i64: 2, 1>} : (tensor<1x9x31x3xbf16>) -> (tensor<1x9x16x4xbf16>, tensor<1x9x16x4xi64>)
  return %result : tensor<1x9x16x4xbf16>
}
