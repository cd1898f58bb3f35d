// RUN: edgec-opt %s -edgec-vectorize=target=aarch64-dotprod -canonicalize -edgec-llvm-pipeline | mlir-translate --mlir-to-llvmir \
// RUN:   | llc -O3 -mtriple=aarch64-unknown-linux-gnu -mattr=+dotprod > %t.s
// RUN: FileCheck %s < %t.s

// One instruction for each register of elements, a shift or a mask.
// CHECK-LABEL: bytes:
// CHECK: [[LOOP:.LBB[0-9_]+]]:
// CHECK-NOT: {{dup|ld1r|eor|\[sp}}
// CHECK-COUNT-48: sdot v{{[0-9]+}}.4s, v{{[0-9]+}}.16b, v{{[0-9]+}}.4b[
// CHECK-NOT: {{sdot|dup|ld1r|eor|\[sp}}
// CHECK: b.{{.*}} [[LOOP]]
// CHECK: ret
func.func @bytes(%a: memref<6x128xi8>, %b: memref<1x512xi8>, %c: memref<6x8xi32>) {
  kernel.contract ins(%a, %b : memref<6x128xi8>, memref<1x512xi8>) outs(%c : memref<6x8xi32>)
    attributes {num_batch = 0 : i64, num_rows = 1 : i64, extents = array<i64: 6, 8, 128>,
      a_map = affine_map<(i, j, k) -> (i, k)>,
      b_map = affine_map<(i, j, k) -> (j floordiv 8, (k floordiv 8) * 32 + (j mod 8) * 4 + k mod 4)>,
      c_map = affine_map<(i, j, k) -> (i, j)>, extra_maps = [], accumulator = i32, b_bits = 4 : i64} {
  ^bb0(%acc: i32):
    kernel.yield %acc : i32
  }
  return
}

// One row: sixteen elements take a mask or a shift, the flip of their sign, two
// widenings, an exponent and a difference.
// CHECK-LABEL: one_row:
// CHECK: [[LOOP:.LBB[0-9_]+]]:
// CHECK-NOT: {{zip|tbl|scvtf|ld1r|\[sp}}
// CHECK-COUNT-16: fmla v{{[0-9]+}}.4s, v{{[0-9]+}}.4s, v{{[0-9]+}}.s[
// CHECK-NOT: {{fmla|zip|tbl|scvtf|ld1r|\[sp}}
// CHECK: b.{{.*}} [[LOOP]]
// CHECK: ret
func.func @one_row(%a: memref<1x64xf32>, %b: memref<1x512xi8>, %c: memref<1x16xf32>) {
  kernel.contract ins(%a, %b : memref<1x64xf32>, memref<1x512xi8>) outs(%c : memref<1x16xf32>)
    attributes {num_batch = 0 : i64, num_rows = 1 : i64, extents = array<i64: 1, 16, 64>,
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
// CHECK: Inner Loop Header
// CHECK-NOT: {{fmla|zip|tbl|scvtf}}
// CHECK-COUNT-8: fsub
// CHECK-NOT: {{fmla|fsub|zip|tbl|scvtf}}
// CHECK: Inner Loop Header
// CHECK-NOT: {{ushll|fsub|\[sp}}
// CHECK-COUNT-64: fmla v{{[0-9]+}}.4s, v{{[0-9]+}}.4s, v{{[0-9]+}}.s[
// CHECK-NOT: {{fmla|ushll|fsub|\[sp}}
// CHECK: b.
// CHECK: ret
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
