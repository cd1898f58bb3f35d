// RUN: edgec-opt %s -edgec-widen-booleans | FileCheck %s

// CHECK: func.func @select(%[[C:.*]]: memref<4xi8>, %[[X:.*]]: memref<4xf32>)
// CHECK: ^bb0(%[[IN:.*]]: i8, %[[OUT:.*]]: f32):
// CHECK-NEXT: %[[BIT:.*]] = arith.trunci %[[IN]] : i8 to i1
// CHECK-NEXT: arith.select %[[BIT]]
func.func @select(%c: memref<4xi1>, %x: memref<4xf32>) {
  %zero = arith.constant 0.0 : f32
  linalg.generic {indexing_maps = [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>], iterator_types = ["parallel"]}
      ins(%c : memref<4xi1>) outs(%x : memref<4xf32>) {
  ^bb0(%in: i1, %out: f32):
    %s = arith.select %in, %out, %zero : f32
    linalg.yield %s : f32
  }
  return
}

// A mask that a kernel reads.
// CHECK-LABEL: func.func @attention
// CHECK: kernel.attention
// CHECK: ^bb0(%{{.*}}: f32, %[[MASK:.*]]: i8):
// CHECK-NEXT: %[[BIT:.*]] = arith.trunci %[[MASK]] : i8 to i1
// CHECK: arith.select %[[BIT]]
func.func @attention(%q: memref<3x4x8xf32>, %k: memref<3x8x5xf32>, %v: memref<3x5x8xf32>, %m: memref<5xi1>, %o: memref<3x4x8xf32>) {
  kernel.attention ins(%q, %k, %v : memref<3x4x8xf32>, memref<3x8x5xf32>, memref<3x5x8xf32>) extras(%m : memref<5xi1>) outs(%o : memref<3x4x8xf32>)
    attributes {num_batch = 1 : i64, extents = array<i64: 3, 4, 5, 8, 8>,
      query_map = affine_map<(g, i, j, k, c) -> (g, i, k)>, key_map = affine_map<(g, i, j, k, c) -> (g, k, j)>,
      value_map = affine_map<(g, i, j, k, c) -> (g, j, c)>, init_map = affine_map<(g, i, j, k, c) -> (g, i, c)>,
      extra_maps = [affine_map<(g, i, j, k, c) -> (j)>], combiners = ["max", "add"]} {
  ^bb0(%sum: f32, %x: i1):
    %low = arith.constant -1.0e4 : f32
    %s = arith.select %x, %sum, %low : f32
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
