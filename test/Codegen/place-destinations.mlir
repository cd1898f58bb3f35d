// RUN: edgec-opt %s -edgec-place-destinations -eliminate-empty-tensors -canonicalize | FileCheck %s

// The producer writes into the padded tensor, whose border is filled before.
// CHECK-LABEL: @pad
// CHECK: %[[BORDER:.*]] = linalg.fill {edgec.interior = array<i64: 1, 0, 2, 3>}
// CHECK: %[[PLACE:.*]] = tensor.extract_slice %[[BORDER]][1, 0] [2, 3] [1, 1]
// CHECK: %[[Y:.*]] = linalg.exp {{.*}} outs(%[[PLACE]]
// CHECK: tensor.insert_slice %[[Y]] into %[[BORDER]][1, 0] [2, 3] [1, 1]
func.func @pad(%x: tensor<2x3xf32>) -> tensor<4x3xf32> {
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<2x3xf32>
  %y = linalg.exp ins(%x : tensor<2x3xf32>) outs(%e : tensor<2x3xf32>) -> tensor<2x3xf32>
  %p = tensor.pad %y low[1, 0] high[1, 0] {
  ^bb0(%i: index, %j: index):
    tensor.yield %zero : f32
  } : tensor<2x3xf32> to tensor<4x3xf32>
  return %p : tensor<4x3xf32>
}

// Both producers write into the concatenation.
// CHECK-LABEL: @concat
// CHECK: %[[ALL:.*]] = tensor.empty() : tensor<4x3xf32>
// CHECK: %[[FIRST:.*]] = tensor.extract_slice %[[ALL]][0, 0]
// CHECK: %[[A:.*]] = linalg.exp {{.*}} outs(%[[FIRST]]
// CHECK: %[[HALF:.*]] = tensor.insert_slice %[[A]] into %[[ALL]][0, 0]
// CHECK: %[[SECOND:.*]] = tensor.extract_slice %[[HALF]][2, 0]
// CHECK: linalg.log {{.*}} outs(%[[SECOND]]
func.func @concat(%x: tensor<2x3xf32>) -> tensor<4x3xf32> {
  %e = tensor.empty() : tensor<2x3xf32>
  %a = linalg.exp ins(%x : tensor<2x3xf32>) outs(%e : tensor<2x3xf32>) -> tensor<2x3xf32>
  %b = linalg.log ins(%x : tensor<2x3xf32>) outs(%e : tensor<2x3xf32>) -> tensor<2x3xf32>
  %all = tensor.empty() : tensor<4x3xf32>
  %i = tensor.insert_slice %a into %all[0, 0] [2, 3] [1, 1] : tensor<2x3xf32> into tensor<4x3xf32>
  %r = tensor.insert_slice %b into %i[2, 0] [2, 3] [1, 1] : tensor<2x3xf32> into tensor<4x3xf32>
  return %r : tensor<4x3xf32>
}

// A tensor that two sums start from is filled for each.
// CHECK-LABEL: @two_sums
// CHECK: %[[A:.*]] = linalg.fill
// CHECK: linalg.reduce {{.*}} outs(%[[A]] :
// CHECK: %[[B:.*]] = linalg.fill
// CHECK: linalg.reduce {{.*}} outs(%[[B]] :
func.func @two_sums(%x: tensor<2x3xf32>, %y: tensor<2x3xf32>) -> (tensor<2xf32>, tensor<2xf32>) {
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<2xf32>
  %f = linalg.fill ins(%zero : f32) outs(%e : tensor<2xf32>) -> tensor<2xf32>
  %a = linalg.reduce {arith.addf} ins(%x : tensor<2x3xf32>) outs(%f : tensor<2xf32>) dimensions = [1]
  %b = linalg.reduce {arith.addf} ins(%y : tensor<2x3xf32>) outs(%f : tensor<2xf32>) dimensions = [1]
  return %a, %b : tensor<2xf32>, tensor<2xf32>
}

// Nothing is computed in the place of a model's input.
// CHECK-LABEL: func.func @input(
// CHECK-SAME: %{{.*}}: tensor<3xf32> {bufferization.writable = false})
func.func @input(%x: tensor<3xf32>) -> tensor<3xf32> {
  return %x : tensor<3xf32>
}

// CHECK-LABEL: func.func private @callee(
// CHECK-NOT: writable
// CHECK: return
func.func private @callee(%x: tensor<3xf32>) -> tensor<3xf32> {
  return %x : tensor<3xf32>
}

// What replaces elements of a carried tensor, also in loops and branches within,
// is computed in its place: there is nothing to copy.
// CHECK-LABEL: @replaced
// CHECK-NOT: linalg.copy
// CHECK: return
func.func @replaced(%x: tensor<4x8xf32>, %c: i1) -> tensor<4x8xf32> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c4 = arith.constant 4 : index
  %c8 = arith.constant 8 : index
  %y = scf.for %i = %c0 to %c4 step %c1 iter_args(%outer = %x) -> (tensor<4x8xf32>) {
    %z = scf.for %j = %c0 to %c8 step %c1 iter_args(%inner = %outer) -> (tensor<4x8xf32>) {
      %e = tensor.extract %inner[%i, %j] : tensor<4x8xf32>
      %n = arith.negf %e : f32
      %b = scf.if %c -> (tensor<4x8xf32>) {
        %r = tensor.insert %n into %inner[%i, %j] : tensor<4x8xf32>
        scf.yield %r : tensor<4x8xf32>
      } else {
        scf.yield %inner : tensor<4x8xf32>
      }
      scf.yield %b : tensor<4x8xf32>
    }
    scf.yield %z : tensor<4x8xf32>
  }
  return %y : tensor<4x8xf32>
}

// Elements that are replaced and still needed: the new state is another buffer,
// and copied.
// CHECK-LABEL: @still_needed
// CHECK: %[[NEW:.*]] = tensor.insert %{{.*}} into %[[OLD:.*]][
// CHECK: %[[E:.*]] = tensor.extract %[[OLD]]
// CHECK: linalg.copy ins(%[[NEW]] : tensor<8xf32>) outs(%[[OLD]] : tensor<8xf32>)
func.func @still_needed(%x: tensor<8xf32>, %s: f32) -> (tensor<8xf32>, f32) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c8 = arith.constant 8 : index
  %y:2 = scf.for %i = %c0 to %c8 step %c1 iter_args(%a = %x, %sum = %s) -> (tensor<8xf32>, f32) {
    %r = tensor.insert %sum into %a[%i] : tensor<8xf32>
    %e = tensor.extract %a[%i] : tensor<8xf32>
    %n = arith.addf %sum, %e : f32
    scf.yield %r, %n : tensor<8xf32>, f32
  }
  return %y#0, %y#1 : tensor<8xf32>, f32
}

// A part that is read later is as good as a later reading.
// CHECK-LABEL: @part_still_needed
// CHECK: linalg.copy
func.func @part_still_needed(%x: tensor<8xf32>, %s: f32) -> (tensor<8xf32>, f32) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c8 = arith.constant 8 : index
  %y:2 = scf.for %i = %c0 to %c8 step %c1 iter_args(%a = %x, %sum = %s) -> (tensor<8xf32>, f32) {
    %p = tensor.extract_slice %a[%i] [1] [1] : tensor<8xf32> to tensor<1xf32>
    %r = tensor.insert %sum into %a[%i] : tensor<8xf32>
    %e = tensor.extract %p[%c0] : tensor<1xf32>
    %n = arith.addf %sum, %e : f32
    scf.yield %r, %n : tensor<8xf32>, f32
  }
  return %y#0, %y#1 : tensor<8xf32>, f32
}

// Neither side of a branch is computed in the larger tensor.
// CHECK-LABEL: func.func @branch(
// CHECK: %[[R:.*]] = scf.if
// CHECK: %[[PLACE:.*]] = tensor.extract_slice %[[ALL:.*]][1, 0] [1, 3] [1, 1]
// CHECK: %[[C:.*]] = linalg.copy ins(%[[R]] : tensor<1x3xf32>) outs(%[[PLACE]]
// CHECK: tensor.insert_slice %[[C]] into %[[ALL]][1, 0]
func.func @branch(%c: i1, %x: tensor<1x3xf32>, %all: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %r = scf.if %c -> tensor<1x3xf32> {
    %e = tensor.empty() : tensor<1x3xf32>
    %y = linalg.exp ins(%x : tensor<1x3xf32>) outs(%e : tensor<1x3xf32>) -> tensor<1x3xf32>
    scf.yield %y : tensor<1x3xf32>
  } else {
    scf.yield %x : tensor<1x3xf32>
  }
  %i = tensor.insert_slice %r into %all[1, 0] [1, 3] [1, 1] : tensor<1x3xf32> into tensor<2x3xf32>
  return %i : tensor<2x3xf32>
}

// A loop starts with a tensor of its own: what its body computes is no part of
// the larger one.
// CHECK-LABEL: func.func @part_to_start_with(
// CHECK: %[[PART:.*]] = tensor.extract_slice
// CHECK: %[[C:.*]] = linalg.copy ins(%[[PART]] : tensor<4x1xf32>)
// CHECK: scf.for {{.*}} iter_args(%{{.*}} = %[[C]])
func.func @part_to_start_with(%x: tensor<4x3xf32>, %at: index) -> tensor<4x1xf32> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c8 = arith.constant 8 : index
  %p = tensor.extract_slice %x[0, %at] [4, 1] [1, 1] : tensor<4x3xf32> to tensor<4x1xf32>
  %y = scf.for %i = %c0 to %c8 step %c1 iter_args(%a = %p) -> (tensor<4x1xf32>) {
    %e = tensor.empty() : tensor<4x1xf32>
    %r = linalg.exp ins(%a : tensor<4x1xf32>) outs(%e : tensor<4x1xf32>) -> tensor<4x1xf32>
    scf.yield %r : tensor<4x1xf32>
  }
  return %y : tensor<4x1xf32>
}

#left = affine_map<(d0, d1, d2) -> (d0, d2)>
#right = affine_map<(d0, d1, d2) -> (d2, d1)>
#sums = affine_map<(d0, d1, d2) -> (d0, d1)>

// Bytes that are computed as one column of three are multiplied side by side.
// CHECK-LABEL: func.func @bytes_of_a_column(
// CHECK: %[[ROW:.*]] = tensor.collapse_shape
// CHECK: %[[C:.*]] = linalg.copy ins(%[[ROW]] : tensor<2x8xi8>)
// CHECK: kernel.contract ins(%[[C]],
func.func @bytes_of_a_column(%x: tensor<2x8x1xi8>, %all: tensor<2x8x3xi8>, %w: tensor<8x4xi8>) -> (tensor<2x8x3xi8>, tensor<2x4xi32>) {
  %i = tensor.insert_slice %x into %all[0, 0, 1] [2, 8, 1] [1, 1, 1] : tensor<2x8x1xi8> into tensor<2x8x3xi8>
  %row = tensor.collapse_shape %x [[0], [1, 2]] : tensor<2x8x1xi8> into tensor<2x8xi8>
  %e = tensor.empty() : tensor<2x4xi32>
  %y = kernel.contract ins(%row, %w : tensor<2x8xi8>, tensor<8x4xi8>) outs(%e : tensor<2x4xi32>)
      attributes {num_batch = 0 : i64, num_rows = 1 : i64, extents = array<i64: 2, 4, 8>,
        a_map = #left, b_map = #right, c_map = #sums, extra_maps = [], accumulator = i32} {
  ^bb0(%sum: i32):
    kernel.yield %sum : i32
  } -> tensor<2x4xi32>
  return %i, %y : tensor<2x8x3xi8>, tensor<2x4xi32>
}

// Rows of a larger tensor are as good.
// CHECK-LABEL: func.func @bytes_of_rows(
// CHECK-NOT: linalg.copy
// CHECK: kernel.contract
func.func @bytes_of_rows(%x: tensor<4x8xi8>, %w: tensor<8x4xi8>) -> tensor<2x4xi32> {
  %rows = tensor.extract_slice %x[1, 0] [2, 8] [1, 1] : tensor<4x8xi8> to tensor<2x8xi8>
  %e = tensor.empty() : tensor<2x4xi32>
  %y = kernel.contract ins(%rows, %w : tensor<2x8xi8>, tensor<8x4xi8>) outs(%e : tensor<2x4xi32>)
      attributes {num_batch = 0 : i64, num_rows = 1 : i64, extents = array<i64: 2, 4, 8>,
        a_map = #left, b_map = #right, c_map = #sums, extra_maps = [], accumulator = i32} {
  ^bb0(%sum: i32):
    kernel.yield %sum : i32
  } -> tensor<2x4xi32>
  return %y : tensor<2x4xi32>
}

// A branch gives a tensor of its own, like the other one.
// CHECK-LABEL: func.func @part_of_branch(
// CHECK: scf.if
// CHECK: %[[PART:.*]] = tensor.extract_slice
// CHECK: %[[C:.*]] = linalg.copy ins(%[[PART]] : tensor<3xf32>)
// CHECK: scf.yield %[[C]]
// CHECK: else
// CHECK-NOT: linalg.copy
// CHECK: scf.yield
func.func @part_of_branch(%c: i1, %zero: f32, %x: tensor<4x3xf32>, %at: index) -> tensor<3xf32> {
  %r = scf.if %c -> tensor<3xf32> {
    %p = tensor.extract_slice %x[%at, 0] [1, 3] [1, 1] : tensor<4x3xf32> to tensor<3xf32>
    scf.yield %p : tensor<3xf32>
  } else {
    %z = tensor.splat %zero : tensor<3xf32>
    scf.yield %z : tensor<3xf32>
  }
  return %r : tensor<3xf32>
}
