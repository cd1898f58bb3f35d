// RUN: edgec-opt %s -edgec-vectorize=target=x86-64-v4-vnni -canonicalize -edgec-llvm-pipeline | mlir-translate --mlir-to-llvmir \
// RUN:   | llc -O3 -mtriple=x86_64-unknown-linux-gnu -mcpu=x86-64-v4 -mattr=+avx512vnni | FileCheck %s

// Two groups in a byte: for each vector of columns a shift and two masks, and
// nothing that spills.
// CHECK-LABEL: bytes:
// CHECK: [[LOOP:.LBB[0-9_]+]]:
// CHECK-NOT: (%rsp)
// CHECK-COUNT-48: vpdpbusd %zmm
// CHECK-NOT: {{vpdpbusd|\(%rsp\)}}
// CHECK: j{{.*}} [[LOOP]]
// CHECK: vpsrad $4
// CHECK: retq
func.func @bytes(%a: memref<12x64xi8>, %b: memref<1x1024xi8>, %c: memref<12x32xi32>) {
  kernel.contract ins(%a, %b : memref<12x64xi8>, memref<1x1024xi8>) outs(%c : memref<12x32xi32>)
    attributes {num_batch = 0 : i64, num_rows = 1 : i64, extents = array<i64: 12, 32, 64>,
      a_map = affine_map<(i, j, k) -> (i, k)>,
      b_map = affine_map<(i, j, k) -> (j floordiv 32, (k floordiv 8) * 128 + (j mod 32) * 4 + k mod 4)>,
      c_map = affine_map<(i, j, k) -> (i, j)>, extra_maps = [], accumulator = i32, a_unsigned, b_bits = 4 : i64} {
  ^bb0(%acc: i32):
    kernel.yield %acc : i32
  }
  return
}

// The same in windows of channels, as behind a channel shuffle: a loop over
// them around that of the blocks, which holds as much as before.
// CHECK-LABEL: windows:
// CHECK: [[LOOP:.LBB[0-9_]+]]:
// CHECK-NOT: (%rsp)
// CHECK-COUNT-48: vpdpbusd %zmm
// CHECK-NOT: {{vpdpbusd|\(%rsp\)}}
// CHECK: j{{.*}} [[LOOP]]
// CHECK: vpsrad $4
// CHECK: retq
func.func @windows(%a: memref<12x192xi8>, %b: memref<1x3x512xi8>, %c: memref<12x32xi32>) {
  kernel.contract ins(%a, %b : memref<12x192xi8>, memref<1x3x512xi8>) outs(%c : memref<12x32xi32>)
    attributes {num_batch = 0 : i64, num_rows = 1 : i64, extents = array<i64: 12, 32, 3, 32>,
      a_map = affine_map<(i, j, t, k) -> (i, t * 64 + k)>,
      b_map = affine_map<(i, j, t, k) -> (j floordiv 32, t, (k floordiv 8) * 128 + (j mod 32) * 4 + k mod 4)>,
      c_map = affine_map<(i, j, t, k) -> (i, j)>, extra_maps = [], accumulator = i32, a_unsigned, b_bits = 4 : i64} {
  ^bb0(%acc: i32):
    kernel.yield %acc : i32
  }
  return
}

// Rows of 20 columns, and two runs of five groups in the bytes of one line: all
// ten steps of six rows by two vectors are written out, and nothing spills.
// CHECK-LABEL: runs:
// CHECK: [[LOOP:.LBB[0-9_]+]]:
// CHECK-NOT: (%rsp)
// CHECK-COUNT-120: vpdpbusd %zmm
// CHECK-NOT: {{vpdpbusd|\(%rsp\)}}
// CHECK: j{{.*}} [[LOOP]]
// CHECK: vpsrad $4
// CHECK: retq
func.func @runs(%a: memref<6x96xi8>, %b: memref<1x2x400xi8>, %c: memref<6x20xi32>) {
  kernel.contract ins(%a, %b : memref<6x96xi8>, memref<1x2x400xi8>) outs(%c : memref<6x20xi32>)
    attributes {num_batch = 0 : i64, num_rows = 1 : i64, extents = array<i64: 6, 20, 4, 17>,
      a_map = affine_map<(i, j, t, k) -> (i, t * 24 + k)>,
      b_map = affine_map<(i, j, t, k) -> (j floordiv 20, t floordiv 2, (((t mod 2) * 5 + k floordiv 4) floordiv 2) * 80 + (j mod 20) * 4 + k mod 4)>,
      c_map = affine_map<(i, j, t, k) -> (i, j)>, extra_maps = [], accumulator = i32, a_unsigned, b_bits = 4 : i64} {
  ^bb0(%acc: i32):
    kernel.yield %acc : i32
  }
  return
}

// Few rows: a permutation is a table of the 16 values, two for each vector of
// columns.
// CHECK-LABEL: few_rows:
// CHECK: [[LOOP:.LBB[0-9_]+]]:
// CHECK-NOT: {{vcvt|\(%rsp\)}}
// CHECK-COUNT-48: vfmadd231ps
// CHECK-NOT: {{vfmadd|vcvt|\(%rsp\)}}
// CHECK: j{{.*}} [[LOOP]]
// CHECK: retq
func.func @few_rows(%a: memref<12x64xf32>, %b: memref<1x1024xi8>, %c: memref<12x32xf32>) {
  kernel.contract ins(%a, %b : memref<12x64xf32>, memref<1x1024xi8>) outs(%c : memref<12x32xf32>)
    attributes {num_batch = 0 : i64, num_rows = 1 : i64, extents = array<i64: 12, 32, 64>,
      a_map = affine_map<(i, j, k) -> (i, k)>,
      b_map = affine_map<(i, j, k) -> (j floordiv 32, (k floordiv 2) * 32 + j mod 32)>,
      c_map = affine_map<(i, j, k) -> (i, j)>, extra_maps = [], accumulator = f32, b_bits = 4 : i64} {
  ^bb0(%acc: f32):
    kernel.yield %acc : f32
  }
  return
}

// Bytes are widened as they are loaded, and converted: once for each vector of
// columns.
// CHECK-LABEL: whole_bytes:
// CHECK: [[LOOP:.LBB[0-9_]+]]:
// CHECK-NOT: {{vfmadd|\(%rsp\)}}
// CHECK-COUNT-2: vpmovsxbd
// CHECK-NOT: {{vpmovsxbd|\(%rsp\)}}
// CHECK-COUNT-28: vfmadd231ps
// CHECK-NOT: {{vfmadd|vpmovsxbd|\(%rsp\)}}
// CHECK: j{{.*}} [[LOOP]]
// CHECK: retq
func.func @whole_bytes(%a: memref<14x64xf32>, %b: memref<1x2048xi8>, %c: memref<14x32xf32>) {
  kernel.contract ins(%a, %b : memref<14x64xf32>, memref<1x2048xi8>) outs(%c : memref<14x32xf32>)
    attributes {num_batch = 0 : i64, num_rows = 1 : i64, extents = array<i64: 14, 32, 64>,
      a_map = affine_map<(i, j, k) -> (i, k)>,
      b_map = affine_map<(i, j, k) -> (j floordiv 32, k * 32 + j mod 32)>,
      c_map = affine_map<(i, j, k) -> (i, j)>, extra_maps = [], accumulator = f32, b_bits = 8 : i64} {
  ^bb0(%acc: f32):
    kernel.yield %acc : f32
  }
  return
}

// Many rows: a loop that unpacks, and the one of floats.
// CHECK-LABEL: many_rows:
// CHECK-NOT: {{vfmadd|vcvt}}
// CHECK: vpermd
// CHECK-NOT: {{vfmadd|vcvt|\(%rsp\)}}
// CHECK: jle
// CHECK: Inner Loop Header
// CHECK-NOT: {{vperm|vpmov|\(%rsp\)}}
// CHECK-COUNT-28: vfmadd231ps
// CHECK-NOT: {{vfmadd|vperm|vpmov|\(%rsp\)}}
// CHECK: jle
// CHECK: retq
func.func @many_rows(%a: memref<196x64xf32>, %b: memref<1x1024xi8>, %c: memref<196x32xf32>) {
  kernel.contract ins(%a, %b : memref<196x64xf32>, memref<1x1024xi8>) outs(%c : memref<196x32xf32>)
    attributes {num_batch = 0 : i64, num_rows = 1 : i64, extents = array<i64: 196, 32, 64>,
      a_map = affine_map<(i, j, k) -> (i, k)>,
      b_map = affine_map<(i, j, k) -> (j floordiv 32, (k floordiv 2) * 32 + j mod 32)>,
      c_map = affine_map<(i, j, k) -> (i, j)>, extra_maps = [], accumulator = f32, b_bits = 4 : i64} {
  ^bb0(%acc: f32):
    kernel.yield %acc : f32
  }
  return
}

// A panel that is too deep is unpacked in blocks along k; the loop is the same.
// CHECK-LABEL: blocks:
// CHECK-NOT: {{vfmadd|vcvt}}
// CHECK: vpermd
// CHECK-NOT: {{vfmadd|vcvt|\(%rsp\)}}
// CHECK: jle
// CHECK: Inner Loop Header
// CHECK-NOT: {{vperm|vpmov|\(%rsp\)}}
// CHECK-COUNT-28: vfmadd231ps
// CHECK-NOT: {{vfmadd|vperm|vpmov|\(%rsp\)}}
// CHECK: jle
// CHECK: retq
func.func @blocks(%a: memref<196x1024xf32>, %b: memref<1x16384xi8>, %c: memref<196x32xf32>) {
  kernel.contract ins(%a, %b : memref<196x1024xf32>, memref<1x16384xi8>) outs(%c : memref<196x32xf32>)
    attributes {num_batch = 0 : i64, num_rows = 1 : i64, extents = array<i64: 196, 32, 1024>,
      a_map = affine_map<(i, j, k) -> (i, k)>,
      b_map = affine_map<(i, j, k) -> (j floordiv 32, (k floordiv 2) * 32 + j mod 32)>,
      c_map = affine_map<(i, j, k) -> (i, j)>, extra_maps = [], accumulator = f32, b_bits = 4 : i64} {
  ^bb0(%acc: f32):
    kernel.yield %acc : f32
  }
  return
}
