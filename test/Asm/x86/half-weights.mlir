// RUN: edgec-opt %s -edgec-vectorize=target=x86-64-v4 -canonicalize -edgec-llvm-pipeline | mlir-translate --mlir-to-llvmir \
// RUN:   | llc -O3 -mtriple=x86_64-unknown-linux-gnu -mcpu=x86-64-v4 | FileCheck %s --check-prefix=AVX512
// RUN: edgec-opt %s -edgec-vectorize=target=x86-64-v3 -canonicalize -edgec-llvm-pipeline | mlir-translate --mlir-to-llvmir \
// RUN:   | llc -O3 -mtriple=x86_64-unknown-linux-gnu -mcpu=x86-64-v3 | FileCheck %s --check-prefix=AVX2

// A row times a matrix of f16: weights are widened by their load, in the loop
// and nowhere else.
// AVX512-LABEL: half:
// AVX512-NOT: vcvtph2ps
// AVX512: Inner Loop Header
// AVX512-COUNT-2: vcvtph2ps {{.*}}({{.*}}), %zmm
// AVX512-NOT: (%rsp)
// AVX512: vfmadd231ps {{.*}}%zmm
// AVX512: j{{.*}} .LBB
// AVX512-NOT: vcvtph2ps
// AVX512: retq
// AVX2-LABEL: half:
// AVX2-NOT: vcvtph2ps
// AVX2: Inner Loop Header
// AVX2-COUNT-4: vcvtph2ps {{.*}}({{.*}}), %ymm
// AVX2: j{{.*}} .LBB
// AVX2-NOT: vcvtph2ps
// AVX2: retq
func.func @half(%a: memref<1x63xf32>, %b: memref<1x63x32xf16>, %c: memref<1x32xf32>) {
  kernel.contract ins(%a, %b : memref<1x63xf32>, memref<1x63x32xf16>) outs(%c : memref<1x32xf32>)
    attributes {num_batch = 0 : i64, num_rows = 1 : i64, extents = array<i64: 1, 32, 63>,
      a_map = affine_map<(i, j, k) -> (i, k)>,
      b_map = affine_map<(i, j, k) -> (j floordiv 32, k, j mod 32)>,
      c_map = affine_map<(i, j, k) -> (i, j)>, extra_maps = [], accumulator = f32} {
  ^bb0(%acc: f32):
    kernel.yield %acc : f32
  }
  return
}

// bf16 is the upper half of f32: zeros come in below.
// AVX512-LABEL: brain:
// AVX512: Inner Loop Header
// AVX512-COUNT-2: vpmovzxwd {{.*}}({{.*}}), %zmm
// AVX512: j{{.*}} .LBB
// AVX512: retq
// AVX2-LABEL: brain:
// AVX2: Inner Loop Header
// AVX2-COUNT-4: vpmovzxwd {{.*}}({{.*}}), %ymm
// AVX2: j{{.*}} .LBB
// AVX2: retq
func.func @brain(%a: memref<1x63xf32>, %b: memref<1x63x32xbf16>, %c: memref<1x32xf32>) {
  kernel.contract ins(%a, %b : memref<1x63xf32>, memref<1x63x32xbf16>) outs(%c : memref<1x32xf32>)
    attributes {num_batch = 0 : i64, num_rows = 1 : i64, extents = array<i64: 1, 32, 63>,
      a_map = affine_map<(i, j, k) -> (i, k)>,
      b_map = affine_map<(i, j, k) -> (j floordiv 32, k, j mod 32)>,
      c_map = affine_map<(i, j, k) -> (i, j)>, extra_maps = [], accumulator = f32} {
  ^bb0(%acc: f32):
    kernel.yield %acc : f32
  }
  return
}
