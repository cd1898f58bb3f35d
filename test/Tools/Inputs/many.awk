# A model in text with a sum of `count` times the same input (kind=Sum), or `count`
# nodes in a row (kind=chain).
function tensor(kind, name) {
  printf "  %s { name: \"%s\" type { tensor_type { elem_type: 1 shape { dim { dim_value: 3 } } } } }\n", kind, name
}
BEGIN {
  print "ir_version: 8\nopset_import { version: 13 }\ngraph {\n  name: \"many\""
  tensor("input", "x")
  if (kind == "chain") {
    split("Relu Abs Sigmoid Exp Neg", operators)
    for (i = 0; i < count; i++)
      printf "  node { op_type: \"%s\" input: \"%s\" output: \"%s\" }\n", operators[i % 5 + 1], i ? "t" i : "x",
        i == count - 1 ? "y" : "t" i + 1
  } else {
    printf "  node { op_type: \"Sum\" output: \"y\""
    for (i = 0; i < count; i++) printf " input: \"x\""
    print " }"
  }
  print "  output { name: \"y\" }\n}"
}
