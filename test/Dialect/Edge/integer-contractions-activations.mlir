// RUN: edgec-opt %s --edge-store-activations --edge-integer-contractions --split-input-file | FileCheck %s

// Of two activations, the right one as i8, with zero point -8: sums
// of rows are multiplied by 8, those of columns by -3, and 4 * 3 * -8 added.
// CHECK-LABEL: func.func @activations
// CHECK-SAME: (%[[A:.+]]: tensor<2x3x4xui8>, %[[X:.+]]: tensor<4x5xf32>)
// CHECK-DAG: %[[Z:.+]] = edge.constant dense<-8> : tensor<i8>
// CHECK-DAG: %[[EIGHT:.+]] = edge.constant dense<8> : tensor<i32>
// CHECK-DAG: %[[THREE:.+]] = edge.constant dense<-3> : tensor<i32>
// CHECK-DAG: %[[REST:.+]] = edge.constant dense<-96> : tensor<i32>
// CHECK-DAG: %[[S:.+]] = edge.constant dense<1.250000e-01> : tensor<f32>
// CHECK-DAG: %[[B:.+]] = edge.quantize %[[X]], %{{.+}}, %[[Z]] : {{.*}} -> tensor<4x5xi8>
// CHECK-DAG: %[[P:.+]] = edge.matmul %[[A]], %[[B]] : {{.*}} -> tensor<2x3x5xi32>
// CHECK-DAG: %[[ROWS:.+]] = edge.reduce <sum> %{{.+}} {axes = array<i64: 2>, keep_dims = true} : {{.*}} -> tensor<2x3x1xi32>
// CHECK-DAG: %[[R:.+]] = edge.mul %[[ROWS]], %[[EIGHT]]
// CHECK-DAG: %[[PR:.+]] = edge.add %[[P]], %[[R]]
// CHECK-DAG: %[[COLUMNS:.+]] = edge.reduce <sum> %{{.+}} {axes = array<i64: 0>, keep_dims = true} : {{.*}} -> tensor<1x5xi32>
// CHECK-DAG: %[[C:.+]] = edge.mul %[[COLUMNS]], %[[THREE]]
// CHECK-DAG: %[[PRC:.+]] = edge.add %[[PR]], %[[C]]
// CHECK-DAG: %[[SUM:.+]] = edge.add %[[PRC]], %[[REST]]
// CHECK: edge.dequantize %[[SUM]], %[[S]]
func.func @activations(%x: tensor<2x3x4xui8>, %y: tensor<4x5xf32>) -> tensor<2x3x5xf32> {
  %sx = edge.constant dense<0.5> : tensor<f32>
  %zx = edge.constant dense<3> : tensor<ui8>
  %sy = edge.constant dense<0.25> : tensor<f32>
  %zy = edge.constant dense<120> : tensor<ui8>
  %a = edge.dequantize %x, %sx, %zx : (tensor<2x3x4xui8>, tensor<f32>, tensor<ui8>) -> tensor<2x3x4xf32>
  %q = edge.quantize %y, %sy, %zy : (tensor<4x5xf32>, tensor<f32>, tensor<ui8>) -> tensor<4x5xui8>
  %b = edge.dequantize %q, %sy, %zy : (tensor<4x5xui8>, tensor<f32>, tensor<ui8>) -> tensor<4x5xf32>
  %p = edge.matmul %a, %b : (tensor<2x3x4xf32>, tensor<4x5xf32>) -> tensor<2x3x5xf32>
  return %p : tensor<2x3x5xf32>
}

// -----

// Zero points of zero add nothing. A tensor that others read as ui8 stays so,
// and sums of a transposed operand's rows lie across.
// CHECK-LABEL: func.func @shared
// CHECK-SAME: (%[[A:.+]]: tensor<4x3xui8>, %[[X:.+]]: tensor<5x4xf32>)
// CHECK: %[[B:.+]] = edge.quantize %[[X]], {{.*}} -> tensor<5x4xui8>
// CHECK: %[[P:.+]] = edge.matmul %[[A]], %[[B]] {transpose_lhs, transpose_rhs}
// CHECK: %[[SUMS:.+]] = edge.reduce <sum> %{{.+}} {axes = array<i64: 0>, keep_dims = true} : (tensor<4x3xi32>) -> tensor<1x3xi32>
// CHECK: %[[ROWS:.+]] = edge.reshape %[[SUMS]] : (tensor<1x3xi32>) -> tensor<3x1xi32>
// CHECK: %[[R:.+]] = edge.mul %[[ROWS]]
// CHECK: %[[SUM:.+]] = edge.add %[[P]], %[[R]]
// CHECK: edge.dequantize %[[SUM]]
func.func @shared(%x: tensor<4x3xui8>, %y: tensor<5x4xf32>) -> (tensor<3x5xf32>, tensor<5x4xui8>) {
  %s = edge.constant dense<0.5> : tensor<f32>
  %zx = edge.constant dense<0> : tensor<ui8>
  %zy = edge.constant dense<120> : tensor<ui8>
  %a = edge.dequantize %x, %s, %zx : (tensor<4x3xui8>, tensor<f32>, tensor<ui8>) -> tensor<4x3xf32>
  %q = edge.quantize %y, %s, %zy : (tensor<5x4xf32>, tensor<f32>, tensor<ui8>) -> tensor<5x4xui8>
  %b = edge.dequantize %q, %s, %zy : (tensor<5x4xui8>, tensor<f32>, tensor<ui8>) -> tensor<5x4xf32>
  %p = edge.matmul %a, %b {transpose_lhs, transpose_rhs} : (tensor<4x3xf32>, tensor<5x4xf32>) -> tensor<3x5xf32>
  return %p, %q : tensor<3x5xf32>, tensor<5x4xui8>
}
