func.func @shapes(%x: tensor<2x3xf32>, %v: tensor<f32>, %i: tensor<5x1xi64>, %e: tensor<0x3xf32>) {
  %reshape = edge.reshape %x : (tensor<2x3xf32>) -> tensor<3x1x2xf32>
  %transpose = edge.transpose %x {permutation = array<i64: 1, 0>} : (tensor<2x3xf32>) -> tensor<3x2xf32>
  %broadcast = edge.broadcast %x : (tensor<2x3xf32>) -> tensor<4x2x3xf32>
  %concat = edge.concat %x, %e {axis = 0 : i64} : (tensor<2x3xf32>, tensor<0x3xf32>) -> tensor<2x3xf32>
  %slice = edge.slice %x {starts = array<i64: 0, 2>, sizes = array<i64: 2, 2>,
      steps = array<i64: 1, -1>} : (tensor<2x3xf32>) -> tensor<2x2xf32>
  %pad = edge.pad %x, %v {low = array<i64: 1, 0>, high = array<i64: 0, -1>}
      : (tensor<2x3xf32>, tensor<f32>) -> tensor<3x2xf32>
  %reflect = edge.pad %x {low = array<i64: 1, 2>, high = array<i64: 0, 0>,
      mode = #edge.pad_mode<reflect>} : (tensor<2x3xf32>) -> tensor<3x5xf32>
  %gather = edge.gather %x, %i {axis = 1 : i64} : (tensor<2x3xf32>, tensor<5x1xi64>) -> tensor<2x5x1xf32>
  %resize = edge.resize %x {scales = array<f64: 1.0, 2.0>, mode = #edge.resize_mode<nearest>,
      coordinates = #edge.coordinates<asymmetric>, nearest_mode = #edge.nearest_mode<floor>}
      : (tensor<2x3xf32>) -> tensor<2x6xf32>
  return
}
