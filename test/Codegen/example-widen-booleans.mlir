// RUN: edgec-opt %s --edgec-widen-booleans | FileCheck %s

// CHECK: func.func @store(%[[B:.*]]: i1, %[[M:.*]]: memref<4xi8>)
// CHECK: %[[BYTE:.*]] = arith.extui %[[B]] : i1 to i8
// CHECK: memref.store %[[BYTE]], %[[M]]
func.func @store(%b: i1, %m: memref<4xi1>) {
  %c0 = arith.constant 0 : index
  memref.store %b, %m[%c0] : memref<4xi1>
  return
}
