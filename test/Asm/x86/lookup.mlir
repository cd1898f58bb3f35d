// RUN: edgec-opt %s -edgec-vectorize=target=x86-64-v4 "-edgec-approximate-math=target=x86-64-v4 features=+avx512vbmi" -canonicalize -cse -edgec-llvm-pipeline \
// RUN:   | mlir-translate --mlir-to-llvmir | llc -O3 -mtriple=x86_64-unknown-linux-gnu -mcpu=x86-64-v4 -mattr=+avx512vbmi \
// RUN:   | FileCheck %s --check-prefix=VBMI
// RUN: edgec-opt %s -edgec-vectorize=target=x86-64-v4 -edgec-approximate-math=target=x86-64-v4 -canonicalize -cse -edgec-llvm-pipeline \
// RUN:   | mlir-translate --mlir-to-llvmir | llc -O3 -mtriple=x86_64-unknown-linux-gnu -mcpu=x86-64-v4 \
// RUN:   | FileCheck %s --check-prefix=AVX512
// RUN: edgec-opt %s -edgec-vectorize=target=x86-64-v3 -edgec-approximate-math=target=x86-64-v3 -canonicalize -cse -edgec-llvm-pipeline \
// RUN:   | mlir-translate --mlir-to-llvmir | llc -O3 -mtriple=x86_64-unknown-linux-gnu -mcpu=x86-64-v3 \
// RUN:   | FileCheck %s --check-prefix=AVX2

// A table of bytes is read by permutations, 64 or 32 bytes at a time; the whole
// of it stays in registers where there are 32 of them.

// VBMI-LABEL: lookup:
// VBMI: [[LOOP:.LBB[0-9_]+]]:
// VBMI-NOT: {{gather|pextrb|pinsrb|%rsp}}
// VBMI-COUNT-2: vperm{{[it]}}2b {{.*}}%zmm
// VBMI-NOT: {{vperm|gather|pextrb|pinsrb|%rsp}}
// VBMI: j{{.*}} [[LOOP]]
// VBMI: retq

// AVX512-LABEL: lookup:
// AVX512: [[LOOP:.LBB[0-9_]+]]:
// AVX512-NOT: {{gather|pextrb|pinsrb|%rsp}}
// AVX512-COUNT-16: vpshufb {{.*}}%zmm
// AVX512-NOT: {{vpshufb|gather|pextrb|pinsrb|%rsp}}
// AVX512: j{{.*}} [[LOOP]]
// AVX512: retq

// AVX2-LABEL: lookup:
// AVX2: [[LOOP:.LBB[0-9_]+]]:
// AVX2-NOT: {{gather|pextrb|pinsrb}}
// AVX2-COUNT-32: vpshufb {{.*}}%ymm
// AVX2-NOT: {{vpshufb|gather|pextrb|pinsrb}}
// AVX2: j{{.*}} [[LOOP]]
// AVX2: retq
func.func @lookup(%x: memref<4096xi8>, %y: memref<4096xi8>) {
  linalg.generic {indexing_maps = [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>], iterator_types = ["parallel"]}
      ins(%x : memref<4096xi8>) outs(%y : memref<4096xi8>) {
  ^bb0(%in: i8, %out: i8):
    %entry = kernel.lookup %in {table = array<i8: -117, -80, -43, -6, 31, 68, 105, -114, -77, -40, -3, 34, 71, 108, -111, -74, -37, 0, 37, 74, 111, -108, -71, -34, 3, 40, 77, 114, -105, -68, -31, 6, 43, 80, 117, -102, -65, -28, 9, 46, 83, 120, -99, -62, -25, 12, 49, 86, 123, -96, -59, -22, 15, 52, 89, 126, -93, -56, -19, 18, 55, 92, -127, -90, -53, -16, 21, 58, 95, -124, -87, -50, -13, 24, 61, 98, -121, -84, -47, -10, 27, 64, 101, -118, -81, -44, -7, 30, 67, 104, -115, -78, -41, -4, 33, 70, 107, -112, -75, -38, -1, 36, 73, 110, -109, -72, -35, 2, 39, 76, 113, -106, -69, -32, 5, 42, 79, 116, -103, -66, -29, 8, 45, 82, 119, -100, -63, -26, 11, 48, 85, 122, -97, -60, -23, 14, 51, 88, 125, -94, -57, -20, 17, 54, 91, -128, -91, -54, -17, 20, 57, 94, -125, -88, -51, -14, 23, 60, 97, -122, -85, -48, -11, 26, 63, 100, -119, -82, -45, -8, 29, 66, 103, -116, -79, -42, -5, 32, 69, 106, -113, -76, -39, -2, 35, 72, 109, -110, -73, -36, 1, 38, 75, 112, -107, -70, -33, 4, 41, 78, 115, -104, -67, -30, 7, 44, 81, 118, -101, -64, -27, 10, 47, 84, 121, -98, -61, -24, 13, 50, 87, 124, -95, -58, -21, 16, 53, 90, 127, -92, -55, -18, 19, 56, 93, -126, -89, -52, -15, 22, 59, 96, -123, -86, -49, -12, 25, 62, 99, -120, -83, -46, -9, 28, 65, 102>} : i8
    linalg.yield %entry : i8
  }
  return
}
