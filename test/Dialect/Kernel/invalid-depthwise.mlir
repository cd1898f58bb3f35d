// RUN: edgec-opt %s -split-input-file -verify-diagnostics

func.func @depthwise_ranks(%x: tensor<1x5x8xf32>, %w: tensor<3x1x8xf32>, %c: tensor<1x3x8xf32>) {
  // expected-error @+1 {{(C1) input and init must have the same rank, filter one less}}
  %r = kernel.depthwise ins(%x, %w : tensor<1x5x8xf32>, tensor<3x1x8xf32>) outs(%c : tensor<1x3x8xf32>)
    attributes {strides = array<i64: 1>, dilations = array<i64: 1>, extra_maps = [], accumulator = f32} {
  ^bb0(%acc: f32):
    kernel.yield %acc : f32
  } -> tensor<1x3x8xf32>
  return
}

// -----

func.func @depthwise_dynamic(%x: tensor<?x5x8xf32>, %w: tensor<3x8xf32>, %c: tensor<1x3x8xf32>) {
  // expected-error @+1 {{(C1) operands must have static shapes}}
  %r = kernel.depthwise ins(%x, %w : tensor<?x5x8xf32>, tensor<3x8xf32>) outs(%c : tensor<1x3x8xf32>)
    attributes {strides = array<i64: 1>, dilations = array<i64: 1>, extra_maps = [], accumulator = f32} {
  ^bb0(%acc: f32):
    kernel.yield %acc : f32
  } -> tensor<1x3x8xf32>
  return
}

// -----

func.func @depthwise_strides(%x: tensor<1x5x8xf32>, %w: tensor<3x8xf32>, %c: tensor<1x3x8xf32>) {
  // expected-error @+1 {{(C1) strides and dilations need 1 entries}}
  %r = kernel.depthwise ins(%x, %w : tensor<1x5x8xf32>, tensor<3x8xf32>) outs(%c : tensor<1x3x8xf32>)
    attributes {strides = array<i64: 1, 1>, dilations = array<i64: 1>, extra_maps = [], accumulator = f32} {
  ^bb0(%acc: f32):
    kernel.yield %acc : f32
  } -> tensor<1x3x8xf32>
  return
}

// -----

func.func @depthwise_dilation(%x: tensor<1x5x8xf32>, %w: tensor<3x8xf32>, %c: tensor<1x3x8xf32>) {
  // expected-error @+1 {{(C1) strides and dilations must be positive}}
  %r = kernel.depthwise ins(%x, %w : tensor<1x5x8xf32>, tensor<3x8xf32>) outs(%c : tensor<1x3x8xf32>)
    attributes {strides = array<i64: 1>, dilations = array<i64: 0>, extra_maps = [], accumulator = f32} {
  ^bb0(%acc: f32):
    kernel.yield %acc : f32
  } -> tensor<1x3x8xf32>
  return
}

// -----

func.func @depthwise_channels(%x: tensor<1x5x8xf32>, %w: tensor<3x4xf32>, %c: tensor<1x3x8xf32>) {
  // expected-error @+1 {{(C1) batch sizes and channels of input, filter and init must agree}}
  %r = kernel.depthwise ins(%x, %w : tensor<1x5x8xf32>, tensor<3x4xf32>) outs(%c : tensor<1x3x8xf32>)
    attributes {strides = array<i64: 1>, dilations = array<i64: 1>, extra_maps = [], accumulator = f32} {
  ^bb0(%acc: f32):
    kernel.yield %acc : f32
  } -> tensor<1x3x8xf32>
  return
}

// -----

func.func @depthwise_extra(%x: tensor<1x5x8xf32>, %w: tensor<3x8xf32>, %c: tensor<1x3x8xf32>, %e: tensor<8xf32>) {
  // expected-error @+1 {{(C1) needs a map for each extra operand}}
  %r = kernel.depthwise ins(%x, %w : tensor<1x5x8xf32>, tensor<3x8xf32>) extras(%e : tensor<8xf32>) outs(%c : tensor<1x3x8xf32>)
    attributes {strides = array<i64: 1>, dilations = array<i64: 1>, extra_maps = [], accumulator = f32} {
  ^bb0(%acc: f32, %y: f32):
    kernel.yield %acc : f32
  } -> tensor<1x3x8xf32>
  return
}

// -----

func.func @depthwise_reach(%x: tensor<1x5x8xf32>, %w: tensor<3x8xf32>, %c: tensor<1x4x8xf32>) {
  // expected-error @+1 {{(C2) spatial dimension 0 reads input index 5 of an extent of 5}}
  %r = kernel.depthwise ins(%x, %w : tensor<1x5x8xf32>, tensor<3x8xf32>) outs(%c : tensor<1x4x8xf32>)
    attributes {strides = array<i64: 1>, dilations = array<i64: 1>, extra_maps = [], accumulator = f32} {
  ^bb0(%acc: f32):
    kernel.yield %acc : f32
  } -> tensor<1x4x8xf32>
  return
}

// -----

func.func @depthwise_epilogue(%x: tensor<1x5x8xf32>, %w: tensor<3x8xf32>, %c: tensor<1x3x8xi32>) {
  // expected-error @+1 {{(C3) the epilogue yields 'f32', but init's elements are 'i32'}}
  %r = kernel.depthwise ins(%x, %w : tensor<1x5x8xf32>, tensor<3x8xf32>) outs(%c : tensor<1x3x8xi32>)
    attributes {strides = array<i64: 1>, dilations = array<i64: 1>, extra_maps = [], accumulator = f32} {
  ^bb0(%acc: f32):
    kernel.yield %acc : f32
  } -> tensor<1x3x8xi32>
  return
}

// -----

func.func @depthwise_accumulator(%x: tensor<1x5x8xf32>, %w: tensor<3x8xf32>, %c: tensor<1x3x8xf32>) {
  // expected-error @+1 {{(C3) the epilogue's first argument must have the accumulator's type 'i32'}}
  %r = kernel.depthwise ins(%x, %w : tensor<1x5x8xf32>, tensor<3x8xf32>) outs(%c : tensor<1x3x8xf32>)
    attributes {strides = array<i64: 1>, dilations = array<i64: 1>, extra_maps = [], accumulator = i32} {
  ^bb0(%acc: f32):
    kernel.yield %acc : f32
  } -> tensor<1x3x8xf32>
  return
}

// -----

func.func @packed_without_rows(%x: memref<1x6x6x20xi8>, %w: memref<2x3x64xi8>, %c: memref<1x4x4x20xi32>) {
  // expected-error @+1 {{(C4) a packed filter needs window and tile_rows, positive, for one or two spatial dimensions}}
  kernel.depthwise ins(%x, %w : memref<1x6x6x20xi8>, memref<2x3x64xi8>) outs(%c : memref<1x4x4x20xi32>)
    attributes {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, extra_maps = [], accumulator = i32, window = array<i64: 3, 3>} {
  ^bb0(%acc: i32):
    kernel.yield %acc : i32
  }
  return
}

// -----

func.func @packed_window(%x: memref<1x6x6x20xi8>, %w: memref<2x3x64xi8>, %c: memref<1x4x4x20xi32>) {
  // expected-error @+1 {{(C4) a packed filter needs window and tile_rows, positive, for one or two spatial dimensions}}
  kernel.depthwise ins(%x, %w : memref<1x6x6x20xi8>, memref<2x3x64xi8>) outs(%c : memref<1x4x4x20xi32>)
    attributes {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, extra_maps = [], accumulator = i32, window = array<i64: 3>, tile_rows = 1 : i64} {
  ^bb0(%acc: i32):
    kernel.yield %acc : i32
  }
  return
}

// -----

func.func @packed_groups(%x: memref<1x6x6x20xi8>, %w: memref<2x5x64xi8>, %c: memref<1x4x4x20xi32>) {
  // expected-error @+1 {{(C4) a packed filter must have three dimensions, the second of them 3}}
  kernel.depthwise ins(%x, %w : memref<1x6x6x20xi8>, memref<2x5x64xi8>) outs(%c : memref<1x4x4x20xi32>)
    attributes {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, extra_maps = [], accumulator = i32, window = array<i64: 3, 3>, tile_rows = 2 : i64} {
  ^bb0(%acc: i32):
    kernel.yield %acc : i32
  }
  return
}

// -----

func.func @packed_channels(%x: memref<1x6x6x20xi8>, %w: memref<3x3x64xi8>, %c: memref<1x4x4x20xi32>) {
  // expected-error @+1 {{(C4) a packed filter must have groups of four for all of 20 channels, or for those of one block}}
  kernel.depthwise ins(%x, %w : memref<1x6x6x20xi8>, memref<3x3x64xi8>) outs(%c : memref<1x4x4x20xi32>)
    attributes {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, extra_maps = [], accumulator = i32, window = array<i64: 3, 3>, tile_rows = 2 : i64} {
  ^bb0(%acc: i32):
    kernel.yield %acc : i32
  }
  return
}

// -----

func.func @packed_reach(%x: memref<1x6x6x20xi8>, %w: memref<2x4x64xi8>, %c: memref<1x4x4x20xi32>) {
  // expected-error @+1 {{(C2) spatial dimension 1 reads input index 6 of an extent of 6}}
  kernel.depthwise ins(%x, %w : memref<1x6x6x20xi8>, memref<2x4x64xi8>) outs(%c : memref<1x4x4x20xi32>)
    attributes {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, extra_maps = [], accumulator = i32, window = array<i64: 3, 4>, tile_rows = 2 : i64} {
  ^bb0(%acc: i32):
    kernel.yield %acc : i32
  }
  return
}
