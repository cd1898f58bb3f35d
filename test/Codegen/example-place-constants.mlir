// RUN: edgec-opt %s --edgec-place-constants | FileCheck %s

// Two constants of the same bytes lie in one place.
// CHECK: module attributes {edgec.weights = [{offset = 0 : i64, value = dense<[1.000000e+00, 2.000000e+00]> : tensor<2xf32>}], edgec.weights_size = {{.*}} : i64}
// CHECK-NOT: memref.global {{.*}}dense
// CHECK: func.func @add
// CHECK: %[[ALL:.*]] = memref.get_global @edgec_weights
// CHECK: memref.view %[[ALL]]
memref.global "private" constant @first : memref<2xf32> = dense<[1.0, 2.0]>
memref.global "private" constant @second : memref<2xf32> = dense<[1.0, 2.0]>
func.func @add(%y: memref<2xf32>) {
  %a = memref.get_global @first : memref<2xf32>
  %b = memref.get_global @second : memref<2xf32>
  linalg.add ins(%a, %b : memref<2xf32>, memref<2xf32>) outs(%y : memref<2xf32>)
  return
}
