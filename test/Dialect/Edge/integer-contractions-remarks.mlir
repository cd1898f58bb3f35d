// RUN: edgec-opt %s --edge-integer-contractions --split-input-file --verify-diagnostics

// 2^31 / (255 + 255)^2 = 8256 products of ui8 with the largest zero points fit.
func.func @activations(%x: tensor<1x8257xui8>, %y: tensor<8257x1xui8>) -> tensor<1x1xui8> {
  %s = edge.constant dense<1.0> : tensor<f32>
  %z = edge.constant dense<255> : tensor<ui8>
  %a = edge.dequantize %x, %s, %z : (tensor<1x8257xui8>, tensor<f32>, tensor<ui8>) -> tensor<1x8257xf32>
  %b = edge.dequantize %y, %s, %z : (tensor<8257x1xui8>, tensor<f32>, tensor<ui8>) -> tensor<8257x1xf32>
  // expected-remark @+1 {{computed in floats: its scales, or the width of its sums, have no integer form}}
  %p = edge.matmul %a, %b : (tensor<1x8257xf32>, tensor<8257x1xf32>) -> tensor<1x1xf32>
  %q = edge.quantize %p, %s, %z : (tensor<1x1xf32>, tensor<f32>, tensor<ui8>) -> tensor<1x1xui8>
  return %q : tensor<1x1xui8>
}

// -----

func.func @operands(%x: tensor<2x2xf32>) -> (tensor<2x2xf32>, tensor<2x2xf32>) {
  %s = edge.constant dense<1.0> : tensor<f32>
  %z = edge.constant dense<0> : tensor<ui8>
  %w = edge.constant dense<1.0> : tensor<2x2xf32>
  %q = edge.quantize %x, %s, %z : (tensor<2x2xf32>, tensor<f32>, tensor<ui8>) -> tensor<2x2xui8>
  %d = edge.dequantize %q, %s, %z : (tensor<2x2xui8>, tensor<f32>, tensor<ui8>) -> tensor<2x2xf32>
  // expected-remark @+1 {{computed in floats: its right operand is not quantized}}
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
