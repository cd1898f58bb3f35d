func.func @normalisations(%x: tensor<1x4x8xf32>, %c: tensor<4xf32>, %s: tensor<8xf32>) {
  %batch = edge.batch_norm %x, %c, %c, %c, %c {epsilon = 1.0e-5}
      : (tensor<1x4x8xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>)
      -> tensor<1x4x8xf32>
  %layer = edge.layer_norm %x, %s {axis = 2 : i64, epsilon = 1.0e-5}
      : (tensor<1x4x8xf32>, tensor<8xf32>) -> tensor<1x4x8xf32>
  %lrn = edge.lrn %x {size = 5 : i64, alpha = 1.0e-4, beta = 0.75, bias = 1.0}
      : (tensor<1x4x8xf32>) -> tensor<1x4x8xf32>
  return
}
