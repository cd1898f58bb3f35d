func.func @sampling(%x: tensor<2x3x4x5xf32>, %g: tensor<2x6x7x2xf32>, %r: tensor<8x4xf32>, %b: tensor<8xi64>,
    %m: tensor<2x3x4x4xf32>) {
  %grid = edge.grid_sample %x, %g {mode = #edge.resize_mode<linear>, padding = #edge.grid_padding<border>, align_corners}
      : (tensor<2x3x4x5xf32>, tensor<2x6x7x2xf32>) -> tensor<2x3x6x7xf32>
  %roi = edge.roi_align <max> %x, %r, %b {height = 2 : i64, width = 3 : i64, sampling_ratio = 1 : i64,
      spatial_scale = 0.5 : f64, half_pixel}
      : (tensor<2x3x4x5xf32>, tensor<8x4xf32>, tensor<8xi64>) -> tensor<8x3x2x3xf32>
  %det = edge.det %m : (tensor<2x3x4x4xf32>) -> tensor<2x3xf32>
  %pool:2 = edge.max_pool_with_indices %m {kernel = array<i64: 2, 2>, strides = array<i64: 2, 2>,
      dilations = array<i64: 1, 1>, pads = array<i64: 0, 0, 0, 0>, column_major}
      : (tensor<2x3x4x4xf32>) -> (tensor<2x3x2x2xf32>, tensor<2x3x2x2xi64>)
  return
}
