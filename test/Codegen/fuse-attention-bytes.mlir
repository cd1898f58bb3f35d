// RUN: edgec-opt %s -split-input-file -kernel-pack=target=x86-64-v4-vnni -kernel-fuse-attention=target=x86-64-v4-vnni | FileCheck %s --check-prefix=VNNI
// RUN: edgec-opt %s -split-input-file -kernel-pack=target=aarch64-dotprod -kernel-fuse-attention=target=aarch64-dotprod | FileCheck %s --check-prefix=DOT
// RUN: edgec-opt %s -split-input-file -kernel-pack=target=aarch64 -kernel-fuse-attention=target=aarch64 | FileCheck %s --check-prefix=NEON

// Sums of bytes whose rows end in bytes are one layer, where keys and values are
// packed. Without dot products they are not; nor where flipped signs need sums
// of the probabilities' rows or of the values' columns.
// VNNI-DAG: #[[$KEY:.*]] = affine_map<(d0, d1, d2, d3, d4) -> (d0, d2 floordiv {{[0-9]+}}, d3 floordiv 4, d2 mod {{[0-9]+}}, d3 mod 4)>
// VNNI-DAG: #[[$VALUE:.*]] = affine_map<(d0, d1, d2, d3, d4) -> (d0, d4 floordiv {{[0-9]+}}, d2 floordiv 4, d4 mod {{[0-9]+}}, d2 mod 4)>
// VNNI-LABEL: func.func @bytes
// VNNI: kernel.attention ins(%{{.*}} : tensor<3x40x16xi8>,
// VNNI-SAME: key_map = #[[$KEY]]
// VNNI-SAME: probability_unsigned
// VNNI-SAME: query_unsigned
// VNNI-SAME: value_map = #[[$VALUE]]
// VNNI-NEXT: ^bb0(%{{.*}}: i32):
// VNNI: return
// DOT-LABEL: func.func @bytes
// DOT-NOT: kernel.attention
// DOT: kernel.rowwise
// NEON-LABEL: func.func @bytes
// NEON-NOT: kernel.attention
// NEON: kernel.rowwise
func.func @bytes(%q: tensor<3x40x16xi8>, %k: tensor<3x50x16xi8>, %v: tensor<3x50x32xi8>) -> tensor<3x40x32xi8> {
  %se = tensor.empty() : tensor<3x40x50xf32>
  %s = kernel.contract ins(%q, %k : tensor<3x40x16xi8>, tensor<3x50x16xi8>) outs(%se : tensor<3x40x50xf32>)
    attributes {num_batch = 1 : i64, num_rows = 1 : i64, extents = array<i64: 3, 40, 50, 16>,
      a_map = affine_map<(g, i, j, k) -> (g, i, k)>, b_map = affine_map<(g, i, j, k) -> (g, j, k)>,
      c_map = affine_map<(g, i, j, k) -> (g, i, j)>, extra_maps = [], accumulator = i32, a_unsigned} {
  ^bb0(%acc: i32):
    %f = arith.sitofp %acc : i32 to f32
    kernel.yield %f : f32
  } -> tensor<3x40x50xf32>
  %pe = tensor.empty() : tensor<3x40x50xi8>
  %p = kernel.rowwise ins(%s : tensor<3x40x50xf32>) outs(%pe : tensor<3x40x50xi8>)
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
    %c = arith.constant 255.0 : f32
    %p = arith.divf %e, %total : f32
    %x = arith.mulf %p, %c : f32
    %b = arith.fptoui %x : f32 to i8
    kernel.yield %b : i8
  } -> tensor<3x40x50xi8>
  %oe = tensor.empty() : tensor<3x40x32xi8>
  %o = kernel.contract ins(%p, %v : tensor<3x40x50xi8>, tensor<3x50x32xi8>) outs(%oe : tensor<3x40x32xi8>)
    attributes {num_batch = 1 : i64, num_rows = 1 : i64, extents = array<i64: 3, 40, 32, 50>,
      a_map = affine_map<(g, i, c, j) -> (g, i, j)>, b_map = affine_map<(g, i, c, j) -> (g, j, c)>,
      c_map = affine_map<(g, i, c, j) -> (g, i, c)>, extra_maps = [], accumulator = i32, a_unsigned} {
  ^bb0(%acc: i32):
    %b = arith.trunci %acc : i32 to i8
    kernel.yield %b : i8
  } -> tensor<3x40x32xi8>
  return %o : tensor<3x40x32xi8>
}
