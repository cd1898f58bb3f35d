// RUN: edgec-opt %s -edgec-vectorize=target=x86-64-v4-vnni -canonicalize -edgec-llvm-pipeline | mlir-translate --mlir-to-llvmir \
// RUN:   | llc -O3 -mtriple=x86_64-unknown-linux-gnu -mcpu=x86-64-v4 -mattr=+avx512vnni | FileCheck %s

// Fourteen rows by two vectors of columns, all in registers: nothing spills,
// and elements of a are broadcast from memory.
// CHECK-LABEL: product:
// CHECK: [[LOOP:.LBB[0-9_]+]]:
// CHECK-NOT: (%rsp)
// CHECK-COUNT-28: vpdpbusd %zmm
// CHECK-NOT: vpdpbusd
// CHECK-NOT: (%rsp)
// CHECK: j{{.*}} [[LOOP]]
// The last three elements of 63: four are read, the first is shifted out.
// CHECK: shrl $8
// CHECK-COUNT-28: vpdpbusd
// CHECK-NOT: vpdpbusd
// CHECK: retq
func.func @product(%a: memref<14x63xi8>, %b: memref<1x16x32x4xi8>, %c: memref<14x32xi32>) {
  kernel.contract ins(%a, %b : memref<14x63xi8>, memref<1x16x32x4xi8>) outs(%c : memref<14x32xi32>)
    attributes {num_batch = 0 : i64, num_rows = 1 : i64, extents = array<i64: 14, 32, 63>,
      a_map = affine_map<(i, j, k) -> (i, k)>,
      b_map = affine_map<(i, j, k) -> (j floordiv 32, k floordiv 4, j mod 32, k mod 4)>,
      c_map = affine_map<(i, j, k) -> (i, j)>, extra_maps = [], accumulator = i32, a_unsigned} {
  ^bb0(%acc: i32):
    kernel.yield %acc : i32
  }
  return
}
