// RUN: edgec-random %s
// A scale of one element belonged to an axis of extent 1, which a transpose moved elsewhere.
func.func @run(%x: tensor<1x4x2x5xi8>) -> tensor<5x1x4x2xf32> {
  %scale = edge.constant dense<0.0524178557> : tensor<1xf32>
  %zero = edge.constant dense<0> : tensor<1xi8>
  %0 = edge.dequantize %x, %scale, %zero : (tensor<1x4x2x5xi8>, tensor<1xf32>, tensor<1xi8>) -> tensor<1x4x2x5xf32>
  %1 = edge.transpose %0 {permutation = array<i64: 3, 0, 1, 2>} : (tensor<1x4x2x5xf32>) -> tensor<5x1x4x2xf32>
  return %1 : tensor<5x1x4x2xf32>
}
