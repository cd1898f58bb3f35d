// RUN: edgec-opt %s -edgec-vectorize=target=x86-64-v4 -canonicalize | FileCheck %s --check-prefixes=CHECK,AVX512
// RUN: edgec-opt %s -edgec-vectorize=target=x86-64-v3 -canonicalize | FileCheck %s --check-prefixes=CHECK,AVX2

// Rows are read and columns written as vectors: a block of 16 x 16 takes four
// stages of 16 shuffles, one of 8 x 8 three of 8.
// CHECK-LABEL: @transpose
// CHECK: scf.for
// CHECK: scf.for
// AVX512-COUNT-16: vector.load {{.*}}, vector<16xf32>
// AVX512-COUNT-64: vector.shuffle
// AVX512-COUNT-16: vector.store
// AVX2-COUNT-8: vector.load {{.*}}, vector<8xf32>
// AVX2-COUNT-24: vector.shuffle
// AVX2-COUNT-8: vector.store
// CHECK-NOT: vector.insert
// CHECK: return
func.func @transpose(%x: memref<32x64xf32>, %y: memref<64x32xf32>) {
  linalg.transpose ins(%x : memref<32x64xf32>) outs(%y : memref<64x32xf32>) permutation = [1, 0]
  return
}

// Too narrow for blocks: whole vectors are read, and their lanes put where they
// belong in the three that are written.
// CHECK-LABEL: @narrow
// CHECK: scf.for
// CHECK-COUNT-3: vector.shuffle
// CHECK: vector.store
// CHECK-COUNT-3: vector.shuffle
// CHECK: vector.store
// CHECK-COUNT-3: vector.shuffle
// CHECK: vector.store
// CHECK-NOT: vector.store
// CHECK: return
func.func @narrow(%x: memref<3x64xf32>, %y: memref<64x3xf32>) {
  linalg.transpose ins(%x : memref<3x64xf32>) outs(%y : memref<64x3xf32>) permutation = [1, 0]
  return
}

// Elements are changed on the way: left to plain loops.
// CHECK-LABEL: @computes
// CHECK-NOT: vector.shuffle
// CHECK: return
func.func @computes(%x: memref<32x64xf32>, %y: memref<64x32xf32>) {
  linalg.generic {indexing_maps = [affine_map<(i, j) -> (j, i)>, affine_map<(i, j) -> (i, j)>],
      iterator_types = ["parallel", "parallel"]} ins(%x : memref<32x64xf32>) outs(%y : memref<64x32xf32>) {
  ^bb0(%a: f32, %b: f32):
    %c = arith.negf %a : f32
    linalg.yield %c : f32
  }
  return
}
