// RUN: edgec-random %s
// What both branches compute into memory of their own could not be copied to the output.
func.func @run(%c: tensor<i1>, %x: tensor<2x4x7xf32>) -> tensor<2x4x7xf32> {
  %0 = edge.if %c : (tensor<i1>) -> tensor<2x4x7xf32> {
    %1 = edge.neg %x : tensor<2x4x7xf32>
    edge.yield %1 : tensor<2x4x7xf32>
  } else {
    %1 = edge.abs %x : tensor<2x4x7xf32>
    edge.yield %1 : tensor<2x4x7xf32>
  }
  return %0 : tensor<2x4x7xf32>
}
