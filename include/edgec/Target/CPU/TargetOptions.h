//===- TargetOptions.h - Which machine to compile for -----------*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// From --target, --cpu and --features to an LLVM target machine and to the few
// facts about vector registers and instructions that the code generator asks.
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_TARGET_CPU_TARGETOPTIONS_H
#define EDGEC_TARGET_CPU_TARGETOPTIONS_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/Support/Error.h"
#include "llvm/Target/TargetMachine.h"
#include <memory>
#include <string>

namespace edgec {

/// The least work, in nanoseconds of one fast core, for which another thread is
/// asked: handing it over takes a few cache misses of 100 ns each.
inline constexpr int64_t defaultThreadGrain = 1000;

/// What the user asks for.
struct TargetOptions {
  std::string target = "host"; ///< An alias, or an LLVM triple.
  std::string cpu;             ///< LLVM's CPU name; empty: the target's own.
  std::string features;        ///< "+avx512vnni,-fma": changes to the CPU's.
  int64_t threadGrain = defaultThreadGrain; ///< Nanoseconds, not negative.
};

/// The vector instruction set that code is generated for. Each has its own row
/// in the code generator's tables; single instructions (VNNI, dot products)
/// are flags of the description.
enum class VectorIsa {
  X86V2,  ///< SSE4.2: 16 registers of 16 bytes, no FMA.
  Avx2,   ///< AVX2 and FMA: 16 registers of 32 bytes.
  Avx512, ///< AVX512 F, BW, DQ and VL: 32 registers of 64 bytes.
  Neon,   ///< Advanced SIMD of AArch64: 32 registers of 16 bytes.
};

/// "sse4.2", "avx2", "avx512", "neon".
llvm::StringRef name(VectorIsa isa);

/// A resolved target.
struct TargetDescription {
  std::string name;     ///< As the user wrote it: "host", "aarch64-dotprod".
  std::string triple;   ///< Normalised LLVM triple.
  std::string cpu;      ///< LLVM's CPU name.
  std::string features; ///< LLVM's feature string, on top of the CPU's.
  std::string display;  ///< See displayName.

  VectorIsa isa = VectorIsa::X86V2;
  unsigned registerBytes = 16; ///< Of a vector register.
  unsigned registerCount = 16; ///< Vector registers.
  bool hasFma = false;         ///< Fused multiply-add of f32 and f64.
  bool hasF16Convert = false;  ///< f16 <-> f32 conversion instructions.
  bool hasVnni = false;        ///< x86: vpdpbusd on registers of full width.
  bool hasDotProd = false;     ///< AArch64: sdot, udot.
  bool hasI8mm = false;        ///< AArch64: smmla, usdot.
  bool hasVbmi = false;        ///< x86: vpermi2b, bytes from 128 of them.
  int64_t threadGrain = defaultThreadGrain; ///< As asked for.

  bool isX86() const { return isa != VectorIsa::Neon; }
  /// Elements of `bits` bits in one vector register.
  unsigned lanes(unsigned bits) const { return registerBytes * 8 / bits; }
  /// The name for headers and reports: the alias, or the CPU where one was
  /// given or found, with the features asked for ("x86-64-v4", "cascadelake",
  /// "x86-64-v4,+avx512vnni").
  llvm::StringRef displayName() const { return display; }
};

/// A name for --target that stands for triple, CPU and features.
struct TargetAlias {
  llvm::StringRef name;
  llvm::StringRef triple;
  llvm::StringRef cpu;
  llvm::StringRef features;
  llvm::StringRef summary; ///< For `edgec targets`.
};

/// All aliases, "host" first (whose triple and CPU are empty).
llvm::ArrayRef<TargetAlias> targetAliases();

/// The CPU names that --cpu takes for `triple` (or an alias), sorted.
llvm::Expected<std::vector<std::string>> knownCpus(llvm::StringRef target);

/// Resolves what the user asked for. An unknown target, CPU or feature, or a
/// machine that edgec has no code generator for, is an error that lists what
/// there is.
llvm::Expected<TargetDescription> resolveTarget(const TargetOptions &options);

/// LLVM's machine for a resolved target: position-independent, never
/// contracting a multiplication and an addition on its own.
llvm::Expected<std::unique_ptr<llvm::TargetMachine>>
createTargetMachine(const TargetDescription &target);

} // namespace edgec

#endif // EDGEC_TARGET_CPU_TARGETOPTIONS_H
