// RUN: edgec-opt %s -edgec-vectorize -split-input-file -verify-diagnostics

func.func @tensors(%x: tensor<4xf32>, %y: tensor<4xf32>) -> tensor<4xf32> {
  // expected-error @+1 {{must be on memrefs to be vectorised}}
  %r = linalg.abs ins(%x : tensor<4xf32>) outs(%y : tensor<4xf32>) -> tensor<4xf32>
  return %r : tensor<4xf32>
}

// -----

func.func @dynamic_shape(%x: memref<?xf32>, %y: memref<?xf32>) {
  // expected-error @+1 {{cannot be vectorised: it has a dynamic extent}}
  linalg.abs ins(%x : memref<?xf32>) outs(%y : memref<?xf32>)
  return
}

// -----

func.func @dynamic_stride(%x: memref<4xf32, strided<[?]>>, %y: memref<4xf32>) {
  // expected-error @+1 {{cannot be vectorised: 'memref<4xf32, strided<[?]>>' has no static strides}}
  linalg.abs ins(%x : memref<4xf32, strided<[?]>>) outs(%y : memref<4xf32>)
  return
}

// -----

func.func @kernel_stride(%a: memref<4x2xf32, strided<[?, 1]>>, %b: memref<2x8xf32>, %c: memref<4x8xf32>) {
  // expected-error @+1 {{cannot be vectorised: 'memref<4x2xf32, strided<[?, 1]>>' has no static strides}}
  kernel.contract ins(%a, %b : memref<4x2xf32, strided<[?, 1]>>, memref<2x8xf32>) outs(%c : memref<4x8xf32>)
    attributes {num_batch = 0 : i64, num_rows = 1 : i64, extents = array<i64: 4, 8, 2>,
      a_map = affine_map<(i, j, k) -> (i, k)>, b_map = affine_map<(i, j, k) -> (k, j)>,
      c_map = affine_map<(i, j, k) -> (i, j)>, extra_maps = [], accumulator = f32} {
  ^bb0(%acc: f32):
    kernel.yield %acc : f32
  }
  return
}
