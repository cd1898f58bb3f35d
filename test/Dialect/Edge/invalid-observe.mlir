// RUN: edgec-opt %s --split-input-file --verify-diagnostics

func.func @half_a_range(%x: tensor<2xf32>) {
  // expected-error @+1 {{needs both low and high, or neither}}
  edge.observe %x {point = 0 : i64, low = 0.0 : f32} : tensor<2xf32>
  return
}

// -----

func.func @no_zero(%x: tensor<2xf32>) {
  // expected-error @+1 {{has a range without 0, which paddings need}}
  edge.observe %x {point = 0 : i64, low = 1.0 : f32, high = 2.0 : f32} : tensor<2xf32>
  return
}

// -----

func.func @infinite(%x: tensor<2xf32>) {
  // expected-error @+1 {{has a range that is not finite}}
  edge.observe %x {point = 0 : i64, low = 0.0 : f32, high = 0x7F800000 : f32} : tensor<2xf32>
  return
}

// -----

func.func @integers(%x: tensor<2xi8>) {
  // expected-error @+1 {{operand #0 must be ranked tensor of float element values, but got 'tensor<2xi8>'}}
  edge.observe %x {point = 0 : i64} : tensor<2xi8>
  return
}
