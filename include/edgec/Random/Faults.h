//===- Faults.h - Faults that are planted to be found -----------*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A comparison of random graphs is worth what it finds. These change a module
// between two phases of the compiler as a mistake in the phase before would;
// each must be found by some graph.
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_RANDOM_FAULTS_H
#define EDGEC_RANDOM_FAULTS_H

#include "edgec/Pipelines/Pipelines.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"

namespace edgec {

struct PlantedFault {
  llvm::StringLiteral name;
  llvm::StringLiteral summary;
  Phase phase; ///< After which it is planted.
  void (*plant)(mlir::ModuleOp module);
};

llvm::ArrayRef<PlantedFault> plantedFaults();

/// Null if there is none of that name.
const PlantedFault *findPlantedFault(llvm::StringRef name);

} // namespace edgec

#endif // EDGEC_RANDOM_FAULTS_H
