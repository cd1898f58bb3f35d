// RUN: edgec-opt %s -kernel-pack=target=x86-64-v4-vnni | FileCheck %s

// CHECK-DAG: #[[$A:.*]] = affine_map<(d0, d1, d2, d3, d4) -> (d0 + d3, d1 * 6 + d4)>
// CHECK-DAG: #[[$B:.*]] = affine_map<(d0, d1, d2, d3, d4) -> (d2 floordiv 16, d3, d4 floordiv 4, d2 mod 16, d4 mod 4)>
// CHECK-DAG: #[[$C:.*]] = affine_map<(d0, d1, d2, d3, d4) -> (d0, d1, d2)>

// Three taps of three channels are nine neighbours: two groups and a tail.
// CHECK-LABEL: @image
// CHECK: %[[A3:.*]] = tensor.collapse_shape %{{.*}} {{\[\[}}0], [1, 2]] : tensor<9x9x3xi8> into tensor<9x27xi8>
// CHECK: kernel.contract ins(%[[A3]], %{{.*}} : tensor<9x27xi8>, tensor<1x3x3x16x4xi8>)
// CHECK-SAME: a_map = #[[$A]], {{.*}}b_map = #[[$B]], c_map = #[[$C]], extents = array<i64: 4, 4, 16, 3, 9>
func.func @image(%a: tensor<9x9x3xi8>, %c: tensor<4x4x16xi32>) -> tensor<4x4x16xi32> {
  %w = arith.constant dense_resource<image> : tensor<16x3x3x3xi8>
  %r = kernel.contract ins(%a, %w : tensor<9x9x3xi8>, tensor<16x3x3x3xi8>) outs(%c : tensor<4x4x16xi32>)
    attributes {num_batch = 0 : i64, num_rows = 2 : i64, extents = array<i64: 4, 4, 16, 3, 3, 3>,
      a_map = affine_map<(y, x, j, r, s, c) -> (y + r, x * 2 + s, c)>,
      b_map = affine_map<(y, x, j, r, s, c) -> (j, c, r, s)>,
      c_map = affine_map<(y, x, j, r, s, c) -> (y, x, j)>, extra_maps = [], accumulator = i32, a_unsigned} {
  ^bb0(%acc: i32):
    kernel.yield %acc : i32
  } -> tensor<4x4x16xi32>
  return %r : tensor<4x4x16xi32>
}

// Dilated taps are no neighbours, and a part of the channels neither.
// CHECK-LABEL: @dilated
// CHECK-NOT: tensor.collapse_shape
// CHECK: return
func.func @dilated(%a: tensor<9x9x3xi8>, %c: tensor<5x5x16xi32>) -> tensor<5x5x16xi32> {
  %w = arith.constant dense_resource<image> : tensor<16x3x3x3xi8>
  %r = kernel.contract ins(%a, %w : tensor<9x9x3xi8>, tensor<16x3x3x3xi8>) outs(%c : tensor<5x5x16xi32>)
    attributes {num_batch = 0 : i64, num_rows = 2 : i64, extents = array<i64: 5, 5, 16, 3, 3, 3>,
      a_map = affine_map<(y, x, j, r, s, c) -> (y + r * 2, x + s * 2, c)>,
      b_map = affine_map<(y, x, j, r, s, c) -> (j, c, r, s)>,
      c_map = affine_map<(y, x, j, r, s, c) -> (y, x, j)>, extra_maps = [], accumulator = i32, a_unsigned} {
  ^bb0(%acc: i32):
    kernel.yield %acc : i32
  } -> tensor<5x5x16xi32>
  return %r : tensor<5x5x16xi32>
}
// CHECK-LABEL: @part
// CHECK-NOT: tensor.collapse_shape
// CHECK: return
func.func @part(%a: tensor<9x9x6xi8>, %c: tensor<7x7x16xi32>) -> tensor<7x7x16xi32> {
  %w = arith.constant dense_resource<image> : tensor<16x3x3x3xi8>
  %r = kernel.contract ins(%a, %w : tensor<9x9x6xi8>, tensor<16x3x3x3xi8>) outs(%c : tensor<7x7x16xi32>)
    attributes {num_batch = 0 : i64, num_rows = 2 : i64, extents = array<i64: 7, 7, 16, 3, 3, 3>,
      a_map = affine_map<(y, x, j, r, s, c) -> (y + r, x + s, c)>,
      b_map = affine_map<(y, x, j, r, s, c) -> (j, c, r, s)>,
      c_map = affine_map<(y, x, j, r, s, c) -> (y, x, j)>, extra_maps = [], accumulator = i32, a_unsigned} {
  ^bb0(%acc: i32):
    kernel.yield %acc : i32
  } -> tensor<7x7x16xi32>
  return %r : tensor<7x7x16xi32>
}

{-#
  dialect_resources: {
    builtin: {
      image: "0x100000000102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F202122232425262728292A2B2C2D2E2F303132333435363738393A3B3C3D3E3F404142434445464748494A4B4C4D4E4F505152535455565758595A5B5C5D5E5F606162636465666768696A6B6C0102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F202122232425262728292A2B2C2D2E2F303132333435363738393A3B3C3D3E3F404142434445464748494A4B4C4D4E4F505152535455565758595A5B5C5D5E5F606162636465666768696A6B6C0102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F202122232425262728292A2B2C2D2E2F303132333435363738393A3B3C3D3E3F404142434445464748494A4B4C4D4E4F505152535455565758595A5B5C5D5E5F606162636465666768696A6B6C0102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F202122232425262728292A2B2C2D2E2F303132333435363738393A3B3C3D3E3F404142434445464748494A4B4C4D4E4F505152535455565758595A5B5C5D5E5F606162636465666768696A6B6C"
    }
  }
#-}
