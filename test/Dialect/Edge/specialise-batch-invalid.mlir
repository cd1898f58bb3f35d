// RUN: edgec-opt %s --split-input-file --verify-diagnostics --edge-specialise-batch

func.func @mean(%x: tensor<4x3xf32> {edge.batch}) -> tensor<1x3xf32> {
  // expected-error @+1 {{'edge.reduce' op computes one sample of a batch from others, or is not known not to: fix the batch with --shape}}
  %y = edge.reduce <mean> %x {axes = array<i64: 0>, keep_dims = true} : (tensor<4x3xf32>) -> tensor<1x3xf32>
  return %y : tensor<1x3xf32>
}

// -----

func.func @softmax(%x: tensor<4x3xf32> {edge.batch}) -> tensor<4x3xf32> {
  // expected-error @+1 {{'edge.softmax' op computes one sample of a batch from others}}
  %y = edge.softmax %x {axis = 0 : i64} : (tensor<4x3xf32>) -> tensor<4x3xf32>
  return %y : tensor<4x3xf32>
}

// -----

// Every sample with every other one.
func.func @gram(%x: tensor<4x3xf32> {edge.batch}) -> tensor<4x4xf32> {
  // expected-error @+1 {{'edge.matmul' op computes one sample of a batch from others}}
  %y = edge.matmul %x, %x {transpose_rhs} : (tensor<4x3xf32>, tensor<4x3xf32>) -> tensor<4x4xf32>
  return %y : tensor<4x4xf32>
}

// -----

// Rows that differ from sample to sample belong to samples of one number.
func.func @positions(%x: tensor<4x3xf32> {edge.batch}) -> tensor<4x3xf32> {
  %p = edge.constant dense<[[1.0], [2.0], [3.0], [4.0]]> : tensor<4x1xf32>
  // expected-error @+1 {{'edge.add' op computes one sample of a batch from others}}
  %y = edge.add %x, %p : (tensor<4x3xf32>, tensor<4x1xf32>) -> tensor<4x3xf32>
  return %y : tensor<4x3xf32>
}

// -----

func.func @slice(%x: tensor<4x3xf32> {edge.batch}) -> tensor<3x3xf32> {
  // expected-error @+1 {{'edge.slice' op computes one sample of a batch from others}}
  %y = edge.slice %x {starts = array<i64: 1, 0>, sizes = array<i64: 3, 3>, steps = array<i64: 1, 1>} : (tensor<4x3xf32>) -> tensor<3x3xf32>
  return %y : tensor<3x3xf32>
}

// -----

func.func @transposed(%x: tensor<4x3xf32> {edge.batch}) -> tensor<3x4xf32> {
  %y = edge.transpose %x {permutation = array<i64: 1, 0>} : (tensor<4x3xf32>) -> tensor<3x4xf32>
  // expected-error @+1 {{output 0 has the samples of a batch in dimension 1, where they do not follow each other in memory}}
  return %y : tensor<3x4xf32>
}

// -----

// The samples are the inner part of what is merged, and so of the output.
func.func @merged(%x: tensor<4x3xf32> {edge.batch}) -> tensor<12xf32> {
  %t = edge.transpose %x {permutation = array<i64: 1, 0>} : (tensor<4x3xf32>) -> tensor<3x4xf32>
  %y = edge.reshape %t : (tensor<3x4xf32>) -> tensor<12xf32>
  // expected-error @+1 {{output 0 has the samples of a batch in dimension 0, where they do not follow each other in memory}}
  return %y : tensor<12xf32>
}

// -----

// Parts of samples in one dimension, parts in the next.
func.func @divided(%x: tensor<4x3xf32> {edge.batch}) -> tensor<2x6xf32> {
  // expected-error @+1 {{'edge.reshape' op computes one sample of a batch from others}}
  %y = edge.reshape %x : (tensor<4x3xf32>) -> tensor<2x6xf32>
  return %y : tensor<2x6xf32>
}

// -----

func.func @until(%x: tensor<2xi1> {edge.batch}, %n: tensor<i64>) -> tensor<i1> {
  %yes = edge.constant dense<true> : tensor<i1>
  // expected-error @+1 {{'edge.loop' op moves the samples of a batch: fix the batch with --shape}}
  %y = edge.loop %n, %yes, %x : (tensor<i64>, tensor<i1>, tensor<2xi1>) -> tensor<2xi1> {
  ^bb0(%i: tensor<i64>, %h: tensor<2xi1>):
    %c = edge.constant dense<true> : tensor<2xi1>
    edge.yield %yes, %c : tensor<i1>, tensor<2xi1>
  }
  return %yes : tensor<i1>
}

// -----

// expected-error @+1 {{argument 1 of type 'tensor<3xf32>' has no first dimension for the samples of a batch, or another number of them than other arguments}}
func.func @numbers(%x: tensor<4xf32> {edge.batch}, %y: tensor<3xf32> {edge.batch}) -> tensor<4xf32> {
  return %x : tensor<4xf32>
}

// -----

// The scales of one sample's rows for the columns of all.
func.func @columns(%x: tensor<2x2xi8> {edge.batch}, %s: tensor<2xf32> {edge.batch}) -> tensor<2x2xf32> {
  %z = edge.constant dense<0> : tensor<i8>
  // expected-error @+1 {{'edge.dequantize' op computes one sample of a batch from others, or is not known not to: fix the batch with --shape}}
  %y = edge.dequantize %x, %s, %z {axis = 1 : i64} : (tensor<2x2xi8>, tensor<2xf32>, tensor<i8>) -> tensor<2x2xf32>
  return %y : tensor<2x2xf32>
}
