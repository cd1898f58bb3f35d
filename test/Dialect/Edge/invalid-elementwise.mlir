// RUN: edgec-opt %s --split-input-file --verify-diagnostics

func.func @broadcasting(%x: tensor<2x3xf32>, %y: tensor<2x4xf32>) {
  // expected-error@+2 {{shapes 2x3 and 2x4 do not broadcast: extents 3 and 4 differ and neither is 1}}
  // expected-error@+1 {{failed to infer returned types}}
  %z = edge.add %x, %y : (tensor<2x3xf32>, tensor<2x4xf32>) -> tensor<2x3xf32>
  return
}

// -----

func.func @element_types(%x: tensor<2xf32>, %y: tensor<2xf64>) {
  // expected-error@+1 {{requires the same element type for all operands}}
  %z = edge.add %x, %y : (tensor<2xf32>, tensor<2xf64>) -> tensor<2xf64>
  return
}

// -----

func.func @result(%x: tensor<2x1xf32>, %y: tensor<3xf32>) {
  // expected-error@+2 {{inferred type(s) 'tensor<2x3xf32>' are incompatible with return type(s) of operation 'tensor<3x2xf32>'}}
  // expected-error@+1 {{failed to infer returned types}}
  %z = edge.add %x, %y : (tensor<2x1xf32>, tensor<3xf32>) -> tensor<3x2xf32>
  return
}

// -----

func.func @signed_elements(%x: tensor<2xsi8>) {
  // expected-error@+1 {{operand #0 must be ranked tensor of float or integer element values}}
  %z = edge.abs %x : tensor<2xsi8>
  return
}

// -----

func.func @clamp_c1(%x: tensor<2xf32>) {
  // expected-error@+1 {{bounds must not be NaN}}
  %z = edge.clamp %x {min = 0x7FF8000000000000 : f64, max = 1.0} : tensor<2xf32>
  return
}

// -----

func.func @clamp_c2(%x: tensor<2xi32>) {
  // expected-error@+1 {{bounds 5.000000e-01 and 6.000000e+00 of an integer clamp must be integers or infinite}}
  %z = edge.clamp %x {min = 0.5, max = 6.0} : tensor<2xi32>
  return
}

// -----

func.func @compare_c1(%x: tensor<2xf32>, %y: tensor<2xi32>) {
  // expected-error@+1 {{operands have different element types, 'f32' and 'i32'}}
  %z = edge.compare <lt> %x, %y : (tensor<2xf32>, tensor<2xi32>) -> tensor<2xi1>
  return
}

// -----

func.func @select_c1(%c: tensor<2xi1>, %x: tensor<2xf32>, %y: tensor<2xi32>) {
  // expected-error@+1 {{operands have different element types, 'f32' and 'i32'}}
  %z = edge.select %c, %x, %y : (tensor<2xi1>, tensor<2xf32>, tensor<2xi32>) -> tensor<2xi32>
  return
}
