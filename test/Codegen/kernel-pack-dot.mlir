// RUN: edgec-opt %s -kernel-pack=target=x86-64-v4-vnni | FileCheck %s --check-prefixes=CHECK,VNNI
// RUN: edgec-opt %s -kernel-pack=target=x86-64-v3 | FileCheck %s --check-prefixes=CHECK,AVX2
// RUN: edgec-opt %s -kernel-pack=target=aarch64-dotprod | FileCheck %s --check-prefixes=CHECK,DOT
// RUN: edgec-opt %s -kernel-pack=target=aarch64 | FileCheck %s --check-prefixes=CHECK,NEON

// Groups of four along k, the last filled with zeros; on x86 rows of five columns
// as they are, where panels would be padded. Signs are flipped where the
// instruction wants them otherwise.
// VNNI: #[[PACKED:.*]] = affine_map<(d0, d1, d2) -> (d1 floordiv 5, d2 floordiv 4, d1 mod 5, d2 mod 4)>
// AVX2: #[[PACKED:.*]] = affine_map<(d0, d1, d2) -> (d1 floordiv 5, d2 floordiv 4, d1 mod 5, d2 mod 4)>
// NEON: #[[PACKED:.*]] = affine_map<(d0, d1, d2) -> (d1 floordiv 8, d2, d1 mod 8)>

// CHECK-LABEL: @unsigned
// VNNI: tensor<1x2x5x4xi8>
// AVX2: tensor<1x2x5x4xi8>
// NEON: tensor<1x5x8xi8>
// VNNI-NOT: a_flipped
// DOT: a_flipped
// DOT-NOT: a_unsigned
// CHECK: return
func.func @unsigned(%a: tensor<4x5xi8>, %c: tensor<4x5xi32>) -> tensor<4x5xi32> {
  %w = arith.constant dense<[[1, 2, 3, 4, 5], [6, 7, 8, 9, 10], [11, 12, 13, 14, 15], [16, 17, 18, 19, 20], [21, 22, 23, 24, 25]]> : tensor<5x5xi8>
  %r = kernel.contract ins(%a, %w : tensor<4x5xi8>, tensor<5x5xi8>) outs(%c : tensor<4x5xi32>)
    attributes {num_batch = 0 : i64, num_rows = 1 : i64, extents = array<i64: 4, 5, 5>,
      a_map = affine_map<(i, j, k) -> (i, k)>, b_map = affine_map<(i, j, k) -> (k, j)>,
      c_map = affine_map<(i, j, k) -> (i, j)>, extra_maps = [], accumulator = i32, a_unsigned} {
  ^bb0(%acc: i32):
    kernel.yield %acc : i32
  } -> tensor<4x5xi32>
  return %r : tensor<4x5xi32>
}

// What flipping i8 adds to every sum is 128 times the column's: an operand of
// the epilogue takes it back.
// CHECK-LABEL: @signed
// VNNI: %[[BACK:.*]] = arith.constant dense<[-7040, -7680, -8320, -8960, -9600]> : tensor<5xi32>
// VNNI: kernel.contract {{.*}} extras(%[[BACK]] : tensor<5xi32>)
// VNNI-SAME: a_flipped, {{.*}}a_unsigned
// VNNI: ^bb0(%[[SUM:.*]]: i32, %[[EXTRA:.*]]: i32):
// VNNI-NEXT: %[[MENDED:.*]] = arith.addi %[[SUM]], %[[EXTRA]]
// VNNI-NEXT: kernel.yield %[[MENDED]]
// AVX2-NOT: a_flipped
// DOT-NOT: a_flipped
// CHECK: return
func.func @signed(%a: tensor<4x5xi8>, %c: tensor<4x5xi32>) -> tensor<4x5xi32> {
  %w = arith.constant dense<[[1, 2, 3, 4, 5], [6, 7, 8, 9, 10], [11, 12, 13, 14, 15], [16, 17, 18, 19, 20], [21, 22, 23, 24, 25]]> : tensor<5x5xi8>
  %r = kernel.contract ins(%a, %w : tensor<4x5xi8>, tensor<5x5xi8>) outs(%c : tensor<4x5xi32>)
    attributes {num_batch = 0 : i64, num_rows = 1 : i64, extents = array<i64: 4, 5, 5>,
      a_map = affine_map<(i, j, k) -> (i, k)>, b_map = affine_map<(i, j, k) -> (k, j)>,
      c_map = affine_map<(i, j, k) -> (i, j)>, extra_maps = [], accumulator = i32} {
  ^bb0(%acc: i32):
    kernel.yield %acc : i32
  } -> tensor<4x5xi32>
  return %r : tensor<4x5xi32>
}
