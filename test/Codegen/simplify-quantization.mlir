// RUN: edgec-opt %s --edgec-simplify-quantization=target=x86-64-v3 --edgec-approximate-math=target=x86-64-v3 | FileCheck %s --check-prefixes=CHECK,FMA
// RUN: edgec-opt %s --edgec-simplify-quantization=target=x86-64-v2 --edgec-approximate-math=target=x86-64-v2 | FileCheck %s --check-prefixes=CHECK,DIV

// A quotient that is rounded next: a product and its correction.
// CHECK-LABEL: func.func @quotient
// FMA-NOT: arith.divf
// FMA: arith.mulf
// FMA: math.fma
// FMA: math.fma
// DIV: arith.divf
func.func @quotient(%x: vector<8xf32>) -> vector<8xf32> {
  %step = arith.constant dense<0.0173> : vector<8xf32>
  %q = arith.divf %x, %step {edgec.rounded_quotient = 255 : i64} : vector<8xf32>
  return %q : vector<8xf32>
}

// A quotient that is needed itself.
// CHECK-LABEL: func.func @exact
// CHECK: arith.divf
func.func @exact(%x: vector<8xf32>) -> vector<8xf32> {
  %step = arith.constant dense<0.0173> : vector<8xf32>
  %q = arith.divf %x, %step : vector<8xf32>
  return %q : vector<8xf32>
}

// Quantized with the zero point 3 and dequantized at once.
// CHECK-LABEL: func.func @in_place
// CHECK: %[[SUM:.+]] = arith.addf %{{.+}}, %[[MAGIC:.+]] : vector<8xf32>
// CHECK: %[[R:.+]] = arith.subf %[[SUM]], %[[MAGIC]] : vector<8xf32>
// CHECK: return %[[R]]
func.func @in_place(%x: vector<8xf32>) -> vector<8xf32> {
  %low = arith.constant dense<-3.0> : vector<8xf32>
  %high = arith.constant dense<252.0> : vector<8xf32>
  %magic = arith.constant dense<12582912.0> : vector<8xf32>
  %bits = arith.constant dense<1262485504> : vector<8xi32>
  %zero = arith.constant dense<3> : vector<8xi32>
  %0 = arith.cmpf ogt, %x, %low : vector<8xf32>
  %1 = arith.select %0, %x, %low : vector<8xi1>, vector<8xf32>
  %2 = arith.cmpf olt, %1, %high : vector<8xf32>
  %3 = arith.select %2, %1, %high : vector<8xi1>, vector<8xf32>
  %4 = arith.addf %3, %magic : vector<8xf32>
  %5 = arith.bitcast %4 : vector<8xf32> to vector<8xi32>
  %6 = arith.subi %5, %bits : vector<8xi32>
  %7 = arith.addi %6, %zero : vector<8xi32>
  %8 = arith.trunci %7 : vector<8xi32> to vector<8xi8>
  %9 = arith.extui %8 : vector<8xi8> to vector<8xi32>
  %10 = arith.subi %9, %zero : vector<8xi32>
  %11 = arith.sitofp %10 : vector<8xi32> to vector<8xf32>
  return %11 : vector<8xf32>
}

// The clamp leaves more than eight bits.
// CHECK-LABEL: func.func @wide
// CHECK: arith.trunci
func.func @wide(%x: vector<8xf32>) -> vector<8xf32> {
  %low = arith.constant dense<-4.0> : vector<8xf32>
  %high = arith.constant dense<255.0> : vector<8xf32>
  %magic = arith.constant dense<12582912.0> : vector<8xf32>
  %bits = arith.constant dense<1262485504> : vector<8xi32>
  %0 = arith.cmpf ogt, %x, %low : vector<8xf32>
  %1 = arith.select %0, %x, %low : vector<8xi1>, vector<8xf32>
  %2 = arith.cmpf olt, %1, %high : vector<8xf32>
  %3 = arith.select %2, %1, %high : vector<8xi1>, vector<8xf32>
  %4 = arith.addf %3, %magic : vector<8xf32>
  %5 = arith.bitcast %4 : vector<8xf32> to vector<8xi32>
  %6 = arith.subi %5, %bits : vector<8xi32>
  %7 = arith.trunci %6 : vector<8xi32> to vector<8xi8>
  %8 = arith.extui %7 : vector<8xi8> to vector<8xi32>
  %9 = arith.sitofp %8 : vector<8xi32> to vector<8xf32>
  return %9 : vector<8xf32>
}

// The nearest integer: one conversion on x86.
// CHECK-LABEL: func.func @nearest
// CHECK: llvm.call_intrinsic "llvm.lrint.v8i32.v8f32"
func.func @nearest(%x: vector<8xf32>) -> vector<8xi32> {
  %0 = math.roundeven %x : vector<8xf32>
  %1 = arith.fptosi %0 : vector<8xf32> to vector<8xi32>
  return %1 : vector<8xi32>
}

// Integers of other widths stay.
// CHECK-LABEL: func.func @nearest_wide
// CHECK: arith.fptosi
func.func @nearest_wide(%x: vector<8xf32>) -> vector<8xi64> {
  %0 = math.roundeven %x : vector<8xf32>
  %1 = arith.fptosi %0 : vector<8xf32> to vector<8xi64>
  return %1 : vector<8xi64>
}
