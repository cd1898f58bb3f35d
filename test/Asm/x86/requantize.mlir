// RUN: edgec-opt %s -edgec-vectorize=target=x86-64-v4-vnni -canonicalize -cse -edgec-approximate-math=target=x86-64-v4-vnni -canonicalize -edgec-llvm-pipeline \
// RUN:   | mlir-translate --mlir-to-llvmir | llc -O3 -mtriple=x86_64-unknown-linux-gnu -mcpu=x86-64-v4 -mattr=+avx512vnni | FileCheck %s

// Sums become bytes four vectors at a time, three instructions a vector before
// they are packed, with no clamp but that of the packing instructions. The
// neighbours of a row are stored together.
// CHECK-LABEL: unsigned:
// CHECK-COUNT-28: vpdpbusd
// CHECK-NOT: vpm{{in|ax|ovdb|ovsdb|ovusdb}}
// CHECK-NOT: (%rsp)
// CHECK-COUNT-7: vpackuswb %zmm
// CHECK-NOT: vpackuswb
// CHECK: vextracti64x4 $1, %zmm{{[0-9]+}}, {{[0-9]+}}(%r
// CHECK-NOT: (%rsp)
// CHECK-NOT: vpm{{in|ax|ovdb|ovsdb|ovusdb}}
// CHECK: retq
func.func @unsigned(%a: memref<14x64xi8>, %b: memref<1x16x32x4xi8>, %scale: memref<32xf32>, %c: memref<14x32xi8>) {
  %low = arith.constant 0 : i32
  %high = arith.constant 255 : i32
  kernel.contract ins(%a, %b : memref<14x64xi8>, memref<1x16x32x4xi8>) extras(%scale : memref<32xf32>) outs(%c : memref<14x32xi8>)
    attributes {num_batch = 0 : i64, num_rows = 1 : i64, extents = array<i64: 14, 32, 64>,
      a_map = affine_map<(i, j, k) -> (i, k)>, b_map = affine_map<(i, j, k) -> (j floordiv 32, k floordiv 4, j mod 32, k mod 4)>,
      c_map = affine_map<(i, j, k) -> (i, j)>, extra_maps = [affine_map<(i, j, k) -> (j)>], accumulator = i32, a_unsigned} {
  ^bb0(%acc: i32, %s: f32):
    %sum = arith.sitofp %acc : i32 to f32
    %x = arith.mulf %sum, %s : f32
    %r = math.roundeven %x : f32
    %i = arith.fptosi %r : f32 to i32
    %max = arith.maxsi %i, %low : i32
    %min = arith.minsi %max, %high : i32
    %byte = arith.trunci %min : i32 to i8
    kernel.yield %byte : i8
  }
  return
}

// Signed bytes.
// CHECK-LABEL: signed:
// CHECK-NOT: vpm{{in|ax|ovdb|ovsdb|ovusdb}}
// CHECK: vpacksswb
// CHECK-NOT: vpm{{in|ax|ovdb|ovsdb|ovusdb}}
// CHECK: retq
func.func @signed(%a: memref<14x64xi8>, %b: memref<1x16x32x4xi8>, %scale: memref<32xf32>, %c: memref<14x32xi8>) {
  %low = arith.constant -128 : i32
  %high = arith.constant 127 : i32
  kernel.contract ins(%a, %b : memref<14x64xi8>, memref<1x16x32x4xi8>) extras(%scale : memref<32xf32>) outs(%c : memref<14x32xi8>)
    attributes {num_batch = 0 : i64, num_rows = 1 : i64, extents = array<i64: 14, 32, 64>,
      a_map = affine_map<(i, j, k) -> (i, k)>, b_map = affine_map<(i, j, k) -> (j floordiv 32, k floordiv 4, j mod 32, k mod 4)>,
      c_map = affine_map<(i, j, k) -> (i, j)>, extra_maps = [affine_map<(i, j, k) -> (j)>], accumulator = i32, a_unsigned} {
  ^bb0(%acc: i32, %s: f32):
    %sum = arith.sitofp %acc : i32 to f32
    %x = arith.mulf %sum, %s : f32
    %r = math.roundeven %x : f32
    %i = arith.fptosi %r : f32 to i32
    %max = arith.maxsi %i, %low : i32
    %min = arith.minsi %max, %high : i32
    %byte = arith.trunci %min : i32 to i8
    kernel.yield %byte : i8
  }
  return
}

// A lower bound that the instructions do not have.
// CHECK-LABEL: narrower:
// CHECK-COUNT-28: vpmaxsd
// CHECK-NOT: vpmaxsd
// CHECK: retq
func.func @narrower(%a: memref<14x64xi8>, %b: memref<1x16x32x4xi8>, %scale: memref<32xf32>, %c: memref<14x32xi8>) {
  %low = arith.constant 10 : i32
  %high = arith.constant 255 : i32
  kernel.contract ins(%a, %b : memref<14x64xi8>, memref<1x16x32x4xi8>) extras(%scale : memref<32xf32>) outs(%c : memref<14x32xi8>)
    attributes {num_batch = 0 : i64, num_rows = 1 : i64, extents = array<i64: 14, 32, 64>,
      a_map = affine_map<(i, j, k) -> (i, k)>, b_map = affine_map<(i, j, k) -> (j floordiv 32, k floordiv 4, j mod 32, k mod 4)>,
      c_map = affine_map<(i, j, k) -> (i, j)>, extra_maps = [affine_map<(i, j, k) -> (j)>], accumulator = i32, a_unsigned} {
  ^bb0(%acc: i32, %s: f32):
    %sum = arith.sitofp %acc : i32 to f32
    %x = arith.mulf %sum, %s : f32
    %r = math.roundeven %x : f32
    %i = arith.fptosi %r : f32 to i32
    %max = arith.maxsi %i, %low : i32
    %min = arith.minsi %max, %high : i32
    %byte = arith.trunci %min : i32 to i8
    kernel.yield %byte : i8
  }
  return
}

// Two vectors are left of thirteen rows: they become bytes by themselves.
// CHECK-LABEL: rest:
// CHECK-COUNT-6: vpackuswb %zmm
// CHECK-COUNT-2: vpmovusdb %zmm
// CHECK-NOT: vpmovusdb
// CHECK: retq
func.func @rest(%a: memref<13x64xi8>, %b: memref<1x16x32x4xi8>, %scale: memref<32xf32>, %c: memref<13x32xi8>) {
  %low = arith.constant 0 : i32
  %high = arith.constant 255 : i32
  kernel.contract ins(%a, %b : memref<13x64xi8>, memref<1x16x32x4xi8>) extras(%scale : memref<32xf32>) outs(%c : memref<13x32xi8>)
    attributes {num_batch = 0 : i64, num_rows = 1 : i64, extents = array<i64: 13, 32, 64>,
      a_map = affine_map<(i, j, k) -> (i, k)>, b_map = affine_map<(i, j, k) -> (j floordiv 32, k floordiv 4, j mod 32, k mod 4)>,
      c_map = affine_map<(i, j, k) -> (i, j)>, extra_maps = [affine_map<(i, j, k) -> (j)>], accumulator = i32, a_unsigned} {
  ^bb0(%acc: i32, %s: f32):
    %sum = arith.sitofp %acc : i32 to f32
    %x = arith.mulf %sum, %s : f32
    %r = math.roundeven %x : f32
    %i = arith.fptosi %r : f32 to i32
    %max = arith.maxsi %i, %low : i32
    %min = arith.minsi %max, %high : i32
    %byte = arith.trunci %min : i32 to i8
    kernel.yield %byte : i8
  }
  return
}
