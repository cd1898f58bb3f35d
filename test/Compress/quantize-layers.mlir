// RUN: edgec-opt %s --edge-quantize=layer-bits=first=4,third=2 --canonicalize | FileCheck %s
// RUN: not edgec-opt %s --edge-quantize=layer-bits=fourth=4 2>&1 | FileCheck %s --check-prefix=NAME
// RUN: not edgec-opt %s --edge-quantize=layer-bits=first=5 2>&1 | FileCheck %s --check-prefix=BITS
// RUN: not edgec-opt %s --edge-quantize=layer-bits=first 2>&1 | FileCheck %s --check-prefix=FORM

// NAME: layer-bits=fourth=4: no convolution or matrix product with constant weights, and no gather from a table, has that name
// BITS: weights of 5 bits: choose 8, 4 or 2
// FORM: layer-bits=first: write LAYER=BITS

// Layers that are not named have 8 bits.
// CHECK-DAG: edge.constant {edge.bits = 4 : i64} dense<{{\[}}[7, -3], [1, 7]]> : tensor<2x2xi8>
// CHECK-DAG: edge.constant dense<{{\[}}[127, -64], [25, 127]]> : tensor<2x2xi8>
// CHECK-DAG: edge.constant {edge.bits = 2 : i64} dense<{{\[}}[1, 0], [0, 1]]> : tensor<2x2xi8>
func.func @layers(%x: tensor<1x2xf32>) -> tensor<1x2xf32> {
  %w = edge.constant dense<[[1.0, -1.0], [0.2, 2.0]]> : tensor<2x2xf32>
  edge.observe %x {point = 0 : i64, low = -1.0 : f32, high = 1.55 : f32} : tensor<1x2xf32>
  %a = edge.matmul %x, %w : (tensor<1x2xf32>, tensor<2x2xf32>) -> tensor<1x2xf32> loc("first")
  edge.observe %a {point = 1 : i64, low = -1.0 : f32, high = 1.55 : f32} : tensor<1x2xf32>
  %b = edge.matmul %a, %w : (tensor<1x2xf32>, tensor<2x2xf32>) -> tensor<1x2xf32> loc("second")
  edge.observe %b {point = 2 : i64, low = -1.0 : f32, high = 1.55 : f32} : tensor<1x2xf32>
  %c = edge.matmul %b, %w : (tensor<1x2xf32>, tensor<2x2xf32>) -> tensor<1x2xf32> loc("third")
  return %c : tensor<1x2xf32>
}
