// RUN: edgec-opt %s -split-input-file -verify-diagnostics

func.func @table(%x: i8) {
  // expected-error @+1 {{table has 2 entries and must have 256, one a byte}}
  %y = kernel.lookup %x {table = array<i8: 1, 2>} : i8
  return
}

// -----

func.func @element(%x: i16) {
  // expected-error @+1 {{operand #0 must be 8-bit signless integer}}
  %y = "kernel.lookup"(%x) {table = array<i8: 1, 2>} : (i16) -> i16
  return
}
