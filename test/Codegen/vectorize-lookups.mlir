// RUN: edgec-opt %s --edgec-vectorize=target=x86-64-v4 --split-input-file | FileCheck %s

// Rows that are chosen by a table are read in vectors: no lane has an index of
// its own, and the indices do not make the vectors narrower than the floats do.

// CHECK-LABEL: func.func @rows
// CHECK-NOT: vector.insert
// CHECK: %[[I:.*]] = memref.load %{{.*}} : memref<6xindex>
// CHECK-NOT: vector.insert
// CHECK: vector.load {{.*}} vector<16xf32>
// CHECK-NOT: vector.insert
// CHECK: vector.maskedload {{.*}} vector<16xf32>
// CHECK-NOT: vector.insert
// CHECK: return
func.func @rows(%table: memref<6xindex>, %x: memref<3x45xf32>, %y: memref<6x45xf32>) {
  linalg.generic {indexing_maps = [affine_map<(i, j) -> (i)>, affine_map<(i, j) -> (i, j)>], iterator_types = ["parallel", "parallel"]}
      ins(%table : memref<6xindex>) outs(%y : memref<6x45xf32>) {
  ^bb0(%row: index, %out: f32):
    %j = linalg.index 1 : index
    %e = memref.load %x[%row, %j] : memref<3x45xf32>
    linalg.yield %e : f32
  }
  return
}

// -----

// Columns that are chosen by a table have an index each.

// CHECK-LABEL: func.func @columns
// CHECK-COUNT-2: memref.load %{{.*}} : memref<45xindex>
// CHECK: vector.insert
// CHECK: return
func.func @columns(%table: memref<45xindex>, %x: memref<6x3xf32>, %y: memref<6x45xf32>) {
  linalg.generic {indexing_maps = [affine_map<(i, j) -> (j)>, affine_map<(i, j) -> (i, j)>], iterator_types = ["parallel", "parallel"]}
      ins(%table : memref<45xindex>) outs(%y : memref<6x45xf32>) {
  ^bb0(%column: index, %out: f32):
    %i = linalg.index 0 : index
    %e = memref.load %x[%i, %column] : memref<6x3xf32>
    linalg.yield %e : f32
  }
  return
}

// -----

// An index that is computed stays in the body.

// CHECK-LABEL: func.func @computed
// CHECK: arith.maxsi {{.*}} : vector<8xindex>
// CHECK: vector.insert
// CHECK: return
func.func @computed(%table: memref<6xindex>, %x: memref<3x45xf32>, %y: memref<6x45xf32>) {
  %zero = arith.constant 0 : index
  linalg.generic {indexing_maps = [affine_map<(i, j) -> (i)>, affine_map<(i, j) -> (i, j)>], iterator_types = ["parallel", "parallel"]}
      ins(%table : memref<6xindex>) outs(%y : memref<6x45xf32>) {
  ^bb0(%row: index, %out: f32):
    %j = linalg.index 1 : index
    %inside = arith.maxsi %row, %zero : index
    %e = memref.load %x[%inside, %j] : memref<3x45xf32>
    linalg.yield %e : f32
  }
  return
}
