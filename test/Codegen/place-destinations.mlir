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
