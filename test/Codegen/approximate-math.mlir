// RUN: edgec-opt %s -edgec-approximate-math=target=x86-64-v2 | FileCheck %s --implicit-check-not=math.fma
// RUN: edgec-opt %s -edgec-approximate-math=target=x86-64-v3 | FileCheck %s --check-prefixes=CHECK,FMA

// Nothing is left that would become a call.
// CHECK-LABEL: @functions
// FMA: math.fma
// CHECK-NOT: math.{{exp|tanh|erf|log|powf|sin|cos|round }}
// CHECK: return
func.func @functions(%x: vector<16xf32>, %y: f32) -> (vector<16xf32>, f32) {
  %0 = math.exp %x : vector<16xf32>
  %1 = math.tanh %0 : vector<16xf32>
  %2 = math.erf %1 : vector<16xf32>
  %3 = math.log %2 : vector<16xf32>
  %4 = math.powf %3, %x : vector<16xf32>
  %5 = math.sin %y : f32
  %6 = math.cos %5 : f32
  %7 = math.round %6 : f32
  return %4, %7 : vector<16xf32>, f32
}
