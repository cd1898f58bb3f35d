// RUN: edgec-opt %s --edgec-coalesce-buffers --canonicalize --cse --split-input-file | FileCheck %s

// Each concatenation is a part of the next one, whatever reads it in between.
// CHECK-LABEL: @chain
// CHECK-SAME: %[[X:.*]]: memref<2x4xf32>, %[[Y:.*]]: memref<2x4xf32>, %[[R:.*]]: memref<2x4xf32>
// CHECK: %[[ALL:.*]] = memref.alloc() : memref<2x12xf32>
// CHECK-NOT: memref.alloc
// CHECK-DAG: %[[FIRST:.*]] = memref.subview %[[ALL]][0, 0] [2, 4] [1, 1]
// CHECK-DAG: %[[SECOND:.*]] = memref.subview %[[ALL]][0, 4] [2, 4] [1, 1]
// CHECK-DAG: %[[THIRD:.*]] = memref.subview %[[ALL]][0, 8] [2, 4] [1, 1]
// CHECK: linalg.exp ins(%[[X]] : memref<2x4xf32>) outs(%[[FIRST]] :
// CHECK: linalg.log ins(%[[FIRST]] : {{.*}}) outs(%[[SECOND]] :
// CHECK: linalg.add ins(%[[FIRST]], %[[SECOND]] : {{.*}}) outs(%[[THIRD]] :
// CHECK-NOT: memref.copy
// CHECK: linalg.sub ins(%[[SECOND]], %[[THIRD]] : {{.*}}) outs(%[[R]] :
func.func @chain(%x: memref<2x4xf32>, %y: memref<2x4xf32>, %r: memref<2x4xf32>) {
  %a = memref.alloc() : memref<2x4xf32>
  linalg.exp ins(%x : memref<2x4xf32>) outs(%a : memref<2x4xf32>)
  %b = memref.alloc() : memref<2x4xf32>
  linalg.log ins(%a : memref<2x4xf32>) outs(%b : memref<2x4xf32>)
  %ab = memref.alloc() : memref<2x8xf32>
  %0 = memref.subview %ab[0, 0] [2, 4] [1, 1] : memref<2x8xf32> to memref<2x4xf32, strided<[8, 1]>>
  memref.copy %a, %0 : memref<2x4xf32> to memref<2x4xf32, strided<[8, 1]>>
  %1 = memref.subview %ab[0, 4] [2, 4] [1, 1] : memref<2x8xf32> to memref<2x4xf32, strided<[8, 1], offset: 4>>
  memref.copy %b, %1 : memref<2x4xf32> to memref<2x4xf32, strided<[8, 1], offset: 4>>
  %c = memref.alloc() : memref<2x4xf32>
  linalg.add ins(%0, %1 : memref<2x4xf32, strided<[8, 1]>>, memref<2x4xf32, strided<[8, 1], offset: 4>>) outs(%c : memref<2x4xf32>)
  %abc = memref.alloc() : memref<2x12xf32>
  %2 = memref.subview %abc[0, 0] [2, 8] [1, 1] : memref<2x12xf32> to memref<2x8xf32, strided<[12, 1]>>
  memref.copy %ab, %2 : memref<2x8xf32> to memref<2x8xf32, strided<[12, 1]>>
  %3 = memref.subview %abc[0, 8] [2, 4] [1, 1] : memref<2x12xf32> to memref<2x4xf32, strided<[12, 1], offset: 8>>
  memref.copy %c, %3 : memref<2x4xf32> to memref<2x4xf32, strided<[12, 1], offset: 8>>
  %4 = memref.subview %abc[0, 4] [2, 4] [1, 1] : memref<2x12xf32> to memref<2x4xf32, strided<[12, 1], offset: 4>>
  linalg.sub ins(%4, %3 : memref<2x4xf32, strided<[12, 1], offset: 4>>, memref<2x4xf32, strided<[12, 1], offset: 8>>) outs(%r : memref<2x4xf32>)
  return
}

// -----

// A reader without padding reads the inside of the padded buffer. The border
// may be filled at any time.
// CHECK-LABEL: @halo
// CHECK: %[[PADDED:.*]] = memref.alloc() : memref<6xf32>
// CHECK: %[[INSIDE:.*]] = memref.subview %[[PADDED]][1] [4] [1]
// CHECK: linalg.exp {{.*}} outs(%[[INSIDE]] :
// CHECK: linalg.log ins(%[[INSIDE]] :
// CHECK: linalg.fill
// CHECK-NOT: memref.copy
// CHECK: linalg.reduce {{.*}} ins(%[[PADDED]] :
func.func @halo(%x: memref<4xf32>, %r: memref<4xf32>, %s: memref<f32>) {
  %zero = arith.constant 0.0 : f32
  %a = memref.alloc() : memref<4xf32>
  linalg.exp ins(%x : memref<4xf32>) outs(%a : memref<4xf32>)
  linalg.log ins(%a : memref<4xf32>) outs(%r : memref<4xf32>)
  %p = memref.alloc() : memref<6xf32>
  linalg.fill {edgec.interior = array<i64: 1, 4>} ins(%zero : f32) outs(%p : memref<6xf32>)
  %inside = memref.subview %p[1] [4] [1] : memref<6xf32> to memref<4xf32, strided<[1], offset: 1>>
  memref.copy %a, %inside : memref<4xf32> to memref<4xf32, strided<[1], offset: 1>>
  linalg.reduce {arith.addf} ins(%p : memref<6xf32>) outs(%s : memref<f32>) dimensions = [0]
  return
}

// -----

// The fill of the whole buffer would destroy what is computed in it.
// CHECK-LABEL: @fill_between
// CHECK: memref.copy
func.func @fill_between(%x: memref<4xf32>, %s: memref<6xf32>) {
  %zero = arith.constant 0.0 : f32
  %a = memref.alloc() : memref<4xf32>
  linalg.exp ins(%x : memref<4xf32>) outs(%a : memref<4xf32>)
  linalg.fill ins(%zero : f32) outs(%s : memref<6xf32>)
  %inside = memref.subview %s[1] [4] [1] : memref<6xf32> to memref<4xf32, strided<[1], offset: 1>>
  memref.copy %a, %inside : memref<4xf32> to memref<4xf32, strided<[1], offset: 1>>
  return
}

// -----

// Source and target both change after the copy, or the target changes while
// the source is still read.
// CHECK-LABEL: @changed_afterwards
// CHECK-COUNT-2: memref.copy
func.func @changed_afterwards(%x: memref<4xf32>, %r: memref<4xf32>, %s: memref<4xf32>, %t: memref<4xf32>) {
  %a = memref.alloc() : memref<4xf32>
  linalg.exp ins(%x : memref<4xf32>) outs(%a : memref<4xf32>)
  memref.copy %a, %r : memref<4xf32> to memref<4xf32>
  linalg.log ins(%x : memref<4xf32>) outs(%a : memref<4xf32>)
  linalg.abs ins(%a : memref<4xf32>) outs(%t : memref<4xf32>)
  %b = memref.alloc() : memref<4xf32>
  linalg.exp ins(%x : memref<4xf32>) outs(%b : memref<4xf32>)
  memref.copy %b, %s : memref<4xf32> to memref<4xf32>
  linalg.log ins(%b : memref<4xf32>) outs(%s : memref<4xf32>)
  return
}

// -----

// What reads the flat form needs the elements side by side.
// CHECK-LABEL: @merged
// CHECK: memref.copy
func.func @merged(%x: memref<2x4xf32>, %r: memref<8xf32>, %s: memref<2x6xf32>) {
  %a = memref.alloc() : memref<2x4xf32>
  linalg.exp ins(%x : memref<2x4xf32>) outs(%a : memref<2x4xf32>)
  %flat = memref.collapse_shape %a [[0, 1]] : memref<2x4xf32> into memref<8xf32>
  linalg.log ins(%flat : memref<8xf32>) outs(%r : memref<8xf32>)
  %part = memref.subview %s[0, 1] [2, 4] [1, 1] : memref<2x6xf32> to memref<2x4xf32, strided<[6, 1], offset: 1>>
  memref.copy %a, %part : memref<2x4xf32> to memref<2x4xf32, strided<[6, 1], offset: 1>>
  return
}

// -----

// A shuffled tensor is computed in the padded buffer through its own shape.
// CHECK-LABEL: @reshaped
// CHECK: %[[PART:.*]] = memref.subview %{{.*}}[1, 0] [2, 6] [1, 1]
// CHECK: %[[SPLIT:.*]] = memref.expand_shape %[[PART]] {{\[\[}}0], [1, 2]]
// CHECK: linalg.exp {{.*}} outs(%[[SPLIT]] :
// CHECK-NOT: memref.copy
// CHECK: return
func.func @reshaped(%x: memref<2x2x3xf32>, %s: memref<4x6xf32>) {
  %a = memref.alloc() : memref<2x2x3xf32>
  linalg.exp ins(%x : memref<2x2x3xf32>) outs(%a : memref<2x2x3xf32>)
  %merged = memref.collapse_shape %a [[0], [1, 2]] : memref<2x2x3xf32> into memref<2x6xf32>
  %part = memref.subview %s[1, 0] [2, 6] [1, 1] : memref<4x6xf32> to memref<2x6xf32, strided<[6, 1], offset: 6>>
  memref.copy %merged, %part : memref<2x6xf32> to memref<2x6xf32, strided<[6, 1], offset: 6>>
  return
}

// -----

// A copy that is only read is the original; one that is written to is not.
// CHECK-LABEL: @original
// CHECK-SAME: %[[X:.*]]: memref<8xf32>, %[[R:.*]]: memref<4xf32>, %[[S:.*]]: memref<4xf32>
// CHECK: %[[PART:.*]] = memref.subview %[[X]][2] [4] [1]
// CHECK: linalg.log ins(%[[PART]] : {{.*}}) outs(%[[R]] :
// CHECK: memref.copy %[[PART]], %[[S]]
// CHECK: linalg.add ins(%[[PART]], %[[S]] : {{.*}}) outs(%[[S]] :
func.func @original(%x: memref<8xf32>, %r: memref<4xf32>, %s: memref<4xf32>) {
  %part = memref.subview %x[2] [4] [1] : memref<8xf32> to memref<4xf32, strided<[1], offset: 2>>
  %a = memref.alloc() : memref<4xf32>
  memref.copy %part, %a : memref<4xf32, strided<[1], offset: 2>> to memref<4xf32>
  linalg.log ins(%a : memref<4xf32>) outs(%r : memref<4xf32>)
  %b = memref.alloc() : memref<4xf32>
  memref.copy %part, %b : memref<4xf32, strided<[1], offset: 2>> to memref<4xf32>
  linalg.add ins(%part, %b : memref<4xf32, strided<[1], offset: 2>>, memref<4xf32>) outs(%b : memref<4xf32>)
  linalg.exp ins(%b : memref<4xf32>) outs(%s : memref<4xf32>)
  return
}

// -----

// What a loop carries keeps its place.
// CHECK-LABEL: @carried
// CHECK: memref.copy
func.func @carried(%x: memref<4xf32>, %n: index, %s: memref<6xf32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %a = memref.alloc() : memref<4xf32>
  %b = memref.alloc() : memref<4xf32>
  linalg.exp ins(%x : memref<4xf32>) outs(%a : memref<4xf32>)
  %l = scf.for %i = %c0 to %n step %c1 iter_args(%c = %a) -> memref<4xf32> {
    linalg.log ins(%c : memref<4xf32>) outs(%b : memref<4xf32>)
    scf.yield %b : memref<4xf32>
  }
  %inside = memref.subview %s[1] [4] [1] : memref<6xf32> to memref<4xf32, strided<[1], offset: 1>>
  memref.copy %l, %inside : memref<4xf32> to memref<4xf32, strided<[1], offset: 1>>
  return
}

// -----

#row = affine_map<(n, y, j, c) -> (n, y, c)>
#col = affine_map<(n, y, j, c) -> (c, j)>
#out = affine_map<(n, y, j, c) -> (n, y, j)>

// Sums replace what is added to them. What is read in another order, or later,
// stays.
// CHECK-LABEL: @residual
// CHECK-SAME: %[[R:[a-z0-9]+]]: memref<1x4x4xf32>)
// CHECK: %[[B:.*]] = memref.alloc() : memref<1x4x4xf32>
// CHECK-NOT: memref.alloc
// CHECK: kernel.contract ins(%[[R]], %{{.*}}) extras(%[[B]] : {{.*}}) outs(%[[B]] :
// CHECK: linalg.add ins(%[[R]], %[[B]] : {{.*}}) outs(%[[R]] :
func.func @residual(%x: memref<1x4x4xf32>, %w: memref<4x4xf32>, %r: memref<1x4x4xf32>) {
  %a = memref.alloc() : memref<1x4x4xf32>
  linalg.exp ins(%x : memref<1x4x4xf32>) outs(%a : memref<1x4x4xf32>)
  %b = memref.alloc() : memref<1x4x4xf32>
  linalg.log ins(%x : memref<1x4x4xf32>) outs(%b : memref<1x4x4xf32>)
  %c = memref.alloc() : memref<1x4x4xf32>
  kernel.contract ins(%a, %w : memref<1x4x4xf32>, memref<4x4xf32>)
      extras(%b : memref<1x4x4xf32>) outs(%c : memref<1x4x4xf32>)
      attributes {num_batch = 0 : i64, num_rows = 2 : i64, extents = array<i64: 1, 4, 4, 4>,
        a_map = #row, b_map = #col, c_map = #out, extra_maps = [#out], accumulator = f32} {
  ^bb0(%sum: f32, %added: f32):
    %s = arith.addf %sum, %added : f32
    kernel.yield %s : f32
  }
  linalg.add ins(%a, %c : memref<1x4x4xf32>, memref<1x4x4xf32>) outs(%r : memref<1x4x4xf32>)
  return
}

// -----

#row = affine_map<(n, y, j, c) -> (n, y, c)>
#col = affine_map<(n, y, j, c) -> (c, j)>
#out = affine_map<(n, y, j, c) -> (n, y, j)>

// One buffer is both multiplied, which reads it in another order, and added.
// CHECK-LABEL: @read_twice
// CHECK: %[[A:.*]] = memref.alloc() : memref<1x4x4xf32>
// CHECK: %[[C:.*]] = memref.alloc() : memref<1x4x4xf32>
// CHECK: kernel.contract ins(%[[A]], %{{.*}}) extras(%[[A]] : {{.*}}) outs(%[[C]] :
// CHECK: linalg.reduce
func.func @read_twice(%x: memref<1x4x4xf32>, %w: memref<4x4xf32>, %r: memref<f32>) {
  %a = memref.alloc() : memref<1x4x4xf32>
  linalg.exp ins(%x : memref<1x4x4xf32>) outs(%a : memref<1x4x4xf32>)
  %c = memref.alloc() : memref<1x4x4xf32>
  kernel.contract ins(%a, %w : memref<1x4x4xf32>, memref<4x4xf32>)
      extras(%a : memref<1x4x4xf32>) outs(%c : memref<1x4x4xf32>)
      attributes {num_batch = 0 : i64, num_rows = 2 : i64, extents = array<i64: 1, 4, 4, 4>,
        a_map = #row, b_map = #col, c_map = #out, extra_maps = [#out], accumulator = f32} {
  ^bb0(%sum: f32, %added: f32):
    %s = arith.addf %sum, %added : f32
    kernel.yield %s : f32
  }
  linalg.reduce {arith.addf} ins(%c : memref<1x4x4xf32>) outs(%r : memref<f32>) dimensions = [0, 1, 2]
  return
}

// -----

// Inputs are the caller's and are never written to.
// CHECK-LABEL: @input
// CHECK-SAME: %[[X:.*]]: memref<4xf32>
// CHECK: %[[A:.*]] = memref.alloc() : memref<4xf32>
// CHECK: linalg.exp ins(%[[X]] : {{.*}}) outs(%[[A]] :
func.func @input(%x: memref<4xf32>, %r: memref<1xf32>) {
  %a = memref.alloc() : memref<4xf32>
  linalg.exp ins(%x : memref<4xf32>) outs(%a : memref<4xf32>)
  %first = memref.subview %a[0] [1] [1] : memref<4xf32> to memref<1xf32, strided<[1]>>
  linalg.log ins(%first : memref<1xf32, strided<[1]>>) outs(%r : memref<1xf32>)
  return
}

// -----

#left = affine_map<(d0, d1, d2) -> (d0, d2)>
#right = affine_map<(d0, d1, d2) -> (d2, d1)>
#sums = affine_map<(d0, d1, d2) -> (d0, d1)>

// Bytes are copied to lie side by side: instructions multiply several at once.
// CHECK-LABEL: @bytes_side_by_side
// CHECK: memref.copy
// CHECK: kernel.contract ins(%{{.*}}, %{{.*}} : memref<2x8xi8>, memref<8x4xi8>)
func.func @bytes_side_by_side(%x: memref<2x8x3xi8>, %w: memref<8x4xi8>, %c: memref<2x4xi32>) {
  %all = memref.alloc() : memref<2x8x3xi8>
  linalg.copy ins(%x : memref<2x8x3xi8>) outs(%all : memref<2x8x3xi8>)
  %column = memref.subview %all[0, 0, 1] [2, 8, 1] [1, 1, 1] : memref<2x8x3xi8> to memref<2x8xi8, strided<[24, 3], offset: 1>>
  %a = memref.alloc() : memref<2x8xi8>
  memref.copy %column, %a : memref<2x8xi8, strided<[24, 3], offset: 1>> to memref<2x8xi8>
  kernel.contract ins(%a, %w : memref<2x8xi8>, memref<8x4xi8>) outs(%c : memref<2x4xi32>)
      attributes {num_batch = 0 : i64, num_rows = 1 : i64, extents = array<i64: 2, 4, 8>,
        a_map = #left, b_map = #right, c_map = #sums, extra_maps = [], accumulator = i32} {
  ^bb0(%sum: i32):
    kernel.yield %sum : i32
  }
  return
}
