// RUN: edgec-opt %s --split-input-file --verify-diagnostics

func.func @grid_sample_c1(%x: tensor<2x3x4x5xf32>, %g: tensor<2x6x7x3xf32>) {
  // expected-error@+2 {{input 2x3x4x5 and grid 2x6x7x3 must be [N, C, d...] and [N, e..., s] with s spatial dimensions}}
  // expected-error@+1 {{failed to infer returned types}}
  %z = edge.grid_sample %x, %g {mode = #edge.resize_mode<linear>, padding = #edge.grid_padding<zeros>} : (tensor<2x3x4x5xf32>, tensor<2x6x7x3xf32>) -> tensor<2x3x6x7xf32>
  return
}

// -----

func.func @grid_sample_c2(%x: tensor<2x3x4x5xf32>, %g: tensor<1x6x7x2xf32>) {
  // expected-error@+2 {{input 2x3x4x5 and grid 1x6x7x2 must be}}
  // expected-error@+1 {{failed to infer returned types}}
  %z = edge.grid_sample %x, %g {mode = #edge.resize_mode<linear>, padding = #edge.grid_padding<zeros>} : (tensor<2x3x4x5xf32>, tensor<1x6x7x2xf32>) -> tensor<2x3x6x7xf32>
  return
}

// -----

func.func @grid_sample_c3(%x: tensor<2x3x4xf32>, %g: tensor<2x6x1xf32>) {
  // expected-error@+2 {{cubic interpolation needs two spatial dimensions, not 1}}
  // expected-error@+1 {{failed to infer returned types}}
  %z = edge.grid_sample %x, %g {mode = #edge.resize_mode<cubic>, padding = #edge.grid_padding<zeros>} : (tensor<2x3x4xf32>, tensor<2x6x1xf32>) -> tensor<2x3x6xf32>
  return
}

// -----

func.func @grid_sample_c4(%x: tensor<2x3x0xf32>, %g: tensor<2x6x1xf32>) {
  // expected-error@+2 {{the input of shape 2x3x0 has no elements to sample}}
  // expected-error@+1 {{failed to infer returned types}}
  %z = edge.grid_sample %x, %g {mode = #edge.resize_mode<linear>, padding = #edge.grid_padding<zeros>} : (tensor<2x3x0xf32>, tensor<2x6x1xf32>) -> tensor<2x3x6xf32>
  return
}

// -----

func.func @roi_align_c1(%x: tensor<2x3x4x5xf32>, %r: tensor<8x4xf32>, %b: tensor<7xi64>) {
  // expected-error@+2 {{must be [N, C, h, w], [R, 4] and [R] of i64}}
  // expected-error@+1 {{failed to infer returned types}}
  %z = edge.roi_align <avg> %x, %r, %b {height = 2 : i64, width = 2 : i64, sampling_ratio = 0 : i64, spatial_scale = 1.0 : f64} : (tensor<2x3x4x5xf32>, tensor<8x4xf32>, tensor<7xi64>) -> tensor<8x3x2x2xf32>
  return
}

// -----

func.func @roi_align_c2(%x: tensor<2x3x4x5xf32>, %r: tensor<8x4xf32>, %b: tensor<8xi64>) {
  // expected-error@+2 {{height 0 and width 2 must be positive, sampling_ratio -1 not negative}}
  // expected-error@+1 {{failed to infer returned types}}
  %z = edge.roi_align <avg> %x, %r, %b {height = 0 : i64, width = 2 : i64, sampling_ratio = -1 : i64, spatial_scale = 1.0 : f64} : (tensor<2x3x4x5xf32>, tensor<8x4xf32>, tensor<8xi64>) -> tensor<8x3x2x2xf32>
  return
}

// -----

func.func @roi_align_c3(%x: tensor<2x3x4x5xf32>, %r: tensor<8x4xf64>, %b: tensor<8xi64>) {
  // expected-error@+2 {{rois of 'f64' must have the input's element type 'f32'}}
  // expected-error@+1 {{failed to infer returned types}}
  %z = edge.roi_align <avg> %x, %r, %b {height = 2 : i64, width = 2 : i64, sampling_ratio = 0 : i64, spatial_scale = 1.0 : f64} : (tensor<2x3x4x5xf32>, tensor<8x4xf64>, tensor<8xi64>) -> tensor<8x3x2x2xf32>
  return
}

// -----

func.func @det_c1(%x: tensor<2x3xf32>) {
  // expected-error@+2 {{the input of shape 2x3 must hold square matrices in its last two dimensions}}
  // expected-error@+1 {{failed to infer returned types}}
  %z = edge.det %x : (tensor<2x3xf32>) -> tensor<f32>
  return
}
