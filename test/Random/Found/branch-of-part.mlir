// RUN: edgec-random %s
// A branch gave a part of a concatenation, and the other one gave what it computed.
func.func @run(%arg0: tensor<11xf32> {edge.random = {high = 4.000000e+00 : f64, low = -4.000000e+00 : f64, seed = 3203525185005582598 : i64, step = 0.000000e+00 : f64}}, %arg1: tensor<9xf32> {edge.random = {high = 6.400000e+01 : f64, low = -6.400000e+01 : f64, seed = 525408852033838548 : i64, step = 0.000000e+00 : f64}}, %arg2: tensor<9xf32> {edge.random = {high = 4.000000e+00 : f64, low = -4.000000e+00 : f64, seed = 4997842404283304336 : i64, step = 0.000000e+00 : f64}}, %arg3: tensor<i1> {edge.random = {high = 1.000000e+00 : f64, low = 0.000000e+00 : f64, seed = 2612623284148588726 : i64, step = 1.000000e+00 : f64}}, %arg4: tensor<1xi1> {edge.random = {high = 0.000000e+00 : f64, low = 0.000000e+00 : f64, seed = 5 : i64, step = 9.765625E-4 : f64}}, %arg5: tensor<11xf32> {edge.random = {high = 0.79315376281738281 : f64, low = -0.73586058616638184 : f64, seed = 6 : i64, step = 0.000000e+00 : f64}}) -> (tensor<16xf32> {edge.rounding = 5.2288984842666142E-7 : f64}, tensor<11xf32> {edge.rounding = 3.2782554626464844E-7 : f64}) {
  %0 = edge.select %arg4, %arg0, %arg5 : (tensor<1xi1>, tensor<11xf32>, tensor<11xf32>) -> tensor<11xf32>
  %1 = edge.constant dense<[-2.82634878, 1.36925089, -0.964350342, -1.95535958, -1.88219559, 3.64504695, 1.31472194, 3.92611217, 0.727520823, 2.26730466, 1.2793386]> : tensor<11xf32>
  %2 = edge.concat %1, %0, %arg1, %arg2 {axis = 0 : i64} : (tensor<11xf32>, tensor<11xf32>, tensor<9xf32>, tensor<9xf32>) -> tensor<40xf32>
  %3:2 = edge.if %arg3 : (tensor<i1>) -> (tensor<11xf32>, tensor<40xf32>) {
    %5 = edge.softplus %0 : tensor<11xf32>
    edge.yield %5, %2 : tensor<11xf32>, tensor<40xf32>
  } else {
    edge.yield %0, %2 : tensor<11xf32>, tensor<40xf32>
  }
  %4 = edge.slice %3#1 {sizes = array<i64: 16>, starts = array<i64: 8>, steps = array<i64: 1>} : (tensor<40xf32>) -> tensor<16xf32>
  return %4, %3#0 : tensor<16xf32>, tensor<11xf32>
}
