// RUN: edgec-opt %s -kernel-pack=target=x86-64-v4-vnni | FileCheck %s --check-prefixes=CHECK,VNNI
// RUN: edgec-opt %s -kernel-pack=target=x86-64-v3 | FileCheck %s --check-prefixes=CHECK,AVX2
// RUN: edgec-opt %s -kernel-pack=target=aarch64 | FileCheck %s --check-prefixes=CHECK,NEON
// RUN: edgec-opt %s -kernel-pack=target=x86-64-v4-vnni -verify-diagnostics -o /dev/null

// Two groups of four along k in a byte, the first in the lower half: two columns
// take 8 bytes. NEON has one element of each column in a step.
// VNNI-DAG: affine_map<(d0, d1, d2) -> (d1 floordiv 2, (d2 floordiv 8) * 8 + (d1 mod 2) * 4 + d2 mod 4)>
// AVX2-DAG: affine_map<(d0, d1, d2) -> (d1 floordiv 2, (d2 floordiv 8) * 8 + (d1 mod 2) * 4 + d2 mod 4)>
// NEON-DAG: affine_map<(d0, d1, d2) -> (d1 floordiv 4, (d2 floordiv 2) * 4 + d1 mod 4)>

// CHECK-LABEL: @integers
// VNNI: tensor<1x8xi8>
// AVX2: tensor<1x8xi8>
// NEON: tensor<1x12xi8>
// CHECK: b_bits = 4
func.func @integers(%a: tensor<4x5xi8>, %c: tensor<4x2xi32>) -> tensor<4x2xi32> {
  %w = arith.constant dense<[[1, -1], [2, -2], [3, -3], [4, -4], [5, -5]]> : tensor<5x2xi8>
  %r = kernel.contract ins(%a, %w : tensor<4x5xi8>, tensor<5x2xi8>) outs(%c : tensor<4x2xi32>)
    attributes {num_batch = 0 : i64, num_rows = 1 : i64, extents = array<i64: 4, 2, 5>,
      a_map = affine_map<(i, j, k) -> (i, k)>, b_map = affine_map<(i, j, k) -> (k, j)>,
      c_map = affine_map<(i, j, k) -> (i, j)>, extra_maps = [], accumulator = i32, a_unsigned, b_bits = 4 : i64} {
  ^bb0(%acc: i32):
    kernel.yield %acc : i32
  } -> tensor<4x2xi32>
  return %r : tensor<4x2xi32>
}

// Four steps in a byte; scales of f32 stand before each group.
// CHECK-LABEL: @floats
// VNNI: tensor<1x160xi8>
// AVX2: tensor<1x80xi8>
// NEON: tensor<1x40xi8>
// CHECK: b_bits = 2 : i64, b_group = 4
// CHECK-NOT: b_scales
// CHECK: return
func.func @floats(%a: tensor<4x5xf32>, %c: tensor<4x2xf32>) -> tensor<4x2xf32> {
  %w = arith.constant dense<[[1, -1], [1, -2], [0, -2], [1, -1], [0, 1]]> : tensor<5x2xi8>
  %r = kernel.contract ins(%a, %w : tensor<4x5xf32>, tensor<5x2xi8>) outs(%c : tensor<4x2xf32>)
    attributes {num_batch = 0 : i64, num_rows = 1 : i64, extents = array<i64: 4, 2, 5>,
      a_map = affine_map<(i, j, k) -> (i, k)>, b_map = affine_map<(i, j, k) -> (k, j)>,
      c_map = affine_map<(i, j, k) -> (i, j)>, extra_maps = [], accumulator = f32, b_bits = 2 : i64, b_group = 4 : i64, b_scales = dense<[[0.5, 1.0], [2.0, 4.0]]> : tensor<2x2xf32>} {
  ^bb0(%acc: f32):
    kernel.yield %acc : f32
  } -> tensor<4x2xf32>
  return %r : tensor<4x2xf32>
}

// Sums that 32 bits might not hold when they are shifted: bytes.
// CHECK-LABEL: @biased
// CHECK-NOT: b_bits
// CHECK: return
func.func @biased(%a: tensor<4x5xi8>, %c: tensor<4x2xi32>) -> tensor<4x2xi32> {
  %w = arith.constant dense<[[1, -1], [2, -2], [3, -3], [4, -4], [5, -5]]> : tensor<5x2xi8>
  %b = arith.constant dense<[0, 134210000]> : tensor<2xi32>
  // expected-remark @+1 {{weights of 4 bits take a byte each: 32 bits may not hold sums of elements in the upper part of a byte}}
  %r = kernel.contract ins(%a, %w : tensor<4x5xi8>, tensor<5x2xi8>) extras(%b : tensor<2xi32>) outs(%c : tensor<4x2xi32>)
    attributes {num_batch = 0 : i64, num_rows = 1 : i64, extents = array<i64: 4, 2, 5>,
      a_map = affine_map<(i, j, k) -> (i, k)>, b_map = affine_map<(i, j, k) -> (k, j)>,
      c_map = affine_map<(i, j, k) -> (i, j)>, extra_maps = [affine_map<(i, j, k) -> (j)>],
      accumulator = i32, a_unsigned, b_bits = 4 : i64} {
  ^bb0(%acc: i32, %bias: i32):
    %s = arith.addi %acc, %bias : i32
    kernel.yield %s : i32
  } -> tensor<4x2xi32>
  return %r : tensor<4x2xi32>
}

// One input channel for each group: a byte would have to hold elements of
// different taps.
// CHECK-LABEL: @single
// CHECK-NOT: b_bits
// CHECK: return
func.func @single(%a: tensor<4x2xi8>, %c: tensor<4x4xi32>) -> tensor<4x4xi32> {
  %w = arith.constant dense<[[1, -1], [2, -2]]> : tensor<2x2xi8>
  // expected-remark @+1 {{weights of 4 bits take a byte each: there is one of them for an output in each tap, so that a byte has no neighbours to hold}}
  %r = kernel.contract ins(%a, %w : tensor<4x2xi8>, tensor<2x2xi8>) outs(%c : tensor<4x4xi32>)
    attributes {num_batch = 1 : i64, num_rows = 1 : i64, extents = array<i64: 2, 4, 2, 1>,
      a_map = affine_map<(g, i, j, k) -> (i, g + k)>, b_map = affine_map<(g, i, j, k) -> (g + k, j)>,
      c_map = affine_map<(g, i, j, k) -> (i, g * 2 + j)>, extra_maps = [], accumulator = i32, a_unsigned, b_bits = 4 : i64} {
  ^bb0(%acc: i32):
    kernel.yield %acc : i32
  } -> tensor<4x4xi32>
  return %r : tensor<4x4xi32>
}

// A constant of one value takes no more than any other.
// CHECK-LABEL: @splat
// VNNI: arith.constant dense_resource<{{.*}}> : tensor<1x8xi8>
// CHECK: b_bits = 4
func.func @splat(%a: tensor<4x5xi8>, %c: tensor<4x2xi32>) -> tensor<4x2xi32> {
  %w = arith.constant dense<3> : tensor<5x2xi8>
  %r = kernel.contract ins(%a, %w : tensor<4x5xi8>, tensor<5x2xi8>) outs(%c : tensor<4x2xi32>)
    attributes {num_batch = 0 : i64, num_rows = 1 : i64, extents = array<i64: 4, 2, 5>,
      a_map = affine_map<(i, j, k) -> (i, k)>, b_map = affine_map<(i, j, k) -> (k, j)>,
      c_map = affine_map<(i, j, k) -> (i, j)>, extra_maps = [], accumulator = i32, a_unsigned, b_bits = 4 : i64} {
  ^bb0(%acc: i32):
    kernel.yield %acc : i32
  } -> tensor<4x2xi32>
  return %r : tensor<4x2xi32>
}

// Two runs of nine elements have three groups of four each, the last with one
// element: all six stand in three bytes a lane. By elements a run ends a byte's
// half before its end.
// CHECK-LABEL: @runs
// VNNI: tensor<1x1x24xi8>
// AVX2: tensor<1x1x24xi8>
// NEON: tensor<1x2x20xi8>
// CHECK: b_bits = 4
func.func @runs(%a: tensor<4x20xi8>, %c: tensor<4x2xi32>) -> tensor<4x2xi32> {
  %w = arith.constant dense<[[[1, -1], [2, -2], [3, -3], [4, -4], [5, -5], [6, -6], [7, -7], [1, 0], [2, 0]], [[1, 1], [2, 2], [3, 3], [4, 4], [5, 5], [6, 6], [7, 7], [0, 1], [0, 2]]]> : tensor<2x9x2xi8>
  %r = kernel.contract ins(%a, %w : tensor<4x20xi8>, tensor<2x9x2xi8>) outs(%c : tensor<4x2xi32>)
    attributes {num_batch = 0 : i64, num_rows = 1 : i64, extents = array<i64: 4, 2, 2, 9>,
      a_map = affine_map<(i, j, t, k) -> (i, t * 10 + k)>, b_map = affine_map<(i, j, t, k) -> (t, k, j)>,
      c_map = affine_map<(i, j, t, k) -> (i, j)>, extra_maps = [], accumulator = i32, a_unsigned, b_bits = 4 : i64} {
  ^bb0(%acc: i32):
    kernel.yield %acc : i32
  } -> tensor<4x2xi32>
  return %r : tensor<4x2xi32>
}

// Three such runs do not end with a byte: a part of each one's last is zero.
// CHECK-LABEL: @taps
// VNNI: tensor<1x3x16xi8>
// AVX2: tensor<1x3x16xi8>
// NEON: tensor<1x3x20xi8>
// CHECK: b_bits = 4
func.func @taps(%a: tensor<4x3x10xi8>, %c: tensor<4x2xi32>) -> tensor<4x2xi32> {
  %w = arith.constant dense<2> : tensor<3x9x2xi8>
  %r = kernel.contract ins(%a, %w : tensor<4x3x10xi8>, tensor<3x9x2xi8>) outs(%c : tensor<4x2xi32>)
    attributes {num_batch = 0 : i64, num_rows = 1 : i64, extents = array<i64: 4, 2, 3, 9>,
      a_map = affine_map<(i, j, t, k) -> (i, t, k)>, b_map = affine_map<(i, j, t, k) -> (t, k, j)>,
      c_map = affine_map<(i, j, t, k) -> (i, j)>, extra_maps = [], accumulator = i32, a_unsigned, b_bits = 4 : i64} {
  ^bb0(%acc: i32):
    kernel.yield %acc : i32
  } -> tensor<4x2xi32>
  return %r : tensor<4x2xi32>
}

// Of windows of channels, as behind a shuffle, a byte holds one element then.
// CHECK-LABEL: @uneven
// CHECK: return
func.func @uneven(%a: tensor<4x30xi8>, %c: tensor<4x2xi32>) -> tensor<4x2xi32> {
  %w = arith.constant dense<3> : tensor<3x9x2xi8>
  // expected-remark @+1 {{weights of 4 bits take a byte each: few of them are neighbours along k, and their bytes would not be full}}
  %r = kernel.contract ins(%a, %w : tensor<4x30xi8>, tensor<3x9x2xi8>) outs(%c : tensor<4x2xi32>)
    attributes {num_batch = 0 : i64, num_rows = 1 : i64, extents = array<i64: 4, 2, 3, 9>,
      a_map = affine_map<(i, j, t, k) -> (i, t * 10 + k)>, b_map = affine_map<(i, j, t, k) -> (t, k, j)>,
      c_map = affine_map<(i, j, t, k) -> (i, j)>, extra_maps = [], accumulator = i32, a_unsigned, b_bits = 4 : i64} {
  ^bb0(%acc: i32):
    kernel.yield %acc : i32
  } -> tensor<4x2xi32>
  return %r : tensor<4x2xi32>
}

// Of both columns the first and the fifth element in one byte, and three more.
// VNNI: packed{{.*}}: "0x400000003303030333030303"
