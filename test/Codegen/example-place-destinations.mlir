// RUN: edgec-opt %s --edgec-place-destinations | FileCheck %s

// The padded tensor exists before its source, which is inserted at once.
// CHECK-LABEL: func.func @pad
// CHECK: %[[BORDER:.*]] = linalg.fill {edgec.interior = array<i64: 1, 2>}
// CHECK: %[[Y:.*]] = linalg.exp
// CHECK-NEXT: %[[P:.*]] = tensor.insert_slice %[[Y]] into %[[BORDER]][1] [2] [1]
// CHECK: return %[[P]]
func.func @pad(%x: tensor<2xf32>) -> tensor<4xf32> {
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<2xf32>
  %y = linalg.exp ins(%x : tensor<2xf32>) outs(%e : tensor<2xf32>) -> tensor<2xf32>
  %p = tensor.pad %y low[1] high[1] {
  ^bb0(%i: index):
    tensor.yield %zero : f32
  } : tensor<2xf32> to tensor<4xf32>
  return %p : tensor<4xf32>
}
