// RUN: edgec-random %s
// Bytes that instructions multiply four at once were computed within a padded tensor, three apart.
func.func @run(%arg0: tensor<2x65x2xi8> {edge.random = {high = 2.000000e+01 : f64, low = -2.000000e+01 : f64, seed = 1686720484414296856 : i64, step = 1.000000 : f64}}, %arg1: tensor<17x1x1xi32> {edge.random = {high = 2.000000e+01 : f64, low = -2.000000e+01 : f64, seed = 1867295045229278213 : i64, step = 1.000000 : f64}}, %arg2: tensor<1xi32> {edge.random = {high = 7.560000e+02 : f64, low = 7.560000e+02 : f64, seed = 4 : i64, step = 0.000000 : f64}}, %arg3: tensor<17x65x1xf32> {edge.random = {high = 0.08441781997680664 : f64, low = -2.4059078693389893 : f64, seed = 5 : i64, step = 0.000000 : f64}}) -> (tensor<17x1x1xi32> {edge.rounding = 0.000000 : f64}, tensor<19x65x2xi8> {edge.rounding = 0.000000 : f64}) {
  %0 = edge.constant dense<0.036133457> : tensor<f32>
  %1 = edge.constant dense<-9> : tensor<i8>
  %2 = edge.quantize %arg3, %0, %1 : (tensor<17x65x1xf32>, tensor<f32>, tensor<i8>) -> tensor<17x65x1xi8>
  %result, %indices = edge.max_pool_with_indices %2 {column_major, dilations = array<i64: 1>, kernel = array<i64: 2>, pads = array<i64: 1, 1>, strides = array<i64: 1>} : (tensor<17x65x1xi8>) -> (tensor<17x65x2xi8>, tensor<17x65x2xi64>)
  %3 = edge.concat %result, %arg0 {axis = 0 : i64} : (tensor<17x65x2xi8>, tensor<2x65x2xi8>) -> tensor<19x65x2xi8>
  %4 = edge.parameter "w3" dense_resource<filter> : tensor<1x65x1xi8>
  %5 = edge.conv %2, %4, %arg2 {dilations = array<i64: 1>, groups = 1 : i64, pads = array<i64: 0, 0>, strides = array<i64: 1>} : (tensor<17x65x1xi8>, tensor<1x65x1xi8>, tensor<1xi32>) -> tensor<17x1x1xi32>
  %6 = edge.add %arg1, %5 : (tensor<17x1x1xi32>, tensor<17x1x1xi32>) -> tensor<17x1x1xi32>
  return %6, %3 : tensor<17x1x1xi32>, tensor<19x65x2xi8>
}

{-#
  dialect_resources: {
    builtin: {
      filter: "0x4000000030F065F413D8F8E88B6FD51D9BD76A795DB4B7F313ABB0219EAC41DA83811DE2994FBC741B8D4A9BD43FB92DB813EF1DDF480A55D6CCC77C82A0EB3D267411AD49"
    }
  }
#-}
