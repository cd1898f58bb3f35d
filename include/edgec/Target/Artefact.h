//===- Artefact.h - A compiled model, loaded and run ------------*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_TARGET_ARTEFACT_H
#define EDGEC_TARGET_ARTEFACT_H

#include "edgec/Support/Tensor.h"
#include "edgec/Target/ModelSpec.h"
#include "edgec_threads.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/Support/Error.h"
#include <memory>
#include <string>
#include <vector>

namespace edgec {

/// A compiled model in a shared library (.so), loaded into this process. Its
/// arenas belong to this object, so only one thread at a time may run it; open
/// it once for each thread.
class Artefact {
public:
  /// Loads the library at `path`. Fails, saying what to do, where it is not an
  /// edgec artefact, is of another ABI version, or was built for another
  /// machine; no code of it has run then.
  static llvm::Expected<Artefact> open(llvm::StringRef path);

  Artefact(Artefact &&);
  Artefact &operator=(Artefact &&);
  ~Artefact();

  /// What the model says about itself.
  const edgec_model_info &info() const { return *modelInfo; }
  /// The same in the compiler's terms.
  const ModelSpec &spec() const { return modelSpec; }
  uint64_t weightsSize() const { return modelInfo->weights_size; }

  /// Starts threads for the runs that follow, this one's included; 1 ends them.
  llvm::Error useThreads(size_t threads);
  size_t threads() const { return pool ? threadCount : 1; }

  /// The index of the entry point `name`.
  llvm::Expected<unsigned> findEntryPoint(llvm::StringRef name) const;

  /// Zeroed tensors of the types and shapes of an entry point's outputs, for a
  /// run of `samples` (0: the most) where that has a number of samples.
  std::vector<Tensor> makeOutputs(unsigned entryPoint,
                                  uint64_t samples = 0) const;

  /// Runs an entry point. Inputs are checked for number, type and shape; those
  /// that are batches may all have fewer samples than the shape says. The
  /// context, where it has no parallel_for, is lent this object's threads.
  llvm::Expected<std::vector<Tensor>>
  run(unsigned entryPoint, llvm::ArrayRef<Tensor> inputs,
      const edgec_context *context = nullptr);

  /// The same into existing outputs (of makeOutputs), for repeated runs.
  llvm::Error run(unsigned entryPoint, llvm::ArrayRef<Tensor> inputs,
                  llvm::MutableArrayRef<Tensor> outputs,
                  const edgec_context *context = nullptr);

private:
  struct CloseLibrary {
    void operator()(void *handle) const;
  };
  struct FreeArena {
    void operator()(void *arena) const;
  };
  using Arena = std::unique_ptr<void, FreeArena>;
  struct DestroyThreads {
    void operator()(edgec_threads *threads) const;
  };

  Artefact(void *library, const edgec_model_info *info);
  /// The number of samples; 0 where runs have none.
  llvm::Expected<uint64_t> checkInputs(unsigned entryPoint,
                                       llvm::ArrayRef<Tensor> inputs) const;
  llvm::Expected<void *> arenaOf(unsigned entryPoint);

  std::unique_ptr<void, CloseLibrary> library;
  const edgec_model_info *modelInfo;
  ModelSpec modelSpec;
  std::vector<Arena> arenas;
  std::unique_ptr<edgec_threads, DestroyThreads> pool;
  size_t threadCount = 1;
};

} // namespace edgec

#endif // EDGEC_TARGET_ARTEFACT_H
