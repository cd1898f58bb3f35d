func.func @control(%c: tensor<i1>, %n: tensor<i64>, %x: tensor<4xf32>) {
  %constant = edge.constant dense<1.0> : tensor<4xf32>
  %resource = edge.constant dense_resource<blob> : tensor<2xf32>
  %parameter = edge.parameter "fc.weight" dense<2.0> : tensor<4xf32>
  %if = edge.if %c : (tensor<i1>) -> tensor<4xf32> {
    edge.yield %x : tensor<4xf32>
  } else {
    edge.yield %constant : tensor<4xf32>
  }
  %loop:2 = edge.loop %n, %c, %if : (tensor<i64>, tensor<i1>, tensor<4xf32>)
      -> (tensor<4xf32>, tensor<3x2xf32>) {
  ^bb0(%iteration: tensor<i64>, %carried: tensor<4xf32>):
    edge.yield %c, %carried, %resource : tensor<i1>, tensor<4xf32>, tensor<2xf32>
  }
  return
}
