// RUN: edgec-opt %s --edgec-coalesce-buffers --canonicalize --cse | FileCheck %s

// The logarithm is computed inside the padded buffer, and the sum over it.
// CHECK: func.func @run(%[[X:.*]]: memref<4xf32>, %[[Y:.*]]: memref<6xf32>)
// CHECK: %[[INSIDE:.*]] = memref.subview %[[Y]][1] [4] [1]
// CHECK: linalg.log ins(%[[X]] : memref<4xf32>) outs(%[[INSIDE]] :
// CHECK-NEXT: linalg.exp ins(%[[INSIDE]] : {{.*}}) outs(%[[INSIDE]] :
// CHECK-NEXT: return
func.func @run(%x: memref<4xf32>, %y: memref<6xf32>) {
  %a = memref.alloc() : memref<4xf32>
  %b = memref.alloc() : memref<4xf32>
  linalg.log ins(%x : memref<4xf32>) outs(%a : memref<4xf32>)
  linalg.exp ins(%a : memref<4xf32>) outs(%b : memref<4xf32>)
  %inside = memref.subview %y[1] [4] [1] : memref<6xf32> to memref<4xf32, strided<[1], offset: 1>>
  memref.copy %b, %inside : memref<4xf32> to memref<4xf32, strided<[1], offset: 1>>
  return
}
