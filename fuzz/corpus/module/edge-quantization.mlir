func.func @quantization(%x: tensor<2x3xf32>, %s: tensor<f32>, %z: tensor<ui8>, %sc: tensor<3xf32>, %zc: tensor<3xi8>) {
  %q = edge.quantize %x, %s, %z : (tensor<2x3xf32>, tensor<f32>, tensor<ui8>) -> tensor<2x3xui8>
  %d = edge.dequantize %q, %s, %z : (tensor<2x3xui8>, tensor<f32>, tensor<ui8>) -> tensor<2x3xf32>
  %blocks = edge.constant dense<1.0> : tensor<2x2xf32>
  %b = edge.dequantize %q, %blocks, %z {axis = 1 : i64, block_size = 2 : i64} : (tensor<2x3xui8>, tensor<2x2xf32>, tensor<ui8>) -> tensor<2x3xf32>
  %packed = edge.constant dense<[16, 50, 84, 6]> : tensor<4xui8>
  %u = edge.unpack %packed {bits = 4 : i64} : (tensor<4xui8>) -> tensor<7xi8>
  %qc = edge.quantize %x, %sc, %zc {axis = 1 : i64}
      : (tensor<2x3xf32>, tensor<3xf32>, tensor<3xi8>) -> tensor<2x3xi8>
  return
}
