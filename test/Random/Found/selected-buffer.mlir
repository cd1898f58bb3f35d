// RUN: edgec-random %s
// Branches that compute nothing select a buffer, which another took the place of before it was read.
func.func @run(%c: tensor<i1> {edge.random = {high = 1.0 : f64, low = 1.0 : f64}}, %x: tensor<1xi32>, %w: tensor<1x17xi32>, %z: tensor<17xi32>,
               %a: tensor<1x2x2x3xf32>, %b: tensor<1xf32>, %d: tensor<1x2x3x4xf32>) -> (tensor<1x2x2x4xf32>, tensor<17xi32>) {
  %0 = edge.matmul %x, %w : (tensor<1xi32>, tensor<1x17xi32>) -> tensor<17xi32>
  %1 = edge.if %c : (tensor<i1>) -> tensor<17xi32> {
    %4 = edge.maximum %0, %0 : (tensor<17xi32>, tensor<17xi32>) -> tensor<17xi32>
    edge.yield %4 : tensor<17xi32>
  } else {
    edge.yield %z : tensor<17xi32>
  }
  %2 = edge.add %a, %b : (tensor<1x2x2x3xf32>, tensor<1xf32>) -> tensor<1x2x2x3xf32>
  %3 = edge.matmul %2, %d : (tensor<1x2x2x3xf32>, tensor<1x2x3x4xf32>) -> tensor<1x2x2x4xf32>
  return %3, %1 : tensor<1x2x2x4xf32>, tensor<17xi32>
}
