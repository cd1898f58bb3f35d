//===- TargetOptions.cpp - Which machine to compile for -------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "edgec/Target/CPU/TargetOptions.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/MC/MCSubtargetInfo.h"
#include "llvm/MC/TargetRegistry.h"
#include "llvm/Support/TargetSelect.h"
#include "llvm/TargetParser/Host.h"
#include "llvm/TargetParser/Triple.h"
#include <mutex>

using namespace edgec;
using llvm::createStringError;
using llvm::Error;
using llvm::Expected;
using llvm::StringRef;

namespace {

constexpr StringRef linuxX86 = "x86_64-unknown-linux-gnu";
constexpr StringRef linuxAArch64 = "aarch64-unknown-linux-gnu";

constexpr TargetAlias aliases[] = {
    {"host", "", "", "", "this machine: its CPU and every feature it reports"},
    {"x86-64-v2", linuxX86, "x86-64-v2", "", "SSE4.2; no FMA"},
    {"x86-64-v3", linuxX86, "x86-64-v3", "", "AVX2 and FMA (2013 and later)"},
    {"x86-64-v4", linuxX86, "x86-64-v4", "", "AVX512 F, BW, CD, DQ, VL"},
    {"x86-64-v4-vnni", linuxX86, "x86-64-v4", "+avx512vnni",
     "the same with 8-bit dot products (Cascade Lake, Zen 4 and later)"},
    {"aarch64", linuxAArch64, "generic", "", "Armv8-A with Advanced SIMD"},
    {"aarch64-dotprod", linuxAArch64, "generic", "+dotprod",
     "the same with sdot and udot (Cortex-A55, A76 and later)"},
    {"aarch64-i8mm", linuxAArch64, "generic", "+dotprod,+i8mm",
     "the same with smmla (Cortex-A510, Neoverse V1, Apple M2 and later)"},
};

void initializeBackends() {
  static std::once_flag once;
  std::call_once(once, [] {
    LLVMInitializeX86TargetInfo();
    LLVMInitializeX86Target();
    LLVMInitializeX86TargetMC();
    LLVMInitializeX86AsmPrinter();
    LLVMInitializeAArch64TargetInfo();
    LLVMInitializeAArch64Target();
    LLVMInitializeAArch64TargetMC();
    LLVMInitializeAArch64AsmPrinter();
  });
}

const TargetAlias *findAlias(StringRef name) {
  const auto *found = llvm::find_if(
      aliases, [&](const TargetAlias &alias) { return alias.name == name; });
  return found == std::end(aliases) ? nullptr : found;
}

std::string hostTriple() {
  return llvm::Triple::normalize(llvm::sys::getProcessTriple());
}

/// Every feature that the host reports, on or off, in a fixed order: a CPU's
/// name promises more than a virtual machine may let through.
std::string hostFeatures() {
  std::vector<std::string> features;
  for (const auto &feature : llvm::sys::getHostCPUFeatures())
    features.push_back((feature.second ? "+" : "-") + feature.first().str());
  llvm::sort(features, [](StringRef a, StringRef b) {
    return a.drop_front() < b.drop_front();
  });
  return llvm::join(features, ",");
}

Error unknownTarget(StringRef name) {
  std::vector<StringRef> names;
  for (const TargetAlias &alias : aliases)
    names.push_back(alias.name);
  return createStringError(
      "unknown target '" + name.str() + "': use one of " +
      llvm::join(names, ", ") +
      ", or the LLVM triple of a 64-bit x86 or Arm machine with ELF objects, "
      "such as aarch64-unknown-linux-gnu");
}

/// The LLVM target of a triple that edgec generates code for.
Expected<const llvm::Target *> lookupTarget(StringRef name,
                                            const llvm::Triple &triple) {
  initializeBackends();
  bool supported =
      (triple.getArch() == llvm::Triple::x86_64 && !triple.isX32()) ||
      triple.getArch() == llvm::Triple::aarch64;
  if (!supported || !triple.isOSBinFormatELF())
    return unknownTarget(name);
  std::string message;
  const llvm::Target *target =
      llvm::TargetRegistry::lookupTarget(triple.str(), message);
  if (!target)
    return unknownTarget(name);
  return target;
}

std::unique_ptr<llvm::MCSubtargetInfo>
createSubtarget(const llvm::Target &target, const TargetDescription &desc) {
  return std::unique_ptr<llvm::MCSubtargetInfo>(
      target.createMCSubtargetInfo(desc.triple, desc.cpu, desc.features));
}

std::vector<std::string> cpuNames(const llvm::MCSubtargetInfo &subtarget) {
  std::vector<std::string> names;
  for (const auto &cpu : subtarget.getAllProcessorDescriptions())
    names.push_back(cpu.Key);
  return names;
}

/// The name nearest to a misspelt one, or nothing near enough.
StringRef nearest(StringRef name, llvm::ArrayRef<std::string> names) {
  constexpr unsigned maxDistance = 3;
  unsigned best = maxDistance + 1;
  StringRef result;
  for (const std::string &candidate : names) {
    unsigned distance = name.edit_distance(candidate, true, best);
    if (distance < best) {
      best = distance;
      result = candidate;
    }
  }
  return result;
}

std::string suggestion(StringRef name, llvm::ArrayRef<std::string> names) {
  StringRef near = nearest(name, names);
  return near.empty() ? "" : "; did you mean '" + near.str() + "'?";
}

/// LLVM prints a warning and goes on where a name is unknown to it, so names
/// are checked against a neutral subtarget before a real one is made.
Error checkNames(const llvm::Target &target, const TargetDescription &desc) {
  std::unique_ptr<llvm::MCSubtargetInfo> neutral(
      target.createMCSubtargetInfo(desc.triple, "", ""));
  if (!neutral->isCPUStringValid(desc.cpu)) {
    std::vector<std::string> names = cpuNames(*neutral);
    return createStringError("unknown CPU '" + desc.cpu + "' for " +
                             desc.triple + suggestion(desc.cpu, names) +
                             "; known are " + llvm::join(names, ", "));
  }
  std::vector<std::string> known;
  for (const auto &feature : neutral->getAllProcessorFeatures())
    known.push_back(feature.Key);
  for (StringRef feature : llvm::split(desc.features, ',')) {
    if (feature.empty())
      continue;
    if (!feature.starts_with("+") && !feature.starts_with("-"))
      return createStringError("feature '" + feature.str() +
                               "' must start with + or -");
    if (!llvm::is_contained(known, feature.drop_front()))
      return createStringError(
          "unknown feature '" + feature.drop_front().str() + "' for " +
          desc.triple + suggestion(feature.drop_front(), known) +
          "; `llc-19 -mtriple=" + desc.triple + " -mattr=help` lists them");
  }
  return Error::success();
}

Error tooOld(const TargetDescription &desc, StringRef needs) {
  return createStringError("CPU '" + desc.cpu + "' with features '" +
                           desc.features + "' lacks " + needs.str() +
                           ", which edgec's code needs");
}

Error describeX86(TargetDescription &desc, const llvm::MCSubtargetInfo &has) {
  // The instruction selector aborts on a 32-bit CPU in 64-bit mode, and
  // rounding needs a library call before SSE4.1.
  if (!has.checkFeatures("+64bit"))
    return tooOld(desc, "64-bit mode");
  if (!has.checkFeatures("+sse4.2"))
    return tooOld(desc, "SSE4.2 (x86-64-v2)");
  desc.hasF16Convert = has.checkFeatures("+f16c");
  if (has.checkFeatures("+avx512f,+avx512bw,+avx512dq,+avx512vl,+fma")) {
    desc.isa = VectorIsa::Avx512;
    desc.registerBytes = 64;
    desc.registerCount = 32;
    desc.hasFma = true;
    desc.hasVnni = has.checkFeatures("+avx512vnni");
    desc.hasVbmi = has.checkFeatures("+avx512vbmi");
  } else if (has.checkFeatures("+avx2,+fma")) {
    desc.isa = VectorIsa::Avx2;
    desc.registerBytes = 32;
    desc.hasFma = true;
    desc.hasVnni = has.checkFeatures("+avxvnni");
  }
  return Error::success();
}

Error describeAArch64(TargetDescription &desc,
                      const llvm::MCSubtargetInfo &has) {
  if (!has.checkFeatures("+neon"))
    return tooOld(desc, "Advanced SIMD (NEON)");
  desc.isa = VectorIsa::Neon;
  desc.registerCount = 32;
  desc.hasFma = true;
  desc.hasF16Convert = true;
  desc.hasDotProd = has.checkFeatures("+dotprod");
  desc.hasI8mm = has.checkFeatures("+i8mm");
  return Error::success();
}

/// The triple that --target stands for.
std::string tripleOf(StringRef target) {
  if (const TargetAlias *alias = findAlias(target))
    return alias->triple.empty() ? hostTriple() : alias->triple.str();
  return llvm::Triple::normalize(target);
}

/// Fills in CPU and features: the alias's, then the user's on top.
void chooseCpu(TargetDescription &desc, const TargetOptions &options) {
  const TargetAlias *alias = findAlias(options.target);
  bool isHost = (alias && alias->triple.empty() && options.cpu.empty()) ||
                ((options.cpu == "host" || options.cpu == "native") &&
                 llvm::Triple(desc.triple).getArch() ==
                     llvm::Triple(hostTriple()).getArch());
  if (isHost) {
    desc.cpu = llvm::sys::getHostCPUName().str();
    desc.features = hostFeatures();
  } else if (!options.cpu.empty()) {
    desc.cpu = options.cpu;
  } else if (alias) {
    desc.cpu = alias->cpu.str();
  } else {
    desc.cpu = llvm::Triple(desc.triple).isX86() ? "x86-64-v2" : "generic";
  }
  // An alias's features are its meaning: they hold for another CPU too.
  if (alias && !alias->features.empty())
    desc.features = alias->features.str();
  desc.display = alias && alias->cpu == desc.cpu ? desc.name : desc.cpu;
  if (options.features.empty())
    return;
  desc.display += "," + options.features;
  desc.features += (desc.features.empty() ? "" : ",") + options.features;
}

} // namespace

StringRef edgec::name(VectorIsa isa) {
  switch (isa) {
  case VectorIsa::X86V2:
    return "sse4.2";
  case VectorIsa::Avx2:
    return "avx2";
  case VectorIsa::Avx512:
    return "avx512";
  case VectorIsa::Neon:
    return "neon";
  }
  llvm_unreachable("unknown vector ISA");
}

llvm::ArrayRef<TargetAlias> edgec::targetAliases() { return aliases; }

Expected<std::vector<std::string>> edgec::knownCpus(StringRef target) {
  std::string triple = tripleOf(target);
  Expected<const llvm::Target *> llvmTarget =
      lookupTarget(target, llvm::Triple(triple));
  if (!llvmTarget)
    return llvmTarget.takeError();
  std::unique_ptr<llvm::MCSubtargetInfo> neutral(
      (*llvmTarget)->createMCSubtargetInfo(triple, "", ""));
  return cpuNames(*neutral);
}

Expected<TargetDescription> edgec::resolveTarget(const TargetOptions &options) {
  TargetDescription desc;
  desc.name = options.target;
  desc.threadGrain = options.threadGrain;
  desc.triple = tripleOf(options.target);
  Expected<const llvm::Target *> target =
      lookupTarget(options.target, llvm::Triple(desc.triple));
  if (!target)
    return target.takeError();
  chooseCpu(desc, options);
  if (Error error = checkNames(**target, desc))
    return std::move(error);
  std::unique_ptr<llvm::MCSubtargetInfo> subtarget =
      createSubtarget(**target, desc);
  Error error = llvm::Triple(desc.triple).isX86()
                    ? describeX86(desc, *subtarget)
                    : describeAArch64(desc, *subtarget);
  if (error)
    return std::move(error);
  return desc;
}

Expected<std::unique_ptr<llvm::TargetMachine>>
edgec::createTargetMachine(const TargetDescription &desc) {
  Expected<const llvm::Target *> target =
      lookupTarget(desc.name, llvm::Triple(desc.triple));
  if (!target)
    return target.takeError();
  llvm::TargetOptions options;
  options.AllowFPOpFusion = llvm::FPOpFusion::Strict;
  std::unique_ptr<llvm::TargetMachine> machine((*target)->createTargetMachine(
      desc.triple, desc.cpu, desc.features, options, llvm::Reloc::PIC_,
      llvm::CodeModel::Small, llvm::CodeGenOptLevel::Default));
  if (!machine)
    return createStringError("LLVM has no code generator for " + desc.triple);
  return machine;
}
