// RUN: edgec-opt --edge-to-linalg --split-input-file %s | FileCheck %s

// Broadcasting is a matter of maps; signedness of the operation chosen.

// CHECK-DAG: #[[$ROW:.*]] = affine_map<(d0, d1) -> (0, d1)>
// CHECK-LABEL: func.func @broadcast
// CHECK-SAME: %[[X:.*]]: tensor<4x5xi8>, %[[Y:.*]]: tensor<1x5xi8>) -> tensor<4x5xi8>
// CHECK: linalg.generic {indexing_maps = [#{{.*}}, #[[$ROW]], #{{.*}}]{{.*}} ins(%[[X]], %[[Y]]
// CHECK: arith.maxui
// CHECK-NOT: unrealized_conversion_cast
func.func @broadcast(%x: tensor<4x5xui8>, %y: tensor<1x5xui8>) -> tensor<4x5xui8> {
  %m = edge.maximum %x, %y : (tensor<4x5xui8>, tensor<1x5xui8>) -> tensor<4x5xui8>
  return %m : tensor<4x5xui8>
}

// -----

// CHECK-LABEL: func.func @half
// CHECK: ^bb0(%[[X:.*]]: f16, %{{.*}}: f16)
// CHECK: %[[W:.*]] = arith.extf %[[X]] : f16 to f32
// CHECK: %[[E:.*]] = math.exp %[[W]] : f32
// CHECK: arith.truncf %[[E]] : f32 to f16
func.func @half(%x: tensor<4xf16>) -> tensor<4xf16> {
  %e = edge.exp %x : tensor<4xf16>
  return %e : tensor<4xf16>
}

// -----

// A division that the machine could trap on never reaches it.

// CHECK-LABEL: func.func @integer_division
// CHECK-DAG: %[[ZERO:.*]] = arith.constant 0 : i32
// CHECK-DAG: %[[ONE:.*]] = arith.constant 1 : i32
// CHECK: %[[ISZERO:.*]] = arith.cmpi eq, %[[Y:.*]], %[[ZERO]]
// CHECK: %[[D:.*]] = arith.select %[[ISZERO]], %[[ONE]], %[[Y]]
// CHECK: %[[MINUS:.*]] = arith.constant -1 : i32
// CHECK: %[[ISMINUS:.*]] = arith.cmpi eq, %[[Y]], %[[MINUS]]
// CHECK: %[[D2:.*]] = arith.select %[[ISMINUS]], %[[ONE]], %[[D]]
// CHECK: arith.divsi %{{.*}}, %[[D2]]
func.func @integer_division(%x: tensor<4xi32>, %y: tensor<4xi32>) -> tensor<4xi32> {
  %q = edge.div %x, %y : (tensor<4xi32>, tensor<4xi32>) -> tensor<4xi32>
  return %q : tensor<4xi32>
}

// -----

// No instruction shifts by a count that is not below the width.

// CHECK-LABEL: func.func @shift
// CHECK: %[[WIDTH:.*]] = arith.constant 8 : i8
// CHECK: %[[INSIDE:.*]] = arith.cmpi ult, %[[Y:.*]], %[[WIDTH]] : i8
// CHECK: %[[ZERO:.*]] = arith.constant 0 : i8
// CHECK: %[[COUNT:.*]] = arith.select %[[INSIDE]], %[[Y]], %[[ZERO]]
// CHECK: %[[SHIFTED:.*]] = arith.shrui %{{.*}}, %[[COUNT]] : i8
// CHECK: arith.select %[[INSIDE]], %[[SHIFTED]], %[[ZERO]]
func.func @shift(%x: tensor<4xi8>, %y: tensor<4xi8>) -> tensor<4xi8> {
  %s = edge.shift_right %x, %y : (tensor<4xi8>, tensor<4xi8>) -> tensor<4xi8>
  return %s : tensor<4xi8>
}

// -----

// A square needs no logarithm.

// CHECK-LABEL: func.func @square
// CHECK: arith.mulf %[[X:.*]], %[[X]]
// CHECK-NOT: math.powf
func.func @square(%x: tensor<4xf32>) -> tensor<4xf32> {
  %two = edge.constant dense<2.0> : tensor<f32>
  %p = edge.pow %x, %two : (tensor<4xf32>, tensor<f32>) -> tensor<4xf32>
  return %p : tensor<4xf32>
}

// -----

// The sum runs over the reduced dimensions in row-major order.

// CHECK-DAG: #[[$IN:.*]] = affine_map<(d0, d1, d2) -> (d1, d0, d2)>
// CHECK-LABEL: func.func @mean
// CHECK: linalg.generic {indexing_maps = [#[[$IN]], #{{.*}}], iterator_types = ["parallel", "reduction", "reduction"]}
// CHECK: arith.addf
// CHECK: linalg.generic
// CHECK: %[[N:.*]] = arith.constant 8.0
// CHECK: arith.divf %{{.*}}, %[[N]]
// CHECK: tensor.expand_shape %{{.*}} : tensor<3xf32> into tensor<1x3x1xf32>
func.func @mean(%x: tensor<2x3x4xf32>) -> tensor<1x3x1xf32> {
  %m = edge.reduce <mean> %x {axes = array<i64: 0, 2>, keep_dims = true} : (tensor<2x3x4xf32>) -> tensor<1x3x1xf32>
  return %m : tensor<1x3x1xf32>
}

// -----

// Only windows at the border hold fewer elements.

// CHECK-LABEL: func.func @average
// CHECK: tensor.pad
// CHECK: linalg.generic
// CHECK: arith.constant dense<[2.0{{.*}}, 3.0{{.*}}, 2.0{{.*}}]> : tensor<3xf32>
// CHECK: arith.divf
func.func @average(%x: tensor<1x3x2xf32>) -> tensor<1x3x2xf32> {
  %p = edge.average_pool %x {kernel = array<i64: 3>, strides = array<i64: 1>, dilations = array<i64: 1>, pads = array<i64: 1, 1>,
      ceil_pads = array<i64: 0>, layout = #edge.layout<nhwc>} : (tensor<1x3x2xf32>) -> tensor<1x3x2xf32>
  return %p : tensor<1x3x2xf32>
}

// -----

// CHECK-LABEL: func.func @branch
// CHECK-SAME: %[[C:.*]]: tensor<i1>, %[[X:.*]]: tensor<2xi8>
// CHECK: %[[B:.*]] = tensor.extract %[[C]][] : tensor<i1>
// CHECK: %[[R:.*]] = scf.if %[[B]] -> (tensor<2xi8>)
// CHECK: scf.yield %[[X]] : tensor<2xi8>
// CHECK: else
// CHECK: linalg.generic
// CHECK: scf.yield
func.func @branch(%c: tensor<i1>, %x: tensor<2xui8>) -> tensor<2xui8> {
  %r = edge.if %c : (tensor<i1>) -> tensor<2xui8> {
    edge.yield %x : tensor<2xui8>
  } else {
    %s = edge.add %x, %x : (tensor<2xui8>, tensor<2xui8>) -> tensor<2xui8>
    edge.yield %s : tensor<2xui8>
  }
  return %r : tensor<2xui8>
}

// -----

// The iteration number and a slice a turn.

// CHECK-LABEL: func.func @loop
// CHECK: scf.while
// CHECK: arith.cmpi slt
// CHECK: scf.condition
// CHECK: tensor.insert_slice %{{.*}} into %{{.*}}[%{{.*}}, 0] [1, 2] [1, 1] : tensor<2xf32> into tensor<3x2xf32>
func.func @loop(%x: tensor<2xf32>) -> (tensor<2xf32>, tensor<3x2xf32>) {
  %n = edge.constant dense<3> : tensor<i64>
  %true = edge.constant dense<true> : tensor<i1>
  %r:2 = edge.loop %n, %true, %x : (tensor<i64>, tensor<i1>, tensor<2xf32>) -> (tensor<2xf32>, tensor<3x2xf32>) {
  ^bb0(%i: tensor<i64>, %v: tensor<2xf32>):
    %w = edge.add %v, %v : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
    edge.yield %true, %w, %w : tensor<i1>, tensor<2xf32>, tensor<2xf32>
  }
  return %r#0, %r#1 : tensor<2xf32>, tensor<3x2xf32>
}

// A loop that runs to its end stores into every slice: nothing is filled before.
// What one index picks is read where it lies.

// CHECK-LABEL: func.func @loop_over_slices
// CHECK-SAME: %[[X:.*]]: tensor<3x2xf32>
// CHECK-NOT: linalg.fill
// CHECK: %[[ALL:.*]] = tensor.empty() : tensor<3x2xf32>
// CHECK: scf.while (%{{.*}}, %{{.*}}, %{{.*}} = %[[ALL]])
// CHECK: } do {
// CHECK: ^bb0(%[[I:.*]]: i64,
// CHECK: %[[AT:.*]] = arith.index_cast %{{.*}} : i64 to index
// CHECK: %[[LOW:.*]] = arith.maxsi
// CHECK: %[[INDEX:.*]] = arith.minsi %[[LOW]]
// CHECK: tensor.extract_slice %[[X]][%[[INDEX]], 0] [1, 2] [1, 1] : tensor<3x2xf32> to tensor<1x2xf32>
func.func @loop_over_slices(%x: tensor<3x2xf32>) -> tensor<3x2xf32> {
  %n = edge.constant dense<3> : tensor<i64>
  %true = edge.constant dense<true> : tensor<i1>
  %r = edge.loop %n, %true : (tensor<i64>, tensor<i1>) -> tensor<3x2xf32> {
  ^bb0(%i: tensor<i64>):
    %v = edge.gather %x, %i {axis = 0 : i64} : (tensor<3x2xf32>, tensor<i64>) -> tensor<2xf32>
    %w = edge.add %v, %v : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
    edge.yield %true, %w : tensor<i1>, tensor<2xf32>
  }
  return %r : tensor<3x2xf32>
}
