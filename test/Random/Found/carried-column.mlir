// RUN: edgec-random %s
// A loop that starts with a part of a tensor had buffers with strides that were known at run time only.
func.func @run(%arg0: tensor<4xf32> {edge.random = {high = 6.400000e+01 : f64, low = 0.000000 : f64, seed = 5562408992173095289 : i64, step = 4.000000 : f64}}, %arg1: tensor<1xi32> {edge.random = {high = 3.200000e+01 : f64, low = -3.300000e+01 : f64, seed = 1812154920600475834 : i64, step = 1.000000 : f64}}, %arg2: tensor<i1> {edge.random = {high = 1.000000 : f64, low = 0.000000 : f64, seed = 521171619469558770 : i64, step = 1.000000 : f64}}, %arg3: tensor<4x33xf32> {edge.random = {high = 0.93747413158416748 : f64, low = -1.0672469139099121 : f64, seed = 5 : i64, step = 0.000000 : f64}}, %arg4: tensor<9x4x4xf32> {edge.random = {high = -4.8104648590087891 : f64, low = -5.6470675468444824 : f64, seed = 6 : i64, step = 0.000000 : f64}}) -> (tensor<9x4x1xf32> {edge.rounding = 6.848170483029272E-5 : f64}) {
  %0 = edge.matmul %arg4, %arg3 : (tensor<9x4x4xf32>, tensor<4x33xf32>) -> tensor<9x4x33xf32>
  %1 = edge.gather %0, %arg1 {axis = 2 : i64} : (tensor<9x4x33xf32>, tensor<1xi32>) -> tensor<9x4x1xf32>
  %2 = edge.constant dense<4> : tensor<i64>
  %3 = edge.constant dense<true> : tensor<i1>
  %4:2 = edge.loop %2, %3, %arg0, %1 : (tensor<i64>, tensor<i1>, tensor<4xf32>, tensor<9x4x1xf32>) -> (tensor<4xf32>, tensor<9x4x1xf32>) {
  ^bb0(%arg5: tensor<i64>, %arg6: tensor<4xf32>, %arg7: tensor<9x4x1xf32>):
    %5 = edge.clamp %arg6 {max = 6.400000e+01 : f64, min = -6.400000e+01 : f64} : tensor<4xf32>
    %6 = edge.clamp %5 {max = 4.000000 : f64, min = -4.000000 : f64} : tensor<4xf32>
    %7 = edge.clamp %arg7 {max = 6.400000e+01 : f64, min = -6.400000e+01 : f64} : tensor<9x4x1xf32>
    %8 = edge.clamp %7 {max = 4.000000 : f64, min = -4.000000 : f64} : tensor<9x4x1xf32>
    edge.yield %arg2, %6, %8 : tensor<i1>, tensor<4xf32>, tensor<9x4x1xf32>
  }
  return %4#1 : tensor<9x4x1xf32>
}
