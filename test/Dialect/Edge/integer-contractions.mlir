// RUN: edgec-opt %s --edge-integer-contractions --edge-merge-scales --split-input-file | FileCheck %s

// bias = -3 * [1 - 2, 3 + 4] + [10, 20], scales = 0.5 * [0.25, 0.5] / 0.125.
// CHECK-LABEL: func.func @conv
// CHECK-SAME: (%[[X:.+]]: tensor
// CHECK-DAG: %[[W:.+]] = edge.constant dense<{{.*}}> : tensor<2x2x1x1xi8>
// CHECK-DAG: %[[B:.+]] = edge.constant dense<[13, -1]> : tensor<2xi32>
// CHECK-DAG: %[[S:.+]] = edge.constant dense<[1.000000e+00, 2.000000e+00]> : tensor<2xf32>
// CHECK-DAG: %[[ZERO:.+]] = edge.constant dense<0> : tensor<i32>
// CHECK-DAG: %[[ONE:.+]] = edge.constant dense<1.000000e+00> : tensor<f32>
// CHECK-DAG: %[[Z:.+]] = edge.constant dense<0> : tensor<ui8>
// CHECK-DAG: %[[SUMS:.+]] = edge.conv %[[X]], %[[W]], %[[B]] {{.*}} -> tensor<1x2x4x4xi32>
// CHECK-DAG: %[[D:.+]] = edge.dequantize %[[SUMS]], %[[S]], %[[ZERO]] {axis = 1 : i64}
// CHECK-DAG: %[[Q:.+]] = edge.quantize %[[D]], %[[ONE]], %[[Z]]
// CHECK: return %[[Q]]
func.func @conv(%x: tensor<1x2x4x4xui8>) -> tensor<1x2x4x4xui8> {
  %sx = edge.constant dense<0.5> : tensor<f32>
  %zx = edge.constant dense<3> : tensor<ui8>
  %xf = edge.dequantize %x, %sx, %zx : (tensor<1x2x4x4xui8>, tensor<f32>, tensor<ui8>) -> tensor<1x2x4x4xf32>
  %w = edge.constant dense<[[[[1]], [[-2]]], [[[3]], [[4]]]]> : tensor<2x2x1x1xi8>
  %sw = edge.constant dense<[0.25, 0.5]> : tensor<2xf32>
  %zw = edge.constant dense<0> : tensor<2xi8>
  %wf = edge.dequantize %w, %sw, %zw : (tensor<2x2x1x1xi8>, tensor<2xf32>, tensor<2xi8>) -> tensor<2x2x1x1xf32>
  %b = edge.constant dense<[10, 20]> : tensor<2xi32>
  %sb = edge.constant dense<[0.125, 0.25]> : tensor<2xf32>
  %zb = edge.constant dense<0> : tensor<2xi32>
  %bf = edge.dequantize %b, %sb, %zb : (tensor<2xi32>, tensor<2xf32>, tensor<2xi32>) -> tensor<2xf32>
  %y = edge.conv %xf, %wf, %bf {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>,
      pads = array<i64: 0, 0, 0, 0>, groups = 1 : i64}
      : (tensor<1x2x4x4xf32>, tensor<2x2x1x1xf32>, tensor<2xf32>) -> tensor<1x2x4x4xf32>
  // The quantized range starts at zero too.
  %r = edge.relu %y : tensor<1x2x4x4xf32>
  %sy = edge.constant dense<0.125> : tensor<f32>
  %zy = edge.constant dense<0> : tensor<ui8>
  %q = edge.quantize %r, %sy, %zy : (tensor<1x2x4x4xf32>, tensor<f32>, tensor<ui8>) -> tensor<1x2x4x4xui8>
  return %q : tensor<1x2x4x4xui8>
}

// -----

// A border of zero points; zero points of the filter go into it.
// CHECK-LABEL: func.func @border
// CHECK-SAME: (%[[X:.+]]: tensor
// CHECK-DAG: %[[W:.+]] = edge.constant dense<{{\[\[\[\[}}-1, 2]]]]> : tensor<1x1x1x2xi8>
// CHECK-DAG: %[[B:.+]] = edge.constant dense<5> : tensor<1xi32>
// CHECK-DAG: %[[FILL:.+]] = edge.constant dense<-5> : tensor<i8>
// CHECK-DAG: %[[P:.+]] = edge.pad %[[X]], %[[FILL]] {high = array<i64: 0, 0, 0, 1>, low = array<i64: 0, 0, 0, 0>}
// CHECK-DAG: edge.conv %[[P]], %[[W]], %[[B]] {{.*}}pads = array<i64: 0, 0, 0, 0>
func.func @border(%x: tensor<1x1x4x4xi8>) -> tensor<1x1x4x4xf32> {
  %sx = edge.constant dense<0.5> : tensor<f32>
  %zx = edge.constant dense<-5> : tensor<i8>
  %xf = edge.dequantize %x, %sx, %zx : (tensor<1x1x4x4xi8>, tensor<f32>, tensor<i8>) -> tensor<1x1x4x4xf32>
  %w = edge.constant dense<[[[[127, 130]]]]> : tensor<1x1x1x2xui8>
  %zw = edge.constant dense<128> : tensor<ui8>
  %wf = edge.dequantize %w, %sx, %zw : (tensor<1x1x1x2xui8>, tensor<f32>, tensor<ui8>) -> tensor<1x1x1x2xf32>
  %y = edge.conv %xf, %wf {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>,
      pads = array<i64: 0, 0, 0, 1>, groups = 1 : i64}
      : (tensor<1x1x4x4xf32>, tensor<1x1x1x2xf32>) -> tensor<1x1x4x4xf32>
  return %y : tensor<1x1x4x4xf32>
}

// -----

// A bias in floats comes after the sums.
// CHECK-LABEL: func.func @float_bias
// CHECK-SAME: (%[[X:.+]]: tensor<{{.+}}>, %[[B:.+]]: tensor
// CHECK-DAG: %[[SUMS:.+]] = edge.conv %{{[^,]+}}, %{{[^,]+}} {
// CHECK-DAG: %[[D:.+]] = edge.dequantize %[[SUMS]]
// CHECK-DAG: %[[R:.+]] = edge.reshape %[[B]] : (tensor<1xf32>) -> tensor<1x1x1xf32>
// CHECK-DAG: edge.add %[[D]], %[[R]]
func.func @float_bias(%x: tensor<1x1x4x4xui8>, %b: tensor<1xf32>) -> tensor<1x1x4x4xf32> {
  %sx = edge.constant dense<0.5> : tensor<f32>
  %zx = edge.constant dense<0> : tensor<ui8>
  %xf = edge.dequantize %x, %sx, %zx : (tensor<1x1x4x4xui8>, tensor<f32>, tensor<ui8>) -> tensor<1x1x4x4xf32>
  %w = edge.constant dense<1> : tensor<1x1x1x1xi8>
  %zw = edge.constant dense<0> : tensor<i8>
  %wf = edge.dequantize %w, %sx, %zw : (tensor<1x1x1x1xi8>, tensor<f32>, tensor<i8>) -> tensor<1x1x1x1xf32>
  %y = edge.conv %xf, %wf, %b {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>,
      pads = array<i64: 0, 0, 0, 0>, groups = 1 : i64}
      : (tensor<1x1x4x4xf32>, tensor<1x1x1x1xf32>, tensor<1xf32>) -> tensor<1x1x4x4xf32>
  return %y : tensor<1x1x4x4xf32>
}

// -----

// Through a reshape; the clamp's bounds become steps of 0.5: 6 / 0.5.
// CHECK-LABEL: func.func @matmul
// CHECK-SAME: (%[[X:.+]]: tensor
// CHECK-DAG: %[[B:.+]] = edge.constant dense<[99, -2]> : tensor<2xi32>
// CHECK-DAG: %[[R:.+]] = edge.reshape %[[X]] : (tensor<1x2x1xui8>) -> tensor<1x2xui8>
// CHECK-DAG: %[[SUMS:.+]] = edge.matmul %[[R]], %{{.+}} : (tensor<1x2xui8>, tensor<2x2xi8>) -> tensor<1x2xi32>
// CHECK-DAG: %[[A:.+]] = edge.add %[[SUMS]], %[[B]]
// CHECK-DAG: %[[D:.+]] = edge.dequantize %[[A]], %{{.+}} {axis = 1 : i64}
// CHECK-DAG: %[[C:.+]] = edge.clamp %[[D]] {max = 1.200000e+01 : f64, min = 0xFFF0000000000000 : f64}
// CHECK-DAG: edge.quantize %[[C]]
func.func @matmul(%x: tensor<1x2x1xui8>) -> tensor<1x2xui8> {
  %sx = edge.constant dense<0.5> : tensor<f32>
  %zx = edge.constant dense<1> : tensor<ui8>
  %xf = edge.dequantize %x, %sx, %zx : (tensor<1x2x1xui8>, tensor<f32>, tensor<ui8>) -> tensor<1x2x1xf32>
  %flat = edge.reshape %xf : (tensor<1x2x1xf32>) -> tensor<1x2xf32>
  %w = edge.constant dense<[[-3, 1], [4, 1]]> : tensor<2x2xi8>
  %sw = edge.constant dense<[0.5, 0.25]> : tensor<2xf32>
  %zw = edge.constant dense<0> : tensor<2xi8>
  %wf = edge.dequantize %w, %sw, %zw {axis = 1 : i64} : (tensor<2x2xi8>, tensor<2xf32>, tensor<2xi8>) -> tensor<2x2xf32>
  %b = edge.constant dense<[100, 0]> : tensor<2xi32>
  %sb = edge.constant dense<[0.25, 0.125]> : tensor<2xf32>
  %zb = edge.constant dense<0> : tensor<i32>
  %bf = edge.dequantize %b, %sb, %zb : (tensor<2xi32>, tensor<2xf32>, tensor<i32>) -> tensor<2xf32>
  %m = edge.matmul %flat, %wf : (tensor<1x2xf32>, tensor<2x2xf32>) -> tensor<1x2xf32>
  %y = edge.add %m, %bf : (tensor<1x2xf32>, tensor<2xf32>) -> tensor<1x2xf32>
  %c = edge.clamp %y {min = 0.0 : f64, max = 6.0 : f64} : tensor<1x2xf32>
  %zy = edge.constant dense<0> : tensor<ui8>
  %q = edge.quantize %c, %sx, %zy : (tensor<1x2xf32>, tensor<f32>, tensor<ui8>) -> tensor<1x2xui8>
  return %q : tensor<1x2xui8>
}

// -----

// Not: scales by input channel; an asymmetric filter that leaves i8's range.
// CHECK-LABEL: func.func @stays
// CHECK: edge.matmul %{{.+}} : (tensor<1x2xf32>, tensor<2x2xf32>) -> tensor<1x2xf32>
// CHECK: edge.matmul %{{.+}} : (tensor<1x2xf32>, tensor<2x2xf32>) -> tensor<1x2xf32>
func.func @stays(%x: tensor<1x2xui8>) -> (tensor<1x2xf32>, tensor<1x2xf32>) {
  %s = edge.constant dense<0.5> : tensor<f32>
  %z = edge.constant dense<0> : tensor<ui8>
  %xf = edge.dequantize %x, %s, %z : (tensor<1x2xui8>, tensor<f32>, tensor<ui8>) -> tensor<1x2xf32>
  %w = edge.constant dense<[[200, 1], [4, 1]]> : tensor<2x2xui8>
  %sw = edge.constant dense<[0.5, 0.25]> : tensor<2xf32>
  %zw = edge.constant dense<1> : tensor<2xui8>
  %rows = edge.dequantize %w, %sw, %zw {axis = 0 : i64} : (tensor<2x2xui8>, tensor<2xf32>, tensor<2xui8>) -> tensor<2x2xf32>
  %wide = edge.dequantize %w, %s, %zw {axis = 1 : i64} : (tensor<2x2xui8>, tensor<f32>, tensor<2xui8>) -> tensor<2x2xf32>
  %0 = edge.matmul %xf, %rows : (tensor<1x2xf32>, tensor<2x2xf32>) -> tensor<1x2xf32>
  %1 = edge.matmul %xf, %wide : (tensor<1x2xf32>, tensor<2x2xf32>) -> tensor<1x2xf32>
  return %0, %1 : tensor<1x2xf32>, tensor<1x2xf32>
}
