// RUN: edgec-opt %s -edgec-vectorize=target=x86-64-v3 -canonicalize -cse | FileCheck %s

// Few rows: elements are unpacked beside the products.
// CHECK-LABEL: @few_rows
// CHECK-NOT: memref.alloca
// CHECK: scf.for
// CHECK: arith.xori
// CHECK: math.fma
// CHECK: return
func.func @few_rows(%a: memref<3x64xf32>, %b: memref<1x512xi8>, %c: memref<3x16xf32>) {
  kernel.contract ins(%a, %b : memref<3x64xf32>, memref<1x512xi8>) outs(%c : memref<3x16xf32>)
    attributes {num_batch = 0 : i64, num_rows = 1 : i64, extents = array<i64: 3, 16, 64>,
      a_map = affine_map<(i, j, k) -> (i, k)>,
      b_map = affine_map<(i, j, k) -> (j floordiv 16, (k floordiv 2) * 16 + j mod 16)>,
      c_map = affine_map<(i, j, k) -> (i, j)>, extra_maps = [], accumulator = f32, b_bits = 4 : i64} {
  ^bb0(%acc: f32):
    kernel.yield %acc : f32
  }
  return
}

// Many rows: a panel of 64 steps of 16 columns is unpacked once, which takes two
// steps out of a byte, and then multiplied as floats are.
// CHECK-LABEL: @many_rows
// CHECK: %[[FLOATS:.*]] = memref.alloca() {alignment = 64 : i64} : memref<1024xf32>
// CHECK-NOT: memref.alloca
// CHECK: scf.for
// CHECK-NOT: math.fma
// CHECK-COUNT-4: vector.store {{.*}}, %[[FLOATS]]
// CHECK: scf.for
// CHECK-NOT: {{arith.xori|vector.load %arg1}}
// CHECK: vector.load %[[FLOATS]]
// CHECK: math.fma
// CHECK: return
func.func @many_rows(%a: memref<48x64xf32>, %b: memref<1x512xi8>, %c: memref<48x16xf32>) {
  kernel.contract ins(%a, %b : memref<48x64xf32>, memref<1x512xi8>) outs(%c : memref<48x16xf32>)
    attributes {num_batch = 0 : i64, num_rows = 1 : i64, extents = array<i64: 48, 16, 64>,
      a_map = affine_map<(i, j, k) -> (i, k)>,
      b_map = affine_map<(i, j, k) -> (j floordiv 16, (k floordiv 2) * 16 + j mod 16)>,
      c_map = affine_map<(i, j, k) -> (i, j)>, extra_maps = [], accumulator = f32, b_bits = 4 : i64} {
  ^bb0(%acc: f32):
    kernel.yield %acc : f32
  }
  return
}

// 1024 steps are too many: two blocks, between which the sums of eight tiles of
// six rows wait.
// CHECK-LABEL: @deep_panel
// CHECK: %[[SUMS:.*]] = memref.alloca() {alignment = 64 : i64} : memref<768xf32>
// CHECK: %[[FLOATS:.*]] = memref.alloca() {alignment = 64 : i64} : memref<8192xf32>
// CHECK: scf.for
// CHECK: vector.store %{{.*}}, %[[SUMS]]
// CHECK: scf.for
// CHECK: scf.for
// CHECK-COUNT-4: vector.store {{.*}}, %[[FLOATS]]
// CHECK: scf.for
// CHECK-COUNT-12: vector.load %[[SUMS]]
// CHECK: scf.for
// CHECK: math.fma
// CHECK-COUNT-12: vector.store {{.*}}, %[[SUMS]]
// CHECK: scf.for
// CHECK-COUNT-12: vector.load %[[SUMS]]
// CHECK: vector.store %{{.*}}
// CHECK: return
func.func @deep_panel(%a: memref<48x1024xf32>, %b: memref<1x8192xi8>, %c: memref<48x16xf32>) {
  kernel.contract ins(%a, %b : memref<48x1024xf32>, memref<1x8192xi8>) outs(%c : memref<48x16xf32>)
    attributes {num_batch = 0 : i64, num_rows = 1 : i64, extents = array<i64: 48, 16, 1024>,
      a_map = affine_map<(i, j, k) -> (i, k)>,
      b_map = affine_map<(i, j, k) -> (j floordiv 16, (k floordiv 2) * 16 + j mod 16)>,
      c_map = affine_map<(i, j, k) -> (i, j)>, extra_maps = [], accumulator = f32, b_bits = 4 : i64} {
  ^bb0(%acc: f32):
    kernel.yield %acc : f32
  }
  return
}

// A group is unpacked as a whole, with its scales; one that is too long is not.
// CHECK-LABEL: @groups
// CHECK: %[[FLOATS:.*]] = memref.alloca() {alignment = 64 : i64} : memref<1024xf32>
// CHECK: scf.for
// CHECK: vector.bitcast {{.*}} : vector<32xi8> to vector<8xf32>
// CHECK: scf.for
// CHECK: arith.mulf
// CHECK: vector.store {{.*}}, %[[FLOATS]]
// CHECK: math.fma
// CHECK: return
func.func @groups(%a: memref<48x64xf32>, %b: memref<1x640xi8>, %c: memref<48x16xf32>) {
  kernel.contract ins(%a, %b : memref<48x64xf32>, memref<1x640xi8>) outs(%c : memref<48x16xf32>)
    attributes {num_batch = 0 : i64, num_rows = 1 : i64, extents = array<i64: 48, 16, 64>,
      a_map = affine_map<(i, j, k) -> (i, k)>,
      b_map = affine_map<(i, j, k) -> (j floordiv 16, (k floordiv 2) * 16 + j mod 16 + (k floordiv 32 + 1) * 64)>,
      c_map = affine_map<(i, j, k) -> (i, j)>, extra_maps = [], accumulator = f32, b_bits = 4 : i64, b_group = 32 : i64} {
  ^bb0(%acc: f32):
    kernel.yield %acc : f32
  }
  return
}

// CHECK-LABEL: @long_group
// CHECK-NOT: memref.alloca
// CHECK: math.fma
// CHECK: return
func.func @long_group(%a: memref<48x1024xf32>, %b: memref<1x8256xi8>, %c: memref<48x16xf32>) {
  kernel.contract ins(%a, %b : memref<48x1024xf32>, memref<1x8256xi8>) outs(%c : memref<48x16xf32>)
    attributes {num_batch = 0 : i64, num_rows = 1 : i64, extents = array<i64: 48, 16, 1024>,
      a_map = affine_map<(i, j, k) -> (i, k)>,
      b_map = affine_map<(i, j, k) -> (j floordiv 16, (k floordiv 2) * 16 + j mod 16 + (k floordiv 1024 + 1) * 64)>,
      c_map = affine_map<(i, j, k) -> (i, j)>, extra_maps = [], accumulator = f32, b_bits = 4 : i64, b_group = 1024 : i64} {
  ^bb0(%acc: f32):
    kernel.yield %acc : f32
  }
  return
}
