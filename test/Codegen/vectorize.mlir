// RUN: edgec-opt %s -edgec-vectorize=target=x86-64-v4 -canonicalize | FileCheck %s --check-prefixes=CHECK,AVX512
// RUN: edgec-opt %s -edgec-vectorize=target=x86-64-v3 -canonicalize | FileCheck %s --check-prefixes=CHECK,AVX2
// RUN: edgec-opt %s -edgec-vectorize=target=x86-64-v2 -canonicalize | FileCheck %s --check-prefixes=CHECK,SSE

// CHECK-LABEL: @product
// AVX512: scf.for {{.*}} -> (vector<16xf32>
// AVX512-COUNT-28: math.fma {{.*}} : vector<16xf32>
// AVX512-NOT: math.fma
// AVX512: scf.yield
// AVX2: math.fma {{.*}} : vector<8xf32>
// SSE-NOT: math.fma
// SSE: arith.mulf {{.*}} : vector<4xf32>
// CHECK: return
func.func @product(%a: memref<14x64xf32>, %b: memref<64x32xf32>, %c: memref<14x32xf32>) {
  kernel.contract ins(%a, %b : memref<14x64xf32>, memref<64x32xf32>) outs(%c : memref<14x32xf32>)
    attributes {num_batch = 0 : i64, num_rows = 1 : i64, extents = array<i64: 14, 32, 64>,
      a_map = affine_map<(i, j, k) -> (i, k)>, b_map = affine_map<(i, j, k) -> (k, j)>,
      c_map = affine_map<(i, j, k) -> (i, j)>, extra_maps = [], accumulator = f32} {
  ^bb0(%acc: f32):
    kernel.yield %acc : f32
  }
  return
}

// Contiguous dimensions are one loop; the rest is a masked or smaller vectors.
// CHECK-LABEL: @elementwise
// CHECK: scf.for
// CHECK: math.absf {{.*}} : vector<16xf32>
// AVX512: vector.maskedload
// AVX512: vector.maskedstore
// AVX2-NOT: masked
// AVX2: math.absf {{.*}} : vector<2xf32>
// SSE: math.absf {{.*}} : vector<2xf32>
// CHECK: return
func.func @elementwise(%x: memref<6x15xf32>, %y: memref<6x15xf32>) {
  linalg.abs ins(%x : memref<6x15xf32>) outs(%y : memref<6x15xf32>)
  return
}

// Only the border of a padded buffer is filled.
// CHECK-LABEL: @border
// CHECK-NOT: vector<16xf32>
// CHECK: return
func.func @border(%x: memref<4x40xf32>) {
  %zero = arith.constant 0.0 : f32
  linalg.fill {edgec.interior = array<i64: 0, 1, 4, 39>} ins(%zero : f32) outs(%x : memref<4x40xf32>)
  return
}

// CHECK-LABEL: @empty
// CHECK-NEXT: return
func.func @empty(%x: memref<0x4xf32>, %y: memref<0x4xf32, strided<[8, 1]>>) {
  memref.copy %x, %y : memref<0x4xf32> to memref<0x4xf32, strided<[8, 1]>>
  linalg.abs ins(%x : memref<0x4xf32>) outs(%x : memref<0x4xf32>)
  return
}
