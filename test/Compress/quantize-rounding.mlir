// RUN: edgec-opt %s --edge-quantize="weight-bits=4 rounding=gptq" --canonicalize --split-input-file | FileCheck %s
// RUN: edgec-opt %s --edge-quantize="weight-bits=4 rounding=nearest" --canonicalize --split-input-file | FileCheck %s --check-prefix=NEAREST
// RUN: edgec-opt %s --edge-quantize="weight-bits=8 rounding=gptq bias-correction" --canonicalize --split-input-file | FileCheck %s --check-prefix=BITS8

// A largest weight that is hardly larger than many others is clipped, so that
// these are close to a whole number of steps.
// CHECK-LABEL: func.func @clipped
// CHECK-DAG: edge.constant{{.*}} dense<7> : tensor<4x1xi8>
// NEAREST-LABEL: func.func @clipped
// NEAREST-DAG: edge.constant{{.*}} dense<{{\[\[}}7], [6], [6], [6]]> : tensor<4x1xi8>
// BITS8-LABEL: func.func @clipped
// BITS8-DAG: edge.constant{{.*}} dense<{{\[\[}}127], [117], [117], [117]]> : tensor<4x1xi8>
func.func @clipped(%x: tensor<1x4xf32>) -> tensor<1x1xf32> {
  %w = edge.constant dense<[[1.0], [0.92], [0.92], [0.92]]> : tensor<4x1xf32>
  edge.observe %x {point = 0 : i64, low = 0.0 : f32, high = 2.55 : f32} : tensor<1x4xf32>
  %y = edge.matmul %x, %w : (tensor<1x4xf32>, tensor<4x1xf32>) -> tensor<1x1xf32>
  return %y : tensor<1x1xf32>
}
