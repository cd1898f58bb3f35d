// RUN: edgec-opt %s --edge-calibrate=data=%source/examples/digits/digits_test_x.npy | FileCheck %s
// RUN: edgec-opt %s --edge-calibrate="data=%source/examples/digits/digits_test_x.npy samples=1" 2>&1 | FileCheck %s --check-prefix=FEW
// RUN: edgec-opt %s --edge-calibrate=data=%source/examples/digits/digits_test_x.npy --edge-quantize | FileCheck %s --check-prefix=QUANTIZED

// Two samples a run: pixels from 0 to 255, and their negatives.
// CHECK: edge.observe %arg0 {high = 2.550000e+02 : f32, low = 0.000000e+00 : f32, point = 0 : i64}
// CHECK: edge.observe %{{.+}} {high = 0.000000e+00 : f32, low = -2.550000e+02 : f32, point = 1 : i64}
// FEW-COUNT-2: warning: stays in float: no calibration sample got there
// FEW: module
// FEW-NOT: edge.observe
// QUANTIZED: edge.quantize %arg0
func.func @pixels(%x: tensor<2x1x28x28xf32>) -> tensor<2x1x28x28xf32> {
  edge.observe %x {point = 0 : i64} : tensor<2x1x28x28xf32>
  %y = edge.neg %x : tensor<2x1x28x28xf32>
  edge.observe %y {point = 1 : i64} : tensor<2x1x28x28xf32>
  return %y : tensor<2x1x28x28xf32>
}
