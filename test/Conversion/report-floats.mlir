// RUN: edgec-opt %s --edge-report-floats -verify-diagnostics

#map = affine_map<(i, j) -> (i, j)>
#row = affine_map<(i, j) -> (i)>

// The mean of the rows reads the sums, and others read it.
func.func @quantized(%a: tensor<4x8xi8>, %b: tensor<8x16xi8>) -> (tensor<4xf32>, tensor<4x16xf32>) {
  %init = tensor.empty() : tensor<4x16xf32>
  %rows = tensor.empty() : tensor<4xf32>
  // expected-remark @+1 {{stores 'tensor<4x16xf32>' because a reduction reads it}}
  %r = kernel.contract ins(%a, %b : tensor<4x8xi8>, tensor<8x16xi8>) outs(%init : tensor<4x16xf32>)
    attributes {num_batch = 0 : i64, num_rows = 1 : i64, extents = array<i64: 4, 16, 8>,
      a_map = affine_map<(i, j, k) -> (i, k)>, b_map = affine_map<(i, j, k) -> (k, j)>,
      c_map = affine_map<(i, j, k) -> (i, j)>, extra_maps = [], accumulator = i32} {
  ^bb0(%acc: i32):
    %f = arith.sitofp %acc : i32 to f32
    kernel.yield %f : f32
  } -> tensor<4x16xf32>
  // expected-remark @+1 {{stores 'tensor<4xf32>' because a reduction computes it}}
  %s = linalg.generic {indexing_maps = [#map, #row], iterator_types = ["parallel", "reduction"]}
      ins(%r : tensor<4x16xf32>) outs(%rows : tensor<4xf32>) {
  ^bb0(%x: f32, %sum: f32):
    %next = arith.addf %x, %sum : f32
    linalg.yield %next : f32
  } -> tensor<4xf32>
  %t = linalg.generic {indexing_maps = [#row, #map], iterator_types = ["parallel", "parallel"]}
      ins(%s : tensor<4xf32>) outs(%init : tensor<4x16xf32>) {
  ^bb0(%x: f32, %out: f32):
    linalg.yield %x : f32
  } -> tensor<4x16xf32>
  %u = linalg.generic {indexing_maps = [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>], iterator_types = ["parallel"]}
      ins(%s : tensor<4xf32>) outs(%rows : tensor<4xf32>) {
  ^bb0(%x: f32, %out: f32):
    linalg.yield %x : f32
  } -> tensor<4xf32>
  return %u, %t : tensor<4xf32>, tensor<4x16xf32>
}

// Of a model in floats there is nothing to say.
func.func @float(%a: tensor<4xf32>) -> tensor<4xf32> {
  %init = tensor.empty() : tensor<4xf32>
  %0 = linalg.generic {indexing_maps = [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>], iterator_types = ["parallel"]}
      ins(%a : tensor<4xf32>) outs(%init : tensor<4xf32>) {
  ^bb0(%x: f32, %out: f32):
    linalg.yield %x : f32
  } -> tensor<4xf32>
  %1 = linalg.generic {indexing_maps = [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>], iterator_types = ["parallel"]}
      ins(%0 : tensor<4xf32>) outs(%init : tensor<4xf32>) {
  ^bb0(%x: f32, %out: f32):
    linalg.yield %x : f32
  } -> tensor<4xf32>
  return %1 : tensor<4xf32>
}
