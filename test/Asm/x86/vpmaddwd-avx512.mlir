// RUN: edgec-opt %s -edgec-vectorize=target=x86-64-v4 -canonicalize -edgec-llvm-pipeline | mlir-translate --mlir-to-llvmir \
// RUN:   | llc -O3 -mtriple=x86_64-unknown-linux-gnu -mcpu=x86-64-v4 | FileCheck %s

// AVX-512 without VNNI: two products of pairs for four elements, none of them
// saturating; eleven rows by two vectors beside the pairs of both operands.
// CHECK-LABEL: product:
// CHECK: This Inner Loop Header
// CHECK-NOT: {{vpmaddubsw|\(%rsp\)}}
// CHECK-COUNT-44: vpmaddwd {{.*}}%zmm
// CHECK-NOT: {{vpmaddwd|vpmaddubsw|\(%rsp\)}}
// CHECK: j{{.*}} .LBB
// CHECK: retq
func.func @product(%a: memref<11x64xi8>, %b: memref<1x16x32x4xi8>, %c: memref<11x32xi32>) {
  kernel.contract ins(%a, %b : memref<11x64xi8>, memref<1x16x32x4xi8>) outs(%c : memref<11x32xi32>)
    attributes {num_batch = 0 : i64, num_rows = 1 : i64, extents = array<i64: 11, 32, 64>,
      a_map = affine_map<(i, j, k) -> (i, k)>,
      b_map = affine_map<(i, j, k) -> (j floordiv 32, k floordiv 4, j mod 32, k mod 4)>,
      c_map = affine_map<(i, j, k) -> (i, j)>, extra_maps = [], accumulator = i32, a_unsigned} {
  ^bb0(%acc: i32):
    kernel.yield %acc : i32
  }
  return
}
