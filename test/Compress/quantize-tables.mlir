// RUN: edgec-opt %s --edge-quantize="activations=f32 smallest-table=64 keep-float=kept" --canonicalize --split-input-file --verify-diagnostics | FileCheck %s

// A row has a scale of its own, of its largest element.
// CHECK-LABEL: func.func @rows
// CHECK-SAME: (%[[I:.+]]: tensor
// CHECK-DAG: %[[Q:.+]] = edge.constant dense<{{.}}[127, 0, -127, 64, 0, 0, 0, 1], [127, -64, 32, 0, 0, 0, 0, 0]]> : tensor<2x8xi8>
// CHECK-DAG: %[[S:.+]] = edge.constant dense<[1.000000e+00, 2.000000e+00]> : tensor<2xf32>
// CHECK-DAG: %[[Z:.+]] = edge.constant dense<0> : tensor<2xi8>
// CHECK: %[[F:.+]] = edge.dequantize %[[Q]], %[[S]], %[[Z]] : (tensor<2x8xi8>
// CHECK: %[[Y:.+]] = edge.gather %[[F]], %[[I]] {axis = 0 : i64}
// CHECK: return %[[Y]]
func.func @rows(%i: tensor<3xi64>) -> tensor<3x8xf32> {
  %w = edge.constant dense<[[127.0, 0.0, -127.0, 64.0, 0.2, -0.3, 0.0, 1.0],
                            [254.0, -128.0, 64.0, 0.0, 0.0, 0.0, 0.0, 0.0]]> : tensor<2x8xf32>
  %y = edge.gather %w, %i {axis = 0 : i64} : (tensor<2x8xf32>, tensor<3xi64>) -> tensor<3x8xf32>
  return %y : tensor<3x8xf32>
}

// -----

// All that read a table read the same integers, and a product that multiplies
// with its rows does: their scales are those of its output channels.
// CHECK-LABEL: func.func @tied
// CHECK-SAME: (%[[I:.+]]: tensor<3xi64>, %[[J:.+]]: tensor<i32>, %[[X:.+]]: tensor<1x8xf32>)
// CHECK: %[[Q:.+]] = edge.constant dense<{{.+}}> : tensor<2x8xi8>
// CHECK-NOT: tensor<2x8xi8>
// CHECK: %[[F:.+]] = edge.dequantize %[[Q]],
// CHECK: edge.gather %[[F]], %[[I]]
// CHECK: %[[G:.+]] = edge.dequantize %[[Q]],
// CHECK: edge.gather %[[G]], %[[J]]
// CHECK: %[[H:.+]] = edge.dequantize %[[Q]],
// CHECK: edge.matmul %[[X]], %[[H]] {transpose_rhs}
func.func @tied(%i: tensor<3xi64>, %j: tensor<i32>, %x: tensor<1x8xf32>) -> (tensor<3x8xf32>, tensor<8xf32>, tensor<1x2xf32>) {
  %w = edge.constant dense<[[127.0, 0.0, -127.0, 64.0, 0.0, 0.0, 0.0, 1.0],
                            [254.0, -128.0, 64.0, 0.0, 0.0, 0.0, 0.0, 0.0]]> : tensor<2x8xf32>
  %y = edge.gather %w, %i {axis = 0 : i64} : (tensor<2x8xf32>, tensor<3xi64>) -> tensor<3x8xf32>
  %v = edge.gather %w, %j {axis = 0 : i64} : (tensor<2x8xf32>, tensor<i32>) -> tensor<8xf32>
  %z = edge.matmul %x, %w {transpose_rhs} : (tensor<1x8xf32>, tensor<2x8xf32>) -> tensor<1x2xf32>
  return %y, %v, %z : tensor<3x8xf32>, tensor<8xf32>, tensor<1x2xf32>
}

// -----

// A product with a scale for each column has integers of its own.
// CHECK-LABEL: func.func @columns
// CHECK-DAG: %[[T:.+]] = edge.constant dense<{{.}}[127, 64, 0, 0, 0, 0, 0, 0], [127, -64, 32, 0, 0, 0, 0, 0]]> : tensor<2x8xi8>
// CHECK-DAG: %[[W:.+]] = edge.constant dense<{{.}}[64, 64, 0, 0, 0, 0, 0, 0], [127, -127, 127, 0, 0, 0, 0, 0]]> : tensor<2x8xi8>
// CHECK-DAG: %[[F:.+]] = edge.dequantize %[[T]], %{{.+}} : (tensor<2x8xi8>, tensor<2xf32>, tensor<2xi8>)
// CHECK-DAG: edge.gather %[[F]],
// CHECK-DAG: edge.dequantize %[[W]], %{{.+}} {axis = 1 : i64}
func.func @columns(%i: tensor<3xi64>, %x: tensor<1x2xf32>) -> (tensor<3x8xf32>, tensor<1x8xf32>) {
  %w = edge.constant dense<[[127.0, 64.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0],
                            [254.0, -128.0, 64.0, 0.0, 0.0, 0.0, 0.0, 0.0]]> : tensor<2x8xf32>
  %y = edge.gather %w, %i {axis = 0 : i64} : (tensor<2x8xf32>, tensor<3xi64>) -> tensor<3x8xf32>
  %z = edge.matmul %x, %w : (tensor<1x2xf32>, tensor<2x8xf32>) -> tensor<1x8xf32>
  return %y, %z : tensor<3x8xf32>, tensor<1x8xf32>
}

// -----

// Rows may have several dimensions.
// CHECK-LABEL: func.func @blocks
// CHECK: edge.dequantize {{.*}} : (tensor<2x2x4xi8>, tensor<2xf32>, tensor<2xi8>)
func.func @blocks(%i: tensor<3xi64>) -> tensor<3x2x4xf32> {
  %w = edge.constant dense<[[[1.0, 2.0, 3.0, 4.0], [5.0, 6.0, 7.0, 8.0]],
                            [[0.0, 0.0, 0.0, 0.0], [0.0, 0.0, 0.0, 0.0]]]> : tensor<2x2x4xf32>
  %y = edge.gather %w, %i {axis = 0 : i64} : (tensor<2x2x4xf32>, tensor<3xi64>) -> tensor<3x2x4xf32>
  return %y : tensor<3x2x4xf32>
}

// -----

// Columns are not rows, and names that are kept are kept.
// CHECK-LABEL: func.func @others
// CHECK-NOT: i8
// CHECK: return
func.func @others(%i: tensor<3xi64>) -> (tensor<2x3xf32>, tensor<3x8xf32>) {
  %w = edge.constant dense<[[1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0],
                            [9.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0]]> : tensor<2x8xf32>
  %v = edge.constant dense<[[1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0],
                            [8.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0]]> : tensor<2x8xf32>
  %x = edge.gather %w, %i {axis = 1 : i64} : (tensor<2x8xf32>, tensor<3xi64>) -> tensor<2x3xf32>
  %y = edge.gather %v, %i {axis = 0 : i64} : (tensor<2x8xf32>, tensor<3xi64>) -> tensor<3x8xf32> loc("kept")
  return %x, %y : tensor<2x3xf32>, tensor<3x8xf32>
}

// -----

// CHECK-LABEL: func.func @small
// CHECK-NOT: i8
// CHECK: return
func.func @small(%i: tensor<3xi64>) -> (tensor<3x4xf32>, tensor<3x8xf32>, tensor<3x8xf32>) {
  %short = edge.constant dense<[[1.0, 2.0, 3.0, 4.0], [5.0, 6.0, 7.0, 8.0], [0.0, 0.0, 0.0, 1.0], [2.0, 2.0, 3.0, 4.0]]> : tensor<4x4xf32>
  %few = edge.constant dense<[[1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0]]> : tensor<1x8xf32>
  %splat = edge.constant dense<2.0> : tensor<64x8xf32>
  // expected-remark @+1 {{its table stays float: 4 rows of 4 elements are too little to gain from a scale a row}}
  %0 = edge.gather %short, %i {axis = 0 : i64} : (tensor<4x4xf32>, tensor<3xi64>) -> tensor<3x4xf32>
  // expected-remark @+1 {{its table stays float: 1 rows of 8 elements}}
  %1 = edge.gather %few, %i {axis = 0 : i64} : (tensor<1x8xf32>, tensor<3xi64>) -> tensor<3x8xf32>
  // expected-remark @+1 {{its table stays float: 64 rows of 8 elements}}
  %2 = edge.gather %splat, %i {axis = 0 : i64} : (tensor<64x8xf32>, tensor<3xi64>) -> tensor<3x8xf32>
  return %0, %1, %2 : tensor<3x4xf32>, tensor<3x8xf32>, tensor<3x8xf32>
}

// -----

// CHECK-LABEL: func.func @read_as_floats
// CHECK-NOT: i8
// CHECK: return
func.func @read_as_floats(%i: tensor<3xi64>, %x: tensor<2x8xf32>) -> (tensor<3x8xf32>, tensor<2x8xf32>) {
  %w = edge.constant dense<[[1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0],
                            [9.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0]]> : tensor<2x8xf32>
  // expected-remark @+1 {{its table stays float: 'add' reads the same floats}}
  %y = edge.gather %w, %i {axis = 0 : i64} : (tensor<2x8xf32>, tensor<3xi64>) -> tensor<3x8xf32>
  %z = edge.add %x, %w : (tensor<2x8xf32>, tensor<2x8xf32>) -> tensor<2x8xf32>
  return %y, %z : tensor<3x8xf32>, tensor<2x8xf32>
}

// -----

func.func @infinite(%i: tensor<3xi64>) -> tensor<3x8xf32> {
  %w = edge.constant dense<[[1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 0x7F800000],
                            [9.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0]]> : tensor<2x8xf32>
  // expected-error @+1 {{'gather' reads a table with an element that is not a finite number; keep it in float, with --keep-float=gather}}
  %y = edge.gather %w, %i {axis = 0 : i64} : (tensor<2x8xf32>, tensor<3xi64>) -> tensor<3x8xf32>
  return %y : tensor<3x8xf32>
}
