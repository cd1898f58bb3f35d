// RUN: edgec-opt %s --edge-recognise | FileCheck %s

// CHECK-LABEL: func.func @gelu
// CHECK-SAME: (%[[X:.+]]: tensor<2x4xf32>)
// CHECK-NEXT: %[[Y:.+]] = edge.gelu %[[X]] : tensor<2x4xf32>
// CHECK-NEXT: return %[[Y]]
func.func @gelu(%x: tensor<2x4xf32>) -> tensor<2x4xf32> {
  %root = edge.constant dense<1.41421354> : tensor<f32>
  %one = edge.constant dense<1.0> : tensor<f32>
  %half = edge.constant dense<0.5> : tensor<f32>
  %0 = edge.div %x, %root : (tensor<2x4xf32>, tensor<f32>) -> tensor<2x4xf32>
  %1 = edge.erf %0 : tensor<2x4xf32>
  %2 = edge.add %1, %one : (tensor<2x4xf32>, tensor<f32>) -> tensor<2x4xf32>
  %3 = edge.mul %x, %2 : (tensor<2x4xf32>, tensor<2x4xf32>) -> tensor<2x4xf32>
  %4 = edge.mul %3, %half : (tensor<2x4xf32>, tensor<f32>) -> tensor<2x4xf32>
  return %4 : tensor<2x4xf32>
}

// CHECK-LABEL: func.func @gelu_half_first
// CHECK: edge.gelu
func.func @gelu_half_first(%x: tensor<4xf32>) -> tensor<4xf32> {
  %root = edge.constant dense<0.707106769> : tensor<f32>
  %one = edge.constant dense<1.0> : tensor<f32>
  %half = edge.constant dense<0.5> : tensor<f32>
  %0 = edge.mul %root, %x : (tensor<f32>, tensor<4xf32>) -> tensor<4xf32>
  %1 = edge.erf %0 : tensor<4xf32>
  %2 = edge.add %one, %1 : (tensor<f32>, tensor<4xf32>) -> tensor<4xf32>
  %3 = edge.mul %half, %x : (tensor<f32>, tensor<4xf32>) -> tensor<4xf32>
  %4 = edge.mul %2, %3 : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  return %4 : tensor<4xf32>
}

// CHECK-LABEL: func.func @gelu_tanh
// CHECK: edge.gelu %{{.+}} {approximate_tanh}
func.func @gelu_tanh(%x: tensor<4xf32>) -> tensor<4xf32> {
  %three = edge.constant dense<3.0> : tensor<f32>
  %small = edge.constant dense<0.044715> : tensor<f32>
  %root = edge.constant dense<0.797884583> : tensor<f32>
  %one = edge.constant dense<1.0> : tensor<f32>
  %half = edge.constant dense<0.5> : tensor<f32>
  %0 = edge.pow %x, %three : (tensor<4xf32>, tensor<f32>) -> tensor<4xf32>
  %1 = edge.mul %0, %small : (tensor<4xf32>, tensor<f32>) -> tensor<4xf32>
  %2 = edge.add %x, %1 : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %3 = edge.mul %2, %root : (tensor<4xf32>, tensor<f32>) -> tensor<4xf32>
  %4 = edge.tanh %3 : tensor<4xf32>
  %5 = edge.add %4, %one : (tensor<4xf32>, tensor<f32>) -> tensor<4xf32>
  %6 = edge.mul %x, %5 : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %7 = edge.mul %6, %half : (tensor<4xf32>, tensor<f32>) -> tensor<4xf32>
  return %7 : tensor<4xf32>
}

// Another factor is no GELU.
// CHECK-LABEL: func.func @other_factor
// CHECK-NOT: edge.gelu
// CHECK: return
func.func @other_factor(%x: tensor<4xf32>) -> tensor<4xf32> {
  %root = edge.constant dense<0.7> : tensor<f32>
  %one = edge.constant dense<1.0> : tensor<f32>
  %half = edge.constant dense<0.5> : tensor<f32>
  %0 = edge.mul %root, %x : (tensor<f32>, tensor<4xf32>) -> tensor<4xf32>
  %1 = edge.erf %0 : tensor<4xf32>
  %2 = edge.add %one, %1 : (tensor<f32>, tensor<4xf32>) -> tensor<4xf32>
  %3 = edge.mul %half, %x : (tensor<f32>, tensor<4xf32>) -> tensor<4xf32>
  %4 = edge.mul %2, %3 : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  return %4 : tensor<4xf32>
}

// CHECK-LABEL: func.func @layer_norm
// CHECK-SAME: (%[[X:.+]]: tensor<3x4xf32>, %[[S:.+]]: tensor<4xf32>, %[[B:.+]]: tensor<4xf32>)
// CHECK-NEXT: %[[Y:.+]] = edge.layer_norm %[[X]], %[[S]], %[[B]] {axis = 1 : i64, epsilon = {{.+}} : f64}
// CHECK-NEXT: return %[[Y]]
func.func @layer_norm(%x: tensor<3x4xf32>, %s: tensor<4xf32>, %b: tensor<4xf32>) -> tensor<3x4xf32> {
  %two = edge.constant dense<2.0> : tensor<f32>
  %epsilon = edge.constant dense<1.0e-5> : tensor<f32>
  %mean = edge.reduce <mean> %x {axes = array<i64: 1>, keep_dims = true} : (tensor<3x4xf32>) -> tensor<3x1xf32>
  %centred = edge.sub %x, %mean : (tensor<3x4xf32>, tensor<3x1xf32>) -> tensor<3x4xf32>
  %squares = edge.pow %centred, %two : (tensor<3x4xf32>, tensor<f32>) -> tensor<3x4xf32>
  %variance = edge.reduce <mean> %squares {axes = array<i64: 1>, keep_dims = true} : (tensor<3x4xf32>) -> tensor<3x1xf32>
  %shifted = edge.add %variance, %epsilon : (tensor<3x1xf32>, tensor<f32>) -> tensor<3x1xf32>
  %deviation = edge.sqrt %shifted : tensor<3x1xf32>
  %normal = edge.div %centred, %deviation : (tensor<3x4xf32>, tensor<3x1xf32>) -> tensor<3x4xf32>
  %scaled = edge.mul %s, %normal : (tensor<4xf32>, tensor<3x4xf32>) -> tensor<3x4xf32>
  %y = edge.add %scaled, %b : (tensor<3x4xf32>, tensor<4xf32>) -> tensor<3x4xf32>
  return %y : tensor<3x4xf32>
}

// The scale differs by row: it is no part of the normalisation.
// CHECK-LABEL: func.func @scale_by_row
// CHECK: %[[ONE:.+]] = edge.constant dense<1.000000e+00> : tensor<f32>
// CHECK: %[[N:.+]] = edge.layer_norm %{{.+}}, %[[ONE]] {
// CHECK: edge.mul %[[N]]
func.func @scale_by_row(%x: tensor<3x4xf32>, %s: tensor<3x1xf32>) -> tensor<3x4xf32> {
  %epsilon = edge.constant dense<1.0e-5> : tensor<f32>
  %mean = edge.reduce <mean> %x {axes = array<i64: 1>, keep_dims = true} : (tensor<3x4xf32>) -> tensor<3x1xf32>
  %centred = edge.sub %x, %mean : (tensor<3x4xf32>, tensor<3x1xf32>) -> tensor<3x4xf32>
  %squares = edge.mul %centred, %centred : (tensor<3x4xf32>, tensor<3x4xf32>) -> tensor<3x4xf32>
  %variance = edge.reduce <mean> %squares {axes = array<i64: 1>, keep_dims = true} : (tensor<3x4xf32>) -> tensor<3x1xf32>
  %shifted = edge.add %epsilon, %variance : (tensor<f32>, tensor<3x1xf32>) -> tensor<3x1xf32>
  %deviation = edge.sqrt %shifted : tensor<3x1xf32>
  %normal = edge.div %centred, %deviation : (tensor<3x4xf32>, tensor<3x1xf32>) -> tensor<3x4xf32>
  %y = edge.mul %normal, %s : (tensor<3x4xf32>, tensor<3x1xf32>) -> tensor<3x4xf32>
  return %y : tensor<3x4xf32>
}

// The variance is of something else.
// CHECK-LABEL: func.func @not_its_variance
// CHECK-NOT: edge.layer_norm
// CHECK: return
func.func @not_its_variance(%x: tensor<3x4xf32>, %z: tensor<3x4xf32>) -> tensor<3x4xf32> {
  %epsilon = edge.constant dense<1.0e-5> : tensor<f32>
  %mean = edge.reduce <mean> %x {axes = array<i64: 1>, keep_dims = true} : (tensor<3x4xf32>) -> tensor<3x1xf32>
  %centred = edge.sub %x, %mean : (tensor<3x4xf32>, tensor<3x1xf32>) -> tensor<3x4xf32>
  %squares = edge.mul %z, %z : (tensor<3x4xf32>, tensor<3x4xf32>) -> tensor<3x4xf32>
  %variance = edge.reduce <mean> %squares {axes = array<i64: 1>, keep_dims = true} : (tensor<3x4xf32>) -> tensor<3x1xf32>
  %shifted = edge.add %variance, %epsilon : (tensor<3x1xf32>, tensor<f32>) -> tensor<3x1xf32>
  %deviation = edge.sqrt %shifted : tensor<3x1xf32>
  %y = edge.div %centred, %deviation : (tensor<3x4xf32>, tensor<3x1xf32>) -> tensor<3x4xf32>
  return %y : tensor<3x4xf32>
}

// CHECK-LABEL: func.func @softmax
// CHECK-SAME: (%[[X:.+]]: tensor<3x4xf32>)
// CHECK-NEXT: %[[Y:.+]] = edge.softmax %[[X]] {axis = 0 : i64}
// CHECK-NEXT: return %[[Y]]
func.func @softmax(%x: tensor<3x4xf32>) -> tensor<3x4xf32> {
  %max = edge.reduce <max> %x {axes = array<i64: 0>, keep_dims = true} : (tensor<3x4xf32>) -> tensor<1x4xf32>
  %shifted = edge.sub %x, %max : (tensor<3x4xf32>, tensor<1x4xf32>) -> tensor<3x4xf32>
  %exp = edge.exp %shifted : tensor<3x4xf32>
  %sum = edge.reduce <sum> %exp {axes = array<i64: 0>, keep_dims = true} : (tensor<3x4xf32>) -> tensor<1x4xf32>
  %y = edge.div %exp, %sum : (tensor<3x4xf32>, tensor<1x4xf32>) -> tensor<3x4xf32>
  return %y : tensor<3x4xf32>
}
