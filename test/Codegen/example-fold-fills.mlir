// RUN: edgec-opt %s --edgec-fold-fills | FileCheck %s

// CHECK: func.func @run
// CHECK-NOT: linalg.fill
// CHECK: linalg.generic
// CHECK-SAME: edgec.initial = [0.000000e+00 : f32]
func.func @run(%x: memref<4x8xf32>, %y: memref<4xf32>) {
  %zero = arith.constant 0.0 : f32
  linalg.fill ins(%zero : f32) outs(%y : memref<4xf32>)
  linalg.generic {indexing_maps = [affine_map<(i, k) -> (i, k)>, affine_map<(i, k) -> (i)>],
                  iterator_types = ["parallel", "reduction"]}
      ins(%x : memref<4x8xf32>) outs(%y : memref<4xf32>) {
  ^bb0(%a: f32, %sum: f32):
    %s = arith.addf %sum, %a : f32
    linalg.yield %s : f32
  }
  return
}
