// RUN: edgec-opt %s --edge-insert-observers --split-input-file | FileCheck %s

// The input and what the second product reads; a relu is computed with the
// sums, and the output stays float.
// CHECK-LABEL: func.func @products
// CHECK-NEXT: edge.observe %arg0 {point = 0 : i64} : tensor<4x8xf32>
// CHECK: edge.matmul
// CHECK-NOT: edge.observe
// CHECK: %[[R:.+]] = edge.relu
// CHECK-NEXT: edge.observe %[[R]] {point = 1 : i64}
// CHECK: edge.matmul
// CHECK-NOT: edge.observe
// CHECK: return
func.func @products(%x: tensor<4x8xf32>) -> tensor<4x8xf32> {
  %w = edge.constant dense<1.0> : tensor<8x8xf32>
  %y = edge.matmul %x, %w : (tensor<4x8xf32>, tensor<8x8xf32>) -> tensor<4x8xf32>
  %r = edge.relu %y : tensor<4x8xf32>
  %z = edge.matmul %r, %w : (tensor<4x8xf32>, tensor<8x8xf32>) -> tensor<4x8xf32> loc("second")
  return %z : tensor<4x8xf32>
}

// -----

// One of two sums is stored before they are added, that of the product which is
// computed first.
// CHECK-LABEL: func.func @residual
// CHECK: edge.observe %arg0
// CHECK: %[[A:.+]] = edge.matmul %arg0
// CHECK-NEXT: edge.observe %[[A]]
// CHECK: %[[B:.+]] = edge.matmul %arg0
// CHECK-NEXT: %[[C:.+]] = edge.add %[[A]], %[[B]]
// CHECK-NEXT: edge.observe %[[C]]
func.func @residual(%x: tensor<4x8xf32>) -> tensor<4x8xf32> {
  %w = edge.constant dense<1.0> : tensor<8x8xf32>
  %a = edge.matmul %x, %w : (tensor<4x8xf32>, tensor<8x8xf32>) -> tensor<4x8xf32>
  %b = edge.matmul %x, %w : (tensor<4x8xf32>, tensor<8x8xf32>) -> tensor<4x8xf32>
  %c = edge.add %a, %b : (tensor<4x8xf32>, tensor<4x8xf32>) -> tensor<4x8xf32>
  %z = edge.matmul %c, %w : (tensor<4x8xf32>, tensor<8x8xf32>) -> tensor<4x8xf32>
  return %z : tensor<4x8xf32>
}

// -----

// Softmax sees the sums; its result is stored.
// CHECK-LABEL: func.func @softmax
// CHECK: edge.observe %arg0
// CHECK: edge.matmul
// CHECK-NEXT: %[[P:.+]] = edge.softmax
// CHECK-NEXT: edge.observe %[[P]]
func.func @softmax(%x: tensor<8x8xf32>) -> tensor<8x8xf32> {
  %s = edge.matmul %x, %x : (tensor<8x8xf32>, tensor<8x8xf32>) -> tensor<8x8xf32>
  %p = edge.softmax %s {axis = 1 : i64} : (tensor<8x8xf32>) -> tensor<8x8xf32>
  %z = edge.matmul %p, %x : (tensor<8x8xf32>, tensor<8x8xf32>) -> tensor<8x8xf32>
  return %z : tensor<8x8xf32>
}

// -----

// Selected elements are quantized as what they are taken from; joined ones get
// one scale.
// CHECK-LABEL: func.func @joined
// CHECK: edge.observe %arg0
// CHECK: %[[A:.+]] = edge.matmul
// CHECK-NEXT: %[[R:.+]] = edge.relu
// CHECK-NEXT: %[[C:.+]] = edge.concat
// CHECK-NEXT: edge.observe %[[C]]
// CHECK-NEXT: edge.transpose
// CHECK-NOT: edge.observe
// CHECK: return
func.func @joined(%x: tensor<4x8xf32>) -> tensor<8x8xf32> {
  %w = edge.constant dense<1.0> : tensor<8x8xf32>
  %a = edge.matmul %x, %w : (tensor<4x8xf32>, tensor<8x8xf32>) -> tensor<4x8xf32>
  %r = edge.relu %a : tensor<4x8xf32>
  %c = edge.concat %r, %x {axis = 0 : i64} : (tensor<4x8xf32>, tensor<4x8xf32>) -> tensor<8x8xf32>
  %t = edge.transpose %c {permutation = array<i64: 1, 0>} : (tensor<8x8xf32>) -> tensor<8x8xf32>
  %z = edge.matmul %t, %w : (tensor<8x8xf32>, tensor<8x8xf32>) -> tensor<8x8xf32>
  return %z : tensor<8x8xf32>
}

// -----

// Branches are quantized too.
// CHECK-LABEL: func.func @branches
// CHECK: edge.observe %arg1
// CHECK: edge.if
// CHECK: %[[R:.+]] = edge.relu
// CHECK-NEXT: edge.observe %[[R]]
// CHECK-NEXT: edge.matmul
func.func @branches(%c: tensor<i1>, %x: tensor<4x8xf32>) -> tensor<4x8xf32> {
  %w = edge.constant dense<1.0> : tensor<8x8xf32>
  %y = edge.if %c : (tensor<i1>) -> tensor<4x8xf32> {
    %a = edge.matmul %x, %w : (tensor<4x8xf32>, tensor<8x8xf32>) -> tensor<4x8xf32>
    %r = edge.relu %a : tensor<4x8xf32>
    %z = edge.matmul %r, %w : (tensor<4x8xf32>, tensor<8x8xf32>) -> tensor<4x8xf32>
    edge.yield %z : tensor<4x8xf32>
  } else {
    edge.yield %x : tensor<4x8xf32>
  }
  return %y : tensor<4x8xf32>
}

// -----

// Nothing multiplies: nothing to gain.
// CHECK-LABEL: func.func @no_product
// CHECK-NOT: edge.observe
// CHECK: return
func.func @no_product(%x: tensor<4x8xf32>) -> tensor<4x8xf32> {
  %r = edge.relu %x : tensor<4x8xf32>
  %y = edge.add %r, %x : (tensor<4x8xf32>, tensor<4x8xf32>) -> tensor<4x8xf32>
  return %y : tensor<4x8xf32>
}
