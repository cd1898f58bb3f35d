// RUN: edgec-opt %s -edgec-vectorize=target=x86-64-v4-vnni -canonicalize -cse -edgec-llvm-pipeline | mlir-translate --mlir-to-llvmir \
// RUN:   | llc -O3 -mtriple=x86_64-unknown-linux-gnu -mcpu=x86-64-v4 -mattr=+avx512vnni -o %t.s
// RUN: FileCheck %s < %t.s
// RUN: FileCheck %s --check-prefix=SPILL < %t.s
// RUN: FileCheck %s --check-prefix=LOADS < %t.s

// Nothing spills.
// SPILL-NOT: (%rsp)

// Three lines of seven pixels a tile, and two lines at the end: 9 * 21 and 9 *
// 14 products, but no more loads than 5 * 9 and 4 * 9 input pixels and twice
// nine taps, where multiplications do not load themselves.
// CHECK-LABEL: floats:
// CHECK-COUNT-315: vfmadd{{.*}}%zmm
// CHECK-NOT: vfmadd
// CHECK-LABEL: bytes:
// LOADS-LABEL: floats:
// LOADS-COUNT-93: vmovups {{-?[0-9]*}}({{.*}}), %zmm
// LOADS-NOT: vmovups {{-?[0-9]*}}({{.*}}), %zmm
// LOADS-LABEL: bytes:
func.func @floats(%x: memref<1x16x16x512xf32>, %w: memref<3x3x512xf32>, %c: memref<1x14x14x512xf32>) {
  kernel.depthwise ins(%x, %w : memref<1x16x16x512xf32>, memref<3x3x512xf32>) outs(%c : memref<1x14x14x512xf32>)
    attributes {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, extra_maps = [], accumulator = f32} {
  ^bb0(%acc: f32):
    kernel.yield %acc : f32
  }
  return
}

// Two lines of seven pixels: nine columns of four input rows are interleaved,
// once each, for 3 * 14 multiplications of four taps.
// CHECK: [[LOOP:.LBB[0-9_]+]]: {{.*}}
// CHECK-COUNT-9: vpermd
// CHECK: vpdpbusd
// CHECK-NOT: vpermd
// CHECK: retq
// LOADS-COUNT-42: vpdpbusd %zmm
// LOADS-NOT: vpdpbusd
func.func @bytes(%x: memref<1x16x16x512xi8>, %w: memref<32x3x64xi8>, %c: memref<1x14x14x512xi32>) {
  kernel.depthwise ins(%x, %w : memref<1x16x16x512xi8>, memref<32x3x64xi8>) outs(%c : memref<1x14x14x512xi32>)
    attributes {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, extra_maps = [], accumulator = i32,
                input_unsigned, window = array<i64: 3, 3>, tile_rows = 2 : i64} {
  ^bb0(%acc: i32):
    kernel.yield %acc : i32
  }
  return
}
