// RUN: edgec-opt %s --edgec-simplify-quantization=target=x86-64-v3 | FileCheck %s

// Quantized for a step of 0.0173: no division.
// CHECK-LABEL: func.func @quantize
// CHECK-NOT: arith.divf
// CHECK: %[[FIRST:.+]] = arith.mulf
// CHECK: %[[NEGATED:.+]] = arith.negf %[[FIRST]]
// CHECK: %[[REST:.+]] = math.fma %[[NEGATED]]
// CHECK: math.fma %[[REST]], %{{.+}}, %[[FIRST]]
func.func @quantize(%x: memref<64xf32>, %y: memref<64xf32>) {
  %step = arith.constant 0.0173 : f32
  linalg.generic {indexing_maps = [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>], iterator_types = ["parallel"]}
      ins(%x : memref<64xf32>) outs(%y : memref<64xf32>) {
  ^bb0(%a: f32, %b: f32):
    %q = arith.divf %a, %step {edgec.rounded_quotient = 255 : i64} : f32
    linalg.yield %q : f32
  }
  return
}
