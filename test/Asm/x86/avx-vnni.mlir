// RUN: edgec-opt %s -edgec-vectorize="target=x86-64-v3 features=+avxvnni" -canonicalize -edgec-llvm-pipeline | mlir-translate --mlir-to-llvmir \
// RUN:   | llc -O3 -mtriple=x86_64-unknown-linux-gnu -mcpu=alderlake | FileCheck %s

// The dot product on registers of AVX2, in its own encoding.
// CHECK-LABEL: product:
// CHECK: This Inner Loop Header
// CHECK-NOT: (%rsp)
// CHECK-COUNT-12: {vex} vpdpbusd {{.*}}%ymm
// CHECK-NOT: {{vpdpbusd|\(%rsp\)}}
// CHECK: j{{.*}} .LBB
// CHECK: retq
func.func @product(%a: memref<6x64xi8>, %b: memref<1x16x16x4xi8>, %c: memref<6x16xi32>) {
  kernel.contract ins(%a, %b : memref<6x64xi8>, memref<1x16x16x4xi8>) outs(%c : memref<6x16xi32>)
    attributes {num_batch = 0 : i64, num_rows = 1 : i64, extents = array<i64: 6, 16, 64>,
      a_map = affine_map<(i, j, k) -> (i, k)>,
      b_map = affine_map<(i, j, k) -> (j floordiv 16, k floordiv 4, j mod 16, k mod 4)>,
      c_map = affine_map<(i, j, k) -> (i, j)>, extra_maps = [], accumulator = i32, a_unsigned} {
  ^bb0(%acc: i32):
    kernel.yield %acc : i32
  }
  return
}
