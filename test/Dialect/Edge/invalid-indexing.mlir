// RUN: edgec-opt %s --split-input-file --verify-diagnostics

func.func @iota_c1() {
  // expected-error@+1 {{axis 1 is out of range for rank 1}}
  %y = edge.iota {axis = 1 : i64} : tensor<3xi64>
  return
}

// -----

func.func @gather_elements_c1_axis(%x: tensor<2x3xf32>, %i: tensor<2x3xi64>) {
  // expected-error@+2 {{axis 2 is not a dimension of a tensor of rank 2}}
  // expected-error@+1 {{failed to infer returned types}}
  %y = edge.gather_elements %x, %i {axis = 2 : i64} : (tensor<2x3xf32>, tensor<2x3xi64>) -> tensor<2x3xf32>
  return
}

// -----

func.func @gather_elements_c1_rank(%x: tensor<2x3xf32>, %i: tensor<3xi64>) {
  // expected-error@+2 {{indices of shape 3 must have the rank of the input of shape 2x3}}
  // expected-error@+1 {{failed to infer returned types}}
  %y = edge.gather_elements %x, %i {axis = 1 : i64} : (tensor<2x3xf32>, tensor<3xi64>) -> tensor<3xf32>
  return
}

// -----

func.func @gather_elements_c2(%x: tensor<3xf32>, %i: tensor<3xi16>) {
  // expected-error@+2 {{indices are 'i16' and must be i32 or i64}}
  // expected-error@+1 {{failed to infer returned types}}
  %y = edge.gather_elements %x, %i {axis = 0 : i64} : (tensor<3xf32>, tensor<3xi16>) -> tensor<3xf32>
  return
}

// -----

func.func @gather_elements_c3(%x: tensor<2x3xf32>, %i: tensor<3x5xi64>) {
  // expected-error@+2 {{indices of shape 3x5 leave the input of shape 2x3 in dimension 0}}
  // expected-error@+1 {{failed to infer returned types}}
  %y = edge.gather_elements %x, %i {axis = 1 : i64} : (tensor<2x3xf32>, tensor<3x5xi64>) -> tensor<3x5xf32>
  return
}

// -----

func.func @gather_elements_c4(%x: tensor<0xf32>, %i: tensor<2xi64>) {
  // expected-error@+2 {{dimension 0 of shape 0 has no elements to gather}}
  // expected-error@+1 {{failed to infer returned types}}
  %y = edge.gather_elements %x, %i {axis = 0 : i64} : (tensor<0xf32>, tensor<2xi64>) -> tensor<2xf32>
  return
}

// -----

func.func @gather_nd_c1(%x: tensor<2x3xf32>, %i: tensor<4x1xi64>) {
  // expected-error@+2 {{input 2x3 and indices 4x1 must have 1 equal batch dimensions and others after them}}
  // expected-error@+1 {{failed to infer returned types}}
  %y = edge.gather_nd %x, %i {batch_dims = 1 : i64} : (tensor<2x3xf32>, tensor<4x1xi64>) -> tensor<4xf32>
  return
}

// -----

func.func @gather_nd_c2(%x: tensor<2x3xf32>, %i: tensor<4x1xui8>) {
  // expected-error@+2 {{indices are 'ui8' and must be i32 or i64}}
  // expected-error@+1 {{failed to infer returned types}}
  %y = edge.gather_nd %x, %i {batch_dims = 0 : i64} : (tensor<2x3xf32>, tensor<4x1xui8>) -> tensor<4x3xf32>
  return
}

// -----

func.func @gather_nd_c3(%x: tensor<2x3xf32>, %i: tensor<4x3xi64>) {
  // expected-error@+2 {{tuples of 3 indices must have 1 to 2 for the input of shape 2x3 with 0 batch dimensions}}
  // expected-error@+1 {{failed to infer returned types}}
  %y = edge.gather_nd %x, %i {batch_dims = 0 : i64} : (tensor<2x3xf32>, tensor<4x3xi64>) -> tensor<4xf32>
  return
}

// -----

func.func @gather_nd_c4(%x: tensor<2x0xf32>, %i: tensor<4x2xi64>) {
  // expected-error@+2 {{the input of shape 2x0 has no elements to gather}}
  // expected-error@+1 {{failed to infer returned types}}
  %y = edge.gather_nd %x, %i {batch_dims = 0 : i64} : (tensor<2x0xf32>, tensor<4x2xi64>) -> tensor<4xf32>
  return
}

// -----

func.func @scatter_elements_c3(%x: tensor<4xf32>, %i: tensor<2xi64>, %u: tensor<3xf32>) {
  // expected-error@+2 {{updates are 'tensor<3xf32>' and must be 'f32' elements of shape 2}}
  // expected-error@+1 {{failed to infer returned types}}
  %y = edge.scatter_elements <assign> %x, %i, %u {axis = 0 : i64} : (tensor<4xf32>, tensor<2xi64>, tensor<3xf32>) -> tensor<4xf32>
  return
}

// -----

func.func @scatter_elements_c5(%x: tensor<4xi1>, %i: tensor<2xi64>, %u: tensor<2xi1>) {
  // expected-error@+2 {{updates of kind add need numbers, not 'i1'}}
  // expected-error@+1 {{failed to infer returned types}}
  %y = edge.scatter_elements <add> %x, %i, %u {axis = 0 : i64} : (tensor<4xi1>, tensor<2xi64>, tensor<2xi1>) -> tensor<4xi1>
  return
}

// -----

func.func @scatter_nd_c1(%x: tensor<4xf32>, %i: tensor<i64>, %u: tensor<f32>) {
  // expected-error@+2 {{indices are a scalar and must hold tuples}}
  // expected-error@+1 {{failed to infer returned types}}
  %y = edge.scatter_nd <assign> %x, %i, %u : (tensor<4xf32>, tensor<i64>, tensor<f32>) -> tensor<4xf32>
  return
}

// -----

func.func @scatter_nd_c2(%x: tensor<4xf32>, %i: tensor<1x2xi64>, %u: tensor<1xf32>) {
  // expected-error@+2 {{tuples of 2 indices are too long for the input of shape 4}}
  // expected-error@+1 {{failed to infer returned types}}
  %y = edge.scatter_nd <assign> %x, %i, %u : (tensor<4xf32>, tensor<1x2xi64>, tensor<1xf32>) -> tensor<4xf32>
  return
}

// -----

func.func @scatter_nd_c3(%x: tensor<4x2xf32>, %i: tensor<3x1xi64>, %u: tensor<3xf32>) {
  // expected-error@+2 {{updates are 'tensor<3xf32>' and must be 'f32' elements of shape 3x2}}
  // expected-error@+1 {{failed to infer returned types}}
  %y = edge.scatter_nd <assign> %x, %i, %u : (tensor<4x2xf32>, tensor<3x1xi64>, tensor<3xf32>) -> tensor<4x2xf32>
  return
}

// -----

func.func @top_k_c1(%x: tensor<4xf32>) {
  // expected-error@+2 {{axis 1 is not a dimension of a tensor of rank 1}}
  // expected-error@+1 {{failed to infer returned types}}
  %v, %i = edge.top_k %x {k = 2 : i64, axis = 1 : i64, largest = true} : (tensor<4xf32>) -> (tensor<2xf32>, tensor<2xi64>)
  return
}

// -----

func.func @top_k_c2(%x: tensor<4xf32>) {
  // expected-error@+2 {{k is 5 and must be at most the 4 elements along axis 0}}
  // expected-error@+1 {{failed to infer returned types}}
  %v, %i = edge.top_k %x {k = 5 : i64, axis = 0 : i64, largest = true} : (tensor<4xf32>) -> (tensor<5xf32>, tensor<5xi64>)
  return
}

// -----

func.func @cumulative_sum_c1(%x: tensor<f32>) {
  // expected-error@+2 {{axis 0 is not a dimension of a tensor of rank 0}}
  // expected-error@+1 {{failed to infer returned types}}
  %y = edge.cumulative_sum %x {axis = 0 : i64} : (tensor<f32>) -> tensor<f32>
  return
}

// -----

func.func @non_zero_c1(%x: tensor<f32>) {
  // expected-error@+2 {{a scalar has no positions: give it a dimension}}
  // expected-error@+1 {{failed to infer returned types}}
  %y, %n = edge.non_zero %x : (tensor<f32>) -> (tensor<0x1xi64>, tensor<i64>)
  return
}

// -----

func.func @compress_c2(%x: tensor<2x3xf32>, %c: tensor<4xi1>) {
  // expected-error@+2 {{condition of shape 4 must be a vector of at most 3 elements}}
  // expected-error@+1 {{failed to infer returned types}}
  %y, %n = edge.compress %x, %c {axis = 1 : i64} : (tensor<2x3xf32>, tensor<4xi1>) -> (tensor<2x4xf32>, tensor<i64>)
  return
}

// -----

func.func @unique_c1(%x: tensor<f32>) {
  // expected-error@+2 {{a scalar has no slices: give it a dimension}}
  // expected-error@+1 {{failed to infer returned types}}
  %y:5 = edge.unique %x : (tensor<f32>) -> (tensor<f32>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64>, tensor<i64>)
  return
}

// -----

func.func @non_max_suppression_c1(%b: tensor<1x6x5xf32>, %s: tensor<1x2x6xf32>, %n: tensor<i64>, %t: tensor<f32>) {
  // expected-error@+2 {{they must be [batch, n, 4] and [batch, classes, n] of one element type}}
  // expected-error@+1 {{failed to infer returned types}}
  %y, %c = edge.non_max_suppression %b, %s, %n, %t, %t {bound = 3 : i64}
      : (tensor<1x6x5xf32>, tensor<1x2x6xf32>, tensor<i64>, tensor<f32>, tensor<f32>) -> (tensor<6x3xi64>, tensor<i64>)
  return
}
