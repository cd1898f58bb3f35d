// RUN: edgec-opt %s --edge-store-activations=left=i8 --split-input-file | FileCheck %s --check-prefixes=CHECK,I8
// RUN: edgec-opt %s --edge-store-activations=left=ui8 --split-input-file | FileCheck %s --check-prefixes=CHECK,UI8
// RUN: edgec-opt %s --edge-store-activations --split-input-file | FileCheck %s --check-prefixes=CHECK,ANY
// RUN: not edgec-opt %s --edge-store-activations=left=i4 2>&1 | FileCheck %s --check-prefix=TYPE
// TYPE: error: left operands cannot be stored as 'i4': use left=i8, left=ui8 or left=any

// Both conversions move by 128.
// CHECK-LABEL: func.func @unsigned
// I8-DAG: %[[Z:.+]] = edge.constant dense<-125> : tensor<i8>
// I8: edge.quantize %{{.+}}, %{{.+}}, %[[Z]] : {{.*}} -> tensor<4x2xi8>
// I8: edge.dequantize {{.*}} : (tensor<4x2xi8>, tensor<f32>, tensor<i8>) -> tensor<4x2xf32>
// UI8: edge.quantize {{.*}} -> tensor<4x2xui8>
// UI8: edge.dequantize {{.*}} : (tensor<4x2xui8>, tensor<f32>, tensor<ui8>) -> tensor<4x2xf32>
func.func @unsigned(%x: tensor<4x2xf32>, %w: tensor<2x3xf32>) -> tensor<4x3xf32> {
  %s = edge.constant dense<0.5> : tensor<f32>
  %z = edge.constant dense<3> : tensor<ui8>
  %q = edge.quantize %x, %s, %z : (tensor<4x2xf32>, tensor<f32>, tensor<ui8>) -> tensor<4x2xui8>
  %d = edge.dequantize %q, %s, %z : (tensor<4x2xui8>, tensor<f32>, tensor<ui8>) -> tensor<4x2xf32>
  %m = edge.matmul %d, %w : (tensor<4x2xf32>, tensor<2x3xf32>) -> tensor<4x3xf32>
  return %m : tensor<4x3xf32>
}

// -----

// CHECK-LABEL: func.func @signed
// I8: edge.quantize {{.*}} -> tensor<4x2xi8>
// UI8-DAG: %[[Z:.+]] = edge.constant dense<125> : tensor<ui8>
// UI8: edge.quantize %{{.+}}, %{{.+}}, %[[Z]] : {{.*}} -> tensor<4x2xui8>
// UI8: edge.dequantize {{.*}} : (tensor<4x2xui8>, tensor<f32>, tensor<ui8>) -> tensor<4x2xf32>
func.func @signed(%x: tensor<4x2xf32>, %w: tensor<2x3xf32>) -> tensor<4x3xf32> {
  %s = edge.constant dense<0.5> : tensor<f32>
  %z = edge.constant dense<-3> : tensor<i8>
  %q = edge.quantize %x, %s, %z : (tensor<4x2xf32>, tensor<f32>, tensor<i8>) -> tensor<4x2xi8>
  %d = edge.dequantize %q, %s, %z : (tensor<4x2xi8>, tensor<f32>, tensor<i8>) -> tensor<4x2xf32>
  %m = edge.matmul %d, %w : (tensor<4x2xf32>, tensor<2x3xf32>) -> tensor<4x3xf32>
  return %m : tensor<4x3xf32>
}

// -----

// What is not multiplied stays, and so does what is moved to or from the
// model's interface, or read as integers.
// CHECK-LABEL: func.func @stays
// CHECK: edge.quantize {{.*}} -> tensor<2x2xui8>
// CHECK: edge.quantize {{.*}} -> tensor<2x2xui8>
// CHECK: edge.quantize {{.*}} -> tensor<4xui8>
// CHECK: edge.quantize {{.*}} -> tensor<2x2xi8>
func.func @stays(%x: tensor<2x2xf32>, %i: tensor<4xui8>, %w: tensor<2x2xf32>) -> (tensor<2x2xf32>, tensor<2x2xui8>, tensor<2x2xi8>) {
  %s = edge.constant dense<0.5> : tensor<f32>
  %z = edge.constant dense<7> : tensor<ui8>
  %y = edge.constant dense<7> : tensor<i8>
  %q = edge.quantize %x, %s, %z : (tensor<2x2xf32>, tensor<f32>, tensor<ui8>) -> tensor<2x2xui8>
  %d = edge.dequantize %q, %s, %z : (tensor<2x2xui8>, tensor<f32>, tensor<ui8>) -> tensor<2x2xf32>
  %a = edge.add %d, %w : (tensor<2x2xf32>, tensor<2x2xf32>) -> tensor<2x2xf32>
  %e = edge.dequantize %i, %s, %z : (tensor<4xui8>, tensor<f32>, tensor<ui8>) -> tensor<4xf32>
  %r = edge.reshape %e : (tensor<4xf32>) -> tensor<2x2xf32>
  %p = edge.quantize %r, %s, %z : (tensor<2x2xf32>, tensor<f32>, tensor<ui8>) -> tensor<2x2xui8>
  %f = edge.dequantize %p, %s, %z : (tensor<2x2xui8>, tensor<f32>, tensor<ui8>) -> tensor<2x2xf32>
  %m = edge.matmul %f, %a : (tensor<2x2xf32>, tensor<2x2xf32>) -> tensor<2x2xf32>
  %l = edge.reshape %m : (tensor<2x2xf32>) -> tensor<4xf32>
  %o = edge.quantize %l, %s, %z : (tensor<4xf32>, tensor<f32>, tensor<ui8>) -> tensor<4xui8>
  %n = edge.reshape %o : (tensor<4xui8>) -> tensor<2x2xui8>
  %t = edge.quantize %x, %s, %y : (tensor<2x2xf32>, tensor<f32>, tensor<i8>) -> tensor<2x2xi8>
  return %m, %n, %t : tensor<2x2xf32>, tensor<2x2xui8>, tensor<2x2xi8>
}

// -----

// Joined tensors change with the one that is multiplied.
// CHECK-LABEL: func.func @together
// I8: edge.quantize {{.*}} -> tensor<1x2xi8>
// I8: edge.quantize {{.*}} -> tensor<3x2xi8>
// I8: edge.quantize {{.*}} -> tensor<4x2xi8>
func.func @together(%x: tensor<1x2xf32>, %y: tensor<3x2xf32>, %w: tensor<2x3xf32>) -> tensor<4x3xf32> {
  %s = edge.constant dense<0.5> : tensor<f32>
  %z = edge.constant dense<0> : tensor<ui8>
  %p = edge.quantize %x, %s, %z : (tensor<1x2xf32>, tensor<f32>, tensor<ui8>) -> tensor<1x2xui8>
  %q = edge.quantize %y, %s, %z : (tensor<3x2xf32>, tensor<f32>, tensor<ui8>) -> tensor<3x2xui8>
  %a = edge.dequantize %p, %s, %z : (tensor<1x2xui8>, tensor<f32>, tensor<ui8>) -> tensor<1x2xf32>
  %b = edge.dequantize %q, %s, %z : (tensor<3x2xui8>, tensor<f32>, tensor<ui8>) -> tensor<3x2xf32>
  %c = edge.concat %a, %b {axis = 0 : i64} : (tensor<1x2xf32>, tensor<3x2xf32>) -> tensor<4x2xf32>
  %r = edge.relu %c : tensor<4x2xf32>
  %j = edge.quantize %r, %s, %z : (tensor<4x2xf32>, tensor<f32>, tensor<ui8>) -> tensor<4x2xui8>
  %d = edge.dequantize %j, %s, %z : (tensor<4x2xui8>, tensor<f32>, tensor<ui8>) -> tensor<4x2xf32>
  %m = edge.matmul %d, %w : (tensor<4x2xf32>, tensor<2x3xf32>) -> tensor<4x3xf32>
  return %m : tensor<4x3xf32>
}

// -----

// Zero points that are only known when the model runs stay; so do 16 bits.
// CHECK-LABEL: func.func @unknown
// CHECK: edge.quantize {{.*}} -> tensor<4x2xui8>
// CHECK: edge.quantize {{.*}} -> tensor<4x2xui16>
func.func @unknown(%x: tensor<4x2xf32>, %z: tensor<ui8>, %w: tensor<2x3xf32>) -> (tensor<4x3xf32>, tensor<4x3xf32>) {
  %s = edge.constant dense<0.5> : tensor<f32>
  %v = edge.constant dense<7> : tensor<ui16>
  %q = edge.quantize %x, %s, %z : (tensor<4x2xf32>, tensor<f32>, tensor<ui8>) -> tensor<4x2xui8>
  %d = edge.dequantize %q, %s, %z : (tensor<4x2xui8>, tensor<f32>, tensor<ui8>) -> tensor<4x2xf32>
  %m = edge.matmul %d, %w : (tensor<4x2xf32>, tensor<2x3xf32>) -> tensor<4x3xf32>
  %p = edge.quantize %x, %s, %v : (tensor<4x2xf32>, tensor<f32>, tensor<ui16>) -> tensor<4x2xui16>
  %e = edge.dequantize %p, %s, %v : (tensor<4x2xui16>, tensor<f32>, tensor<ui16>) -> tensor<4x2xf32>
  %n = edge.matmul %e, %w : (tensor<4x2xf32>, tensor<2x3xf32>) -> tensor<4x3xf32>
  return %m, %n : tensor<4x3xf32>, tensor<4x3xf32>
}

// -----

// Channels with zero points of their own that are all the same.
// CHECK-LABEL: func.func @channels
// I8: edge.constant dense<-1> : tensor<2xi8>
// I8: edge.quantize {{.*}} {axis = 1 : i64} {{.*}} -> tensor<3x2xi8>
func.func @channels(%x: tensor<3x2xf32>, %w: tensor<2x3xf32>) -> tensor<3x3xf32> {
  %s = edge.constant dense<[0.5, 0.25]> : tensor<2xf32>
  %z = edge.constant dense<127> : tensor<2xui8>
  %q = edge.quantize %x, %s, %z {axis = 1 : i64} : (tensor<3x2xf32>, tensor<2xf32>, tensor<2xui8>) -> tensor<3x2xui8>
  %d = edge.dequantize %q, %s, %z {axis = 1 : i64} : (tensor<3x2xui8>, tensor<2xf32>, tensor<2xui8>) -> tensor<3x2xf32>
  %m = edge.matmul %d, %w : (tensor<3x2xf32>, tensor<2x3xf32>) -> tensor<3x3xf32>
  return %m : tensor<3x3xf32>
}

// -----

// Right operands of products are i8 on every target: with the zero points that
// quantizers choose, 0 is their zero point then.
// CHECK-LABEL: func.func @product
// I8: edge.quantize {{.*}} -> tensor<2x3xi8>
// UI8: edge.quantize {{.*}} -> tensor<2x3xui8>
// ANY: edge.quantize {{.*}} -> tensor<2x3xui8>
// CHECK: %[[Z:.+]] = edge.constant dense<0> : tensor<i8>
// CHECK: edge.quantize %{{.+}}, %{{.+}}, %[[Z]] : {{.*}} -> tensor<2x3xi8>
func.func @product(%x: tensor<2x3xf32>, %y: tensor<2x3xf32>) -> tensor<2x2xf32> {
  %s = edge.constant dense<0.5> : tensor<f32>
  %z = edge.constant dense<128> : tensor<ui8>
  %p = edge.quantize %x, %s, %z : (tensor<2x3xf32>, tensor<f32>, tensor<ui8>) -> tensor<2x3xui8>
  %q = edge.quantize %y, %s, %z : (tensor<2x3xf32>, tensor<f32>, tensor<ui8>) -> tensor<2x3xui8>
  %a = edge.dequantize %p, %s, %z : (tensor<2x3xui8>, tensor<f32>, tensor<ui8>) -> tensor<2x3xf32>
  %b = edge.dequantize %q, %s, %z : (tensor<2x3xui8>, tensor<f32>, tensor<ui8>) -> tensor<2x3xf32>
  %t = edge.transpose %b {permutation = array<i64: 1, 0>} : (tensor<2x3xf32>) -> tensor<3x2xf32>
  %m = edge.matmul %a, %t : (tensor<2x3xf32>, tensor<3x2xf32>) -> tensor<2x2xf32>
  return %m : tensor<2x2xf32>
}

// -----

// What stands on both sides is as the left one is taken, if that is i8.
// CHECK-LABEL: func.func @both
// I8: edge.quantize {{.*}} -> tensor<2x2xi8>
// UI8: edge.quantize {{.*}} -> tensor<2x2xui8>
// ANY: edge.quantize {{.*}} -> tensor<2x2xui8>
func.func @both(%x: tensor<2x2xf32>) -> tensor<2x2xf32> {
  %s = edge.constant dense<0.5> : tensor<f32>
  %z = edge.constant dense<128> : tensor<ui8>
  %p = edge.quantize %x, %s, %z : (tensor<2x2xf32>, tensor<f32>, tensor<ui8>) -> tensor<2x2xui8>
  %a = edge.dequantize %p, %s, %z : (tensor<2x2xui8>, tensor<f32>, tensor<ui8>) -> tensor<2x2xf32>
  %m = edge.matmul %a, %a : (tensor<2x2xf32>, tensor<2x2xf32>) -> tensor<2x2xf32>
  return %m : tensor<2x2xf32>
}
