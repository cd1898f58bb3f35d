// RUN: edgec-opt %s -pass-pipeline='builtin.module(edgec-plan-arena)' -split-input-file -verify-diagnostics

func.func @dynamic_buffer(%n: index) {
  // expected-error @+1 {{must have a static shape to be placed in the arena}}
  %a = memref.alloc(%n) : memref<?xf32>
  memref.dealloc %a : memref<?xf32>
  return
}
