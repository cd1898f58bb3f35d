// RUN: edgec-opt %s --edge-to-linalg | FileCheck %s

// Through f32, rounded to odd, so that no value is rounded twice and no
// run-time library is called.
// CHECK-LABEL: func @half
// CHECK: %[[NEAREST:.*]] = arith.truncf %[[X:.*]] : f64 to f32
// CHECK: %[[BACK:.*]] = arith.extf %[[NEAREST]] : f32 to f64
// CHECK: %[[INEXACT:.*]] = arith.cmpf one, %[[BACK]], %[[X]] : f64
// CHECK: %[[BITS:.*]] = arith.bitcast %[[NEAREST]] : f32 to i32
// CHECK: %[[ODD:.*]] = arith.ori %{{.*}}, %{{.*}} : i32
// CHECK: %[[CHOSEN:.*]] = arith.select %[[INEXACT]], %[[ODD]], %[[BITS]] : i32
// CHECK: %[[F32:.*]] = arith.bitcast %[[CHOSEN]] : i32 to f32
// CHECK: arith.truncf %[[F32]] : f32 to f16
func.func @half(%x: tensor<5xf64>) -> tensor<5xf16> {
  %0 = edge.cast %x : (tensor<5xf64>) -> tensor<5xf16>
  return %0 : tensor<5xf16>
}

// CHECK-LABEL: func @single
// CHECK: arith.truncf %{{.*}} : f64 to f32
// CHECK-NOT: arith.ori
// CHECK: return
func.func @single(%x: tensor<5xf64>) -> tensor<5xf32> {
  %0 = edge.cast %x : (tensor<5xf64>) -> tensor<5xf32>
  return %0 : tensor<5xf32>
}
