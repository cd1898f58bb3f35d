// RUN: edgec-random %s
// A branch that gives a part of a tensor where the other computes its result had strides known at run time only.
func.func @run(%c: tensor<i1> {edge.random = {high = 1.0 : f64, low = 0.0 : f64}}, %x: tensor<47x33xf32>,
               %i: tensor<i32> {edge.random = {high = 46.0 : f64, low = -47.0 : f64}}) -> tensor<f32> {
  %0 = edge.relu %x : tensor<47x33xf32>
  %1 = edge.gather %0, %i {axis = 0 : i64} : (tensor<47x33xf32>, tensor<i32>) -> tensor<33xf32>
  %2 = edge.sigmoid %1 : tensor<33xf32>
  %3 = edge.if %c : (tensor<i1>) -> tensor<33xf32> {
    edge.yield %2 : tensor<33xf32>
  } else {
    edge.yield %1 : tensor<33xf32>
  }
  %4 = edge.reduce <sum_square> %3 {axes = array<i64: 0>, keep_dims = false} : (tensor<33xf32>) -> tensor<f32>
  return %4 : tensor<f32>
}
