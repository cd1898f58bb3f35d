// RUN: edgec-opt %s -edgec-outline-layers -split-input-file | FileCheck %s

// Layers that differ in the place of their operands only share a function; each
// call is traced.
// CHECK: func.func @edgec_entry_run(
// CHECK-SAME: edgec.layers = [{arithmetic = "", bytes = 24 : i64, kernel = 0 : i32, kind = "elementwise", macs = 0 : i64, name = "first"}, {arithmetic = "", bytes = 24 : i64, kernel = 0 : i32, kind = "elementwise", macs = 0 : i64, name = "second"}, {arithmetic = "", bytes = 24 : i64, kernel = 1 : i32, kind = "copy", macs = 0 : i64, name = ""}]
// CHECK: call @edgec_trace(%[[CONTEXT:.*]], %{{.*}}, %{{.*}}) : (!llvm.ptr, i64, i32) -> ()
// CHECK-NEXT: call @layer_elementwise_0
// CHECK: call @edgec_trace(%[[CONTEXT]]
// CHECK: %[[SHIFT:.*]] = arith.constant 72 : index
// CHECK: %[[PLACE:.*]] = memref.view %{{.*}}[%[[SHIFT]]][] : memref<128xi8> to memref<3xf32>
// CHECK: call @layer_elementwise_0
// CHECK: call @layer_copy_1
// CHECK-NOT: func.func private @layer_elementwise_1
// CHECK: func.func private @edgec_trace(!llvm.ptr, i64, i32)
// CHECK: func.func private @layer_elementwise_0(%{{.*}}: memref<3xf32>, %{{.*}}: memref<3xf32, strided<[1]>>)
// CHECK: func.func private @layer_copy_1
func.func @edgec_entry_run(%x: memref<3xf32>, %y: memref<3xf32, strided<[1]>>, %arena: memref<128xi8>, %context: !llvm.ptr)
    attributes {edgec.arena_size = 128 : i64} {
  %c0 = arith.constant 64 : index
  %v = memref.view %arena[%c0][] : memref<128xi8> to memref<8xf32>
  %s = memref.subview %v[2] [3] [1] : memref<8xf32> to memref<3xf32, strided<[1], offset: 2>>
  linalg.exp ins(%x : memref<3xf32>) outs(%y : memref<3xf32, strided<[1]>>) loc("first")
  linalg.exp ins(%x : memref<3xf32>) outs(%s : memref<3xf32, strided<[1], offset: 2>>) loc("second")
  memref.copy %s, %y : memref<3xf32, strided<[1], offset: 2>> to memref<3xf32, strided<[1]>>
  return
}

// -----

// A slice whose place is known at run time is passed as a pointer to it.
// CHECK-LABEL: func.func @edgec_entry_step(
// CHECK: %{{.*}}, %[[OFFSET:.*]], %{{.*}}, %{{.*}} = memref.extract_strided_metadata %[[SLICE:.*]] :
// CHECK: %[[DISTANCE:.*]] = arith.muli %[[OFFSET]], %{{.*}} : index
// CHECK: %[[SHIFT:.*]] = arith.addi %[[DISTANCE]], %{{.*}} : index
// CHECK: memref.view %{{.*}}[%[[SHIFT]]][] : memref<128xi8> to memref<4xf32>
// CHECK: call @layer_elementwise_0
func.func @edgec_entry_step(%x: memref<4xf32>, %at: index, %arena: memref<128xi8>, %context: !llvm.ptr)
    attributes {edgec.arena_size = 128 : i64} {
  %c0 = arith.constant 64 : index
  %v = memref.view %arena[%c0][] : memref<128xi8> to memref<2x4xf32>
  %s = memref.subview %v[%at, 0] [1, 4] [1, 1] : memref<2x4xf32> to memref<4xf32, strided<[1], offset: ?>>
  linalg.exp ins(%x : memref<4xf32>) outs(%s : memref<4xf32, strided<[1], offset: ?>>)
  return
}
