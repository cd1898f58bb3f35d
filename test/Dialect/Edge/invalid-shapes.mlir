// RUN: edgec-opt %s --split-input-file --verify-diagnostics

func.func @reshape_c1(%x: tensor<2x3xf32>) {
  // expected-error@+1 {{cannot give the elements of 2x3 the shape 2x2: the numbers of elements differ}}
  %y = edge.reshape %x : (tensor<2x3xf32>) -> tensor<2x2xf32>
  return
}

// -----

func.func @transpose_c1_length(%x: tensor<2x3xf32>) {
  // expected-error@+2 {{permutation [0] needs 2 entries, one a dimension}}
  // expected-error@+1 {{failed to infer returned types}}
  %y = edge.transpose %x {permutation = array<i64: 0>} : (tensor<2x3xf32>) -> tensor<2xf32>
  return
}

// -----

func.func @transpose_c1_repeat(%x: tensor<2x3xf32>) {
  // expected-error@+2 {{[1, 1] is no permutation of the 2 dimensions of 2x3}}
  // expected-error@+1 {{failed to infer returned types}}
  %y = edge.transpose %x {permutation = array<i64: 1, 1>} : (tensor<2x3xf32>) -> tensor<3x3xf32>
  return
}

// -----

func.func @broadcast_c1(%x: tensor<2x3xf32>) {
  // expected-error@+1 {{shape 2x3 does not broadcast to 3x2}}
  %y = edge.broadcast %x : (tensor<2x3xf32>) -> tensor<3x2xf32>
  return
}

// -----

func.func @concat_c1_empty() {
  // expected-error@+2 {{needs at least one input to join}}
  // expected-error@+1 {{failed to infer returned types}}
  %y = "edge.concat"() {axis = 0 : i64} : () -> tensor<2xf32>
  return
}

// -----

func.func @concat_c1_element(%x: tensor<2xf32>, %y: tensor<2xi32>) {
  // expected-error@+2 {{cannot join 'f32' and 'i32' elements}}
  // expected-error@+1 {{failed to infer returned types}}
  %z = edge.concat %x, %y {axis = 0 : i64} : (tensor<2xf32>, tensor<2xi32>) -> tensor<4xf32>
  return
}

// -----

func.func @concat_c2(%x: tensor<2xf32>) {
  // expected-error@+2 {{axis 1 is not a dimension of a tensor of rank 1}}
  // expected-error@+1 {{failed to infer returned types}}
  %z = edge.concat %x, %x {axis = 1 : i64} : (tensor<2xf32>, tensor<2xf32>) -> tensor<4xf32>
  return
}

// -----

func.func @concat_c3(%x: tensor<2x3xf32>, %y: tensor<2x4xf32>) {
  // expected-error@+2 {{cannot join 2x3 and 2x4 along axis 0: ranks and all other extents must be equal}}
  // expected-error@+1 {{failed to infer returned types}}
  %z = edge.concat %x, %y {axis = 0 : i64} : (tensor<2x3xf32>, tensor<2x4xf32>) -> tensor<4x3xf32>
  return
}

// -----

func.func @slice_c1_length(%x: tensor<4xf32>) {
  // expected-error@+2 {{steps [1, 1] needs 1 entries, one a dimension}}
  // expected-error@+1 {{failed to infer returned types}}
  %y = edge.slice %x {starts = array<i64: 0>, sizes = array<i64: 2>, steps = array<i64: 1, 1>}
      : (tensor<4xf32>) -> tensor<2xf32>
  return
}

// -----

func.func @slice_c1_step(%x: tensor<4xf32>) {
  // expected-error@+2 {{sizes [2] must not be negative, steps [0] not zero}}
  // expected-error@+1 {{failed to infer returned types}}
  %y = edge.slice %x {starts = array<i64: 0>, sizes = array<i64: 2>, steps = array<i64: 0>}
      : (tensor<4xf32>) -> tensor<2xf32>
  return
}

// -----

func.func @slice_c2_end(%x: tensor<4xf32>) {
  // expected-error@+2 {{the slice of dimension 0 (start 1, size 2, step 3) leaves the input of shape 4}}
  // expected-error@+1 {{failed to infer returned types}}
  %y = edge.slice %x {starts = array<i64: 1>, sizes = array<i64: 2>, steps = array<i64: 3>}
      : (tensor<4xf32>) -> tensor<2xf32>
  return
}

// -----

func.func @slice_c2_backwards(%x: tensor<4xf32>) {
  // expected-error@+2 {{the slice of dimension 0 (start 1, size 3, step -1) leaves the input of shape 4}}
  // expected-error@+1 {{failed to infer returned types}}
  %y = edge.slice %x {starts = array<i64: 1>, sizes = array<i64: 3>, steps = array<i64: -1>}
      : (tensor<4xf32>) -> tensor<3xf32>
  return
}

// -----

func.func @pad_c1(%x: tensor<4xf32>) {
  // expected-error@+2 {{pads -3 and -2 of dimension 0 are out of range for extent 4}}
  // expected-error@+1 {{failed to infer returned types}}
  %y = edge.pad %x {low = array<i64: -3>, high = array<i64: -2>} : (tensor<4xf32>) -> tensor<1xf32>
  return
}

// -----

func.func @pad_c2_type(%x: tensor<4xf32>, %v: tensor<1xf32>) {
  // expected-error@+2 {{the value to pad with is 'tensor<1xf32>' and must be a scalar of type 'f32'}}
  // expected-error@+1 {{failed to infer returned types}}
  %y = edge.pad %x, %v {low = array<i64: 1>, high = array<i64: 0>} : (tensor<4xf32>, tensor<1xf32>) -> tensor<5xf32>
  return
}

// -----

func.func @pad_c2_mode(%x: tensor<4xf32>, %v: tensor<f32>) {
  // expected-error@+2 {{a value to pad with makes no sense in edge mode}}
  // expected-error@+1 {{failed to infer returned types}}
  %y = edge.pad %x, %v {low = array<i64: 1>, high = array<i64: 0>, mode = #edge.pad_mode<edge>}
      : (tensor<4xf32>, tensor<f32>) -> tensor<5xf32>
  return
}

// -----

func.func @pad_c3_reflect(%x: tensor<4xf32>) {
  // expected-error@+2 {{reflect padding of 4 and 0 needs a larger extent than 4}}
  // expected-error@+1 {{failed to infer returned types}}
  %y = edge.pad %x {low = array<i64: 4>, high = array<i64: 0>, mode = #edge.pad_mode<reflect>}
      : (tensor<4xf32>) -> tensor<8xf32>
  return
}

// -----

func.func @pad_c3_wrap(%x: tensor<0xf32>) {
  // expected-error@+2 {{wrap padding of 1 and 0 needs a larger extent than 0}}
  // expected-error@+1 {{failed to infer returned types}}
  %y = edge.pad %x {low = array<i64: 1>, high = array<i64: 0>, mode = #edge.pad_mode<wrap>}
      : (tensor<0xf32>) -> tensor<1xf32>
  return
}

// -----

func.func @gather_c1(%x: tensor<4xf32>, %i: tensor<2xi64>) {
  // expected-error@+2 {{axis 1 is not a dimension of a tensor of rank 1}}
  // expected-error@+1 {{failed to infer returned types}}
  %y = edge.gather %x, %i {axis = 1 : i64} : (tensor<4xf32>, tensor<2xi64>) -> tensor<2xf32>
  return
}

// -----

func.func @gather_c2(%x: tensor<4xf32>, %i: tensor<2xui8>) {
  // expected-error@+2 {{indices are 'ui8' and must be i32 or i64}}
  // expected-error@+1 {{failed to infer returned types}}
  %y = edge.gather %x, %i {axis = 0 : i64} : (tensor<4xf32>, tensor<2xui8>) -> tensor<2xf32>
  return
}

// -----

func.func @gather_c3(%x: tensor<0xf32>, %i: tensor<2xi64>) {
  // expected-error@+2 {{dimension 0 of shape 0 has no elements to gather}}
  // expected-error@+1 {{failed to infer returned types}}
  %y = edge.gather %x, %i {axis = 0 : i64} : (tensor<0xf32>, tensor<2xi64>) -> tensor<2xf32>
  return
}

// -----

func.func @resize_c1(%x: tensor<4xf32>) {
  // expected-error@+1 {{scale -1.000000e+00 of dimension 0 must be positive and finite}}
  %y = edge.resize %x {scales = array<f64: -1.0>, mode = #edge.resize_mode<linear>,
      coordinates = #edge.coordinates<half_pixel>} : (tensor<4xf32>) -> tensor<8xf32>
  return
}

// -----

func.func @resize_c2(%x: tensor<0xf32>) {
  // expected-error@+1 {{dimension 0 of the input of shape 0 is empty and cannot be resampled to 8}}
  %y = edge.resize %x {scales = array<f64: 2.0>, mode = #edge.resize_mode<linear>,
      coordinates = #edge.coordinates<half_pixel>} : (tensor<0xf32>) -> tensor<8xf32>
  return
}

// -----

func.func @resize_c3(%x: tensor<4xf32>) {
  // expected-error@+1 {{roi must have 2 entries with tf_crop_and_resize coordinates}}
  %y = edge.resize %x {scales = array<f64: 2.0>, mode = #edge.resize_mode<linear>,
      coordinates = #edge.coordinates<tf_crop_and_resize>} : (tensor<4xf32>) -> tensor<8xf32>
  return
}

// -----

func.func @resize_c3_other(%x: tensor<4xf32>) {
  // expected-error@+1 {{roi must have 0 entries with half_pixel coordinates}}
  %y = edge.resize %x {scales = array<f64: 2.0>, mode = #edge.resize_mode<linear>,
      coordinates = #edge.coordinates<half_pixel>, roi = array<f64: 0.0, 1.0>} : (tensor<4xf32>) -> tensor<8xf32>
  return
}

// -----

func.func @quantize_c1(%x: tensor<2x3xf32>, %s: tensor<2xf32>, %z: tensor<i8>) {
  // expected-error@+1 {{scale of shape 2 must be a scalar or have 3 elements, one an index of dimension 1 of the input of shape 2x3}}
  %y = edge.quantize %x, %s, %z {axis = 1 : i64} : (tensor<2x3xf32>, tensor<2xf32>, tensor<i8>) -> tensor<2x3xi8>
  return
}

// -----

func.func @dequantize_c2(%x: tensor<2x3xui8>, %s: tensor<f32>, %z: tensor<i8>) {
  // expected-error@+1 {{zero_point has 'i8' elements and must have 'ui8', the quantized element type}}
  %y = edge.dequantize %x, %s, %z : (tensor<2x3xui8>, tensor<f32>, tensor<i8>) -> tensor<2x3xf32>
  return
}

// -----

func.func @lookup_c1(%x: tensor<2x3xui8>) {
  // expected-error@+1 {{table has 3 entries and must have 256, one a byte}}
  %y = edge.lookup %x {table = array<i8: 1, 2, 3>} : (tensor<2x3xui8>) -> tensor<2x3xi8>
  return
}

// -----

func.func @dequantize_blocks_c1(%x: tensor<2x5xi8>, %s: tensor<2x2xf32>, %z: tensor<i8>) {
  // expected-error@+1 {{scale of shape 2x2 must be a scalar or of shape 2x3, one element a block of 2 along dimension 1 of the input of shape 2x5}}
  %y = edge.dequantize %x, %s, %z {axis = 1 : i64, block_size = 2 : i64} : (tensor<2x5xi8>, tensor<2x2xf32>, tensor<i8>) -> tensor<2x5xf32>
  return
}

// -----

func.func @dequantize_blocks_zero_point(%x: tensor<2x5xi8>, %s: tensor<f32>, %z: tensor<5xi8>) {
  // expected-error@+1 {{zero_point of shape 5 must be a scalar or of shape 2x3}}
  %y = edge.dequantize %x, %s, %z {axis = 1 : i64, block_size = 2 : i64} : (tensor<2x5xi8>, tensor<f32>, tensor<5xi8>) -> tensor<2x5xf32>
  return
}

// -----

func.func @dequantize_blocks_axis(%x: tensor<2x5xi8>, %s: tensor<2x3xf32>, %z: tensor<i8>) {
  // expected-error@+1 {{axis 2 is not a dimension of the input of shape 2x5}}
  %y = edge.dequantize %x, %s, %z {axis = 2 : i64, block_size = 2 : i64} : (tensor<2x5xi8>, tensor<2x3xf32>, tensor<i8>) -> tensor<2x5xf32>
  return
}

// -----

func.func @dequantize_c3(%x: tensor<2x5xi8>, %s: tensor<f32>, %z: tensor<i8>) {
  // expected-error@+1 {{block_size -1 is negative}}
  %y = edge.dequantize %x, %s, %z {block_size = -1 : i64} : (tensor<2x5xi8>, tensor<f32>, tensor<i8>) -> tensor<2x5xf32>
  return
}

// -----

func.func @unpack_c1(%x: tensor<3xui8>) {
  // expected-error@+1 {{bits must be 2 or 4, not 3}}
  %y = edge.unpack %x {bits = 3 : i64} : (tensor<3xui8>) -> tensor<8xi8>
  return
}

// -----

func.func @unpack_c2(%x: tensor<3xui8>) {
  // expected-error@+1 {{the result must have a static shape and elements of i8 or ui8, not 'tensor<6xi16>'}}
  %y = edge.unpack %x {bits = 4 : i64} : (tensor<3xui8>) -> tensor<6xi16>
  return
}

// -----

func.func @unpack_c3(%x: tensor<3xui8>) {
  // expected-error@+1 {{the input is 'tensor<3xui8>' and must be a vector of 4 elements of ui8, for 7 elements of 4 bits}}
  %y = edge.unpack %x {bits = 4 : i64} : (tensor<3xui8>) -> tensor<7xi8>
  return
}

// -----

func.func @unpack_c3_signed(%x: tensor<1xi8>) {
  // expected-error@+1 {{the input is 'tensor<1xi8>' and must be a vector of 1 elements of ui8}}
  %y = edge.unpack %x {bits = 2 : i64} : (tensor<1xi8>) -> tensor<4xi8>
  return
}
