// RUN: edgec-opt %s -edgec-outline-layers | FileCheck %s

// Contractions tell what their products are of; one of a single row is a gemv.
// Others have no arithmetic that a machine's peak is known for.
// CHECK: func.func @edgec_entry_run(
// CHECK-SAME: {arithmetic = "f32", bytes = 224 : i64, kernel = 0 : i32, kind = "contract", macs = 80 : i64, name = "product"}
// CHECK-SAME: {arithmetic = "int8", bytes = 41 : i64, kernel = 1 : i32, kind = "gemv", macs = 20 : i64, name = "row"}
// CHECK-SAME: {arithmetic = "", bytes = 77 : i64, kernel = 2 : i32, kind = "gemv", macs = 20 : i64, name = "wide"}
// CHECK-SAME: {arithmetic = "f32", bytes = 104 : i64, kernel = 3 : i32, kind = "depthwise", macs = 24 : i64, name = "filter"}
// CHECK: call @layer_contract_0
// CHECK: call @layer_gemv_1
// CHECK: call @layer_gemv_2
// CHECK: call @layer_depthwise_3
#a = affine_map<(i, j, k) -> (i, k)>
#b = affine_map<(i, j, k) -> (k, j)>
#c = affine_map<(i, j, k) -> (i, j)>
func.func @edgec_entry_run(%a: memref<4x5xf32>, %b: memref<5x4xf32>, %c: memref<4x4xf32>,
    %ab: memref<1x5xi8>, %bb: memref<5x4xi8>, %ci: memref<1x4xi32>, %bw: memref<5x4xi16>, %cw: memref<1x4xi64>,
    %x: memref<1x6x2xf32>, %w: memref<3x2xf32>, %y: memref<1x4x2xf32>,
    %arena: memref<0xi8>, %context: !llvm.ptr) attributes {edgec.arena_size = 0 : i64} {
  kernel.contract ins(%a, %b : memref<4x5xf32>, memref<5x4xf32>) outs(%c : memref<4x4xf32>)
    attributes {num_batch = 0 : i64, num_rows = 1 : i64, extents = array<i64: 4, 4, 5>,
      a_map = #a, b_map = #b, c_map = #c, extra_maps = [], accumulator = f32} {
  ^bb0(%acc: f32):
    kernel.yield %acc : f32
  } loc("product")
  kernel.contract ins(%ab, %bb : memref<1x5xi8>, memref<5x4xi8>) outs(%ci : memref<1x4xi32>)
    attributes {num_batch = 0 : i64, num_rows = 1 : i64, extents = array<i64: 1, 4, 5>,
      a_map = #a, b_map = #b, c_map = #c, extra_maps = [], accumulator = i32} {
  ^bb0(%acc: i32):
    kernel.yield %acc : i32
  } loc("row")
  kernel.contract ins(%ab, %bw : memref<1x5xi8>, memref<5x4xi16>) outs(%cw : memref<1x4xi64>)
    attributes {num_batch = 0 : i64, num_rows = 1 : i64, extents = array<i64: 1, 4, 5>,
      a_map = #a, b_map = #b, c_map = #c, extra_maps = [], accumulator = i64} {
  ^bb0(%acc: i64):
    kernel.yield %acc : i64
  } loc("wide")
  kernel.depthwise ins(%x, %w : memref<1x6x2xf32>, memref<3x2xf32>) outs(%y : memref<1x4x2xf32>)
    attributes {strides = array<i64: 1>, dilations = array<i64: 1>, extra_maps = [], accumulator = f32} {
  ^bb0(%acc: f32):
    kernel.yield %acc : f32
  } loc("filter")
  return
}
