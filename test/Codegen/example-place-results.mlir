// RUN: edgec-opt %s --edgec-place-results | FileCheck %s

// The new buffer is the caller's; the input must be copied.
// CHECK: func.func @run(%[[X:.*]]: memref<4xf32>, %[[A:.*]]: memref<4xf32>, %[[B:.*]]: memref<4xf32>) {
// CHECK: linalg.exp ins(%[[X]] : memref<4xf32>) outs(%[[A]] : memref<4xf32>)
// CHECK: memref.copy %[[X]], %[[B]]
// CHECK: return{{$}}
func.func @run(%x: memref<4xf32>) -> (memref<4xf32>, memref<4xf32>) {
  %y = memref.alloc() : memref<4xf32>
  linalg.exp ins(%x : memref<4xf32>) outs(%y : memref<4xf32>)
  return %y, %x : memref<4xf32>, memref<4xf32>
}
