// RUN: edgec-opt %s --edge-propagate-quantization | FileCheck %s

// Rows and their scales are gathered, and nothing else becomes floats.
// CHECK-LABEL: func.func @rows
// CHECK-SAME: (%[[I:.+]]: tensor<1x3xi64>)
// CHECK-DAG: %[[Q:.+]] = edge.constant {{.*}} : tensor<2x4xi8>
// CHECK-DAG: %[[S:.+]] = edge.constant {{.*}} : tensor<2xf32>
// CHECK-DAG: %[[Z:.+]] = edge.constant dense<0> : tensor<i8>
// CHECK-DAG: %[[ROWS:.+]] = edge.gather %[[Q]], %[[I]] {axis = 0 : i64} : (tensor<2x4xi8>, tensor<1x3xi64>) -> tensor<1x3x4xi8>
// CHECK-DAG: %[[J:.+]] = edge.reshape %[[I]] : (tensor<1x3xi64>) -> tensor<3xi64>
// CHECK-DAG: %[[SCALES:.+]] = edge.gather %[[S]], %[[J]] {axis = 0 : i64} : (tensor<2xf32>, tensor<3xi64>) -> tensor<3xf32>
// CHECK: %[[Y:.+]] = edge.dequantize %[[ROWS]], %[[SCALES]], %[[Z]] {axis = 1 : i64}
// CHECK: return %[[Y]]
func.func @rows(%i: tensor<1x3xi64>) -> tensor<1x3x4xf32> {
  %q = edge.constant dense<[[1, 2, 3, 4], [5, 6, 7, 8]]> : tensor<2x4xi8>
  %s = edge.constant dense<[0.5, 2.0]> : tensor<2xf32>
  %z = edge.constant dense<0> : tensor<2xi8>
  %f = edge.dequantize %q, %s, %z : (tensor<2x4xi8>, tensor<2xf32>, tensor<2xi8>) -> tensor<2x4xf32>
  %y = edge.gather %f, %i {axis = 0 : i64} : (tensor<2x4xf32>, tensor<1x3xi64>) -> tensor<1x3x4xf32>
  return %y : tensor<1x3x4xf32>
}

// Of one index, one scale.
// CHECK-LABEL: func.func @scalar
// CHECK-SAME: (%[[I:.+]]: tensor<i32>)
// CHECK-DAG: %[[ROW:.+]] = edge.gather %{{.+}}, %[[I]] {axis = 0 : i64} : (tensor<2x4xui8>, tensor<i32>) -> tensor<4xui8>
// CHECK-DAG: %[[S:.+]] = edge.gather %{{.+}}, %[[I]] {axis = 0 : i64} : (tensor<2xf32>, tensor<i32>) -> tensor<f32>
// CHECK-DAG: %[[Z:.+]] = edge.constant dense<9> : tensor<ui8>
// CHECK: edge.dequantize %[[ROW]], %[[S]], %[[Z]]
func.func @scalar(%i: tensor<i32>) -> tensor<4xf32> {
  %q = edge.constant dense<[[1, 2, 3, 4], [5, 6, 7, 8]]> : tensor<2x4xui8>
  %s = edge.constant dense<[0.5, 2.0]> : tensor<2xf32>
  %z = edge.constant dense<9> : tensor<2xui8>
  %f = edge.dequantize %q, %s, %z : (tensor<2x4xui8>, tensor<2xf32>, tensor<2xui8>) -> tensor<2x4xf32>
  %y = edge.gather %f, %i {axis = 0 : i64} : (tensor<2x4xf32>, tensor<i32>) -> tensor<4xf32>
  return %y : tensor<4xf32>
}

// Indices of several dimensions become a vector. Zero points that differ are
// gathered as well.
// CHECK-LABEL: func.func @several
// CHECK-SAME: (%[[I:.+]]: tensor<2x3xi64>)
// CHECK: %[[J:.+]] = edge.reshape %[[I]] : (tensor<2x3xi64>) -> tensor<6xi64>
// CHECK-DAG: %[[ROWS:.+]] = edge.gather %{{.+}}, %[[J]] {axis = 0 : i64} : (tensor<2x2x2xi8>, tensor<6xi64>) -> tensor<6x2x2xi8>
// CHECK-DAG: %[[S:.+]] = edge.gather %{{.+}}, %[[J]] {axis = 0 : i64} : (tensor<2xf16>, tensor<6xi64>) -> tensor<6xf16>
// CHECK-DAG: %[[Z:.+]] = edge.gather %{{.+}}, %[[J]] {axis = 0 : i64} : (tensor<2xi8>, tensor<6xi64>) -> tensor<6xi8>
// CHECK: %[[F:.+]] = edge.dequantize %[[ROWS]], %[[S]], %[[Z]] : (tensor<6x2x2xi8>, tensor<6xf16>, tensor<6xi8>)
// CHECK: edge.reshape %[[F]] : (tensor<6x2x2xf16>) -> tensor<2x3x2x2xf16>
func.func @several(%i: tensor<2x3xi64>) -> tensor<2x3x2x2xf16> {
  %q = edge.constant dense<[[[1, 2], [3, 4]], [[5, 6], [7, 8]]]> : tensor<2x2x2xi8>
  %s = edge.constant dense<[0.5, 2.0]> : tensor<2xf16>
  %z = edge.constant dense<[1, -1]> : tensor<2xi8>
  %f = edge.dequantize %q, %s, %z : (tensor<2x2x2xi8>, tensor<2xf16>, tensor<2xi8>) -> tensor<2x2x2xf16>
  %y = edge.gather %f, %i {axis = 0 : i64} : (tensor<2x2x2xf16>, tensor<2x3xi64>) -> tensor<2x3x2x2xf16>
  return %y : tensor<2x3x2x2xf16>
}

// Columns of a table with a scale a row, rows of one with a scale a column, and
// what is computed at run time stay.
// CHECK-LABEL: func.func @others
// CHECK-COUNT-3: edge.dequantize
// CHECK-COUNT-3: edge.gather {{.*}}xf32>, tensor<3xi64>)
func.func @others(%i: tensor<3xi64>, %x: tensor<2x4xi8>) -> (tensor<2x3xf32>, tensor<3x4xf32>, tensor<3x4xf32>) {
  %q = edge.constant dense<[[1, 2, 3, 4], [5, 6, 7, 8]]> : tensor<2x4xi8>
  %s = edge.constant dense<[0.5, 2.0]> : tensor<2xf32>
  %t = edge.constant dense<[0.5, 2.0, 0.25, 1.0]> : tensor<4xf32>
  %z = edge.constant dense<0> : tensor<i8>
  %f = edge.dequantize %q, %s, %z : (tensor<2x4xi8>, tensor<2xf32>, tensor<i8>) -> tensor<2x4xf32>
  %g = edge.dequantize %q, %t, %z {axis = 1 : i64} : (tensor<2x4xi8>, tensor<4xf32>, tensor<i8>) -> tensor<2x4xf32>
  %h = edge.dequantize %x, %s, %z : (tensor<2x4xi8>, tensor<2xf32>, tensor<i8>) -> tensor<2x4xf32>
  %0 = edge.gather %f, %i {axis = 1 : i64} : (tensor<2x4xf32>, tensor<3xi64>) -> tensor<2x3xf32>
  %1 = edge.gather %g, %i {axis = 0 : i64} : (tensor<2x4xf32>, tensor<3xi64>) -> tensor<3x4xf32>
  %2 = edge.gather %h, %i {axis = 0 : i64} : (tensor<2x4xf32>, tensor<3xi64>) -> tensor<3x4xf32>
  return %0, %1, %2 : tensor<2x3xf32>, tensor<3x4xf32>, tensor<3x4xf32>
}
