// RUN: edgec-opt %s --edge-tabulate --split-input-file | FileCheck %s

// Entry x is the sigmoid of x / 16, in steps of 1 / 256 from -128: byte 0 is zero
// and gives one half, byte 128 is -128.
// CHECK-LABEL: func.func @sigmoid
// CHECK-SAME: (%[[X:.+]]: tensor<3x5xi8>)
// CHECK-NOT: edge.dequantize
// CHECK: %[[Y:.+]] = edge.lookup %[[X]] {table = array<i8: 0, 4, 8, {{.*}}, 127, 127, -128, -128, {{.*}}, -8, -4>} : (tensor<3x5xi8>) -> tensor<3x5xi8>
// CHECK: return %[[Y]]
func.func @sigmoid(%x: tensor<3x5xi8>) -> tensor<3x5xi8> {
  %s = edge.constant dense<0.0625> : tensor<f32>
  %t = edge.constant dense<0.00390625> : tensor<f32>
  %z = edge.constant dense<0> : tensor<i8>
  %low = edge.constant dense<-128> : tensor<i8>
  %0 = edge.dequantize %x, %s, %z : (tensor<3x5xi8>, tensor<f32>, tensor<i8>) -> tensor<3x5xf32>
  %1 = edge.sigmoid %0 : tensor<3x5xf32>
  %2 = edge.quantize %1, %t, %low : (tensor<3x5xf32>, tensor<f32>, tensor<i8>) -> tensor<3x5xi8>
  return %2 : tensor<3x5xi8>
}

// -----

// Two ways from one tensor, one of them quantized on the way, with a constant.
// CHECK-LABEL: func.func @two_ways
// CHECK-SAME: (%[[X:.+]]: tensor<4xui8>)
// CHECK-NOT: quantize
// CHECK: %[[Y:.+]] = edge.lookup %[[X]] {{.*}} : (tensor<4xui8>) -> tensor<4xi8>
// CHECK-NEXT: return %[[Y]]
func.func @two_ways(%x: tensor<4xui8>) -> tensor<4xi8> {
  %s = edge.constant dense<0.1> : tensor<f32>
  %u = edge.constant dense<3> : tensor<ui8>
  %z = edge.constant dense<0> : tensor<i8>
  %half = edge.constant dense<0.5> : tensor<1xf32>
  %0 = edge.dequantize %x, %s, %u : (tensor<4xui8>, tensor<f32>, tensor<ui8>) -> tensor<4xf32>
  %1 = edge.mul %0, %half : (tensor<4xf32>, tensor<1xf32>) -> tensor<4xf32>
  %2 = edge.quantize %1, %s, %z : (tensor<4xf32>, tensor<f32>, tensor<i8>) -> tensor<4xi8>
  %3 = edge.dequantize %2, %s, %z : (tensor<4xi8>, tensor<f32>, tensor<i8>) -> tensor<4xf32>
  %4 = edge.erf %3 : tensor<4xf32>
  %5 = edge.mul %0, %4 : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %6 = edge.quantize %5, %s, %z : (tensor<4xf32>, tensor<f32>, tensor<i8>) -> tensor<4xi8>
  return %6 : tensor<4xi8>
}

// -----

// What others read of the chain stays for them.
// CHECK-LABEL: func.func @also_read
// CHECK: edge.dequantize
// CHECK: %[[E:.+]] = edge.exp
// CHECK: %[[Y:.+]] = edge.lookup
// CHECK: return %[[Y]], %[[E]]
func.func @also_read(%x: tensor<4xui8>) -> (tensor<4xui8>, tensor<4xf32>) {
  %s = edge.constant dense<0.1> : tensor<f32>
  %z = edge.constant dense<3> : tensor<ui8>
  %0 = edge.dequantize %x, %s, %z : (tensor<4xui8>, tensor<f32>, tensor<ui8>) -> tensor<4xf32>
  %1 = edge.exp %0 : tensor<4xf32>
  %2 = edge.quantize %1, %s, %z : (tensor<4xf32>, tensor<f32>, tensor<ui8>) -> tensor<4xui8>
  return %2, %1 : tensor<4xui8>, tensor<4xf32>
}

// -----

// Little arithmetic; two tensors; a scale by channel; a broadcast; 16 bits
// of the argument; 16 bits of the result.
// CHECK-LABEL: func.func @stays
// CHECK-NOT: edge.lookup
func.func @stays(%x: tensor<2x4xui8>, %v: tensor<2x4xui8>, %one: tensor<1x1xui8>, %wide: tensor<2x4xi16>)
    -> (tensor<2x4xui8>, tensor<2x4xui8>, tensor<2x4xui8>, tensor<2x4xui8>, tensor<2x4xui8>, tensor<2x4xi16>) {
  %s = edge.constant dense<0.1> : tensor<f32>
  %c = edge.constant dense<[0.1, 0.2]> : tensor<2xf32>
  %z = edge.constant dense<3> : tensor<ui8>
  %z16 = edge.constant dense<3> : tensor<i16>
  %shift = edge.constant dense<0.0> : tensor<2x4xf32>
  %0 = edge.dequantize %x, %s, %z : (tensor<2x4xui8>, tensor<f32>, tensor<ui8>) -> tensor<2x4xf32>
  %1 = edge.clamp %0 {min = 0.0, max = 6.0} : tensor<2x4xf32>
  %2 = edge.quantize %1, %s, %z : (tensor<2x4xf32>, tensor<f32>, tensor<ui8>) -> tensor<2x4xui8>
  %3 = edge.dequantize %v, %s, %z : (tensor<2x4xui8>, tensor<f32>, tensor<ui8>) -> tensor<2x4xf32>
  %4 = edge.pow %0, %3 : (tensor<2x4xf32>, tensor<2x4xf32>) -> tensor<2x4xf32>
  %5 = edge.quantize %4, %s, %z : (tensor<2x4xf32>, tensor<f32>, tensor<ui8>) -> tensor<2x4xui8>
  %6 = edge.dequantize %x, %c, %z : (tensor<2x4xui8>, tensor<2xf32>, tensor<ui8>) -> tensor<2x4xf32>
  %7 = edge.exp %6 : tensor<2x4xf32>
  %8 = edge.quantize %7, %s, %z : (tensor<2x4xf32>, tensor<f32>, tensor<ui8>) -> tensor<2x4xui8>
  %9 = edge.dequantize %one, %s, %z : (tensor<1x1xui8>, tensor<f32>, tensor<ui8>) -> tensor<1x1xf32>
  %10 = edge.exp %9 : tensor<1x1xf32>
  %11 = edge.add %10, %shift : (tensor<1x1xf32>, tensor<2x4xf32>) -> tensor<2x4xf32>
  %12 = edge.quantize %11, %s, %z : (tensor<2x4xf32>, tensor<f32>, tensor<ui8>) -> tensor<2x4xui8>
  %13 = edge.dequantize %wide, %s, %z16 : (tensor<2x4xi16>, tensor<f32>, tensor<i16>) -> tensor<2x4xf32>
  %14 = edge.exp %13 : tensor<2x4xf32>
  %15 = edge.quantize %14, %s, %z : (tensor<2x4xf32>, tensor<f32>, tensor<ui8>) -> tensor<2x4xui8>
  %16 = edge.exp %0 : tensor<2x4xf32>
  %17 = edge.quantize %16, %s, %z16 : (tensor<2x4xf32>, tensor<f32>, tensor<i16>) -> tensor<2x4xi16>
  return %2, %5, %8, %12, %15, %17 : tensor<2x4xui8>, tensor<2x4xui8>, tensor<2x4xui8>, tensor<2x4xui8>, tensor<2x4xui8>, tensor<2x4xi16>
}
