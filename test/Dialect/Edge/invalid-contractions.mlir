// RUN: edgec-opt %s --split-input-file --verify-diagnostics

func.func @conv_c1(%x: tensor<1x4xf32>, %w: tensor<6x4xf32>) {
  // expected-error@+2 {{input 1x4 and filter 6x4 must have the same rank, at least 3}}
  // expected-error@+1 {{failed to infer returned types}}
  %y = edge.conv %x, %w {strides = array<i64>, dilations = array<i64>, pads = array<i64>,
      groups = 1 : i64} : (tensor<1x4xf32>, tensor<6x4xf32>) -> tensor<1x6xf32>
  return
}

// -----

func.func @conv_c2_length(%x: tensor<1x4x8xf32>, %w: tensor<6x4x3xf32>) {
  // expected-error@+2 {{strides [1, 1] needs 1 entries, one a spatial dimension}}
  // expected-error@+1 {{failed to infer returned types}}
  %y = edge.conv %x, %w {strides = array<i64: 1, 1>, dilations = array<i64: 1>,
      pads = array<i64: 0, 0>, groups = 1 : i64}
      : (tensor<1x4x8xf32>, tensor<6x4x3xf32>) -> tensor<1x6x6xf32>
  return
}

// -----

func.func @conv_c2_sign(%x: tensor<1x4x8xf32>, %w: tensor<6x4x3xf32>) {
  // expected-error@+2 {{dilations [0] must be positive}}
  // expected-error@+1 {{failed to infer returned types}}
  %y = edge.conv %x, %w {strides = array<i64: 1>, dilations = array<i64: 0>,
      pads = array<i64: 0, 0>, groups = 1 : i64}
      : (tensor<1x4x8xf32>, tensor<6x4x3xf32>) -> tensor<1x6x6xf32>
  return
}

// -----

func.func @conv_c3_length(%x: tensor<1x4x8xf32>, %w: tensor<6x4x3xf32>) {
  // expected-error@+2 {{pads [1] needs 2 entries, two a spatial dimension}}
  // expected-error@+1 {{failed to infer returned types}}
  %y = edge.conv %x, %w {strides = array<i64: 1>, dilations = array<i64: 1>,
      pads = array<i64: 1>, groups = 1 : i64}
      : (tensor<1x4x8xf32>, tensor<6x4x3xf32>) -> tensor<1x6x6xf32>
  return
}

// -----

func.func @conv_c3_sign(%x: tensor<1x4x8xf32>, %w: tensor<6x4x3xf32>) {
  // expected-error@+2 {{pads [0, -1] must not be negative}}
  // expected-error@+1 {{failed to infer returned types}}
  %y = edge.conv %x, %w {strides = array<i64: 1>, dilations = array<i64: 1>,
      pads = array<i64: 0, -1>, groups = 1 : i64}
      : (tensor<1x4x8xf32>, tensor<6x4x3xf32>) -> tensor<1x6x5xf32>
  return
}

// -----

func.func @conv_c4_zero(%x: tensor<1x4x8xf32>, %w: tensor<6x4x3xf32>) {
  // expected-error@+2 {{groups is 0 and must be positive}}
  // expected-error@+1 {{failed to infer returned types}}
  %y = edge.conv %x, %w {strides = array<i64: 1>, dilations = array<i64: 1>,
      pads = array<i64: 0, 0>, groups = 0 : i64}
      : (tensor<1x4x8xf32>, tensor<6x4x3xf32>) -> tensor<1x6x6xf32>
  return
}

// -----

func.func @conv_c4_divides(%x: tensor<1x4x8xf32>, %w: tensor<6x2x3xf32>) {
  // expected-error@+2 {{4 groups must divide the 4 input channels and the 6 output channels}}
  // expected-error@+1 {{failed to infer returned types}}
  %y = edge.conv %x, %w {strides = array<i64: 1>, dilations = array<i64: 1>,
      pads = array<i64: 0, 0>, groups = 4 : i64}
      : (tensor<1x4x8xf32>, tensor<6x2x3xf32>) -> tensor<1x6x6xf32>
  return
}

// -----

func.func @conv_c4_filter(%x: tensor<1x4x8xf32>, %w: tensor<6x4x3xf32>) {
  // expected-error@+2 {{a filter of shape 6x4x3 has 4 channels a group, but the input of shape 1x4x8 has 2 (4 in 2 groups)}}
  // expected-error@+1 {{failed to infer returned types}}
  %y = edge.conv %x, %w {strides = array<i64: 1>, dilations = array<i64: 1>,
      pads = array<i64: 0, 0>, groups = 2 : i64}
      : (tensor<1x4x8xf32>, tensor<6x4x3xf32>) -> tensor<1x6x6xf32>
  return
}

// -----

func.func @conv_c5(%x: tensor<1x4x8xf32>, %w: tensor<6x4x3xf32>, %b: tensor<1x6xf32>) {
  // expected-error@+2 {{bias of shape 1x6 must have 6 elements, one an output channel}}
  // expected-error@+1 {{failed to infer returned types}}
  %y = edge.conv %x, %w, %b {strides = array<i64: 1>, dilations = array<i64: 1>,
      pads = array<i64: 0, 0>, groups = 1 : i64}
      : (tensor<1x4x8xf32>, tensor<6x4x3xf32>, tensor<1x6xf32>) -> tensor<1x6x6xf32>
  return
}

// -----

func.func @conv_c6(%x: tensor<1x4x8xf32>, %w: tensor<6x4x3xf32>) {
  // expected-error@+2 {{the window does not fit spatial dimension 0: extent 8 with pads 1 and 0 is smaller than a kernel of 3 with dilation 5}}
  // expected-error@+1 {{failed to infer returned types}}
  %y = edge.conv %x, %w {strides = array<i64: 1>, dilations = array<i64: 5>,
      pads = array<i64: 1, 0>, groups = 1 : i64}
      : (tensor<1x4x8xf32>, tensor<6x4x3xf32>) -> tensor<1x6x1xf32>
  return
}

// -----

func.func @conv_c7_filter(%x: tensor<1x4x8xf32>, %w: tensor<6x4x3xf16>) {
  // expected-error@+2 {{convolution of 'f32' and 'f16' elements: the element types must be equal, or both 8-bit integers}}
  // expected-error@+1 {{failed to infer returned types}}
  %y = edge.conv %x, %w {strides = array<i64: 1>, dilations = array<i64: 1>,
      pads = array<i64: 0, 0>, groups = 1 : i64}
      : (tensor<1x4x8xf32>, tensor<6x4x3xf16>) -> tensor<1x6x6xf32>
  return
}

// -----

func.func @conv_c7_bias(%x: tensor<1x4x8xui8>, %w: tensor<6x4x3xi8>, %b: tensor<6xi8>) {
  // expected-error@+2 {{bias has 'i8' elements and must have 'i32', the result's element type}}
  // expected-error@+1 {{failed to infer returned types}}
  %y = edge.conv %x, %w, %b {strides = array<i64: 1>, dilations = array<i64: 1>,
      pads = array<i64: 0, 0>, groups = 1 : i64}
      : (tensor<1x4x8xui8>, tensor<6x4x3xi8>, tensor<6xi8>) -> tensor<1x6x6xi32>
  return
}

// -----

func.func @matmul_c1_rank(%x: tensor<f32>, %y: tensor<4x3xf32>) {
  // expected-error@+2 {{matrix product of scalar and 4x3: both operands need rank 1 or more}}
  // expected-error@+1 {{failed to infer returned types}}
  %z = edge.matmul %x, %y : (tensor<f32>, tensor<4x3xf32>) -> tensor<3xf32>
  return
}

// -----

func.func @matmul_c1_element(%x: tensor<2x4xi32>, %y: tensor<4x3xi8>) {
  // expected-error@+2 {{matrix product of 'i32' and 'i8' elements: the element types must be equal, or both 8-bit integers}}
  // expected-error@+1 {{failed to infer returned types}}
  %z = edge.matmul %x, %y : (tensor<2x4xi32>, tensor<4x3xi8>) -> tensor<2x3xi32>
  return
}

// -----

func.func @matmul_c2(%x: tensor<2x4xf32>, %y: tensor<4x3xf32>) {
  // expected-error@+2 {{matrix product of 2x4 and 4x3: the contracted extents 4 and 3 differ}}
  // expected-error@+1 {{failed to infer returned types}}
  %z = edge.matmul %x, %y {transpose_rhs} : (tensor<2x4xf32>, tensor<4x3xf32>) -> tensor<2x4xf32>
  return
}

// -----

func.func @matmul_c3(%x: tensor<2x5x4xf32>, %y: tensor<3x4x3xf32>) {
  // expected-error@+2 {{shapes 2 and 3 do not broadcast: extents 2 and 3 differ and neither is 1}}
  // expected-error@+1 {{failed to infer returned types}}
  %z = edge.matmul %x, %y : (tensor<2x5x4xf32>, tensor<3x4x3xf32>) -> tensor<6x5x3xf32>
  return
}

// -----

func.func @matmul_c4(%x: tensor<4xf32>, %y: tensor<4x3xf32>) {
  // expected-error@+2 {{a transposed operand of a matrix product needs rank 2 or more, the shapes are 4 and 4x3}}
  // expected-error@+1 {{failed to infer returned types}}
  %z = edge.matmul %x, %y {transpose_lhs} : (tensor<4xf32>, tensor<4x3xf32>) -> tensor<3xf32>
  return
}

// -----

func.func @conv_transpose_c1(%x: tensor<1x4x8xf32>, %w: tensor<4x5xf32>) {
  // expected-error@+2 {{input 1x4x8 and filter 4x5 must have the same rank, at least 3}}
  // expected-error@+1 {{failed to infer returned types}}
  %y = edge.conv_transpose %x, %w {strides = array<i64: 1>, dilations = array<i64: 1>, pads = array<i64: 0, 0>, groups = 1 : i64}
      : (tensor<1x4x8xf32>, tensor<4x5xf32>) -> tensor<1x5x8xf32>
  return
}

// -----

func.func @conv_transpose_c2(%x: tensor<1x4x8xf32>, %w: tensor<4x5x3xf32>) {
  // expected-error@+2 {{strides [0] must be positive}}
  // expected-error@+1 {{failed to infer returned types}}
  %y = edge.conv_transpose %x, %w {strides = array<i64: 0>, dilations = array<i64: 1>, pads = array<i64: 0, 0>, groups = 1 : i64}
      : (tensor<1x4x8xf32>, tensor<4x5x3xf32>) -> tensor<1x5x10xf32>
  return
}

// -----

func.func @conv_transpose_c3(%x: tensor<1x4x8xf32>, %w: tensor<4x5x3xf32>) {
  // expected-error@+2 {{pads [1] needs 2 entries, two a spatial dimension}}
  // expected-error@+1 {{failed to infer returned types}}
  %y = edge.conv_transpose %x, %w {strides = array<i64: 1>, dilations = array<i64: 1>, pads = array<i64: 1>, groups = 1 : i64}
      : (tensor<1x4x8xf32>, tensor<4x5x3xf32>) -> tensor<1x5x10xf32>
  return
}

// -----

func.func @conv_transpose_c4_channels(%x: tensor<1x4x8xf32>, %w: tensor<3x5x3xf32>) {
  // expected-error@+2 {{a filter of shape 3x5x3 has 3 input channels, but the input of shape 1x4x8 has 4}}
  // expected-error@+1 {{failed to infer returned types}}
  %y = edge.conv_transpose %x, %w {strides = array<i64: 1>, dilations = array<i64: 1>, pads = array<i64: 0, 0>, groups = 1 : i64}
      : (tensor<1x4x8xf32>, tensor<3x5x3xf32>) -> tensor<1x5x10xf32>
  return
}

// -----

func.func @conv_transpose_c4_groups(%x: tensor<1x4x8xf32>, %w: tensor<4x5x3xf32>) {
  // expected-error@+2 {{3 groups must divide the 4 input channels}}
  // expected-error@+1 {{failed to infer returned types}}
  %y = edge.conv_transpose %x, %w {strides = array<i64: 1>, dilations = array<i64: 1>, pads = array<i64: 0, 0>, groups = 3 : i64}
      : (tensor<1x4x8xf32>, tensor<4x5x3xf32>) -> tensor<1x15x10xf32>
  return
}

// -----

func.func @conv_transpose_c4_positive(%x: tensor<1x4x8xf32>, %w: tensor<4x5x3xf32>) {
  // expected-error@+2 {{groups is 0 and must be positive}}
  // expected-error@+1 {{failed to infer returned types}}
  %y = edge.conv_transpose %x, %w {strides = array<i64: 1>, dilations = array<i64: 1>, pads = array<i64: 0, 0>, groups = 0 : i64}
      : (tensor<1x4x8xf32>, tensor<4x5x3xf32>) -> tensor<1x5x10xf32>
  return
}

// -----

func.func @conv_transpose_c5(%x: tensor<1x4x8xf32>, %w: tensor<4x5x3xf32>, %b: tensor<5xf32>) {
  // expected-error@+2 {{bias of shape 5 must have 10 elements, one an output channel}}
  // expected-error@+1 {{failed to infer returned types}}
  %y = edge.conv_transpose %x, %w, %b {strides = array<i64: 1>, dilations = array<i64: 1>, pads = array<i64: 0, 0>, groups = 2 : i64}
      : (tensor<1x4x8xf32>, tensor<4x5x3xf32>, tensor<5xf32>) -> tensor<1x10x10xf32>
  return
}

// -----

func.func @conv_transpose_c6(%x: tensor<1x4x8xf32>, %w: tensor<4x5x3xf32>) {
  // expected-error@+2 {{nothing remains of spatial dimension 0: extent 8, stride 1, kernel 3, dilation 1, pads 5 and 5}}
  // expected-error@+1 {{failed to infer returned types}}
  %y = edge.conv_transpose %x, %w {strides = array<i64: 1>, dilations = array<i64: 1>, pads = array<i64: 5, 5>, groups = 1 : i64}
      : (tensor<1x4x8xf32>, tensor<4x5x3xf32>) -> tensor<1x5x1xf32>
  return
}

// -----

func.func @conv_transpose_c7(%x: tensor<1x4x8xi8>, %w: tensor<4x5x3xi8>) {
  // expected-error@+1 {{operand #0 must be ranked tensor of}}
  %y = edge.conv_transpose %x, %w {strides = array<i64: 1>, dilations = array<i64: 1>, pads = array<i64: 0, 0>, groups = 1 : i64}
      : (tensor<1x4x8xi8>, tensor<4x5x3xi8>) -> tensor<1x5x10xi8>
  return
}
