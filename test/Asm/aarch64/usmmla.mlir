// RUN: edgec-opt %s -edgec-vectorize=target=aarch64-i8mm -canonicalize -edgec-llvm-pipeline | mlir-translate --mlir-to-llvmir \
// RUN:   | llc -O3 -mtriple=aarch64-unknown-linux-gnu -mattr=+i8mm > %t.s
// RUN: FileCheck %s < %t.s
// RUN: %S/Inputs/loop-bound.sh neoverse-n2 'usmmla' +i8mm < %t.s

// Blocks of two rows and two columns: two by twelve of them, in all registers.
// CHECK-LABEL: product:
// CHECK: [[LOOP:.LBB[0-9_]+]]:
// CHECK-NOT: [sp
// CHECK-COUNT-24: {{[ \t]}}usmmla v{{[0-9]+}}.4s, v{{[0-9]+}}.16b, v{{[0-9]+}}.16b
// CHECK-NOT: {{mmla|\[sp}}
// CHECK: b.{{.*}} [[LOOP]]
// CHECK: ret
func.func @product(%a: memref<4x128xi8>, %b: memref<1x16x24x8xi8>, %c: memref<4x24xi32>) {
  kernel.contract ins(%a, %b : memref<4x128xi8>, memref<1x16x24x8xi8>) outs(%c : memref<4x24xi32>)
    attributes {num_batch = 0 : i64, num_rows = 1 : i64, extents = array<i64: 4, 24, 128>,
      a_map = affine_map<(i, j, k) -> (i, k)>,
      b_map = affine_map<(i, j, k) -> (j floordiv 24, k floordiv 8, j mod 24, k mod 8)>,
      c_map = affine_map<(i, j, k) -> (i, j)>, extra_maps = [], accumulator = i32, a_unsigned} {
  ^bb0(%acc: i32):
    kernel.yield %acc : i32
  }
  return
}
