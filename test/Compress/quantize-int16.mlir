// RUN: edgec-opt %s --edge-quantize="activations=int16 weight-bits=4" --canonicalize --split-input-file | FileCheck %s
// RUN: edgec-opt %s --edge-quantize="activations=int16 weight-bits=4 group=4" --canonicalize --split-input-file | FileCheck %s --check-prefix=GROUP

// The range of the activation has 65535 steps, of which 0 is one. Biases stay:
// the product is one of floats.
// CHECK-LABEL: func.func @product
// CHECK-DAG: %[[S:.+]] = edge.constant dense<1.000000e-01> : tensor<f32>
// CHECK-DAG: %[[Z:.+]] = edge.constant dense<10> : tensor<ui16>
// CHECK-DAG: edge.constant {edge.bits = 4 : i64}
// CHECK: %[[Q:.+]] = edge.quantize %{{.+}}, %[[S]], %[[Z]] : {{.*}} -> tensor<1x8xui16>
// CHECK: %[[X:.+]] = edge.dequantize %[[Q]], %[[S]], %[[Z]]
// CHECK: %[[W:.+]] = edge.dequantize
// CHECK-NOT: block_size
// CHECK: edge.matmul %[[X]], %[[W]]
// GROUP-LABEL: func.func @product
// GROUP: edge.quantize {{.*}} -> tensor<1x8xui16>
// GROUP: block_size = 4
func.func @product(%x: tensor<1x8xf32>) -> tensor<1x2xf32> {
  %w = edge.constant dense<[[1.0, -1.0], [0.2, 2.0], [1.0, -1.0], [0.2, 2.0], [1.0, -1.0], [0.2, 2.0], [1.0, -1.0], [0.2, 2.0]]> : tensor<8x2xf32>
  edge.observe %x {point = 0 : i64, low = -1.0 : f32, high = 6552.5 : f32} : tensor<1x8xf32>
  %a = edge.matmul %x, %w : (tensor<1x8xf32>, tensor<8x2xf32>) -> tensor<1x2xf32>
  return %a : tensor<1x2xf32>
}

// -----

// Depthwise filters stay float, and so does what no quantized tensor meets.
// CHECK-LABEL: func.func @stays
// CHECK: edge.quantize {{.*}} -> tensor<1x2x1x1xui16>
// CHECK-NOT: i8>
// CHECK: return
// GROUP-LABEL: func.func @stays
func.func @stays(%x: tensor<1x2x1x1xf32>, %y: tensor<1x2xf32>) -> (tensor<1x2x1x1xf32>, tensor<1x2xf32>) {
  %f = edge.constant dense<[[[[1.0]]], [[[-0.5]]]]> : tensor<2x1x1x1xf32>
  %w = edge.constant dense<[[1.0, -1.0], [0.2, 2.0]]> : tensor<2x2xf32>
  edge.observe %x {point = 0 : i64, low = 0.0 : f32, high = 2.55 : f32} : tensor<1x2x1x1xf32>
  %a = edge.conv %x, %f {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, pads = array<i64: 0, 0, 0, 0>, groups = 2 : i64}
      : (tensor<1x2x1x1xf32>, tensor<2x1x1x1xf32>) -> tensor<1x2x1x1xf32>
  %b = edge.matmul %y, %w : (tensor<1x2xf32>, tensor<2x2xf32>) -> tensor<1x2xf32>
  return %a, %b : tensor<1x2x1x1xf32>, tensor<1x2xf32>
}
