// RUN: edgec-opt %s -edgec-vectorize=target=x86-64-v4-vnni -canonicalize -edgec-llvm-pipeline | mlir-translate --mlir-to-llvmir \
// RUN:   | llc -O3 -mtriple=x86_64-unknown-linux-gnu -mcpu=x86-64-v4 -mattr=+avx512vnni | FileCheck %s

// Integer sums start from the bias, so that no addition is left for the end.
// CHECK-LABEL: product:
// CHECK-COUNT-28: vpdpbusd
// CHECK-NOT: vpadd
// CHECK: retq
func.func @product(%a: memref<14x64xi8>, %b: memref<1x16x32x4xi8>, %bias: memref<32xi32>, %c: memref<14x32xi32>) {
  kernel.contract ins(%a, %b : memref<14x64xi8>, memref<1x16x32x4xi8>) extras(%bias : memref<32xi32>) outs(%c : memref<14x32xi32>)
    attributes {num_batch = 0 : i64, num_rows = 1 : i64, extents = array<i64: 14, 32, 64>,
      a_map = affine_map<(i, j, k) -> (i, k)>,
      b_map = affine_map<(i, j, k) -> (j floordiv 32, k floordiv 4, j mod 32, k mod 4)>,
      c_map = affine_map<(i, j, k) -> (i, j)>, extra_maps = [affine_map<(i, j, k) -> (j)>], accumulator = i32, a_unsigned} {
  ^bb0(%acc: i32, %start: i32):
    %sum = arith.addi %acc, %start : i32
    kernel.yield %sum : i32
  }
  return
}

// What differs from row to row is added at the end.
// CHECK-LABEL: residual:
// CHECK-COUNT-28: vpdpbusd
// CHECK-COUNT-28: vpaddd
// CHECK-NOT: vpaddd
// CHECK: retq
func.func @residual(%a: memref<14x64xi8>, %b: memref<1x16x32x4xi8>, %other: memref<14x32xi32>, %c: memref<14x32xi32>) {
  kernel.contract ins(%a, %b : memref<14x64xi8>, memref<1x16x32x4xi8>) extras(%other : memref<14x32xi32>) outs(%c : memref<14x32xi32>)
    attributes {num_batch = 0 : i64, num_rows = 1 : i64, extents = array<i64: 14, 32, 64>,
      a_map = affine_map<(i, j, k) -> (i, k)>,
      b_map = affine_map<(i, j, k) -> (j floordiv 32, k floordiv 4, j mod 32, k mod 4)>,
      c_map = affine_map<(i, j, k) -> (i, j)>, extra_maps = [affine_map<(i, j, k) -> (i, j)>], accumulator = i32, a_unsigned} {
  ^bb0(%acc: i32, %start: i32):
    %sum = arith.addi %acc, %start : i32
    kernel.yield %sum : i32
  }
  return
}
