// RUN: edgec-opt %s --kernel-fuse-attention=target=x86-64-v3 | FileCheck %s

// CHECK-LABEL: func.func @attend
// CHECK-SAME: (%[[Q:.*]]: tensor<3x40x64xf32>, %[[K:.*]]: tensor<3x64x50xf32>, %[[V:.*]]: tensor<3x50x32xf32>, %[[MASK:.*]]: tensor<50xf32>)
// CHECK-NOT: tensor<3x40x50xf32>
// CHECK: kernel.attention ins(%[[Q]], %[[K]], %[[V]] : {{.*}}) extras(%[[MASK]] : tensor<50xf32>)
// CHECK-SAME: extents = array<i64: 3, 40, 50, 64, 32>
// CHECK-NOT: kernel.rowwise
func.func @attend(%q: tensor<3x40x64xf32>, %k: tensor<3x64x50xf32>, %v: tensor<3x50x32xf32>, %mask: tensor<50xf32>) -> tensor<3x40x32xf32> {
  %se = tensor.empty() : tensor<3x40x50xf32>
  %s = kernel.contract ins(%q, %k : tensor<3x40x64xf32>, tensor<3x64x50xf32>) extras(%mask : tensor<50xf32>) outs(%se : tensor<3x40x50xf32>)
    attributes {num_batch = 1 : i64, num_rows = 1 : i64, extents = array<i64: 3, 40, 50, 64>,
      a_map = affine_map<(g, i, j, k) -> (g, i, k)>, b_map = affine_map<(g, i, j, k) -> (g, k, j)>,
      c_map = affine_map<(g, i, j, k) -> (g, i, j)>, extra_maps = [affine_map<(g, i, j, k) -> (j)>], accumulator = f32} {
  ^bb0(%acc: f32, %x: f32):
    %scale = arith.constant 0.125 : f32
    %scaled = arith.mulf %acc, %scale : f32
    %masked = arith.addf %scaled, %x : f32
    kernel.yield %masked : f32
  } -> tensor<3x40x50xf32>
  %pe = tensor.empty() : tensor<3x40x50xf32>
  %p = kernel.rowwise ins(%s : tensor<3x40x50xf32>) outs(%pe : tensor<3x40x50xf32>)
    attributes {extents = array<i64: 3, 40, 50>, combiners = ["max", "add"],
      input_maps = [affine_map<(g, i, j) -> (g, i, j)>], init_map = affine_map<(g, i, j) -> (g, i, j)>} {
  ^bb0(%y: f32):
    kernel.yield %y : f32
  }, {
  ^bb0(%y: f32, %max: f32):
    %d = arith.subf %y, %max : f32
    %e = math.exp %d : f32
    kernel.yield %e : f32
  }, {
  ^bb0(%y: f32, %max: f32, %total: f32, %e: f32):
    %p = arith.divf %e, %total : f32
    kernel.yield %p : f32
  } -> tensor<3x40x50xf32>
  %oe = tensor.empty() : tensor<3x40x32xf32>
  %o = kernel.contract ins(%p, %v : tensor<3x40x50xf32>, tensor<3x50x32xf32>) outs(%oe : tensor<3x40x32xf32>)
    attributes {num_batch = 1 : i64, num_rows = 1 : i64, extents = array<i64: 3, 40, 32, 50>,
      a_map = affine_map<(g, i, c, j) -> (g, i, j)>, b_map = affine_map<(g, i, c, j) -> (g, j, c)>,
      c_map = affine_map<(g, i, c, j) -> (g, i, c)>, extra_maps = [], accumulator = f32} {
  ^bb0(%acc: f32):
    kernel.yield %acc : f32
  } -> tensor<3x40x32xf32>
  return %o : tensor<3x40x32xf32>
}
