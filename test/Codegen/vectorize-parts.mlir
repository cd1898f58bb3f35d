// RUN: edgec-opt %s -edgec-vectorize=target=x86-64-v4 -canonicalize -cse -split-input-file | FileCheck %s

// A part of a layer is a range of the iterations of the outer loops, counted
// through as many of them as make the parts even. Here ten rows of tiles are too
// few: the 17 + 1 steps along a row count too, so there are 180.
// CHECK-LABEL: func.func @rows
// CHECK-SAME: %[[PART:[a-z0-9]+]]: index, %[[PARTS:[a-z0-9]+]]: index)
// CHECK-DAG: %[[ONE:.*]] = arith.constant 1 : index
// CHECK-DAG: %[[STEPS:.*]] = arith.constant 18 : index
// CHECK-DAG: %[[ALL:.*]] = arith.constant 180 : index
// CHECK: %[[NEXT:.*]] = arith.addi %[[PART]], %[[ONE]]
// CHECK: %[[BEFORE:.*]] = arith.muli %[[PART]], %[[ALL]]
// CHECK: %[[BEGIN:.*]] = arith.divui %[[BEFORE]], %[[PARTS]]
// CHECK: %[[UNTIL:.*]] = arith.muli %[[NEXT]], %[[ALL]]
// CHECK: %[[END:.*]] = arith.divui %[[UNTIL]], %[[PARTS]]
// CHECK: %[[FIRST:.*]] = arith.divui %[[BEGIN]], %[[STEPS]]
// CHECK: %[[LAST:.*]] = arith.ceildivui %[[END]], %[[STEPS]]
// CHECK: scf.for %{{.*}} = %[[FIRST]] to %[[LAST]] step %[[ONE]]
// CHECK: arith.maxsi
// CHECK: arith.minsi
// CHECK: scf.for
// CHECK: vector.load {{.*}} vector<16xf32>
// The rest of a row belongs to whom the range's end does.
// CHECK: scf.if
// CHECK: vector.load {{.*}} vector<8xf32>
func.func @rows(%x: memref<10x280xf32>, %y: memref<10x280xf32, strided<[300, 1]>>, %part: index, %parts: index)
    attributes {edgec.max_parts = 8 : i64} {
  linalg.abs ins(%x : memref<10x280xf32>) outs(%y : memref<10x280xf32, strided<[300, 1]>>)
  return
}

// -----

// Where one loop suffices, those inside have fixed bounds.
// CHECK-LABEL: func.func @outermost
// CHECK: scf.for
// CHECK-NOT: arith.maxsi
// CHECK: scf.for %{{.*}} = %c0{{.*}} to %c64
func.func @outermost(%x: memref<840x64xf32>, %y: memref<840x64xf32, strided<[80, 1]>>, %part: index, %parts: index)
    attributes {edgec.max_parts = 8 : i64} {
  linalg.abs ins(%x : memref<840x64xf32>) outs(%y : memref<840x64xf32, strided<[80, 1]>>)
  return
}

// -----

// A reduction is never cut: rows are shared, not what is summed.
// CHECK-LABEL: func.func @sums
// CHECK-SAME: %[[PART:[a-z0-9]+]]: index, %{{.*}}: index)
// CHECK: scf.for
// CHECK: scf.for %{{.*}} = %c0{{.*}} to %c1024{{.*}} iter_args
func.func @sums(%x: memref<840x1024xf32>, %y: memref<840xf32>, %part: index, %parts: index)
    attributes {edgec.max_parts = 8 : i64} {
  linalg.reduce ins(%x : memref<840x1024xf32>) outs(%y : memref<840xf32>) dimensions = [1]
    (%in: f32, %sum: f32) { %0 = arith.addf %in, %sum : f32 linalg.yield %0 : f32 }
  return
}

// -----

// What has nothing to share is left to the first part.
// CHECK-LABEL: func.func @total
// CHECK-SAME: %[[PART:[a-z0-9]+]]: index, %{{.*}}: index)
// CHECK: %[[FIRST:.*]] = arith.cmpi eq, %[[PART]], %c0
// CHECK: scf.if %[[FIRST]] {
// CHECK: vector.load
func.func @total(%x: memref<1024xf32>, %y: memref<f32>, %part: index, %parts: index)
    attributes {edgec.max_parts = 8 : i64} {
  linalg.reduce ins(%x : memref<1024xf32>) outs(%y : memref<f32>) dimensions = [0]
    (%in: f32, %sum: f32) { %0 = arith.addf %in, %sum : f32 linalg.yield %0 : f32 }
  return
}

// -----

// So is what has one iteration only.
// CHECK-LABEL: func.func @one
// CHECK-SAME: %[[PART:[a-z0-9]+]]: index, %{{.*}}: index)
// CHECK: %[[FIRST:.*]] = arith.cmpi eq, %[[PART]], %c0
// CHECK-NEXT: scf.if %[[FIRST]] {
func.func @one(%x: memref<24x7xf32>, %y: memref<7xf32>, %part: index, %parts: index)
    attributes {edgec.max_parts = 8 : i64} {
  linalg.reduce ins(%x : memref<24x7xf32>) outs(%y : memref<7xf32>) dimensions = [0]
    (%in: f32, %sum: f32) { %0 = arith.addf %in, %sum : f32 linalg.yield %0 : f32 }
  return
}

// -----

// A copy that threads share is no memcpy.
// CHECK-LABEL: func.func @copy
// CHECK-NOT: memref.copy
// CHECK: vector.store
func.func @copy(%x: memref<100000xf32>, %y: memref<100000xf32>, %part: index, %parts: index)
    attributes {edgec.max_parts = 8 : i64} {
  memref.copy %x, %y : memref<100000xf32> to memref<100000xf32>
  return
}

// -----

// Columns of a matrix product are shared, and rows within a panel of them.
// CHECK-LABEL: func.func @product
// CHECK-SAME: %[[PART:[a-z0-9]+]]: index, %[[PARTS:[a-z0-9]+]]: index)
// CHECK: arith.divui %{{.*}}, %[[PARTS]]
// CHECK: math.fma
func.func @product(%a: memref<64x32xf32>, %b: memref<32x256xf32>, %c: memref<64x256xf32>, %part: index, %parts: index)
    attributes {edgec.max_parts = 8 : i64} {
  kernel.contract ins(%a, %b : memref<64x32xf32>, memref<32x256xf32>) outs(%c : memref<64x256xf32>)
    attributes {num_batch = 0 : i64, num_rows = 1 : i64, extents = array<i64: 64, 256, 32>,
      a_map = affine_map<(i, j, k) -> (i, k)>, b_map = affine_map<(i, j, k) -> (k, j)>,
      c_map = affine_map<(i, j, k) -> (i, j)>, extra_maps = [], accumulator = f32} {
  ^bb0(%acc: f32):
    kernel.yield %acc : f32
  }
  return
}
