// RUN: edgec-opt %s --edge-insert-observers=keep-float=second | FileCheck %s
// RUN: not edgec-opt %s --edge-insert-observers=keep-float=fourth 2>&1 | FileCheck %s --check-prefix=NAME

// NAME: cannot keep 'fourth' in float: no convolution, matrix product or gather from a table has that name

// What only a product in float reads needs no range, and keeps its number.
// CHECK: edge.observe %arg0 {point = 0 : i64}
// CHECK: edge.matmul
// CHECK-NOT: edge.observe
// CHECK: edge.matmul
// CHECK: %[[D:.+]] = edge.relu
// CHECK-NEXT: edge.observe %[[D]] {point = 2 : i64}
// CHECK: edge.matmul
// CHECK-NOT: edge.observe
// CHECK: return
func.func @products(%x: tensor<4x8xf32>) -> tensor<4x8xf32> {
  %w = edge.constant dense<1.0> : tensor<8x8xf32>
  %a = edge.matmul %x, %w : (tensor<4x8xf32>, tensor<8x8xf32>) -> tensor<4x8xf32>
  %b = edge.relu %a : tensor<4x8xf32>
  %c = edge.matmul %b, %w : (tensor<4x8xf32>, tensor<8x8xf32>) -> tensor<4x8xf32> loc("second")
  %d = edge.relu %c : tensor<4x8xf32>
  %e = edge.matmul %d, %w : (tensor<4x8xf32>, tensor<8x8xf32>) -> tensor<4x8xf32>
  return %e : tensor<4x8xf32>
}
