// RUN: edgec-opt %s -edgec-vectorize=target=aarch64-i8mm -canonicalize -edgec-llvm-pipeline | mlir-translate --mlir-to-llvmir \
// RUN:   | llc -O3 -mtriple=aarch64-unknown-linux-gnu -mattr=+dotprod,+i8mm > %t.s
// RUN: FileCheck %s < %t.s

// Too few elements along k for a matrix multiplication: unsigned times signed is
// an instruction of its own where there is i8mm, and no sign is flipped.
// CHECK-LABEL: product:
// CHECK-NOT: {{dup|eor}}
// CHECK-COUNT-32: sudot v{{[0-9]+}}.4s, v{{[0-9]+}}.16b, v{{[0-9]+}}.4b[
// CHECK-NOT: sudot
// CHECK: ret
func.func @product(%a: memref<8x7xi8>, %b: memref<1x2x8x4xi8>, %c: memref<8x8xi32>) {
  kernel.contract ins(%a, %b : memref<8x7xi8>, memref<1x2x8x4xi8>) outs(%c : memref<8x8xi32>)
    attributes {num_batch = 0 : i64, num_rows = 1 : i64, extents = array<i64: 8, 8, 7>,
      a_map = affine_map<(i, j, k) -> (i, k)>,
      b_map = affine_map<(i, j, k) -> (j floordiv 8, k floordiv 4, j mod 8, k mod 4)>,
      c_map = affine_map<(i, j, k) -> (i, j)>, extra_maps = [], accumulator = i32, a_unsigned} {
  ^bb0(%acc: i32):
    kernel.yield %acc : i32
  }
  return
}
