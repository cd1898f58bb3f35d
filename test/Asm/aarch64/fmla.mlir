// RUN: edgec-opt %s -edgec-vectorize=target=aarch64 -canonicalize -edgec-llvm-pipeline | mlir-translate --mlir-to-llvmir \
// RUN:   | llc -O3 -mtriple=aarch64-unknown-linux-gnu > %t.s
// RUN: FileCheck %s < %t.s
// RUN: %S/Inputs/loop-bound.sh cortex-a76 'fmla' < %t.s
// RUN: %S/Inputs/loop-bound.sh neoverse-n1 'fmla' < %t.s

// Eight rows by two vectors of columns, four steps along k at a time: a row of a
// is loaded once for them, and nothing is broadcast or spilt.
// CHECK-LABEL: product:
// CHECK: [[LOOP:.LBB[0-9_]+]]:
// CHECK-NOT: {{dup|ld1r|\[sp}}
// CHECK-COUNT-64: fmla v{{[0-9]+}}.4s, v{{[0-9]+}}.4s, v{{[0-9]+}}.s[
// CHECK-NOT: {{fmla|dup|ld1r|\[sp}}
// CHECK: b.{{.*}} [[LOOP]]
// The last three elements of 63 are lanes one to three of the last four.
// CHECK-NOT: .s[0]
// CHECK-COUNT-48: fmla v{{[0-9]+}}.4s, v{{[0-9]+}}.4s, v{{[0-9]+}}.s[
// CHECK-NOT: fmla
// CHECK: ret
func.func @product(%a: memref<8x63xf32>, %b: memref<1x63x8xf32>, %c: memref<8x8xf32>) {
  kernel.contract ins(%a, %b : memref<8x63xf32>, memref<1x63x8xf32>) outs(%c : memref<8x8xf32>)
    attributes {num_batch = 0 : i64, num_rows = 1 : i64, extents = array<i64: 8, 8, 63>,
      a_map = affine_map<(i, j, k) -> (i, k)>,
      b_map = affine_map<(i, j, k) -> (j floordiv 8, k, j mod 8)>,
      c_map = affine_map<(i, j, k) -> (i, j)>, extra_maps = [], accumulator = f32} {
  ^bb0(%acc: f32):
    kernel.yield %acc : f32
  }
  return
}
