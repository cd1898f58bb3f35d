// RUN: edgec-opt %s -kernel-pack=target=aarch64-i8mm | FileCheck %s
// RUN: edgec-opt %s -kernel-pack=target=aarch64-dotprod | FileCheck %s --check-prefix=DOT

// Matrix multiplications take groups of eight along k of two columns, which are
// neighbours; the last group is filled with zeros. No sign is flipped.
// CHECK: #[[$PACKED:.*]] = affine_map<(d0, d1, d2) -> (d1 floordiv 4, d2 floordiv 8, d1 mod 4, d2 mod 8)>
// CHECK-LABEL: @unsigned
// CHECK: tensor<1x2x4x8xi8>
// CHECK: b_map = #[[$PACKED]]
// DOT: affine_map<(d0, d1, d2) -> (d1 floordiv 4, d2 floordiv 4, d1 mod 4, d2 mod 4)>
// DOT: tensor<1x3x4x4xi8>
// DOT: a_flipped
// CHECK: dialect_resources
// CHECK: packed: "0x{{[0-9A-F]+}}01030507090B0D0F02040608
func.func @unsigned(%a: tensor<4x9xi8>, %c: tensor<4x2xi32>) -> tensor<4x2xi32> {
  %w = arith.constant dense<[[1, 2], [3, 4], [5, 6], [7, 8], [9, 10], [11, 12], [13, 14], [15, 16], [17, 18]]> : tensor<9x2xi8>
  %r = kernel.contract ins(%a, %w : tensor<4x9xi8>, tensor<9x2xi8>) outs(%c : tensor<4x2xi32>)
    attributes {num_batch = 0 : i64, num_rows = 1 : i64, extents = array<i64: 4, 2, 9>,
      a_map = affine_map<(i, j, k) -> (i, k)>, b_map = affine_map<(i, j, k) -> (k, j)>,
      c_map = affine_map<(i, j, k) -> (i, j)>, extra_maps = [], accumulator = i32, a_unsigned} {
  ^bb0(%acc: i32):
    kernel.yield %acc : i32
  } -> tensor<4x2xi32>
  return %r : tensor<4x2xi32>
}
