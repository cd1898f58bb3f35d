//===- MachineCodeTest.cpp - What LLVM may and may not do to the code -----===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "edgec/Target/CPU/MachineCode.h"
#include "TestModel.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/AsmParser/Parser.h"
#include "llvm/Support/SourceMgr.h"
#include "gmock/gmock.h"

using namespace edgec;
using namespace edgec::test;
using testing::HasSubstr;
using testing::Not;

namespace {

std::string assemblyOf(llvm::StringRef ir, llvm::StringRef targetName) {
  llvm::LLVMContext context;
  llvm::SMDiagnostic diagnostic;
  auto module = llvm::parseAssemblyString(ir, diagnostic, context);
  if (!module) {
    ADD_FAILURE() << diagnostic.getMessage().str();
    return "";
  }
  auto machine = llvm::cantFail(createTargetMachine(target(targetName)));
  prepareModule(*module, *machine, "test");
  expectSuccess(optimizeModule(*module, *machine));
  llvm::SmallString<0> text;
  llvm::raw_svector_ostream os(text);
  expectSuccess(emitMachineCode(*module, *machine,
                                llvm::CodeGenFileType::AssemblyFile, os));
  return std::string(text);
}

constexpr const char *mulAdd = R"(
define float @f(float %a, float %b, float %c) {
  %m = fmul float %a, %b
  %s = fadd float %m, %c
  ret float %s
})";

constexpr const char *fma = R"(
declare float @llvm.fma.f32(float, float, float)
define float @f(float %a, float %b, float %c) {
  %s = call float @llvm.fma.f32(float %a, float %b, float %c)
  ret float %s
})";

TEST(MachineCode, FusesOnlyWhatIsFusedInTheIr) {
  for (const char *machine : {"x86-64-v3", "x86-64-v4"}) {
    EXPECT_THAT(assemblyOf(mulAdd, machine), Not(HasSubstr("vfmadd")));
    EXPECT_THAT(assemblyOf(fma, machine), HasSubstr("vfmadd"));
  }
  EXPECT_THAT(assemblyOf(mulAdd, "aarch64"), Not(HasSubstr("fmadd")));
  EXPECT_THAT(assemblyOf(fma, "aarch64"), HasSubstr("fmadd"));
}

/// A loop of scalar code stays one: vectorisation has been done before.
TEST(MachineCode, DoesNotVectorise) {
  std::string text = assemblyOf(R"(
define void @f(ptr noalias %in, ptr noalias %out) {
entry:
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %loop ]
  %from = getelementptr float, ptr %in, i64 %i
  %to = getelementptr float, ptr %out, i64 %i
  %x = load float, ptr %from
  %y = fmul float %x, %x
  store float %y, ptr %to
  %next = add i64 %i, 1
  %done = icmp eq i64 %next, 4096
  br i1 %done, label %exit, label %loop
exit:
  ret void
})",
                                "x86-64-v4");
  EXPECT_THAT(text, HasSubstr("vmulss"));
  EXPECT_THAT(text, Not(HasSubstr("vmulps")));
}

TEST(MachineCode, UsesTheWholeWidthOfAvx512) {
  std::string text = assemblyOf(R"(
define void @f(ptr %p) {
  %x = load <16 x float>, ptr %p, align 4
  %y = fadd <16 x float> %x, %x
  store <16 x float> %y, ptr %p, align 4
  ret void
})",
                                "x86-64-v4");
  EXPECT_THAT(text, HasSubstr("%zmm"));
}

TEST(MachineCode, InventsNoCallsButMemoryFunctions) {
  // A libc that is recognised would turn this into exp2f or ldexpf.
  std::string text = assemblyOf(R"(
declare float @powf(float, float)
define float @f(float %x) {
  %y = call float @powf(float 2.0, float %x)
  ret float %y
}
define void @clear(ptr %p) {
entry:
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %loop ]
  %to = getelementptr i8, ptr %p, i64 %i
  store i8 0, ptr %to
  %next = add i64 %i, 1
  %done = icmp eq i64 %next, 4096
  br i1 %done, label %exit, label %loop
exit:
  ret void
})",
                                "x86-64-v3");
  EXPECT_THAT(text, HasSubstr("powf"));
  EXPECT_THAT(text, Not(HasSubstr("exp2f")));
  EXPECT_THAT(text, HasSubstr("memset"));
}

/// One kernel for several layers of a shape: not a copy for each one's weights.
TEST(MachineCode, DoesNotSpecialiseSharedKernels) {
  std::string text = assemblyOf(R"(
@weights = external hidden constant i8
define internal void @kernel(ptr %x, ptr %w, ptr %y, i64 %n) noinline {
entry:
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %loop ]
  %px = getelementptr <8 x float>, ptr %x, i64 %i
  %pw = getelementptr <8 x float>, ptr %w, i64 %i
  %py = getelementptr <8 x float>, ptr %y, i64 %i
  %a = load <8 x float>, ptr %px
  %b = load <8 x float>, ptr %pw
  %c = fmul <8 x float> %a, %b
  store <8 x float> %c, ptr %py
  %next = add i64 %i, 1
  %done = icmp eq i64 %next, %n
  br i1 %done, label %exit, label %loop
exit:
  ret void
}
define void @f(ptr %x, ptr %y) {
  call void @kernel(ptr %x, ptr @weights, ptr %y, i64 16)
  call void @kernel(ptr %y, ptr getelementptr (i8, ptr @weights, i64 4096), ptr %x, i64 32)
  call void @kernel(ptr %x, ptr getelementptr (i8, ptr @weights, i64 8192), ptr %y, i64 64)
  ret void
})",
                                "x86-64-v3");
  EXPECT_THAT(text, HasSubstr("\nkernel:"));
  EXPECT_THAT(text, Not(HasSubstr("kernel.specialized")));
}

TEST(MachineCode, AnInvalidModuleIsAnError) {
  llvm::LLVMContext context;
  llvm::Module module("bad", context);
  auto *function = llvm::Function::Create(
      llvm::FunctionType::get(llvm::Type::getVoidTy(context), false),
      llvm::GlobalValue::ExternalLinkage, "f", module);
  llvm::BasicBlock::Create(context, "no_terminator", function);
  auto machine = llvm::cantFail(createTargetMachine(target("x86-64-v3")));
  EXPECT_THAT(messageOf(optimizeModule(module, *machine)),
              HasSubstr("invalid LLVM module"));
}

} // namespace
