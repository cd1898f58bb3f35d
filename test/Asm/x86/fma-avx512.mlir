// RUN: edgec-opt %s -edgec-vectorize=target=x86-64-v4 -canonicalize -edgec-llvm-pipeline | mlir-translate --mlir-to-llvmir \
// RUN:   | llc -O3 -mtriple=x86_64-unknown-linux-gnu -mcpu=x86-64-v4 | FileCheck %s

// Fourteen rows by two vectors of columns, all in registers. An element of a is
// broadcast by its load and serves both vectors: 16 loads for 28 products.
// CHECK-LABEL: product:
// CHECK: This Inner Loop Header
// CHECK-NOT: (%rsp)
// CHECK-COUNT-28: vfmadd231ps {{.*}}%zmm
// CHECK-NOT: {{vfmadd231ps|\(%rsp\)}}
// CHECK: j{{.*}} .LBB
// CHECK: retq
func.func @product(%a: memref<14x63xf32>, %b: memref<1x63x32xf32>, %c: memref<14x32xf32>) {
  kernel.contract ins(%a, %b : memref<14x63xf32>, memref<1x63x32xf32>) outs(%c : memref<14x32xf32>)
    attributes {num_batch = 0 : i64, num_rows = 1 : i64, extents = array<i64: 14, 32, 63>,
      a_map = affine_map<(i, j, k) -> (i, k)>,
      b_map = affine_map<(i, j, k) -> (j floordiv 32, k, j mod 32)>,
      c_map = affine_map<(i, j, k) -> (i, j)>, extra_maps = [], accumulator = f32} {
  ^bb0(%acc: f32):
    kernel.yield %acc : f32
  }
  return
}
