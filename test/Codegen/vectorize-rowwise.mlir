// RUN: edgec-opt %s -edgec-vectorize=target=x86-64-v4 -canonicalize | FileCheck %s --check-prefixes=CHECK,AVX512
// RUN: edgec-opt %s -edgec-vectorize=target=x86-64-v3 -canonicalize | FileCheck %s --check-prefixes=CHECK,AVX2

// Four or two rows at once; per row: the maximum, the sum of exponentials that wait in the output, and
// the quotient; nothing is computed twice, whatever the vector length.
// CHECK-LABEL: @softmax
// CHECK: scf.for
// CHECK: scf.for {{.*}} -> (vector<16xf32>, vector<16xf32>
// CHECK: arith.cmpf ogt, {{.*}} : vector<16xf32>
// AVX512: vector.maskedload
// AVX2-NOT: masked
// CHECK: scf.for {{.*}} -> (vector<16xf32>, vector<16xf32>
// CHECK: math.exp
// CHECK: vector.store
// CHECK: arith.addf {{.*}} : vector<16xf32>
// The rest of the row.
// CHECK: math.exp
// CHECK: scf.for
// CHECK-NOT: math.exp
// CHECK: arith.divf {{.*}} : vector<16xf32>
// CHECK: return
func.func @softmax(%x: memref<8x100xf32>, %y: memref<8x100xf32>) {
  kernel.rowwise ins(%x : memref<8x100xf32>) outs(%y : memref<8x100xf32>)
      attributes {extents = array<i64: 8, 100>, combiners = ["max", "add"],
       input_maps = [affine_map<(i, j) -> (i, j)>], init_map = affine_map<(i, j) -> (i, j)>} {
  ^bb0(%x0: f32):
    kernel.yield %x0 : f32
  }, {
  ^bb0(%x0: f32, %max: f32):
    %d = arith.subf %x0, %max : f32
    %e = math.exp %d : f32
    kernel.yield %e : f32
  }, {
  ^bb0(%x0: f32, %max: f32, %sum: f32, %e: f32):
    %q = arith.divf %e, %sum : f32
    kernel.yield %q : f32
  }
  return
}

// The output has no room for what is reduced: that of the rows in work waits on
// the stack.
// CHECK-LABEL: @to_bytes
// AVX512: %[[KEPT:.+]] = memref.alloca() {{.*}} : memref<64xf32>
// AVX2: %[[KEPT:.+]] = memref.alloca() {{.*}} : memref<32xf32>
// CHECK: scf.for
// CHECK: math.exp
// CHECK: vector.store %{{.+}}, %[[KEPT]]
// CHECK: vector.load %[[KEPT]]
// CHECK-NOT: math.exp
// CHECK: arith.fptoui {{.*}} : vector<16xf32> to vector<16xi8>
// CHECK: return
func.func @to_bytes(%x: memref<8x16xf32>, %y: memref<8x16xi8>) {
  kernel.rowwise ins(%x : memref<8x16xf32>) outs(%y : memref<8x16xi8>)
      attributes {extents = array<i64: 8, 16>, combiners = ["add"],
       input_maps = [affine_map<(i, j) -> (i, j)>], init_map = affine_map<(i, j) -> (i, j)>} {
  ^bb0(%x0: f32):
    %e = math.exp %x0 : f32
    kernel.yield %e : f32
  }, {
  ^bb0(%x0: f32, %sum: f32, %e: f32):
    %q = arith.divf %e, %sum : f32
    %b = arith.fptoui %q : f32 to i8
    kernel.yield %b : i8
  }
  return
}

// Rows that are too long for that are computed again.
// CHECK-LABEL: @long_to_bytes
// CHECK-NOT: memref.alloca
// CHECK: math.exp
// CHECK: scf.for
// CHECK: math.exp
// CHECK: arith.fptoui
// CHECK: return
func.func @long_to_bytes(%x: memref<8x5000xf32>, %y: memref<8x5000xi8>) {
  kernel.rowwise ins(%x : memref<8x5000xf32>) outs(%y : memref<8x5000xi8>)
      attributes {extents = array<i64: 8, 5000>, combiners = ["add"],
       input_maps = [affine_map<(i, j) -> (i, j)>], init_map = affine_map<(i, j) -> (i, j)>} {
  ^bb0(%x0: f32):
    %e = math.exp %x0 : f32
    kernel.yield %e : f32
  }, {
  ^bb0(%x0: f32, %sum: f32, %e: f32):
    %q = arith.divf %e, %sum : f32
    %b = arith.fptoui %q : f32 to i8
    kernel.yield %b : i8
  }
  return
}
