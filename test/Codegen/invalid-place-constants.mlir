// RUN: edgec-opt %s -edgec-place-constants -split-input-file -verify-diagnostics

memref.global "private" constant @absent : memref<4xf32> = dense_resource<absent>
func.func @no_bytes() -> memref<4xf32> {
  // expected-error @+1 {{needs a dense or dense_resource value of 16 bytes}}
  %a = memref.get_global @absent : memref<4xf32>
  return %a : memref<4xf32>
}
