// RUN: edgec-opt %s --edge-to-linalg | FileCheck %s

// The elements of a byte are the innermost loop.
// CHECK: #[[$BYTE:.+]] = affine_map<(d0, d1, d2) -> (d0, d1)>
// CHECK: #[[$ELEMENT:.+]] = affine_map<(d0, d1, d2) -> (d0, d1, d2)>
// CHECK: #[[$FLAT:.+]] = affine_map<(d0, d1) -> (d0)>

// CHECK-LABEL: func.func @rows
// CHECK: %[[X:.+]] = tensor.expand_shape %{{.+}} : tensor<6xi8> into tensor<2x3xi8>
// CHECK: linalg.generic {indexing_maps = [#[[$BYTE]], #[[$ELEMENT]]]{{.*}} ins(%[[X]] : tensor<2x3xi8>) outs(%{{.+}} : tensor<2x3x2xi8>)
// CHECK: ^bb0(%[[B:.+]]: i8,
// CHECK: %[[P:.+]] = linalg.index 2
// CHECK-DAG: %[[W:.+]] = arith.extui %[[B]] : i8 to i32
// CHECK-DAG: %[[I:.+]] = arith.index_cast %[[P]] : index to i32
// CHECK-DAG: %[[M:.+]] = arith.muli %[[I]], %{{.+}} : i32
// CHECK-DAG: %[[D:.+]] = arith.subi %{{.+}}, %[[M]] : i32
// CHECK: %[[U:.+]] = arith.shli %[[W]], %[[D]] : i32
// CHECK: %[[V:.+]] = arith.shrsi %[[U]], %{{.+}} : i32
// CHECK: arith.trunci %[[V]] : i32 to i8
func.func @rows(%x: tensor<6xui8>) -> tensor<2x3x2xi8> {
  %y = edge.unpack %x {bits = 4 : i64} : (tensor<6xui8>) -> tensor<2x3x2xi8>
  return %y : tensor<2x3x2xi8>
}

// Of other shapes, what is left of the last byte is cut off.
// CHECK-LABEL: func.func @rest
// CHECK: linalg.generic {indexing_maps = [#[[$FLAT]], #{{.+}}]{{.*}} ins(%{{.+}} : tensor<2xi8>) outs(%{{.+}} : tensor<2x4xi8>)
// CHECK: arith.shrui
// CHECK: %[[L:.+]] = tensor.collapse_shape %{{.+}} : tensor<2x4xi8> into tensor<8xi8>
// CHECK: tensor.extract_slice %[[L]][0] [7] [1] : tensor<8xi8> to tensor<7xi8>
func.func @rest(%x: tensor<2xui8>) -> tensor<7xui8> {
  %y = edge.unpack %x {bits = 2 : i64} : (tensor<2xui8>) -> tensor<7xui8>
  return %y : tensor<7xui8>
}
