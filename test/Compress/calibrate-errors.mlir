// RUN: not edgec-opt %s --edge-calibrate=data=%t.npy 2>&1 | FileCheck %s --check-prefix=FILE
// RUN: not edgec-opt %s --edge-calibrate=data=%source/examples/digits/digits_test_x.npy 2>&1 | FileCheck %s --check-prefix=SHAPE
// RUN: not edgec-opt %s --edge-calibrate="data=%source/examples/digits/digits_test_x.npy range=entropy" 2>&1 | FileCheck %s --check-prefix=RANGE
// RUN: echo 'func.func @f(%%x: tensor<1x2xf32>) { return }' | not edgec-opt --edge-calibrate=data=x.npy 2>&1 | FileCheck %s --check-prefix=POINTS
// RUN: echo 'func.func @f(%%x: tensor<f32>) { edge.observe %%x {point = 0 : i64} : tensor<f32> return }' | not edgec-opt --edge-calibrate=data=x.npy 2>&1 | FileCheck %s --check-prefix=INPUT

// FILE: calibrate-errors.mlir.tmp.npy': No such file or directory
// SHAPE: digits_test_x.npy' has the shape 500x1x28x28, and the input 1x2: samples are stacked along the first axis
// RANGE: range=entropy: use minmax, percentile or mse
// POINTS: has no observation points: run --edge-insert-observers first
// INPUT: needs one input of f32, of a fixed shape with the batch first, to be calibrated
func.func @f(%x: tensor<1x2xf32>) {
  edge.observe %x {point = 0 : i64} : tensor<1x2xf32>
  return
}
