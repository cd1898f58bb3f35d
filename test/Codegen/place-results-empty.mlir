// RUN: edgec-opt %s --pass-pipeline='builtin.module(func.func(edgec-place-results))' | FileCheck %s

// Arguments without elements get a shape whose strides LLVM's types express.
// CHECK-LABEL: func.func @empty
// CHECK-SAME: %{{.*}}: memref<0xf32>, %[[Y:.*]]: memref<2xf32>, %[[R0:.*]]: memref<0xf32>, %[[R1:.*]]: memref<2xf32>)
// CHECK: memref.reinterpret_cast %{{.*}} : memref<0xf32> to memref<3x0xf32>
// CHECK: memref.copy %[[Y]], %[[R1]]
// CHECK: return
func.func @empty(%x: memref<3x0xf32>, %y: memref<2xf32>) -> (memref<3x0xf32>, memref<2xf32>) {
  return %x, %y : memref<3x0xf32>, memref<2xf32>
}
