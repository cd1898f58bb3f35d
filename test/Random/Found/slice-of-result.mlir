// RUN: edgec-random %s
// A buffer took the place of another one, of which there already were views that only a cast tells the type of.
func.func @run(%x: tensor<33x8xf32>, %y: tensor<19x2x8xf32>) -> (tensor<1x2x33xf32>, tensor<19x2x33xi8>) {
  %first = edge.constant dense<0> : tensor<1xi32>
  %scale = edge.constant dense<0.892619669> : tensor<f32>
  %zero = edge.constant dense<-17> : tensor<i8>
  %m = edge.matmul %y, %x {transpose_rhs} : (tensor<19x2x8xf32>, tensor<33x8xf32>) -> tensor<19x2x33xf32>
  %q = edge.quantize %m, %scale, %zero : (tensor<19x2x33xf32>, tensor<f32>, tensor<i8>) -> tensor<19x2x33xi8>
  %c = edge.clamp %m {max = 64.0 : f64, min = -64.0 : f64} : tensor<19x2x33xf32>
  %g = edge.gather %c, %first {axis = 0 : i64} : (tensor<19x2x33xf32>, tensor<1xi32>) -> tensor<1x2x33xf32>
  return %g, %q : tensor<1x2x33xf32>, tensor<19x2x33xi8>
}
