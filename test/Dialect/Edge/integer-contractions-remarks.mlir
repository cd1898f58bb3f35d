// RUN: edgec-opt %s --edge-integer-contractions --split-input-file --verify-diagnostics

func.func @activations(%x: tensor<2x2xf32>) -> tensor<2x2xf32> {
  %s = edge.constant dense<1.0> : tensor<f32>
  %z = edge.constant dense<0> : tensor<ui8>
  %q = edge.quantize %x, %s, %z : (tensor<2x2xf32>, tensor<f32>, tensor<ui8>) -> tensor<2x2xui8>
  %d = edge.dequantize %q, %s, %z : (tensor<2x2xui8>, tensor<f32>, tensor<ui8>) -> tensor<2x2xf32>
  // expected-remark @+1 {{computed in floats: both operands are computed at run time}}
  %y = edge.matmul %d, %d : (tensor<2x2xf32>, tensor<2x2xf32>) -> tensor<2x2xf32>
  return %y : tensor<2x2xf32>
}

// -----

func.func @operands(%x: tensor<2x2xf32>) -> (tensor<2x2xf32>, tensor<2x2xf32>) {
  %s = edge.constant dense<1.0> : tensor<f32>
  %z = edge.constant dense<0> : tensor<ui8>
  %w = edge.constant dense<1.0> : tensor<2x2xf32>
  %q = edge.quantize %x, %s, %z : (tensor<2x2xf32>, tensor<f32>, tensor<ui8>) -> tensor<2x2xui8>
  %d = edge.dequantize %q, %s, %z : (tensor<2x2xui8>, tensor<f32>, tensor<ui8>) -> tensor<2x2xf32>
  // expected-remark @+1 {{computed in floats: its weights are not quantized}}
  %y = edge.matmul %d, %w : (tensor<2x2xf32>, tensor<2x2xf32>) -> tensor<2x2xf32>
  // expected-remark @+1 {{computed in floats: its input is not stored as integers}}
  %v = edge.matmul %x, %w : (tensor<2x2xf32>, tensor<2x2xf32>) -> tensor<2x2xf32>
  return %y, %v : tensor<2x2xf32>, tensor<2x2xf32>
}

// -----

// Nothing to explain where nothing is quantized.
func.func @float(%x: tensor<2x2xf32>) -> tensor<2x2xf32> {
  %w = edge.constant dense<1.0> : tensor<2x2xf32>
  %y = edge.matmul %x, %w : (tensor<2x2xf32>, tensor<2x2xf32>) -> tensor<2x2xf32>
  return %y : tensor<2x2xf32>
}
