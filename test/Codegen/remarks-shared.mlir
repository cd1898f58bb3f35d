// RUN: edgec-opt %s -edgec-outline-layers -edgec-vectorize=target=x86-64-v3 -o /dev/null 2>&1 | FileCheck %s

// Layers that share their code are all named.
// CHECK-DAG: first{{.*}}missed the fast path: b's columns are 8 elements apart
// CHECK-DAG: second{{.*}}missed the fast path: b's columns are 8 elements apart
#a = affine_map<(i, j, k) -> (i, k)>
#b = affine_map<(i, j, k) -> (j, k)>
#c = affine_map<(i, j, k) -> (i, j)>
func.func @edgec_entry_run(%a: memref<4x8xf32>, %b: memref<16x8xf32>, %c: memref<4x16xf32>, %d: memref<4x16xf32>,
    %arena: memref<0xi8>, %context: !llvm.ptr) attributes {edgec.arena_size = 0 : i64} {
  kernel.contract ins(%a, %b : memref<4x8xf32>, memref<16x8xf32>) outs(%c : memref<4x16xf32>)
    attributes {num_batch = 0 : i64, num_rows = 1 : i64, extents = array<i64: 4, 16, 8>,
      a_map = #a, b_map = #b, c_map = #c, extra_maps = [], accumulator = f32} {
  ^bb0(%acc: f32):
    kernel.yield %acc : f32
  } loc("first")
  kernel.contract ins(%a, %b : memref<4x8xf32>, memref<16x8xf32>) outs(%d : memref<4x16xf32>)
    attributes {num_batch = 0 : i64, num_rows = 1 : i64, extents = array<i64: 4, 16, 8>,
      a_map = #a, b_map = #b, c_map = #c, extra_maps = [], accumulator = f32} {
  ^bb0(%acc: f32):
    kernel.yield %acc : f32
  } loc("second")
  return
}
