// RUN: edgec-opt %s | edgec-opt | FileCheck %s
// RUN: edgec-opt %s --mlir-print-op-generic | edgec-opt | FileCheck %s

// What is printed reads back, on tensors and on memrefs.

// CHECK-LABEL: func.func @contract
// CHECK: %[[R:.*]] = kernel.contract ins(%{{.*}}, %{{.*}} : tensor<1x10x10x16xf32>, tensor<32x16x3x3xf32>) extras(%{{.*}} : tensor<32xf32>) outs(%{{.*}} : tensor<1x8x8x32xf32>) attributes {
// CHECK-NEXT: ^bb0(%[[ACC:.*]]: f32, %[[B:.*]]: f32):
// CHECK-NEXT: %[[S:.*]] = arith.addf %[[ACC]], %[[B]] : f32
// CHECK-NEXT: kernel.yield %[[S]] : f32
// CHECK-NEXT: } -> tensor<1x8x8x32xf32>
// CHECK: return %[[R]]
func.func @contract(%x: tensor<1x10x10x16xf32>, %w: tensor<32x16x3x3xf32>, %bias: tensor<32xf32>, %init: tensor<1x8x8x32xf32>) -> tensor<1x8x8x32xf32> {
  %r = kernel.contract ins(%x, %w : tensor<1x10x10x16xf32>, tensor<32x16x3x3xf32>)
      extras(%bias : tensor<32xf32>) outs(%init : tensor<1x8x8x32xf32>)
      attributes {num_batch = 0 : i64, num_rows = 3 : i64, extents = array<i64: 1, 8, 8, 32, 3, 3, 16>,
       a_map = affine_map<(n, y, x, j, r, s, c) -> (n, y + r, x + s, c)>,
       b_map = affine_map<(n, y, x, j, r, s, c) -> (j, c, r, s)>,
       c_map = affine_map<(n, y, x, j, r, s, c) -> (n, y, x, j)>,
       extra_maps = [affine_map<(n, y, x, j, r, s, c) -> (j)>], accumulator = f32} {
  ^bb0(%acc: f32, %b: f32):
    %s = arith.addf %acc, %b : f32
    kernel.yield %s : f32
  } -> tensor<1x8x8x32xf32>
  return %r : tensor<1x8x8x32xf32>
}

// A packed b, integers of both kinds, no contracted dimension but one.
// CHECK-LABEL: func.func @packed
// CHECK: kernel.contract ins(%{{.*}}, %{{.*}} : memref<4x8xi8>, memref<2x8x16xi8>) outs(%{{.*}} : memref<4x20xi32>) attributes {
// CHECK-SAME: a_unsigned
// CHECK-NOT: b_unsigned
// CHECK: return
func.func @packed(%a: memref<4x8xi8>, %b: memref<2x8x16xi8>, %c: memref<4x20xi32>) {
  kernel.contract ins(%a, %b : memref<4x8xi8>, memref<2x8x16xi8>) outs(%c : memref<4x20xi32>)
    attributes {num_batch = 0 : i64, num_rows = 1 : i64, extents = array<i64: 4, 20, 8>,
      a_map = affine_map<(i, j, k) -> (i, k)>, b_map = affine_map<(i, j, k) -> (j floordiv 16, k, j mod 16)>,
      c_map = affine_map<(i, j, k) -> (i, j)>, extra_maps = [], accumulator = i32, a_unsigned} {
  ^bb0(%acc: i32):
    kernel.yield %acc : i32
  }
  return
}

// CHECK-LABEL: func.func @depthwise
// CHECK: kernel.depthwise ins(%{{.*}}, %{{.*}} : tensor<1x9x8xf32>, tensor<3x8xf32>) extras(%{{.*}} : tensor<8xf32>) outs(%{{.*}} : tensor<1x3x8xf16>) attributes {accumulator = f32, dilations = array<i64: 2>, extra_maps = [#{{.*}}], strides = array<i64: 2>} {
// CHECK: } -> tensor<1x3x8xf16>
func.func @depthwise(%x: tensor<1x9x8xf32>, %w: tensor<3x8xf32>, %bias: tensor<8xf32>, %init: tensor<1x3x8xf16>) -> tensor<1x3x8xf16> {
  %r = kernel.depthwise ins(%x, %w : tensor<1x9x8xf32>, tensor<3x8xf32>) extras(%bias : tensor<8xf32>) outs(%init : tensor<1x3x8xf16>)
    attributes {strides = array<i64: 2>, dilations = array<i64: 2>, extra_maps = [affine_map<(n, y, c) -> (c)>], accumulator = f32} {
  ^bb0(%acc: f32, %b: f32):
    %s = arith.addf %acc, %b : f32
    %h = arith.truncf %s : f32 to f16
    kernel.yield %h : f16
  } -> tensor<1x3x8xf16>
  return %r : tensor<1x3x8xf16>
}

// A filter in groups of four taps: two output rows share four input rows
// and the groups of the first.
// CHECK-LABEL: func.func @packed_depthwise
// CHECK: kernel.depthwise
// CHECK-SAME: input_flipped
// CHECK-SAME: tile_rows = 2 : i64, window = array<i64: 3, 3>
func.func @packed_depthwise(%x: tensor<1x6x6x20xi8>, %w: tensor<2x3x64xi8>, %init: tensor<1x4x4x20xi32>) -> tensor<1x4x4x20xi32> {
  %r = kernel.depthwise ins(%x, %w : tensor<1x6x6x20xi8>, tensor<2x3x64xi8>) outs(%init : tensor<1x4x4x20xi32>)
    attributes {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, extra_maps = [], accumulator = i32,
                input_unsigned, input_flipped, window = array<i64: 3, 3>, tile_rows = 2 : i64} {
  ^bb0(%acc: i32):
    kernel.yield %acc : i32
  } -> tensor<1x4x4x20xi32>
  return %r : tensor<1x4x4x20xi32>
}

// CHECK-LABEL: func.func @attention
// CHECK: kernel.attention ins(%{{.*}}, %{{.*}}, %{{.*}} : tensor<3x40x64xf32>, tensor<3x64x50xf32>, tensor<3x50x32xf32>) extras(%{{.*}} : tensor<50xf32>) outs(%{{.*}} : tensor<3x40x32xf32>) attributes {combiners = ["max", "add"], extents = array<i64: 3, 40, 50, 64, 32>
// CHECK: } -> tensor<3x40x32xf32>
func.func @attention(%q: tensor<3x40x64xf32>, %k: tensor<3x64x50xf32>, %v: tensor<3x50x32xf32>, %m: tensor<50xf32>, %o: tensor<3x40x32xf32>) -> tensor<3x40x32xf32> {
  %r = kernel.attention ins(%q, %k, %v : tensor<3x40x64xf32>, tensor<3x64x50xf32>, tensor<3x50x32xf32>) extras(%m : tensor<50xf32>) outs(%o : tensor<3x40x32xf32>)
    attributes {num_batch = 1 : i64, extents = array<i64: 3, 40, 50, 64, 32>,
      query_map = affine_map<(g, i, j, k, c) -> (g, i, k)>, key_map = affine_map<(g, i, j, k, c) -> (g, k, j)>,
      value_map = affine_map<(g, i, j, k, c) -> (g, j, c)>, init_map = affine_map<(g, i, j, k, c) -> (g, i, c)>,
      extra_maps = [affine_map<(g, i, j, k, c) -> (j)>], combiners = ["max", "add"]} {
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

// CHECK-LABEL: func.func @attention_on_buffers
// CHECK: kernel.attention ins({{.*}} : memref<3x40x64xf32>, memref<3x64x50xf32>, memref<3x50x32xf32>) outs(%{{.*}} : memref<3x40x32xf32>)
// CHECK-NOT: ->
// CHECK: return
func.func @attention_on_buffers(%q: memref<3x40x64xf32>, %k: memref<3x64x50xf32>, %v: memref<3x50x32xf32>, %o: memref<3x40x32xf32>) {
  kernel.attention ins(%q, %k, %v : memref<3x40x64xf32>, memref<3x64x50xf32>, memref<3x50x32xf32>) outs(%o : memref<3x40x32xf32>)
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
  ^bb0(%s: f32, %max: f32, %total: f32, %e: f32):
    %p = arith.divf %e, %total : f32
    kernel.yield %p : f32
  }
  return
}

// CHECK-LABEL: func.func @lookup
// CHECK: kernel.lookup %{{.*}} {table = array<i8: -117, {{.*}}, 102>} : vector<64xi8>
func.func @lookup(%x: vector<64xi8>) -> vector<64xi8> {
  %y = kernel.lookup %x {table = array<i8: -117, -80, -43, -6, 31, 68, 105, -114, -77, -40, -3, 34, 71, 108, -111, -74, -37, 0, 37, 74, 111, -108, -71, -34, 3, 40, 77, 114, -105, -68, -31, 6, 43, 80, 117, -102, -65, -28, 9, 46, 83, 120, -99, -62, -25, 12, 49, 86, 123, -96, -59, -22, 15, 52, 89, 126, -93, -56, -19, 18, 55, 92, -127, -90, -53, -16, 21, 58, 95, -124, -87, -50, -13, 24, 61, 98, -121, -84, -47, -10, 27, 64, 101, -118, -81, -44, -7, 30, 67, 104, -115, -78, -41, -4, 33, 70, 107, -112, -75, -38, -1, 36, 73, 110, -109, -72, -35, 2, 39, 76, 113, -106, -69, -32, 5, 42, 79, 116, -103, -66, -29, 8, 45, 82, 119, -100, -63, -26, 11, 48, 85, 122, -97, -60, -23, 14, 51, 88, 125, -94, -57, -20, 17, 54, 91, -128, -91, -54, -17, 20, 57, 94, -125, -88, -51, -14, 23, 60, 97, -122, -85, -48, -11, 26, 63, 100, -119, -82, -45, -8, 29, 66, 103, -116, -79, -42, -5, 32, 69, 106, -113, -76, -39, -2, 35, 72, 109, -110, -73, -36, 1, 38, 75, 112, -107, -70, -33, 4, 41, 78, 115, -104, -67, -30, 7, 44, 81, 118, -101, -64, -27, 10, 47, 84, 121, -98, -61, -24, 13, 50, 87, 124, -95, -58, -21, 16, 53, 90, 127, -92, -55, -18, 19, 56, 93, -126, -89, -52, -15, 22, 59, 96, -123, -86, -49, -12, 25, 62, 99, -120, -83, -46, -9, 28, 65, 102>} : vector<64xi8>
  return %y : vector<64xi8>
}

// Weights of 4 bits, with scales by groups along k.
// CHECK-LABEL: @low_bits
// CHECK: b_bits = 4 : i64, b_group = 4 : i64
// CHECK-SAME: b_scales = dense<1.000000e+00> : tensor<2x16xf32>
func.func @low_bits(%a: tensor<4x7xf32>, %b: tensor<7x16xi8>, %c: tensor<4x16xf32>) -> tensor<4x16xf32> {
  %r = kernel.contract ins(%a, %b : tensor<4x7xf32>, tensor<7x16xi8>) outs(%c : tensor<4x16xf32>)
    attributes {num_batch = 0 : i64, num_rows = 1 : i64, extents = array<i64: 4, 16, 7>,
      a_map = affine_map<(i, j, k) -> (i, k)>, b_map = affine_map<(i, j, k) -> (k, j)>,
      c_map = affine_map<(i, j, k) -> (i, j)>, extra_maps = [], accumulator = f32,
      b_bits = 4 : i64, b_group = 4 : i64, b_scales = dense<1.0> : tensor<2x16xf32>} {
  ^bb0(%acc: f32):
    kernel.yield %acc : f32
  } -> tensor<4x16xf32>
  return %r : tensor<4x16xf32>
}
