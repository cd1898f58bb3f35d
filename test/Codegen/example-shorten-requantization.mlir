// RUN: edgec-opt %s --edgec-shorten-requantization=target=x86-64-v4 | FileCheck %s

// CHECK: ^bb0(%[[ACC:.+]]: i32, %[[SCALE:.+]]: f32):
// CHECK-NEXT: %[[SUM:.+]] = arith.sitofp %[[ACC]]
// CHECK-NEXT: %[[X:.+]] = arith.mulf %[[SUM]], %[[SCALE]]
// CHECK-NEXT: %[[R:.+]] = math.roundeven %[[X]]
// CHECK-NEXT: %[[I:.+]] = arith.fptosi %[[R]]
// CHECK-NEXT: %[[LOW:.+]] = arith.maxsi %[[I]], %{{.+}}
// CHECK-NEXT: %[[BOTH:.+]] = arith.minsi %[[LOW]], %{{.+}}
// CHECK-NEXT: arith.trunci %[[BOTH]]
func.func @layer(%a: tensor<4x8xi8>, %c: tensor<4x16xi8>) -> tensor<4x16xi8> {
  %b = arith.constant dense<1> : tensor<8x16xi8>
  %scale = arith.constant dense<0.02> : tensor<16xf32>
  %low = arith.constant 0.0 : f32
  %high = arith.constant 255.0 : f32
  %magic = arith.constant 12582912.0 : f32
  %bits = arith.constant 1262485504 : i32
  %0 = kernel.contract ins(%a, %b : tensor<4x8xi8>, tensor<8x16xi8>)
    extras(%scale : tensor<16xf32>) outs(%c : tensor<4x16xi8>)
    attributes {num_batch = 0 : i64, num_rows = 1 : i64, extents = array<i64: 4, 16, 8>,
      a_map = affine_map<(i, j, k) -> (i, k)>, b_map = affine_map<(i, j, k) -> (k, j)>,
      c_map = affine_map<(i, j, k) -> (i, j)>,
      extra_maps = [affine_map<(i, j, k) -> (j)>], accumulator = i32, a_unsigned} {
  ^bb0(%acc: i32, %s: f32):
    %sum = arith.sitofp %acc : i32 to f32
    %x = arith.mulf %sum, %s : f32
    %above = arith.cmpf ogt, %x, %low : f32
    %x1 = arith.select %above, %x, %low : f32
    %below = arith.cmpf olt, %x1, %high : f32
    %x2 = arith.select %below, %x1, %high : f32
    %rounded = arith.addf %x2, %magic : f32
    %mantissa = arith.bitcast %rounded : f32 to i32
    %wide = arith.subi %mantissa, %bits : i32
    %byte = arith.trunci %wide : i32 to i8
    kernel.yield %byte : i8
  } -> tensor<4x16xi8>
  return %0 : tensor<4x16xi8>
}
