// RUN: edgec-opt %s --edge-pack-weights | FileCheck %s
// RUN: edgec-opt %s --edge-pack-weights --edge-fold-constants | FileCheck %s --check-prefix=SAME

// The first element stands in the lowest bits.
// CHECK-LABEL: func.func @product
// CHECK: %[[P:.+]] = edge.constant dense<[33, 143, 11]> : tensor<3xui8>
// CHECK: %[[W:.+]] = edge.unpack %[[P]] {bits = 4 : i64} : (tensor<3xui8>) -> tensor<5x1xi8>
// CHECK: edge.matmul %{{.+}}, %[[W]]
// SAME-LABEL: func.func @product
// SAME: edge.constant dense<{{.}}[1], [2], [-1], [-8], [-5]]> : tensor<5x1xi8>
func.func @product(%x: tensor<1x5xui8>) -> tensor<1x1xi32> {
  %w = edge.constant dense<[[1], [2], [-1], [-8], [-5]]> : tensor<5x1xi8>
  %y = edge.matmul %x, %w : (tensor<1x5xui8>, tensor<5x1xi8>) -> tensor<1x1xi32>
  return %y : tensor<1x1xi32>
}

// Values from -2 to 1 need two bits. Both readers share them.
// CHECK-LABEL: func.func @two_bits
// CHECK: %[[P:.+]] = edge.constant dense<[177, 2]> : tensor<2xui8>
// CHECK: %[[W:.+]] = edge.unpack %[[P]] {bits = 2 : i64}
// CHECK-NOT: edge.unpack
// CHECK: edge.conv %{{.+}}, %[[W]]
// CHECK: edge.conv %{{.+}}, %[[W]]
// SAME-LABEL: func.func @two_bits
// SAME: edge.constant dense<{{.*}}1{{.*}}0{{.*}}-1{{.*}}-2{{.*}}-2{{.*}}0{{.*}}> : tensor<2x3x1xi8>
func.func @two_bits(%x: tensor<1x3x5xi8>) -> (tensor<1x2x5xi32>, tensor<1x2x5xi32>) {
  %w = edge.constant dense<[[[1], [0], [-1]], [[-2], [-2], [0]]]> : tensor<2x3x1xi8>
  %y = edge.conv %x, %w {strides = array<i64: 1>, dilations = array<i64: 1>, pads = array<i64: 0, 0>,
    groups = 1 : i64} : (tensor<1x3x5xi8>, tensor<2x3x1xi8>) -> tensor<1x2x5xi32>
  %z = edge.conv %x, %w {strides = array<i64: 1>, dilations = array<i64: 1>, pads = array<i64: 0, 0>,
    groups = 1 : i64} : (tensor<1x3x5xi8>, tensor<2x3x1xi8>) -> tensor<1x2x5xi32>
  return %y, %z : tensor<1x2x5xi32>, tensor<1x2x5xi32>
}

// Zero points are subtracted; scales stay where they are.
// CHECK-LABEL: func.func @floats
// CHECK-DAG: %[[S:.+]] = edge.constant dense<[5.000000e-01, 2.000000e+00]> : tensor<2xf32>
// CHECK-DAG: %[[P:.+]] = edge.constant dense<[40, 71]> : tensor<2xui8>
// CHECK-DAG: %[[W:.+]] = edge.unpack %[[P]] {bits = 4 : i64} : (tensor<2xui8>) -> tensor<2x2xi8>
// CHECK-DAG: %[[Z:.+]] = edge.constant dense<0> : tensor<i8>
// CHECK: %[[F:.+]] = edge.dequantize %[[W]], %[[S]], %[[Z]] {axis = 1 : i64}
// CHECK: edge.matmul %{{.+}}, %[[F]]
// SAME-LABEL: func.func @floats
// SAME: edge.constant dense<{{.}}[-4.000000e+00, 4.000000e+00], [3.500000e+00, 8.000000e+00]]> : tensor<2x2xf32>
func.func @floats(%x: tensor<1x2xf32>) -> tensor<1x2xf32> {
  %w = edge.constant dense<[[0, 12], [15, 14]]> : tensor<2x2xui8>
  %s = edge.constant dense<[0.5, 2.0]> : tensor<2xf32>
  %z = edge.constant dense<[8, 10]> : tensor<2xui8>
  %f = edge.dequantize %w, %s, %z {axis = 1 : i64} : (tensor<2x2xui8>, tensor<2xf32>, tensor<2xui8>) -> tensor<2x2xf32>
  %y = edge.matmul %x, %f : (tensor<1x2xf32>, tensor<2x2xf32>) -> tensor<1x2xf32>
  return %y : tensor<1x2xf32>
}

// Blocks along the contracted dimension, of which the last is shorter.
// CHECK-LABEL: func.func @blocks
// CHECK: edge.unpack
// CHECK: edge.dequantize {{.*}} {axis = 1 : i64, block_size = 4 : i64}
func.func @blocks(%x: tensor<1x5xf32>) -> tensor<1x2xf32> {
  %w = edge.constant dense<[[0, 1, 2, 3, 4], [5, 6, 7, -8, -7]]> : tensor<2x5xi8>
  %s = edge.constant dense<[[0.5, 2.0], [1.0, 4.0]]> : tensor<2x2xf32>
  %z = edge.constant dense<0> : tensor<i8>
  %f = edge.dequantize %w, %s, %z {axis = 1 : i64, block_size = 4 : i64} : (tensor<2x5xi8>, tensor<2x2xf32>, tensor<i8>) -> tensor<2x5xf32>
  %y = edge.matmul %x, %f {transpose_rhs} : (tensor<1x5xf32>, tensor<2x5xf32>) -> tensor<1x2xf32>
  return %y : tensor<1x2xf32>
}

// Bytes that are dequantized lose their zero points only.
// CHECK-LABEL: func.func @bytes
// CHECK-DAG: %[[W:.+]] = edge.constant dense<{{.}}[-128, 82], [15, 14]]> : tensor<2x2xi8>
// CHECK-DAG: %[[Z:.+]] = edge.constant dense<0> : tensor<i8>
// CHECK: edge.dequantize %[[W]], %{{.+}}, %[[Z]] {axis = 1 : i64}
func.func @bytes(%x: tensor<1x2xf32>) -> tensor<1x2xf32> {
  %w = edge.constant dense<[[0, 200], [143, 132]]> : tensor<2x2xui8>
  %s = edge.constant dense<[0.5, 2.0]> : tensor<2xf32>
  %z = edge.constant dense<[128, 118]> : tensor<2xui8>
  %f = edge.dequantize %w, %s, %z {axis = 1 : i64} : (tensor<2x2xui8>, tensor<2xf32>, tensor<2xui8>) -> tensor<2x2xf32>
  %y = edge.matmul %x, %f : (tensor<1x2xf32>, tensor<2x2xf32>) -> tensor<1x2xf32>
  return %y : tensor<1x2xf32>
}

// Constants of one value, and those that have one without their zero points.
// CHECK-LABEL: func.func @uniform
// CHECK-DAG: edge.constant dense<170> : tensor<1xui8>
// CHECK-DAG: edge.constant dense<221> : tensor<2xui8>
// CHECK-DAG: edge.unpack {{.*}}bits = 4
// CHECK-DAG: edge.unpack {{.*}}bits = 2
func.func @uniform(%x: tensor<2x2xi8>, %v: tensor<2x2xf32>) -> (tensor<2x2xi32>, tensor<2x2xf32>) {
  %splat = edge.constant dense<-2> : tensor<2x2xi8>
  %a = edge.matmul %x, %splat : (tensor<2x2xi8>, tensor<2x2xi8>) -> tensor<2x2xi32>
  %s = edge.constant dense<[0.5, 2.0]> : tensor<2xf32>
  %z = edge.constant dense<[6, 7]> : tensor<2xi8>
  %same = edge.constant dense<[[3, 4], [3, 4]]> : tensor<2x2xi8>
  %f = edge.dequantize %same, %s, %z {axis = 1 : i64} : (tensor<2x2xi8>, tensor<2xf32>, tensor<2xi8>) -> tensor<2x2xf32>
  %b = edge.matmul %v, %f : (tensor<2x2xf32>, tensor<2x2xf32>) -> tensor<2x2xf32>
  return %a, %b : tensor<2x2xi32>, tensor<2x2xf32>
}

// Larger values, depthwise filters, left operands, scales along the contracted
// dimension, blocks that end inside a byte, and blocks of one row.
// CHECK-LABEL: func.func @stays
// CHECK-NOT: edge.unpack
func.func @stays(%x: tensor<2x2xi8>, %i: tensor<1x2x5xi8>, %v: tensor<2x2xf32>, %u: tensor<2x1xf32>) -> (tensor<2x2xi32>,
    tensor<1x2x5xi32>, tensor<2x2xi32>, tensor<2x2xf32>, tensor<2x2xf32>, tensor<2x2xf32>) {
  %large = edge.constant dense<[[1, 8], [0, 0]]> : tensor<2x2xi8>
  %a = edge.matmul %x, %large : (tensor<2x2xi8>, tensor<2x2xi8>) -> tensor<2x2xi32>
  %filter = edge.constant dense<[[[1]], [[2]]]> : tensor<2x1x1xi8>
  %c = edge.conv %i, %filter {strides = array<i64: 1>, dilations = array<i64: 1>, pads = array<i64: 0, 0>,
    groups = 2 : i64} : (tensor<1x2x5xi8>, tensor<2x1x1xi8>) -> tensor<1x2x5xi32>
  %small = edge.constant dense<[[1, 2], [3, 4]]> : tensor<2x2xi8>
  %d = edge.matmul %small, %x : (tensor<2x2xi8>, tensor<2x2xi8>) -> tensor<2x2xi32>
  %s = edge.constant dense<[0.5, 2.0]> : tensor<2xf32>
  %z = edge.constant dense<0> : tensor<i8>
  %f = edge.dequantize %small, %s, %z {axis = 0 : i64} : (tensor<2x2xi8>, tensor<2xf32>, tensor<i8>) -> tensor<2x2xf32>
  %e = edge.matmul %v, %f : (tensor<2x2xf32>, tensor<2x2xf32>) -> tensor<2x2xf32>
  %t = edge.constant dense<[[0.5, 2.0]]> : tensor<1x2xf32>
  %g = edge.dequantize %small, %t, %z {axis = 0 : i64, block_size = 2 : i64} : (tensor<2x2xi8>, tensor<1x2xf32>, tensor<i8>) -> tensor<2x2xf32>
  %h = edge.matmul %v, %g : (tensor<2x2xf32>, tensor<2x2xf32>) -> tensor<2x2xf32>
  %row = edge.constant dense<[[1, 2]]> : tensor<1x2xi8>
  %i0 = edge.dequantize %row, %t, %z {axis = 0 : i64, block_size = 4 : i64} : (tensor<1x2xi8>, tensor<1x2xf32>, tensor<i8>) -> tensor<1x2xf32>
  %j = edge.matmul %u, %i0 : (tensor<2x1xf32>, tensor<1x2xf32>) -> tensor<2x2xf32>
  return %a, %c, %d, %e, %h, %j : tensor<2x2xi32>, tensor<1x2x5xi32>, tensor<2x2xi32>, tensor<2x2xf32>, tensor<2x2xf32>, tensor<2x2xf32>
}
