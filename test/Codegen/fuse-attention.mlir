// RUN: edgec-opt %s -split-input-file -kernel-fuse-attention=target=x86-64-v3 | FileCheck %s

// The maps of all operands are over one space: head, query, key, depth, column. The regions of the three operations
// become those of one.
// CHECK-DAG: #[[$QUERY:.*]] = affine_map<(d0, d1, d2, d3, d4) -> (d0, d1, d3)>
// CHECK-DAG: #[[$KEY:.*]] = affine_map<(d0, d1, d2, d3, d4) -> (d0, d3, d2)>
// CHECK-DAG: #[[$VALUE:.*]] = affine_map<(d0, d1, d2, d3, d4) -> (d0, d2, d4)>
// CHECK-DAG: #[[$INIT:.*]] = affine_map<(d0, d1, d2, d3, d4) -> (d0, d1, d4)>
// CHECK-DAG: #[[$MASK:.*]] = affine_map<(d0, d1, d2, d3, d4) -> (d2)>
// CHECK-LABEL: func.func @maps
// CHECK: kernel.attention
// CHECK-SAME: combiners = ["max", "add"]
// CHECK-SAME: extra_maps = [#[[$MASK]]]
// CHECK-SAME: init_map = #[[$INIT]]
// CHECK-SAME: key_map = #[[$KEY]]
// CHECK-SAME: query_map = #[[$QUERY]]
// CHECK-SAME: value_map = #[[$VALUE]]
// CHECK: arith.mulf
// CHECK: arith.addf
// CHECK: math.exp
// CHECK: arith.divf
func.func @maps(%q: tensor<3x40x64xf32>, %k: tensor<3x64x50xf32>, %v: tensor<3x50x32xf32>, %mask: tensor<50xf32>) -> tensor<3x40x32xf32> {
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

// -----

// The probabilities are a result of the model.
// CHECK-LABEL: func.func @other_readers
// CHECK-NOT: kernel.attention
// CHECK: kernel.rowwise
func.func @other_readers(%q: tensor<3x40x64xf32>, %k: tensor<3x64x50xf32>, %v: tensor<3x50x32xf32>, %mask: tensor<50xf32>) -> (tensor<3x40x32xf32>, tensor<3x40x50xf32>) {
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
  return %o, %p : tensor<3x40x32xf32>, tensor<3x40x50xf32>
}

// -----

// CHECK-LABEL: func.func @score_readers
// CHECK-NOT: kernel.attention
// CHECK: kernel.rowwise
func.func @score_readers(%q: tensor<3x40x64xf32>, %k: tensor<3x64x50xf32>, %v: tensor<3x50x32xf32>, %mask: tensor<50xf32>) -> (tensor<3x40x32xf32>, tensor<3x40x50xf32>) {
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
  return %o, %s : tensor<3x40x32xf32>, tensor<3x40x50xf32>
}

// -----

// The scores of four queries are more than 64 KiB.
// CHECK-LABEL: func.func @too_many_keys
// CHECK-NOT: kernel.attention
// CHECK: kernel.rowwise
func.func @too_many_keys(%q: tensor<3x40x64xf32>, %k: tensor<3x64x4200xf32>, %v: tensor<3x4200x32xf32>, %mask: tensor<4200xf32>) -> tensor<3x40x32xf32> {
  %se = tensor.empty() : tensor<3x40x4200xf32>
  %s = kernel.contract ins(%q, %k : tensor<3x40x64xf32>, tensor<3x64x4200xf32>) extras(%mask : tensor<4200xf32>) outs(%se : tensor<3x40x4200xf32>)
    attributes {num_batch = 1 : i64, num_rows = 1 : i64, extents = array<i64: 3, 40, 4200, 64>,
      a_map = affine_map<(g, i, j, k) -> (g, i, k)>, b_map = affine_map<(g, i, j, k) -> (g, k, j)>,
      c_map = affine_map<(g, i, j, k) -> (g, i, j)>, extra_maps = [affine_map<(g, i, j, k) -> (j)>], accumulator = f32} {
  ^bb0(%acc: f32, %x: f32):
    %scale = arith.constant 0.125 : f32
    %scaled = arith.mulf %acc, %scale : f32
    %masked = arith.addf %scaled, %x : f32
    kernel.yield %masked : f32
  } -> tensor<3x40x4200xf32>
  %pe = tensor.empty() : tensor<3x40x4200xf32>
  %p = kernel.rowwise ins(%s : tensor<3x40x4200xf32>) outs(%pe : tensor<3x40x4200xf32>)
    attributes {extents = array<i64: 3, 40, 4200>, combiners = ["max", "add"],
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
  } -> tensor<3x40x4200xf32>
  %oe = tensor.empty() : tensor<3x40x32xf32>
  %o = kernel.contract ins(%p, %v : tensor<3x40x4200xf32>, tensor<3x4200x32xf32>) outs(%oe : tensor<3x40x32xf32>)
    attributes {num_batch = 1 : i64, num_rows = 1 : i64, extents = array<i64: 3, 40, 32, 4200>,
      a_map = affine_map<(g, i, c, j) -> (g, i, j)>, b_map = affine_map<(g, i, c, j) -> (g, j, c)>,
      c_map = affine_map<(g, i, c, j) -> (g, i, c)>, extra_maps = [], accumulator = f32} {
  ^bb0(%acc: f32):
    kernel.yield %acc : f32
  } -> tensor<3x40x32xf32>
  return %o : tensor<3x40x32xf32>
}

// -----

// CHECK-LABEL: func.func @many_keys
// CHECK: kernel.attention
func.func @many_keys(%q: tensor<3x40x64xf32>, %k: tensor<3x64x4000xf32>, %v: tensor<3x4000x32xf32>, %mask: tensor<4000xf32>) -> tensor<3x40x32xf32> {
  %se = tensor.empty() : tensor<3x40x4000xf32>
  %s = kernel.contract ins(%q, %k : tensor<3x40x64xf32>, tensor<3x64x4000xf32>) extras(%mask : tensor<4000xf32>) outs(%se : tensor<3x40x4000xf32>)
    attributes {num_batch = 1 : i64, num_rows = 1 : i64, extents = array<i64: 3, 40, 4000, 64>,
      a_map = affine_map<(g, i, j, k) -> (g, i, k)>, b_map = affine_map<(g, i, j, k) -> (g, k, j)>,
      c_map = affine_map<(g, i, j, k) -> (g, i, j)>, extra_maps = [affine_map<(g, i, j, k) -> (j)>], accumulator = f32} {
  ^bb0(%acc: f32, %x: f32):
    %scale = arith.constant 0.125 : f32
    %scaled = arith.mulf %acc, %scale : f32
    %masked = arith.addf %scaled, %x : f32
    kernel.yield %masked : f32
  } -> tensor<3x40x4000xf32>
  %pe = tensor.empty() : tensor<3x40x4000xf32>
  %p = kernel.rowwise ins(%s : tensor<3x40x4000xf32>) outs(%pe : tensor<3x40x4000xf32>)
    attributes {extents = array<i64: 3, 40, 4000>, combiners = ["max", "add"],
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
  } -> tensor<3x40x4000xf32>
  %oe = tensor.empty() : tensor<3x40x32xf32>
  %o = kernel.contract ins(%p, %v : tensor<3x40x4000xf32>, tensor<3x4000x32xf32>) outs(%oe : tensor<3x40x32xf32>)
    attributes {num_batch = 1 : i64, num_rows = 1 : i64, extents = array<i64: 3, 40, 32, 4000>,
      a_map = affine_map<(g, i, c, j) -> (g, i, j)>, b_map = affine_map<(g, i, c, j) -> (g, j, c)>,
      c_map = affine_map<(g, i, c, j) -> (g, i, c)>, extra_maps = [], accumulator = f32} {
  ^bb0(%acc: f32):
    kernel.yield %acc : f32
  } -> tensor<3x40x32xf32>
  return %o : tensor<3x40x32xf32>
}

// -----

// The keys are constants, laid out in panels.
// CHECK-LABEL: func.func @packed_keys
// CHECK-NOT: kernel.attention
// CHECK: kernel.rowwise
func.func @packed_keys(%q: tensor<3x40x64xf32>, %k: tensor<4x64x16xf32>, %v: tensor<3x50x32xf32>, %mask: tensor<50xf32>) -> tensor<3x40x32xf32> {
  %se = tensor.empty() : tensor<3x40x50xf32>
  %s = kernel.contract ins(%q, %k : tensor<3x40x64xf32>, tensor<4x64x16xf32>) extras(%mask : tensor<50xf32>) outs(%se : tensor<3x40x50xf32>)
    attributes {num_batch = 1 : i64, num_rows = 1 : i64, extents = array<i64: 3, 40, 50, 64>,
      a_map = affine_map<(g, i, j, k) -> (g, i, k)>, b_map = affine_map<(g, i, j, k) -> (j floordiv 16, k, j mod 16)>,
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

// -----

// CHECK-LABEL: func.func @bias
// CHECK-NOT: kernel.attention
// CHECK: kernel.rowwise
func.func @bias(%q: tensor<3x40x64xf32>, %k: tensor<3x64x50xf32>, %v: tensor<3x50x32xf32>, %mask: tensor<50xf32>, %bias: tensor<32xf32>) -> tensor<3x40x32xf32> {
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
  %o = kernel.contract ins(%p, %v : tensor<3x40x50xf32>, tensor<3x50x32xf32>) extras(%bias : tensor<32xf32>) outs(%oe : tensor<3x40x32xf32>)
    attributes {num_batch = 1 : i64, num_rows = 1 : i64, extents = array<i64: 3, 40, 32, 50>,
      a_map = affine_map<(g, i, c, j) -> (g, i, j)>, b_map = affine_map<(g, i, c, j) -> (g, j, c)>,
      c_map = affine_map<(g, i, c, j) -> (g, i, c)>, extra_maps = [affine_map<(g, i, c, j) -> (c)>], accumulator = f32} {
  ^bb0(%acc: f32, %b: f32):
    %sum = arith.addf %acc, %b : f32
    kernel.yield %sum : f32
  } -> tensor<3x40x32xf32>
  return %o : tensor<3x40x32xf32>
}
