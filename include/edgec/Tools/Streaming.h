//===- Streaming.h - Models that keep a state -------------------*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_TOOLS_STREAMING_H
#define EDGEC_TOOLS_STREAMING_H

#include "edgec/Tools/ModelInputs.h"
#include "edgec/Tools/ModelLoader.h"

namespace edgec {

/// Output and input of a model, by number: what one step leaves to the next.
struct StateLink {
  size_t output, input;
};

/// Resolves `OUTPUT=INPUT` arguments against a model's names. Types and shapes
/// of both must be the same, and no input stand twice.
llvm::Expected<std::vector<StateLink>>
parseStateLinks(llvm::ArrayRef<std::string> arguments,
                const EntryPointSpec &entry);

/// A tensor that an input takes step by step: steps along its first axis, or a
/// signal of one axis of which every step takes a piece of the input's size.
class StepSequence {
public:
  /// `hop`: elements from the start of a piece to the start of the next; 0:
  /// those of a piece. `path` is for errors.
  static llvm::Expected<StepSequence> create(Tensor tensor,
                                             const TensorSpec &input,
                                             int64_t hop, llvm::StringRef path);

  /// What is left of a signal that fills no piece is no step.
  int64_t size() const { return count; }
  /// The input of a step, a view of the sequence.
  Tensor at(int64_t index) const;

private:
  Tensor tensor;
  std::vector<int64_t> shape; ///< Of the input.
  int64_t count = 0;
  int64_t stride = 0; ///< In elements.
};

/// What --stream and its like say.
struct StreamOptions {
  std::vector<std::string> steps;  ///< `INPUT=FILE`, one at most.
  std::vector<std::string> states; ///< `OUTPUT=INPUT`
  int64_t hop = 0;
  int64_t limit = 0;
};

/// The same for a model.
struct Stream {
  size_t input;
  StepSequence steps;
  std::vector<StateLink> states;
  int64_t limit = 0;
};

/// Reads the steps. The first one and zeros for states become files of theirs
/// among `files`, one for each input, where these have none.
llvm::Expected<Stream> openStream(const StreamOptions &options,
                                  const EntryPointSpec &entry,
                                  std::vector<InputFile> &files);

/// Zeros for the states that no file gives.
void addStates(llvm::ArrayRef<StateLink> states, const EntryPointSpec &entry,
               std::vector<InputFile> &files);

/// Runs `model` for each step, at most `limit` of them (0: all). `inputs` are
/// those of the first step. Returns the outputs of all steps, stacked along a
/// new first axis.
llvm::Expected<std::vector<Tensor>>
runSteps(RunnableModel &model, std::vector<Tensor> inputs, size_t streamed,
         const StepSequence &steps, llvm::ArrayRef<StateLink> states,
         int64_t limit);

} // namespace edgec

#endif // EDGEC_TOOLS_STREAMING_H
