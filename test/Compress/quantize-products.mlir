// RUN: edgec-opt %s --edge-quantize --canonicalize --split-input-file | FileCheck %s

// The right operand of a product of two activations has zero in the middle of
// its range, 4 / 127 being a step; the left one has its own, (4 + 1) / 255.
// CHECK-LABEL: func.func @product
// CHECK-DAG: %[[SX:.+]] = edge.constant dense<0.0196078438> : tensor<f32>
// CHECK-DAG: %[[ZX:.+]] = edge.constant dense<51> : tensor<ui8>
// CHECK-DAG: %[[SY:.+]] = edge.constant dense<0.0314960629> : tensor<f32>
// CHECK-DAG: %[[ZY:.+]] = edge.constant dense<128> : tensor<ui8>
// CHECK-DAG: edge.quantize %arg0, %[[SX]], %[[ZX]]
// CHECK-DAG: edge.quantize %arg1, %[[SY]], %[[ZY]]
func.func @product(%x: tensor<3x4xf32>, %y: tensor<5x4xf32>) -> tensor<3x5xf32> {
  edge.observe %x {point = 0 : i64, low = -1.0 : f32, high = 4.0 : f32} : tensor<3x4xf32>
  edge.observe %y {point = 1 : i64, low = -1.0 : f32, high = 4.0 : f32} : tensor<5x4xf32>
  %t = edge.transpose %y {permutation = array<i64: 1, 0>} : (tensor<5x4xf32>) -> tensor<4x5xf32>
  %p = edge.matmul %x, %t : (tensor<3x4xf32>, tensor<4x5xf32>) -> tensor<3x5xf32>
  return %p : tensor<3x5xf32>
}

// -----

// Not one that others read too.
// CHECK-LABEL: func.func @shared
// CHECK-DAG: %[[Z:.+]] = edge.constant dense<51> : tensor<ui8>
// CHECK-DAG: edge.quantize %arg0, %{{.+}}, %[[Z]]
func.func @shared(%x: tensor<3x4xf32>) -> tensor<3x3xf32> {
  edge.observe %x {point = 0 : i64, low = -1.0 : f32, high = 4.0 : f32} : tensor<3x4xf32>
  %t = edge.transpose %x {permutation = array<i64: 1, 0>} : (tensor<3x4xf32>) -> tensor<4x3xf32>
  %p = edge.matmul %x, %t : (tensor<3x4xf32>, tensor<4x3xf32>) -> tensor<3x3xf32>
  return %p : tensor<3x3xf32>
}
