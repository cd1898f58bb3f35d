// RUN: edgec-opt %s --edge-to-linalg --split-input-file | FileCheck %s

// Counting is the loop's own index: nothing is stored when it is fused.
// CHECK-LABEL: func.func @iota
// CHECK: linalg.generic {{.*}} outs(
// CHECK: %[[I:.+]] = linalg.index 1
// CHECK: arith.index_cast %[[I]] : index to i64
// CHECK-NEXT: linalg.yield
func.func @iota() -> tensor<2x3xi64> {
  %y = edge.iota {axis = 1 : i64} : tensor<2x3xi64>
  return %y : tensor<2x3xi64>
}

// -----

// Indices are clamped whatever they are.
// CHECK-LABEL: func.func @gather_elements
// CHECK: linalg.generic
// CHECK: arith.select
// CHECK: arith.maxsi
// CHECK: arith.minsi
// CHECK: tensor.extract %{{.*}} : tensor<2x3xf32>
func.func @gather_elements(%x: tensor<2x3xf32>, %i: tensor<2x2xi32>) -> tensor<2x2xf32> {
  %y = edge.gather_elements %x, %i {axis = 1 : i64} : (tensor<2x3xf32>, tensor<2x2xi32>) -> tensor<2x2xf32>
  return %y : tensor<2x2xf32>
}

// -----

// Slices of some size are copied as such, one for each tuple.
// CHECK-LABEL: func.func @gather_slices
// CHECK: scf.for
// CHECK: arith.minsi
// CHECK: tensor.extract_slice %{{.*}} [1, 1, 16] [1, 1, 1] : tensor<1x5x16xf32> to tensor<16xf32>
// CHECK: tensor.insert_slice
func.func @gather_slices(%x: tensor<5x16xf32>, %i: tensor<7x1xi64>) -> tensor<7x16xf32> {
  %y = edge.gather_nd %x, %i {batch_dims = 0 : i64} : (tensor<5x16xf32>, tensor<7x1xi64>) -> tensor<7x16xf32>
  return %y : tensor<7x16xf32>
}

// -----

// CHECK-LABEL: func.func @gather_each
// CHECK-NOT: scf.for
// CHECK: linalg.generic
// CHECK: tensor.extract %{{.*}} : tensor<5x4xi8>
func.func @gather_each(%x: tensor<5x4xi8>, %i: tensor<7x2xi64>) -> tensor<7xi8> {
  %y = edge.gather_nd %x, %i {batch_dims = 0 : i64} : (tensor<5x4xi8>, tensor<7x2xi64>) -> tensor<7xi8>
  return %y : tensor<7xi8>
}

// -----

// The updated tensor goes through the loops: one buffer, no copy of its own.
// CHECK-LABEL: func.func @scatter_elements
// CHECK-SAME: %[[X:.*]]: tensor<4x3xf32>
// CHECK: scf.for {{.*}} iter_args(%[[A:.+]] = %[[X]])
// CHECK: scf.for {{.*}} iter_args(%[[B:.+]] = %[[A]])
// CHECK: arith.minsi
// CHECK: %[[OLD:.+]] = tensor.extract %[[B]]
// CHECK: %[[SUM:.+]] = arith.addf %[[OLD]]
// CHECK: tensor.insert %[[SUM]] into %[[B]]
func.func @scatter_elements(%x: tensor<4x3xf32>, %i: tensor<2x3xi64>, %u: tensor<2x3xf32>) -> tensor<4x3xf32> {
  %y = edge.scatter_elements <add> %x, %i, %u {axis = 0 : i64}
      : (tensor<4x3xf32>, tensor<2x3xi64>, tensor<2x3xf32>) -> tensor<4x3xf32>
  return %y : tensor<4x3xf32>
}

// -----

// Indices that are the same along rows: rows are added to rows.
// CHECK-LABEL: func.func @scatter_rows
// CHECK: scf.for %{{.*}} iter_args
// CHECK-NOT: scf.for
// CHECK: linalg.generic {{.*}}iterator_types = ["parallel"]{{.*}} outs(%{{.*}} : tensor<16xf32>)
// CHECK: tensor.insert_slice
func.func @scatter_rows(%x: tensor<4x16xf32>, %i: tensor<2x1xi64>, %u: tensor<2x16xf32>) -> tensor<4x16xf32> {
  %j = edge.broadcast %i : (tensor<2x1xi64>) -> tensor<2x16xi64>
  %y = edge.scatter_elements <add> %x, %j, %u {axis = 0 : i64}
      : (tensor<4x16xf32>, tensor<2x16xi64>, tensor<2x16xf32>) -> tensor<4x16xf32>
  return %y : tensor<4x16xf32>
}

// -----

// CHECK-LABEL: func.func @scatter_nothing
// CHECK-SAME: %[[X:.*]]: tensor<4x3xf32>
// CHECK: return %[[X]]
func.func @scatter_nothing(%x: tensor<4x3xf32>, %i: tensor<0x1xi64>, %u: tensor<0x3xf32>) -> tensor<4x3xf32> {
  %y = edge.scatter_nd <assign> %x, %i, %u : (tensor<4x3xf32>, tensor<0x1xi64>, tensor<0x3xf32>) -> tensor<4x3xf32>
  return %y : tensor<4x3xf32>
}

// -----

// Half precision is summed in single precision, and whole rows at a time where
// the axis is not the last.
// CHECK-LABEL: func.func @cumulative_sum
// CHECK: scf.for
// CHECK: linalg.fill {{.*}} -> tensor<5xf32>
// CHECK: scf.for
// CHECK: linalg.generic {{.*}} ins(%{{.*}} : tensor<5xf16>) outs(%{{.*}} : tensor<5xf32>)
// CHECK: linalg.generic {{.*}} ins(%{{.*}} : tensor<5xf32>) outs(%{{.*}} : tensor<5xf16>)
func.func @cumulative_sum(%x: tensor<2x3x5xf16>) -> tensor<2x3x5xf16> {
  %y = edge.cumulative_sum %x {axis = 1 : i64} : (tensor<2x3x5xf16>) -> tensor<2x3x5xf16>
  return %y : tensor<2x3x5xf16>
}

// -----

// CHECK-LABEL: func.func @top_none
// CHECK-NOT: scf.for
// CHECK: tensor.empty() : tensor<2x0xf32>
func.func @top_none(%x: tensor<2x3xf32>) -> (tensor<2x0xf32>, tensor<2x0xi64>) {
  %v, %i = edge.top_k %x {k = 0 : i64, axis = 1 : i64, largest = true} : (tensor<2x3xf32>) -> (tensor<2x0xf32>, tensor<2x0xi64>)
  return %v, %i : tensor<2x0xf32>, tensor<2x0xi64>
}
