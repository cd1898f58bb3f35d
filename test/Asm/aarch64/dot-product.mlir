// RUN: edgec-opt %s -edgec-vectorize=target=aarch64-i8mm -canonicalize -edgec-llvm-pipeline | mlir-translate --mlir-to-llvmir \
// RUN:   | llc -O3 -mtriple=aarch64-unknown-linux-gnu -mattr=+dotprod,+i8mm | FileCheck %s --check-prefixes=CHECK,USDOT
// RUN: sed 's/, a_unsigned/, a_flipped/' %s > %t.flipped.mlir
// RUN: edgec-opt %t.flipped.mlir -edgec-vectorize=target=aarch64-dotprod -canonicalize -edgec-llvm-pipeline | mlir-translate --mlir-to-llvmir \
// RUN:   | llc -O3 -mtriple=aarch64-unknown-linux-gnu -mattr=+dotprod | FileCheck %s --check-prefixes=CHECK,SDOT

// Unsigned times signed has an instruction of its own since i8mm; before that,
// the sign bits of a are flipped.
// CHECK-LABEL: product:
// CHECK: [[LOOP:.LBB[0-9_]+]]:
// SDOT: eor
// SDOT: sdot v{{[0-9]+}}.4s
// SDOT-NOT: usdot
// USDOT-NOT: eor
// USDOT: usdot v{{[0-9]+}}.4s
// CHECK-NOT: [sp
// CHECK: b.{{.*}} [[LOOP]]
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
