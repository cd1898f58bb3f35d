// RUN: edgec-random %s
// Large constants of booleans had elements of another type than the memory they lie in.
func.func @run() -> tensor<9x10xi1> {
  %0 = edge.constant dense_resource<flags> : tensor<9x10xi1>
  return %0 : tensor<9x10xi1>
}

{-#
  dialect_resources: {
    builtin: {
      flags: "0x40000000000000010101000000010101000000010101000000010101000000010101000000010101000000010101000000010101000000010101000000010101000000010101000000010101000000010101000000010101000000010101"
    }
  }
#-}
