// RUN: edgec-opt %s --edge-quantize="activations=f32 smallest-table=64 weight-bits=4 layer-bits=two=2" --canonicalize --verify-diagnostics | FileCheck %s

// CHECK-LABEL: func.func @four
// CHECK-DAG: edge.constant {edge.bits = 4 : i64} dense<{{.}}[7, 0, -7, 4, 0, 0, 0, 1], [7, -4, 2, 0, 0, 0, 0, 0]]> : tensor<2x8xi8>
// CHECK-DAG: dense<[1.000000e+00, 2.000000e+00]> : tensor<2xf32>
func.func @four(%i: tensor<3xi64>) -> tensor<3x8xf32> {
  %w = edge.constant dense<[[7.0, 0.0, -7.0, 4.0, 0.2, -0.3, 0.0, 1.0],
                            [14.0, -8.0, 4.0, 0.0, 0.0, 0.0, 0.0, 0.0]]> : tensor<2x8xf32>
  %y = edge.gather %w, %i {axis = 0 : i64} : (tensor<2x8xf32>, tensor<3xi64>) -> tensor<3x8xf32>
  return %y : tensor<3x8xf32>
}

// By name, also where it is the second that reads the table.
// CHECK-LABEL: func.func @two
// CHECK: edge.constant {edge.bits = 2 : i64} {{.*}} : tensor<2x8xi8>
// CHECK-NOT: edge.constant {edge.bits = 4
// CHECK: return
func.func @two(%i: tensor<3xi64>) -> (tensor<3x8xf32>, tensor<3x8xf32>) {
  %w = edge.constant dense<[[1.0, 0.0, -1.0, 1.0, 0.2, -0.3, 0.0, 1.0],
                            [2.0, -2.0, 2.0, 0.0, 0.0, 0.0, 0.0, 0.0]]> : tensor<2x8xf32>
  %x = edge.gather %w, %i {axis = 0 : i64} : (tensor<2x8xf32>, tensor<3xi64>) -> tensor<3x8xf32>
  %y = edge.gather %w, %i {axis = 0 : i64} : (tensor<2x8xf32>, tensor<3xi64>) -> tensor<3x8xf32> loc("two")
  return %x, %y : tensor<3x8xf32>, tensor<3x8xf32>
}

// Rows have to begin at a byte.
// CHECK-LABEL: func.func @odd
// CHECK-NOT: edge.bits
// CHECK: dense<{{.*}}127{{.*}}> : tensor<2x9xi8>
func.func @odd(%i: tensor<3xi64>) -> tensor<3x9xf32> {
  %w = edge.constant dense<[[1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0],
                            [9.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0]]> : tensor<2x9xf32>
  // expected-remark @+1 {{its table keeps 8 bits: rows of 9 elements are no whole bytes in 4}}
  %y = edge.gather %w, %i {axis = 0 : i64} : (tensor<2x9xf32>, tensor<3xi64>) -> tensor<3x9xf32>
  return %y : tensor<3x9xf32>
}
