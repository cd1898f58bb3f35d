// RUN: edgec-opt %s --edgec-plan-arena | FileCheck %s

// Of three buffers no more than two are in use at a time: the third lies where
// the first was.
// CHECK: func.func @edgec_entry_run(%{{.*}}: memref<4xf32>, %{{.*}}: memref<4xf32>, %[[ARENA:.*]]: memref<128xi8>, %{{.*}}: !llvm.ptr)
// CHECK-SAME: edgec.arena_size = 128 : i64
// CHECK-NOT: memref.alloc
// CHECK-COUNT-3: memref.view %[[ARENA]]
func.func @run(%x: memref<4xf32>, %y: memref<4xf32>) {
  %a = memref.alloc() : memref<4xf32>
  %b = memref.alloc() : memref<4xf32>
  %c = memref.alloc() : memref<4xf32>
  linalg.exp ins(%x : memref<4xf32>) outs(%a : memref<4xf32>)
  linalg.exp ins(%a : memref<4xf32>) outs(%b : memref<4xf32>)
  linalg.exp ins(%b : memref<4xf32>) outs(%c : memref<4xf32>)
  linalg.exp ins(%c : memref<4xf32>) outs(%y : memref<4xf32>)
  return
}
