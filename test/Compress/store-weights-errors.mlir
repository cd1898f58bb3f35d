// RUN: edgec-opt %s --edge-store-weights --split-input-file --verify-diagnostics
// RUN: not edgec-opt %s --edge-store-weights=type=f8 2>&1 | FileCheck %s
// RUN: edgec-opt %s --edge-store-weights=type=bf16 --split-input-file | FileCheck %s --check-prefix=BF16

// CHECK: weights cannot be stored as 'f8': use type=f16 or type=bf16

// BF16-LABEL: func.func @overflow
// BF16: tensor<2x1xbf16>
func.func @overflow(%x: tensor<1x2xf32>) -> tensor<1x1xf32> {
  %w = edge.constant dense<[[1.0], [-65520.0]]> : tensor<2x1xf32>
  // expected-error @+1 {{'matmul' has the weight -6.552000e+04, which is infinite in f16; store weights as bf16, with --weights=bf16}}
  %y = edge.matmul %x, %w : (tensor<1x2xf32>, tensor<2x1xf32>) -> tensor<1x1xf32>
  return %y : tensor<1x1xf32>
}
