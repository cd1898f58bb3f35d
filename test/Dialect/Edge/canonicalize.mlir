// RUN: edgec-opt %s --canonicalize --split-input-file | FileCheck %s

// CHECK-LABEL: func.func @neutral_operands
// CHECK-SAME: (%[[X:.+]]: tensor<2x3xf32>)
// CHECK-NEXT: return %[[X]]
func.func @neutral_operands(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %zero = edge.constant dense<0.0> : tensor<3xf32>
  %one = edge.constant dense<1.0> : tensor<f32>
  %ones = edge.constant dense_resource<ones> : tensor<3xf32>
  %a = edge.add %zero, %x : (tensor<3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  %b = edge.sub %a, %zero : (tensor<2x3xf32>, tensor<3xf32>) -> tensor<2x3xf32>
  %c = edge.mul %b, %one : (tensor<2x3xf32>, tensor<f32>) -> tensor<2x3xf32>
  %d = edge.div %c, %ones : (tensor<2x3xf32>, tensor<3xf32>) -> tensor<2x3xf32>
  return %d : tensor<2x3xf32>
}

{-#
  dialect_resources: {
    builtin: { ones: "0x040000000000803F0000803F0000803F" }
  }
#-}

// -----

// CHECK-LABEL: func.func @neutral_integers
// CHECK-SAME: (%[[X:.+]]: tensor<3xui8>)
// CHECK-NEXT: return %[[X]]
func.func @neutral_integers(%x: tensor<3xui8>) -> tensor<3xui8> {
  %zero = edge.constant dense<0> : tensor<ui8>
  %one = edge.constant dense<1> : tensor<ui8>
  %a = edge.sub %x, %zero : (tensor<3xui8>, tensor<ui8>) -> tensor<3xui8>
  %b = edge.div %a, %one : (tensor<3xui8>, tensor<ui8>) -> tensor<3xui8>
  return %b : tensor<3xui8>
}

// -----

// These are not neutral: 0 - x, 1 / x, a constant that is not all ones, and an
// operand that makes the result larger.
// CHECK-LABEL: func.func @not_neutral
// CHECK: edge.sub
// CHECK: edge.div
// CHECK: edge.mul
// CHECK: edge.add
func.func @not_neutral(%x: tensor<3xf32>) -> tensor<2x3xf32> {
  %zero = edge.constant dense<0.0> : tensor<f32>
  %one = edge.constant dense<1.0> : tensor<f32>
  %some = edge.constant dense<[1.0, 1.0, 2.0]> : tensor<3xf32>
  %zeros = edge.constant dense<0.0> : tensor<2x3xf32>
  %a = edge.sub %zero, %x : (tensor<f32>, tensor<3xf32>) -> tensor<3xf32>
  %b = edge.div %one, %a : (tensor<f32>, tensor<3xf32>) -> tensor<3xf32>
  %c = edge.mul %b, %some : (tensor<3xf32>, tensor<3xf32>) -> tensor<3xf32>
  %d = edge.add %c, %zeros : (tensor<3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  return %d : tensor<2x3xf32>
}

// -----

// Operations whose result is their input.
// CHECK-LABEL: func.func @identities
// CHECK-SAME: (%[[X:.+]]: tensor<2x3xf32>)
// CHECK-NEXT: return %[[X]]
func.func @identities(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %a = edge.reshape %x : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %b = edge.transpose %a {permutation = array<i64: 0, 1>} : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %c = edge.broadcast %b : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %d = edge.concat %c {axis = 0 : i64} : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %e = edge.slice %d {starts = array<i64: 0, 0>, sizes = array<i64: 2, 3>,
      steps = array<i64: 1, 1>} : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %f = edge.pad %e {low = array<i64: 0, 0>, high = array<i64: 0, 0>}
      : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %g = edge.cast %f : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return %g : tensor<2x3xf32>
}

// -----

// Reversed rows have the input's shape, but not its elements.
// CHECK-LABEL: func.func @reversed
// CHECK: edge.slice
func.func @reversed(%x: tensor<2xf32>) -> tensor<2xf32> {
  %a = edge.slice %x {starts = array<i64: 1>, sizes = array<i64: 2>, steps = array<i64: -1>}
      : (tensor<2xf32>) -> tensor<2xf32>
  return %a : tensor<2xf32>
}

// -----

// CHECK-LABEL: func.func @reshapes
// CHECK-SAME: (%[[X:.+]]: tensor<2x6xf32>)
// CHECK-NEXT: %[[Y:.+]] = edge.reshape %[[X]] : (tensor<2x6xf32>) -> tensor<4x3xf32>
// CHECK-NEXT: return %[[X]], %[[Y]]
func.func @reshapes(%x: tensor<2x6xf32>) -> (tensor<2x6xf32>, tensor<4x3xf32>) {
  %a = edge.reshape %x : (tensor<2x6xf32>) -> tensor<12xf32>
  %b = edge.reshape %a : (tensor<12xf32>) -> tensor<2x6xf32>
  %c = edge.reshape %b : (tensor<2x6xf32>) -> tensor<4x3xf32>
  return %b, %c : tensor<2x6xf32>, tensor<4x3xf32>
}

// -----

// The bytes are shared, not copied.
// CHECK-LABEL: func.func @reshaped_constant
// CHECK-NEXT: %[[C:.+]] = edge.constant dense_resource<shared> : tensor<2x1xf32>
// CHECK-NEXT: return %[[C]]
func.func @reshaped_constant() -> tensor<2x1xf32> {
  %a = edge.constant dense_resource<shared> : tensor<2xf32>
  %b = edge.reshape %a : (tensor<2xf32>) -> tensor<2x1xf32>
  return %b : tensor<2x1xf32>
}

{-#
  dialect_resources: {
    builtin: { shared: "0x040000000000803F00000040" }
  }
#-}

// -----

// Result dimension i is x's dimension [1, 2, 0][[2, 1, 0][i]].
// CHECK-LABEL: func.func @transposes
// CHECK-SAME: (%[[X:.+]]: tensor<2x3x4xf32>)
// CHECK-NEXT: %[[Y:.+]] = edge.transpose %[[X]] {permutation = array<i64: 0, 2, 1>}
// CHECK-NEXT: return %[[X]], %[[Y]]
func.func @transposes(%x: tensor<2x3x4xf32>) -> (tensor<2x3x4xf32>, tensor<2x4x3xf32>) {
  %a = edge.transpose %x {permutation = array<i64: 1, 2, 0>} : (tensor<2x3x4xf32>) -> tensor<3x4x2xf32>
  %b = edge.transpose %a {permutation = array<i64: 2, 0, 1>} : (tensor<3x4x2xf32>) -> tensor<2x3x4xf32>
  %c = edge.transpose %a {permutation = array<i64: 2, 1, 0>} : (tensor<3x4x2xf32>) -> tensor<2x4x3xf32>
  return %b, %c : tensor<2x3x4xf32>, tensor<2x4x3xf32>
}

// -----

// Only dimensions of extent 1 move.
// CHECK-LABEL: func.func @unit_dimensions
// CHECK-NEXT: edge.reshape %{{.+}} : (tensor<1x8x1x4xf32>) -> tensor<8x4x1x1xf32>
// CHECK-NEXT: edge.transpose %{{.+}} {permutation = array<i64: 0, 2, 3, 1>}
func.func @unit_dimensions(%x: tensor<1x8x1x4xf32>) -> (tensor<8x4x1x1xf32>, tensor<1x1x4x8xf32>) {
  %a = edge.transpose %x {permutation = array<i64: 1, 3, 0, 2>} : (tensor<1x8x1x4xf32>) -> tensor<8x4x1x1xf32>
  %b = edge.transpose %x {permutation = array<i64: 0, 2, 3, 1>} : (tensor<1x8x1x4xf32>) -> tensor<1x1x4x8xf32>
  return %a, %b : tensor<8x4x1x1xf32>, tensor<1x1x4x8xf32>
}

// -----

// Elements 8, 6, 4, 2 of x, of which the first and third.
// CHECK-LABEL: func.func @slices
// CHECK-SAME: (%[[X:.+]]: tensor<10xf32>)
// CHECK-NEXT: edge.slice %[[X]] {sizes = array<i64: 2>, starts = array<i64: 8>, steps = array<i64: -4>}
func.func @slices(%x: tensor<10xf32>) -> tensor<2xf32> {
  %a = edge.slice %x {starts = array<i64: 8>, sizes = array<i64: 4>, steps = array<i64: -2>}
      : (tensor<10xf32>) -> tensor<4xf32>
  %b = edge.slice %a {starts = array<i64: 0>, sizes = array<i64: 2>, steps = array<i64: 2>}
      : (tensor<4xf32>) -> tensor<2xf32>
  return %b : tensor<2xf32>
}

// -----

// CHECK-LABEL: func.func @known_condition
// CHECK-SAME: (%[[X:.+]]: tensor<4xf32>)
// CHECK-NEXT: %[[Y:.+]] = edge.relu %[[X]]
// CHECK-NEXT: return %[[Y]]
func.func @known_condition(%x: tensor<4xf32>) -> tensor<4xf32> {
  %c = edge.constant dense<false> : tensor<1xi1>
  %r = edge.if %c : (tensor<1xi1>) -> tensor<4xf32> {
    edge.yield %x : tensor<4xf32>
  } else {
    %y = edge.relu %x : tensor<4xf32>
    edge.yield %y : tensor<4xf32>
  }
  return %r : tensor<4xf32>
}
