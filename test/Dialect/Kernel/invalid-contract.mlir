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
