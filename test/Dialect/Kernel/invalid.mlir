// RUN: edgec-opt %s -split-input-file -verify-diagnostics

func.func @extents(%a: tensor<4x8xf32>, %b: tensor<8x16xf32>, %c: tensor<4x16xf32>) {
  // expected-error @+1 {{(C1) extents must be positive}}
  %r = kernel.contract ins(%a, %b : tensor<4x8xf32>, tensor<8x16xf32>) outs(%c : tensor<4x16xf32>)
    attributes {num_batch = 0 : i64, num_rows = 1 : i64, extents = array<i64: 4, 16, 0>,
      a_map = affine_map<(i, j, k) -> (i, k)>, b_map = affine_map<(i, j, k) -> (k, j)>,
      c_map = affine_map<(i, j, k) -> (i, j)>, extra_maps = [], accumulator = f32} {
  ^bb0(%acc: f32):
    kernel.yield %acc : f32
  } -> tensor<4x16xf32>
  return
}

// -----

func.func @too_few_extents(%a: tensor<4x8xf32>, %b: tensor<8x16xf32>, %c: tensor<4x16xf32>) {
  // expected-error @+1 {{(C1) extents must have num_batch + num_rows + 1}}
  %r = kernel.contract ins(%a, %b : tensor<4x8xf32>, tensor<8x16xf32>) outs(%c : tensor<4x16xf32>)
    attributes {num_batch = 2 : i64, num_rows = 3 : i64, extents = array<i64: 4, 16, 8>,
      a_map = affine_map<(i, j, k) -> (i, k)>, b_map = affine_map<(i, j, k) -> (k, j)>,
      c_map = affine_map<(i, j, k) -> (i, j)>, extra_maps = [], accumulator = f32} {
  ^bb0(%acc: f32):
    kernel.yield %acc : f32
  } -> tensor<4x16xf32>
  return
}

// -----

func.func @no_static_shape(%a: tensor<?x8xf32>, %b: tensor<8x16xf32>, %c: tensor<4x16xf32>) {
  // expected-error @+1 {{(C1) a must have a static shape}}
  %r = kernel.contract ins(%a, %b : tensor<?x8xf32>, tensor<8x16xf32>) outs(%c : tensor<4x16xf32>)
    attributes {num_batch = 0 : i64, num_rows = 1 : i64, extents = array<i64: 4, 16, 8>,
      a_map = affine_map<(i, j, k) -> (i, k)>, b_map = affine_map<(i, j, k) -> (k, j)>,
      c_map = affine_map<(i, j, k) -> (i, j)>, extra_maps = [], accumulator = f32} {
  ^bb0(%acc: f32):
    kernel.yield %acc : f32
  } -> tensor<4x16xf32>
  return
}

// -----

func.func @map_dimensions(%a: tensor<4x8xf32>, %b: tensor<8x16xf32>, %c: tensor<4x16xf32>) {
  // expected-error @+1 {{(C1) a's map must have 3 dimensions and no symbols}}
  %r = kernel.contract ins(%a, %b : tensor<4x8xf32>, tensor<8x16xf32>) outs(%c : tensor<4x16xf32>)
    attributes {num_batch = 0 : i64, num_rows = 1 : i64, extents = array<i64: 4, 16, 8>,
      a_map = affine_map<(i, k) -> (i, k)>, b_map = affine_map<(i, j, k) -> (k, j)>,
      c_map = affine_map<(i, j, k) -> (i, j)>, extra_maps = [], accumulator = f32} {
  ^bb0(%acc: f32):
    kernel.yield %acc : f32
  } -> tensor<4x16xf32>
  return
}

// -----

func.func @map_symbols(%a: tensor<4x8xf32>, %b: tensor<8x16xf32>, %c: tensor<4x16xf32>) {
  // expected-error @+1 {{(C1) b's map must have 3 dimensions and no symbols}}
  %r = kernel.contract ins(%a, %b : tensor<4x8xf32>, tensor<8x16xf32>) outs(%c : tensor<4x16xf32>)
    attributes {num_batch = 0 : i64, num_rows = 1 : i64, extents = array<i64: 4, 16, 8>,
      a_map = affine_map<(i, j, k) -> (i, k)>, b_map = affine_map<(i, j, k)[s] -> (k, j)>,
      c_map = affine_map<(i, j, k) -> (i, j)>, extra_maps = [], accumulator = f32} {
  ^bb0(%acc: f32):
    kernel.yield %acc : f32
  } -> tensor<4x16xf32>
  return
}

// -----

func.func @map_results(%a: tensor<4x8xf32>, %b: tensor<8x16xf32>, %c: tensor<4x16xf32>) {
  // expected-error @+1 {{(C1) init's map has 1 results, but init has rank 2}}
  %r = kernel.contract ins(%a, %b : tensor<4x8xf32>, tensor<8x16xf32>) outs(%c : tensor<4x16xf32>)
    attributes {num_batch = 0 : i64, num_rows = 1 : i64, extents = array<i64: 4, 16, 8>,
      a_map = affine_map<(i, j, k) -> (i, k)>, b_map = affine_map<(i, j, k) -> (k, j)>,
      c_map = affine_map<(i, j, k) -> (i)>, extra_maps = [], accumulator = f32} {
  ^bb0(%acc: f32):
    kernel.yield %acc : f32
  } -> tensor<4x16xf32>
  return
}

// -----

func.func @no_extra_map(%a: tensor<4x8xf32>, %b: tensor<8x16xf32>, %c: tensor<4x16xf32>, %e: tensor<16xf32>) {
  // expected-error @+1 {{(C1) needs a map for each extra operand}}
  %r = kernel.contract ins(%a, %b : tensor<4x8xf32>, tensor<8x16xf32>) extras(%e : tensor<16xf32>) outs(%c : tensor<4x16xf32>)
    attributes {num_batch = 0 : i64, num_rows = 1 : i64, extents = array<i64: 4, 16, 8>,
      a_map = affine_map<(i, j, k) -> (i, k)>, b_map = affine_map<(i, j, k) -> (k, j)>,
      c_map = affine_map<(i, j, k) -> (i, j)>, extra_maps = [], accumulator = f32} {
  ^bb0(%acc: f32, %x: f32):
    kernel.yield %acc : f32
  } -> tensor<4x16xf32>
  return
}

// -----

func.func @a_uses_column(%a: tensor<4x16xf32>, %b: tensor<8x16xf32>, %c: tensor<4x16xf32>) {
  // expected-error @+1 {{(C2) a's map must not use dimension 1}}
  %r = kernel.contract ins(%a, %b : tensor<4x16xf32>, tensor<8x16xf32>) outs(%c : tensor<4x16xf32>)
    attributes {num_batch = 0 : i64, num_rows = 1 : i64, extents = array<i64: 4, 16, 8>,
      a_map = affine_map<(i, j, k) -> (i, j)>, b_map = affine_map<(i, j, k) -> (k, j)>,
      c_map = affine_map<(i, j, k) -> (i, j)>, extra_maps = [], accumulator = f32} {
  ^bb0(%acc: f32):
    kernel.yield %acc : f32
  } -> tensor<4x16xf32>
  return
}

// -----

func.func @b_uses_row(%a: tensor<4x8xf32>, %b: tensor<8x16xf32>, %c: tensor<4x16xf32>) {
  // expected-error @+1 {{(C2) b's map must not use dimension 0}}
  %r = kernel.contract ins(%a, %b : tensor<4x8xf32>, tensor<8x16xf32>) outs(%c : tensor<4x16xf32>)
    attributes {num_batch = 0 : i64, num_rows = 1 : i64, extents = array<i64: 4, 16, 8>,
      a_map = affine_map<(i, j, k) -> (i, k)>, b_map = affine_map<(i, j, k) -> (i, j)>,
      c_map = affine_map<(i, j, k) -> (i, j)>, extra_maps = [], accumulator = f32} {
  ^bb0(%acc: f32):
    kernel.yield %acc : f32
  } -> tensor<4x16xf32>
  return
}

// -----

func.func @init_uses_contracted(%a: tensor<4x8xf32>, %b: tensor<8x16xf32>, %c: tensor<4x16xf32>) {
  // expected-error @+1 {{(C2) init's map must not use dimension 2}}
  %r = kernel.contract ins(%a, %b : tensor<4x8xf32>, tensor<8x16xf32>) outs(%c : tensor<4x16xf32>)
    attributes {num_batch = 0 : i64, num_rows = 1 : i64, extents = array<i64: 4, 16, 8>,
      a_map = affine_map<(i, j, k) -> (i, k)>, b_map = affine_map<(i, j, k) -> (k, j)>,
      c_map = affine_map<(i, j, k) -> (k, j)>, extra_maps = [], accumulator = f32} {
  ^bb0(%acc: f32):
    kernel.yield %acc : f32
  } -> tensor<4x16xf32>
  return
}

// -----

func.func @extra_uses_contracted(%a: tensor<4x8xf32>, %b: tensor<8x16xf32>, %c: tensor<4x16xf32>, %e: tensor<16xf32>) {
  // expected-error @+1 {{(C2) extra operand's map must not use dimension 2}}
  %r = kernel.contract ins(%a, %b : tensor<4x8xf32>, tensor<8x16xf32>) extras(%e : tensor<16xf32>) outs(%c : tensor<4x16xf32>)
    attributes {num_batch = 0 : i64, num_rows = 1 : i64, extents = array<i64: 4, 16, 8>,
      a_map = affine_map<(i, j, k) -> (i, k)>, b_map = affine_map<(i, j, k) -> (k, j)>,
      c_map = affine_map<(i, j, k) -> (i, j)>, extra_maps = [affine_map<(i, j, k) -> (k)>], accumulator = f32} {
  ^bb0(%acc: f32, %x: f32):
    kernel.yield %acc : f32
  } -> tensor<4x16xf32>
  return
}

// -----

func.func @outside(%a: tensor<4x8xf32>, %b: tensor<8x16xf32>, %c: tensor<4x16xf32>) {
  // expected-error @+1 {{(C3) a's index along axis 1 reaches from 1 to 8, outside [0, 8)}}
  %r = kernel.contract ins(%a, %b : tensor<4x8xf32>, tensor<8x16xf32>) outs(%c : tensor<4x16xf32>)
    attributes {num_batch = 0 : i64, num_rows = 1 : i64, extents = array<i64: 4, 16, 8>,
      a_map = affine_map<(i, j, k) -> (i, k + 1)>, b_map = affine_map<(i, j, k) -> (k, j)>,
      c_map = affine_map<(i, j, k) -> (i, j)>, extra_maps = [], accumulator = f32} {
  ^bb0(%acc: f32):
    kernel.yield %acc : f32
  } -> tensor<4x16xf32>
  return
}

// -----

func.func @before_the_start(%a: tensor<4x8xf32>, %b: tensor<8x16xf32>, %c: tensor<4x16xf32>) {
  // expected-error @+1 {{(C3) b's index along axis 0 reaches from -1 to 6, outside [0, 8)}}
  %r = kernel.contract ins(%a, %b : tensor<4x8xf32>, tensor<8x16xf32>) outs(%c : tensor<4x16xf32>)
    attributes {num_batch = 0 : i64, num_rows = 1 : i64, extents = array<i64: 4, 16, 8>,
      a_map = affine_map<(i, j, k) -> (i, k)>, b_map = affine_map<(i, j, k) -> (k - 1, j)>,
      c_map = affine_map<(i, j, k) -> (i, j)>, extra_maps = [], accumulator = f32} {
  ^bb0(%acc: f32):
    kernel.yield %acc : f32
  } -> tensor<4x16xf32>
  return
}

// -----

func.func @no_range(%a: tensor<4x8xf32>, %b: tensor<8x16xf32>, %c: tensor<4x16xf32>) {
  // expected-error @+1 {{(C3) the range of result 1 of a's map cannot be determined}}
  %r = kernel.contract ins(%a, %b : tensor<4x8xf32>, tensor<8x16xf32>) outs(%c : tensor<4x16xf32>)
    attributes {num_batch = 0 : i64, num_rows = 1 : i64, extents = array<i64: 4, 16, 8>,
      a_map = affine_map<(i, j, k) -> (i, k ceildiv 2)>, b_map = affine_map<(i, j, k) -> (k, j)>,
      c_map = affine_map<(i, j, k) -> (i, j)>, extra_maps = [], accumulator = f32} {
  ^bb0(%acc: f32):
    kernel.yield %acc : f32
  } -> tensor<4x16xf32>
  return
}

// -----

func.func @accumulator(%a: tensor<4x8xf32>, %b: tensor<8x16xf32>, %c: tensor<4x16xf32>) {
  // expected-error @+1 {{(C4) the accumulator must be a number type}}
  %r = kernel.contract ins(%a, %b : tensor<4x8xf32>, tensor<8x16xf32>) outs(%c : tensor<4x16xf32>)
    attributes {num_batch = 0 : i64, num_rows = 1 : i64, extents = array<i64: 4, 16, 8>,
      a_map = affine_map<(i, j, k) -> (i, k)>, b_map = affine_map<(i, j, k) -> (k, j)>,
      c_map = affine_map<(i, j, k) -> (i, j)>, extra_maps = [], accumulator = index} {
  ^bb0(%acc: f32):
    kernel.yield %acc : f32
  } -> tensor<4x16xf32>
  return
}

// -----

func.func @epilogue_accumulator(%a: tensor<4x8xf32>, %b: tensor<8x16xf32>, %c: tensor<4x16xf32>) {
  // expected-error @+1 {{(C4) the epilogue's first argument must have the accumulator's type 'f64'}}
  %r = kernel.contract ins(%a, %b : tensor<4x8xf32>, tensor<8x16xf32>) outs(%c : tensor<4x16xf32>)
    attributes {num_batch = 0 : i64, num_rows = 1 : i64, extents = array<i64: 4, 16, 8>,
      a_map = affine_map<(i, j, k) -> (i, k)>, b_map = affine_map<(i, j, k) -> (k, j)>,
      c_map = affine_map<(i, j, k) -> (i, j)>, extra_maps = [], accumulator = f64} {
  ^bb0(%acc: f32):
    kernel.yield %acc : f32
  } -> tensor<4x16xf32>
  return
}

// -----

func.func @epilogue_arguments(%a: tensor<4x8xf32>, %b: tensor<8x16xf32>, %c: tensor<4x16xf32>, %e: tensor<16xf32>) {
  // expected-error @+1 {{(C4) the epilogue must have 2 arguments}}
  %r = kernel.contract ins(%a, %b : tensor<4x8xf32>, tensor<8x16xf32>) extras(%e : tensor<16xf32>) outs(%c : tensor<4x16xf32>)
    attributes {num_batch = 0 : i64, num_rows = 1 : i64, extents = array<i64: 4, 16, 8>,
      a_map = affine_map<(i, j, k) -> (i, k)>, b_map = affine_map<(i, j, k) -> (k, j)>,
      c_map = affine_map<(i, j, k) -> (i, j)>, extra_maps = [affine_map<(i, j, k) -> (j)>], accumulator = f32} {
  ^bb0(%acc: f32):
    kernel.yield %acc : f32
  } -> tensor<4x16xf32>
  return
}

// -----

func.func @epilogue_extra(%a: tensor<4x8xf32>, %b: tensor<8x16xf32>, %c: tensor<4x16xf32>, %e: tensor<16xf16>) {
  // expected-error @+1 {{(C4) epilogue argument 1 must be 'f16'}}
  %r = kernel.contract ins(%a, %b : tensor<4x8xf32>, tensor<8x16xf32>) extras(%e : tensor<16xf16>) outs(%c : tensor<4x16xf32>)
    attributes {num_batch = 0 : i64, num_rows = 1 : i64, extents = array<i64: 4, 16, 8>,
      a_map = affine_map<(i, j, k) -> (i, k)>, b_map = affine_map<(i, j, k) -> (k, j)>,
      c_map = affine_map<(i, j, k) -> (i, j)>, extra_maps = [affine_map<(i, j, k) -> (j)>], accumulator = f32} {
  ^bb0(%acc: f32, %x: f32):
    kernel.yield %acc : f32
  } -> tensor<4x16xf32>
  return
}

// -----

func.func @epilogue_yields(%a: tensor<4x8xf32>, %b: tensor<8x16xf32>, %c: tensor<4x16xf16>) {
  // expected-error @+1 {{(C4) the epilogue yields 'f32', but init's elements are 'f16'}}
  %r = kernel.contract ins(%a, %b : tensor<4x8xf32>, tensor<8x16xf32>) outs(%c : tensor<4x16xf16>)
    attributes {num_batch = 0 : i64, num_rows = 1 : i64, extents = array<i64: 4, 16, 8>,
      a_map = affine_map<(i, j, k) -> (i, k)>, b_map = affine_map<(i, j, k) -> (k, j)>,
      c_map = affine_map<(i, j, k) -> (i, j)>, extra_maps = [], accumulator = f32} {
  ^bb0(%acc: f32):
    kernel.yield %acc : f32
  } -> tensor<4x16xf16>
  return
}

// -----

func.func @no_result(%a: tensor<4x8xf32>, %b: tensor<8x16xf32>, %c: tensor<4x16xf32>) {
  // expected-error @+1 {{must have one result if init is a tensor}}
  kernel.contract ins(%a, %b : tensor<4x8xf32>, tensor<8x16xf32>) outs(%c : tensor<4x16xf32>)
    attributes {num_batch = 0 : i64, num_rows = 1 : i64, extents = array<i64: 4, 16, 8>,
      a_map = affine_map<(i, j, k) -> (i, k)>, b_map = affine_map<(i, j, k) -> (k, j)>,
      c_map = affine_map<(i, j, k) -> (i, j)>, extra_maps = [], accumulator = f32} {
  ^bb0(%acc: f32):
    kernel.yield %acc : f32
  }
  return
}

// -----

func.func @result_on_memref(%a: tensor<4x8xf32>, %b: tensor<8x16xf32>, %c: memref<4x16xf32>) {
  // expected-error @+1 {{must have one result if init is a tensor, none if it is a memref}}
  %r = kernel.contract ins(%a, %b : tensor<4x8xf32>, tensor<8x16xf32>) outs(%c : memref<4x16xf32>)
    attributes {num_batch = 0 : i64, num_rows = 1 : i64, extents = array<i64: 4, 16, 8>,
      a_map = affine_map<(i, j, k) -> (i, k)>, b_map = affine_map<(i, j, k) -> (k, j)>,
      c_map = affine_map<(i, j, k) -> (i, j)>, extra_maps = [], accumulator = f32} {
  ^bb0(%acc: f32):
    kernel.yield %acc : f32
  } -> tensor<4x16xf32>
  return
}

// -----

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

func.func @rowwise_extents(%x: tensor<4x8xf32>, %y: tensor<4x8xf32>) {
  // expected-error @+1 {{(C1) extents must be positive, one of them the column}}
  %r = kernel.rowwise ins(%x : tensor<4x8xf32>) outs(%y : tensor<4x8xf32>)
    attributes {extents = array<i64: 4, 0>, combiners = ["add"],
      input_maps = [affine_map<(i, j) -> (i, j)>], init_map = affine_map<(i, j) -> (i, j)>} {
  ^bb0(%a: f32):
    kernel.yield %a : f32
  }, {
  ^bb0(%a: f32, %sum: f32, %last: f32):
    kernel.yield %sum : f32
  } -> tensor<4x8xf32>
  return
}

// -----

func.func @rowwise_outside(%x: tensor<4x7xf32>, %y: tensor<4x8xf32>) {
  // expected-error @+1 {{(C3) input's index along axis 1 reaches from 0 to 7, outside [0, 7)}}
  %r = kernel.rowwise ins(%x : tensor<4x7xf32>) outs(%y : tensor<4x8xf32>)
    attributes {extents = array<i64: 4, 8>, combiners = ["add"],
      input_maps = [affine_map<(i, j) -> (i, j)>], init_map = affine_map<(i, j) -> (i, j)>} {
  ^bb0(%a: f32):
    kernel.yield %a : f32
  }, {
  ^bb0(%a: f32, %sum: f32, %last: f32):
    kernel.yield %sum : f32
  } -> tensor<4x8xf32>
  return
}

// -----

func.func @rowwise_repeats(%x: tensor<4x8xf32>, %y: tensor<4xf32>) {
  // expected-error @+1 {{(C2) init's map must be a permutation}}
  %r = kernel.rowwise ins(%x : tensor<4x8xf32>) outs(%y : tensor<4xf32>)
    attributes {extents = array<i64: 4, 8>, combiners = ["add"],
      input_maps = [affine_map<(i, j) -> (i, j)>], init_map = affine_map<(i, j) -> (i)>} {
  ^bb0(%a: f32):
    kernel.yield %a : f32
  }, {
  ^bb0(%a: f32, %sum: f32, %last: f32):
    kernel.yield %sum : f32
  } -> tensor<4xf32>
  return
}

// -----

func.func @rowwise_combiner(%x: tensor<4x8xf32>, %y: tensor<4x8xf32>) {
  // expected-error @+1 {{(C3) unknown combiner 'mul'}}
  %r = kernel.rowwise ins(%x : tensor<4x8xf32>) outs(%y : tensor<4x8xf32>)
    attributes {extents = array<i64: 4, 8>, combiners = ["mul"],
      input_maps = [affine_map<(i, j) -> (i, j)>], init_map = affine_map<(i, j) -> (i, j)>} {
  ^bb0(%a: f32):
    kernel.yield %a : f32
  }, {
  ^bb0(%a: f32, %sum: f32, %last: f32):
    kernel.yield %sum : f32
  } -> tensor<4x8xf32>
  return
}

// -----

func.func @rowwise_arguments(%x: tensor<4x8xf32>, %y: tensor<4x8xf32>) {
  // expected-error @+1 {{(C4) region 1 must have the arguments ('f32', 'f32', 'f32')}}
  %r = kernel.rowwise ins(%x : tensor<4x8xf32>) outs(%y : tensor<4x8xf32>)
    attributes {extents = array<i64: 4, 8>, combiners = ["add"],
      input_maps = [affine_map<(i, j) -> (i, j)>], init_map = affine_map<(i, j) -> (i, j)>} {
  ^bb0(%a: f32):
    kernel.yield %a : f32
  }, {
  ^bb0(%a: f32, %sum: f32):
    kernel.yield %sum : f32
  } -> tensor<4x8xf32>
  return
}

// -----

func.func @packed_without_rows(%x: memref<1x6x6x20xi8>, %w: memref<2x6x64xi8>, %c: memref<1x4x4x20xi32>) {
  // expected-error @+1 {{(C4) a packed filter needs window and tile_rows, positive, for one or two spatial dimensions}}
  kernel.depthwise ins(%x, %w : memref<1x6x6x20xi8>, memref<2x6x64xi8>) outs(%c : memref<1x4x4x20xi32>)
    attributes {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, extra_maps = [], accumulator = i32, window = array<i64: 3, 3>} {
  ^bb0(%acc: i32):
    kernel.yield %acc : i32
  }
  return
}

// -----

func.func @packed_window(%x: memref<1x6x6x20xi8>, %w: memref<2x6x64xi8>, %c: memref<1x4x4x20xi32>) {
  // expected-error @+1 {{(C4) a packed filter needs window and tile_rows, positive, for one or two spatial dimensions}}
  kernel.depthwise ins(%x, %w : memref<1x6x6x20xi8>, memref<2x6x64xi8>) outs(%c : memref<1x4x4x20xi32>)
    attributes {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, extra_maps = [], accumulator = i32, window = array<i64: 3>, tile_rows = 1 : i64} {
  ^bb0(%acc: i32):
    kernel.yield %acc : i32
  }
  return
}

// -----

func.func @packed_groups(%x: memref<1x6x6x20xi8>, %w: memref<2x5x64xi8>, %c: memref<1x4x4x20xi32>) {
  // expected-error @+1 {{(C4) a packed filter must have three dimensions, the second of them 6}}
  kernel.depthwise ins(%x, %w : memref<1x6x6x20xi8>, memref<2x5x64xi8>) outs(%c : memref<1x4x4x20xi32>)
    attributes {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, extra_maps = [], accumulator = i32, window = array<i64: 3, 3>, tile_rows = 2 : i64} {
  ^bb0(%acc: i32):
    kernel.yield %acc : i32
  }
  return
}

// -----

func.func @packed_channels(%x: memref<1x6x6x20xi8>, %w: memref<1x6x64xi8>, %c: memref<1x4x4x20xi32>) {
  // expected-error @+1 {{(C4) a packed filter must have groups of four for all of 20 channels}}
  kernel.depthwise ins(%x, %w : memref<1x6x6x20xi8>, memref<1x6x64xi8>) outs(%c : memref<1x4x4x20xi32>)
    attributes {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, extra_maps = [], accumulator = i32, window = array<i64: 3, 3>, tile_rows = 2 : i64} {
  ^bb0(%acc: i32):
    kernel.yield %acc : i32
  }
  return
}

// -----

func.func @packed_reach(%x: memref<1x6x6x20xi8>, %w: memref<2x8x64xi8>, %c: memref<1x4x4x20xi32>) {
  // expected-error @+1 {{(C2) spatial dimension 1 reads input index 6 of an extent of 6}}
  kernel.depthwise ins(%x, %w : memref<1x6x6x20xi8>, memref<2x8x64xi8>) outs(%c : memref<1x4x4x20xi32>)
    attributes {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, extra_maps = [], accumulator = i32, window = array<i64: 3, 4>, tile_rows = 2 : i64} {
  ^bb0(%acc: i32):
    kernel.yield %acc : i32
  }
  return
}

// -----

func.func @attention_extents(%q: tensor<3x40x64xf32>, %k: tensor<3x64x50xf32>, %v: tensor<3x50x32xf32>, %o: tensor<3x40x32xf32>) -> tensor<3x40x32xf32> {
  // expected-error @+1 {{(C1) extents must have num_batch + 4 entries}}
  %r = kernel.attention ins(%q, %k, %v : tensor<3x40x64xf32>, tensor<3x64x50xf32>, tensor<3x50x32xf32>) outs(%o : tensor<3x40x32xf32>)
    attributes {num_batch = 1 : i64, extents = array<i64: 3, 40, 50, 64>,
      query_map = affine_map<(g, i, j, k, c) -> (g, i, k)>, key_map = affine_map<(g, i, j, k, c) -> (g, k, j)>,
      value_map = affine_map<(g, i, j, k, c) -> (g, j, c)>, init_map = affine_map<(g, i, j, k, c) -> (g, i, c)>,
      extra_maps = [], combiners = ["max", "add"]} {
  ^bb0(%sum: f32):
    %scale = arith.constant 0.125 : f32
    %s = arith.mulf %sum, %scale : f32
    kernel.yield %s : f32
  }, {
  ^bb0(%sum: f32):
    kernel.yield %sum : f32
  }, {
  ^bb0(%s: f32):
    kernel.yield %s : f32
  }, {
  ^bb0(%s: f32, %max: f32):
    %d = arith.subf %s, %max : f32
    %e = math.exp %d : f32
    kernel.yield %e : f32
  }, {
  ^bb0(%s: f32, %max: f32, %total: f32, %e: f32):
    %p = arith.divf %e, %total : f32
    kernel.yield %p : f32
  } -> tensor<3x40x32xf32>
  return %r : tensor<3x40x32xf32>
}

// -----

func.func @attention_empty(%q: tensor<3x40x64xf32>, %k: tensor<3x64x50xf32>, %v: tensor<3x50x32xf32>, %o: tensor<3x40x32xf32>) -> tensor<3x40x32xf32> {
  // expected-error @+1 {{(C1) extents must be positive}}
  %r = kernel.attention ins(%q, %k, %v : tensor<3x40x64xf32>, tensor<3x64x50xf32>, tensor<3x50x32xf32>) outs(%o : tensor<3x40x32xf32>)
    attributes {num_batch = 1 : i64, extents = array<i64: 3, 0, 50, 64, 32>,
      query_map = affine_map<(g, i, j, k, c) -> (g, i, k)>, key_map = affine_map<(g, i, j, k, c) -> (g, k, j)>,
      value_map = affine_map<(g, i, j, k, c) -> (g, j, c)>, init_map = affine_map<(g, i, j, k, c) -> (g, i, c)>,
      extra_maps = [], combiners = ["max", "add"]} {
  ^bb0(%sum: f32):
    %scale = arith.constant 0.125 : f32
    %s = arith.mulf %sum, %scale : f32
    kernel.yield %s : f32
  }, {
  ^bb0(%sum: f32):
    kernel.yield %sum : f32
  }, {
  ^bb0(%s: f32):
    kernel.yield %s : f32
  }, {
  ^bb0(%s: f32, %max: f32):
    %d = arith.subf %s, %max : f32
    %e = math.exp %d : f32
    kernel.yield %e : f32
  }, {
  ^bb0(%s: f32, %max: f32, %total: f32, %e: f32):
    %p = arith.divf %e, %total : f32
    kernel.yield %p : f32
  } -> tensor<3x40x32xf32>
  return %r : tensor<3x40x32xf32>
}

// -----

func.func @attention_query_uses_key(%q: tensor<3x40x64xf32>, %k: tensor<3x64x50xf32>, %v: tensor<3x50x32xf32>, %o: tensor<3x40x32xf32>) -> tensor<3x40x32xf32> {
  // expected-error @+1 {{(C2) query's map must not use dimension 2}}
  %r = kernel.attention ins(%q, %k, %v : tensor<3x40x64xf32>, tensor<3x64x50xf32>, tensor<3x50x32xf32>) outs(%o : tensor<3x40x32xf32>)
    attributes {num_batch = 1 : i64, extents = array<i64: 3, 40, 50, 64, 32>,
      query_map = affine_map<(g, i, j, k, c) -> (g, i, j)>, key_map = affine_map<(g, i, j, k, c) -> (g, k, j)>,
      value_map = affine_map<(g, i, j, k, c) -> (g, j, c)>, init_map = affine_map<(g, i, j, k, c) -> (g, i, c)>,
      extra_maps = [], combiners = ["max", "add"]} {
  ^bb0(%sum: f32):
    %scale = arith.constant 0.125 : f32
    %s = arith.mulf %sum, %scale : f32
    kernel.yield %s : f32
  }, {
  ^bb0(%sum: f32):
    kernel.yield %sum : f32
  }, {
  ^bb0(%s: f32):
    kernel.yield %s : f32
  }, {
  ^bb0(%s: f32, %max: f32):
    %d = arith.subf %s, %max : f32
    %e = math.exp %d : f32
    kernel.yield %e : f32
  }, {
  ^bb0(%s: f32, %max: f32, %total: f32, %e: f32):
    %p = arith.divf %e, %total : f32
    kernel.yield %p : f32
  } -> tensor<3x40x32xf32>
  return %r : tensor<3x40x32xf32>
}

// -----

func.func @attention_key_uses_query(%q: tensor<3x40x64xf32>, %k: tensor<3x64x50xf32>, %v: tensor<3x50x32xf32>, %o: tensor<3x40x32xf32>) -> tensor<3x40x32xf32> {
  // expected-error @+1 {{(C2) key's map must not use dimension 1}}
  %r = kernel.attention ins(%q, %k, %v : tensor<3x40x64xf32>, tensor<3x64x50xf32>, tensor<3x50x32xf32>) outs(%o : tensor<3x40x32xf32>)
    attributes {num_batch = 1 : i64, extents = array<i64: 3, 40, 50, 64, 32>,
      query_map = affine_map<(g, i, j, k, c) -> (g, i, k)>, key_map = affine_map<(g, i, j, k, c) -> (g, k, i)>,
      value_map = affine_map<(g, i, j, k, c) -> (g, j, c)>, init_map = affine_map<(g, i, j, k, c) -> (g, i, c)>,
      extra_maps = [], combiners = ["max", "add"]} {
  ^bb0(%sum: f32):
    %scale = arith.constant 0.125 : f32
    %s = arith.mulf %sum, %scale : f32
    kernel.yield %s : f32
  }, {
  ^bb0(%sum: f32):
    kernel.yield %sum : f32
  }, {
  ^bb0(%s: f32):
    kernel.yield %s : f32
  }, {
  ^bb0(%s: f32, %max: f32):
    %d = arith.subf %s, %max : f32
    %e = math.exp %d : f32
    kernel.yield %e : f32
  }, {
  ^bb0(%s: f32, %max: f32, %total: f32, %e: f32):
    %p = arith.divf %e, %total : f32
    kernel.yield %p : f32
  } -> tensor<3x40x32xf32>
  return %r : tensor<3x40x32xf32>
}

// -----

func.func @attention_value_uses_depth(%q: tensor<3x40x64xf32>, %k: tensor<3x64x50xf32>, %v: tensor<3x50x32xf32>, %o: tensor<3x40x32xf32>) -> tensor<3x40x32xf32> {
  // expected-error @+1 {{(C2) value's map must not use dimension 3}}
  %r = kernel.attention ins(%q, %k, %v : tensor<3x40x64xf32>, tensor<3x64x50xf32>, tensor<3x50x32xf32>) outs(%o : tensor<3x40x32xf32>)
    attributes {num_batch = 1 : i64, extents = array<i64: 3, 40, 50, 64, 32>,
      query_map = affine_map<(g, i, j, k, c) -> (g, i, k)>, key_map = affine_map<(g, i, j, k, c) -> (g, k, j)>,
      value_map = affine_map<(g, i, j, k, c) -> (g, k, c)>, init_map = affine_map<(g, i, j, k, c) -> (g, i, c)>,
      extra_maps = [], combiners = ["max", "add"]} {
  ^bb0(%sum: f32):
    %scale = arith.constant 0.125 : f32
    %s = arith.mulf %sum, %scale : f32
    kernel.yield %s : f32
  }, {
  ^bb0(%sum: f32):
    kernel.yield %sum : f32
  }, {
  ^bb0(%s: f32):
    kernel.yield %s : f32
  }, {
  ^bb0(%s: f32, %max: f32):
    %d = arith.subf %s, %max : f32
    %e = math.exp %d : f32
    kernel.yield %e : f32
  }, {
  ^bb0(%s: f32, %max: f32, %total: f32, %e: f32):
    %p = arith.divf %e, %total : f32
    kernel.yield %p : f32
  } -> tensor<3x40x32xf32>
  return %r : tensor<3x40x32xf32>
}

// -----

func.func @attention_init_uses_key(%q: tensor<3x40x64xf32>, %k: tensor<3x64x50xf32>, %v: tensor<3x50x32xf32>, %o: tensor<3x40x32xf32>) -> tensor<3x40x32xf32> {
  // expected-error @+1 {{(C2) init's map must not use dimension 2}}
  %r = kernel.attention ins(%q, %k, %v : tensor<3x40x64xf32>, tensor<3x64x50xf32>, tensor<3x50x32xf32>) outs(%o : tensor<3x40x32xf32>)
    attributes {num_batch = 1 : i64, extents = array<i64: 3, 40, 50, 64, 32>,
      query_map = affine_map<(g, i, j, k, c) -> (g, i, k)>, key_map = affine_map<(g, i, j, k, c) -> (g, k, j)>,
      value_map = affine_map<(g, i, j, k, c) -> (g, j, c)>, init_map = affine_map<(g, i, j, k, c) -> (g, j, c)>,
      extra_maps = [], combiners = ["max", "add"]} {
  ^bb0(%sum: f32):
    %scale = arith.constant 0.125 : f32
    %s = arith.mulf %sum, %scale : f32
    kernel.yield %s : f32
  }, {
  ^bb0(%sum: f32):
    kernel.yield %sum : f32
  }, {
  ^bb0(%s: f32):
    kernel.yield %s : f32
  }, {
  ^bb0(%s: f32, %max: f32):
    %d = arith.subf %s, %max : f32
    %e = math.exp %d : f32
    kernel.yield %e : f32
  }, {
  ^bb0(%s: f32, %max: f32, %total: f32, %e: f32):
    %p = arith.divf %e, %total : f32
    kernel.yield %p : f32
  } -> tensor<3x40x32xf32>
  return %r : tensor<3x40x32xf32>
}

// -----

func.func @attention_outside(%q: tensor<3x40x64xf32>, %k: tensor<3x64x50xf32>, %v: tensor<3x50x32xf32>, %o: tensor<3x40x32xf32>) -> tensor<3x40x32xf32> {
  // expected-error @+1 {{(C3) query's index along axis 1 reaches from 0 to 40, outside [0, 40)}}
  %r = kernel.attention ins(%q, %k, %v : tensor<3x40x64xf32>, tensor<3x64x50xf32>, tensor<3x50x32xf32>) outs(%o : tensor<3x40x32xf32>)
    attributes {num_batch = 1 : i64, extents = array<i64: 3, 41, 50, 64, 32>,
      query_map = affine_map<(g, i, j, k, c) -> (g, i, k)>, key_map = affine_map<(g, i, j, k, c) -> (g, k, j)>,
      value_map = affine_map<(g, i, j, k, c) -> (g, j, c)>, init_map = affine_map<(g, i, j, k, c) -> (g, i, c)>,
      extra_maps = [], combiners = ["max", "add"]} {
  ^bb0(%sum: f32):
    %scale = arith.constant 0.125 : f32
    %s = arith.mulf %sum, %scale : f32
    kernel.yield %s : f32
  }, {
  ^bb0(%sum: f32):
    kernel.yield %sum : f32
  }, {
  ^bb0(%s: f32):
    kernel.yield %s : f32
  }, {
  ^bb0(%s: f32, %max: f32):
    %d = arith.subf %s, %max : f32
    %e = math.exp %d : f32
    kernel.yield %e : f32
  }, {
  ^bb0(%s: f32, %max: f32, %total: f32, %e: f32):
    %p = arith.divf %e, %total : f32
    kernel.yield %p : f32
  } -> tensor<3x40x32xf32>
  return %r : tensor<3x40x32xf32>
}

// -----

func.func @attention_integer_sum(%q: tensor<3x40x64xf32>, %k: tensor<3x64x50xf32>, %v: tensor<3x50x32xf32>, %o: tensor<3x40x32xf32>) -> tensor<3x40x32xf32> {
  // expected-error @+1 {{(C4) the first two regions must take a sum of floats, or of i32 for bytes}}
  %r = kernel.attention ins(%q, %k, %v : tensor<3x40x64xf32>, tensor<3x64x50xf32>, tensor<3x50x32xf32>) outs(%o : tensor<3x40x32xf32>)
    attributes {num_batch = 1 : i64, extents = array<i64: 3, 40, 50, 64, 32>,
      query_map = affine_map<(g, i, j, k, c) -> (g, i, k)>, key_map = affine_map<(g, i, j, k, c) -> (g, k, j)>,
      value_map = affine_map<(g, i, j, k, c) -> (g, j, c)>, init_map = affine_map<(g, i, j, k, c) -> (g, i, c)>,
      extra_maps = [], combiners = ["max", "add"]} {
  ^bb0(%sum: i32):
    %s = arith.sitofp %sum : i32 to f32
    kernel.yield %s : f32
  }, {
  ^bb0(%sum: f32):
    kernel.yield %sum : f32
  }, {
  ^bb0(%s: f32):
    kernel.yield %s : f32
  }, {
  ^bb0(%s: f32, %max: f32):
    %d = arith.subf %s, %max : f32
    %e = math.exp %d : f32
    kernel.yield %e : f32
  }, {
  ^bb0(%s: f32, %max: f32, %total: f32, %e: f32):
    %p = arith.divf %e, %total : f32
    kernel.yield %p : f32
  } -> tensor<3x40x32xf32>
  return %r : tensor<3x40x32xf32>
}

// -----

func.func @attention_integer_score(%q: tensor<3x40x64xf32>, %k: tensor<3x64x50xf32>, %v: tensor<3x50x32xf32>, %o: tensor<3x40x32xf32>) -> tensor<3x40x32xf32> {
  // expected-error @+1 {{(C4) the first region must yield a float}}
  %r = kernel.attention ins(%q, %k, %v : tensor<3x40x64xf32>, tensor<3x64x50xf32>, tensor<3x50x32xf32>) outs(%o : tensor<3x40x32xf32>)
    attributes {num_batch = 1 : i64, extents = array<i64: 3, 40, 50, 64, 32>,
      query_map = affine_map<(g, i, j, k, c) -> (g, i, k)>, key_map = affine_map<(g, i, j, k, c) -> (g, k, j)>,
      value_map = affine_map<(g, i, j, k, c) -> (g, j, c)>, init_map = affine_map<(g, i, j, k, c) -> (g, i, c)>,
      extra_maps = [], combiners = ["max", "add"]} {
  ^bb0(%sum: f32):
    %s = arith.fptosi %sum : f32 to i32
    kernel.yield %s : i32
  }, {
  ^bb0(%sum: f32):
    kernel.yield %sum : f32
  }, {
  ^bb0(%s: f32):
    kernel.yield %s : f32
  }, {
  ^bb0(%s: f32, %max: f32):
    %d = arith.subf %s, %max : f32
    %e = math.exp %d : f32
    kernel.yield %e : f32
  }, {
  ^bb0(%s: f32, %max: f32, %total: f32, %e: f32):
    %p = arith.divf %e, %total : f32
    kernel.yield %p : f32
  } -> tensor<3x40x32xf32>
  return %r : tensor<3x40x32xf32>
}

// -----

func.func @attention_result_type(%q: tensor<3x40x64xf32>, %k: tensor<3x64x50xf32>, %v: tensor<3x50x32xf32>, %o: tensor<3x40x32xf32>) -> tensor<3x40x32xf32> {
  // expected-error @+1 {{(C4) the epilogue yields 'f16', but init's elements are 'f32'}}
  %r = kernel.attention ins(%q, %k, %v : tensor<3x40x64xf32>, tensor<3x64x50xf32>, tensor<3x50x32xf32>) outs(%o : tensor<3x40x32xf32>)
    attributes {num_batch = 1 : i64, extents = array<i64: 3, 40, 50, 64, 32>,
      query_map = affine_map<(g, i, j, k, c) -> (g, i, k)>, key_map = affine_map<(g, i, j, k, c) -> (g, k, j)>,
      value_map = affine_map<(g, i, j, k, c) -> (g, j, c)>, init_map = affine_map<(g, i, j, k, c) -> (g, i, c)>,
      extra_maps = [], combiners = ["max", "add"]} {
  ^bb0(%sum: f32):
    %scale = arith.constant 0.125 : f32
    %s = arith.mulf %sum, %scale : f32
    kernel.yield %s : f32
  }, {
  ^bb0(%sum: f32):
    %h = arith.truncf %sum : f32 to f16
    kernel.yield %h : f16
  }, {
  ^bb0(%s: f32):
    kernel.yield %s : f32
  }, {
  ^bb0(%s: f32, %max: f32):
    %d = arith.subf %s, %max : f32
    %e = math.exp %d : f32
    kernel.yield %e : f32
  }, {
  ^bb0(%s: f32, %max: f32, %total: f32, %e: f32):
    %p = arith.divf %e, %total : f32
    kernel.yield %p : f32
  } -> tensor<3x40x32xf32>
  return %r : tensor<3x40x32xf32>
}

// -----

func.func @attention_combiner(%q: tensor<3x40x64xf32>, %k: tensor<3x64x50xf32>, %v: tensor<3x50x32xf32>, %o: tensor<3x40x32xf32>) -> tensor<3x40x32xf32> {
  // expected-error @+1 {{(C5) unknown combiner 'mul'}}
  %r = kernel.attention ins(%q, %k, %v : tensor<3x40x64xf32>, tensor<3x64x50xf32>, tensor<3x50x32xf32>) outs(%o : tensor<3x40x32xf32>)
    attributes {num_batch = 1 : i64, extents = array<i64: 3, 40, 50, 64, 32>,
      query_map = affine_map<(g, i, j, k, c) -> (g, i, k)>, key_map = affine_map<(g, i, j, k, c) -> (g, k, j)>,
      value_map = affine_map<(g, i, j, k, c) -> (g, j, c)>, init_map = affine_map<(g, i, j, k, c) -> (g, i, c)>,
      extra_maps = [], combiners = ["max", "mul"]} {
  ^bb0(%sum: f32):
    %scale = arith.constant 0.125 : f32
    %s = arith.mulf %sum, %scale : f32
    kernel.yield %s : f32
  }, {
  ^bb0(%sum: f32):
    kernel.yield %sum : f32
  }, {
  ^bb0(%s: f32):
    kernel.yield %s : f32
  }, {
  ^bb0(%s: f32, %max: f32):
    %d = arith.subf %s, %max : f32
    %e = math.exp %d : f32
    kernel.yield %e : f32
  }, {
  ^bb0(%s: f32, %max: f32, %total: f32, %e: f32):
    %p = arith.divf %e, %total : f32
    kernel.yield %p : f32
  } -> tensor<3x40x32xf32>
  return %r : tensor<3x40x32xf32>
}

// -----

func.func @attention_missing_body(%q: tensor<3x40x64xf32>, %k: tensor<3x64x50xf32>, %v: tensor<3x50x32xf32>, %o: tensor<3x40x32xf32>) -> tensor<3x40x32xf32> {
  // expected-error @+1 {{(C5) needs a combiner, and a region more than those}}
  %r = kernel.attention ins(%q, %k, %v : tensor<3x40x64xf32>, tensor<3x64x50xf32>, tensor<3x50x32xf32>) outs(%o : tensor<3x40x32xf32>)
    attributes {num_batch = 1 : i64, extents = array<i64: 3, 40, 50, 64, 32>,
      query_map = affine_map<(g, i, j, k, c) -> (g, i, k)>, key_map = affine_map<(g, i, j, k, c) -> (g, k, j)>,
      value_map = affine_map<(g, i, j, k, c) -> (g, j, c)>, init_map = affine_map<(g, i, j, k, c) -> (g, i, c)>,
      extra_maps = [], combiners = ["max", "add", "add"]} {
  ^bb0(%sum: f32):
    %scale = arith.constant 0.125 : f32
    %s = arith.mulf %sum, %scale : f32
    kernel.yield %s : f32
  }, {
  ^bb0(%sum: f32):
    kernel.yield %sum : f32
  }, {
  ^bb0(%s: f32):
    kernel.yield %s : f32
  }, {
  ^bb0(%s: f32, %max: f32):
    %d = arith.subf %s, %max : f32
    %e = math.exp %d : f32
    kernel.yield %e : f32
  }, {
  ^bb0(%s: f32, %max: f32, %total: f32, %e: f32):
    %p = arith.divf %e, %total : f32
    kernel.yield %p : f32
  } -> tensor<3x40x32xf32>
  return %r : tensor<3x40x32xf32>
}

// -----

func.func @attention_body_arguments(%q: tensor<3x40x64xf32>, %k: tensor<3x64x50xf32>, %v: tensor<3x50x32xf32>, %o: tensor<3x40x32xf32>) -> tensor<3x40x32xf32> {
  // expected-error @+1 {{(C5) region 4 must have the arguments ('f32', 'f32', 'f32', 'f32')}}
  %r = kernel.attention ins(%q, %k, %v : tensor<3x40x64xf32>, tensor<3x64x50xf32>, tensor<3x50x32xf32>) outs(%o : tensor<3x40x32xf32>)
    attributes {num_batch = 1 : i64, extents = array<i64: 3, 40, 50, 64, 32>,
      query_map = affine_map<(g, i, j, k, c) -> (g, i, k)>, key_map = affine_map<(g, i, j, k, c) -> (g, k, j)>,
      value_map = affine_map<(g, i, j, k, c) -> (g, j, c)>, init_map = affine_map<(g, i, j, k, c) -> (g, i, c)>,
      extra_maps = [], combiners = ["max", "add"]} {
  ^bb0(%sum: f32):
    %scale = arith.constant 0.125 : f32
    %s = arith.mulf %sum, %scale : f32
    kernel.yield %s : f32
  }, {
  ^bb0(%sum: f32):
    kernel.yield %sum : f32
  }, {
  ^bb0(%s: f32):
    kernel.yield %s : f32
  }, {
  ^bb0(%s: f32, %max: f32):
    %d = arith.subf %s, %max : f32
    %e = math.exp %d : f32
    kernel.yield %e : f32
  }, {
  ^bb0(%s: f32, %max: f32, %total: f32):
    %p = arith.divf %s, %total : f32
    kernel.yield %p : f32
  } -> tensor<3x40x32xf32>
  return %r : tensor<3x40x32xf32>
}

// -----

func.func @attention_extra_uses_depth(%q: tensor<3x40x64xf32>, %k: tensor<3x64x50xf32>, %v: tensor<3x50x32xf32>, %m: tensor<64xf32>, %o: tensor<3x40x32xf32>) -> tensor<3x40x32xf32> {
  // expected-error @+1 {{(C2) extra operand's map must not use dimension 3}}
  %r = kernel.attention ins(%q, %k, %v : tensor<3x40x64xf32>, tensor<3x64x50xf32>, tensor<3x50x32xf32>) extras(%m : tensor<64xf32>) outs(%o : tensor<3x40x32xf32>)
    attributes {num_batch = 1 : i64, extents = array<i64: 3, 40, 50, 64, 32>,
      query_map = affine_map<(g, i, j, k, c) -> (g, i, k)>, key_map = affine_map<(g, i, j, k, c) -> (g, k, j)>,
      value_map = affine_map<(g, i, j, k, c) -> (g, j, c)>, init_map = affine_map<(g, i, j, k, c) -> (g, i, c)>,
      extra_maps = [affine_map<(g, i, j, k, c) -> (k)>], combiners = ["max", "add"]} {
  ^bb0(%sum: f32, %x: f32):
    %scale = arith.constant 0.125 : f32
    %s = arith.mulf %sum, %scale : f32
    %t = arith.addf %s, %x : f32
    kernel.yield %t : f32
  }, {
  ^bb0(%sum: f32):
    kernel.yield %sum : f32
  }, {
  ^bb0(%s: f32):
    kernel.yield %s : f32
  }, {
  ^bb0(%s: f32, %max: f32):
    %d = arith.subf %s, %max : f32
    %e = math.exp %d : f32
    kernel.yield %e : f32
  }, {
  ^bb0(%s: f32, %max: f32, %total: f32, %e: f32):
    %p = arith.divf %e, %total : f32
    kernel.yield %p : f32
  } -> tensor<3x40x32xf32>
  return %r : tensor<3x40x32xf32>
}

// -----

func.func @low_bits_number(%a: tensor<4x8xi8>, %b: tensor<8x16xi8>, %c: tensor<4x16xi32>) {
  // expected-error @+1 {{(C5) b_bits must be 2, 4, or 8 with an accumulator of f32, and b of signed bytes}}
  %r = kernel.contract ins(%a, %b : tensor<4x8xi8>, tensor<8x16xi8>) outs(%c : tensor<4x16xi32>)
    attributes {num_batch = 0 : i64, num_rows = 1 : i64, extents = array<i64: 4, 16, 8>,
      a_map = affine_map<(i, j, k) -> (i, k)>, b_map = affine_map<(i, j, k) -> (k, j)>,
      c_map = affine_map<(i, j, k) -> (i, j)>, extra_maps = [], accumulator = i32, b_bits = 3 : i64} {
  ^bb0(%acc: i32):
    kernel.yield %acc : i32
  } -> tensor<4x16xi32>
  return
}

// -----

func.func @whole_bytes(%a: tensor<4x8xi8>, %b: tensor<8x16xi8>, %c: tensor<4x16xi32>) {
  // expected-error @+1 {{(C5) b_bits must be 2, 4, or 8 with an accumulator of f32, and b of signed bytes}}
  %r = kernel.contract ins(%a, %b : tensor<4x8xi8>, tensor<8x16xi8>) outs(%c : tensor<4x16xi32>)
    attributes {num_batch = 0 : i64, num_rows = 1 : i64, extents = array<i64: 4, 16, 8>,
      a_map = affine_map<(i, j, k) -> (i, k)>, b_map = affine_map<(i, j, k) -> (k, j)>,
      c_map = affine_map<(i, j, k) -> (i, j)>, extra_maps = [], accumulator = i32, b_bits = 8 : i64} {
  ^bb0(%acc: i32):
    kernel.yield %acc : i32
  } -> tensor<4x16xi32>
  return
}

// -----

func.func @low_bits_type(%a: tensor<4x8xf32>, %b: tensor<8x16xf32>, %c: tensor<4x16xf32>) {
  // expected-error @+1 {{(C5) b_bits must be 2, 4, or 8 with an accumulator of f32, and b of signed bytes}}
  %r = kernel.contract ins(%a, %b : tensor<4x8xf32>, tensor<8x16xf32>) outs(%c : tensor<4x16xf32>)
    attributes {num_batch = 0 : i64, num_rows = 1 : i64, extents = array<i64: 4, 16, 8>,
      a_map = affine_map<(i, j, k) -> (i, k)>, b_map = affine_map<(i, j, k) -> (k, j)>,
      c_map = affine_map<(i, j, k) -> (i, j)>, extra_maps = [], accumulator = f32, b_bits = 4 : i64} {
  ^bb0(%acc: f32):
    kernel.yield %acc : f32
  } -> tensor<4x16xf32>
  return
}

// -----

func.func @low_bits_sign(%a: tensor<4x8xi8>, %b: tensor<8x16xi8>, %c: tensor<4x16xi32>) {
  // expected-error @+1 {{(C5) b_bits must be 2, 4, or 8 with an accumulator of f32, and b of signed bytes}}
  %r = kernel.contract ins(%a, %b : tensor<4x8xi8>, tensor<8x16xi8>) outs(%c : tensor<4x16xi32>)
    attributes {num_batch = 0 : i64, num_rows = 1 : i64, extents = array<i64: 4, 16, 8>,
      a_map = affine_map<(i, j, k) -> (i, k)>, b_map = affine_map<(i, j, k) -> (k, j)>,
      c_map = affine_map<(i, j, k) -> (i, j)>, extra_maps = [], accumulator = i32, b_bits = 4 : i64, b_unsigned} {
  ^bb0(%acc: i32):
    kernel.yield %acc : i32
  } -> tensor<4x16xi32>
  return
}

// -----

func.func @group_without_bits(%a: tensor<4x8xf32>, %b: tensor<8x16xi8>, %c: tensor<4x16xf32>) {
  // expected-error @+1 {{(C5) b_group must be positive and stand with b_bits and an accumulator of f32}}
  %r = kernel.contract ins(%a, %b : tensor<4x8xf32>, tensor<8x16xi8>) outs(%c : tensor<4x16xf32>)
    attributes {num_batch = 0 : i64, num_rows = 1 : i64, extents = array<i64: 4, 16, 8>,
      a_map = affine_map<(i, j, k) -> (i, k)>, b_map = affine_map<(i, j, k) -> (k, j)>,
      c_map = affine_map<(i, j, k) -> (i, j)>, extra_maps = [], accumulator = f32, b_group = 4 : i64} {
  ^bb0(%acc: f32):
    kernel.yield %acc : f32
  } -> tensor<4x16xf32>
  return
}

// -----

func.func @group_of_integers(%a: tensor<4x8xi8>, %b: tensor<8x16xi8>, %c: tensor<4x16xi32>) {
  // expected-error @+1 {{(C5) b_group must be positive and stand with b_bits and an accumulator of f32}}
  %r = kernel.contract ins(%a, %b : tensor<4x8xi8>, tensor<8x16xi8>) outs(%c : tensor<4x16xi32>)
    attributes {num_batch = 0 : i64, num_rows = 1 : i64, extents = array<i64: 4, 16, 8>,
      a_map = affine_map<(i, j, k) -> (i, k)>, b_map = affine_map<(i, j, k) -> (k, j)>,
      c_map = affine_map<(i, j, k) -> (i, j)>, extra_maps = [], accumulator = i32, b_bits = 4 : i64, b_group = 4 : i64} {
  ^bb0(%acc: i32):
    kernel.yield %acc : i32
  } -> tensor<4x16xi32>
  return
}

// -----

func.func @scales_without_group(%a: tensor<4x8xf32>, %b: tensor<8x16xi8>, %c: tensor<4x16xf32>) {
  // expected-error @+1 {{(C5) b_scales must be of f32 and stand with b_group, and the last contracted dimension be an axis of b}}
  %r = kernel.contract ins(%a, %b : tensor<4x8xf32>, tensor<8x16xi8>) outs(%c : tensor<4x16xf32>)
    attributes {num_batch = 0 : i64, num_rows = 1 : i64, extents = array<i64: 4, 16, 8>,
      a_map = affine_map<(i, j, k) -> (i, k)>, b_map = affine_map<(i, j, k) -> (k, j)>,
      c_map = affine_map<(i, j, k) -> (i, j)>, extra_maps = [], accumulator = f32, b_bits = 4 : i64, b_scales = dense<1.0> : tensor<2x16xf32>} {
  ^bb0(%acc: f32):
    kernel.yield %acc : f32
  } -> tensor<4x16xf32>
  return
}

// -----

func.func @scales_of_shape(%a: tensor<4x8xf32>, %b: tensor<8x16xi8>, %c: tensor<4x16xf32>) {
  // expected-error @+1 {{(C5) b_scales must have one element for each 4 of b along axis 0}}
  %r = kernel.contract ins(%a, %b : tensor<4x8xf32>, tensor<8x16xi8>) outs(%c : tensor<4x16xf32>)
    attributes {num_batch = 0 : i64, num_rows = 1 : i64, extents = array<i64: 4, 16, 8>,
      a_map = affine_map<(i, j, k) -> (i, k)>, b_map = affine_map<(i, j, k) -> (k, j)>,
      c_map = affine_map<(i, j, k) -> (i, j)>, extra_maps = [], accumulator = f32, b_bits = 4 : i64, b_group = 4 : i64, b_scales = dense<1.0> : tensor<8x16xf32>} {
  ^bb0(%acc: f32):
    kernel.yield %acc : f32
  } -> tensor<4x16xf32>
  return
}

// -----

func.func @attention_float_probability(%q: tensor<4x8xi8>, %k: tensor<8x5xi8>, %v: tensor<5x3xi8>, %o: tensor<4x3xi32>) -> tensor<4x3xi32> {
  // expected-error @+1 {{(C5) the last region must yield 'i8', not 'f32'}}
  %r = kernel.attention ins(%q, %k, %v : tensor<4x8xi8>, tensor<8x5xi8>, tensor<5x3xi8>) outs(%o : tensor<4x3xi32>)
    attributes {num_batch = 0 : i64, extents = array<i64: 4, 5, 8, 3>,
      query_map = affine_map<(i, j, k, c) -> (i, k)>, key_map = affine_map<(i, j, k, c) -> (k, j)>,
      value_map = affine_map<(i, j, k, c) -> (j, c)>, init_map = affine_map<(i, j, k, c) -> (i, c)>,
      extra_maps = [], combiners = ["add"]} {
  ^bb0(%sum: i32):
    %s = arith.sitofp %sum : i32 to f32
    kernel.yield %s : f32
  }, {
  ^bb0(%sum: i32):
    kernel.yield %sum : i32
  }, {
  ^bb0(%s: f32):
    kernel.yield %s : f32
  }, {
  ^bb0(%s: f32, %total: f32, %e: f32):
    kernel.yield %e : f32
  } -> tensor<4x3xi32>
  return %r : tensor<4x3xi32>
}
