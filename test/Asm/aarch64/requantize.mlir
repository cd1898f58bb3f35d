// RUN: edgec-opt %s -edgec-vectorize=target=aarch64-dotprod -canonicalize -cse -edgec-approximate-math=target=aarch64-dotprod -canonicalize -edgec-llvm-pipeline \
// RUN:   | mlir-translate --mlir-to-llvmir | llc -O3 -mtriple=aarch64-unknown-linux-gnu -mattr=+dotprod | FileCheck %s

// Sums become integers in one conversion, and bytes by narrowing with
// saturation, of two registers into one: nothing clamps, and nothing is moved
// between registers. What four of them hold are two rows.
// CHECK-LABEL: signed:
// CHECK-NOT: {{frintn|fcvtzs|smin|smax|xtn.*v[0-9]+\.4h, |uzp1}}
// CHECK-COUNT-8: fcvtns v{{[0-9]+}}.4s
// CHECK-NOT: {{frintn|fcvtzs|smin|smax|uzp1}}
// CHECK: ret
func.func @signed(%a: memref<4x8xi8>, %b: memref<1x2x8x4xi8>, %scale: memref<8xf32>, %c: memref<4x8xi8>) {
  %low = arith.constant -128 : i32
  %high = arith.constant 127 : i32
  kernel.contract ins(%a, %b : memref<4x8xi8>, memref<1x2x8x4xi8>) extras(%scale : memref<8xf32>) outs(%c : memref<4x8xi8>)
    attributes {num_batch = 0 : i64, num_rows = 1 : i64, extents = array<i64: 4, 8, 8>,
      a_map = affine_map<(i, j, k) -> (i, k)>,
      b_map = affine_map<(i, j, k) -> (j floordiv 8, k floordiv 4, j mod 8, k mod 4)>,
      c_map = affine_map<(i, j, k) -> (i, j)>, extra_maps = [affine_map<(i, j, k) -> (j)>], accumulator = i32} {
  ^bb0(%acc: i32, %s: f32):
    %sum = arith.sitofp %acc : i32 to f32
    %x = arith.mulf %sum, %s : f32
    %r = math.roundeven %x : f32
    %i = arith.fptosi %r : f32 to i32
    %max = arith.maxsi %i, %low : i32
    %min = arith.minsi %max, %high : i32
    %byte = arith.trunci %min : i32 to i8
    kernel.yield %byte : i8
  }
  return
}

// The lower end is that of a relu, and clamps; the upper end is the byte's.
// CHECK-LABEL: unsigned:
// CHECK-NOT: smin
// CHECK: smax
// CHECK-NOT: smin
// CHECK: sqxtn
// CHECK: sqxtun
// CHECK-NOT: smin
// CHECK: ret
func.func @unsigned(%a: memref<4x8xi8>, %b: memref<1x2x8x4xi8>, %scale: memref<8xf32>, %c: memref<4x8xi8>) {
  %low = arith.constant 7 : i32
  %high = arith.constant 255 : i32
  kernel.contract ins(%a, %b : memref<4x8xi8>, memref<1x2x8x4xi8>) extras(%scale : memref<8xf32>) outs(%c : memref<4x8xi8>)
    attributes {num_batch = 0 : i64, num_rows = 1 : i64, extents = array<i64: 4, 8, 8>,
      a_map = affine_map<(i, j, k) -> (i, k)>,
      b_map = affine_map<(i, j, k) -> (j floordiv 8, k floordiv 4, j mod 8, k mod 4)>,
      c_map = affine_map<(i, j, k) -> (i, j)>, extra_maps = [affine_map<(i, j, k) -> (j)>], accumulator = i32} {
  ^bb0(%acc: i32, %s: f32):
    %sum = arith.sitofp %acc : i32 to f32
    %x = arith.mulf %sum, %s : f32
    %r = math.roundeven %x : f32
    %i = arith.fptosi %r : f32 to i32
    %max = arith.maxsi %i, %low : i32
    %min = arith.minsi %max, %high : i32
    %byte = arith.trunci %min : i32 to i8
    kernel.yield %byte : i8
  }
  return
}
