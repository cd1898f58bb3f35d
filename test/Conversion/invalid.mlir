// RUN: edgec-opt --edge-to-kernel --edge-to-linalg --split-input-file --verify-diagnostics %s

func.func @dynamic(%x: tensor<?x4xf32>) -> tensor<?x4xf32> {
  // expected-error @+1 {{code cannot be generated for the dynamic shape of 'tensor<?x4xf32>'; fix the model's input shapes with --shape}}
  %r = edge.relu %x : tensor<?x4xf32>
  return %r : tensor<?x4xf32>
}

// -----

func.func @integer_mean(%x: tensor<1x4x1xi32>) -> tensor<1x2x1xi32> {
  // expected-error @+1 {{cannot generate code for edge.average_pool: the mean of integers}}
  %p = edge.average_pool %x {kernel = array<i64: 2>, strides = array<i64: 2>, dilations = array<i64: 1>, pads = array<i64: 0, 0>,
      ceil_pads = array<i64: 0>, layout = #edge.layout<nhwc>} : (tensor<1x4x1xi32>) -> tensor<1x2x1xi32>
  return %p : tensor<1x2x1xi32>
}
