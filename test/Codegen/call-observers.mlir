// RUN: edgec-opt %s --edgec-call-observers --canonicalize | FileCheck %s
// RUN: edgec-opt %s --edgec-call-observers --canonicalize --expand-strided-metadata --canonicalize | FileCheck %s --check-prefix=ADDRESS

// One call where the elements lie together.
// CHECK-LABEL: func.func @whole
// CHECK-NOT: scf.for
// CHECK: call @edgec_observe(%arg1, %c7_i64, %{{.+}}, %c12_i64) : (!llvm.ptr, i64, !llvm.ptr, i64) -> ()
// CHECK-NOT: kernel.observe
// CHECK: return
func.func @whole(%x: memref<3x4xf32>, %context: !llvm.ptr) {
  kernel.observe %x {point = 7 : i64} : memref<3x4xf32>
  return
}

// A part of rows: one call a row.
// CHECK-LABEL: func.func @rows
// CHECK: scf.for %{{.+}} = %c0 to %c3 step %c1
// CHECK: call @edgec_observe(%{{.+}}, %c0_i64, %{{.+}}, %c2_i64)
func.func @rows(%x: memref<3x4xf32>, %context: !llvm.ptr) {
  %part = memref.subview %x[0, 1] [3, 2] [1, 1] : memref<3x4xf32> to memref<3x2xf32, strided<[4, 1], offset: 1>>
  kernel.observe %part {point = 0 : i64} : memref<3x2xf32, strided<[4, 1], offset: 1>>
  return
}

// Elements apart: one call each.
// CHECK-LABEL: func.func @columns
// CHECK: scf.for %{{.+}} = %c0 to %c3 step %c1
// CHECK: call @edgec_observe(%{{.+}}, %c0_i64, %{{.+}}, %c1_i64)
func.func @columns(%x: memref<3x4xf32>, %context: !llvm.ptr) {
  %part = memref.subview %x[0, 0] [3, 1] [1, 1] : memref<3x4xf32> to memref<3x1xf32, strided<[4, 1]>>
  kernel.observe %part {point = 0 : i64} : memref<3x1xf32, strided<[4, 1]>>
  return
}

// A buffer in the arena: its place in it counts.
// CHECK-LABEL: func.func @in_arena
// ADDRESS-LABEL: func.func @in_arena
// ADDRESS: %[[ARENA:.+]] = memref.extract_aligned_pointer_as_index %arg0 : memref<256xi8>
// ADDRESS: arith.addi %[[ARENA]], %c64
// ADDRESS: call @edgec_observe
func.func @in_arena(%arena: memref<256xi8>, %context: !llvm.ptr) {
  %c64 = arith.constant 64 : index
  %x = memref.view %arena[%c64][] : memref<256xi8> to memref<8xf32>
  kernel.observe %x {point = 1 : i64} : memref<8xf32>
  return
}

// CHECK-LABEL: func.func @empty
// CHECK-NOT: call
func.func @empty(%x: memref<0xf32>, %context: !llvm.ptr) {
  kernel.observe %x {point = 2 : i64} : memref<0xf32>
  return
}

// CHECK: func.func private @edgec_observe(!llvm.ptr, i64, !llvm.ptr, i64)
