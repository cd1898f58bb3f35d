// RUN: edgec-opt %s -edgec-place-results -split-input-file -verify-diagnostics

// expected-error @+1 {{returns 'memref<?xf32>', which has no static shape}}
func.func @dynamic(%x: memref<?xf32>) -> memref<?xf32> {
  return %x : memref<?xf32>
}

// -----

// expected-error @+1 {{returns 'tensor<4xf32>', which has no static shape}}
func.func @tensor(%x: tensor<4xf32>) -> tensor<4xf32> {
  return %x : tensor<4xf32>
}

// -----

// expected-error @+1 {{must have one block}}
func.func @blocks(%x: memref<4xf32>) -> memref<4xf32> {
  cf.br ^bb1
^bb1:
  return %x : memref<4xf32>
}

// -----

// Functions that are not entry points are left alone.
func.func private @helper(%x: memref<?xf32>) -> memref<?xf32> {
  return %x : memref<?xf32>
}
