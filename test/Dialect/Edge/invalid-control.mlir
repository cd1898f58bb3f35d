// RUN: edgec-opt %s --split-input-file --verify-diagnostics

func.func @constant_c1_type() {
  // expected-error@+2 {{the value's type 'vector<2xf32>' must be a tensor of static shape}}
  // expected-error@+1 {{failed to infer returned types}}
  %c = "edge.constant"() {value = dense<1.0> : vector<2xf32>} : () -> tensor<2xf32>
  return
}

// -----

func.func @constant_c1_blob() {
  // expected-error@+1 {{resource 'short' has 4 bytes, but 'tensor<2xf32>' needs 8}}
  %c = edge.constant dense_resource<short> : tensor<2xf32>
  return
}

{-#
  dialect_resources: { builtin: { short: "0x040000000000803F" } }
#-}

// -----

func.func @if_c1(%c: tensor<2xi1>) {
  // expected-error@+1 {{condition of shape 2 must hold one element}}
  edge.if %c : (tensor<2xi1>) -> () {
    edge.yield
  } else {
    edge.yield
  }
  return
}

// -----

func.func @if_c2(%c: tensor<i1>, %x: tensor<2xf32>) {
  // expected-error@+1 {{control flow edge from Region #1 to parent results: source has 0 operands, but target successor needs 1}}
  %y = edge.if %c : (tensor<i1>) -> tensor<2xf32> {
    edge.yield %x : tensor<2xf32>
  } else {
    edge.yield
  }
  return
}

// -----

func.func @loop_c1(%n: tensor<1xi64>, %c: tensor<i1>) {
  // expected-error@+1 {{trip count of shape 1 and condition of shape scalar must be scalars}}
  edge.loop %n, %c : (tensor<1xi64>, tensor<i1>) -> () {
  ^bb0(%i: tensor<i64>):
    edge.yield %c : tensor<i1>
  }
  return
}

// -----

func.func @loop_c2(%n: tensor<i64>, %c: tensor<i1>) {
  // expected-error@+1 {{body takes () and must take the iteration number, tensor<i64>, and the carried values ()}}
  edge.loop %n, %c : (tensor<i64>, tensor<i1>) -> () {
    edge.yield %c : tensor<i1>
  }
  return
}

// -----

func.func @loop_c3(%n: tensor<i64>, %c: tensor<i1>) {
  // expected-error@+1 {{body yields () and must yield whether to go on, tensor<i1>, the carried values () and a slice of each of the 0 scan results}}
  edge.loop %n, %c : (tensor<i64>, tensor<i1>) -> () {
  ^bb0(%i: tensor<i64>):
    edge.yield
  }
  return
}

// -----

func.func @loop_c4_carried(%n: tensor<i64>, %c: tensor<i1>, %x: tensor<2xf32>) {
  // expected-error@+1 {{results () must begin with the carried values ('tensor<2xf32>')}}
  edge.loop %n, %c, %x : (tensor<i64>, tensor<i1>, tensor<2xf32>) -> () {
  ^bb0(%i: tensor<i64>, %y: tensor<2xf32>):
    edge.yield %c, %y : tensor<i1>, tensor<2xf32>
  }
  return
}

// -----

func.func @loop_c4_scan(%n: tensor<i64>, %c: tensor<i1>, %x: tensor<2xf32>) {
  // expected-error@+1 {{scan result 'tensor<5x3xf32>' must stack slices of type 'tensor<2xf32>' along a new first dimension}}
  %y = edge.loop %n, %c : (tensor<i64>, tensor<i1>) -> tensor<5x3xf32> {
  ^bb0(%i: tensor<i64>):
    edge.yield %c, %x : tensor<i1>, tensor<2xf32>
  }
  return
}
