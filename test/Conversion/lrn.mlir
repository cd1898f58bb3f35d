// RUN: edgec-opt %s --edge-to-linalg --split-input-file | FileCheck %s

// One loop that reads each window's elements at their distances. The channels
// are padded as bytes, by one more in front.
// CHECK-DAG: #[[$FIRST:.+]] = affine_map<(d0, d1, d2) -> (d0, d1, d2 + 1)>
// CHECK-DAG: #[[$LAST:.+]] = affine_map<(d0, d1, d2) -> (d0, d1, d2 + 3)>
// CHECK-LABEL: func.func @quantized
// CHECK-SAME: (%[[X:.+]]: tensor<1x4x8xi8>)
// CHECK: tensor.pad %[[X]] low[0, 0, 2] high[0, 0, 1]
// CHECK: } : tensor<1x4x8xi8> to tensor<1x4x11xi8>
// CHECK: linalg.generic {indexing_maps = [#[[$FIRST]], #{{.+}}, #[[$LAST]], #{{.+}}], iterator_types = ["parallel", "parallel", "parallel"]}
// CHECK: ^bb0(%[[A:.+]]: f32, %[[B:.+]]: f32, %[[C:.+]]: f32, %{{.+}}: f32):
// CHECK: %[[AA:.+]] = arith.mulf %[[A]], %[[A]]
// CHECK: %[[BB:.+]] = arith.mulf %[[B]], %[[B]]
// CHECK: %[[AB:.+]] = arith.addf %[[AA]], %[[BB]]
// CHECK: %[[CC:.+]] = arith.mulf %[[C]], %[[C]]
// CHECK: %[[SUM:.+]] = arith.addf %[[AB]], %[[CC]]
// CHECK: %[[ROOT:.+]] = math.sqrt
// CHECK: %[[FOURTH:.+]] = math.sqrt %[[ROOT]]
// CHECK: %[[DIVISOR:.+]] = arith.mulf %[[ROOT]], %[[FOURTH]]
// CHECK: arith.divf %[[B]], %[[DIVISOR]]
func.func @quantized(%x: tensor<1x4x8xi8>) -> tensor<1x4x8xf32> {
  %s = edge.constant dense<0.5> : tensor<f32>
  %z = edge.constant dense<3> : tensor<i8>
  %d = edge.dequantize %x, %s, %z : (tensor<1x4x8xi8>, tensor<f32>, tensor<i8>) -> tensor<1x4x8xf32>
  %y = edge.lrn %d {axis = 2 : i64, size = 3 : i64, alpha = 1.0, beta = 0.75, bias = 1.0}
      : (tensor<1x4x8xf32>) -> tensor<1x4x8xf32>
  return %y : tensor<1x4x8xf32>
}

// -----

// A loop has so many inputs at most; more elements are summed in one of their own.
// CHECK-LABEL: func.func @wide
// CHECK: tensor.pad %{{.+}} low[0, 4, 0] high[0, 4, 0]
// CHECK: linalg.generic {{.*}}iterator_types = ["parallel", "parallel", "parallel", "reduction"]
func.func @wide(%x: tensor<1x8x4xf32>) -> tensor<1x8x4xf32> {
  %y = edge.lrn %x {axis = 1 : i64, size = 9 : i64, alpha = 1.0, beta = 0.75, bias = 1.0}
      : (tensor<1x8x4xf32>) -> tensor<1x8x4xf32>
  return %y : tensor<1x8x4xf32>
}
