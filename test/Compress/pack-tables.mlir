// RUN: edgec-opt %s --edge-pack-weights | FileCheck %s

// A byte holds an element of each half of the row, the first in its lower bits.
// CHECK-LABEL: func.func @four
// CHECK-SAME: (%[[I:.+]]: tensor<2x3xi64>)
// CHECK: %[[P:.+]] = edge.constant dense<{{.}}[217, 234, 251, 12], [81, 98, 115, 148], {{.+}}> : tensor<8x4xui8>
// CHECK: %[[R:.+]] = edge.gather %[[P]], %[[I]] {axis = 0 : i64} : (tensor<8x4xui8>, tensor<2x3xi64>) -> tensor<2x3x4xui8>
// CHECK: %[[L:.+]] = edge.reshape %[[R]] : (tensor<2x3x4xui8>) -> tensor<24xui8>
// CHECK: %[[U:.+]] = edge.unpack %[[L]] {bits = 4 : i64} : (tensor<24xui8>) -> tensor<6x4x2xi8>
// CHECK: %[[T:.+]] = edge.transpose %[[U]] {permutation = array<i64: 0, 2, 1>} : (tensor<6x4x2xi8>) -> tensor<6x2x4xi8>
// CHECK: %[[Y:.+]] = edge.reshape %[[T]] : (tensor<6x2x4xi8>) -> tensor<2x3x8xi8>
// CHECK: return %[[Y]]
func.func @four(%i: tensor<2x3xi64>) -> tensor<2x3x8xi8> {
  %w = edge.constant dense<[[-7, -6, -5, -4, -3, -2, -1, 0], [1, 2, 3, 4, 5, 6, 7, -7], [-6, -5, -4, -3, -2, -1, 0, 1], [2, 3, 4, 5, 6, 7, -7, -6], [-5, -4, -3, -2, -1, 0, 1, 2], [3, 4, 5, 6, 7, -7, -6, -5], [-4, -3, -2, -1, 0, 1, 2, 3], [4, 5, 6, 7, -7, -6, -5, -4]]> : tensor<8x8xi8>
  %y = edge.gather %w, %i {axis = 0 : i64} : (tensor<8x8xi8>, tensor<2x3xi64>) -> tensor<2x3x8xi8>
  return %y : tensor<2x3x8xi8>
}

// Quarters, for all that read the table.
// CHECK-LABEL: func.func @two
// CHECK: %[[P:.+]] = edge.constant dense<{{.}}[199, 28], {{.+}}> : tensor<8x2xui8>
// CHECK-NOT: edge.constant
// CHECK: edge.gather %[[P]], %{{.+}} -> tensor<2xui8>
// CHECK: edge.unpack %{{.+}} {bits = 2 : i64} : (tensor<2xui8>) -> tensor<1x2x4xi8>
// CHECK: edge.gather %[[P]],
// CHECK: edge.unpack %{{.+}} {bits = 2 : i64} : (tensor<6xui8>) -> tensor<3x2x4xi8>
func.func @two(%i: tensor<i64>, %j: tensor<3xi32>) -> (tensor<2x4xi8>, tensor<3x2x4xi8>) {
  %w = edge.constant dense<[[[-1, 0, 1, -1], [0, 1, -1, 0]], [[0, 1, -1, 0], [1, -1, 0, 1]], [[1, -1, 0, 1], [-1, 0, 1, -1]], [[-1, 0, 1, -1], [0, 1, -1, 0]], [[0, 1, -1, 0], [1, -1, 0, 1]], [[1, -1, 0, 1], [-1, 0, 1, -1]], [[-1, 0, 1, -1], [0, 1, -1, 0]], [[0, 1, -1, 0], [1, -1, 0, 1]]]> : tensor<8x2x4xi8>
  %y = edge.gather %w, %i {axis = 0 : i64} : (tensor<8x2x4xi8>, tensor<i64>) -> tensor<2x4xi8>
  %z = edge.gather %w, %j {axis = 0 : i64} : (tensor<8x2x4xi8>, tensor<3xi32>) -> tensor<3x2x4xi8>
  return %y, %z : tensor<2x4xi8>, tensor<3x2x4xi8>
}

// Left as they are: rows that are no whole bytes, columns, values of 8 bits,
// small tables, and what is no constant.
// CHECK-LABEL: func.func @others
// CHECK-NOT: edge.unpack
// CHECK: return
func.func @others(%i: tensor<3xi64>, %x: tensor<8x8xi8>) -> (tensor<3x9xi8>, tensor<8x3xi8>, tensor<3x8xi8>, tensor<3x2xi8>, tensor<3x8xi8>) {
  %odd = edge.constant dense<[[-7, -6, -5, -4, -3, -2, -1, 0, 1], [2, 3, 4, 5, 6, 7, -7, -6, -5], [-4, -3, -2, -1, 0, 1, 2, 3, 4], [5, 6, 7, -7, -6, -5, -4, -3, -2], [-1, 0, 1, 2, 3, 4, 5, 6, 7], [-7, -6, -5, -4, -3, -2, -1, 0, 1], [2, 3, 4, 5, 6, 7, -7, -6, -5], [-4, -3, -2, -1, 0, 1, 2, 3, 4]]> : tensor<8x9xi8>
  %w = edge.constant dense<[[-7, -6, -5, -4, -3, -2, -1, 0], [1, 2, 3, 4, 5, 6, 7, -7], [-6, -5, -4, -3, -2, -1, 0, 1], [2, 3, 4, 5, 6, 7, -7, -6], [-5, -4, -3, -2, -1, 0, 1, 2], [3, 4, 5, 6, 7, -7, -6, -5], [-4, -3, -2, -1, 0, 1, 2, 3], [4, 5, 6, 7, -7, -6, -5, -4]]> : tensor<8x8xi8>
  %wide = edge.constant dense<[[-126, -108, -90, -72, -54, -36, -18, 0], [18, 36, 54, 72, 90, 108, 126, -126], [-108, -90, -72, -54, -36, -18, 0, 18], [36, 54, 72, 90, 108, 126, -126, -108], [-90, -72, -54, -36, -18, 0, 18, 36], [54, 72, 90, 108, 126, -126, -108, -90], [-72, -54, -36, -18, 0, 18, 36, 54], [72, 90, 108, 126, -126, -108, -90, -72]]> : tensor<8x8xi8>
  %few = edge.constant dense<[[1, 2], [3, 4]]> : tensor<2x2xi8>
  %0 = edge.gather %odd, %i {axis = 0 : i64} : (tensor<8x9xi8>, tensor<3xi64>) -> tensor<3x9xi8>
  %1 = edge.gather %w, %i {axis = 1 : i64} : (tensor<8x8xi8>, tensor<3xi64>) -> tensor<8x3xi8>
  %2 = edge.gather %wide, %i {axis = 0 : i64} : (tensor<8x8xi8>, tensor<3xi64>) -> tensor<3x8xi8>
  %3 = edge.gather %few, %i {axis = 0 : i64} : (tensor<2x2xi8>, tensor<3xi64>) -> tensor<3x2xi8>
  %4 = edge.gather %x, %i {axis = 0 : i64} : (tensor<8x8xi8>, tensor<3xi64>) -> tensor<3x8xi8>
  return %0, %1, %2, %3, %4 : tensor<3x9xi8>, tensor<8x3xi8>, tensor<3x8xi8>, tensor<3x2xi8>, tensor<3x8xi8>
}
