// RUN: edgec-random %s
// Rows that read booleans did not know that these are bytes in memory.
func.func @run(%c: tensor<1x1x1xi1>, %y: tensor<f32>, %x: tensor<2x2x16xf32>, %scale: tensor<f32>, %bias: tensor<16xf32>) -> tensor<2x2x16xf32> {
  %0 = edge.layer_norm %x, %scale, %bias {axis = 2 : i64, epsilon = 1.000000e-02 : f64} : (tensor<2x2x16xf32>, tensor<f32>, tensor<16xf32>) -> tensor<2x2x16xf32>
  %1 = edge.select %c, %y, %0 : (tensor<1x1x1xi1>, tensor<f32>, tensor<2x2x16xf32>) -> tensor<2x2x16xf32>
  return %1 : tensor<2x2x16xf32>
}
