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
