// RUN: edgec-opt %s -edgec-place-results -split-input-file | FileCheck %s

// The same buffer returned twice can be in one place only.
// CHECK: func.func @twice(%{{.*}}: memref<4xf32>, %[[A:.*]]: memref<4xf32>, %[[B:.*]]: memref<4xf32>)
// CHECK: linalg.exp {{.*}} outs(%[[A]]
// CHECK: memref.copy %[[A]], %[[B]]
func.func @twice(%x: memref<4xf32>) -> (memref<4xf32>, memref<4xf32>) {
  %y = memref.alloc() : memref<4xf32>
  linalg.exp ins(%x : memref<4xf32>) outs(%y : memref<4xf32>)
  return %y, %y : memref<4xf32>, memref<4xf32>
}

// -----

// A reshape of the buffer is written in place, a part of it is copied.
// CHECK: func.func @views(%{{.*}}: memref<4xf32>, %[[A:.*]]: memref<2x2xf32>, %[[B:.*]]: memref<2xf32>)
// CHECK: %[[FLAT:.*]] = memref.reinterpret_cast %[[A]] to {{.*}} memref<4xf32>
// CHECK: linalg.exp {{.*}} outs(%[[FLAT]]
// CHECK: %[[PART:.*]] = memref.subview
// CHECK: memref.copy %[[PART]], %[[B]]
func.func @views(%x: memref<4xf32>) -> (memref<2x2xf32>, memref<2xf32, strided<[1], offset: 1>>) {
  %y = memref.alloc() : memref<4xf32>
  %z = memref.alloc() : memref<4xf32>
  linalg.exp ins(%x : memref<4xf32>) outs(%y : memref<4xf32>)
  linalg.log ins(%x : memref<4xf32>) outs(%z : memref<4xf32>)
  %r = memref.expand_shape %y [[0, 1]] output_shape [2, 2] : memref<4xf32> into memref<2x2xf32>
  %s = memref.subview %z[1] [2] [1] : memref<4xf32> to memref<2xf32, strided<[1], offset: 1>>
  return %r, %s : memref<2x2xf32>, memref<2xf32, strided<[1], offset: 1>>
}

// -----

// A constant, or a buffer of a branch, is copied.
// CHECK: func.func @branch(%{{.*}}: i1, %{{.*}}: memref<4xf32>, %[[R:.*]]: memref<4xf32>)
// CHECK: %[[IF:.*]] = scf.if
// CHECK: memref.copy %[[IF]], %[[R]]
func.func @branch(%c: i1, %x: memref<4xf32>) -> memref<4xf32> {
  %r = scf.if %c -> memref<4xf32> {
    %y = memref.alloc() : memref<4xf32>
    linalg.exp ins(%x : memref<4xf32>) outs(%y : memref<4xf32>)
    scf.yield %y : memref<4xf32>
  } else {
    scf.yield %x : memref<4xf32>
  }
  return %r : memref<4xf32>
}
