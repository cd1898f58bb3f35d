// RUN: edgec-opt %s --edgec-fold-fills --split-input-file | FileCheck %s

#in = affine_map<(i, k) -> (i, k)>
#out = affine_map<(i, k) -> (i)>

// Two results: each has an entry, the one that nothing fills a unit.
// CHECK-LABEL: func.func @two_results
// CHECK-NOT: linalg.fill
// CHECK: edgec.initial = [unit, 0xFF800000 : f32]
func.func @two_results(%x: memref<4x8xf32>, %sum: memref<4xf32>, %max: memref<4xf32>) {
  %low = arith.constant 0xFF800000 : f32
  linalg.fill ins(%low : f32) outs(%max : memref<4xf32>)
  linalg.generic {indexing_maps = [#in, #out, #out], iterator_types = ["parallel", "reduction"]}
      ins(%x : memref<4x8xf32>) outs(%sum, %max : memref<4xf32>, memref<4xf32>) {
  ^bb0(%a: f32, %s: f32, %m: f32):
    %s1 = arith.addf %s, %a : f32
    %m1 = arith.maximumf %m, %a : f32
    linalg.yield %s1, %m1 : f32, f32
  }
  return
}

// -----

// A value that is computed, a copy in between, a view of the buffer, a reader
// that does not reduce, a reduction over nothing: all need the fill.
#in = affine_map<(i, k) -> (i, k)>
#out = affine_map<(i, k) -> (i)>
#id = affine_map<(i) -> (i)>

// CHECK-LABEL: func.func @computed
// CHECK: linalg.fill
// CHECK-NOT: edgec.initial
func.func @computed(%v: f32, %x: memref<4x8xf32>, %y: memref<4xf32>) {
  linalg.fill ins(%v : f32) outs(%y : memref<4xf32>)
  linalg.generic {indexing_maps = [#in, #out], iterator_types = ["parallel", "reduction"]}
      ins(%x : memref<4x8xf32>) outs(%y : memref<4xf32>) {
  ^bb0(%a: f32, %s: f32):
    %r = arith.addf %s, %a : f32
    linalg.yield %r : f32
  }
  return
}

// CHECK-LABEL: func.func @copied
// CHECK: linalg.fill
// CHECK-NOT: edgec.initial
func.func @copied(%x: memref<4x8xf32>, %y: memref<4xf32>, %z: memref<4xf32>) {
  %zero = arith.constant 0.0 : f32
  linalg.fill ins(%zero : f32) outs(%y : memref<4xf32>)
  memref.copy %y, %z : memref<4xf32> to memref<4xf32>
  linalg.generic {indexing_maps = [#in, #out], iterator_types = ["parallel", "reduction"]}
      ins(%x : memref<4x8xf32>) outs(%y : memref<4xf32>) {
  ^bb0(%a: f32, %s: f32):
    %r = arith.addf %s, %a : f32
    linalg.yield %r : f32
  }
  return
}

// CHECK-LABEL: func.func @viewed
// CHECK: linalg.fill
// CHECK-NOT: edgec.initial
func.func @viewed(%x: memref<4x8xf32>, %y: memref<4xf32>, %z: memref<2xf32>) {
  %zero = arith.constant 0.0 : f32
  %part = memref.subview %y[0] [2] [1] : memref<4xf32> to memref<2xf32, strided<[1]>>
  linalg.fill ins(%zero : f32) outs(%y : memref<4xf32>)
  memref.copy %part, %z : memref<2xf32, strided<[1]>> to memref<2xf32>
  linalg.generic {indexing_maps = [#in, #out], iterator_types = ["parallel", "reduction"]}
      ins(%x : memref<4x8xf32>) outs(%y : memref<4xf32>) {
  ^bb0(%a: f32, %s: f32):
    %r = arith.addf %s, %a : f32
    linalg.yield %r : f32
  }
  return
}

// CHECK-LABEL: func.func @elementwise
// CHECK: linalg.fill
// CHECK-NOT: edgec.initial
func.func @elementwise(%x: memref<4xf32>, %y: memref<4xf32>) {
  %zero = arith.constant 0.0 : f32
  linalg.fill ins(%zero : f32) outs(%y : memref<4xf32>)
  linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel"]}
      ins(%x : memref<4xf32>) outs(%y : memref<4xf32>) {
  ^bb0(%a: f32, %s: f32):
    %r = arith.addf %s, %a : f32
    linalg.yield %r : f32
  }
  return
}

// CHECK-LABEL: func.func @nothing
// CHECK: linalg.fill
// CHECK-NOT: edgec.initial
func.func @nothing(%x: memref<4x0xf32>, %y: memref<4xf32>) {
  %zero = arith.constant 0.0 : f32
  linalg.fill ins(%zero : f32) outs(%y : memref<4xf32>)
  linalg.generic {indexing_maps = [#in, #out], iterator_types = ["parallel", "reduction"]}
      ins(%x : memref<4x0xf32>) outs(%y : memref<4xf32>) {
  ^bb0(%a: f32, %s: f32):
    %r = arith.addf %s, %a : f32
    linalg.yield %r : f32
  }
  return
}
