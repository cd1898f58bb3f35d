// RUN: edgec-random %s
// The remainder of a division by zero is zero, as the quotient is.
func.func @run(%x: tensor<9xui8> {edge.random = {high = 255.0 : f64, low = 0.0 : f64}},
               %y: tensor<9xi32> {edge.random = {high = 90.0 : f64, low = -90.0 : f64}})
    -> (tensor<9xui8>, tensor<9xi32>, tensor<9xi32>) {
  %0 = edge.constant dense<[0, 1, 2, 3, 4, 0, 5, 6, 7]> : tensor<9xui8>
  %1 = edge.constant dense<[0, -1, 2, -3, 4, 0, -5, 6, -7]> : tensor<9xi32>
  %2 = edge.mod %x, %0 {fmod} : (tensor<9xui8>, tensor<9xui8>) -> tensor<9xui8>
  %3 = edge.mod %y, %1 : (tensor<9xi32>, tensor<9xi32>) -> tensor<9xi32>
  %4 = edge.mod %y, %1 {fmod} : (tensor<9xi32>, tensor<9xi32>) -> tensor<9xi32>
  return %2, %3, %4 : tensor<9xui8>, tensor<9xi32>, tensor<9xi32>
}
