// RUN: edgec-random %s
// The interpreter took transposed columns of a batch for the rows of one matrix.
func.func @run(%x: tensor<3x3x2x1xf32>, %w: tensor<2x16xf32>) -> tensor<3x3x1x16xf32> {
  %0 = edge.matmul %x, %w {transpose_lhs} : (tensor<3x3x2x1xf32>, tensor<2x16xf32>) -> tensor<3x3x1x16xf32>
  return %0 : tensor<3x3x1x16xf32>
}
