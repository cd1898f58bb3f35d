// RUN: edgec-opt %s -edgec-plan-pipeline=target=x86-64-v3 | FileCheck %s

// Equal constants share their bytes; the result is written in place; buffers
// that are not in use together share the arena.
// CHECK: module attributes {edgec.weights = [{offset = 0 : i64, value = dense<[1.000000e+00, 2.000000e+00, 3.000000e+00]> : tensor<3xf32>}], edgec.weights_size = 128 : i64}
// CHECK: memref.global @edgec_weights : memref<128xi8>
// CHECK: func.func @edgec_entry_run(%[[X:.*]]: memref<3xf32>, %[[R:.*]]: memref<3xf32>, %{{.*}}: memref<128xi8>, %{{.*}}: !llvm.ptr)
// CHECK-SAME: edgec.arena_lower_bound = 128 : i64, edgec.arena_size = 128 : i64
// CHECK-NOT: memref.alloc
// CHECK: linalg.mul {{.*}} outs(%[[R]] : memref<3xf32>)
// CHECK-NOT: memref.copy
// CHECK: return
func.func @run(%x: tensor<3xf32>) -> tensor<3xf32> {
  %c = arith.constant dense<[1.0, 2.0, 3.0]> : tensor<3xf32>
  %d = arith.constant dense<[1.0, 2.0, 3.0]> : tensor<3xf32>
  %e = tensor.empty() : tensor<2xf32>
  %f = tensor.empty() : tensor<5xf32>
  %g = tensor.empty() : tensor<3xf32>
  %s = tensor.extract_slice %x[0] [2] [1] : tensor<3xf32> to tensor<2xf32>
  %0 = linalg.exp ins(%s : tensor<2xf32>) outs(%e : tensor<2xf32>) -> tensor<2xf32>
  %1 = linalg.generic {indexing_maps = [affine_map<(i) -> (0)>, affine_map<(i) -> (i)>], iterator_types = ["parallel"]}
      ins(%0 : tensor<2xf32>) outs(%f : tensor<5xf32>) {
  ^bb0(%in: f32, %out: f32):
    linalg.yield %in : f32
  } -> tensor<5xf32>
  %2 = linalg.generic {indexing_maps = [affine_map<(i) -> (i + 2)>, affine_map<(i) -> (i)>], iterator_types = ["parallel"]}
      ins(%1 : tensor<5xf32>) outs(%g : tensor<3xf32>) {
  ^bb0(%in: f32, %out: f32):
    linalg.yield %in : f32
  } -> tensor<3xf32>
  %m = linalg.add ins(%2, %c : tensor<3xf32>, tensor<3xf32>) outs(%g : tensor<3xf32>) -> tensor<3xf32>
  %h = tensor.empty() : tensor<3xf32>
  %3 = linalg.mul ins(%m, %d : tensor<3xf32>, tensor<3xf32>) outs(%h : tensor<3xf32>) -> tensor<3xf32>
  return %3 : tensor<3xf32>
}
