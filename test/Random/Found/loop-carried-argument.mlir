// RUN: edgec-random %s
// What a loop carries was kept in the place of its first value, also if that was the caller's input.
func.func @run(%x: tensor<5xi32> {edge.random = {high = 20.0 : f64, low = 0.0 : f64, seed = 1 : i64}},
               %y: tensor<5xi32> {edge.random = {high = 240.0 : f64, low = 30.0 : f64, seed = 2 : i64}}) -> (tensor<5xi32>, tensor<5xi32>) {
  %n = edge.constant dense<4> : tensor<i64>
  %true = edge.constant dense<true> : tensor<i1>
  %0 = edge.loop %n, %true, %x : (tensor<i64>, tensor<i1>, tensor<5xi32>) -> tensor<5xi32> {
  ^bb0(%i: tensor<i64>, %c: tensor<5xi32>):
    edge.yield %true, %y : tensor<i1>, tensor<5xi32>
  }
  %1 = edge.neg %x : tensor<5xi32>
  return %0, %1 : tensor<5xi32>, tensor<5xi32>
}
