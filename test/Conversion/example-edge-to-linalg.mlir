// RUN: edgec-opt %s --edge-to-linalg | FileCheck %s

// CHECK-DAG: #[[$ROW:.*]] = affine_map<(d0, d1) -> (d1)>
// CHECK-LABEL: func.func @add
// CHECK-SAME: %[[X:.*]]: tensor<4x5xf32>, %[[B:.*]]: tensor<5xf32>
// CHECK: linalg.generic {indexing_maps = [#{{.*}}, #[[$ROW]], #{{.*}}], iterator_types = ["parallel", "parallel"]} ins(%[[X]], %[[B]]
// CHECK: arith.addf
func.func @add(%x: tensor<4x5xf32>, %b: tensor<5xf32>) -> tensor<4x5xf32> {
  %y = edge.add %x, %b : (tensor<4x5xf32>, tensor<5xf32>) -> tensor<4x5xf32>
  return %y : tensor<4x5xf32>
}
