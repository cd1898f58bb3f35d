// RUN: edgec-opt %s -edgec-outline-layers | FileCheck %s

// Three layers that differ in a scale and a bound run one function, which gets
// these as arguments. What all have in common stays a constant, and so does a
// number that the code depends on: dividing by a power of two is multiplying.
// CHECK-LABEL: func.func @edgec_entry_run
// CHECK: call @edgec_trace(%{{.+}}, %{{.+}}, %c1_i32{{.*}})
// CHECK-NEXT: %[[SCALE1:.+]] = arith.constant 1.500000e+00 : f32
// CHECK-NEXT: %[[BOUND1:.+]] = arith.constant 6.000000e+00 : f32
// CHECK-NEXT: call @layer_elementwise_0(%{{.+}}, %{{.+}}, %[[SCALE1]], %[[BOUND1]])
// CHECK: call @edgec_trace(%{{.+}}, %{{.+}}, %c1_i32{{.*}})
// CHECK-NEXT: %[[SCALE2:.+]] = arith.constant 2.500000e+00 : f32
// CHECK-NEXT: %[[BOUND2:.+]] = arith.constant 6.000000e+00 : f32
// CHECK-NEXT: call @layer_elementwise_0(%{{.+}}, %{{.+}}, %[[SCALE2]], %[[BOUND2]])
// CHECK: call @edgec_trace(%{{.+}}, %{{.+}}, %c1_i32{{.*}})
// CHECK-NEXT: %[[SCALE3:.+]] = arith.constant 1.500000e+00 : f32
// CHECK-NEXT: %[[BOUND3:.+]] = arith.constant 3.000000e+00 : f32
// CHECK-NEXT: call @layer_elementwise_0(%{{.+}}, %{{.+}}, %[[SCALE3]], %[[BOUND3]])
// CHECK: call @layer_elementwise_1(%{{.+}}, %{{.+}}) :
// CHECK: call @layer_elementwise_2(%{{.+}}, %{{.+}}) :

// CHECK-LABEL: func.func private @layer_elementwise_0
// CHECK-SAME: (%{{.+}}: memref<8xf32>, %{{.+}}: memref<8xf32>, %[[SCALE:.+]]: f32, %[[BOUND:.+]]: f32)
// CHECK-DAG: %[[SHIFT:.+]] = arith.constant 1.000000e+00 : f32
// CHECK: %[[SCALED:.+]] = arith.mulf %{{.+}}, %[[SCALE]]
// CHECK: %[[SHIFTED:.+]] = arith.addf %[[SCALED]], %[[SHIFT]]
// CHECK: %[[SMALLER:.+]] = arith.cmpf olt, %[[SHIFTED]], %[[BOUND]]
// CHECK: arith.select %[[SMALLER]], %[[SHIFTED]], %[[BOUND]]

// CHECK-LABEL: func.func private @layer_elementwise_1
// CHECK: arith.divf %{{.+}}, %cst
// CHECK-LABEL: func.func private @layer_elementwise_2
// CHECK: arith.divf %{{.+}}, %cst
#map = affine_map<(i) -> (i)>
func.func @edgec_entry_run(%x: memref<8xf32>, %y: memref<8xf32>, %arena: memref<0xi8>, %context: !llvm.ptr)
    attributes {edgec.arena_size = 0 : i64} {
  %c1 = arith.constant 1.0 : f32
  %c15 = arith.constant 1.5 : f32
  %c25 = arith.constant 2.5 : f32
  %c6 = arith.constant 6.0 : f32
  %c3 = arith.constant 3.0 : f32
  linalg.generic {indexing_maps = [#map, #map], iterator_types = ["parallel"]} ins(%x : memref<8xf32>) outs(%y : memref<8xf32>) {
  ^bb0(%a: f32, %b: f32):
    %m = arith.mulf %a, %c15 : f32
    %s = arith.addf %m, %c1 : f32
    %c = arith.cmpf olt, %s, %c6 : f32
    %r = arith.select %c, %s, %c6 : f32
    linalg.yield %r : f32
  }
  linalg.generic {indexing_maps = [#map, #map], iterator_types = ["parallel"]} ins(%x : memref<8xf32>) outs(%y : memref<8xf32>) {
  ^bb0(%a: f32, %b: f32):
    %m = arith.mulf %a, %c25 : f32
    %s = arith.addf %m, %c1 : f32
    %c = arith.cmpf olt, %s, %c6 : f32
    %r = arith.select %c, %s, %c6 : f32
    linalg.yield %r : f32
  }
  linalg.generic {indexing_maps = [#map, #map], iterator_types = ["parallel"]} ins(%x : memref<8xf32>) outs(%y : memref<8xf32>) {
  ^bb0(%a: f32, %b: f32):
    %m = arith.mulf %a, %c15 : f32
    %s = arith.addf %m, %c1 : f32
    %c = arith.cmpf olt, %s, %c3 : f32
    %r = arith.select %c, %s, %c3 : f32
    linalg.yield %r : f32
  }
  %c4 = arith.constant 4.0 : f32
  %c5 = arith.constant 5.0 : f32
  linalg.generic {indexing_maps = [#map, #map], iterator_types = ["parallel"]} ins(%x : memref<8xf32>) outs(%y : memref<8xf32>) {
  ^bb0(%a: f32, %b: f32):
    %d = arith.divf %a, %c4 : f32
    linalg.yield %d : f32
  }
  linalg.generic {indexing_maps = [#map, #map], iterator_types = ["parallel"]} ins(%x : memref<8xf32>) outs(%y : memref<8xf32>) {
  ^bb0(%a: f32, %b: f32):
    %d = arith.divf %a, %c5 : f32
    linalg.yield %d : f32
  }
  return
}
