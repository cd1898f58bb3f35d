// RUN: edgec-opt %s -split-input-file -verify-diagnostics

func.func @rowwise_extents(%x: tensor<4x8xf32>, %y: tensor<4x8xf32>) {
  // expected-error @+1 {{(C1) extents must be positive, one of them the column}}
  %r = kernel.rowwise ins(%x : tensor<4x8xf32>) outs(%y : tensor<4x8xf32>)
    attributes {extents = array<i64: 4, 0>, combiners = ["add"],
      input_maps = [affine_map<(i, j) -> (i, j)>], init_map = affine_map<(i, j) -> (i, j)>} {
  ^bb0(%a: f32):
    kernel.yield %a : f32
  }, {
  ^bb0(%a: f32, %sum: f32, %last: f32):
    kernel.yield %sum : f32
  } -> tensor<4x8xf32>
  return
}

// -----

func.func @rowwise_outside(%x: tensor<4x7xf32>, %y: tensor<4x8xf32>) {
  // expected-error @+1 {{(C3) input's index along axis 1 reaches from 0 to 7, outside [0, 7)}}
  %r = kernel.rowwise ins(%x : tensor<4x7xf32>) outs(%y : tensor<4x8xf32>)
    attributes {extents = array<i64: 4, 8>, combiners = ["add"],
      input_maps = [affine_map<(i, j) -> (i, j)>], init_map = affine_map<(i, j) -> (i, j)>} {
  ^bb0(%a: f32):
    kernel.yield %a : f32
  }, {
  ^bb0(%a: f32, %sum: f32, %last: f32):
    kernel.yield %sum : f32
  } -> tensor<4x8xf32>
  return
}

// -----

func.func @rowwise_repeats(%x: tensor<4x8xf32>, %y: tensor<4xf32>) {
  // expected-error @+1 {{(C2) init's map must be a permutation}}
  %r = kernel.rowwise ins(%x : tensor<4x8xf32>) outs(%y : tensor<4xf32>)
    attributes {extents = array<i64: 4, 8>, combiners = ["add"],
      input_maps = [affine_map<(i, j) -> (i, j)>], init_map = affine_map<(i, j) -> (i)>} {
  ^bb0(%a: f32):
    kernel.yield %a : f32
  }, {
  ^bb0(%a: f32, %sum: f32, %last: f32):
    kernel.yield %sum : f32
  } -> tensor<4xf32>
  return
}

// -----

func.func @rowwise_combiner(%x: tensor<4x8xf32>, %y: tensor<4x8xf32>) {
  // expected-error @+1 {{(C3) unknown combiner 'mul'}}
  %r = kernel.rowwise ins(%x : tensor<4x8xf32>) outs(%y : tensor<4x8xf32>)
    attributes {extents = array<i64: 4, 8>, combiners = ["mul"],
      input_maps = [affine_map<(i, j) -> (i, j)>], init_map = affine_map<(i, j) -> (i, j)>} {
  ^bb0(%a: f32):
    kernel.yield %a : f32
  }, {
  ^bb0(%a: f32, %sum: f32, %last: f32):
    kernel.yield %sum : f32
  } -> tensor<4x8xf32>
  return
}

// -----

func.func @rowwise_arguments(%x: tensor<4x8xf32>, %y: tensor<4x8xf32>) {
  // expected-error @+1 {{(C4) region 1 must have the arguments ('f32', 'f32', 'f32')}}
  %r = kernel.rowwise ins(%x : tensor<4x8xf32>) outs(%y : tensor<4x8xf32>)
    attributes {extents = array<i64: 4, 8>, combiners = ["add"],
      input_maps = [affine_map<(i, j) -> (i, j)>], init_map = affine_map<(i, j) -> (i, j)>} {
  ^bb0(%a: f32):
    kernel.yield %a : f32
  }, {
  ^bb0(%a: f32, %sum: f32):
    kernel.yield %sum : f32
  } -> tensor<4x8xf32>
  return
}
