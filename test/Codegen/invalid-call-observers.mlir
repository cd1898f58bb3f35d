// RUN: edgec-opt %s --edgec-call-observers --verify-diagnostics

func.func @unplanned(%x: memref<3x4xf32>) {
  // expected-error @+1 {{is in a function without a context: it has to be planned first}}
  kernel.observe %x {point = 0 : i64} : memref<3x4xf32>
  return
}
