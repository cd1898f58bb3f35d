// RUN: edgec-opt %s -split-input-file -verify-diagnostics -edgec-vectorize=target=x86-64-v4 -canonicalize | FileCheck %s
// RUN: edgec-opt %s -split-input-file -verify-diagnostics -edgec-vectorize=target=x86-64-v3 -canonicalize | FileCheck %s

// For each head and block of queries: the scores, computed with mask, to a few rows on the stack; softmax in place; and
// the product with the values, straight to the result. Rows of scores are an odd number of cache lines apart: 80 for 50.
// CHECK-LABEL: func.func @attend
// CHECK: %[[SCORES:.*]] = memref.alloca() {alignment = 64 : i64} : memref<3200xf32>
// CHECK-NOT: alloca
// CHECK: scf.for
// CHECK: math.fma {{.*}} : vector<[[LANES:16|8]]xf32>
// CHECK: vector.{{(masked)?}}store {{.*}}%[[SCORES]]
// CHECK: arith.cmpf ogt, {{.*}} : vector<16xf32>
// CHECK: math.exp {{.*}} : vector<16xf32>
// CHECK: arith.divf {{.*}} : vector<16xf32>
// CHECK: vector.store {{.*}}%[[SCORES]]
// CHECK: memref.load %[[SCORES]]
// CHECK: math.fma {{.*}} : vector<[[LANES]]xf32>
// CHECK-NOT: kernel.
// CHECK: return
func.func @attend(%q: memref<3x40x64xf32>, %k: memref<3x64x50xf32>, %v: memref<3x50x32xf32>, %m: memref<50xf32>, %o: memref<3x40x32xf32>) {
  kernel.attention ins(%q, %k, %v : memref<3x40x64xf32>, memref<3x64x50xf32>, memref<3x50x32xf32>) extras(%m : memref<50xf32>) outs(%o : memref<3x40x32xf32>)
    attributes {num_batch = 1 : i64, extents = array<i64: 3, 40, 50, 64, 32>,
      query_map = affine_map<(g, i, j, k, c) -> (g, i, k)>, key_map = affine_map<(g, i, j, k, c) -> (g, k, j)>,
      value_map = affine_map<(g, i, j, k, c) -> (g, j, c)>, init_map = affine_map<(g, i, j, k, c) -> (g, i, c)>,
      extra_maps = [affine_map<(g, i, j, k, c) -> (j)>], combiners = ["max", "add"]} {
  ^bb0(%sum: f32, %x: f32):
    %scale = arith.constant 0.125 : f32
    %s = arith.mulf %sum, %scale : f32
    %t = arith.addf %s, %x : f32
    kernel.yield %t : f32
  }, {
  ^bb0(%sum: f32):
    kernel.yield %sum : f32
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
    kernel.yield %p : f32
  }
  return
}

// -----

// Heads and blocks are one loop that is cut into parts, each with scores of its own.
// CHECK-LABEL: func.func private @part
// CHECK-SAME: %[[PART:[^:]*]]: index, %[[PARTS:[^:]*]]: index)
// CHECK: memref.alloca()
// CHECK: arith.muli %[[PART]], %{{.*}} : index
// CHECK: arith.divui %{{.*}}, %[[PARTS]] : index
// CHECK: scf.for
// CHECK-NOT: %[[PART]]
// CHECK: return
func.func private @part(%q: memref<3x40x64xf32>, %k: memref<3x64x50xf32>, %v: memref<3x50x32xf32>, %o: memref<3x40x32xf32>, %part: index, %parts: index) attributes {edgec.max_parts = 8 : i64} {
  kernel.attention ins(%q, %k, %v : memref<3x40x64xf32>, memref<3x64x50xf32>, memref<3x50x32xf32>) outs(%o : memref<3x40x32xf32>)
    attributes {num_batch = 1 : i64, extents = array<i64: 3, 40, 50, 64, 32>,
      query_map = affine_map<(g, i, j, k, c) -> (g, i, k)>, key_map = affine_map<(g, i, j, k, c) -> (g, k, j)>,
      value_map = affine_map<(g, i, j, k, c) -> (g, j, c)>, init_map = affine_map<(g, i, j, k, c) -> (g, i, c)>,
      extra_maps = [], combiners = ["max", "add"]} {
  ^bb0(%sum: f32):
    %scale = arith.constant 0.125 : f32
    %s = arith.mulf %sum, %scale : f32
    kernel.yield %s : f32
  }, {
  ^bb0(%sum: f32):
    kernel.yield %sum : f32
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
    kernel.yield %p : f32
  }
  return
}

// -----

func.func @too_many_keys(%q: memref<3x40x64xf32>, %k: memref<3x64x5000xf32>, %v: memref<3x5000x32xf32>, %o: memref<3x40x32xf32>) {
  // expected-error @+1 {{cannot be vectorised: the scores of a few queries are more than 65536 bytes}}
  kernel.attention ins(%q, %k, %v : memref<3x40x64xf32>, memref<3x64x5000xf32>, memref<3x5000x32xf32>) outs(%o : memref<3x40x32xf32>)
    attributes {num_batch = 1 : i64, extents = array<i64: 3, 40, 5000, 64, 32>,
      query_map = affine_map<(g, i, j, k, c) -> (g, i, k)>, key_map = affine_map<(g, i, j, k, c) -> (g, k, j)>,
      value_map = affine_map<(g, i, j, k, c) -> (g, j, c)>, init_map = affine_map<(g, i, j, k, c) -> (g, i, c)>,
      extra_maps = [], combiners = ["max", "add"]} {
  ^bb0(%sum: f32):
    %scale = arith.constant 0.125 : f32
    %s = arith.mulf %sum, %scale : f32
    kernel.yield %s : f32
  }, {
  ^bb0(%sum: f32):
    kernel.yield %sum : f32
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
    kernel.yield %p : f32
  }
  return
}

// -----

func.func @strides(%q: memref<3x40x64xf32, strided<[?, 64, 1]>>, %k: memref<3x64x50xf32>, %v: memref<3x50x32xf32>, %o: memref<3x40x32xf32>) {
  // expected-error @+1 {{cannot be vectorised: 'memref<3x40x64xf32, strided<[?, 64, 1]>>' has no static strides}}
  kernel.attention ins(%q, %k, %v : memref<3x40x64xf32, strided<[?, 64, 1]>>, memref<3x64x50xf32>, memref<3x50x32xf32>) outs(%o : memref<3x40x32xf32>)
    attributes {num_batch = 1 : i64, extents = array<i64: 3, 40, 50, 64, 32>,
      query_map = affine_map<(g, i, j, k, c) -> (g, i, k)>, key_map = affine_map<(g, i, j, k, c) -> (g, k, j)>,
      value_map = affine_map<(g, i, j, k, c) -> (g, j, c)>, init_map = affine_map<(g, i, j, k, c) -> (g, i, c)>,
      extra_maps = [], combiners = ["max", "add"]} {
  ^bb0(%sum: f32):
    %scale = arith.constant 0.125 : f32
    %s = arith.mulf %sum, %scale : f32
    kernel.yield %s : f32
  }, {
  ^bb0(%sum: f32):
    kernel.yield %sum : f32
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
    kernel.yield %p : f32
  }
  return
}
