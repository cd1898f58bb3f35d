// RUN: edgec-opt %s -edgec-outline-layers | FileCheck %s
// RUN: edgec-opt %s -edgec-outline-layers=grain=0 | FileCheck %s --check-prefix=EVERY
// RUN: edgec-opt %s -edgec-outline-layers=grain=1000000000 | FileCheck %s --check-prefix=NONE

// A layer that takes long enough is called with the context and does a part of
// the work; a small one is called as it is.
// CHECK: func.func @edgec_entry_run(%[[X:.*]]: memref<1000000xf32>, %[[Y:.*]]: memref<1000000xf32>, %{{.*}}: memref<0xi8>, %[[CONTEXT:.*]]: !llvm.ptr)
// CHECK: call @layer_elementwise_0_parallel(%[[CONTEXT]], %[[X]], %[[Y]]) : (!llvm.ptr, memref<1000000xf32>, memref<1000000xf32>) -> ()
// CHECK: call @layer_elementwise_1(%{{.*}}, %{{.*}}) : (memref<4xf32>, memref<4xf32>) -> ()
// The same layer again needs no other function.
// CHECK: call @layer_elementwise_0_parallel(%[[CONTEXT]], %[[Y]], %[[X]])
// CHECK: func.func private @layer_elementwise_0_parallel(!llvm.ptr, memref<1000000xf32>, memref<1000000xf32>)
// CHECK-SAME: passthrough = {{\[}}["edgec-parallel", "layer_elementwise_0"], ["edgec-max-parts", "[[PARTS:[0-9]+]]"]]
// CHECK: func.func private @layer_elementwise_0(%{{.*}}: memref<1000000xf32>, %{{.*}}: memref<1000000xf32>, %{{.*}}: index, %{{.*}}: index)
// CHECK-SAME: edgec.max_parts = [[PARTS]] : i64
// CHECK-NOT: @layer_elementwise_1_parallel

// EVERY: call @layer_elementwise_0_parallel
// EVERY: call @layer_elementwise_1_parallel
// NONE-NOT: _parallel
func.func @edgec_entry_run(%x: memref<1000000xf32>, %y: memref<1000000xf32>, %arena: memref<0xi8>, %context: !llvm.ptr)
    attributes {edgec.arena_size = 0 : i64} {
  linalg.exp ins(%x : memref<1000000xf32>) outs(%y : memref<1000000xf32>)
  %a = memref.alloca() : memref<4xf32>
  %b = memref.alloca() : memref<4xf32>
  linalg.exp ins(%a : memref<4xf32>) outs(%b : memref<4xf32>)
  linalg.exp ins(%y : memref<1000000xf32>) outs(%x : memref<1000000xf32>)
  return
}
