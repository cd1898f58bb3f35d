// Every operation is parsed, verified, printed and parsed again.
// RUN: edgec-opt %s | edgec-opt | FileCheck %s
// RUN: edgec-opt %s --mlir-print-op-generic | edgec-opt | FileCheck %s

// CHECK-LABEL: func.func @scalar_functions
func.func @scalar_functions(%x: tensor<2x3xf32>, %c: tensor<2x3xi1>) {
  // CHECK: edge.abs %{{.+}} : tensor<2x3xf32>
  %abs = edge.abs %x : tensor<2x3xf32>
  // CHECK: edge.neg %{{.+}} : tensor<2x3xf32>
  %neg = edge.neg %x : tensor<2x3xf32>
  // CHECK: edge.sign %{{.+}} : tensor<2x3xf32>
  %sign = edge.sign %x : tensor<2x3xf32>
  // CHECK: edge.floor %{{.+}} : tensor<2x3xf32>
  %floor = edge.floor %x : tensor<2x3xf32>
  // CHECK: edge.ceil %{{.+}} : tensor<2x3xf32>
  %ceil = edge.ceil %x : tensor<2x3xf32>
  // CHECK: edge.round %{{.+}} : tensor<2x3xf32>
  %round = edge.round %x : tensor<2x3xf32>
  // CHECK: edge.reciprocal %{{.+}} : tensor<2x3xf32>
  %reciprocal = edge.reciprocal %x : tensor<2x3xf32>
  // CHECK: edge.sqrt %{{.+}} : tensor<2x3xf32>
  %sqrt = edge.sqrt %x : tensor<2x3xf32>
  // CHECK: edge.exp %{{.+}} : tensor<2x3xf32>
  %exp = edge.exp %x : tensor<2x3xf32>
  // CHECK: edge.log %{{.+}} : tensor<2x3xf32>
  %log = edge.log %x : tensor<2x3xf32>
  // CHECK: edge.erf %{{.+}} : tensor<2x3xf32>
  %erf = edge.erf %x : tensor<2x3xf32>
  // CHECK: edge.sin %{{.+}} : tensor<2x3xf32>
  %sin = edge.sin %x : tensor<2x3xf32>
  // CHECK: edge.cos %{{.+}} : tensor<2x3xf32>
  %cos = edge.cos %x : tensor<2x3xf32>
  // CHECK: edge.asin %{{.+}} : tensor<2x3xf32>
  %asin = edge.asin %x : tensor<2x3xf32>
  // CHECK: edge.acos %{{.+}} : tensor<2x3xf32>
  %acos = edge.acos %x : tensor<2x3xf32>
  // CHECK: edge.atan %{{.+}} : tensor<2x3xf32>
  %atan = edge.atan %x : tensor<2x3xf32>
  // CHECK: edge.sinh %{{.+}} : tensor<2x3xf32>
  %sinh = edge.sinh %x : tensor<2x3xf32>
  // CHECK: edge.cosh %{{.+}} : tensor<2x3xf32>
  %cosh = edge.cosh %x : tensor<2x3xf32>
  // CHECK: edge.asinh %{{.+}} : tensor<2x3xf32>
  %asinh = edge.asinh %x : tensor<2x3xf32>
  // CHECK: edge.acosh %{{.+}} : tensor<2x3xf32>
  %acosh = edge.acosh %x : tensor<2x3xf32>
  // CHECK: edge.atanh %{{.+}} : tensor<2x3xf32>
  %atanh = edge.atanh %x : tensor<2x3xf32>
  // CHECK: edge.tanh %{{.+}} : tensor<2x3xf32>
  %tanh = edge.tanh %x : tensor<2x3xf32>
  // CHECK: edge.relu %{{.+}} : tensor<2x3xf32>
  %relu = edge.relu %x : tensor<2x3xf32>
  // CHECK: edge.sigmoid %{{.+}} : tensor<2x3xf32>
  %sigmoid = edge.sigmoid %x : tensor<2x3xf32>
  // CHECK: edge.softplus %{{.+}} : tensor<2x3xf32>
  %softplus = edge.softplus %x : tensor<2x3xf32>
  // CHECK: edge.softsign %{{.+}} : tensor<2x3xf32>
  %softsign = edge.softsign %x : tensor<2x3xf32>
  // CHECK: edge.hard_swish %{{.+}} : tensor<2x3xf32>
  %hard_swish = edge.hard_swish %x : tensor<2x3xf32>
  // CHECK: edge.mish %{{.+}} : tensor<2x3xf32>
  %mish = edge.mish %x : tensor<2x3xf32>
  // CHECK: edge.not
  %not = edge.not %c : tensor<2x3xi1>
  return
}

// CHECK-LABEL: func.func @activations
func.func @activations(%x: tensor<2x3xf32>) {
  // CHECK: edge.leaky_relu %{{.+}} {alpha
  %leaky_relu = edge.leaky_relu %x {alpha = 0.01} : tensor<2x3xf32>
  // CHECK: edge.elu %{{.+}} {alpha
  %elu = edge.elu %x {alpha = 1.0} : tensor<2x3xf32>
  // CHECK: edge.celu %{{.+}} {alpha
  %celu = edge.celu %x {alpha = 1.0} : tensor<2x3xf32>
  // CHECK: edge.selu %{{.+}} {alpha
  %selu = edge.selu %x {alpha = 1.67, gamma = 1.05} : tensor<2x3xf32>
  // CHECK: edge.thresholded_relu %{{.+}} {alpha
  %thresholded_relu = edge.thresholded_relu %x {alpha = 1.0} : tensor<2x3xf32>
  // CHECK: edge.hard_sigmoid %{{.+}} {alpha
  %hard_sigmoid = edge.hard_sigmoid %x {alpha = 0.2, beta = 0.5} : tensor<2x3xf32>
  // CHECK: edge.gelu %{{.+}} {approximate_tanh
  %gelu = edge.gelu %x {approximate_tanh} : tensor<2x3xf32>
  // CHECK: edge.clamp %{{.+}} {max
  %clamp = edge.clamp %x {max = 6.0, min = 0.0} : tensor<2x3xf32>
  return
}

// CHECK-LABEL: func.func @broadcasting
func.func @broadcasting(%x: tensor<2x3xf32>, %y: tensor<3xf32>, %c: tensor<2x3xi1>, %i: tensor<i64>) {
  // CHECK: edge.add %{{.+}}, %{{.+}} : (tensor<2x3xf32>, tensor<3xf32>) -> tensor<2x3xf32>
  %add = edge.add %x, %y : (tensor<2x3xf32>, tensor<3xf32>) -> tensor<2x3xf32>
  // CHECK: edge.sub %{{.+}}, %{{.+}} : (tensor<2x3xf32>, tensor<3xf32>) -> tensor<2x3xf32>
  %sub = edge.sub %x, %y : (tensor<2x3xf32>, tensor<3xf32>) -> tensor<2x3xf32>
  // CHECK: edge.mul %{{.+}}, %{{.+}} : (tensor<2x3xf32>, tensor<3xf32>) -> tensor<2x3xf32>
  %mul = edge.mul %x, %y : (tensor<2x3xf32>, tensor<3xf32>) -> tensor<2x3xf32>
  // CHECK: edge.div %{{.+}}, %{{.+}} : (tensor<2x3xf32>, tensor<3xf32>) -> tensor<2x3xf32>
  %div = edge.div %x, %y : (tensor<2x3xf32>, tensor<3xf32>) -> tensor<2x3xf32>
  // CHECK: edge.maximum %{{.+}}, %{{.+}} : (tensor<2x3xf32>, tensor<3xf32>) -> tensor<2x3xf32>
  %maximum = edge.maximum %x, %y : (tensor<2x3xf32>, tensor<3xf32>) -> tensor<2x3xf32>
  // CHECK: edge.minimum %{{.+}}, %{{.+}} : (tensor<2x3xf32>, tensor<3xf32>) -> tensor<2x3xf32>
  %minimum = edge.minimum %x, %y : (tensor<2x3xf32>, tensor<3xf32>) -> tensor<2x3xf32>
  // CHECK: edge.prelu %{{.+}}, %{{.+}} : (tensor<2x3xf32>, tensor<3xf32>) -> tensor<2x3xf32>
  %prelu = edge.prelu %x, %y : (tensor<2x3xf32>, tensor<3xf32>) -> tensor<2x3xf32>
  // CHECK: edge.mod %{{.+}}, %{{.+}} : (tensor<2x3xf32>, tensor<3xf32>) -> tensor<2x3xf32>
  %mod = edge.mod %x, %y : (tensor<2x3xf32>, tensor<3xf32>) -> tensor<2x3xf32>
  // CHECK: edge.mod %{{.+}}, %{{.+}} {fmod}
  %fmod = edge.mod %x, %y {fmod} : (tensor<2x3xf32>, tensor<3xf32>) -> tensor<2x3xf32>
  // CHECK: edge.and
  %and = edge.and %c, %c : (tensor<2x3xi1>, tensor<2x3xi1>) -> tensor<2x3xi1>
  // CHECK: edge.or
  %or = edge.or %c, %c : (tensor<2x3xi1>, tensor<2x3xi1>) -> tensor<2x3xi1>
  %bits = edge.cast %c : (tensor<2x3xi1>) -> tensor<2x3xui8>
  // CHECK: edge.shift_left
  %shift_left = edge.shift_left %bits, %bits : (tensor<2x3xui8>, tensor<2x3xui8>) -> tensor<2x3xui8>
  // CHECK: edge.shift_right
  %shift_right = edge.shift_right %bits, %bits : (tensor<2x3xui8>, tensor<2x3xui8>) -> tensor<2x3xui8>
  // CHECK: edge.xor
  %xor = edge.xor %c, %c : (tensor<2x3xi1>, tensor<2x3xi1>) -> tensor<2x3xi1>
  // The result has the base's element type.
  // CHECK: edge.pow
  %pow = edge.pow %x, %i : (tensor<2x3xf32>, tensor<i64>) -> tensor<2x3xf32>
  // CHECK: edge.compare <eq> %{{.+}}, %{{.+}} : (tensor<2x3xf32>, tensor<3xf32>) -> tensor<2x3xi1>
  %eq = edge.compare <eq> %x, %y : (tensor<2x3xf32>, tensor<3xf32>) -> tensor<2x3xi1>
  // CHECK: edge.compare <ne> %{{.+}}, %{{.+}} : (tensor<2x3xf32>, tensor<3xf32>) -> tensor<2x3xi1>
  %ne = edge.compare <ne> %x, %y : (tensor<2x3xf32>, tensor<3xf32>) -> tensor<2x3xi1>
  // CHECK: edge.compare <lt> %{{.+}}, %{{.+}} : (tensor<2x3xf32>, tensor<3xf32>) -> tensor<2x3xi1>
  %lt = edge.compare <lt> %x, %y : (tensor<2x3xf32>, tensor<3xf32>) -> tensor<2x3xi1>
  // CHECK: edge.compare <le> %{{.+}}, %{{.+}} : (tensor<2x3xf32>, tensor<3xf32>) -> tensor<2x3xi1>
  %le = edge.compare <le> %x, %y : (tensor<2x3xf32>, tensor<3xf32>) -> tensor<2x3xi1>
  // CHECK: edge.compare <gt> %{{.+}}, %{{.+}} : (tensor<2x3xf32>, tensor<3xf32>) -> tensor<2x3xi1>
  %gt = edge.compare <gt> %x, %y : (tensor<2x3xf32>, tensor<3xf32>) -> tensor<2x3xi1>
  // CHECK: edge.compare <ge> %{{.+}}, %{{.+}} : (tensor<2x3xf32>, tensor<3xf32>) -> tensor<2x3xi1>
  %ge = edge.compare <ge> %x, %y : (tensor<2x3xf32>, tensor<3xf32>) -> tensor<2x3xi1>
  // CHECK: edge.select
  %select = edge.select %c, %x, %y : (tensor<2x3xi1>, tensor<2x3xf32>, tensor<3xf32>) -> tensor<2x3xf32>
  // CHECK: edge.is_nan
  %nan = edge.is_nan %x : (tensor<2x3xf32>) -> tensor<2x3xi1>
  // CHECK: edge.is_inf %{{.+}} {detect_negative = false}
  %inf = edge.is_inf %x {detect_negative = false} : (tensor<2x3xf32>) -> tensor<2x3xi1>
  // CHECK: edge.cast %{{.+}} : (tensor<2x3xf32>) -> tensor<2x3xui8>
  %cast = edge.cast %x : (tensor<2x3xf32>) -> tensor<2x3xui8>
  return
}

// CHECK-LABEL: func.func @contractions
func.func @contractions(%x: tensor<1x4x8x8xf32>, %w: tensor<6x2x3x3xf32>, %b: tensor<6xf32>, %l: tensor<1x8x4xf32>, %k: tensor<6x4x3xf32>, %kt: tensor<4x5x3xf32>, %u: tensor<5x4xui8>, %s: tensor<4x3xi8>, %v: tensor<4xf32>, %m: tensor<2x7x4xf32>, %n: tensor<3x1x9x4xf32>) {
  // CHECK: edge.conv %{{.+}}, %{{.+}}, %{{.+}} {dilations
  %conv = edge.conv %x, %w, %b {strides = array<i64: 2, 1>, dilations = array<i64: 1, 2>,
      pads = array<i64: 1, 2, 1, 2>, groups = 2 : i64}
      : (tensor<1x4x8x8xf32>, tensor<6x2x3x3xf32>, tensor<6xf32>) -> tensor<1x6x4x8xf32>
  // CHECK: edge.conv %{{.+}}, %{{.+}} {{{.*}}layout = #edge.layout<nhwc>
  %conv1d = edge.conv %l, %k {strides = array<i64: 1>, dilations = array<i64: 1>,
      pads = array<i64: 0, 0>, groups = 1 : i64, layout = #edge.layout<nhwc>}
      : (tensor<1x8x4xf32>, tensor<6x4x3xf32>) -> tensor<1x6x6xf32>
  // CHECK: edge.conv_transpose %{{.+}}, %{{.+}} {{{.*}}layout = #edge.layout<nhwc>, pads = array<i64: 1, -1>
  %transposed1d = edge.conv_transpose %l, %kt {strides = array<i64: 2>, dilations = array<i64: 1>,
      pads = array<i64: 1, -1>, groups = 1 : i64, layout = #edge.layout<nhwc>}
      : (tensor<1x8x4xf32>, tensor<4x5x3xf32>) -> tensor<1x17x5xf32>
  // CHECK: edge.matmul %{{.+}}, %{{.+}} : (tensor<5x4xui8>, tensor<4x3xi8>) -> tensor<5x3xi32>
  %integers = edge.matmul %u, %s : (tensor<5x4xui8>, tensor<4x3xi8>) -> tensor<5x3xi32>
  // CHECK: edge.matmul %{{.+}}, %{{.+}} {transpose_rhs}
  %batched = edge.matmul %m, %n {transpose_rhs}
      : (tensor<2x7x4xf32>, tensor<3x1x9x4xf32>) -> tensor<3x2x7x9xf32>
  // CHECK: edge.matmul %{{.+}}, %{{.+}} : (tensor<4xf32>, tensor<4xf32>) -> tensor<f32>
  %dot = edge.matmul %v, %v : (tensor<4xf32>, tensor<4xf32>) -> tensor<f32>
  // CHECK: edge.matmul %{{.+}}, %{{.+}} : (tensor<2x7x4xf32>, tensor<4xf32>) -> tensor<2x7xf32>
  %column = edge.matmul %m, %v : (tensor<2x7x4xf32>, tensor<4xf32>) -> tensor<2x7xf32>
  return
}

// CHECK-LABEL: func.func @normalisations
func.func @normalisations(%x: tensor<1x4x8xf32>, %c: tensor<4xf32>, %s: tensor<8xf32>) {
  // CHECK: edge.batch_norm
  %batch = edge.batch_norm %x, %c, %c, %c, %c {epsilon = 1.0e-5}
      : (tensor<1x4x8xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>)
      -> tensor<1x4x8xf32>
  // CHECK: edge.layer_norm %{{[^,]+}}, %{{[^,]+}} {axis = 2
  %layer = edge.layer_norm %x, %s {axis = 2 : i64, epsilon = 1.0e-5}
      : (tensor<1x4x8xf32>, tensor<8xf32>) -> tensor<1x4x8xf32>
  // CHECK: edge.lrn
  %lrn = edge.lrn %x {size = 5 : i64, alpha = 1.0e-4, beta = 0.75, bias = 1.0}
      : (tensor<1x4x8xf32>) -> tensor<1x4x8xf32>
  return
}

// CHECK-LABEL: func.func @quantization
func.func @quantization(%x: tensor<2x3xf32>, %s: tensor<f32>, %z: tensor<ui8>, %sc: tensor<3xf32>, %zc: tensor<3xi8>) {
  // CHECK: edge.quantize %{{.+}} : (tensor<2x3xf32>, tensor<f32>, tensor<ui8>) -> tensor<2x3xui8>
  %q = edge.quantize %x, %s, %z : (tensor<2x3xf32>, tensor<f32>, tensor<ui8>) -> tensor<2x3xui8>
  // CHECK: edge.dequantize
  %d = edge.dequantize %q, %s, %z : (tensor<2x3xui8>, tensor<f32>, tensor<ui8>) -> tensor<2x3xf32>
  // CHECK: edge.dequantize {{.*}} {axis = 1 : i64, block_size = 2 : i64}
  %blocks = edge.constant dense<1.0> : tensor<2x2xf32>
  %b = edge.dequantize %q, %blocks, %z {axis = 1 : i64, block_size = 2 : i64} : (tensor<2x3xui8>, tensor<2x2xf32>, tensor<ui8>) -> tensor<2x3xf32>
  // CHECK: edge.unpack {{.*}} {bits = 4 : i64} : (tensor<4xui8>) -> tensor<7xi8>
  %packed = edge.constant dense<[16, 50, 84, 6]> : tensor<4xui8>
  %u = edge.unpack %packed {bits = 4 : i64} : (tensor<4xui8>) -> tensor<7xi8>
  // CHECK: edge.quantize %{{.+}} {axis = 1
  %qc = edge.quantize %x, %sc, %zc {axis = 1 : i64}
      : (tensor<2x3xf32>, tensor<3xf32>, tensor<3xi8>) -> tensor<2x3xi8>
  return
}

// CHECK-LABEL: func.func @reductions
func.func @reductions(%x: tensor<1x4x8x8xf32>) {
  // CHECK: edge.reduce <sum>
  %sum = edge.reduce <sum> %x {axes = array<i64: 0, 2>, keep_dims = false}
      : (tensor<1x4x8x8xf32>) -> tensor<4x8xf32>
  // CHECK: edge.reduce <mean>
  %mean = edge.reduce <mean> %x {axes = array<i64: 0, 2>, keep_dims = false}
      : (tensor<1x4x8x8xf32>) -> tensor<4x8xf32>
  // CHECK: edge.reduce <max>
  %max = edge.reduce <max> %x {axes = array<i64: 0, 2>, keep_dims = false}
      : (tensor<1x4x8x8xf32>) -> tensor<4x8xf32>
  // CHECK: edge.reduce <min>
  %min = edge.reduce <min> %x {axes = array<i64: 0, 2>, keep_dims = false}
      : (tensor<1x4x8x8xf32>) -> tensor<4x8xf32>
  // CHECK: edge.reduce <prod>
  %prod = edge.reduce <prod> %x {axes = array<i64: 0, 2>, keep_dims = false}
      : (tensor<1x4x8x8xf32>) -> tensor<4x8xf32>
  // CHECK: edge.reduce <l1>
  %l1 = edge.reduce <l1> %x {axes = array<i64: 0, 2>, keep_dims = false}
      : (tensor<1x4x8x8xf32>) -> tensor<4x8xf32>
  // CHECK: edge.reduce <l2>
  %l2 = edge.reduce <l2> %x {axes = array<i64: 0, 2>, keep_dims = false}
      : (tensor<1x4x8x8xf32>) -> tensor<4x8xf32>
  // CHECK: edge.reduce <sum_square>
  %sum_square = edge.reduce <sum_square> %x {axes = array<i64: 0, 2>, keep_dims = false}
      : (tensor<1x4x8x8xf32>) -> tensor<4x8xf32>
  // CHECK: edge.reduce <log_sum>
  %log_sum = edge.reduce <log_sum> %x {axes = array<i64: 0, 2>, keep_dims = false}
      : (tensor<1x4x8x8xf32>) -> tensor<4x8xf32>
  // CHECK: edge.reduce <log_sum_exp>
  %log_sum_exp = edge.reduce <log_sum_exp> %x {axes = array<i64: 0, 2>, keep_dims = false}
      : (tensor<1x4x8x8xf32>) -> tensor<4x8xf32>
  // CHECK: edge.reduce <mean> %{{.+}} {axes = array<i64>, keep_dims = true}
  %none = edge.reduce <mean> %x {axes = array<i64>, keep_dims = true}
      : (tensor<1x4x8x8xf32>) -> tensor<1x4x8x8xf32>
  // CHECK: edge.arg_reduce <max> %{{.+}} {axis = 1 : i64, keep_dims = true, select_last}
  %arg = edge.arg_reduce <max> %x {axis = 1 : i64, keep_dims = true, select_last}
      : (tensor<1x4x8x8xf32>) -> tensor<1x1x8x8xi64>
  // CHECK: edge.softmax %{{.+}} {axis = 1 : i64, log}
  %softmax = edge.softmax %x {axis = 1 : i64, log} : (tensor<1x4x8x8xf32>) -> tensor<1x4x8x8xf32>
  // CHECK: edge.max_pool
  %maxpool = edge.max_pool %x {kernel = array<i64: 3, 3>, strides = array<i64: 2, 2>,
      dilations = array<i64: 1, 1>, pads = array<i64: 1, 1, 1, 1>}
      : (tensor<1x4x8x8xf32>) -> tensor<1x4x4x4xf32>
  // CHECK: edge.average_pool %{{.+}} {ceil_pads = array<i64: 1, 1>, count_include_pad
  %avgpool = edge.average_pool %x {kernel = array<i64: 3, 3>, strides = array<i64: 2, 2>,
      dilations = array<i64: 1, 1>, pads = array<i64: 0, 0, 1, 1>,
      ceil_pads = array<i64: 1, 1>, count_include_pad}
      : (tensor<1x4x8x8xf32>) -> tensor<1x4x4x4xf32>
  return
}

// CHECK-LABEL: func.func @shapes
func.func @shapes(%x: tensor<2x3xf32>, %v: tensor<f32>, %i: tensor<5x1xi64>, %e: tensor<0x3xf32>) {
  // CHECK: edge.reshape
  %reshape = edge.reshape %x : (tensor<2x3xf32>) -> tensor<3x1x2xf32>
  // CHECK: edge.transpose
  %transpose = edge.transpose %x {permutation = array<i64: 1, 0>} : (tensor<2x3xf32>) -> tensor<3x2xf32>
  // CHECK: edge.broadcast
  %broadcast = edge.broadcast %x : (tensor<2x3xf32>) -> tensor<4x2x3xf32>
  // CHECK: edge.concat %{{.+}}, %{{.+}} {axis = 0
  %concat = edge.concat %x, %e {axis = 0 : i64} : (tensor<2x3xf32>, tensor<0x3xf32>) -> tensor<2x3xf32>
  // From the end: columns 2, 1.
  // CHECK: edge.slice
  %slice = edge.slice %x {starts = array<i64: 0, 2>, sizes = array<i64: 2, 2>,
      steps = array<i64: 1, -1>} : (tensor<2x3xf32>) -> tensor<2x2xf32>
  // CHECK: edge.pad %{{.+}}, %{{.+}} {high
  %pad = edge.pad %x, %v {low = array<i64: 1, 0>, high = array<i64: 0, -1>}
      : (tensor<2x3xf32>, tensor<f32>) -> tensor<3x2xf32>
  // CHECK: edge.pad %{{.+}} {{{.*}}mode = #edge.pad_mode<reflect>}
  %reflect = edge.pad %x {low = array<i64: 1, 2>, high = array<i64: 0, 0>,
      mode = #edge.pad_mode<reflect>} : (tensor<2x3xf32>) -> tensor<3x5xf32>
  // CHECK: edge.gather
  %gather = edge.gather %x, %i {axis = 1 : i64} : (tensor<2x3xf32>, tensor<5x1xi64>) -> tensor<2x5x1xf32>
  // CHECK: edge.resize
  %resize = edge.resize %x {scales = array<f64: 1.0, 2.0>, mode = #edge.resize_mode<nearest>,
      coordinates = #edge.coordinates<asymmetric>, nearest_mode = #edge.nearest_mode<floor>}
      : (tensor<2x3xf32>) -> tensor<2x6xf32>
  return
}

// CHECK-LABEL: func.func @control
func.func @control(%c: tensor<i1>, %n: tensor<i64>, %x: tensor<4xf32>) {
  // CHECK: edge.constant dense<1.000000e+00> : tensor<4xf32>
  %constant = edge.constant dense<1.0> : tensor<4xf32>
  // CHECK: edge.constant dense_resource<blob> : tensor<2xf32>
  %resource = edge.constant dense_resource<blob> : tensor<2xf32>
  // CHECK: edge.parameter "fc.weight" dense<2.000000e+00> : tensor<4xf32>
  %parameter = edge.parameter "fc.weight" dense<2.0> : tensor<4xf32>
  // CHECK: edge.if %{{.+}} : (tensor<i1>) -> tensor<4xf32>
  %if = edge.if %c : (tensor<i1>) -> tensor<4xf32> {
    // CHECK: edge.yield %{{.+}} : tensor<4xf32>
    edge.yield %x : tensor<4xf32>
  } else {
    edge.yield %constant : tensor<4xf32>
  }
  // CHECK: edge.loop %{{.+}}, %{{.+}}, %{{.+}} : (tensor<i64>, tensor<i1>, tensor<4xf32>) -> (tensor<4xf32>, tensor<3x2xf32>)
  %loop:2 = edge.loop %n, %c, %if : (tensor<i64>, tensor<i1>, tensor<4xf32>)
      -> (tensor<4xf32>, tensor<3x2xf32>) {
  ^bb0(%iteration: tensor<i64>, %carried: tensor<4xf32>):
    edge.yield %c, %carried, %resource : tensor<i1>, tensor<4xf32>, tensor<2xf32>
  }
  return
}

// CHECK-LABEL: func.func @indexing
func.func @indexing(%x: tensor<2x3xf32>, %i: tensor<2x2xi64>, %t: tensor<4x1xi32>, %u: tensor<2x2xf32>,
    %v: tensor<4x3xf32>, %c: tensor<3xi1>, %boxes: tensor<1x6x4xf32>, %scores: tensor<1x2x6xf32>,
    %most: tensor<i64>, %threshold: tensor<f32>) {
  // CHECK: edge.iota {axis = 1 : i64} : tensor<2x3xi64>
  %iota = edge.iota {axis = 1 : i64} : tensor<2x3xi64>
  // CHECK: edge.gather_elements %{{.+}}, %{{.+}} {axis = 1 : i64} : (tensor<2x3xf32>, tensor<2x2xi64>) -> tensor<2x2xf32>
  %ge = edge.gather_elements %x, %i {axis = 1 : i64} : (tensor<2x3xf32>, tensor<2x2xi64>) -> tensor<2x2xf32>
  // CHECK: edge.gather_nd %{{.+}}, %{{.+}} {batch_dims = 0 : i64} : (tensor<2x3xf32>, tensor<4x1xi32>) -> tensor<4x3xf32>
  %gn = edge.gather_nd %x, %t {batch_dims = 0 : i64} : (tensor<2x3xf32>, tensor<4x1xi32>) -> tensor<4x3xf32>
  // CHECK: edge.scatter_elements <add> %{{.+}}, %{{.+}}, %{{.+}} {axis = 1 : i64} : (tensor<2x3xf32>, tensor<2x2xi64>, tensor<2x2xf32>) -> tensor<2x3xf32>
  %se = edge.scatter_elements <add> %x, %i, %u {axis = 1 : i64} : (tensor<2x3xf32>, tensor<2x2xi64>, tensor<2x2xf32>) -> tensor<2x3xf32>
  // CHECK: edge.scatter_nd <max> %{{.+}}, %{{.+}}, %{{.+}} : (tensor<2x3xf32>, tensor<4x1xi32>, tensor<4x3xf32>) -> tensor<2x3xf32>
  %sn = edge.scatter_nd <max> %x, %t, %v : (tensor<2x3xf32>, tensor<4x1xi32>, tensor<4x3xf32>) -> tensor<2x3xf32>
  // CHECK: edge.top_k %{{.+}} {axis = 1 : i64, k = 2 : i64, largest = true} : (tensor<2x3xf32>) -> (tensor<2x2xf32>, tensor<2x2xi64>)
  %values, %indices = edge.top_k %x {k = 2 : i64, axis = 1 : i64, largest = true} : (tensor<2x3xf32>) -> (tensor<2x2xf32>, tensor<2x2xi64>)
  // CHECK: edge.cumulative_sum %{{.+}} {axis = 0 : i64, exclusive, reverse} : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %sum = edge.cumulative_sum %x {axis = 0 : i64, exclusive, reverse} : (tensor<2x3xf32>) -> tensor<2x3xf32>
  // CHECK: edge.non_zero %{{.+}} : (tensor<2x3xf32>) -> (tensor<2x6xi64>, tensor<i64>)
  %where:2 = edge.non_zero %x : (tensor<2x3xf32>) -> (tensor<2x6xi64>, tensor<i64>)
  // CHECK: edge.compress %{{.+}}, %{{.+}} {axis = 1 : i64} : (tensor<2x3xf32>, tensor<3xi1>) -> (tensor<2x3xf32>, tensor<i64>)
  %some:2 = edge.compress %x, %c {axis = 1 : i64} : (tensor<2x3xf32>, tensor<3xi1>) -> (tensor<2x3xf32>, tensor<i64>)
  // CHECK: edge.unique %{{.+}} {sorted} : (tensor<2x3xf32>) -> (tensor<2x3xf32>, tensor<2xi64>, tensor<2xi64>, tensor<2xi64>, tensor<i64>)
  %unique:5 = edge.unique %x {sorted} : (tensor<2x3xf32>) -> (tensor<2x3xf32>, tensor<2xi64>, tensor<2xi64>, tensor<2xi64>, tensor<i64>)
  // CHECK: edge.non_max_suppression {{.*}} {bound = 3 : i64, center_point_box}
  %kept:2 = edge.non_max_suppression %boxes, %scores, %most, %threshold, %threshold {bound = 3 : i64, center_point_box}
      : (tensor<1x6x4xf32>, tensor<1x2x6xf32>, tensor<i64>, tensor<f32>, tensor<f32>) -> (tensor<6x3xi64>, tensor<i64>)
  return
}

// CHECK-LABEL: func.func @sampling
func.func @sampling(%x: tensor<2x3x4x5xf32>, %g: tensor<2x6x7x2xf32>, %r: tensor<8x4xf32>, %b: tensor<8xi64>,
    %m: tensor<2x3x4x4xf32>) {
  // CHECK: edge.grid_sample %{{.+}}, %{{.+}} {align_corners, mode = #edge.resize_mode<linear>, padding = #edge.grid_padding<border>}
  %grid = edge.grid_sample %x, %g {mode = #edge.resize_mode<linear>, padding = #edge.grid_padding<border>, align_corners}
      : (tensor<2x3x4x5xf32>, tensor<2x6x7x2xf32>) -> tensor<2x3x6x7xf32>
  // CHECK: edge.roi_align <max> %{{.+}}, %{{.+}}, %{{.+}} {half_pixel, height = 2 : i64, sampling_ratio = 1 : i64, spatial_scale = 5.000000e-01 : f64, width = 3 : i64}
  %roi = edge.roi_align <max> %x, %r, %b {height = 2 : i64, width = 3 : i64, sampling_ratio = 1 : i64,
      spatial_scale = 0.5 : f64, half_pixel}
      : (tensor<2x3x4x5xf32>, tensor<8x4xf32>, tensor<8xi64>) -> tensor<8x3x2x3xf32>
  // CHECK: edge.det %{{.+}} : (tensor<2x3x4x4xf32>) -> tensor<2x3xf32>
  %det = edge.det %m : (tensor<2x3x4x4xf32>) -> tensor<2x3xf32>
  // CHECK: edge.max_pool_with_indices %{{.+}} {column_major, {{.*}}} : (tensor<2x3x4x4xf32>) -> (tensor<2x3x2x2xf32>, tensor<2x3x2x2xi64>)
  %pool:2 = edge.max_pool_with_indices %m {kernel = array<i64: 2, 2>, strides = array<i64: 2, 2>,
      dilations = array<i64: 1, 1>, pads = array<i64: 0, 0, 0, 0>, column_major}
      : (tensor<2x3x4x4xf32>) -> (tensor<2x3x2x2xf32>, tensor<2x3x2x2xi64>)
  return
}

// CHECK-LABEL: func.func @lookup
func.func @lookup(%x: tensor<2x3xui8>) -> tensor<2x3xi8> {
  // CHECK: edge.lookup %{{.+}} {table = array<i8: -117, {{.*}}, 102>} : (tensor<2x3xui8>) -> tensor<2x3xi8>
  %y = edge.lookup %x {table = array<i8: -117, -80, -43, -6, 31, 68, 105, -114, -77, -40, -3, 34, 71, 108, -111, -74, -37, 0, 37, 74, 111, -108, -71, -34, 3, 40, 77, 114, -105, -68, -31, 6, 43, 80, 117, -102, -65, -28, 9, 46, 83, 120, -99, -62, -25, 12, 49, 86, 123, -96, -59, -22, 15, 52, 89, 126, -93, -56, -19, 18, 55, 92, -127, -90, -53, -16, 21, 58, 95, -124, -87, -50, -13, 24, 61, 98, -121, -84, -47, -10, 27, 64, 101, -118, -81, -44, -7, 30, 67, 104, -115, -78, -41, -4, 33, 70, 107, -112, -75, -38, -1, 36, 73, 110, -109, -72, -35, 2, 39, 76, 113, -106, -69, -32, 5, 42, 79, 116, -103, -66, -29, 8, 45, 82, 119, -100, -63, -26, 11, 48, 85, 122, -97, -60, -23, 14, 51, 88, 125, -94, -57, -20, 17, 54, 91, -128, -91, -54, -17, 20, 57, 94, -125, -88, -51, -14, 23, 60, 97, -122, -85, -48, -11, 26, 63, 100, -119, -82, -45, -8, 29, 66, 103, -116, -79, -42, -5, 32, 69, 106, -113, -76, -39, -2, 35, 72, 109, -110, -73, -36, 1, 38, 75, 112, -107, -70, -33, 4, 41, 78, 115, -104, -67, -30, 7, 44, 81, 118, -101, -64, -27, 10, 47, 84, 121, -98, -61, -24, 13, 50, 87, 124, -95, -58, -21, 16, 53, 90, 127, -92, -55, -18, 19, 56, 93, -126, -89, -52, -15, 22, 59, 96, -123, -86, -49, -12, 25, 62, 99, -120, -83, -46, -9, 28, 65, 102>} : (tensor<2x3xui8>) -> tensor<2x3xi8>
  return %y : tensor<2x3xi8>
}

{-#
  dialect_resources: {
    builtin: { blob: "0x040000000000803F00000040" }
  }
#-}
