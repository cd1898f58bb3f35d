// RUN: edgec-random %s
// A reduction over no dimension was merged with the reduction that reads it.
func.func @run(%x: tensor<17x33xf32>) -> tensor<17xf32> {
  %0 = edge.reduce <l2> %x {axes = array<i64>, keep_dims = false} : (tensor<17x33xf32>) -> tensor<17x33xf32>
  %1 = edge.reduce <mean> %0 {axes = array<i64: 1>, keep_dims = false} : (tensor<17x33xf32>) -> tensor<17xf32>
  return %1 : tensor<17xf32>
}
