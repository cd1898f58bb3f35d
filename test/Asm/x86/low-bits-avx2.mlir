// RUN: edgec-opt %s -edgec-vectorize=target=x86-64-v3 -canonicalize -edgec-llvm-pipeline | mlir-translate --mlir-to-llvmir \
// RUN:   | llc -O3 -mtriple=x86_64-unknown-linux-gnu -mcpu=x86-64-v3 | FileCheck %s

// Two groups in a byte for one load of it; nothing spills or saturates.
// CHECK-LABEL: bytes:
// CHECK: [[LOOP:.LBB[0-9_]+]]:
// CHECK-NOT: {{\(%rsp\)|vpmaddubsw}}
// CHECK-COUNT-24: vpmaddwd
// CHECK-NOT: {{vpmaddwd|\(%rsp\)}}
// CHECK: j{{.*}} [[LOOP]]
// CHECK: retq
func.func @bytes(%a: memref<12x64xi8>, %b: memref<1x512xi8>, %c: memref<12x16xi32>) {
  kernel.contract ins(%a, %b : memref<12x64xi8>, memref<1x512xi8>) outs(%c : memref<12x16xi32>)
    attributes {num_batch = 0 : i64, num_rows = 1 : i64, extents = array<i64: 12, 16, 64>,
      a_map = affine_map<(i, j, k) -> (i, k)>,
      b_map = affine_map<(i, j, k) -> (j floordiv 16, (k floordiv 8) * 64 + (j mod 16) * 4 + k mod 4)>,
      c_map = affine_map<(i, j, k) -> (i, j)>, extra_maps = [], accumulator = i32, a_unsigned, b_bits = 4 : i64} {
  ^bb0(%acc: i32):
    kernel.yield %acc : i32
  }
  return
}

// Few rows: a mask and a difference, or a shift and a conversion, beside
// the multiplications of each vector of columns and step.
// CHECK-LABEL: few_rows:
// CHECK: [[LOOP:.LBB[0-9_]+]]:
// CHECK-NOT: {{vpslld|\(%rsp\)}}
// CHECK-COUNT-16: vfmadd{{[0-9]+}}ps
// CHECK-NOT: {{vfmadd|vpslld|\(%rsp\)}}
// CHECK: j{{.*}} [[LOOP]]
// CHECK: retq
func.func @few_rows(%a: memref<4x64xf32>, %b: memref<1x512xi8>, %c: memref<4x16xf32>) {
  kernel.contract ins(%a, %b : memref<4x64xf32>, memref<1x512xi8>) outs(%c : memref<4x16xf32>)
    attributes {num_batch = 0 : i64, num_rows = 1 : i64, extents = array<i64: 4, 16, 64>,
      a_map = affine_map<(i, j, k) -> (i, k)>,
      b_map = affine_map<(i, j, k) -> (j floordiv 16, (k floordiv 2) * 16 + j mod 16)>,
      c_map = affine_map<(i, j, k) -> (i, j)>, extra_maps = [], accumulator = f32, b_bits = 4 : i64} {
  ^bb0(%acc: f32):
    kernel.yield %acc : f32
  }
  return
}

// Many rows: a loop that unpacks, and the one of floats.
// CHECK-LABEL: many_rows:
// CHECK-NOT: vfmadd
// CHECK: vcvtdq2ps
// CHECK-NOT: {{vfmadd|\(%rsp\)}}
// CHECK: jle
// CHECK: Inner Loop Header
// CHECK-NOT: {{vpmov|vcvt|vpand|vandps|\(%rsp\)}}
// CHECK-COUNT-12: vfmadd231ps
// CHECK-NOT: {{vfmadd|vcvt|vpmov|vpand|vandps|\(%rsp\)}}
// CHECK: jle
// CHECK: retq
func.func @many_rows(%a: memref<96x64xf32>, %b: memref<1x512xi8>, %c: memref<96x16xf32>) {
  kernel.contract ins(%a, %b : memref<96x64xf32>, memref<1x512xi8>) outs(%c : memref<96x16xf32>)
    attributes {num_batch = 0 : i64, num_rows = 1 : i64, extents = array<i64: 96, 16, 64>,
      a_map = affine_map<(i, j, k) -> (i, k)>,
      b_map = affine_map<(i, j, k) -> (j floordiv 16, (k floordiv 2) * 16 + j mod 16)>,
      c_map = affine_map<(i, j, k) -> (i, j)>, extra_maps = [], accumulator = f32, b_bits = 4 : i64} {
  ^bb0(%acc: f32):
    kernel.yield %acc : f32
  }
  return
}

// Bytes are widened as they are loaded, and converted.
// CHECK-LABEL: whole_bytes:
// CHECK: [[LOOP:.LBB[0-9_]+]]:
// CHECK-NOT: {{vfmadd|\(%rsp\)}}
// CHECK-COUNT-2: vpmovsxbd
// CHECK-NOT: {{vpmovsxbd|\(%rsp\)}}
// CHECK-COUNT-12: vfmadd231ps
// CHECK-NOT: {{vfmadd|vpmovsxbd|\(%rsp\)}}
// CHECK: j{{.*}} [[LOOP]]
// CHECK: retq
func.func @whole_bytes(%a: memref<6x64xf32>, %b: memref<1x1024xi8>, %c: memref<6x16xf32>) {
  kernel.contract ins(%a, %b : memref<6x64xf32>, memref<1x1024xi8>) outs(%c : memref<6x16xf32>)
    attributes {num_batch = 0 : i64, num_rows = 1 : i64, extents = array<i64: 6, 16, 64>,
      a_map = affine_map<(i, j, k) -> (i, k)>,
      b_map = affine_map<(i, j, k) -> (j floordiv 16, k * 16 + j mod 16)>,
      c_map = affine_map<(i, j, k) -> (i, j)>, extra_maps = [], accumulator = f32, b_bits = 8 : i64} {
  ^bb0(%acc: f32):
    kernel.yield %acc : f32
  }
  return
}
