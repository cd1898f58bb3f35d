// Inference where extents are unknown, and where numbers are absurd: it must
// not overflow, and not allocate.
// RUN: edgec-opt %s --split-input-file --verify-diagnostics

// An unknown extent may turn out to fit; the known one wins.
func.func @unknown(%x: tensor<?x4x?xf32>, %w: tensor<6x4x3xf32>, %y: tensor<8x?xf32>, %z: tensor<8x4xf32>,
    %v: tensor<?xf32>) {
  %conv = edge.conv %x, %w {strides = array<i64: 1>, dilations = array<i64: 1>,
      pads = array<i64: 0, 0>, groups = 1 : i64}
      : (tensor<?x4x?xf32>, tensor<6x4x3xf32>) -> tensor<?x6x?xf32>
  %matmul = edge.matmul %y, %z {transpose_rhs} : (tensor<8x?xf32>, tensor<8x4xf32>) -> tensor<8x8xf32>
  %add = edge.add %v, %z : (tensor<?xf32>, tensor<8x4xf32>) -> tensor<8x4xf32>
  %one = edge.constant dense<1.0> : tensor<1xf32>
  %mul = edge.mul %v, %one : (tensor<?xf32>, tensor<1xf32>) -> tensor<?xf32>
  %concat = edge.concat %y, %z {axis = 1 : i64} : (tensor<8x?xf32>, tensor<8x4xf32>) -> tensor<8x?xf32>
  return
}

// -----

// Grids and regions say how much is sampled, the input how many channels.
func.func @sampling(%x: tensor<?x3x4x5xf32>, %g: tensor<2x?x7x2xf32>, %r: tensor<?x4xf32>, %b: tensor<8xi64>,
    %m: tensor<2x?x?xf32>) {
  %grid = edge.grid_sample %x, %g {mode = #edge.resize_mode<linear>, padding = #edge.grid_padding<border>}
      : (tensor<?x3x4x5xf32>, tensor<2x?x7x2xf32>) -> tensor<?x3x?x7xf32>
  %roi = edge.roi_align <avg> %x, %r, %b {height = 2 : i64, width = 3 : i64, sampling_ratio = 1 : i64,
      spatial_scale = 0.5 : f64}
      : (tensor<?x3x4x5xf32>, tensor<?x4xf32>, tensor<8xi64>) -> tensor<?x3x2x3xf32>
  %det = edge.det %m : (tensor<2x?x?xf32>) -> tensor<2xf32>
  return
}

// -----

func.func @pads(%x: tensor<1x1x4xf32>, %w: tensor<1x1x3xf32>) {
  // expected-error@+2 {{the window does not fit spatial dimension 0}}
  // expected-error@+1 {{failed to infer returned types}}
  %y = edge.conv %x, %w {strides = array<i64: 1>, dilations = array<i64: 1>,
      pads = array<i64: 9223372036854775807, 9223372036854775807>, groups = 1 : i64}
      : (tensor<1x1x4xf32>, tensor<1x1x3xf32>) -> tensor<1x1x4xf32>
  return
}

// -----

func.func @dilation(%x: tensor<1x1x4xf32>, %w: tensor<1x1x3xf32>) {
  // expected-error@+2 {{the window does not fit spatial dimension 0}}
  // expected-error@+1 {{failed to infer returned types}}
  %y = edge.conv %x, %w {strides = array<i64: 1>, dilations = array<i64: 9223372036854775807>,
      pads = array<i64: 0, 0>, groups = 1 : i64}
      : (tensor<1x1x4xf32>, tensor<1x1x3xf32>) -> tensor<1x1x4xf32>
  return
}

// -----

func.func @elements(%x: tensor<4294967296x1xf32>, %y: tensor<1x4294967296xf32>) {
  // expected-error@+2 {{the result's shape 4294967296x4294967296 has more elements than can be addressed}}
  // expected-error@+1 {{failed to infer returned types}}
  %z = edge.matmul %x, %y : (tensor<4294967296x1xf32>, tensor<1x4294967296xf32>) -> tensor<1x1xf32>
  return
}

// -----

func.func @slice(%x: tensor<4xf32>) {
  // expected-error@+2 {{the slice of dimension 0}}
  // expected-error@+1 {{failed to infer returned types}}
  %z = edge.slice %x {starts = array<i64: 1>, sizes = array<i64: 4611686018427387904>,
      steps = array<i64: 4>} : (tensor<4xf32>) -> tensor<4xf32>
  return
}

// -----

func.func @pad(%x: tensor<4xf32>) {
  // expected-error@+2 {{pads 9223372036854775807 and 0 of dimension 0 are out of range for extent 4}}
  // expected-error@+1 {{failed to infer returned types}}
  %z = edge.pad %x {low = array<i64: 9223372036854775807>, high = array<i64: 0>}
      : (tensor<4xf32>) -> tensor<3xf32>
  return
}

// -----

// So many windows would have to be looked at one by one.
func.func @pool(%x: tensor<1x1x1xf32>) {
  // expected-error@+2 {{1152921504606846974 windows begin in the padding of spatial dimension 0, and no more than 65536 are supported with a dilation of 2 over an extent of 1}}
  // expected-error@+1 {{failed to infer returned types}}
  %z = edge.max_pool %x {kernel = array<i64: 1152921504606846976>, strides = array<i64: 2>,
      dilations = array<i64: 2>, pads = array<i64: 2305843009213693948, 2305843009213693948>}
      : (tensor<1x1x1xf32>) -> tensor<1x1x1xf32>
  return
}

// -----

func.func @concat(%x: tensor<9223372036854775807xi8>) {
  // expected-error@+2 {{the extents along axis 0 add up to more than can be addressed}}
  // expected-error@+1 {{failed to infer returned types}}
  %z = edge.concat %x, %x {axis = 0 : i64}
      : (tensor<9223372036854775807xi8>, tensor<9223372036854775807xi8>) -> tensor<1xi8>
  return
}
