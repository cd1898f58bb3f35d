// RUN: edgec-opt %s --edge-freeze-parameters --mlir-print-debuginfo | FileCheck %s

// CHECK-LABEL: func.func @scale
// CHECK-NOT: edge.parameter
// CHECK: edge.constant dense<2.000000e+00> : tensor<f32> loc([[NAME:#.+]])
// CHECK-DAG: [[NAME]] = loc("layer1.scale"
func.func @scale(%x: tensor<4xf32>) -> tensor<4xf32> {
  %s = edge.parameter "layer1.scale" dense<2.0> : tensor<f32>
  %y = edge.mul %x, %s : (tensor<4xf32>, tensor<f32>) -> tensor<4xf32>
  return %y : tensor<4xf32>
}
