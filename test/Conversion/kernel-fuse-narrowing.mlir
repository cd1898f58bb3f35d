// RUN: edgec-opt %s --kernel-fuse-epilogue=narrowing-only | FileCheck %s

// Of two kernels that meet in a sum, each takes its own quantization; the sum
// is left to --edge-fuse.
#map = affine_map<(i, j) -> (i, j)>
// CHECK-LABEL: func.func @meet
// CHECK: kernel.contract {{.*}} outs(%{{.*}} : tensor<4x16xi32>)
// CHECK: -> tensor<4x16xi32>
// CHECK: kernel.contract {{.*}} outs(%{{.*}} : tensor<4x16xi8>)
// CHECK: arith.trunci
// CHECK: -> tensor<4x16xi8>
// CHECK: linalg.generic
func.func @meet(%a: tensor<4x8xi8>, %b: tensor<8x16xi8>) -> tensor<4x16xi32> {
  %init = tensor.empty() : tensor<4x16xi32>
  %narrow = tensor.empty() : tensor<4x16xi8>
  %x = kernel.contract ins(%a, %b : tensor<4x8xi8>, tensor<8x16xi8>) outs(%init : tensor<4x16xi32>)
    attributes {num_batch = 0 : i64, num_rows = 1 : i64, extents = array<i64: 4, 16, 8>,
      a_map = affine_map<(i, j, k) -> (i, k)>, b_map = affine_map<(i, j, k) -> (k, j)>,
      c_map = affine_map<(i, j, k) -> (i, j)>, extra_maps = [], accumulator = i32} {
  ^bb0(%acc: i32):
    kernel.yield %acc : i32
  } -> tensor<4x16xi32>
  %y = kernel.contract ins(%a, %b : tensor<4x8xi8>, tensor<8x16xi8>) outs(%init : tensor<4x16xi32>)
    attributes {num_batch = 0 : i64, num_rows = 1 : i64, extents = array<i64: 4, 16, 8>,
      a_map = affine_map<(i, j, k) -> (i, k)>, b_map = affine_map<(i, j, k) -> (k, j)>,
      c_map = affine_map<(i, j, k) -> (i, j)>, extra_maps = [], accumulator = i32} {
  ^bb0(%acc: i32):
    kernel.yield %acc : i32
  } -> tensor<4x16xi32>
  %q = linalg.generic {indexing_maps = [#map, #map], iterator_types = ["parallel", "parallel"]}
      ins(%x : tensor<4x16xi32>) outs(%narrow : tensor<4x16xi8>) {
  ^bb0(%in: i32, %out: i8):
    %t = arith.trunci %in : i32 to i8
    linalg.yield %t : i8
  } -> tensor<4x16xi8>
  %s = linalg.generic {indexing_maps = [#map, #map, #map], iterator_types = ["parallel", "parallel"]}
      ins(%q, %y : tensor<4x16xi8>, tensor<4x16xi32>) outs(%init : tensor<4x16xi32>) {
  ^bb0(%in: i8, %other: i32, %out: i32):
    %w = arith.extsi %in : i8 to i32
    %sum = arith.addi %w, %other : i32
    linalg.yield %sum : i32
  } -> tensor<4x16xi32>
  return %s : tensor<4x16xi32>
}
