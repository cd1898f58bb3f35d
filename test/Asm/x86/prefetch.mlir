// RUN: edgec-opt %s -edgec-vectorize=target=x86-64-v4 -canonicalize -edgec-llvm-pipeline | mlir-translate --mlir-to-llvmir \
// RUN:   | llc -O3 -mtriple=x86_64-unknown-linux-gnu -mcpu=x86-64-v4 | FileCheck %s

// Four tiles of fourteen rows read a panel of 32 columns, so that each step of
// a tile fetches a quarter of 128 bytes of the next panel: one prefetch into
// the second level of the cache beside 28 multiplications.
// CHECK-LABEL: weights:
// CHECK: This Inner Loop Header
// CHECK-NOT: (%rsp)
// CHECK: prefetcht1
// CHECK-NOT: prefetch
// CHECK-NOT: (%rsp)
// CHECK-COUNT-28: vfmadd231ps {{.*}}%zmm
// CHECK-NOT: vfmadd231ps
// CHECK-NOT: (%rsp)
// CHECK: j{{.*}} .LBB
// CHECK: retq
func.func @weights(%a: memref<56x256xf32>, %b: memref<16x256x32xf32>, %c: memref<56x512xf32>) {
  kernel.contract ins(%a, %b : memref<56x256xf32>, memref<16x256x32xf32>) outs(%c : memref<56x512xf32>)
    attributes {num_batch = 0 : i64, num_rows = 1 : i64, extents = array<i64: 56, 512, 256>,
      a_map = affine_map<(i, j, k) -> (i, k)>,
      b_map = affine_map<(i, j, k) -> (j floordiv 32, k, j mod 32)>,
      c_map = affine_map<(i, j, k) -> (i, j)>, extra_maps = [], accumulator = f32} {
  ^bb0(%acc: f32):
    kernel.yield %acc : f32
  }
  return
}

// One tile of rows: nothing to hide the fetching behind.
// CHECK-LABEL: single:
// CHECK-NOT: prefetch
// CHECK: retq
func.func @single(%a: memref<14x256xf32>, %b: memref<16x256x32xf32>, %c: memref<14x512xf32>) {
  kernel.contract ins(%a, %b : memref<14x256xf32>, memref<16x256x32xf32>) outs(%c : memref<14x512xf32>)
    attributes {num_batch = 0 : i64, num_rows = 1 : i64, extents = array<i64: 14, 512, 256>,
      a_map = affine_map<(i, j, k) -> (i, k)>,
      b_map = affine_map<(i, j, k) -> (j floordiv 32, k, j mod 32)>,
      c_map = affine_map<(i, j, k) -> (i, j)>, extra_maps = [], accumulator = f32} {
  ^bb0(%acc: f32):
    kernel.yield %acc : f32
  }
  return
}
