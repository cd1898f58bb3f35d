// RUN: edgec-opt %s --edge-quantize --split-input-file --verify-diagnostics
// RUN: not edgec-opt %s --edge-quantize=weight-bits=3 --split-input-file 2>&1 | FileCheck %s
// RUN: not edgec-opt %s --edge-quantize=rounding=up --split-input-file 2>&1 | FileCheck %s --check-prefix=ROUNDING
// RUN: not edgec-opt %s --edge-quantize=activations=f16 --split-input-file 2>&1 | FileCheck %s --check-prefix=ACTIVATIONS
// RUN: not edgec-opt %s --edge-quantize=group=32 --split-input-file 2>&1 | FileCheck %s --check-prefix=INTEGERS
// RUN: not edgec-opt %s --edge-quantize="activations=f32 group=6" --split-input-file 2>&1 | FileCheck %s --check-prefix=BYTES
// RUN: not edgec-opt %s --edge-quantize="activations=f32 group=-4" --split-input-file 2>&1 | FileCheck %s --check-prefix=NEGATIVE
// RUN: not edgec-opt %s --edge-quantize="activations=f32 group=32 per-tensor" --split-input-file 2>&1 | FileCheck %s --check-prefix=TENSOR

// CHECK: weights of 3 bits: choose 8, 4 or 2
// ACTIVATIONS: activations cannot be stored as 'f16': use activations=int8, activations=int16 or activations=f32
// INTEGERS: group=32: sums of integers have one scale a channel; use activations=f32 with groups
// BYTES: group=6: scales stand between whole bytes of weights, also of 2 bits; use a multiple of 4
// NEGATIVE: group=-4: scales stand between whole bytes of weights
// TENSOR: group=32: per-tensor is one scale for all groups; leave one of the two out
// ROUNDING: weights cannot be rounded by 'up': use rounding=nearest or rounding=gptq

func.func @no_range(%x: tensor<1x2xf32>) {
  // expected-error @+1 {{has no range yet: calibrate first}}
  edge.observe %x {point = 0 : i64} : tensor<1x2xf32>
  return
}

// -----

func.func @infinite(%x: tensor<1x2xf32>) -> tensor<1x2xf32> {
  %w = edge.constant dense<[[1.0, 0x7F800000], [0.2, 2.0]]> : tensor<2x2xf32>
  edge.observe %x {point = 0 : i64, low = 0.0 : f32, high = 1.0 : f32} : tensor<1x2xf32>
  // expected-error @+1 {{'matmul' has a weight that is not a finite number; keep the layer in float, with --keep-float=matmul}}
  %y = edge.matmul %x, %w : (tensor<1x2xf32>, tensor<2x2xf32>) -> tensor<1x2xf32>
  return %y : tensor<1x2xf32>
}
