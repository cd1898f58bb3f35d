// RUN: edgec-opt %s --edge-fold-constants | FileCheck %s --check-prefixes=CHECK,DEFAULT
// RUN: edgec-opt %s --edge-fold-constants="fold-dequantize=false" | FileCheck %s --check-prefixes=CHECK,QUANTIZED
// RUN: edgec-opt %s --edge-fold-constants="max-elements=2" | FileCheck %s --check-prefixes=CHECK,SMALL
// RUN: edgec-opt %s --edge-fold-constants="fold-low-bits=false" | FileCheck %s --check-prefix=LOWBITS

// CHECK-LABEL: func.func @dequantize
// DEFAULT-NEXT: edge.constant dense<[2.000000e+00, 4.000000e+00, 6.000000e+00]> : tensor<3xf32>
// DEFAULT-NEXT: return
// QUANTIZED: edge.dequantize
// SMALL: edge.dequantize
func.func @dequantize() -> tensor<3xf32> {
  %w = edge.constant dense<[3, 4, 5]> : tensor<3xi8>
  %s = edge.constant dense<2.0> : tensor<f32>
  %z = edge.constant dense<2> : tensor<i8>
  %d = edge.dequantize %w, %s, %z : (tensor<3xi8>, tensor<f32>, tensor<i8>) -> tensor<3xf32>
  return %d : tensor<3xf32>
}

// A shape computation is small.
// CHECK-LABEL: func.func @shape
// DEFAULT-NEXT: edge.constant dense<12> : tensor<i64>
// QUANTIZED-NEXT: edge.constant dense<12> : tensor<i64>
// SMALL-NEXT: edge.constant dense<12> : tensor<i64>
func.func @shape() -> tensor<i64> {
  %a = edge.constant dense<[3, 4]> : tensor<2xi64>
  %b = edge.reduce <prod> %a {axes = array<i64: 0>, keep_dims = false} : (tensor<2xi64>) -> tensor<i64>
  return %b : tensor<i64>
}

// Inside a region, from values outside.
// CHECK-LABEL: func.func @regions
// CHECK: edge.if
// CHECK-NEXT: edge.constant dense<3.000000e+00>
// CHECK-NEXT: edge.yield
func.func @regions(%c: tensor<i1>, %x: tensor<f32>) -> tensor<f32> {
  %a = edge.constant dense<1.0> : tensor<f32>
  %b = edge.constant dense<2.0> : tensor<f32>
  %r = edge.if %c : (tensor<i1>) -> tensor<f32> {
    %sum = edge.add %a, %b : (tensor<f32>, tensor<f32>) -> tensor<f32>
    edge.yield %sum : tensor<f32>
  } else {
    edge.yield %x : tensor<f32>
  }
  return %r : tensor<f32>
}

// Constants without uses go.
// CHECK-LABEL: func.func @unused
// CHECK-NEXT: return
func.func @unused() {
  %a = edge.constant dense<1.0> : tensor<f32>
  return
}

// A splat of a terabyte is not written out.
// CHECK-LABEL: func.func @huge
// CHECK: edge.reduce
func.func @huge() -> tensor<f32> {
  %a = edge.constant dense<1.0> : tensor<274877906944xf32>
  %b = edge.reduce <max> %a {axes = array<i64: 0>, keep_dims = false} : (tensor<274877906944xf32>) -> tensor<f32>
  return %b : tensor<f32>
}

// Weights that a kernel multiplies with floats; those that are not i8 without
// their zero points, and those that are not multiplied, are folded.
// LOWBITS-LABEL: func.func @low_bits
// LOWBITS: %[[W:.+]] = edge.dequantize
// LOWBITS-NOT: edge.dequantize
// LOWBITS: edge.matmul %{{.+}}, %[[W]]
func.func @low_bits(%x: tensor<1x2xf32>) -> (tensor<1x2xf32>, tensor<1x2xf32>, tensor<2x2xf32>) {
  %s = edge.constant dense<0.5> : tensor<f32>
  %z = edge.constant dense<0> : tensor<i8>
  %w = edge.constant dense<[[7, -8], [3, 1]]> : tensor<2x2xi8>
  %v = edge.constant dense<[[8, -8], [3, 1]]> : tensor<2x2xi8>
  %far = edge.constant dense<127> : tensor<i8>
  %dw = edge.dequantize %w, %s, %z : (tensor<2x2xi8>, tensor<f32>, tensor<i8>) -> tensor<2x2xf32>
  %dv = edge.dequantize %v, %s, %far : (tensor<2x2xi8>, tensor<f32>, tensor<i8>) -> tensor<2x2xf32>
  %d = edge.dequantize %w, %s, %z : (tensor<2x2xi8>, tensor<f32>, tensor<i8>) -> tensor<2x2xf32>
  %y = edge.matmul %x, %dw : (tensor<1x2xf32>, tensor<2x2xf32>) -> tensor<1x2xf32>
  %u = edge.matmul %x, %dv : (tensor<1x2xf32>, tensor<2x2xf32>) -> tensor<1x2xf32>
  return %y, %u, %d : tensor<1x2xf32>, tensor<1x2xf32>, tensor<2x2xf32>
}
