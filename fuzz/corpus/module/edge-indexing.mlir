func.func @indexing(%x: tensor<2x3xf32>, %i: tensor<2x2xi64>, %t: tensor<4x1xi32>, %u: tensor<2x2xf32>,
    %v: tensor<4x3xf32>, %c: tensor<3xi1>, %boxes: tensor<1x6x4xf32>, %scores: tensor<1x2x6xf32>,
    %most: tensor<i64>, %threshold: tensor<f32>) {
  %iota = edge.iota {axis = 1 : i64} : tensor<2x3xi64>
  %ge = edge.gather_elements %x, %i {axis = 1 : i64} : (tensor<2x3xf32>, tensor<2x2xi64>) -> tensor<2x2xf32>
  %gn = edge.gather_nd %x, %t {batch_dims = 0 : i64} : (tensor<2x3xf32>, tensor<4x1xi32>) -> tensor<4x3xf32>
  %se = edge.scatter_elements <add> %x, %i, %u {axis = 1 : i64} : (tensor<2x3xf32>, tensor<2x2xi64>, tensor<2x2xf32>) -> tensor<2x3xf32>
  %sn = edge.scatter_nd <max> %x, %t, %v : (tensor<2x3xf32>, tensor<4x1xi32>, tensor<4x3xf32>) -> tensor<2x3xf32>
  %values, %indices = edge.top_k %x {k = 2 : i64, axis = 1 : i64, largest = true} : (tensor<2x3xf32>) -> (tensor<2x2xf32>, tensor<2x2xi64>)
  %sum = edge.cumulative_sum %x {axis = 0 : i64, exclusive, reverse} : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %where:2 = edge.non_zero %x : (tensor<2x3xf32>) -> (tensor<2x6xi64>, tensor<i64>)
  %some:2 = edge.compress %x, %c {axis = 1 : i64} : (tensor<2x3xf32>, tensor<3xi1>) -> (tensor<2x3xf32>, tensor<i64>)
  %unique:5 = edge.unique %x {sorted} : (tensor<2x3xf32>) -> (tensor<2x3xf32>, tensor<2xi64>, tensor<2xi64>, tensor<2xi64>, tensor<i64>)
  %kept:2 = edge.non_max_suppression %boxes, %scores, %most, %threshold, %threshold {bound = 3 : i64, center_point_box}
      : (tensor<1x6x4xf32>, tensor<1x2x6xf32>, tensor<i64>, tensor<f32>, tensor<f32>) -> (tensor<6x3xi64>, tensor<i64>)
  return
}
