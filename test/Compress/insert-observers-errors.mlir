// RUN: edgec-opt %s --edge-insert-observers --verify-diagnostics

func.func @quantized(%x: tensor<1x2xf32>) -> tensor<1x2xui8> {
  %s = edge.constant dense<1.0> : tensor<f32>
  %z = edge.constant dense<0> : tensor<ui8>
  // expected-error @+1 {{says that the model is quantized already: compile it without a quantization}}
  %q = edge.quantize %x, %s, %z : (tensor<1x2xf32>, tensor<f32>, tensor<ui8>) -> tensor<1x2xui8>
  return %q : tensor<1x2xui8>
}
