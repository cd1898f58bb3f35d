// RUN: edgec-opt %s --edgec-shorten-requantization=target=x86-64-v4 | FileCheck %s --check-prefixes=CHECK,FMA
// RUN: edgec-opt %s --edgec-shorten-requantization=target=x86-64-v2 | FileCheck %s --check-prefixes=CHECK,NOFMA

#id = affine_map<(i) -> (i)>

// The zero point is added to the integer, and taken off where it comes back as
// a float at once.
// CHECK-LABEL: func.func @zero_point
// CHECK-DAG: %[[LOW:.+]] = arith.constant -3 : i32
// CHECK-DAG: %[[HIGH:.+]] = arith.constant 252 : i32
// CHECK: %[[R:.+]] = math.roundeven
// CHECK-NEXT: %[[I:.+]] = arith.fptosi %[[R]]
// CHECK-NEXT: %[[MAX:.+]] = arith.maxsi %[[I]], %[[LOW]]
// CHECK-NEXT: %[[MIN:.+]] = arith.minsi %[[MAX]], %[[HIGH]]
// CHECK-NEXT: arith.sitofp %[[MIN]]
func.func @zero_point(%x: tensor<8xi32>, %y: tensor<8xf32>) -> tensor<8xf32> {
  %scale = arith.constant 0.01 : f32
  %low = arith.constant -3.0 : f32
  %high = arith.constant 252.0 : f32
  %magic = arith.constant 12582912.0 : f32
  %bits = arith.constant 1262485504 : i32
  %zero = arith.constant 3 : i32
  %0 = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel"]}
      ins(%x : tensor<8xi32>) outs(%y : tensor<8xf32>) {
  ^bb0(%e: i32, %out: f32):
    %1 = arith.sitofp %e : i32 to f32
    %2 = arith.mulf %1, %scale : f32
    %3 = arith.cmpf ogt, %2, %low : f32
    %4 = arith.select %3, %2, %low : f32
    %5 = arith.cmpf olt, %4, %high : f32
    %6 = arith.select %5, %4, %high : f32
    %7 = arith.addf %6, %magic : f32
    %8 = arith.bitcast %7 : f32 to i32
    %9 = arith.subi %8, %bits : i32
    %10 = arith.addi %9, %zero : i32
    %11 = arith.trunci %10 : i32 to i8
    %12 = arith.extui %11 : i8 to i32
    %13 = arith.subi %12, %zero : i32
    %14 = arith.sitofp %13 : i32 to f32
    linalg.yield %14 : f32
  } -> tensor<8xf32>
  return %0 : tensor<8xf32>
}

// A float from outside could be anything, also too large for an integer.
// CHECK-LABEL: func.func @unbounded
// CHECK: arith.cmpf
// CHECK-NOT: math.roundeven
func.func @unbounded(%x: tensor<8xf32>, %y: tensor<8xi8>) -> tensor<8xi8> {
  %low = arith.constant 0.0 : f32
  %high = arith.constant 255.0 : f32
  %magic = arith.constant 12582912.0 : f32
  %bits = arith.constant 1262485504 : i32
  %0 = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel"]}
      ins(%x : tensor<8xf32>) outs(%y : tensor<8xi8>) {
  ^bb0(%e: f32, %out: i8):
    %3 = arith.cmpf ogt, %e, %low : f32
    %4 = arith.select %3, %e, %low : f32
    %5 = arith.cmpf olt, %4, %high : f32
    %6 = arith.select %5, %4, %high : f32
    %7 = arith.addf %6, %magic : f32
    %8 = arith.bitcast %7 : f32 to i32
    %9 = arith.subi %8, %bits : i32
    %10 = arith.trunci %9 : i32 to i8
    linalg.yield %10 : i8
  } -> tensor<8xi8>
  return %0 : tensor<8xi8>
}

// Scales of one element that would lead out of the range of integers.
// CHECK-LABEL: func.func @large_scale
// CHECK: arith.cmpf
// CHECK-NOT: math.roundeven
func.func @large_scale(%x: tensor<2xi32>, %y: tensor<2xi8>) -> tensor<2xi8> {
  %scales = arith.constant dense<[0.1, 1.0]> : tensor<2xf32>
  %low = arith.constant -128.0 : f32
  %high = arith.constant 127.0 : f32
  %magic = arith.constant 12582912.0 : f32
  %bits = arith.constant 1262485504 : i32
  %0 = linalg.generic {indexing_maps = [#id, #id, #id], iterator_types = ["parallel"]}
      ins(%x, %scales : tensor<2xi32>, tensor<2xf32>) outs(%y : tensor<2xi8>) {
  ^bb0(%e: i32, %scale: f32, %out: i8):
    %1 = arith.sitofp %e : i32 to f32
    %2 = arith.mulf %1, %scale : f32
    %3 = arith.cmpf ogt, %2, %low : f32
    %4 = arith.select %3, %2, %low : f32
    %5 = arith.cmpf olt, %4, %high : f32
    %6 = arith.select %5, %4, %high : f32
    %7 = arith.addf %6, %magic : f32
    %8 = arith.bitcast %7 : f32 to i32
    %9 = arith.subi %8, %bits : i32
    %10 = arith.trunci %9 : i32 to i8
    linalg.yield %10 : i8
  } -> tensor<2xi8>
  return %0 : tensor<2xi8>
}

// A residual addition: two fused operations in place of two products, a sum and
// a quotient, where the target has them.
// CHECK-LABEL: func.func @sum
// FMA-NOT: arith.subi
// FMA: %[[INNER:.+]] = math.fma
// FMA: %[[SUM:.+]] = math.fma %{{.+}}, %{{.+}}, %[[INNER]]
// FMA-NEXT: math.roundeven %[[SUM]]
// FMA-NOT: arith.divf
// NOFMA: arith.divf
// NOFMA-NEXT: math.roundeven
func.func @sum(%x: tensor<8xi8>, %y: tensor<8xi8>, %z: tensor<8xi8>) -> tensor<8xi8> {
  %x_scale = arith.constant 0.0213 : f32
  %y_scale = arith.constant 0.0171 : f32
  %scale = arith.constant 0.0307 : f32
  %x_zero = arith.constant 133 : i32
  %y_zero = arith.constant 120 : i32
  %low = arith.constant 0.0 : f32
  %high = arith.constant 7.8285 : f32
  %magic = arith.constant 12582912.0 : f32
  %bits = arith.constant 1262485504 : i32
  %0 = linalg.generic {indexing_maps = [#id, #id, #id], iterator_types = ["parallel"]}
      ins(%x, %y : tensor<8xi8>, tensor<8xi8>) outs(%z : tensor<8xi8>) {
  ^bb0(%a: i8, %b: i8, %out: i8):
    %a0 = arith.extui %a : i8 to i32
    %a1 = arith.subi %a0, %x_zero : i32
    %a2 = arith.sitofp %a1 : i32 to f32
    %a3 = arith.mulf %a2, %x_scale : f32
    %b0 = arith.extui %b : i8 to i32
    %b1 = arith.subi %b0, %y_zero : i32
    %b2 = arith.sitofp %b1 : i32 to f32
    %b3 = arith.mulf %b2, %y_scale : f32
    %2 = arith.addf %a3, %b3 : f32
    %3 = arith.cmpf ogt, %2, %low : f32
    %4 = arith.select %3, %2, %low : f32
    %5 = arith.cmpf olt, %4, %high : f32
    %6 = arith.select %5, %4, %high : f32
    %7 = arith.divf %6, %scale {edgec.rounded_quotient = 255 : i64} : f32
    %8 = arith.addf %7, %magic : f32
    %9 = arith.bitcast %8 : f32 to i32
    %10 = arith.subi %9, %bits : i32
    %11 = arith.trunci %10 : i32 to i8
    linalg.yield %11 : i8
  } -> tensor<8xi8>
  return %0 : tensor<8xi8>
}
