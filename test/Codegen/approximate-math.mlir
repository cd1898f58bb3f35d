// RUN: edgec-opt %s -edgec-approximate-math=target=x86-64-v2 | FileCheck %s --implicit-check-not=math.fma
// RUN: edgec-opt %s -edgec-approximate-math=target=x86-64-v3 | FileCheck %s --check-prefixes=CHECK,FMA

// Nothing is left that would become a call.
// CHECK-LABEL: @functions
// FMA: math.fma
// CHECK-NOT: math.{{exp|a?tanh?|a?sin|a?cos|erf|log|powf|round }}
// CHECK: return
func.func @functions(%x: vector<16xf32>, %y: f32) -> (vector<16xf32>, f32) {
  %0 = math.exp %x : vector<16xf32>
  %1 = math.tanh %0 : vector<16xf32>
  %2 = math.erf %1 : vector<16xf32>
  %3 = math.log %2 : vector<16xf32>
  %a0 = math.asin %x : vector<16xf32>
  %a1 = math.acos %a0 : vector<16xf32>
  %a2 = math.atan %a1 : vector<16xf32>
  %a3 = math.sinh %a2 : vector<16xf32>
  %a4 = math.cosh %a3 : vector<16xf32>
  %a5 = math.asinh %a4 : vector<16xf32>
  %a6 = math.acosh %a5 : vector<16xf32>
  %a7 = math.atanh %a6 : vector<16xf32>
  %4 = math.powf %3, %a7 : vector<16xf32>
  %5 = math.sin %y : f32
  %6 = math.cos %5 : f32
  %7 = math.round %6 : f32
  return %4, %7 : vector<16xf32>, f32
}

// f64 functions stay calls: no expansion that loses digits.
// CHECK-LABEL: @double
// CHECK: math.asinh %{{.+}} : f64
// CHECK: math.atanh
// CHECK: math.cosh
// CHECK: math.asin
func.func @double(%x: f64) -> f64 {
  %0 = math.asinh %x : f64
  %1 = math.atanh %0 : f64
  %2 = math.cosh %1 : f64
  %3 = math.asin %2 : f64
  return %3 : f64
}
