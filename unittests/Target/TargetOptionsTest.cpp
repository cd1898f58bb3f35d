//===- TargetOptionsTest.cpp - Resolving targets --------------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "edgec/Target/CPU/TargetOptions.h"
#include "TestModel.h"
#include "gmock/gmock.h"

using namespace edgec;
using namespace edgec::test;
using testing::AllOf;
using testing::HasSubstr;

namespace {

std::string errorOf(TargetOptions options) {
  auto resolved = resolveTarget(options);
  return resolved ? "" : llvm::toString(resolved.takeError());
}

TargetDescription resolve(TargetOptions options) {
  auto resolved = resolveTarget(options);
  if (resolved)
    return *resolved;
  ADD_FAILURE() << llvm::toString(resolved.takeError());
  return {};
}

TEST(TargetOptions, EveryAliasGivesAMachine) {
  for (const TargetAlias &alias : targetAliases()) {
    TargetDescription desc = resolve({alias.name.str(), "", ""});
    auto machine = createTargetMachine(desc);
    ASSERT_TRUE(static_cast<bool>(machine)) << alias.name.str();
    EXPECT_EQ((*machine)->getTargetTriple().str(), desc.triple);
  }
}

TEST(TargetOptions, DescribesX86Registers) {
  TargetDescription v2 = resolve({"x86-64-v2", "", ""});
  EXPECT_EQ(v2.isa, VectorIsa::X86V2);
  EXPECT_EQ(v2.registerBytes, 16u);
  EXPECT_FALSE(v2.hasFma);
  TargetDescription v3 = resolve({"x86-64-v3", "", ""});
  EXPECT_EQ(v3.isa, VectorIsa::Avx2);
  EXPECT_EQ(v3.lanes(32), 8u);
  EXPECT_EQ(v3.registerCount, 16u);
  EXPECT_TRUE(v3.hasFma);
  TargetDescription v4 = resolve({"x86-64-v4", "", ""});
  EXPECT_EQ(v4.isa, VectorIsa::Avx512);
  EXPECT_EQ(v4.registerBytes, 64u);
  EXPECT_EQ(v4.registerCount, 32u);
  EXPECT_FALSE(v4.hasVnni);
}

TEST(TargetOptions, FindsDotProducts) {
  EXPECT_TRUE(resolve({"x86-64-v4-vnni", "", ""}).hasVnni);
  EXPECT_TRUE(resolve({"x86-64-v4", "cascadelake", ""}).hasVnni);
  EXPECT_TRUE(resolve({"x86-64-v4", "", "+avx512vnni"}).hasVnni);
  EXPECT_TRUE(resolve({"x86-64-v3", "alderlake", ""}).hasVnni);
  EXPECT_FALSE(resolve({"aarch64", "", ""}).hasDotProd);
  EXPECT_TRUE(resolve({"aarch64-dotprod", "", ""}).hasDotProd);
  EXPECT_FALSE(resolve({"aarch64-dotprod", "", ""}).hasI8mm);
  EXPECT_TRUE(resolve({"aarch64-i8mm", "", ""}).hasI8mm);
  EXPECT_TRUE(resolve({"aarch64", "neoverse-v1", ""}).hasI8mm);
}

TEST(TargetOptions, TakesTriples) {
  TargetDescription arm = resolve({"aarch64-linux-gnu", "cortex-a76", ""});
  EXPECT_EQ(arm.isa, VectorIsa::Neon);
  EXPECT_EQ(arm.displayName(), "cortex-a76");
  EXPECT_EQ(resolve({"x86_64-linux-musl", "", ""}).isa, VectorIsa::X86V2);
}

TEST(TargetOptions, NamesAnAliasOnlyWhereItIsThatAlias) {
  EXPECT_EQ(resolve({"x86-64-v4", "", ""}).displayName(), "x86-64-v4");
  EXPECT_EQ(resolve({"x86-64-v4", "cascadelake", ""}).displayName(),
            "cascadelake");
  EXPECT_EQ(resolve({"aarch64", "", "+i8mm"}).displayName(), "aarch64,+i8mm");
}

TEST(TargetOptions, UnknownTargetListsTheKnownOnes) {
  EXPECT_THAT(errorOf({"x86-64-v9", "", ""}),
              AllOf(HasSubstr("unknown target 'x86-64-v9'"),
                    HasSubstr("x86-64-v3"), HasSubstr("aarch64-dotprod")));
  for (const char *other : {"", "sparc", "riscv64-linux-gnu", "i686-linux-gnu",
                            "aarch64_be-linux-gnu", "x86_64-windows-msvc",
                            "arm64-apple-macos", "x86_64-linux-gnux32"})
    EXPECT_THAT(errorOf({other, "", ""}), HasSubstr("unknown target")) << other;
}

TEST(TargetOptions, UnknownCpuSuggestsOne) {
  EXPECT_THAT(errorOf({"x86-64-v3", "cascadelak", ""}),
              AllOf(HasSubstr("unknown CPU 'cascadelak'"),
                    HasSubstr("did you mean 'cascadelake'?"),
                    HasSubstr("znver4")));
  EXPECT_THAT(errorOf({"aarch64", "cascadelake", ""}),
              AllOf(HasSubstr("unknown CPU"), HasSubstr("cortex-a55")));
}

TEST(TargetOptions, UnknownFeatureIsAnError) {
  EXPECT_THAT(errorOf({"x86-64-v3", "", "+avx512vni"}),
              HasSubstr("did you mean 'avx512vnni'?"));
  EXPECT_THAT(errorOf({"x86-64-v3", "", "avx2"}),
              HasSubstr("must start with + or -"));
}

TEST(TargetOptions, RefusesCpusThatTheCodeCannotRunOn) {
  EXPECT_THAT(errorOf({"x86-64-v2", "pentium4", ""}), HasSubstr("lacks"));
  EXPECT_THAT(errorOf({"x86-64-v2", "x86-64", ""}), HasSubstr("SSE4.2"));
  EXPECT_THAT(errorOf({"aarch64", "", "-neon"}), HasSubstr("NEON"));
}

TEST(TargetOptions, ListsCpus) {
  auto cpus = knownCpus("aarch64");
  ASSERT_TRUE(static_cast<bool>(cpus));
  EXPECT_THAT(*cpus, testing::Contains("cortex-a55"));
}

} // namespace
