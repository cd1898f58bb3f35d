// RUN: edgec-opt %s --split-input-file --verify-diagnostics

func.func @batch_norm_c1(%x: tensor<1x4xf32>, %c: tensor<4xf32>) {
  // expected-error@+2 {{axis 2 is not a dimension of a tensor of rank 2}}
  // expected-error@+1 {{failed to infer returned types}}
  %y = edge.batch_norm %x, %c, %c, %c, %c {epsilon = 0.0, axis = 2 : i64}
      : (tensor<1x4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>) -> tensor<1x4xf32>
  return
}

// -----

func.func @batch_norm_c2(%x: tensor<1x4xf32>, %c: tensor<4xf32>, %d: tensor<3xf32>) {
  // expected-error@+2 {{variance of shape 3 must have 4 elements, one a channel of the input of shape 1x4}}
  // expected-error@+1 {{failed to infer returned types}}
  %y = edge.batch_norm %x, %c, %c, %c, %d {epsilon = 0.0}
      : (tensor<1x4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<3xf32>) -> tensor<1x4xf32>
  return
}

// -----

func.func @layer_norm_c1(%x: tensor<1x4xf32>, %c: tensor<4xf32>) {
  // expected-error@+2 {{axis -1 is not a dimension of a tensor of rank 2}}
  // expected-error@+1 {{failed to infer returned types}}
  %y = edge.layer_norm %x, %c {epsilon = 0.0, axis = -1 : i64}
      : (tensor<1x4xf32>, tensor<4xf32>) -> tensor<1x4xf32>
  return
}

// -----

func.func @layer_norm_c2(%x: tensor<1x4x3xf32>, %c: tensor<3xf32>, %d: tensor<4xf32>) {
  // expected-error@+2 {{bias of shape 4 does not broadcast to the normalised shape 4x3}}
  // expected-error@+1 {{failed to infer returned types}}
  %y = edge.layer_norm %x, %c, %d {epsilon = 0.0, axis = 1 : i64}
      : (tensor<1x4x3xf32>, tensor<3xf32>, tensor<4xf32>) -> tensor<1x4x3xf32>
  return
}

// -----

func.func @lrn_c1(%x: tensor<1x4xf32>) {
  // expected-error@+2 {{size is 0 and must be positive}}
  // expected-error@+1 {{failed to infer returned types}}
  %y = edge.lrn %x {size = 0 : i64, alpha = 1.0, beta = 1.0, bias = 1.0} : (tensor<1x4xf32>) -> tensor<1x4xf32>
  return
}

// -----

func.func @lrn_c2(%x: tensor<4xf32>) {
  // expected-error@+2 {{axis 1 is not a dimension of a tensor of rank 1}}
  // expected-error@+1 {{failed to infer returned types}}
  %y = edge.lrn %x {size = 1 : i64, alpha = 1.0, beta = 1.0, bias = 1.0} : (tensor<4xf32>) -> tensor<4xf32>
  return
}

// -----

func.func @reduce_c1_range(%x: tensor<2x3xf32>) {
  // expected-error@+2 {{axis 2 is not a dimension of a tensor of rank 2}}
  // expected-error@+1 {{failed to infer returned types}}
  %y = edge.reduce <sum> %x {axes = array<i64: 0, 2>, keep_dims = true} : (tensor<2x3xf32>) -> tensor<1x3xf32>
  return
}

// -----

func.func @reduce_c1_order(%x: tensor<2x3xf32>) {
  // expected-error@+2 {{axes [1, 1] must be ascending and distinct}}
  // expected-error@+1 {{failed to infer returned types}}
  %y = edge.reduce <sum> %x {axes = array<i64: 1, 1>, keep_dims = true} : (tensor<2x3xf32>) -> tensor<2x1xf32>
  return
}

// -----

func.func @reduce_c2(%x: tensor<2x0xf32>) {
  // expected-error@+2 {{the max over dimension 1 of shape 2x0 has no elements}}
  // expected-error@+1 {{failed to infer returned types}}
  %y = edge.reduce <max> %x {axes = array<i64: 1>, keep_dims = false} : (tensor<2x0xf32>) -> tensor<2xf32>
  return
}

// -----

func.func @arg_reduce_c1(%x: tensor<2xf32>) {
  // expected-error@+2 {{axis 1 is not a dimension of a tensor of rank 1}}
  // expected-error@+1 {{failed to infer returned types}}
  %y = edge.arg_reduce <max> %x {axis = 1 : i64, keep_dims = false} : (tensor<2xf32>) -> tensor<2xi64>
  return
}

// -----

func.func @arg_reduce_c2(%x: tensor<0xf32>) {
  // expected-error@+2 {{dimension 0 of shape 0 has no elements to choose from}}
  // expected-error@+1 {{failed to infer returned types}}
  %y = edge.arg_reduce <max> %x {axis = 0 : i64, keep_dims = false} : (tensor<0xf32>) -> tensor<i64>
  return
}

// -----

func.func @softmax_c1(%x: tensor<f32>) {
  // expected-error@+2 {{axis 0 is not a dimension of a tensor of rank 0}}
  // expected-error@+1 {{failed to infer returned types}}
  %y = edge.softmax %x {axis = 0 : i64} : (tensor<f32>) -> tensor<f32>
  return
}

// -----

func.func @max_pool_c1(%x: tensor<1x4x8x8xf32>) {
  // expected-error@+2 {{kernel [3] needs one entry a spatial dimension of the input of shape 1x4x8x8}}
  // expected-error@+1 {{failed to infer returned types}}
  %y = edge.max_pool %x {kernel = array<i64: 3>, strides = array<i64: 1>, dilations = array<i64: 1>,
      pads = array<i64: 0, 0>} : (tensor<1x4x8x8xf32>) -> tensor<1x4x6x8xf32>
  return
}

// -----

// A window of 2 that begins 2 before the input.
func.func @max_pool_c2_low(%x: tensor<1x4x8xf32>) {
  // expected-error@+2 {{window 0 of spatial dimension 0 lies in the padding entirely: extent 8, kernel 2, stride 1, dilation 1, pads 2 and 0}}
  // expected-error@+1 {{failed to infer returned types}}
  %y = edge.max_pool %x {kernel = array<i64: 2>, strides = array<i64: 1>, dilations = array<i64: 1>,
      pads = array<i64: 2, 0>} : (tensor<1x4x8xf32>) -> tensor<1x4x9xf32>
  return
}

// -----

// The last of four windows begins at 9.
func.func @max_pool_c2_high(%x: tensor<1x4x8xf32>) {
  // expected-error@+2 {{window 3 of spatial dimension 0 lies in the padding entirely: extent 8, kernel 2, stride 3, dilation 1, pads 0 and 3}}
  // expected-error@+1 {{failed to infer returned types}}
  %y = edge.max_pool %x {kernel = array<i64: 2>, strides = array<i64: 3>, dilations = array<i64: 1>,
      pads = array<i64: 0, 3>} : (tensor<1x4x8xf32>) -> tensor<1x4x4xf32>
  return
}

// -----

// Elements -1 and 2 of an input of one element: stepped over.
func.func @max_pool_c2_dilation(%x: tensor<1x4x1xf32>) {
  // expected-error@+2 {{window 1 of spatial dimension 0 lies in the padding entirely: extent 1, kernel 2, stride 2, dilation 3, pads 3 and 2}}
  // expected-error@+1 {{failed to infer returned types}}
  %y = edge.max_pool %x {kernel = array<i64: 2>, strides = array<i64: 2>, dilations = array<i64: 3>,
      pads = array<i64: 3, 2>} : (tensor<1x4x1xf32>) -> tensor<1x4x2xf32>
  return
}

// -----

func.func @average_pool_c3_length(%x: tensor<1x4x8xf32>) {
  // expected-error@+2 {{ceil_pads [] needs 1 entries, one a spatial dimension}}
  // expected-error@+1 {{failed to infer returned types}}
  %y = edge.average_pool %x {kernel = array<i64: 2>, strides = array<i64: 1>, dilations = array<i64: 1>,
      pads = array<i64: 0, 0>, ceil_pads = array<i64>} : (tensor<1x4x8xf32>) -> tensor<1x4x7xf32>
  return
}

// -----

func.func @average_pool_c3_size(%x: tensor<1x4x8xf32>) {
  // expected-error@+2 {{ceil_pads [2] must lie within the high pads [1]}}
  // expected-error@+1 {{failed to infer returned types}}
  %y = edge.average_pool %x {kernel = array<i64: 2>, strides = array<i64: 1>, dilations = array<i64: 1>,
      pads = array<i64: 0, 1>, ceil_pads = array<i64: 2>} : (tensor<1x4x8xf32>) -> tensor<1x4x8xf32>
  return
}
