// RUN: edgec-opt %s -edgec-vectorize=target=x86-64-v3 -canonicalize -edgec-llvm-pipeline | mlir-translate --mlir-to-llvmir \
// RUN:   | llc -O3 -mtriple=x86_64-unknown-linux-gnu -mcpu=x86-64-v3 | FileCheck %s

// Four rows by two vectors; two products of pairs for four elements, none of
// them saturating.
// CHECK-LABEL: product:
// CHECK: [[LOOP:.LBB[0-9_]+]]:
// CHECK-NOT: (%rsp)
// CHECK-NOT: vpmaddubsw
// CHECK-COUNT-16: vpmaddwd
// CHECK-NOT: vpmaddwd
// CHECK-NOT: (%rsp)
// CHECK: j{{.*}} [[LOOP]]
func.func @product(%a: memref<14x63xi8>, %b: memref<1x16x16x4xi8>, %c: memref<14x16xi32>) {
  kernel.contract ins(%a, %b : memref<14x63xi8>, memref<1x16x16x4xi8>) outs(%c : memref<14x16xi32>)
    attributes {num_batch = 0 : i64, num_rows = 1 : i64, extents = array<i64: 14, 16, 63>,
      a_map = affine_map<(i, j, k) -> (i, k)>,
      b_map = affine_map<(i, j, k) -> (j floordiv 16, k floordiv 4, j mod 16, k mod 4)>,
      c_map = affine_map<(i, j, k) -> (i, j)>, extra_maps = [], accumulator = i32, a_unsigned} {
  ^bb0(%acc: i32):
    kernel.yield %acc : i32
  }
  return
}
