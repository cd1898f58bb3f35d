// RUN: edgec-opt %s -edgec-vectorize=target=aarch64-dotprod -canonicalize -edgec-llvm-pipeline | mlir-translate --mlir-to-llvmir \
// RUN:   | opt -O2 -S | llc -O3 -mtriple=aarch64-unknown-linux-gnu -mattr=+dotprod > %t.s
// RUN: FileCheck %s < %t.s
// RUN: %S/Inputs/loop-bound.sh cortex-a76 'sdot' +dotprod < %t.s
// RUN: %S/Inputs/loop-bound.sh neoverse-n1 'sdot' +dotprod < %t.s

// Windows of 3 by 3 places with three channels: nine neighbours are two whole
// groups, and one element that is loaded by itself.
// CHECK-LABEL: stem:
// CHECK: [[LOOP:.LBB[0-9_]+]]:
// CHECK-NOT: {{ld1|mov|\[sp}}
// CHECK-COUNT-60: sdot v{{[0-9]+}}.4s, v{{[0-9]+}}.16b, v{{[0-9]+}}.4b[
// CHECK-NOT: {{sdot|ld1|mov|\[sp}}
// CHECK: b.{{.*}} [[LOOP]]
// CHECK: ret
func.func @stem(%a: memref<3x33xi8>, %b: memref<1x3x3x16x4xi8>, %c: memref<5x16xi32>) {
  kernel.contract ins(%a, %b : memref<3x33xi8>, memref<1x3x3x16x4xi8>) outs(%c : memref<5x16xi32>)
    attributes {num_batch = 0 : i64, num_rows = 1 : i64, extents = array<i64: 5, 16, 3, 9>,
      a_map = affine_map<(i, j, h, k) -> (h, i * 6 + k)>,
      b_map = affine_map<(i, j, h, k) -> (j floordiv 16, h, k floordiv 4, j mod 16, k mod 4)>,
      c_map = affine_map<(i, j, h, k) -> (i, j)>, extra_maps = [], accumulator = i32} {
  ^bb0(%acc: i32):
    kernel.yield %acc : i32
  }
  return
}
