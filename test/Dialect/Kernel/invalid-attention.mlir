// RUN: edgec-opt %s -split-input-file -verify-diagnostics

func.func @attention_extents(%q: tensor<3x40x64xf32>, %k: tensor<3x64x50xf32>, %v: tensor<3x50x32xf32>, %o: tensor<3x40x32xf32>) -> tensor<3x40x32xf32> {
  // expected-error @+1 {{(C1) extents must have num_batch + 4 entries}}
  %r = kernel.attention ins(%q, %k, %v : tensor<3x40x64xf32>, tensor<3x64x50xf32>, tensor<3x50x32xf32>) outs(%o : tensor<3x40x32xf32>)
    attributes {num_batch = 1 : i64, extents = array<i64: 3, 40, 50, 64>,
      query_map = affine_map<(g, i, j, k, c) -> (g, i, k)>, key_map = affine_map<(g, i, j, k, c) -> (g, k, j)>,
      value_map = affine_map<(g, i, j, k, c) -> (g, j, c)>, init_map = affine_map<(g, i, j, k, c) -> (g, i, c)>,
      extra_maps = [], combiners = ["max", "add"]} {
  ^bb0(%sum: f32):
    %scale = arith.constant 0.125 : f32
    %s = arith.mulf %sum, %scale : f32
    kernel.yield %s : f32
  }, {
  ^bb0(%sum: f32):
    kernel.yield %sum : f32
  }, {
  ^bb0(%s: f32):
    kernel.yield %s : f32
  }, {
  ^bb0(%s: f32, %max: f32):
    %d = arith.subf %s, %max : f32
    %e = math.exp %d : f32
    kernel.yield %e : f32
  }, {
  ^bb0(%s: f32, %max: f32, %total: f32, %e: f32):
    %p = arith.divf %e, %total : f32
    kernel.yield %p : f32
  } -> tensor<3x40x32xf32>
  return %r : tensor<3x40x32xf32>
}

// -----

func.func @attention_empty(%q: tensor<3x40x64xf32>, %k: tensor<3x64x50xf32>, %v: tensor<3x50x32xf32>, %o: tensor<3x40x32xf32>) -> tensor<3x40x32xf32> {
  // expected-error @+1 {{(C1) extents must be positive}}
  %r = kernel.attention ins(%q, %k, %v : tensor<3x40x64xf32>, tensor<3x64x50xf32>, tensor<3x50x32xf32>) outs(%o : tensor<3x40x32xf32>)
    attributes {num_batch = 1 : i64, extents = array<i64: 3, 0, 50, 64, 32>,
      query_map = affine_map<(g, i, j, k, c) -> (g, i, k)>, key_map = affine_map<(g, i, j, k, c) -> (g, k, j)>,
      value_map = affine_map<(g, i, j, k, c) -> (g, j, c)>, init_map = affine_map<(g, i, j, k, c) -> (g, i, c)>,
      extra_maps = [], combiners = ["max", "add"]} {
  ^bb0(%sum: f32):
    %scale = arith.constant 0.125 : f32
    %s = arith.mulf %sum, %scale : f32
    kernel.yield %s : f32
  }, {
  ^bb0(%sum: f32):
    kernel.yield %sum : f32
  }, {
  ^bb0(%s: f32):
    kernel.yield %s : f32
  }, {
  ^bb0(%s: f32, %max: f32):
    %d = arith.subf %s, %max : f32
    %e = math.exp %d : f32
    kernel.yield %e : f32
  }, {
  ^bb0(%s: f32, %max: f32, %total: f32, %e: f32):
    %p = arith.divf %e, %total : f32
    kernel.yield %p : f32
  } -> tensor<3x40x32xf32>
  return %r : tensor<3x40x32xf32>
}

// -----

func.func @attention_query_uses_key(%q: tensor<3x40x64xf32>, %k: tensor<3x64x50xf32>, %v: tensor<3x50x32xf32>, %o: tensor<3x40x32xf32>) -> tensor<3x40x32xf32> {
  // expected-error @+1 {{(C2) query's map must not use dimension 2}}
  %r = kernel.attention ins(%q, %k, %v : tensor<3x40x64xf32>, tensor<3x64x50xf32>, tensor<3x50x32xf32>) outs(%o : tensor<3x40x32xf32>)
    attributes {num_batch = 1 : i64, extents = array<i64: 3, 40, 50, 64, 32>,
      query_map = affine_map<(g, i, j, k, c) -> (g, i, j)>, key_map = affine_map<(g, i, j, k, c) -> (g, k, j)>,
      value_map = affine_map<(g, i, j, k, c) -> (g, j, c)>, init_map = affine_map<(g, i, j, k, c) -> (g, i, c)>,
      extra_maps = [], combiners = ["max", "add"]} {
  ^bb0(%sum: f32):
    %scale = arith.constant 0.125 : f32
    %s = arith.mulf %sum, %scale : f32
    kernel.yield %s : f32
  }, {
  ^bb0(%sum: f32):
    kernel.yield %sum : f32
  }, {
  ^bb0(%s: f32):
    kernel.yield %s : f32
  }, {
  ^bb0(%s: f32, %max: f32):
    %d = arith.subf %s, %max : f32
    %e = math.exp %d : f32
    kernel.yield %e : f32
  }, {
  ^bb0(%s: f32, %max: f32, %total: f32, %e: f32):
    %p = arith.divf %e, %total : f32
    kernel.yield %p : f32
  } -> tensor<3x40x32xf32>
  return %r : tensor<3x40x32xf32>
}

// -----

func.func @attention_key_uses_query(%q: tensor<3x40x64xf32>, %k: tensor<3x64x50xf32>, %v: tensor<3x50x32xf32>, %o: tensor<3x40x32xf32>) -> tensor<3x40x32xf32> {
  // expected-error @+1 {{(C2) key's map must not use dimension 1}}
  %r = kernel.attention ins(%q, %k, %v : tensor<3x40x64xf32>, tensor<3x64x50xf32>, tensor<3x50x32xf32>) outs(%o : tensor<3x40x32xf32>)
    attributes {num_batch = 1 : i64, extents = array<i64: 3, 40, 50, 64, 32>,
      query_map = affine_map<(g, i, j, k, c) -> (g, i, k)>, key_map = affine_map<(g, i, j, k, c) -> (g, k, i)>,
      value_map = affine_map<(g, i, j, k, c) -> (g, j, c)>, init_map = affine_map<(g, i, j, k, c) -> (g, i, c)>,
      extra_maps = [], combiners = ["max", "add"]} {
  ^bb0(%sum: f32):
    %scale = arith.constant 0.125 : f32
    %s = arith.mulf %sum, %scale : f32
    kernel.yield %s : f32
  }, {
  ^bb0(%sum: f32):
    kernel.yield %sum : f32
  }, {
  ^bb0(%s: f32):
    kernel.yield %s : f32
  }, {
  ^bb0(%s: f32, %max: f32):
    %d = arith.subf %s, %max : f32
    %e = math.exp %d : f32
    kernel.yield %e : f32
  }, {
  ^bb0(%s: f32, %max: f32, %total: f32, %e: f32):
    %p = arith.divf %e, %total : f32
    kernel.yield %p : f32
  } -> tensor<3x40x32xf32>
  return %r : tensor<3x40x32xf32>
}

// -----

func.func @attention_value_uses_depth(%q: tensor<3x40x64xf32>, %k: tensor<3x64x50xf32>, %v: tensor<3x50x32xf32>, %o: tensor<3x40x32xf32>) -> tensor<3x40x32xf32> {
  // expected-error @+1 {{(C2) value's map must not use dimension 3}}
  %r = kernel.attention ins(%q, %k, %v : tensor<3x40x64xf32>, tensor<3x64x50xf32>, tensor<3x50x32xf32>) outs(%o : tensor<3x40x32xf32>)
    attributes {num_batch = 1 : i64, extents = array<i64: 3, 40, 50, 64, 32>,
      query_map = affine_map<(g, i, j, k, c) -> (g, i, k)>, key_map = affine_map<(g, i, j, k, c) -> (g, k, j)>,
      value_map = affine_map<(g, i, j, k, c) -> (g, k, c)>, init_map = affine_map<(g, i, j, k, c) -> (g, i, c)>,
      extra_maps = [], combiners = ["max", "add"]} {
  ^bb0(%sum: f32):
    %scale = arith.constant 0.125 : f32
    %s = arith.mulf %sum, %scale : f32
    kernel.yield %s : f32
  }, {
  ^bb0(%sum: f32):
    kernel.yield %sum : f32
  }, {
  ^bb0(%s: f32):
    kernel.yield %s : f32
  }, {
  ^bb0(%s: f32, %max: f32):
    %d = arith.subf %s, %max : f32
    %e = math.exp %d : f32
    kernel.yield %e : f32
  }, {
  ^bb0(%s: f32, %max: f32, %total: f32, %e: f32):
    %p = arith.divf %e, %total : f32
    kernel.yield %p : f32
  } -> tensor<3x40x32xf32>
  return %r : tensor<3x40x32xf32>
}

// -----

func.func @attention_init_uses_key(%q: tensor<3x40x64xf32>, %k: tensor<3x64x50xf32>, %v: tensor<3x50x32xf32>, %o: tensor<3x40x32xf32>) -> tensor<3x40x32xf32> {
  // expected-error @+1 {{(C2) init's map must not use dimension 2}}
  %r = kernel.attention ins(%q, %k, %v : tensor<3x40x64xf32>, tensor<3x64x50xf32>, tensor<3x50x32xf32>) outs(%o : tensor<3x40x32xf32>)
    attributes {num_batch = 1 : i64, extents = array<i64: 3, 40, 50, 64, 32>,
      query_map = affine_map<(g, i, j, k, c) -> (g, i, k)>, key_map = affine_map<(g, i, j, k, c) -> (g, k, j)>,
      value_map = affine_map<(g, i, j, k, c) -> (g, j, c)>, init_map = affine_map<(g, i, j, k, c) -> (g, j, c)>,
      extra_maps = [], combiners = ["max", "add"]} {
  ^bb0(%sum: f32):
    %scale = arith.constant 0.125 : f32
    %s = arith.mulf %sum, %scale : f32
    kernel.yield %s : f32
  }, {
  ^bb0(%sum: f32):
    kernel.yield %sum : f32
  }, {
  ^bb0(%s: f32):
    kernel.yield %s : f32
  }, {
  ^bb0(%s: f32, %max: f32):
    %d = arith.subf %s, %max : f32
    %e = math.exp %d : f32
    kernel.yield %e : f32
  }, {
  ^bb0(%s: f32, %max: f32, %total: f32, %e: f32):
    %p = arith.divf %e, %total : f32
    kernel.yield %p : f32
  } -> tensor<3x40x32xf32>
  return %r : tensor<3x40x32xf32>
}

// -----

func.func @attention_outside(%q: tensor<3x40x64xf32>, %k: tensor<3x64x50xf32>, %v: tensor<3x50x32xf32>, %o: tensor<3x40x32xf32>) -> tensor<3x40x32xf32> {
  // expected-error @+1 {{(C3) query's index along axis 1 reaches from 0 to 40, outside [0, 40)}}
  %r = kernel.attention ins(%q, %k, %v : tensor<3x40x64xf32>, tensor<3x64x50xf32>, tensor<3x50x32xf32>) outs(%o : tensor<3x40x32xf32>)
    attributes {num_batch = 1 : i64, extents = array<i64: 3, 41, 50, 64, 32>,
      query_map = affine_map<(g, i, j, k, c) -> (g, i, k)>, key_map = affine_map<(g, i, j, k, c) -> (g, k, j)>,
      value_map = affine_map<(g, i, j, k, c) -> (g, j, c)>, init_map = affine_map<(g, i, j, k, c) -> (g, i, c)>,
      extra_maps = [], combiners = ["max", "add"]} {
  ^bb0(%sum: f32):
    %scale = arith.constant 0.125 : f32
    %s = arith.mulf %sum, %scale : f32
    kernel.yield %s : f32
  }, {
  ^bb0(%sum: f32):
    kernel.yield %sum : f32
  }, {
  ^bb0(%s: f32):
    kernel.yield %s : f32
  }, {
  ^bb0(%s: f32, %max: f32):
    %d = arith.subf %s, %max : f32
    %e = math.exp %d : f32
    kernel.yield %e : f32
  }, {
  ^bb0(%s: f32, %max: f32, %total: f32, %e: f32):
    %p = arith.divf %e, %total : f32
    kernel.yield %p : f32
  } -> tensor<3x40x32xf32>
  return %r : tensor<3x40x32xf32>
}

// -----

func.func @attention_integer_sum(%q: tensor<3x40x64xf32>, %k: tensor<3x64x50xf32>, %v: tensor<3x50x32xf32>, %o: tensor<3x40x32xf32>) -> tensor<3x40x32xf32> {
  // expected-error @+1 {{(C4) the first two regions must take a sum of floats, or of i32 for bytes}}
  %r = kernel.attention ins(%q, %k, %v : tensor<3x40x64xf32>, tensor<3x64x50xf32>, tensor<3x50x32xf32>) outs(%o : tensor<3x40x32xf32>)
    attributes {num_batch = 1 : i64, extents = array<i64: 3, 40, 50, 64, 32>,
      query_map = affine_map<(g, i, j, k, c) -> (g, i, k)>, key_map = affine_map<(g, i, j, k, c) -> (g, k, j)>,
      value_map = affine_map<(g, i, j, k, c) -> (g, j, c)>, init_map = affine_map<(g, i, j, k, c) -> (g, i, c)>,
      extra_maps = [], combiners = ["max", "add"]} {
  ^bb0(%sum: i32):
    %s = arith.sitofp %sum : i32 to f32
    kernel.yield %s : f32
  }, {
  ^bb0(%sum: f32):
    kernel.yield %sum : f32
  }, {
  ^bb0(%s: f32):
    kernel.yield %s : f32
  }, {
  ^bb0(%s: f32, %max: f32):
    %d = arith.subf %s, %max : f32
    %e = math.exp %d : f32
    kernel.yield %e : f32
  }, {
  ^bb0(%s: f32, %max: f32, %total: f32, %e: f32):
    %p = arith.divf %e, %total : f32
    kernel.yield %p : f32
  } -> tensor<3x40x32xf32>
  return %r : tensor<3x40x32xf32>
}

// -----

func.func @attention_integer_score(%q: tensor<3x40x64xf32>, %k: tensor<3x64x50xf32>, %v: tensor<3x50x32xf32>, %o: tensor<3x40x32xf32>) -> tensor<3x40x32xf32> {
  // expected-error @+1 {{(C4) the first region must yield a float}}
  %r = kernel.attention ins(%q, %k, %v : tensor<3x40x64xf32>, tensor<3x64x50xf32>, tensor<3x50x32xf32>) outs(%o : tensor<3x40x32xf32>)
    attributes {num_batch = 1 : i64, extents = array<i64: 3, 40, 50, 64, 32>,
      query_map = affine_map<(g, i, j, k, c) -> (g, i, k)>, key_map = affine_map<(g, i, j, k, c) -> (g, k, j)>,
      value_map = affine_map<(g, i, j, k, c) -> (g, j, c)>, init_map = affine_map<(g, i, j, k, c) -> (g, i, c)>,
      extra_maps = [], combiners = ["max", "add"]} {
  ^bb0(%sum: f32):
    %s = arith.fptosi %sum : f32 to i32
    kernel.yield %s : i32
  }, {
  ^bb0(%sum: f32):
    kernel.yield %sum : f32
  }, {
  ^bb0(%s: f32):
    kernel.yield %s : f32
  }, {
  ^bb0(%s: f32, %max: f32):
    %d = arith.subf %s, %max : f32
    %e = math.exp %d : f32
    kernel.yield %e : f32
  }, {
  ^bb0(%s: f32, %max: f32, %total: f32, %e: f32):
    %p = arith.divf %e, %total : f32
    kernel.yield %p : f32
  } -> tensor<3x40x32xf32>
  return %r : tensor<3x40x32xf32>
}

// -----

func.func @attention_result_type(%q: tensor<3x40x64xf32>, %k: tensor<3x64x50xf32>, %v: tensor<3x50x32xf32>, %o: tensor<3x40x32xf32>) -> tensor<3x40x32xf32> {
  // expected-error @+1 {{(C4) the epilogue yields 'f16', but init's elements are 'f32'}}
  %r = kernel.attention ins(%q, %k, %v : tensor<3x40x64xf32>, tensor<3x64x50xf32>, tensor<3x50x32xf32>) outs(%o : tensor<3x40x32xf32>)
    attributes {num_batch = 1 : i64, extents = array<i64: 3, 40, 50, 64, 32>,
      query_map = affine_map<(g, i, j, k, c) -> (g, i, k)>, key_map = affine_map<(g, i, j, k, c) -> (g, k, j)>,
      value_map = affine_map<(g, i, j, k, c) -> (g, j, c)>, init_map = affine_map<(g, i, j, k, c) -> (g, i, c)>,
      extra_maps = [], combiners = ["max", "add"]} {
  ^bb0(%sum: f32):
    %scale = arith.constant 0.125 : f32
    %s = arith.mulf %sum, %scale : f32
    kernel.yield %s : f32
  }, {
  ^bb0(%sum: f32):
    %h = arith.truncf %sum : f32 to f16
    kernel.yield %h : f16
  }, {
  ^bb0(%s: f32):
    kernel.yield %s : f32
  }, {
  ^bb0(%s: f32, %max: f32):
    %d = arith.subf %s, %max : f32
    %e = math.exp %d : f32
    kernel.yield %e : f32
  }, {
  ^bb0(%s: f32, %max: f32, %total: f32, %e: f32):
    %p = arith.divf %e, %total : f32
    kernel.yield %p : f32
  } -> tensor<3x40x32xf32>
  return %r : tensor<3x40x32xf32>
}

// -----

func.func @attention_combiner(%q: tensor<3x40x64xf32>, %k: tensor<3x64x50xf32>, %v: tensor<3x50x32xf32>, %o: tensor<3x40x32xf32>) -> tensor<3x40x32xf32> {
  // expected-error @+1 {{(C5) unknown combiner 'mul'}}
  %r = kernel.attention ins(%q, %k, %v : tensor<3x40x64xf32>, tensor<3x64x50xf32>, tensor<3x50x32xf32>) outs(%o : tensor<3x40x32xf32>)
    attributes {num_batch = 1 : i64, extents = array<i64: 3, 40, 50, 64, 32>,
      query_map = affine_map<(g, i, j, k, c) -> (g, i, k)>, key_map = affine_map<(g, i, j, k, c) -> (g, k, j)>,
      value_map = affine_map<(g, i, j, k, c) -> (g, j, c)>, init_map = affine_map<(g, i, j, k, c) -> (g, i, c)>,
      extra_maps = [], combiners = ["max", "mul"]} {
  ^bb0(%sum: f32):
    %scale = arith.constant 0.125 : f32
    %s = arith.mulf %sum, %scale : f32
    kernel.yield %s : f32
  }, {
  ^bb0(%sum: f32):
    kernel.yield %sum : f32
  }, {
  ^bb0(%s: f32):
    kernel.yield %s : f32
  }, {
  ^bb0(%s: f32, %max: f32):
    %d = arith.subf %s, %max : f32
    %e = math.exp %d : f32
    kernel.yield %e : f32
  }, {
  ^bb0(%s: f32, %max: f32, %total: f32, %e: f32):
    %p = arith.divf %e, %total : f32
    kernel.yield %p : f32
  } -> tensor<3x40x32xf32>
  return %r : tensor<3x40x32xf32>
}

// -----

func.func @attention_missing_body(%q: tensor<3x40x64xf32>, %k: tensor<3x64x50xf32>, %v: tensor<3x50x32xf32>, %o: tensor<3x40x32xf32>) -> tensor<3x40x32xf32> {
  // expected-error @+1 {{(C5) needs a combiner, and a region more than those}}
  %r = kernel.attention ins(%q, %k, %v : tensor<3x40x64xf32>, tensor<3x64x50xf32>, tensor<3x50x32xf32>) outs(%o : tensor<3x40x32xf32>)
    attributes {num_batch = 1 : i64, extents = array<i64: 3, 40, 50, 64, 32>,
      query_map = affine_map<(g, i, j, k, c) -> (g, i, k)>, key_map = affine_map<(g, i, j, k, c) -> (g, k, j)>,
      value_map = affine_map<(g, i, j, k, c) -> (g, j, c)>, init_map = affine_map<(g, i, j, k, c) -> (g, i, c)>,
      extra_maps = [], combiners = ["max", "add", "add"]} {
  ^bb0(%sum: f32):
    %scale = arith.constant 0.125 : f32
    %s = arith.mulf %sum, %scale : f32
    kernel.yield %s : f32
  }, {
  ^bb0(%sum: f32):
    kernel.yield %sum : f32
  }, {
  ^bb0(%s: f32):
    kernel.yield %s : f32
  }, {
  ^bb0(%s: f32, %max: f32):
    %d = arith.subf %s, %max : f32
    %e = math.exp %d : f32
    kernel.yield %e : f32
  }, {
  ^bb0(%s: f32, %max: f32, %total: f32, %e: f32):
    %p = arith.divf %e, %total : f32
    kernel.yield %p : f32
  } -> tensor<3x40x32xf32>
  return %r : tensor<3x40x32xf32>
}

// -----

func.func @attention_body_arguments(%q: tensor<3x40x64xf32>, %k: tensor<3x64x50xf32>, %v: tensor<3x50x32xf32>, %o: tensor<3x40x32xf32>) -> tensor<3x40x32xf32> {
  // expected-error @+1 {{(C5) region 4 must have the arguments ('f32', 'f32', 'f32', 'f32')}}
  %r = kernel.attention ins(%q, %k, %v : tensor<3x40x64xf32>, tensor<3x64x50xf32>, tensor<3x50x32xf32>) outs(%o : tensor<3x40x32xf32>)
    attributes {num_batch = 1 : i64, extents = array<i64: 3, 40, 50, 64, 32>,
      query_map = affine_map<(g, i, j, k, c) -> (g, i, k)>, key_map = affine_map<(g, i, j, k, c) -> (g, k, j)>,
      value_map = affine_map<(g, i, j, k, c) -> (g, j, c)>, init_map = affine_map<(g, i, j, k, c) -> (g, i, c)>,
      extra_maps = [], combiners = ["max", "add"]} {
  ^bb0(%sum: f32):
    %scale = arith.constant 0.125 : f32
    %s = arith.mulf %sum, %scale : f32
    kernel.yield %s : f32
  }, {
  ^bb0(%sum: f32):
    kernel.yield %sum : f32
  }, {
  ^bb0(%s: f32):
    kernel.yield %s : f32
  }, {
  ^bb0(%s: f32, %max: f32):
    %d = arith.subf %s, %max : f32
    %e = math.exp %d : f32
    kernel.yield %e : f32
  }, {
  ^bb0(%s: f32, %max: f32, %total: f32):
    %p = arith.divf %s, %total : f32
    kernel.yield %p : f32
  } -> tensor<3x40x32xf32>
  return %r : tensor<3x40x32xf32>
}

// -----

func.func @attention_extra_uses_depth(%q: tensor<3x40x64xf32>, %k: tensor<3x64x50xf32>, %v: tensor<3x50x32xf32>, %m: tensor<64xf32>, %o: tensor<3x40x32xf32>) -> tensor<3x40x32xf32> {
  // expected-error @+1 {{(C2) extra operand's map must not use dimension 3}}
  %r = kernel.attention ins(%q, %k, %v : tensor<3x40x64xf32>, tensor<3x64x50xf32>, tensor<3x50x32xf32>) extras(%m : tensor<64xf32>) outs(%o : tensor<3x40x32xf32>)
    attributes {num_batch = 1 : i64, extents = array<i64: 3, 40, 50, 64, 32>,
      query_map = affine_map<(g, i, j, k, c) -> (g, i, k)>, key_map = affine_map<(g, i, j, k, c) -> (g, k, j)>,
      value_map = affine_map<(g, i, j, k, c) -> (g, j, c)>, init_map = affine_map<(g, i, j, k, c) -> (g, i, c)>,
      extra_maps = [affine_map<(g, i, j, k, c) -> (k)>], combiners = ["max", "add"]} {
  ^bb0(%sum: f32, %x: f32):
    %scale = arith.constant 0.125 : f32
    %s = arith.mulf %sum, %scale : f32
    %t = arith.addf %s, %x : f32
    kernel.yield %t : f32
  }, {
  ^bb0(%sum: f32):
    kernel.yield %sum : f32
  }, {
  ^bb0(%s: f32):
    kernel.yield %s : f32
  }, {
  ^bb0(%s: f32, %max: f32):
    %d = arith.subf %s, %max : f32
    %e = math.exp %d : f32
    kernel.yield %e : f32
  }, {
  ^bb0(%s: f32, %max: f32, %total: f32, %e: f32):
    %p = arith.divf %e, %total : f32
    kernel.yield %p : f32
  } -> tensor<3x40x32xf32>
  return %r : tensor<3x40x32xf32>
}

// -----

func.func @attention_float_probability(%q: tensor<4x8xi8>, %k: tensor<8x5xi8>, %v: tensor<5x3xi8>, %o: tensor<4x3xi32>) -> tensor<4x3xi32> {
  // expected-error @+1 {{(C5) the last region must yield 'i8', not 'f32'}}
  %r = kernel.attention ins(%q, %k, %v : tensor<4x8xi8>, tensor<8x5xi8>, tensor<5x3xi8>) outs(%o : tensor<4x3xi32>)
    attributes {num_batch = 0 : i64, extents = array<i64: 4, 5, 8, 3>,
      query_map = affine_map<(i, j, k, c) -> (i, k)>, key_map = affine_map<(i, j, k, c) -> (k, j)>,
      value_map = affine_map<(i, j, k, c) -> (j, c)>, init_map = affine_map<(i, j, k, c) -> (i, c)>,
      extra_maps = [], combiners = ["add"]} {
  ^bb0(%sum: i32):
    %s = arith.sitofp %sum : i32 to f32
    kernel.yield %s : f32
  }, {
  ^bb0(%sum: i32):
    kernel.yield %sum : i32
  }, {
  ^bb0(%s: f32):
    kernel.yield %s : f32
  }, {
  ^bb0(%s: f32, %total: f32, %e: f32):
    kernel.yield %e : f32
  } -> tensor<4x3xi32>
  return %r : tensor<4x3xi32>
}
