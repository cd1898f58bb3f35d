//===- OutOfScope.cpp - Operators that are not imported, and why ---------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "OperatorTable.h"
#include "edgec/Import/Operators.h"
#include "llvm/ADT/STLExtras.h"

using namespace edgec;

static constexpr llvm::StringLiteral strings =
    "strings are not supported; prepare text outside of the model";
static constexpr llvm::StringLiteral files =
    "files are not decoded; pass the image's pixels to the model";
static constexpr llvm::StringLiteral randomNumbers =
    "random numbers are not supported; make them an input of the model";
static constexpr llvm::StringLiteral training =
    "training is not supported; export the model for inference";
static constexpr llvm::StringLiteral sequences =
    "sequences, maps and optional values are not supported; pass tensors";

static constexpr std::pair<llvm::StringLiteral, llvm::StringLiteral> reasons[] =
    {
        {"Adagrad", training},
        {"Adam", training},
        {"Bernoulli", randomNumbers},
        {"ConcatFromSequence", sequences},
        {"Gradient", training},
        {"ImageDecoder", files},
        {"Momentum", training},
        {"Multinomial", randomNumbers},
        {"Optional", sequences},
        {"OptionalGetElement", sequences},
        {"OptionalHasElement", sequences},
        {"RandomNormal", randomNumbers},
        {"RandomNormalLike", randomNumbers},
        {"RandomUniform", randomNumbers},
        {"RandomUniformLike", randomNumbers},
        {"RegexFullMatch", strings},
        {"SequenceAt", sequences},
        {"SequenceConstruct", sequences},
        {"SequenceEmpty", sequences},
        {"SequenceErase", sequences},
        {"SequenceInsert", sequences},
        {"SequenceLength", sequences},
        {"SequenceMap", sequences},
        {"SplitToSequence", sequences},
        {"StringConcat", strings},
        {"StringNormalizer", strings},
        {"StringSplit", strings},
};

llvm::StringRef onnx_import::reasonOutOfScope(llvm::StringRef name) {
  const auto *found = llvm::find_if(
      reasons, [&](const auto &entry) { return entry.first == name; });
  return found == std::end(reasons) ? "the operator is not supported"
                                    : llvm::StringRef(found->second);
}

std::vector<OmittedOperator> edgec::omittedOperators() {
  std::vector<OmittedOperator> omitted;
  for (const auto &[name, reason] : reasons)
    omitted.push_back({name, reason});
  return omitted;
}
