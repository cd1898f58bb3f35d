// RUN: edgec-opt %s -edgec-vectorize=target=x86-64-v3 -canonicalize -edgec-llvm-pipeline | mlir-translate --mlir-to-llvmir \
// RUN:   | llc -O3 -mtriple=x86_64-unknown-linux-gnu -mcpu=x86-64-v3 | FileCheck %s

// Six rows by two vectors of columns fill the sixteen registers with twelve
// sums, a row of b and an element of a.
// CHECK-LABEL: product:
// CHECK: This Inner Loop Header
// CHECK-NOT: (%rsp)
// CHECK-COUNT-12: vfmadd231ps {{.*}}%ymm
// CHECK-NOT: {{vfmadd231ps|\(%rsp\)}}
// CHECK: j{{.*}} .LBB
// CHECK: retq
func.func @product(%a: memref<6x63xf32>, %b: memref<1x63x16xf32>, %c: memref<6x16xf32>) {
  kernel.contract ins(%a, %b : memref<6x63xf32>, memref<1x63x16xf32>) outs(%c : memref<6x16xf32>)
    attributes {num_batch = 0 : i64, num_rows = 1 : i64, extents = array<i64: 6, 16, 63>,
      a_map = affine_map<(i, j, k) -> (i, k)>,
      b_map = affine_map<(i, j, k) -> (j floordiv 16, k, j mod 16)>,
      c_map = affine_map<(i, j, k) -> (i, j)>, extra_maps = [], accumulator = f32} {
  ^bb0(%acc: f32):
    kernel.yield %acc : f32
  }
  return
}
