// RUN: edgec-opt %s --edge-to-kernel | FileCheck %s

// The second operand is read transposed; the bias of a convolution would be an
// extra operand of the epilogue.
// CHECK: #[[$B:.*]] = affine_map<(d0, d1, d2) -> (d1, d2)>
// CHECK-LABEL: func.func @gemm
// CHECK-NOT: edge.
// CHECK: kernel.contract {{.*}}b_map = #[[$B]]{{.*}} extents = array<i64: 3, 5, 4>
func.func @gemm(%x: tensor<3x4xf32>, %w: tensor<5x4xf32>) -> tensor<3x5xf32> {
  %t = edge.transpose %w {permutation = array<i64: 1, 0>} : (tensor<5x4xf32>) -> tensor<4x5xf32>
  %y = edge.matmul %x, %t : (tensor<3x4xf32>, tensor<4x5xf32>) -> tensor<3x5xf32>
  return %y : tensor<3x5xf32>
}
