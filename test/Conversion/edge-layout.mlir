// RUN: edgec-opt --edge-layout --split-input-file %s | FileCheck %s

// Between convolutions no transpose is left, neither on the skip connection.

// CHECK-LABEL: func.func @residual
// CHECK-SAME: %[[X:.*]]: tensor<1x8x6x6xf32>
// CHECK: %[[T:.*]] = edge.transpose %[[X]] {permutation = array<i64: 0, 2, 3, 1>}
// CHECK-NOT: edge.transpose
// CHECK: %[[A:.*]] = edge.conv %[[T]]
// CHECK: %[[R:.*]] = edge.relu %[[A]] : tensor<1x6x6x8xf32>
// CHECK: %[[B:.*]] = edge.conv %[[R]]
// CHECK: %[[S:.*]] = edge.add %[[B]], %[[T]]
// CHECK: %[[P:.*]] = edge.max_pool %[[S]] {{.*}}layout = #edge.layout<nhwc>
// CHECK: %[[U:.*]] = edge.transpose %[[P]] {permutation = array<i64: 0, 3, 1, 2>}
// CHECK: return %[[U]]
func.func @residual(%x: tensor<1x8x6x6xf32>, %w: tensor<8x8x1x1xf32>) -> tensor<1x8x3x3xf32> {
  %a = edge.conv %x, %w {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, pads = array<i64: 0, 0, 0, 0>, groups = 1 : i64}
      : (tensor<1x8x6x6xf32>, tensor<8x8x1x1xf32>) -> tensor<1x8x6x6xf32>
  %r = edge.relu %a : tensor<1x8x6x6xf32>
  %b = edge.conv %r, %w {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, pads = array<i64: 0, 0, 0, 0>, groups = 1 : i64}
      : (tensor<1x8x6x6xf32>, tensor<8x8x1x1xf32>) -> tensor<1x8x6x6xf32>
  %s = edge.add %b, %x : (tensor<1x8x6x6xf32>, tensor<1x8x6x6xf32>) -> tensor<1x8x6x6xf32>
  %p = edge.max_pool %s {kernel = array<i64: 2, 2>, strides = array<i64: 2, 2>, dilations = array<i64: 1, 1>, pads = array<i64: 0, 0, 0, 0>}
      : (tensor<1x8x6x6xf32>) -> tensor<1x8x3x3xf32>
  return %p : tensor<1x8x3x3xf32>
}

// -----

// One channel: a reshape is enough. Flattening: the weights' rows move.

// CHECK-LABEL: func.func @flatten
// CHECK-SAME: %[[X:.*]]: tensor<1x1x4x4xf32>
// CHECK: %[[W4:.*]] = edge.constant dense_resource<w> : tensor<2x4x4x10xf32>
// CHECK: %[[T:.*]] = edge.reshape %[[X]] : (tensor<1x1x4x4xf32>) -> tensor<1x4x4x1xf32>
// CHECK: %[[C:.*]] = edge.conv %[[T]]
// CHECK: %[[F:.*]] = edge.reshape %[[C]] : (tensor<1x4x4x2xf32>) -> tensor<1x32xf32>
// CHECK: %[[WT:.*]] = edge.transpose %[[W4]] {permutation = array<i64: 1, 2, 0, 3>}
// CHECK: %[[W2:.*]] = edge.reshape %[[WT]] : (tensor<4x4x2x10xf32>) -> tensor<32x10xf32>
// CHECK: edge.matmul %[[F]], %[[W2]]
func.func @flatten(%x: tensor<1x1x4x4xf32>, %f: tensor<2x1x1x1xf32>) -> tensor<1x10xf32> {
  %w = edge.constant dense_resource<w> : tensor<32x10xf32>
  %c = edge.conv %x, %f {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, pads = array<i64: 0, 0, 0, 0>, groups = 1 : i64}
      : (tensor<1x1x4x4xf32>, tensor<2x1x1x1xf32>) -> tensor<1x2x4x4xf32>
  %r = edge.reshape %c : (tensor<1x2x4x4xf32>) -> tensor<1x32xf32>
  %y = edge.matmul %r, %w : (tensor<1x32xf32>, tensor<32x10xf32>) -> tensor<1x10xf32>
  return %y : tensor<1x10xf32>
}

// -----

// Integers of weights move as integers, with a scale for each column.

// CHECK-LABEL: func.func @flatten_integers
// CHECK-DAG: %[[W4:.*]] = edge.constant dense_resource<w> : tensor<2x4x4x10xi8>
// CHECK: %[[WT:.*]] = edge.transpose %[[W4]] {permutation = array<i64: 1, 2, 0, 3>}
// CHECK: %[[W2:.*]] = edge.reshape %[[WT]] : (tensor<4x4x2x10xi8>) -> tensor<32x10xi8>
// CHECK: %[[D:.*]] = edge.dequantize %[[W2]], %{{.+}}, %{{.+}} {axis = 1 : i64}
// CHECK: edge.matmul %{{.+}}, %[[D]]
func.func @flatten_integers(%x: tensor<1x1x4x4xf32>, %f: tensor<2x1x1x1xf32>, %s: tensor<10xf32>) -> tensor<1x10xf32> {
  %w = edge.constant dense_resource<w> : tensor<32x10xi8>
  %z = edge.constant dense<0> : tensor<i8>
  %d = edge.dequantize %w, %s, %z {axis = 1 : i64} : (tensor<32x10xi8>, tensor<10xf32>, tensor<i8>) -> tensor<32x10xf32>
  %c = edge.conv %x, %f {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, pads = array<i64: 0, 0, 0, 0>, groups = 1 : i64}
      : (tensor<1x1x4x4xf32>, tensor<2x1x1x1xf32>) -> tensor<1x2x4x4xf32>
  %r = edge.reshape %c : (tensor<1x2x4x4xf32>) -> tensor<1x32xf32>
  %y = edge.matmul %r, %d : (tensor<1x32xf32>, tensor<32x10xf32>) -> tensor<1x10xf32>
  return %y : tensor<1x10xf32>
}

// -----

// Rows that share scales stay together: the image is put in order.

// CHECK-LABEL: func.func @flatten_blocks
// CHECK: edge.dequantize {{.*}}block_size = 4
// CHECK: %[[T:.*]] = edge.transpose %{{.+}} {permutation = array<i64: 0, 3, 1, 2>}
// CHECK: %[[F:.*]] = edge.reshape %[[T]] : (tensor<1x2x4x4xf32>) -> tensor<1x32xf32>
// CHECK: edge.matmul %[[F]]
func.func @flatten_blocks(%x: tensor<1x1x4x4xf32>, %f: tensor<2x1x1x1xf32>, %s: tensor<8x10xf32>) -> tensor<1x10xf32> {
  %w = edge.constant dense_resource<w> : tensor<32x10xi8>
  %z = edge.constant dense<0> : tensor<i8>
  %d = edge.dequantize %w, %s, %z {block_size = 4 : i64} : (tensor<32x10xi8>, tensor<8x10xf32>, tensor<i8>) -> tensor<32x10xf32>
  %c = edge.conv %x, %f {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, pads = array<i64: 0, 0, 0, 0>, groups = 1 : i64}
      : (tensor<1x1x4x4xf32>, tensor<2x1x1x1xf32>) -> tensor<1x2x4x4xf32>
  %r = edge.reshape %c : (tensor<1x2x4x4xf32>) -> tensor<1x32xf32>
  %y = edge.matmul %r, %d : (tensor<1x32xf32>, tensor<32x10xf32>) -> tensor<1x10xf32>
  return %y : tensor<1x10xf32>
}

// -----

// Of a channel shuffle only the shuffle itself is left.

// CHECK-LABEL: func.func @shuffle
// CHECK-SAME: %[[X:.*]]: tensor<1x5x5x6xf32>
// CHECK: %[[S:.*]] = edge.reshape %[[X]] : (tensor<1x5x5x6xf32>) -> tensor<1x5x5x2x3xf32>
// CHECK: %[[T:.*]] = edge.transpose %[[S]] {permutation = array<i64: 0, 1, 2, 4, 3>}
// CHECK: %[[M:.*]] = edge.reshape %[[T]] : (tensor<1x5x5x3x2xf32>) -> tensor<1x5x5x6xf32>
// CHECK: return %[[M]]
func.func @shuffle(%x: tensor<1x5x5x6xf32>) -> tensor<1x5x5x6xf32> {
  %a = edge.transpose %x {permutation = array<i64: 0, 3, 1, 2>} : (tensor<1x5x5x6xf32>) -> tensor<1x6x5x5xf32>
  %s = edge.reshape %a : (tensor<1x6x5x5xf32>) -> tensor<1x2x3x5x5xf32>
  %t = edge.transpose %s {permutation = array<i64: 0, 2, 1, 3, 4>} : (tensor<1x2x3x5x5xf32>) -> tensor<1x3x2x5x5xf32>
  %m = edge.reshape %t : (tensor<1x3x2x5x5xf32>) -> tensor<1x6x5x5xf32>
  %b = edge.transpose %m {permutation = array<i64: 0, 2, 3, 1>} : (tensor<1x6x5x5xf32>) -> tensor<1x5x5x6xf32>
  return %b : tensor<1x5x5x6xf32>
}

// -----

// Axes and per-dimension attributes follow.

// CHECK-LABEL: func.func @axes
// CHECK-SAME: %[[X:.*]]: tensor<1x4x5x6xf32>
// CHECK: edge.slice %[[X]] {sizes = array<i64: 1, 4, 3, 4>, starts = array<i64: 0, 0, 1, 2>
// CHECK: edge.pad %{{.*}} {high = array<i64: 0, 2, 0, 0>, low = array<i64: 0, 1, 0, 0>
// CHECK: edge.concat %{{.*}} {axis = 3 : i64}
// CHECK: edge.softmax %{{.*}} {axis = 3 : i64}
// CHECK: edge.reduce <mean> %{{.*}} {axes = array<i64: 1, 2>, keep_dims = false} : (tensor<1x7x3x8xf32>) -> tensor<1x8xf32>
// CHECK-NOT: edge.transpose
// CHECK: return
func.func @axes(%x: tensor<1x4x5x6xf32>) -> tensor<1x8xf32> {
  %t = edge.transpose %x {permutation = array<i64: 0, 3, 1, 2>} : (tensor<1x4x5x6xf32>) -> tensor<1x6x4x5xf32>
  %s = edge.slice %t {starts = array<i64: 0, 2, 0, 1>, sizes = array<i64: 1, 4, 4, 3>, steps = array<i64: 1, 1, 1, 1>}
      : (tensor<1x6x4x5xf32>) -> tensor<1x4x4x3xf32>
  %p = edge.pad %s {low = array<i64: 0, 0, 1, 0>, high = array<i64: 0, 0, 2, 0>} : (tensor<1x4x4x3xf32>) -> tensor<1x4x7x3xf32>
  %c = edge.concat %p, %p {axis = 1 : i64} : (tensor<1x4x7x3xf32>, tensor<1x4x7x3xf32>) -> tensor<1x8x7x3xf32>
  %m = edge.softmax %c {axis = 1 : i64} : (tensor<1x8x7x3xf32>) -> tensor<1x8x7x3xf32>
  %r = edge.reduce <mean> %m {axes = array<i64: 2, 3>, keep_dims = false} : (tensor<1x8x7x3xf32>) -> tensor<1x8xf32>
  return %r : tensor<1x8xf32>
}

// -----

// A transpose that would need another one for the second operand stays.

// CHECK-LABEL: func.func @stays
// CHECK-SAME: %[[X:.*]]: tensor<2x3xf32>, %[[Y:.*]]: tensor<3x2xf32>
// CHECK: %[[T:.*]] = edge.transpose %[[X]]
// CHECK: edge.add %[[T]], %[[Y]]
func.func @stays(%x: tensor<2x3xf32>, %y: tensor<3x2xf32>) -> tensor<3x2xf32> {
  %t = edge.transpose %x {permutation = array<i64: 1, 0>} : (tensor<2x3xf32>) -> tensor<3x2xf32>
  %s = edge.add %t, %y : (tensor<3x2xf32>, tensor<3x2xf32>) -> tensor<3x2xf32>
  return %s : tensor<3x2xf32>
}
