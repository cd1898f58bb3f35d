// RUN: edgec-opt %s -edgec-vectorize=target=aarch64 -canonicalize -edgec-llvm-pipeline | mlir-translate --mlir-to-llvmir \
// RUN:   | llc -O3 -mtriple=aarch64-unknown-linux-gnu > %t.s
// RUN: FileCheck %s < %t.s
// RUN: %S/Inputs/loop-bound.sh cortex-a76 'smlal2?' < %t.s
// RUN: %S/Inputs/loop-bound.sh neoverse-n1 'smlal2?' < %t.s

// CPUs without dot products: bytes are widened, eight rows by two vectors, eight
// steps along k at a time.
// CHECK-LABEL: product:
// CHECK: [[LOOP:.LBB[0-9_]+]]:
// CHECK-NOT: {{dup|\[sp|mla v}}
// CHECK-COUNT-128: smlal{{2?}} v{{[0-9]+}}.4s, v{{[0-9]+}}.{{4|8}}h, v{{[0-9]+}}.h[
// CHECK-NOT: {{smlal|dup|\[sp|mla v}}
// CHECK: b.{{.*}} [[LOOP]]
// CHECK: ret
func.func @product(%a: memref<8x128xi8>, %b: memref<1x128x8xi8>, %c: memref<8x8xi32>) {
  kernel.contract ins(%a, %b : memref<8x128xi8>, memref<1x128x8xi8>) outs(%c : memref<8x8xi32>)
    attributes {num_batch = 0 : i64, num_rows = 1 : i64, extents = array<i64: 8, 8, 128>,
      a_map = affine_map<(i, j, k) -> (i, k)>,
      b_map = affine_map<(i, j, k) -> (j floordiv 8, k, j mod 8)>,
      c_map = affine_map<(i, j, k) -> (i, j)>, extra_maps = [], accumulator = i32, a_unsigned} {
  ^bb0(%acc: i32):
    kernel.yield %acc : i32
  }
  return
}
