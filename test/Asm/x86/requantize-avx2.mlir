// RUN: edgec-opt %s -edgec-vectorize=target=x86-64-v3 -canonicalize -cse -edgec-approximate-math=target=x86-64-v3 -canonicalize -edgec-llvm-pipeline \
// RUN:   | mlir-translate --mlir-to-llvmir | llc -O3 -mtriple=x86_64-unknown-linux-gnu -mcpu=x86-64-v3 | FileCheck %s

// As with registers of twice the size, in requantize.mlir.
// CHECK-LABEL: unsigned:
// CHECK: vcvtps2dq %ymm
// CHECK-NOT: vpm{{in|ax}}
// CHECK: vpackssdw %ymm
// CHECK: vpackuswb %ymm
// CHECK: vpermd %ymm
// CHECK-NOT: vpm{{in|ax}}
// CHECK: retq
func.func @unsigned(%a: memref<4x8xi8>, %b: memref<8x32xi8>, %scale: memref<32xf32>, %c: memref<4x32xi8>) {
  %low = arith.constant 0 : i32
  %high = arith.constant 255 : i32
  kernel.contract ins(%a, %b : memref<4x8xi8>, memref<8x32xi8>) extras(%scale : memref<32xf32>) outs(%c : memref<4x32xi8>)
    attributes {num_batch = 0 : i64, num_rows = 1 : i64, extents = array<i64: 4, 32, 8>,
      a_map = affine_map<(i, j, k) -> (i, k)>, b_map = affine_map<(i, j, k) -> (k, j)>,
      c_map = affine_map<(i, j, k) -> (i, j)>, extra_maps = [affine_map<(i, j, k) -> (j)>], accumulator = i32, a_unsigned} {
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
