// RUN: edgec-opt %s --edge-merge-scales --split-input-file | FileCheck %s

// Sums of a contraction in steps of 0.5, and the clamp's upper bound as well;
// its lower one is where the range begins.
// CHECK-LABEL: func.func @clamped
// CHECK-SAME: (%[[X:.+]]: tensor
// CHECK-DAG: %[[ONE:.+]] = edge.constant dense<1.000000e+00> : tensor<f32>
// CHECK-DAG: %[[SX:.+]] = edge.constant dense<[5.000000e-01, 4.000000e+00]> : tensor<2xf32>
// CHECK-DAG: %[[A:.+]] = edge.dequantize %[[X]], %[[SX]], %{{.+}} {axis = 1 : i64}
// CHECK-DAG: %[[C:.+]] = edge.clamp %[[A]] {max = 1.200000e+01 : f64, min = 0xFFF0000000000000 : f64}
// CHECK-DAG: %[[Q:.+]] = edge.quantize %[[C]], %[[ONE]]
// CHECK: return %[[Q]]
func.func @clamped(%x: tensor<1x2xi32>) -> tensor<1x2xui8> {
  %sx = edge.constant dense<[0.25, 2.0]> : tensor<2xf32>
  %zx = edge.constant dense<0> : tensor<i32>
  %a = edge.dequantize %x, %sx, %zx {axis = 1 : i64} : (tensor<1x2xi32>, tensor<2xf32>, tensor<i32>) -> tensor<1x2xf32>
  %c = edge.clamp %a {min = 0.0 : f64, max = 6.0 : f64} : tensor<1x2xf32>
  %t = edge.constant dense<0.5> : tensor<f32>
  %z = edge.constant dense<0> : tensor<ui8>
  %q = edge.quantize %c, %t, %z : (tensor<1x2xf32>, tensor<f32>, tensor<ui8>) -> tensor<1x2xui8>
  return %q : tensor<1x2xui8>
}

// -----

// A batch normalisation between quantized tensors: one scale by channel, which
// may be negative, and one sum.
// CHECK-LABEL: func.func @affine
// CHECK-SAME: (%[[X:.+]]: tensor
// CHECK-DAG: %[[S:.+]] = edge.constant dense<[2.000000e+00, -1.000000e+00]> : tensor<2xf32>
// CHECK-DAG: %[[B:.+]] = edge.constant dense<{{\[\[}}2.000000e+01], [4.000000e+01]]> : tensor<2x1xf32>
// CHECK-DAG: %[[D:.+]] = edge.dequantize %[[X]], %[[S]], %{{.+}} {axis = 1 : i64}
// CHECK-DAG: %[[A:.+]] = edge.add %[[D]], %[[B]]
// CHECK-DAG: edge.quantize %[[A]]
func.func @affine(%x: tensor<1x2x3xi8>) -> tensor<1x2x3xi8> {
  %s = edge.constant dense<0.5> : tensor<f32>
  %z = edge.constant dense<4> : tensor<i8>
  %f = edge.dequantize %x, %s, %z : (tensor<1x2x3xi8>, tensor<f32>, tensor<i8>) -> tensor<1x2x3xf32>
  %scale = edge.constant dense<[[2.0], [-1.0]]> : tensor<2x1xf32>
  %shift = edge.constant dense<[[10.0], [20.0]]> : tensor<2x1xf32>
  %m = edge.mul %f, %scale : (tensor<1x2x3xf32>, tensor<2x1xf32>) -> tensor<1x2x3xf32>
  %a = edge.add %m, %shift : (tensor<1x2x3xf32>, tensor<2x1xf32>) -> tensor<1x2x3xf32>
  %zq = edge.constant dense<0> : tensor<i8>
  %q = edge.quantize %a, %s, %zq : (tensor<1x2x3xf32>, tensor<f32>, tensor<i8>) -> tensor<1x2x3xi8>
  return %q : tensor<1x2x3xi8>
}

// -----

// A constant factor takes the division; what is inside stays as it is.
// CHECK-LABEL: func.func @factor
// CHECK-DAG: %[[F:.+]] = edge.constant dense<2.500000e-01>
// CHECK-DAG: %[[T:.+]] = edge.tanh
// CHECK-DAG: %[[M:.+]] = edge.mul %[[T]], %[[F]]
// CHECK-DAG: edge.quantize %[[M]], %[[ONE:[^,]+]],
// CHECK-DAG: %[[ONE]] = edge.constant dense<1.000000e+00>
func.func @factor(%x: tensor<4xf32>) -> tensor<4xi8> {
  %half = edge.constant dense<0.5> : tensor<f32>
  %two = edge.constant dense<2.0> : tensor<f32>
  %z = edge.constant dense<0> : tensor<i8>
  %0 = edge.tanh %x : tensor<4xf32>
  %1 = edge.mul %0, %half : (tensor<4xf32>, tensor<f32>) -> tensor<4xf32>
  %q = edge.quantize %1, %two, %z : (tensor<4xf32>, tensor<f32>, tensor<i8>) -> tensor<4xi8>
  return %q : tensor<4xi8>
}

// -----

// Not: a float from outside is divided exactly; sums with a second reader
// would have to be stored; two activations are added as the model says.
// CHECK-LABEL: func.func @stays
// CHECK-DAG: %[[TWO:.+]] = edge.constant dense<2.000000e+00>
// CHECK-DAG: edge.quantize %{{.+}}, %[[TWO]]
// CHECK-DAG: edge.quantize %{{.+}}, %[[TWO]]
// CHECK-DAG: edge.quantize %{{.+}}, %[[TWO]]
func.func @stays(%x: tensor<4xf32>, %sums: tensor<4xi32>, %y: tensor<4xi8>)
    -> (tensor<4xi8>, tensor<4xi8>, tensor<4xf32>, tensor<4xi8>) {
  %two = edge.constant dense<2.0> : tensor<f32>
  %z = edge.constant dense<0> : tensor<i8>
  %wide = edge.constant dense<0> : tensor<i32>
  %q = edge.quantize %x, %two, %z : (tensor<4xf32>, tensor<f32>, tensor<i8>) -> tensor<4xi8>
  %a = edge.dequantize %sums, %two, %wide : (tensor<4xi32>, tensor<f32>, tensor<i32>) -> tensor<4xf32>
  %r = edge.quantize %a, %two, %z : (tensor<4xf32>, tensor<f32>, tensor<i8>) -> tensor<4xi8>
  %b = edge.dequantize %y, %two, %z : (tensor<4xi8>, tensor<f32>, tensor<i8>) -> tensor<4xf32>
  %c = edge.add %b, %b : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %t = edge.quantize %c, %two, %z : (tensor<4xf32>, tensor<f32>, tensor<i8>) -> tensor<4xi8>
  return %q, %r, %a, %t : tensor<4xi8>, tensor<4xi8>, tensor<4xf32>, tensor<4xi8>
}
