// RUN: edgec-opt --edge-to-kernel --edge-to-linalg --edge-fuse --kernel-fuse-epilogue --split-input-file %s | FileCheck %s

// Bias, residual and activation are computed where the sum is stored.

// CHECK-LABEL: func.func @epilogue
// CHECK-SAME: %[[X:.*]]: tensor<4x8xf32>, %[[W:.*]]: tensor<8x16xf32>, %[[B:.*]]: tensor<16xf32>, %[[Z:.*]]: tensor<4x16xf32>
// CHECK: %[[R:.*]] = kernel.contract ins(%[[X]], %[[W]] {{.*}} extras(%[[B]], %[[Z]] :
// CHECK: ^bb0(%[[S:.*]]: f32, %[[E0:.*]]: f32, %[[E1:.*]]: f32)
// CHECK-DAG: %[[ZERO:.*]] = arith.constant 0.0
// CHECK-DAG: %[[A:.*]] = arith.addf %[[S]], %[[E0]]
// CHECK-DAG: %[[C:.*]] = arith.addf %[[A]], %[[E1]]
// CHECK: %[[M:.*]] = arith.maximumf %[[C]], %[[ZERO]]
// CHECK: kernel.yield %[[M]]
// CHECK-NOT: linalg.generic
// CHECK: return %[[R]]
func.func @epilogue(%x: tensor<4x8xf32>, %w: tensor<8x16xf32>, %b: tensor<16xf32>, %z: tensor<4x16xf32>) -> tensor<4x16xf32> {
  %m = edge.matmul %x, %w : (tensor<4x8xf32>, tensor<8x16xf32>) -> tensor<4x16xf32>
  %a = edge.add %m, %b : (tensor<4x16xf32>, tensor<16xf32>) -> tensor<4x16xf32>
  %s = edge.add %a, %z : (tensor<4x16xf32>, tensor<4x16xf32>) -> tensor<4x16xf32>
  %r = edge.relu %s : tensor<4x16xf32>
  return %r : tensor<4x16xf32>
}

// -----

// A result with a second reader is stored as it is.

// CHECK-LABEL: func.func @two_readers
// CHECK: %[[M:.*]] = kernel.contract
// CHECK: %[[R:.*]] = linalg.generic {{.*}} ins(%[[M]]
// CHECK: return %[[M]], %[[R]]
func.func @two_readers(%x: tensor<4x8xf32>, %w: tensor<8x16xf32>) -> (tensor<4x16xf32>, tensor<4x16xf32>) {
  %m = edge.matmul %x, %w : (tensor<4x8xf32>, tensor<8x16xf32>) -> tensor<4x16xf32>
  %r = edge.relu %m : tensor<4x16xf32>
  return %m, %r : tensor<4x16xf32>, tensor<4x16xf32>
}

// -----

// A transpose that leaves the columns last goes into the map of the result.

// CHECK: #[[$C:.*]] = affine_map<(d0, d1, d2, d3) -> (d1, d0, d2)>
// CHECK-LABEL: func.func @transposed
// CHECK: kernel.contract {{.*}} outs(%{{.*}} : tensor<5x3x6xf32>) {{.*}} c_map = #[[$C]]
// CHECK-NOT: linalg.generic
func.func @transposed(%x: tensor<3x5x4xf32>, %y: tensor<3x4x6xf32>) -> tensor<5x3x6xf32> {
  %m = edge.matmul %x, %y : (tensor<3x5x4xf32>, tensor<3x4x6xf32>) -> tensor<3x5x6xf32>
  %t = edge.transpose %m {permutation = array<i64: 1, 0, 2>} : (tensor<3x5x6xf32>) -> tensor<5x3x6xf32>
  return %t : tensor<5x3x6xf32>
}

// -----

// An exponential is not computed again for each element of a broadcast, nor
// for both of its readers.

// CHECK-LABEL: func.func @no_work_twice
// CHECK: linalg.generic
// CHECK: math.exp
// CHECK: linalg.generic
// CHECK-NOT: math.exp
// CHECK: return
func.func @no_work_twice(%x: tensor<1x6xf32>, %y: tensor<5x6xf32>) -> tensor<5x6xf32> {
  %e = edge.exp %x : tensor<1x6xf32>
  %s = edge.mul %y, %e : (tensor<5x6xf32>, tensor<1x6xf32>) -> tensor<5x6xf32>
  return %s : tensor<5x6xf32>
}

// -----

// Each reader of a dequantized tensor computes the floats again, also where a
// reshape stands between.

// CHECK-LABEL: func.func @dequantized_twice
// CHECK-SAME: (%[[X:.*]]: tensor<4x6xi8>
// CHECK-NOT: xf32>
// CHECK: linalg.generic {{.*}} outs(%{{.*}} : tensor<4x6xi8>)
// CHECK-NOT: xf32>
// CHECK: linalg.generic {{.*}} outs(%{{.*}} : tensor<2x2x6xi8>)
// CHECK-NOT: linalg.generic
func.func @dequantized_twice(%x: tensor<4x6xi8>) -> (tensor<4x6xi8>, tensor<2x2x6xi8>) {
  %s = edge.constant dense<0.3> : tensor<f32>
  %z = edge.constant dense<3> : tensor<i8>
  %d = edge.dequantize %x, %s, %z : (tensor<4x6xi8>, tensor<f32>, tensor<i8>) -> tensor<4x6xf32>
  %a = edge.abs %d : tensor<4x6xf32>
  %p = edge.quantize %a, %s, %z : (tensor<4x6xf32>, tensor<f32>, tensor<i8>) -> tensor<4x6xi8>
  %r = edge.reshape %d : (tensor<4x6xf32>) -> tensor<2x2x6xf32>
  %n = edge.neg %r : tensor<2x2x6xf32>
  %q = edge.quantize %n, %s, %z : (tensor<2x2x6xf32>, tensor<f32>, tensor<i8>) -> tensor<2x2x6xi8>
  return %p, %q : tensor<4x6xi8>, tensor<2x2x6xi8>
}

// -----

// A gate by channel is read as bytes, however often.

// CHECK-LABEL: func.func @dequantized_gate
// CHECK-NOT: xf32>
// CHECK: linalg.generic {{.*}} ins(%{{.*}}, %{{.*}} : tensor<5x6xi8>, tensor<1x6xi8>) outs(%{{.*}} : tensor<5x6xi8>)
// CHECK-NOT: linalg.generic
// CHECK: return
func.func @dequantized_gate(%x: tensor<5x6xi8>, %gate: tensor<1x6xi8>) -> tensor<5x6xi8> {
  %s = edge.constant dense<0.3> : tensor<f32>
  %z = edge.constant dense<3> : tensor<i8>
  %d = edge.dequantize %x, %s, %z : (tensor<5x6xi8>, tensor<f32>, tensor<i8>) -> tensor<5x6xf32>
  %g = edge.dequantize %gate, %s, %z : (tensor<1x6xi8>, tensor<f32>, tensor<i8>) -> tensor<1x6xf32>
  %m = edge.mul %d, %g : (tensor<5x6xf32>, tensor<1x6xf32>) -> tensor<5x6xf32>
  %q = edge.quantize %m, %s, %z : (tensor<5x6xf32>, tensor<f32>, tensor<i8>) -> tensor<5x6xi8>
  return %q : tensor<5x6xi8>
}

// -----

// Sums of windows read each float several times: all readers then share them.

// CHECK-LABEL: func.func @dequantized_for_sums
// CHECK: %[[D:.*]] = linalg.generic {{.*}} outs(%{{.*}} : tensor<4x6xf32>)
// CHECK: ins(%[[D]]
// CHECK: ins(%[[D]]
func.func @dequantized_for_sums(%x: tensor<4x6xi8>) -> (tensor<4xf32>, tensor<4x6xi8>) {
  %s = edge.constant dense<0.3> : tensor<f32>
  %z = edge.constant dense<3> : tensor<i8>
  %d = edge.dequantize %x, %s, %z : (tensor<4x6xi8>, tensor<f32>, tensor<i8>) -> tensor<4x6xf32>
  %sum = edge.reduce <sum> %d {axes = array<i64: 1>, keep_dims = false} : (tensor<4x6xf32>) -> tensor<4xf32>
  %n = edge.neg %d : tensor<4x6xf32>
  %q = edge.quantize %n, %s, %z : (tensor<4x6xf32>, tensor<f32>, tensor<i8>) -> tensor<4x6xi8>
  return %sum, %q : tensor<4xf32>, tensor<4x6xi8>
}

// -----

// An interpolation in two dimensions is one loop nest, which reads bytes and
// writes bytes; a transpose after it would make its rows columns.

// CHECK-LABEL: func.func @dequantized_resize
// CHECK-SAME: (%[[X:.*]]: tensor<1x3x4x8xi8>)
// CHECK-NOT: xf32>)
// CHECK: linalg.generic {{.*}} outs(%{{.*}} : tensor<1x6x8x8xi8>)
// CHECK-COUNT-4: tensor.extract %[[X]][{{.*}}] : tensor<1x3x4x8xi8>
// CHECK-NOT: tensor.extract
// CHECK: %[[T:.*]] = linalg.generic {{.*}} outs(%{{.*}} : tensor<1x8x6x8xi8>)
// CHECK-NEXT: ^bb0(%[[E:.*]]: i8, %{{.*}}: i8)
// CHECK-NEXT: linalg.yield %[[E]]
// CHECK: return %[[T]]
func.func @dequantized_resize(%x: tensor<1x3x4x8xi8>) -> tensor<1x8x6x8xi8> {
  %s = edge.constant dense<0.3> : tensor<f32>
  %z = edge.constant dense<3> : tensor<i8>
  %d = edge.dequantize %x, %s, %z : (tensor<1x3x4x8xi8>, tensor<f32>, tensor<i8>) -> tensor<1x3x4x8xf32>
  %r = edge.resize %d {scales = array<f64: 1.0, 2.0, 2.0, 1.0>, mode = #edge.resize_mode<linear>,
      coordinates = #edge.coordinates<half_pixel>, nearest_mode = #edge.nearest_mode<floor>} : (tensor<1x3x4x8xf32>) -> tensor<1x6x8x8xf32>
  %q = edge.quantize %r, %s, %z : (tensor<1x6x8x8xf32>, tensor<f32>, tensor<i8>) -> tensor<1x6x8x8xi8>
  %t = edge.transpose %q {permutation = array<i64: 0, 3, 1, 2>} : (tensor<1x6x8x8xi8>) -> tensor<1x8x6x8xi8>
  return %t : tensor<1x8x6x8xi8>
}
