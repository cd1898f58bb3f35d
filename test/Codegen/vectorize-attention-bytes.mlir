// RUN: edgec-opt %s -split-input-file -verify-diagnostics -edgec-vectorize=target=x86-64-v4-vnni -canonicalize | FileCheck %s

// Scores are floats on the stack, the bytes that their rows become beside them:
// 64 rows of 80 floats and of 64 bytes.
// CHECK-LABEL: func.func @bytes
// CHECK-DAG: %[[SCORES:.*]] = memref.alloca() {alignment = 64 : i64} : memref<{{[0-9]+}}xf32>
// CHECK-DAG: %[[BYTES:.*]] = memref.alloca() {alignment = 64 : i64} : memref<{{[0-9]+}}xi8>
// CHECK: llvm.call_intrinsic "llvm.x86.avx512.vpdpbusd.512"
// CHECK: arith.sitofp {{.*}} : vector<16xi32> to vector<16xf32>
// CHECK: vector.{{(masked)?}}store {{.*}}%[[SCORES]]
// CHECK: math.exp {{.*}} : vector<16xf32>
// CHECK: arith.fptoui {{.*}} : vector<16xf32> to vector<16xi8>
// CHECK: vector.{{(masked)?}}store {{.*}}%[[BYTES]]
// CHECK: vector.load %[[BYTES]]{{.*}} : memref<{{[0-9]+}}xi8>, vector<4xi8>
// CHECK: llvm.call_intrinsic "llvm.x86.avx512.vpdpbusd.512"
// CHECK-NOT: kernel.
// CHECK: return
func.func @bytes(%q: memref<3x40x16xi8>, %k: memref<3x1x4x64x4xi8>, %v: memref<3x1x13x32x4xi8>, %o: memref<3x40x32xi32>) {
  kernel.attention ins(%q, %k, %v : memref<3x40x16xi8>, memref<3x1x4x64x4xi8>, memref<3x1x13x32x4xi8>) outs(%o : memref<3x40x32xi32>)
    attributes {num_batch = 1 : i64, extents = array<i64: 3, 40, 50, 16, 32>, query_unsigned, probability_unsigned,
      query_map = affine_map<(g, i, j, k, c) -> (g, i, k)>,
      key_map = affine_map<(g, i, j, k, c) -> (g, j floordiv 64, k floordiv 4, j mod 64, k mod 4)>,
      value_map = affine_map<(g, i, j, k, c) -> (g, c floordiv 32, j floordiv 4, c mod 32, j mod 4)>,
      init_map = affine_map<(g, i, j, k, c) -> (g, i, c)>, extra_maps = [], combiners = ["max", "add"]} {
  ^bb0(%sum: i32):
    %s = arith.sitofp %sum : i32 to f32
    kernel.yield %s : f32
  }, {
  ^bb0(%sum: i32):
    kernel.yield %sum : i32
  }, {
  ^bb0(%s: f32):
    kernel.yield %s : f32
  }, {
  ^bb0(%s: f32, %max: f32):
    %d = arith.subf %s, %max : f32
    %e = math.exp %d : f32
    kernel.yield %e : f32
  }, {
  ^bb0(%s: f32, %max: f32, %total: f32, %e: f32):
    %p = arith.divf %e, %total : f32
    %b = arith.fptoui %p : f32 to i8
    kernel.yield %b : i8
  }
  return
}

// -----

// sdot's order on a processor with VNNI, which takes unsigned queries only.
func.func @other_target(%q: memref<4x16xi8>, %k: memref<1x4x8x4xi8>, %v: memref<1x2x16x4xi8>, %o: memref<4x16xi32>) {
  // expected-error @+1 {{keys or values are packed for another target}}
  kernel.attention ins(%q, %k, %v : memref<4x16xi8>, memref<1x4x8x4xi8>, memref<1x2x16x4xi8>) outs(%o : memref<4x16xi32>)
    attributes {num_batch = 0 : i64, extents = array<i64: 4, 8, 16, 16>,
      query_map = affine_map<(i, j, k, c) -> (i, k)>,
      key_map = affine_map<(i, j, k, c) -> (j floordiv 8, k floordiv 4, j mod 8, k mod 4)>,
      value_map = affine_map<(i, j, k, c) -> (c floordiv 16, j floordiv 4, c mod 16, j mod 4)>,
      init_map = affine_map<(i, j, k, c) -> (i, c)>, extra_maps = [], combiners = ["add"]} {
  ^bb0(%sum: i32):
    %s = arith.sitofp %sum : i32 to f32
    kernel.yield %s : f32
  }, {
  ^bb0(%sum: i32):
    kernel.yield %sum : i32
  }, {
  ^bb0(%s: f32):
    kernel.yield %s : f32
  }, {
  ^bb0(%s: f32, %total: f32, %e: f32):
    %b = arith.fptoui %e : f32 to i8
    kernel.yield %b : i8
  }
  return
}
