// RUN: edgec-opt %s --split-input-file --edge-specialise-batch | FileCheck %s

// A class token is the same for every sample, and written out for six of them.
// CHECK-LABEL: func.func @run(
// CHECK-SAME: -> (tensor<6x4xf32> {edge.batch}, tensor<4xf32>)
// CHECK-SAME: edge.batch_variants = [@run_batch4, @run_batch2, @run_batch1]
// CHECK: func.func @run_batch4(%{{.*}}: tensor<4x2x3xf32> {edge.batch}, %{{.*}}: tensor<4xf32>) -> (tensor<4x4xf32> {edge.batch}, tensor<4xf32>)
// CHECK: edge.reshape {{.*}} -> tensor<4x6xf32>
// CHECK: edge.slice {{.*}}sizes = array<i64: 4, 3>
// CHECK: edge.constant dense<1.000000e+00> : tensor<4x1xf32>
// CHECK: edge.concat {{.*}} -> tensor<4x4xf32>
// CHECK: edge.add {{.*}} (tensor<4x4xf32>, tensor<4xf32>) -> tensor<4x4xf32>
// CHECK: edge.add {{.*}} (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
// CHECK: func.func @run_batch2(
// CHECK: func.func @run_batch1(
// CHECK: edge.constant dense<1.000000e+00> : tensor<1x1xf32>
func.func @run(%x: tensor<6x2x3xf32> {edge.batch}, %s: tensor<4xf32>) -> (tensor<6x4xf32>, tensor<4xf32>) {
  %token = edge.constant dense<1.0> : tensor<6x1xf32>
  %r = edge.reshape %x : (tensor<6x2x3xf32>) -> tensor<6x6xf32>
  %l = edge.slice %r {starts = array<i64: 0, 1>, sizes = array<i64: 6, 3>, steps = array<i64: 1, 1>} : (tensor<6x6xf32>) -> tensor<6x3xf32>
  %c = edge.concat %token, %l {axis = 1 : i64} : (tensor<6x1xf32>, tensor<6x3xf32>) -> tensor<6x4xf32>
  %y = edge.add %c, %s : (tensor<6x4xf32>, tensor<4xf32>) -> tensor<6x4xf32>
  %z = edge.add %s, %s : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  return %y, %z : tensor<6x4xf32>, tensor<4xf32>
}

// -----

// Heads of attention: samples are a part of the merged dimension.
// CHECK-LABEL: func.func @heads_batch1(
// CHECK: edge.reshape {{.*}} -> tensor<1x5x2x3xf32>
// CHECK: edge.transpose {{.*}} -> tensor<1x2x5x3xf32>
// CHECK: edge.reshape {{.*}} -> tensor<2x5x3xf32>
// CHECK: edge.matmul {{.*}} -> tensor<2x5x5xf32>
// CHECK: edge.softmax {{.*}} -> tensor<2x5x5xf32>
// CHECK: edge.reshape {{.*}} -> tensor<1x2x5x5xf32>
func.func @heads(%x: tensor<2x5x6xf32> {edge.batch}) -> tensor<2x2x5x5xf32> {
  %r = edge.reshape %x : (tensor<2x5x6xf32>) -> tensor<2x5x2x3xf32>
  %t = edge.transpose %r {permutation = array<i64: 0, 2, 1, 3>} : (tensor<2x5x2x3xf32>) -> tensor<2x2x5x3xf32>
  %h = edge.reshape %t : (tensor<2x2x5x3xf32>) -> tensor<4x5x3xf32>
  %m = edge.matmul %h, %h {transpose_rhs} : (tensor<4x5x3xf32>, tensor<4x5x3xf32>) -> tensor<4x5x5xf32>
  %s = edge.softmax %m {axis = 2 : i64} : (tensor<4x5x5xf32>) -> tensor<4x5x5xf32>
  %y = edge.reshape %s : (tensor<4x5x5xf32>) -> tensor<2x2x5x5xf32>
  return %y : tensor<2x2x5x5xf32>
}

// -----

// A recurrent layer: what is carried starts with zeros and has samples from the
// first iteration on. They lie in its second dimension, and outside in the first.
// CHECK-LABEL: func.func @steps_batch1(
// CHECK: edge.transpose {{.*}} -> tensor<7x1x3xf32>
// CHECK: %[[ZERO:.+]] = edge.constant dense<0.000000e+00> : tensor<1x3xf32>
// CHECK: edge.loop %{{.*}}, %{{.*}}, %[[ZERO]]
// CHECK: edge.add {{.*}} -> tensor<1x3xf32>
func.func @steps(%x: tensor<2x7x3xf32> {edge.batch}) -> tensor<2x7x3xf32> {
  %n = edge.constant dense<7> : tensor<i64>
  %yes = edge.constant dense<true> : tensor<i1>
  %zero = edge.constant dense<0.0> : tensor<2x3xf32>
  %t = edge.transpose %x {permutation = array<i64: 1, 0, 2>} : (tensor<2x7x3xf32>) -> tensor<7x2x3xf32>
  %last, %all = edge.loop %n, %yes, %zero : (tensor<i64>, tensor<i1>, tensor<2x3xf32>) -> (tensor<2x3xf32>, tensor<7x2x3xf32>) {
  ^bb0(%i: tensor<i64>, %h: tensor<2x3xf32>):
    %s = edge.gather %t, %i {axis = 0 : i64} : (tensor<7x2x3xf32>, tensor<i64>) -> tensor<2x3xf32>
    %sum = edge.add %h, %s : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
    edge.yield %yes, %sum, %sum : tensor<i1>, tensor<2x3xf32>, tensor<2x3xf32>
  }
  %y = edge.transpose %all {permutation = array<i64: 1, 0, 2>} : (tensor<7x2x3xf32>) -> tensor<2x7x3xf32>
  return %y : tensor<2x7x3xf32>
}

// -----

// Rows of a matrix product, merged with the steps that come before them. What is
// added is the same for all samples of a step.
// CHECK-LABEL: func.func @rows_batch1(
// CHECK: edge.reshape {{.*}} -> tensor<3x4xf32>
// CHECK: edge.matmul {{.*}} -> tensor<3x5xf32>
// CHECK: edge.constant dense<{{\[}}[1.000000e+00], [2.000000e+00], [3.000000e+00]]> : tensor<3x1xf32>
// CHECK: edge.add {{.*}} -> tensor<3x5xf32>
// CHECK: edge.reshape {{.*}} -> tensor<3x1x5xf32>
func.func @rows(%x: tensor<2x3x4xf32> {edge.batch}, %w: tensor<4x5xf32>) -> tensor<2x3x5xf32> {
  %step = edge.constant dense<[[1.0], [1.0], [2.0], [2.0], [3.0], [3.0]]> : tensor<6x1xf32>
  %t = edge.transpose %x {permutation = array<i64: 1, 0, 2>} : (tensor<2x3x4xf32>) -> tensor<3x2x4xf32>
  %r = edge.reshape %t : (tensor<3x2x4xf32>) -> tensor<6x4xf32>
  %m = edge.matmul %r, %w : (tensor<6x4xf32>, tensor<4x5xf32>) -> tensor<6x5xf32>
  %a = edge.add %m, %step : (tensor<6x5xf32>, tensor<6x1xf32>) -> tensor<6x5xf32>
  %s = edge.reshape %a : (tensor<6x5xf32>) -> tensor<3x2x5xf32>
  %y = edge.transpose %s {permutation = array<i64: 1, 0, 2>} : (tensor<3x2x5xf32>) -> tensor<2x3x5xf32>
  return %y : tensor<2x3x5xf32>
}

// -----

// Rows of a table of integers, each with its scale.
// CHECK-LABEL: func.func @table_batch1(
// CHECK: edge.gather {{.*}} -> tensor<3x4xi8>
// CHECK: edge.gather {{.*}} -> tensor<3xf32>
// CHECK: edge.dequantize {{.*}} : (tensor<3x4xi8>, tensor<3xf32>, tensor<i8>) -> tensor<3x4xf32>
func.func @table(%x: tensor<2x3xi64> {edge.batch}) -> tensor<2x3x4xf32> {
  %q = edge.constant dense<[[1, 2, 3, 4], [5, 6, 7, 8]]> : tensor<2x4xi8>
  %s = edge.constant dense<[0.5, 2.0]> : tensor<2xf32>
  %z = edge.constant dense<0> : tensor<i8>
  %i = edge.reshape %x : (tensor<2x3xi64>) -> tensor<6xi64>
  %rows = edge.gather %q, %i {axis = 0 : i64} : (tensor<2x4xi8>, tensor<6xi64>) -> tensor<6x4xi8>
  %scales = edge.gather %s, %i {axis = 0 : i64} : (tensor<2xf32>, tensor<6xi64>) -> tensor<6xf32>
  %d = edge.dequantize %rows, %scales, %z {axis = 0 : i64} : (tensor<6x4xi8>, tensor<6xf32>, tensor<i8>) -> tensor<6x4xf32>
  %y = edge.reshape %d : (tensor<6x4xf32>) -> tensor<2x3x4xf32>
  return %y : tensor<2x3x4xf32>
}

// -----

// Without a batch nothing happens; one of a single sample has no smaller one.
// CHECK-LABEL: func.func @fixed(
// CHECK-NOT: edge.batch
// CHECK-LABEL: func.func @single(
// CHECK-SAME: edge.batch_variants = []
// CHECK-NOT: func.func
func.func @fixed(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
  return %x : tensor<2x3xf32>
}
func.func @single(%x: tensor<1x3xf32> {edge.batch}) -> tensor<1x3xf32> {
  %y = edge.relu %x : tensor<1x3xf32>
  return %y : tensor<1x3xf32>
}
