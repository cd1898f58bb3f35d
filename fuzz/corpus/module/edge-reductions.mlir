func.func @reductions(%x: tensor<1x4x8x8xf32>) {
  %sum = edge.reduce <sum> %x {axes = array<i64: 0, 2>, keep_dims = false}
      : (tensor<1x4x8x8xf32>) -> tensor<4x8xf32>
  %mean = edge.reduce <mean> %x {axes = array<i64: 0, 2>, keep_dims = false}
      : (tensor<1x4x8x8xf32>) -> tensor<4x8xf32>
  %max = edge.reduce <max> %x {axes = array<i64: 0, 2>, keep_dims = false}
      : (tensor<1x4x8x8xf32>) -> tensor<4x8xf32>
  %min = edge.reduce <min> %x {axes = array<i64: 0, 2>, keep_dims = false}
      : (tensor<1x4x8x8xf32>) -> tensor<4x8xf32>
  %prod = edge.reduce <prod> %x {axes = array<i64: 0, 2>, keep_dims = false}
      : (tensor<1x4x8x8xf32>) -> tensor<4x8xf32>
  %l1 = edge.reduce <l1> %x {axes = array<i64: 0, 2>, keep_dims = false}
      : (tensor<1x4x8x8xf32>) -> tensor<4x8xf32>
  %l2 = edge.reduce <l2> %x {axes = array<i64: 0, 2>, keep_dims = false}
      : (tensor<1x4x8x8xf32>) -> tensor<4x8xf32>
  %sum_square = edge.reduce <sum_square> %x {axes = array<i64: 0, 2>, keep_dims = false}
      : (tensor<1x4x8x8xf32>) -> tensor<4x8xf32>
  %log_sum = edge.reduce <log_sum> %x {axes = array<i64: 0, 2>, keep_dims = false}
      : (tensor<1x4x8x8xf32>) -> tensor<4x8xf32>
  %log_sum_exp = edge.reduce <log_sum_exp> %x {axes = array<i64: 0, 2>, keep_dims = false}
      : (tensor<1x4x8x8xf32>) -> tensor<4x8xf32>
  %none = edge.reduce <mean> %x {axes = array<i64>, keep_dims = true}
      : (tensor<1x4x8x8xf32>) -> tensor<1x4x8x8xf32>
  %arg = edge.arg_reduce <max> %x {axis = 1 : i64, keep_dims = true, select_last}
      : (tensor<1x4x8x8xf32>) -> tensor<1x1x8x8xi64>
  %softmax = edge.softmax %x {axis = 1 : i64, log} : (tensor<1x4x8x8xf32>) -> tensor<1x4x8x8xf32>
  %maxpool = edge.max_pool %x {kernel = array<i64: 3, 3>, strides = array<i64: 2, 2>,
      dilations = array<i64: 1, 1>, pads = array<i64: 1, 1, 1, 1>}
      : (tensor<1x4x8x8xf32>) -> tensor<1x4x4x4xf32>
  %avgpool = edge.average_pool %x {kernel = array<i64: 3, 3>, strides = array<i64: 2, 2>,
      dilations = array<i64: 1, 1>, pads = array<i64: 0, 0, 1, 1>,
      ceil_pads = array<i64: 1, 1>, count_include_pad}
      : (tensor<1x4x8x8xf32>) -> tensor<1x4x4x4xf32>
  return
}
