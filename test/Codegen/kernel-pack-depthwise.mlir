// RUN: edgec-opt %s --kernel-pack=target=x86-64-v4-vnni --split-input-file | FileCheck %s --check-prefixes=CHECK,VNNI
// RUN: edgec-opt %s --kernel-pack=target=x86-64-v3 --split-input-file | FileCheck %s --check-prefixes=CHECK,AVX2
// RUN: edgec-opt %s --kernel-pack=target=aarch64-dotprod --split-input-file | FileCheck %s --check-prefixes=CHECK,SDOT

// Three taps in one column: two output rows share four input rows. Groups for
// the first row end with a zero; those for the second are moved up by one. Words
// for vpmaddwd: members 0 and 2 of all lanes, then 1 and 3.
// CHECK-LABEL: func.func @column
// VNNI: kernel.depthwise ins(%{{.*}}, %{{.*}} : tensor<1x6x4x2xi8>, tensor<1x1x64xi8>)
// AVX2: kernel.depthwise ins(%{{.*}}, %{{.*}} : tensor<1x6x4x2xi8>, tensor<1x1x32xi16>)
// SDOT: kernel.depthwise ins(%{{.*}}, %{{.*}} : tensor<1x6x4x2xi8>, tensor<1x1x16xi8>)
// CHECK-SAME: tile_rows = 2 : i64, window = array<i64: 3, 1>
// SDOT: packed: "0x4000000001020300FFFEFD000000000000000000"
func.func @column(%x: tensor<1x6x4x2xi8>, %init: tensor<1x4x4x2xi32>) -> tensor<1x4x4x2xi32> {
  %w = arith.constant dense<[[[1, -1]], [[2, -2]], [[3, -3]]]> : tensor<3x1x2xi8>
  %r = kernel.depthwise ins(%x, %w : tensor<1x6x4x2xi8>, tensor<3x1x2xi8>) outs(%init : tensor<1x4x4x2xi32>)
    attributes {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, extra_maps = [], accumulator = i32, input_unsigned} {
  ^bb0(%acc: i32):
    kernel.yield %acc : i32
  } -> tensor<1x4x4x2xi32>
  return %r : tensor<1x4x4x2xi32>
}

// -----

// What flipped signs add to the sums is taken back: 128 times the sum of taps.
// CHECK-LABEL: func.func @flipped
// VNNI: arith.constant dense<[-768, 768]> : tensor<2xi32>
// AVX2-NOT: input_flipped
// SDOT-NOT: input_flipped
// CHECK: kernel.depthwise
// VNNI-SAME: input_flipped, input_unsigned
func.func @flipped(%x: tensor<1x6x2xi8>, %init: tensor<1x4x2xi32>) -> tensor<1x4x2xi32> {
  %w = arith.constant dense<[[1, -1], [2, -2], [3, -3]]> : tensor<3x2xi8>
  %r = kernel.depthwise ins(%x, %w : tensor<1x6x2xi8>, tensor<3x2xi8>) outs(%init : tensor<1x4x2xi32>)
    attributes {strides = array<i64: 1>, dilations = array<i64: 1>, extra_maps = [], accumulator = i32} {
  ^bb0(%acc: i32):
    kernel.yield %acc : i32
  } -> tensor<1x4x2xi32>
  return %r : tensor<1x4x2xi32>
}

// -----

// Not packed: floats, and a filter that is computed.
// CHECK-LABEL: func.func @floats
// CHECK-NOT: tile_rows
func.func @floats(%x: tensor<1x6x2xf32>, %init: tensor<1x4x2xf32>) -> tensor<1x4x2xf32> {
  %w = arith.constant dense<[[1.0, -1.0], [2.0, -2.0], [3.0, -3.0]]> : tensor<3x2xf32>
  %r = kernel.depthwise ins(%x, %w : tensor<1x6x2xf32>, tensor<3x2xf32>) outs(%init : tensor<1x4x2xf32>)
    attributes {strides = array<i64: 1>, dilations = array<i64: 1>, extra_maps = [], accumulator = f32} {
  ^bb0(%acc: f32):
    kernel.yield %acc : f32
  } -> tensor<1x4x2xf32>
  return %r : tensor<1x4x2xf32>
}

// CHECK-LABEL: func.func @computed
// CHECK-NOT: tile_rows
func.func @computed(%x: tensor<1x6x2xi8>, %w: tensor<3x2xi8>, %init: tensor<1x4x2xi32>) -> tensor<1x4x2xi32> {
  %r = kernel.depthwise ins(%x, %w : tensor<1x6x2xi8>, tensor<3x2xi8>) outs(%init : tensor<1x4x2xi32>)
    attributes {strides = array<i64: 1>, dilations = array<i64: 1>, extra_maps = [], accumulator = i32, input_unsigned} {
  ^bb0(%acc: i32):
    kernel.yield %acc : i32
  } -> tensor<1x4x2xi32>
  return %r : tensor<1x4x2xi32>
}

// -----

// An average has the same taps for all channels: one block of them.
// CHECK-LABEL: func.func @average
// VNNI: kernel.depthwise ins(%{{.*}}, %{{.*}} : tensor<1x6x4x40xi8>, tensor<1x1x64xi8>)
// AVX2: kernel.depthwise ins(%{{.*}}, %{{.*}} : tensor<1x6x4x40xi8>, tensor<1x1x32xi16>)
// SDOT: kernel.depthwise ins(%{{.*}}, %{{.*}} : tensor<1x6x4x40xi8>, tensor<1x1x16xi8>)
// SDOT: packed: "0x4000000001010100010101000101010001010100"
func.func @average(%x: tensor<1x6x4x40xi8>, %init: tensor<1x4x4x40xi32>) -> tensor<1x4x4x40xi32> {
  %w = arith.constant dense_resource<ones> : tensor<3x1x40xi8>
  %r = kernel.depthwise ins(%x, %w : tensor<1x6x4x40xi8>, tensor<3x1x40xi8>) outs(%init : tensor<1x4x4x40xi32>)
    attributes {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, extra_maps = [], accumulator = i32, input_unsigned} {
  ^bb0(%acc: i32):
    kernel.yield %acc : i32
  } -> tensor<1x4x4x40xi32>
  return %r : tensor<1x4x4x40xi32>
}

{-#
  dialect_resources: {
    builtin: {
      ones: "0x40000000010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101"
    }
  }
#-}
