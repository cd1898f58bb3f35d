func.func @activations(%x: tensor<2x3xf32>) {
  %leaky_relu = edge.leaky_relu %x {alpha = 0.01} : tensor<2x3xf32>
  %elu = edge.elu %x {alpha = 1.0} : tensor<2x3xf32>
  %celu = edge.celu %x {alpha = 1.0} : tensor<2x3xf32>
  %selu = edge.selu %x {alpha = 1.67, gamma = 1.05} : tensor<2x3xf32>
  %thresholded_relu = edge.thresholded_relu %x {alpha = 1.0} : tensor<2x3xf32>
  %hard_sigmoid = edge.hard_sigmoid %x {alpha = 0.2, beta = 0.5} : tensor<2x3xf32>
  %gelu = edge.gelu %x {approximate_tanh} : tensor<2x3xf32>
  %clamp = edge.clamp %x {max = 6.0, min = 0.0} : tensor<2x3xf32>
  return
}
