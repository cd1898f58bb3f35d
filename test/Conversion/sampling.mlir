// RUN: edgec-opt %s --edge-to-linalg --split-input-file | FileCheck %s

// Coordinates first, once for all channels, in floating point as far as it
// goes; then four elements for each of the result.

// CHECK-DAG: #[[$POINT:.*]] = affine_map<(d0, d1, d2, d3) -> (d0, d2, d3)>
// CHECK-DAG: #[[$X:.*]] = affine_map<(d0, d1, d2) -> (d0, d1, d2, 0)>
// CHECK-DAG: #[[$Y:.*]] = affine_map<(d0, d1, d2) -> (d0, d1, d2, 1)>
// CHECK-LABEL: func.func @grid_sample
// CHECK: linalg.generic {indexing_maps = [#[[$Y]], #{{.*}}]{{.*}} ins(%[[GRID:.*]] : tensor<1x6x7x2xf32>) outs(%{{.*}} : tensor<1x6x7xf32>)
// CHECK: linalg.generic {indexing_maps = [#[[$X]], #{{.*}}]
// CHECK: linalg.generic {indexing_maps = [#[[$POINT]], #[[$POINT]], #{{.*}}]{{.*}} outs(%{{.*}} : tensor<1x3x6x7xf32>)
// CHECK-COUNT-4: tensor.extract %{{.*}} : tensor<1x3x4x5xf32>
// CHECK-NOT: tensor.extract
// CHECK: linalg.yield
func.func @grid_sample(%x: tensor<1x3x4x5xf32>, %g: tensor<1x6x7x2xf32>) -> tensor<1x3x6x7xf32> {
  %y = edge.grid_sample %x, %g {mode = #edge.resize_mode<linear>, padding = #edge.grid_padding<border>}
      : (tensor<1x3x4x5xf32>, tensor<1x6x7x2xf32>) -> tensor<1x3x6x7xf32>
  return %y : tensor<1x3x6x7xf32>
}

// -----

// How many samples a bin has is the region's to say.

// CHECK-LABEL: func.func @roi_align
// CHECK: linalg.generic
// CHECK: math.ceil
// CHECK: scf.for
// CHECK: scf.for
// CHECK-COUNT-4: tensor.extract %{{.*}} : tensor<2x3x8x9xf32>
// CHECK: linalg.yield
func.func @roi_align(%x: tensor<2x3x8x9xf32>, %r: tensor<5x4xf32>, %b: tensor<5xi64>) -> tensor<5x3x2x2xf32> {
  %y = edge.roi_align <avg> %x, %r, %b {height = 2 : i64, width = 2 : i64, sampling_ratio = 0 : i64,
      spatial_scale = 1.0 : f64} : (tensor<2x3x8x9xf32>, tensor<5x4xf32>, tensor<5xi64>) -> tensor<5x3x2x2xf32>
  return %y : tensor<5x3x2x2xf32>
}

// -----

// CHECK-LABEL: func.func @det
// CHECK: scf.for %{{.*}} -> (tensor<2xf32>, tensor<3x3xf32>)
// CHECK: arith.divf
func.func @det(%x: tensor<2x3x3xf32>) -> tensor<2xf32> {
  %y = edge.det %x : (tensor<2x3x3xf32>) -> tensor<2xf32>
  return %y : tensor<2xf32>
}

// -----

// The determinant of nothing is the product of nothing.

// CHECK-LABEL: func.func @det_empty
// CHECK-NOT: scf.for
// CHECK: arith.constant 1.0
// CHECK: linalg.fill
func.func @det_empty(%x: tensor<2x0x0xf32>) -> tensor<2xf32> {
  %y = edge.det %x : (tensor<2x0x0xf32>) -> tensor<2xf32>
  return %y : tensor<2xf32>
}

// -----

// The maximum of each window, then the least position that has it; what is
// padded has none.

// CHECK-LABEL: func.func @indices
// CHECK: arith.maximumf
// CHECK: %[[NONE:.*]] = arith.constant 9223372036854775807 : i64
// CHECK: linalg.generic
// CHECK: arith.cmpf oeq
// CHECK: arith.cmpi ult
// CHECK: arith.select %{{.*}}, %{{.*}}, %[[NONE]]
// CHECK: arith.minsi
func.func @indices(%x: tensor<1x2x5x5xf32>) -> (tensor<1x2x3x3xf32>, tensor<1x2x3x3xi64>) {
  %y:2 = edge.max_pool_with_indices %x {kernel = array<i64: 3, 3>, strides = array<i64: 2, 2>,
      dilations = array<i64: 1, 1>, pads = array<i64: 1, 1, 1, 1>}
      : (tensor<1x2x5x5xf32>) -> (tensor<1x2x3x3xf32>, tensor<1x2x3x3xi64>)
  return %y#0, %y#1 : tensor<1x2x3x3xf32>, tensor<1x2x3x3xi64>
}
