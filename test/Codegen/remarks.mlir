// RUN: edgec-opt %s -split-input-file -edgec-vectorize=target=x86-64-v4-vnni -verify-diagnostics

// Each thing that makes a layer slow is said at its place.

#a = affine_map<(i, j, k) -> (i, k)>
#b = affine_map<(i, j, k) -> (k, j)>
#c = affine_map<(i, j, k) -> (i, j)>
func.func @bytes_of_run_time(%a: memref<4x8xi8>, %b: memref<8x16xi8>, %c: memref<4x16xi32>) {
  // expected-remark @below {{missed the fast path: bytes are widened before they are multiplied: b is computed at run time and not packed in groups}}
  kernel.contract ins(%a, %b : memref<4x8xi8>, memref<8x16xi8>) outs(%c : memref<4x16xi32>)
    attributes {num_batch = 0 : i64, num_rows = 1 : i64, extents = array<i64: 4, 16, 8>,
      a_map = #a, b_map = #b, c_map = #c, extra_maps = [], accumulator = i32, a_unsigned} {
  ^bb0(%acc: i32):
    kernel.yield %acc : i32
  }
  return
}

// -----

#a = affine_map<(i, j, k) -> (i, k)>
#b = affine_map<(i, j, k) -> (k, j)>
#c = affine_map<(i, j, k) -> (i, j)>
func.func @wide_sums(%a: memref<4x8xi8>, %b: memref<8x16xi8>, %c: memref<4x16xi64>) {
  // expected-remark @below {{missed the fast path: sums of bytes may exceed 32 bits}}
  kernel.contract ins(%a, %b : memref<4x8xi8>, memref<8x16xi8>) outs(%c : memref<4x16xi64>)
    attributes {num_batch = 0 : i64, num_rows = 1 : i64, extents = array<i64: 4, 16, 8>,
      a_map = #a, b_map = #b, c_map = #c, extra_maps = [], accumulator = i64} {
  ^bb0(%acc: i64):
    kernel.yield %acc : i64
  }
  return
}

// -----

#a = affine_map<(i, j, k) -> (i, k)>
#b = affine_map<(i, j, k) -> (j, k)>
#c = affine_map<(i, j, k) -> (i, j)>
func.func @columns_apart(%a: memref<4x8xf32>, %b: memref<16x8xf32>, %c: memref<4x16xf32>) {
  // expected-remark @below {{missed the fast path: b's columns are 8 elements apart: they are taken one by one}}
  kernel.contract ins(%a, %b : memref<4x8xf32>, memref<16x8xf32>) outs(%c : memref<4x16xf32>)
    attributes {num_batch = 0 : i64, num_rows = 1 : i64, extents = array<i64: 4, 16, 8>,
      a_map = #a, b_map = #b, c_map = #c, extra_maps = [], accumulator = f32} {
  ^bb0(%acc: f32):
    kernel.yield %acc : f32
  }
  return
}

// -----

// Nothing is said about what is fast: a packed b, for floats and for bytes.
#a = affine_map<(i, j, k) -> (i, k)>
#c = affine_map<(i, j, k) -> (i, j)>
func.func @fast(%a: memref<4x8xf32>, %b: memref<1x8x16xf32>, %c: memref<4x16xf32>,
    %ab: memref<4x8xi8>, %bb: memref<1x2x16x4xi8>, %cb: memref<4x16xi32>) {
  kernel.contract ins(%a, %b : memref<4x8xf32>, memref<1x8x16xf32>) outs(%c : memref<4x16xf32>)
    attributes {num_batch = 0 : i64, num_rows = 1 : i64, extents = array<i64: 4, 16, 8>,
      a_map = #a, b_map = affine_map<(i, j, k) -> (j floordiv 16, k, j mod 16)>, c_map = #c,
      extra_maps = [], accumulator = f32} {
  ^bb0(%acc: f32):
    kernel.yield %acc : f32
  }
  kernel.contract ins(%ab, %bb : memref<4x8xi8>, memref<1x2x16x4xi8>) outs(%cb : memref<4x16xi32>)
    attributes {num_batch = 0 : i64, num_rows = 1 : i64, extents = array<i64: 4, 16, 8>,
      a_map = #a, b_map = affine_map<(i, j, k) -> (j floordiv 16, k floordiv 4, j mod 16, k mod 4)>, c_map = #c,
      extra_maps = [], accumulator = i32, a_unsigned} {
  ^bb0(%acc: i32):
    kernel.yield %acc : i32
  }
  return
}

// -----

// Nor about a depthwise filter of bytes in groups of taps.
func.func @fast_depthwise(%x: memref<1x16x16x512xi8>, %w: memref<32x3x64xi8>, %c: memref<1x14x14x512xi32>) {
  kernel.depthwise ins(%x, %w : memref<1x16x16x512xi8>, memref<32x3x64xi8>) outs(%c : memref<1x14x14x512xi32>)
    attributes {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, extra_maps = [], accumulator = i32,
                input_unsigned, window = array<i64: 3, 3>, tile_rows = 2 : i64} {
  ^bb0(%acc: i32):
    kernel.yield %acc : i32
  }
  return
}

// -----

func.func @scattered(%x: memref<64x64xf32>, %y: memref<64x64xf32, strided<[128, 2]>>) {
  // expected-remark @below {{missed the fast path: the loop runs element by element}}
  linalg.exp ins(%x : memref<64x64xf32>) outs(%y : memref<64x64xf32, strided<[128, 2]>>)
  return
}

// -----

// A loop of few elements is not worth a word.
func.func @scattered_and_small(%x: memref<8xf32>, %y: memref<8xf32, strided<[2]>>) {
  linalg.exp ins(%x : memref<8xf32>) outs(%y : memref<8xf32, strided<[2]>>)
  return
}
