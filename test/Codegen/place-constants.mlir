// RUN: edgec-opt %s -edgec-place-constants | FileCheck %s

// Constants lie in the order of their use, each aligned to 64 bytes, splats
// written out; what is never used takes no place. A load may read past the last.
// CHECK: edgec.weights = [{offset = 0 : i64, value = dense_resource<[[$SPLAT:.*]]> : tensor<3xi8>}, {offset = 64 : i64, value = dense_resource<blob> : tensor<2xf32>}, {offset = 128 : i64, value = dense<1> : tensor<1xi8>}
// CHECK-SAME: edgec.weights_size = 256 : i64
memref.global "private" constant @unused : memref<100xf32> = dense<1.0>
memref.global "private" constant @blob : memref<2xf32> = dense_resource<blob>
memref.global "private" constant @bytes : memref<3xi8> = dense<7>
memref.global "private" constant @flag : memref<1xi8> = dense<1>
// CHECK-LABEL: func.func @uses
// CHECK: %[[W:.*]] = memref.get_global @edgec_weights
// CHECK: %[[OFFSET:.*]] = arith.constant 64
// CHECK: memref.view %{{.*}} : memref<256xi8> to memref<2xf32>
func.func @uses() -> (memref<3xi8>, memref<2xf32>, memref<1xi8>) {
  %a = memref.get_global @bytes : memref<3xi8>
  %b = memref.get_global @blob : memref<2xf32>
  %c = memref.get_global @flag : memref<1xi8>
  return %a, %b, %c : memref<3xi8>, memref<2xf32>, memref<1xi8>
}
// CHECK: [[$SPLAT]]: "0x40000000070707"

{-#
  dialect_resources: {
    builtin: {
      blob: "0x400000000000803F00000040"
    }
  }
#-}
