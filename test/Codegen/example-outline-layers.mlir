// RUN: edgec-opt %s --edgec-outline-layers | FileCheck %s

// Two layers, one function.
// CHECK: edgec.layers = [{arithmetic = "", bytes = 32 : i64, kernel = 0 : i32, kind = "elementwise", macs = 0 : i64, name = "first"}, {arithmetic = "", bytes = 32 : i64, kernel = 0 : i32, kind = "elementwise", macs = 0 : i64, name = "second"}]
// CHECK-COUNT-2: call @layer_elementwise_0
// CHECK: func.func private @layer_elementwise_0
// CHECK-NOT: func.func private @layer_
func.func @edgec_entry_run(%x: memref<4xf32>, %y: memref<4xf32>, %arena: memref<0xi8>, %context: !llvm.ptr)
    attributes {edgec.arena_size = 0 : i64} {
  linalg.exp ins(%x : memref<4xf32>) outs(%y : memref<4xf32>) loc("first")
  linalg.exp ins(%y : memref<4xf32>) outs(%x : memref<4xf32>) loc("second")
  return
}
