// RUN: edgec-random %s
// There was no code for loops that carry unsigned integers.
func.func @run(%x: tensor<3x2xui8> {edge.random = {high = 255.0 : f64, low = 0.0 : f64}}) -> (tensor<3x2xui8>, tensor<3x3x2xui8>) {
  %n = edge.constant dense<3> : tensor<i64>
  %true = edge.constant dense<true> : tensor<i1>
  %0:2 = edge.loop %n, %true, %x : (tensor<i64>, tensor<i1>, tensor<3x2xui8>) -> (tensor<3x2xui8>, tensor<3x3x2xui8>) {
  ^bb0(%i: tensor<i64>, %c: tensor<3x2xui8>):
    %1 = edge.add %c, %x : (tensor<3x2xui8>, tensor<3x2xui8>) -> tensor<3x2xui8>
    edge.yield %true, %1, %c : tensor<i1>, tensor<3x2xui8>, tensor<3x2xui8>
  }
  return %0#0, %0#1 : tensor<3x2xui8>, tensor<3x3x2xui8>
}
