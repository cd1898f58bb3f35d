// RUN: edgec-opt %s --edge-quantize --canonicalize --split-input-file | FileCheck %s
// RUN: edgec-opt %s --edge-quantize=per-tensor --canonicalize --split-input-file | FileCheck %s --check-prefix=TENSOR
// RUN: edgec-opt %s --edge-quantize=weight-bits=4 --canonicalize --split-input-file | FileCheck %s --check-prefix=BITS4
// RUN: edgec-opt %s --edge-quantize=keep-points --canonicalize --split-input-file | FileCheck %s --check-prefix=POINTS
// RUN: edgec-opt %s --edge-quantize=weight-bits=2 --canonicalize --split-input-file | FileCheck %s --check-prefix=BITS2

// 255 steps from -1 to 1.55: the step is 0.01, and 0 is number 100. Each column
// of the weights has a scale by which its largest magnitude is 127, 7 or 1.
// CHECK-LABEL: func.func @product
// CHECK-DAG: %[[SX:.+]] = edge.constant dense<0.00999999977> : tensor<f32>
// CHECK-DAG: %[[ZX:.+]] = edge.constant dense<100> : tensor<ui8>
// CHECK-DAG: %[[W:.+]] = edge.constant dense<{{\[}}[127, -64], [25, 127]]> : tensor<2x2xi8>
// CHECK-DAG: %[[SW:.+]] = edge.constant dense<[0.00787401571, 0.0157480314]> : tensor<2xf32>
// CHECK: %[[Q:.+]] = edge.quantize %arg0, %[[SX]], %[[ZX]]
// CHECK: %[[X:.+]] = edge.dequantize %[[Q]], %[[SX]], %[[ZX]]
// CHECK: %[[D:.+]] = edge.dequantize %[[W]], %[[SW]], %{{.+}} {axis = 1 : i64}
// CHECK: edge.matmul %[[X]], %[[D]]
// CHECK-NOT: edge.observe
// TENSOR-LABEL: func.func @product
// TENSOR: edge.constant dense<{{\[}}[64, -64], [13, 127]]> : tensor<2x2xi8>
// BITS4-LABEL: func.func @product
// BITS4: edge.constant {edge.bits = 4 : i64} dense<{{\[}}[7, -3], [1, 7]]> : tensor<2x2xi8>
// BITS2-LABEL: func.func @product
// BITS2: edge.constant {edge.bits = 2 : i64} dense<{{\[}}[1, 0], [0, 1]]> : tensor<2x2xi8>
// POINTS-LABEL: func.func @product
// POINTS: %[[X:.+]] = edge.dequantize %{{.+}} : (tensor<1x2xui8>
// POINTS-NEXT: edge.observe %[[X]] {high = {{.+}}, low = {{.+}}, point = 0 : i64}
func.func @product(%x: tensor<1x2xf32>) -> tensor<1x2xf32> {
  %w = edge.constant dense<[[1.0, -1.0], [0.2, 2.0]]> : tensor<2x2xf32>
  edge.observe %x {point = 0 : i64, low = -1.0 : f32, high = 1.55 : f32} : tensor<1x2xf32>
  %y = edge.matmul %x, %w : (tensor<1x2xf32>, tensor<2x2xf32>) -> tensor<1x2xf32>
  return %y : tensor<1x2xf32>
}

// -----

// Sums start from a bias in steps of the products, 0.01 * 1 / 127.
// CHECK-LABEL: func.func @bias
// CHECK-DAG: edge.constant dense<{{\[}}6350, -25400]> : tensor<2xi32>
// CHECK: edge.conv
func.func @bias(%x: tensor<1x1x1x1xf32>) -> tensor<1x2x1x1xf32> {
  %w = edge.constant dense<[[[[1.0]]], [[[-1.0]]]]> : tensor<2x1x1x1xf32>
  %b = edge.constant dense<[0.5, -2.0]> : tensor<2xf32>
  edge.observe %x {point = 0 : i64, low = 0.0 : f32, high = 2.55 : f32} : tensor<1x1x1x1xf32>
  %y = edge.conv %x, %w, %b {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, pads = array<i64: 0, 0, 0, 0>, groups = 1 : i64}
      : (tensor<1x1x1x1xf32>, tensor<2x1x1x1xf32>, tensor<2xf32>) -> tensor<1x2x1x1xf32>
  return %y : tensor<1x2x1x1xf32>
}

// -----

// A bias in steps so small that i32 does not hold it makes them larger.
// CHECK-LABEL: func.func @large_bias
// CHECK-DAG: edge.constant dense<5368709{{[0-9][0-9]}}> : tensor<1xi32>
// CHECK-DAG: edge.constant dense<0> : tensor<1x1x1x1xi8>
// CHECK: edge.conv
func.func @large_bias(%x: tensor<1x1x1x1xf32>) -> tensor<1x1x1x1xf32> {
  %w = edge.constant dense<1.0e-6> : tensor<1x1x1x1xf32>
  %b = edge.constant dense<1.0e6> : tensor<1xf32>
  edge.observe %x {point = 0 : i64, low = 0.0 : f32, high = 1.0 : f32} : tensor<1x1x1x1xf32>
  %y = edge.conv %x, %w, %b {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, pads = array<i64: 0, 0, 0, 0>, groups = 1 : i64}
      : (tensor<1x1x1x1xf32>, tensor<1x1x1x1xf32>, tensor<1xf32>) -> tensor<1x1x1x1xf32>
  return %y : tensor<1x1x1x1xf32>
}

// -----

// One that is no number stays float.
// CHECK-LABEL: func.func @infinite_bias
// CHECK-NOT: xi32>
// CHECK: edge.conv
func.func @infinite_bias(%x: tensor<1x1x1x1xf32>) -> tensor<1x1x1x1xf32> {
  %w = edge.constant dense<1.0> : tensor<1x1x1x1xf32>
  %b = edge.constant dense<0x7F800000> : tensor<1xf32>
  edge.observe %x {point = 0 : i64, low = 0.0 : f32, high = 1.0 : f32} : tensor<1x1x1x1xf32>
  %y = edge.conv %x, %w, %b {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, pads = array<i64: 0, 0, 0, 0>, groups = 1 : i64}
      : (tensor<1x1x1x1xf32>, tensor<1x1x1x1xf32>, tensor<1xf32>) -> tensor<1x1x1x1xf32>
  return %y : tensor<1x1x1x1xf32>
}

// -----

// Weights of a product whose activation is not observed stay float; a tensor
// that was always zero has some scale.
// CHECK-LABEL: func.func @mixed
// CHECK-DAG: edge.constant dense<1.000000e+00> : tensor<f32>
// CHECK: edge.matmul %arg0, %{{.+}} : (tensor<1x2xf32>, tensor<2x2xf32>)
// CHECK: edge.dequantize
func.func @mixed(%x: tensor<1x2xf32>) -> tensor<1x2xf32> {
  %w = edge.constant dense<[[1.0, -1.0], [0.2, 2.0]]> : tensor<2x2xf32>
  %y = edge.matmul %x, %w : (tensor<1x2xf32>, tensor<2x2xf32>) -> tensor<1x2xf32>
  edge.observe %y {point = 0 : i64, low = 0.0 : f32, high = 0.0 : f32} : tensor<1x2xf32>
  return %y : tensor<1x2xf32>
}

// -----

// A product of selected elements is one of quantized elements.
// CHECK-LABEL: func.func @selected
// CHECK: edge.max_pool
// CHECK: %[[W:.+]] = edge.dequantize %{{.+}} : (tensor<2x1x1x1xi8>
// CHECK: edge.conv %{{.+}}, %[[W]]
func.func @selected(%x: tensor<1x1x2x2xf32>) -> tensor<1x2x1x1xf32> {
  %w = edge.constant dense<[[[[1.0]]], [[[-1.0]]]]> : tensor<2x1x1x1xf32>
  edge.observe %x {point = 0 : i64, low = 0.0 : f32, high = 2.55 : f32} : tensor<1x1x2x2xf32>
  %p = edge.max_pool %x {kernel = array<i64: 2, 2>, strides = array<i64: 2, 2>, dilations = array<i64: 1, 1>, pads = array<i64: 0, 0, 0, 0>} : (tensor<1x1x2x2xf32>) -> tensor<1x1x1x1xf32>
  %y = edge.conv %p, %w {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, pads = array<i64: 0, 0, 0, 0>, groups = 1 : i64}
      : (tensor<1x1x1x1xf32>, tensor<2x1x1x1xf32>) -> tensor<1x2x1x1xf32>
  return %y : tensor<1x2x1x1xf32>
}
