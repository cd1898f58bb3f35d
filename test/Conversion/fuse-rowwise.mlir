// RUN: edgec-opt %s -kernel-fuse-epilogue | FileCheck %s

// A scale by column and a quantization go into the last region; the scale is an
// input of all regions.
// CHECK-LABEL: @quantized
// CHECK-SAME: (%[[X:.+]]: tensor<8x100xf32>, %[[S:.+]]: tensor<100xf32>)
// CHECK: kernel.rowwise ins(%[[X]], %[[S]] : tensor<8x100xf32>, tensor<100xf32>) outs(%{{.+}} : tensor<8x100xi8>)
// CHECK: ^bb0(%{{.+}}: f32, %{{.+}}: f32):
// CHECK: ^bb0(%{{.+}}: f32, %[[B:.+]]: f32, %[[SUM:.+]]: f32, %{{.+}}: f32):
// CHECK-NEXT: %[[M:.+]] = arith.mulf %[[SUM]], %[[B]]
// CHECK-NEXT: %[[Q:.+]] = arith.fptosi %[[M]] : f32 to i8
// CHECK-NEXT: kernel.yield %[[Q]] : i8
// CHECK-NOT: linalg
func.func @quantized(%x: tensor<8x100xf32>, %s: tensor<100xf32>) -> tensor<8x100xi8> {
  %e = tensor.empty() : tensor<8x100xf32>
  %r = kernel.rowwise ins(%x : tensor<8x100xf32>) outs(%e : tensor<8x100xf32>)
      attributes {extents = array<i64: 8, 100>, combiners = ["add"],
       input_maps = [affine_map<(i, j) -> (i, j)>], init_map = affine_map<(i, j) -> (i, j)>} {
  ^bb0(%a: f32):
    kernel.yield %a : f32
  }, {
  ^bb0(%a: f32, %sum: f32, %last: f32):
    kernel.yield %sum : f32
  } -> tensor<8x100xf32>
  %f = tensor.empty() : tensor<8x100xi8>
  %q = linalg.generic {indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (j)>, affine_map<(i, j) -> (i, j)>],
      iterator_types = ["parallel", "parallel"]} ins(%r, %s : tensor<8x100xf32>, tensor<100xf32>) outs(%f : tensor<8x100xi8>) {
  ^bb0(%a: f32, %b: f32, %c: i8):
    %m = arith.mulf %a, %b : f32
    %i = arith.fptosi %m : f32 to i8
    linalg.yield %i : i8
  } -> tensor<8x100xi8>
  return %q : tensor<8x100xi8>
}

// Two readers: what they read has to be stored.
// CHECK-LABEL: @two_readers
// CHECK: kernel.rowwise
// CHECK: linalg.generic
func.func @two_readers(%x: tensor<8x100xf32>) -> (tensor<8x100xf32>, tensor<8x100xf32>) {
  %e = tensor.empty() : tensor<8x100xf32>
  %r = kernel.rowwise ins(%x : tensor<8x100xf32>) outs(%e : tensor<8x100xf32>)
      attributes {extents = array<i64: 8, 100>, combiners = ["add"],
       input_maps = [affine_map<(i, j) -> (i, j)>], init_map = affine_map<(i, j) -> (i, j)>} {
  ^bb0(%a: f32):
    kernel.yield %a : f32
  }, {
  ^bb0(%a: f32, %sum: f32, %last: f32):
    kernel.yield %sum : f32
  } -> tensor<8x100xf32>
  %n = linalg.generic {indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i, j)>],
      iterator_types = ["parallel", "parallel"]} ins(%r : tensor<8x100xf32>) outs(%e : tensor<8x100xf32>) {
  ^bb0(%a: f32, %c: f32):
    %m = arith.negf %a : f32
    linalg.yield %m : f32
  } -> tensor<8x100xf32>
  return %r, %n : tensor<8x100xf32>, tensor<8x100xf32>
}
