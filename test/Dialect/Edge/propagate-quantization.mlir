// RUN: edgec-opt %s --edge-propagate-quantization --split-input-file | FileCheck %s

// Bytes are moved, and both conversions with them until they meet.
// CHECK-LABEL: func.func @moves
// CHECK-SAME: (%[[X:.+]]: tensor
// CHECK-NOT: quantize
// CHECK: %[[R:.+]] = edge.reshape %[[X]] : (tensor<1x4x4x4xui8>) -> tensor<1x2x2x4x4xui8>
// CHECK: %[[T:.+]] = edge.transpose %[[R]] {{.*}} : (tensor<1x2x2x4x4xui8>)
// CHECK: %[[S:.+]] = edge.slice %[[T]] {{.*}} : (tensor<1x2x2x4x4xui8>)
// CHECK: %[[F:.+]] = edge.reshape %[[S]] : (tensor<1x1x2x4x4xui8>) -> tensor<1x2x4x4xui8>
// CHECK: %[[M:.+]] = edge.max_pool %[[F]] {{.*}} : (tensor<1x2x4x4xui8>) -> tensor<1x2x3x3xui8>
// CHECK: return %[[M]]
func.func @moves(%x: tensor<1x4x4x4xui8>) -> tensor<1x2x3x3xui8> {
  %s = edge.constant dense<0.5> : tensor<f32>
  %z = edge.constant dense<3> : tensor<ui8>
  %f = edge.dequantize %x, %s, %z : (tensor<1x4x4x4xui8>, tensor<f32>, tensor<ui8>) -> tensor<1x4x4x4xf32>
  %0 = edge.reshape %f : (tensor<1x4x4x4xf32>) -> tensor<1x2x2x4x4xf32>
  %1 = edge.transpose %0 {permutation = array<i64: 0, 2, 1, 3, 4>} : (tensor<1x2x2x4x4xf32>) -> tensor<1x2x2x4x4xf32>
  %2 = edge.slice %1 {starts = array<i64: 0, 1, 0, 0, 0>, sizes = array<i64: 1, 1, 2, 4, 4>, steps = array<i64: 1, 1, 1, 1, 1>}
      : (tensor<1x2x2x4x4xf32>) -> tensor<1x1x2x4x4xf32>
  %3 = edge.reshape %2 : (tensor<1x1x2x4x4xf32>) -> tensor<1x2x4x4xf32>
  %4 = edge.max_pool %3 {kernel = array<i64: 2, 2>, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, pads = array<i64: 0, 0, 0, 0>}
      : (tensor<1x2x4x4xf32>) -> tensor<1x2x3x3xf32>
  %q = edge.quantize %4, %s, %z : (tensor<1x2x3x3xf32>, tensor<f32>, tensor<ui8>) -> tensor<1x2x3x3xui8>
  return %q : tensor<1x2x3x3xui8>
}

// -----

// Of two scales one is changed, before the tensors are joined. The relu is the
// lower end of the quantized range.
// CHECK-LABEL: func.func @concat
// CHECK-SAME: (%[[X:.+]]: tensor<{{.+}}>, %[[Y:.+]]: tensor
// CHECK-DAG: %[[ONE:.+]] = edge.constant dense<1.000000e+00>
// CHECK-DAG: %[[HALF:.+]] = edge.constant dense<5.000000e-01>
// CHECK-DAG: %[[D:.+]] = edge.dequantize %[[Y]], %[[ONE]],
// CHECK-DAG: %[[Q:.+]] = edge.quantize %[[D]], %[[HALF]],
// CHECK-DAG: %[[C:.+]] = edge.concat %[[X]], %[[Q]] {{.*}} -> tensor<1x4xui8>
// CHECK: return %[[C]]
func.func @concat(%x: tensor<1x2xui8>, %y: tensor<1x2xui8>) -> tensor<1x4xui8> {
  %s = edge.constant dense<0.5> : tensor<f32>
  %t = edge.constant dense<1.0> : tensor<f32>
  %z = edge.constant dense<0> : tensor<ui8>
  %a = edge.dequantize %x, %s, %z : (tensor<1x2xui8>, tensor<f32>, tensor<ui8>) -> tensor<1x2xf32>
  %b = edge.dequantize %y, %t, %z : (tensor<1x2xui8>, tensor<f32>, tensor<ui8>) -> tensor<1x2xf32>
  %c = edge.concat %a, %b {axis = 1 : i64} : (tensor<1x2xf32>, tensor<1x2xf32>) -> tensor<1x4xf32>
  %r = edge.relu %c : tensor<1x4xf32>
  %q = edge.quantize %r, %s, %z : (tensor<1x4xf32>, tensor<f32>, tensor<ui8>) -> tensor<1x4xui8>
  return %q : tensor<1x4xui8>
}

// -----

// A border of zeros is one of zero points; one of -2.0 is four steps lower; no
// integer stands for 0.3.
// CHECK-LABEL: func.func @pad
// CHECK-DAG: %[[Z:.+]] = edge.constant dense<-5> : tensor<i8>
// CHECK-DAG: %[[V:.+]] = edge.constant dense<-9> : tensor<i8>
// CHECK-DAG: edge.pad %{{.+}}, %[[Z]] {{.*}} -> tensor<4xi8>
// CHECK-DAG: edge.pad %{{.+}}, %[[V]] {{.*}} -> tensor<4xi8>
// CHECK-DAG: edge.pad %{{.+}}, %{{.+}} {{.*}} -> tensor<4xf32>
func.func @pad(%x: tensor<2xi8>) -> (tensor<4xf32>, tensor<4xf32>, tensor<4xf32>) {
  %s = edge.constant dense<0.5> : tensor<f32>
  %z = edge.constant dense<-5> : tensor<i8>
  %two = edge.constant dense<-2.0> : tensor<f32>
  %odd = edge.constant dense<0.3> : tensor<f32>
  %f = edge.dequantize %x, %s, %z : (tensor<2xi8>, tensor<f32>, tensor<i8>) -> tensor<2xf32>
  %0 = edge.pad %f {low = array<i64: 1>, high = array<i64: 1>} : (tensor<2xf32>) -> tensor<4xf32>
  %1 = edge.pad %f, %two {low = array<i64: 1>, high = array<i64: 1>} : (tensor<2xf32>, tensor<f32>) -> tensor<4xf32>
  %2 = edge.pad %f, %odd {low = array<i64: 1>, high = array<i64: 1>} : (tensor<2xf32>, tensor<f32>) -> tensor<4xf32>
  return %0, %1, %2 : tensor<4xf32>, tensor<4xf32>, tensor<4xf32>
}

// -----

// A table is stored as integers, and dequantized where it is read.
// CHECK-LABEL: func.func @gather
// CHECK: %[[G:.+]] = edge.gather {{.*}} : (tensor<3x2xi8>, tensor<1xi64>) -> tensor<1x2xi8>
// CHECK: edge.dequantize %[[G]]
func.func @gather(%i: tensor<1xi64>) -> tensor<1x2xf32> {
  %t = edge.constant dense<[[1, 2], [3, 4], [5, 6]]> : tensor<3x2xi8>
  %s = edge.constant dense<0.5> : tensor<f32>
  %z = edge.constant dense<0> : tensor<i8>
  %f = edge.dequantize %t, %s, %z : (tensor<3x2xi8>, tensor<f32>, tensor<i8>) -> tensor<3x2xf32>
  %0 = edge.gather %f, %i {axis = 0 : i64} : (tensor<3x2xf32>, tensor<1xi64>) -> tensor<1x2xf32>
  return %0 : tensor<1x2xf32>
}

// -----

// Both ways, what is repeated is repeated as integers.
// CHECK-LABEL: func.func @broadcast
// CHECK: %[[B:.+]] = edge.broadcast %{{.+}} : (tensor<2x1xui8>) -> tensor<2x3xui8>
// CHECK: edge.dequantize %[[B]]
// CHECK: %[[Q:.+]] = edge.quantize %{{.+}} -> tensor<2x1xui8>
// CHECK: edge.broadcast %[[Q]] : (tensor<2x1xui8>) -> tensor<2x3xui8>
func.func @broadcast(%x: tensor<2x1xui8>, %y: tensor<2x1xf32>) -> (tensor<2x3xf32>, tensor<2x3xui8>) {
  %s = edge.constant dense<0.5> : tensor<f32>
  %z = edge.constant dense<3> : tensor<ui8>
  %f = edge.dequantize %x, %s, %z : (tensor<2x1xui8>, tensor<f32>, tensor<ui8>) -> tensor<2x1xf32>
  %0 = edge.broadcast %f : (tensor<2x1xf32>) -> tensor<2x3xf32>
  %b = edge.broadcast %y : (tensor<2x1xf32>) -> tensor<2x3xf32>
  %1 = edge.quantize %b, %s, %z : (tensor<2x3xf32>, tensor<f32>, tensor<ui8>) -> tensor<2x3xui8>
  return %0, %1 : tensor<2x3xf32>, tensor<2x3xui8>
}

// -----

// Not: a scale by channel, and a relu whose zero is inside the range.
// CHECK-LABEL: func.func @stays
// CHECK: edge.transpose %{{.+}} : (tensor<2x3xf32>) -> tensor<3x2xf32>
// CHECK: %[[R:.+]] = edge.relu
// CHECK: edge.quantize %[[R]]
func.func @stays(%x: tensor<2x3xi8>, %y: tensor<2xf32>) -> (tensor<3x2xf32>, tensor<2xui8>) {
  %s = edge.constant dense<[0.5, 1.0]> : tensor<2xf32>
  %z = edge.constant dense<0> : tensor<2xi8>
  %f = edge.dequantize %x, %s, %z : (tensor<2x3xi8>, tensor<2xf32>, tensor<2xi8>) -> tensor<2x3xf32>
  %0 = edge.transpose %f {permutation = array<i64: 1, 0>} : (tensor<2x3xf32>) -> tensor<3x2xf32>
  %one = edge.constant dense<1.0> : tensor<f32>
  %zero = edge.constant dense<1> : tensor<ui8>
  %r = edge.relu %y : tensor<2xf32>
  %q = edge.quantize %r, %one, %zero : (tensor<2xf32>, tensor<f32>, tensor<ui8>) -> tensor<2xui8>
  return %0, %q : tensor<3x2xf32>, tensor<2xui8>
}
