//===- ModelSpec.h - What an artefact tells its callers ---------*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_TARGET_MODELSPEC_H
#define EDGEC_TARGET_MODELSPEC_H

#include "edgec/Support/Tensor.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include <optional>
#include <string>
#include <vector>

namespace edgec {

/// An input or output of an entry point.
struct TensorSpec {
  std::string name; ///< As in the source model; not yet a C identifier.
  ElementType type = ElementType::F32;
  std::vector<int64_t> shape;
  /// Of an output whose shape is the largest that a run may give: the number of
  /// the output, i64 [rank], that tells the true one.
  std::optional<uint32_t> shapeOutput = std::nullopt;
  /// The first dimension holds the samples of a batch; a run may have fewer.
  bool isBatch = false;
};

/// "1x3x8x8", or "1..8x3x8x8" where a run has a number of samples.
std::string formatShape(const TensorSpec &tensor);

/// The shape of a run of `samples`; as it stands for 0, and for what is no
/// batch.
std::vector<int64_t> shapeOfBatch(const TensorSpec &tensor, uint64_t samples);

/// What a layer's multiply-accumulate operations are made of: each has a peak
/// of its own on a machine.
enum class Arithmetic {
  F32,  ///< Products and sums of single precision.
  Int8, ///< Products of bytes, sums of 32 bits.
};

/// "f32", "int8".
llvm::StringRef name(Arithmetic arithmetic);
std::optional<Arithmetic> parseArithmetic(llvm::StringRef name);

/// One layer of the compiled code, for tracing and per-layer reports.
struct LayerSpec {
  std::string name; ///< Node name of the source model.
  std::string kind; ///< e.g. "contract", "depthwise", "elementwise".
  /// Name of the Arithmetic of its multiply-accumulate operations; empty: it
  /// has none, or of other types.
  std::string arithmetic;
  uint64_t macs = 0;
  uint64_t bytes = 0;  ///< Of the operands that it reads and writes.
  uint32_t kernel = 0; ///< Layers with the same number share their code.
};

/// A function that computes a batch of another size than the entry point's
/// shapes say, which any batch is made up of.
struct BatchVariant {
  uint64_t samples = 0;
  std::string symbol;
  uint64_t numLayers = 0; ///< Of the entry point's, after those before it.
};

/// A function that the artefact exports. The code generator defines it in the
/// LLVM module as `symbol`, with one pointer parameter per input, then one per
/// output, then the arena's and the context's, returning nothing. It may rely
/// on every buffer being there, whole and apart from the others, and must not
/// write to inputs: its parameters are given noalias, dereferenceable and
/// (inputs) readonly. An arena of no bytes may be null.
struct EntryPointSpec {
  std::string name = "run";
  std::string symbol = "edgec_entry_run";
  std::vector<TensorSpec> inputs;
  std::vector<TensorSpec> outputs;
  uint64_t arenaSize = 0; ///< Bytes, for any batch; 0: no arena needed.
  uint64_t arenaAlign = 64;
  /// What the compiler knows about the plan; an artefact does not carry it. The
  /// most bytes in use at one time, of which the rest of `arenaSize` is lost
  /// between buffers, and the same without padding and alignment.
  uint64_t arenaLowerBound = 0;
  uint64_t arenaLogicalBound = 0;
  std::vector<LayerSpec> layers;
  /// The most samples of a run; 0: every run has the shapes as they stand. A
  /// run of fewer takes a part of the tensors that are batches.
  uint64_t maxBatch = 0;
  /// In falling order; the entry point's own function, of `maxBatch` samples,
  /// is none of them.
  std::vector<BatchVariant> variants;
};

/// How many samples `inputs` have: as many as the first that is a batch, if the
/// entry point can run so many. 0 where it has none, or cannot.
uint64_t samplesOf(const EntryPointSpec &entry, llvm::ArrayRef<Tensor> inputs);

struct ModelSpec {
  std::string name;   ///< A C identifier: prefix of every exported symbol.
  std::string source; ///< File name of the source model, without its folder.
  std::string sha256; ///< Of the source model, in hexadecimal.
  std::vector<EntryPointSpec> entryPoints;
};

/// Bytes of the weights section, at `offset` from its start. Borrowed: whoever
/// makes the list keeps the bytes alive until the artefact is written.
struct WeightSegment {
  uint64_t offset = 0;
  llvm::ArrayRef<char> bytes;
};

/// The weights section: segments in ascending order of offset, gaps are zero.
struct WeightsSection {
  uint64_t size = 0;
  uint64_t align = 64;
  std::vector<WeightSegment> segments;
};

/// The symbol by which generated code refers to the weights section: an
/// external, undefined global of the LLVM module until the object is written.
/// LLVM never sees the contents.
inline constexpr const char *weightsSymbol = "edgec_weights";

/// void edgec_trace(context, layer index, enter): declared and called by the
/// generated code around each layer, defined when the interface is added. Takes
/// (ptr, i64, i32) and returns nothing.
inline constexpr const char *traceSymbol = "edgec_trace";

/// void edgec_observe(context, point, elements, count): the same for
/// observation points. Takes (ptr, i64, ptr, i64) and returns nothing.
inline constexpr const char *observeSymbol = "edgec_observe";

/// On a function that generated code declares and calls with the context and
/// then a layer's arguments, defined when the interface is added: the symbol of
/// the layer's function, which takes the same arguments and then two i64, the
/// part to do and the number of parts; and the largest number of parts.
inline constexpr const char *parallelAttr = "edgec-parallel";
inline constexpr const char *maxPartsFnAttr = "edgec-max-parts";

} // namespace edgec

#endif // EDGEC_TARGET_MODELSPEC_H
