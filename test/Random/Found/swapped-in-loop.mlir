// RUN: edgec-random %s
// What one argument of a loop was became that of another, and was overwritten before it was copied.
func.func @run(%x: tensor<47xi8> {edge.random = {high = 20.0 : f64, low = -20.0 : f64, seed = 7 : i64, step = 1.0 : f64}},
               %z: tensor<47xi8> {edge.random = {high = 20.0 : f64, low = -20.0 : f64, seed = 6 : i64, step = 1.0 : f64}}) -> (tensor<47xi8>, tensor<47xi8>) {
  %n = edge.constant dense<3> : tensor<i64>
  %yes = edge.constant dense<true> : tensor<i1>
  %limit = edge.constant dense<2> : tensor<i64>
  %0:2 = edge.loop %n, %yes, %x, %x : (tensor<i64>, tensor<i1>, tensor<47xi8>, tensor<47xi8>) -> (tensor<47xi8>, tensor<47xi8>) {
  ^bb0(%i: tensor<i64>, %a: tensor<47xi8>, %b: tensor<47xi8>):
    %more = edge.compare <lt> %i, %limit : (tensor<i64>, tensor<i64>) -> tensor<i1>
    edge.yield %more, %z, %a : tensor<i1>, tensor<47xi8>, tensor<47xi8>
  }
  %1:2 = edge.loop %limit, %yes, %x, %z : (tensor<i64>, tensor<i1>, tensor<47xi8>, tensor<47xi8>) -> (tensor<47xi8>, tensor<47xi8>) {
  ^bb0(%i: tensor<i64>, %a: tensor<47xi8>, %b: tensor<47xi8>):
    %less = edge.compare <lt> %i, %n : (tensor<i64>, tensor<i64>) -> tensor<i1>
    edge.yield %less, %b, %a : tensor<i1>, tensor<47xi8>, tensor<47xi8>
  }
  return %0#1, %1#0 : tensor<47xi8>, tensor<47xi8>
}
