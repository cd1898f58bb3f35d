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
