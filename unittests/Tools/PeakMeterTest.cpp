//===- PeakMeterTest.cpp - What a core does at best -----------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "edgec/Tools/PeakMeter.h"
#include "edgec/Codegen/PeakLoop.h"
#include "edgec/Pipelines/Pipelines.h"
#include "edgec/Target/CPU/MachineCode.h"
#include "edgec/Tools/Compiler.h"
#include "llvm/ADT/SmallString.h"
#include <gtest/gtest.h>

using namespace edgec;

namespace {

TargetDescription targetOf(const std::string &name) {
  return llvm::cantFail(resolveTarget({name, "", ""}));
}

/// The instructions of the loop, a line each.
std::string loopOf(const TargetDescription &target, Arithmetic arithmetic) {
  CompilerSession session;
  PeakLoop loop = buildPeakLoop(&session.context(), target, arithmetic);
  EXPECT_NE(loop.macs, 0u);
  auto model = translate(std::move(loop.module), std::move(loop.spec), target);
  if (failed(model)) {
    ADD_FAILURE() << "it does not compile";
    return "";
  }
  auto machine = llvm::cantFail(createTargetMachine(target));
  prepareModule(*model->llvmModule, *machine, "test");
  llvm::cantFail(optimizeModule(*model->llvmModule, *machine));
  llvm::SmallString<0> text;
  llvm::raw_svector_ostream os(text);
  llvm::cantFail(emitMachineCode(*model->llvmModule, *machine,
                                 llvm::CodeGenFileType::AssemblyFile, os));
  // From the label after which the first sum is computed to the jump back.
  llvm::StringRef function = os.str();
  size_t begin = function.find("\n.LBB0_1:");
  size_t end = function.find(".LBB0_1\n", begin);
  EXPECT_TRUE(begin < end && end != llvm::StringRef::npos) << function.str();
  return function.slice(begin, end).str();
}

struct Expected {
  const char *target;
  Arithmetic arithmetic;
  const char *instruction; ///< The one that multiplies.
  size_t perSum;           ///< How many of them an accumulator takes.
};

const Expected expected[] = {
    {"x86-64-v2", Arithmetic::F32, "mulps", 1},
    {"x86-64-v3", Arithmetic::F32, "vfmadd231ps", 1},
    {"x86-64-v4", Arithmetic::F32, "vfmadd231ps", 1},
    {"aarch64", Arithmetic::F32, "fmla", 1},
    {"x86-64-v2", Arithmetic::Int8, "pmaddwd", 2},
    {"x86-64-v3", Arithmetic::Int8, "vpmaddwd", 2},
    {"x86-64-v4", Arithmetic::Int8, "vpmaddwd", 2},
    {"x86-64-v4-vnni", Arithmetic::Int8, "vpdpbusd", 1},
    {"aarch64-dotprod", Arithmetic::Int8, "sdot", 1},
    {"aarch64-i8mm", Arithmetic::Int8, "smmla", 1},
};

// Every sum is there, none has been merged with another or moved out, and
// nothing goes through memory.
TEST(PeakLoop, HoldsNothingButProducts) {
  for (const Expected &entry : expected) {
    SCOPED_TRACE(entry.target);
    TargetDescription target = targetOf(entry.target);
    std::string loop = loopOf(target, entry.arithmetic);
    llvm::StringRef text = loop;
    size_t sums = target.registerCount - 6;
    size_t products = text.count(entry.instruction);
    EXPECT_GT(products, 0u) << loop;
    EXPECT_EQ(products % (sums * entry.perSum), 0u) << loop;
    EXPECT_EQ(text.count("sp)"), 0u) << loop; // x86: (%rsp)
    EXPECT_EQ(text.count("[sp"), 0u) << loop; // AArch64: [sp, #16]
  }
}

TEST(PeakMeter, MeasuresThisMachine) {
  for (Arithmetic arithmetic : {Arithmetic::F32, Arithmetic::Int8}) {
    auto meter = PeakMeter::create(targetOf("host"), arithmetic);
    ASSERT_TRUE(static_cast<bool>(meter)) << llvm::toString(meter.takeError());
    EXPECT_EQ(meter->macRate(), 0);
    ASSERT_FALSE(meter->measure(/*milliseconds=*/1));
    EXPECT_GT(meter->macRate(), 0);
    double first = meter->macRate();
    ASSERT_FALSE(meter->measure(/*milliseconds=*/1));
    EXPECT_GE(meter->macRate(), first); // The best counts.
  }
}

TEST(PeakMeter, FindsTheTargetOfAnArtefact) {
  for (const TargetOptions &options :
       {TargetOptions{"x86-64-v4", "", ""},
        TargetOptions{"x86-64-v4", "", "+avx512vnni"},
        TargetOptions{"x86-64-v3", "cascadelake", ""},
        TargetOptions{"x86-64-v3", "cascadelake", "-avx512vnni,-fma"},
        TargetOptions{"aarch64-i8mm", "", ""}}) {
    TargetDescription target = llvm::cantFail(resolveTarget(options));
    SCOPED_TRACE(target.display);
    TargetDescription found =
        llvm::cantFail(resolveDisplayName(target.triple, target.displayName()));
    EXPECT_EQ(found.triple, target.triple);
    EXPECT_EQ(found.cpu, target.cpu);
    EXPECT_EQ(found.hasVnni, target.hasVnni);
    EXPECT_EQ(found.hasFma, target.hasFma);
    EXPECT_EQ(found.hasI8mm, target.hasI8mm);
    EXPECT_EQ(found.isa, target.isa);
  }
  auto unknown = resolveDisplayName("x86_64-unknown-linux-gnu", "abacus");
  EXPECT_FALSE(static_cast<bool>(unknown));
  llvm::consumeError(unknown.takeError());
}

} // namespace
