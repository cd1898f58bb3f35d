// RUN: edgec-opt %s --edgec-vectorize=target=x86-64-v3 | FileCheck %s

// CHECK-LABEL: func.func @absolute
// CHECK: scf.for
// CHECK: %[[V:.*]] = vector.load {{.*}} vector<16xf32>
// CHECK: %[[A:.*]] = math.absf %[[V]] : vector<16xf32>
// CHECK: vector.store %[[A]]
// CHECK-NOT: linalg.abs
func.func @absolute(%x: memref<64xf32>, %y: memref<64xf32>) {
  linalg.abs ins(%x : memref<64xf32>) outs(%y : memref<64xf32>)
  return
}
