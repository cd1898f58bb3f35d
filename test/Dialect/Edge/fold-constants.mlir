// RUN: edgec-opt %s --edge-fold-constants | FileCheck %s

// Chains fold in one go.
// CHECK-LABEL: func.func @chain
// CHECK-NEXT: %[[C:.+]] = edge.constant dense<[3, 5]> : tensor<2xi64>
// CHECK-NEXT: return %[[C]]
func.func @chain() -> tensor<2xi64> {
  %a = edge.constant dense<[1, 2]> : tensor<2xi64>
  %b = edge.constant dense<2> : tensor<i64>
  %c = edge.constant dense<1> : tensor<i64>
  %d = edge.mul %a, %b : (tensor<2xi64>, tensor<i64>) -> tensor<2xi64>
  %e = edge.add %d, %c : (tensor<2xi64>, tensor<i64>) -> tensor<2xi64>
  return %e : tensor<2xi64>
}

// Parameters may still change.
// CHECK-LABEL: func.func @parameter
// CHECK: edge.neg
func.func @parameter() -> tensor<f32> {
  %a = edge.parameter "a" dense<1.0> : tensor<f32>
  %b = edge.neg %a : tensor<f32>
  return %b : tensor<f32>
}

// A megabyte would be stored instead of four bytes.
// CHECK-LABEL: func.func @broadcast
// CHECK: edge.broadcast
func.func @broadcast() -> tensor<512x512xf32> {
  %a = edge.constant dense<1.0> : tensor<f32>
  %b = edge.broadcast %a : (tensor<f32>) -> tensor<512x512xf32>
  return %b : tensor<512x512xf32>
}
