// RUN: edgec-opt %s -split-input-file -kernel-pack=target=x86-64-v4-vnni | FileCheck %s --check-prefixes=CHECK,VNNI
// RUN: edgec-opt %s -split-input-file -kernel-pack=target=x86-64-v3 | FileCheck %s --check-prefixes=CHECK,AVX2
// RUN: edgec-opt %s -split-input-file -kernel-pack=target=aarch64-dotprod | FileCheck %s --check-prefixes=CHECK,DOT
// RUN: edgec-opt %s -split-input-file -kernel-pack=target=aarch64 | FileCheck %s --check-prefixes=CHECK,NEON

// Bytes that are computed at run time become groups of four along k in whole
// panels. The instruction's signs: nothing to make up for.
// VNNI: #[[$FROM:.*]] = affine_map<(d0, d1, d2, d3, d4) -> (d0, d1 * 16 + d3, d2 * 4 + d4)>
// CHECK-LABEL: @keys
// VNNI: %[[WHOLE:.*]] = tensor.pad %{{.*}} low[0, 0, 0] high[0, 10, 3]
// VNNI: tensor<2x6x5xi8> to tensor<2x16x8xi8>
// VNNI: %[[B:.*]] = linalg.generic {indexing_maps = [#[[$FROM]],
// VNNI-SAME: ins(%[[WHOLE]] : tensor<2x16x8xi8>) outs(%{{.*}} : tensor<2x1x2x16x4xi8>)
// VNNI-NEXT: ^bb0(%[[X:.*]]: i8, %{{.*}}: i8):
// VNNI-NEXT: linalg.yield %[[X]]
// VNNI: kernel.contract ins(%{{.*}}, %[[B]] : tensor<2x4x5xi8>, tensor<2x1x2x16x4xi8>) outs
// AVX2: kernel.contract ins(%{{.*}} : tensor<2x4x5xi8>, tensor<2x1x2x8x4xi8>) outs
// sdot takes signed bytes only: 128 times the sums of columns comes on top.
// DOT: %[[SUMS:.*]] = linalg.generic {{.*}} ins(%{{.*}} : tensor<2x6x5xi8>) outs(%{{.*}} : tensor<2x6xi32>)
// DOT: arith.extsi
// DOT: arith.constant 128 : i32
// DOT: kernel.contract {{.*}} extras(%[[SUMS]] : tensor<2x6xi32>) {{.*}}a_flipped
// DOT-NOT: a_unsigned
// NEON-NOT: tensor.pad
// NEON: linalg.generic {{.*}} outs(%{{.*}} : tensor<2x5x6xi8>)
// CHECK: return
func.func @keys(%a: tensor<2x4x5xi8>, %b: tensor<2x6x5xi8>, %c: tensor<2x4x6xi32>) -> tensor<2x4x6xi32> {
  %r = kernel.contract ins(%a, %b : tensor<2x4x5xi8>, tensor<2x6x5xi8>) outs(%c : tensor<2x4x6xi32>)
    attributes {num_batch = 1 : i64, num_rows = 1 : i64, extents = array<i64: 2, 4, 6, 5>,
      a_map = affine_map<(g, i, j, k) -> (g, i, k)>, b_map = affine_map<(g, i, j, k) -> (g, j, k)>,
      c_map = affine_map<(g, i, j, k) -> (g, i, j)>, extra_maps = [], accumulator = i32, a_unsigned} {
  ^bb0(%acc: i32):
    kernel.yield %acc : i32
  } -> tensor<2x4x6xi32>
  return %r : tensor<2x4x6xi32>
}

// -----

// VNNI's right operand is signed: sums of rows times 128 make up for it, and
// what is added becomes zero. What needs no whole panels is not copied twice.
// CHECK-LABEL: @unsigned
// VNNI: %[[SUMS:.*]] = linalg.generic {{.*}} ins(%{{.*}} : tensor<4x4xi8>) outs(%{{.*}} : tensor<4xi32>)
// VNNI: arith.extui
// VNNI: arith.constant 128 : i32
// VNNI-NOT: tensor.pad
// VNNI: linalg.generic {{.*}} outs(%{{.*}} : tensor<1x1x16x4xi8>)
// VNNI: arith.xori %{{.*}}, %c-128_i8
// VNNI: kernel.contract {{.*}} extras(%[[SUMS]] : tensor<4xi32>)
// VNNI-NOT: b_unsigned
// VNNI: ^bb0(%[[SUM:.*]]: i32, %[[EXTRA:.*]]: i32):
// VNNI-NEXT: %[[MENDED:.*]] = arith.addi %[[SUM]], %[[EXTRA]]
// VNNI-NEXT: kernel.yield %[[MENDED]]
// AVX2: kernel.contract {{.*}} b_unsigned
// DOT-NOT: a_flipped
// DOT: kernel.contract {{.*}} b_unsigned
// CHECK: return
func.func @unsigned(%a: tensor<4x4xi8>, %b: tensor<4x16xi8>, %c: tensor<4x16xi32>) -> tensor<4x16xi32> {
  %r = kernel.contract ins(%a, %b : tensor<4x4xi8>, tensor<4x16xi8>) outs(%c : tensor<4x16xi32>)
    attributes {num_batch = 0 : i64, num_rows = 1 : i64, extents = array<i64: 4, 16, 4>,
      a_map = affine_map<(i, j, k) -> (i, k)>, b_map = affine_map<(i, j, k) -> (k, j)>,
      c_map = affine_map<(i, j, k) -> (i, j)>, extra_maps = [], accumulator = i32, a_unsigned, b_unsigned} {
  ^bb0(%acc: i32):
    kernel.yield %acc : i32
  } -> tensor<4x16xi32>
  return %r : tensor<4x16xi32>
}

// -----

// Both signs are the other ones: padding is 128 where it is read, zero where it
// is stored, and in both sums.
// CHECK-LABEL: @both
// VNNI: %[[ROWS:.*]] = linalg.generic {{.*}} ins(%{{.*}} : tensor<4x5xi8>)
// VNNI: %[[COLUMNS:.*]] = linalg.generic {{.*}} ins(%{{.*}} : tensor<5x6xi8>)
// VNNI: arith.xori
// VNNI-NEXT: arith.extsi
// VNNI-NEXT: arith.constant -128 : i32
// VNNI: tensor.pad
// VNNI: tensor.yield %c-128_i8
// VNNI: kernel.contract {{.*}} extras(%[[ROWS]], %[[COLUMNS]] : tensor<4xi32>, tensor<6xi32>)
// VNNI-SAME: {a_flipped
// CHECK: return
func.func @both(%a: tensor<4x5xi8>, %b: tensor<5x6xi8>, %c: tensor<4x6xi32>) -> tensor<4x6xi32> {
  %r = kernel.contract ins(%a, %b : tensor<4x5xi8>, tensor<5x6xi8>) outs(%c : tensor<4x6xi32>)
    attributes {num_batch = 0 : i64, num_rows = 1 : i64, extents = array<i64: 4, 6, 5>,
      a_map = affine_map<(i, j, k) -> (i, k)>, b_map = affine_map<(i, j, k) -> (k, j)>,
      c_map = affine_map<(i, j, k) -> (i, j)>, extra_maps = [], accumulator = i32, b_unsigned} {
  ^bb0(%acc: i32):
    kernel.yield %acc : i32
  } -> tensor<4x6xi32>
  return %r : tensor<4x6xi32>
}

// -----

// Three rows read b too seldom.
// CHECK-LABEL: @few_rows
// CHECK-NOT: linalg.generic
// CHECK: return
func.func @few_rows(%a: tensor<3x5xi8>, %b: tensor<5x6xi8>, %c: tensor<3x6xi32>) -> tensor<3x6xi32> {
  %r = kernel.contract ins(%a, %b : tensor<3x5xi8>, tensor<5x6xi8>) outs(%c : tensor<3x6xi32>)
    attributes {num_batch = 0 : i64, num_rows = 1 : i64, extents = array<i64: 3, 6, 5>,
      a_map = affine_map<(i, j, k) -> (i, k)>, b_map = affine_map<(i, j, k) -> (k, j)>,
      c_map = affine_map<(i, j, k) -> (i, j)>, extra_maps = [], accumulator = i32, a_unsigned} {
  ^bb0(%acc: i32):
    kernel.yield %acc : i32
  } -> tensor<3x6xi32>
  return %r : tensor<3x6xi32>
}
