// RUN: edgec-opt %s --edgec-call-observers | FileCheck %s

// CHECK: call @edgec_observe
func.func @run(%x: memref<3x4xf32>, %context: !llvm.ptr) {
  kernel.observe %x {point = 7 : i64} : memref<3x4xf32>
  return
}
