// RUN: edgec-opt %s --edge-store-weights | FileCheck %s
// RUN: edgec-opt %s --edge-store-weights=type=bf16 | FileCheck %s --check-prefix=BF16
// RUN: edgec-opt %s --edge-store-weights=max-uses=1 | FileCheck %s --check-prefix=ONCE

// CHECK-LABEL: func.func @product
// CHECK: %[[W:.+]] = edge.constant dense<{{.*}}1.000000e+00, 2.000000e+00], [3.000000e+00, 5.000000e-01]]> : tensor<2x2xf16>
// CHECK: %[[WIDE:.+]] = edge.cast %[[W]] : (tensor<2x2xf16>) -> tensor<2x2xf32>
// CHECK: edge.matmul %{{.+}}, %[[WIDE]]
// BF16-LABEL: func.func @product
// BF16: edge.cast {{.*}} : (tensor<2x2xbf16>) -> tensor<2x2xf32>
// BF16: edge.matmul
// ONCE-LABEL: func.func @product
// ONCE: edge.cast
func.func @product(%x: tensor<1x2xf32>) -> tensor<1x2xf32> {
  %w = edge.constant dense<[[1.0, 2.0], [3.0, 0.5]]> : tensor<2x2xf32>
  %y = edge.matmul %x, %w : (tensor<1x2xf32>, tensor<2x2xf32>) -> tensor<1x2xf32>
  return %y : tensor<1x2xf32>
}

// Three rows multiply with each weight three times.
// CHECK-LABEL: func.func @rows
// CHECK: edge.cast
// ONCE-LABEL: func.func @rows
// ONCE-NEXT: edge.constant dense<{{.*}}> : tensor<2x2xf32>
func.func @rows(%x: tensor<3x2xf32>) -> tensor<3x2xf32> {
  %w = edge.constant dense<[[1.0, 2.0], [3.0, 0.5]]> : tensor<2x2xf32>
  %y = edge.matmul %x, %w : (tensor<3x2xf32>, tensor<2x2xf32>) -> tensor<3x2xf32>
  return %y : tensor<3x2xf32>
}

// The matrix may stand on the left of a vector.
// CHECK-LABEL: func.func @left
// CHECK: %[[WIDE:.+]] = edge.cast
// CHECK: edge.matmul %[[WIDE]],
// CHECK-LABEL: func.func @left_of_matrix
// CHECK-NOT: edge.cast
func.func @left(%x: tensor<2xf32>) -> tensor<2xf32> {
  %w = edge.constant dense<[[1.0, 2.0], [3.0, 0.5]]> : tensor<2x2xf32>
  %y = edge.matmul %w, %x : (tensor<2x2xf32>, tensor<2xf32>) -> tensor<2xf32>
  return %y : tensor<2xf32>
}
func.func @left_of_matrix(%x: tensor<2x4xf32>) -> tensor<2x4xf32> {
  %w = edge.constant dense<[[1.0, 2.0], [3.0, 0.5]]> : tensor<2x2xf32>
  %y = edge.matmul %w, %x : (tensor<2x2xf32>, tensor<2x4xf32>) -> tensor<2x4xf32>
  return %y : tensor<2x4xf32>
}

// The bias keeps its precision, and so does a depthwise filter.
// CHECK-LABEL: func.func @convolutions
// CHECK: %[[W:.+]] = edge.constant dense<{{.*}}> : tensor<2x2x1xf16>
// CHECK: %[[WIDE:.+]] = edge.cast %[[W]]
// CHECK: %[[B:.+]] = edge.constant dense<[1.000000e-01, 2.000000e+00]> : tensor<2xf32>
// CHECK: %[[D:.+]] = edge.constant dense<{{.*}}> : tensor<2x1x1xf32>
// CHECK: edge.conv %{{.+}}, %[[WIDE]], %[[B]]
// CHECK: edge.conv %{{.+}}, %[[D]]
func.func @convolutions(%x: tensor<1x2x5xf32>) -> tensor<1x2x5xf32> {
  %w = edge.constant dense<[[[1.0], [2.0]], [[3.0], [4.0]]]> : tensor<2x2x1xf32>
  %b = edge.constant dense<[0.1, 2.0]> : tensor<2xf32>
  %d = edge.constant dense<[[[1.0]], [[2.0]]]> : tensor<2x1x1xf32>
  %y = edge.conv %x, %w, %b {strides = array<i64: 1>, dilations = array<i64: 1>,
    pads = array<i64: 0, 0>, groups = 1 : i64} : (tensor<1x2x5xf32>, tensor<2x2x1xf32>, tensor<2xf32>) -> tensor<1x2x5xf32>
  %z = edge.conv %y, %d {strides = array<i64: 1>, dilations = array<i64: 1>,
    pads = array<i64: 0, 0>, groups = 2 : i64} : (tensor<1x2x5xf32>, tensor<2x1x1xf32>) -> tensor<1x2x5xf32>
  return %z : tensor<1x2x5xf32>
}

// A table that is also a matrix, and a matrix of two products: stored once.
// Gathered rows are widened, not the table.
// CHECK-LABEL: func.func @shared
// CHECK: %[[W:.+]] = edge.constant
// CHECK-SAME: tensor<2x2xf16>
// CHECK-NOT: edge.constant
// CHECK: %[[WIDE:.+]] = edge.cast %[[W]] : (tensor<2x2xf16>) -> tensor<2x2xf32>
// CHECK: %[[ROWS:.+]] = edge.gather %[[W]], {{.*}} -> tensor<3x2xf16>
// CHECK: %[[X:.+]] = edge.cast %[[ROWS]] : (tensor<3x2xf16>) -> tensor<3x2xf32>
// CHECK: %[[Y:.+]] = edge.matmul %[[X]], %[[WIDE]]
// CHECK: edge.matmul %[[Y]], %[[WIDE]]
func.func @shared(%ids: tensor<3xi64>) -> tensor<3x2xf32> {
  %w = edge.constant dense<[[1.0, 2.0], [3.0, 0.5]]> : tensor<2x2xf32>
  %x = edge.gather %w, %ids {axis = 0 : i64} : (tensor<2x2xf32>, tensor<3xi64>) -> tensor<3x2xf32>
  %y = edge.matmul %x, %w : (tensor<3x2xf32>, tensor<2x2xf32>) -> tensor<3x2xf32>
  %z = edge.matmul %y, %w : (tensor<3x2xf32>, tensor<2x2xf32>) -> tensor<3x2xf32>
  return %z : tensor<3x2xf32>
}

// Ties go to even (2049, 2051), the largest value that is not infinite is
// 65519.99, denormals stay (2^-24), half of the smallest goes to zero, infinity
// and zeros keep their sign.
// CHECK-LABEL: func.func @rounding
// CHECK: edge.constant dense<{{\[}}[2.048000e+03], [2.052000e+03], [6.550400e+04], [5.960460e-08], [0.000000e+00], [0xFC00], [-0.000000e+00]]> : tensor<7x1xf16>
func.func @rounding(%x: tensor<1x7xf32>) -> tensor<1x1xf32> {
  %w = edge.constant dense<[[2049.0], [2051.0], [65519.99], [5.9604645e-08], [2.9802322e-08], [0xFF800000], [-0.0]]> : tensor<7x1xf32>
  %y = edge.matmul %x, %w : (tensor<1x7xf32>, tensor<7x1xf32>) -> tensor<1x1xf32>
  return %y : tensor<1x1xf32>
}

// Neither run-time operands nor splats nor other types.
// CHECK-LABEL: func.func @others
// CHECK-NOT: edge.cast
func.func @others(%x: tensor<1x2xf32>, %v: tensor<2x2xf32>, %d: tensor<1x2xf64>) -> (tensor<1x2xf32>, tensor<1x2xf32>, tensor<1x2xf64>) {
  %splat = edge.constant dense<1.0> : tensor<2x2xf32>
  %double = edge.constant dense<[[1.0, 2.0], [3.0, 0.5]]> : tensor<2x2xf64>
  %a = edge.matmul %x, %v : (tensor<1x2xf32>, tensor<2x2xf32>) -> tensor<1x2xf32>
  %b = edge.matmul %x, %splat : (tensor<1x2xf32>, tensor<2x2xf32>) -> tensor<1x2xf32>
  %c = edge.matmul %d, %double : (tensor<1x2xf64>, tensor<2x2xf64>) -> tensor<1x2xf64>
  return %a, %b, %c : tensor<1x2xf32>, tensor<1x2xf32>, tensor<1x2xf64>
}
