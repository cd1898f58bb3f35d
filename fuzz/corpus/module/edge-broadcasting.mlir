func.func @broadcasting(%x: tensor<2x3xf32>, %y: tensor<3xf32>, %c: tensor<2x3xi1>, %i: tensor<i64>) {
  %add = edge.add %x, %y : (tensor<2x3xf32>, tensor<3xf32>) -> tensor<2x3xf32>
  %sub = edge.sub %x, %y : (tensor<2x3xf32>, tensor<3xf32>) -> tensor<2x3xf32>
  %mul = edge.mul %x, %y : (tensor<2x3xf32>, tensor<3xf32>) -> tensor<2x3xf32>
  %div = edge.div %x, %y : (tensor<2x3xf32>, tensor<3xf32>) -> tensor<2x3xf32>
  %maximum = edge.maximum %x, %y : (tensor<2x3xf32>, tensor<3xf32>) -> tensor<2x3xf32>
  %minimum = edge.minimum %x, %y : (tensor<2x3xf32>, tensor<3xf32>) -> tensor<2x3xf32>
  %prelu = edge.prelu %x, %y : (tensor<2x3xf32>, tensor<3xf32>) -> tensor<2x3xf32>
  %mod = edge.mod %x, %y : (tensor<2x3xf32>, tensor<3xf32>) -> tensor<2x3xf32>
  %fmod = edge.mod %x, %y {fmod} : (tensor<2x3xf32>, tensor<3xf32>) -> tensor<2x3xf32>
  %and = edge.and %c, %c : (tensor<2x3xi1>, tensor<2x3xi1>) -> tensor<2x3xi1>
  %or = edge.or %c, %c : (tensor<2x3xi1>, tensor<2x3xi1>) -> tensor<2x3xi1>
  %bits = edge.cast %c : (tensor<2x3xi1>) -> tensor<2x3xui8>
  %shift_left = edge.shift_left %bits, %bits : (tensor<2x3xui8>, tensor<2x3xui8>) -> tensor<2x3xui8>
  %shift_right = edge.shift_right %bits, %bits : (tensor<2x3xui8>, tensor<2x3xui8>) -> tensor<2x3xui8>
  %xor = edge.xor %c, %c : (tensor<2x3xi1>, tensor<2x3xi1>) -> tensor<2x3xi1>
  %pow = edge.pow %x, %i : (tensor<2x3xf32>, tensor<i64>) -> tensor<2x3xf32>
  %eq = edge.compare <eq> %x, %y : (tensor<2x3xf32>, tensor<3xf32>) -> tensor<2x3xi1>
  %ne = edge.compare <ne> %x, %y : (tensor<2x3xf32>, tensor<3xf32>) -> tensor<2x3xi1>
  %lt = edge.compare <lt> %x, %y : (tensor<2x3xf32>, tensor<3xf32>) -> tensor<2x3xi1>
  %le = edge.compare <le> %x, %y : (tensor<2x3xf32>, tensor<3xf32>) -> tensor<2x3xi1>
  %gt = edge.compare <gt> %x, %y : (tensor<2x3xf32>, tensor<3xf32>) -> tensor<2x3xi1>
  %ge = edge.compare <ge> %x, %y : (tensor<2x3xf32>, tensor<3xf32>) -> tensor<2x3xi1>
  %select = edge.select %c, %x, %y : (tensor<2x3xi1>, tensor<2x3xf32>, tensor<3xf32>) -> tensor<2x3xf32>
  %nan = edge.is_nan %x : (tensor<2x3xf32>) -> tensor<2x3xi1>
  %inf = edge.is_inf %x {detect_negative = false} : (tensor<2x3xf32>) -> tensor<2x3xi1>
  %cast = edge.cast %x : (tensor<2x3xf32>) -> tensor<2x3xui8>
  return
}
