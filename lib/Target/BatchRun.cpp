//===- BatchRun.cpp - Runs of any number of samples -----------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "BatchRun.h"

using namespace edgec;
using namespace llvm;

/// Bytes of a sample; 0 for what every run reads or writes whole.
static uint64_t sampleBytes(const TensorSpec &tensor) {
  if (!tensor.isBatch)
    return 0;
  uint64_t bytes = byteSize(tensor.type);
  for (int64_t extent : drop_begin(tensor.shape))
    bytes *= extent;
  return bytes;
}

void edgec::callForSamples(IRBuilder<> &builder, const EntryPointSpec &entry,
                           Value *samples, ArrayRef<Value *> buffers,
                           Value *arena, Value *context) {
  BasicBlock *before = builder.GetInsertBlock();
  Function *run = before->getParent();
  Module &module = *run->getParent();
  auto addBlock = [&](const Twine &name) {
    return BasicBlock::Create(run->getContext(), name, run);
  };
  Type *sizeType = samples->getType();
  SmallVector<uint64_t> strides;
  for (const TensorSpec &input : entry.inputs)
    strides.push_back(sampleBytes(input));
  for (const TensorSpec &output : entry.outputs)
    strides.push_back(sampleBytes(output));

  SmallVector<BatchVariant> variants{{entry.maxBatch, entry.symbol}};
  append_range(variants, entry.variants);
  Value *done = ConstantInt::get(sizeType, 0);
  for (const BatchVariant &variant : variants) {
    // while (samples - done >= variant.samples)
    BasicBlock *test = addBlock("test"), *body = addBlock("batch"),
               *next = addBlock("next");
    builder.CreateBr(test);
    builder.SetInsertPoint(test);
    PHINode *first = builder.CreatePHI(sizeType, 2, "first");
    first->addIncoming(done, before);
    builder.CreateCondBr(
        builder.CreateICmpUGE(builder.CreateSub(samples, first),
                              ConstantInt::get(sizeType, variant.samples)),
        body, next);

    builder.SetInsertPoint(body);
    SmallVector<Value *> arguments;
    for (auto [buffer, stride] : zip_equal(buffers, strides))
      arguments.push_back(
          stride == 0 ? buffer
                      : builder.CreateInBoundsGEP(
                            builder.getInt8Ty(), buffer,
                            builder.CreateMul(
                                first, ConstantInt::get(sizeType, stride))));
    arguments.append({arena, context});
    builder.CreateCall(module.getFunction(variant.symbol), arguments);
    first->addIncoming(
        builder.CreateAdd(first, ConstantInt::get(sizeType, variant.samples)),
        body);
    builder.CreateBr(test);

    builder.SetInsertPoint(next);
    before = next;
    done = first;
  }
}

void edgec::renumberLayers(Module &module, const EntryPointSpec &entry) {
  Function *trace = module.getFunction(traceSymbol);
  if (!trace)
    return;
  uint64_t before = entry.layers.size();
  for (const BatchVariant &variant : entry.variants)
    before -= variant.numLayers;
  DenseMap<Function *, uint64_t> firstLayer;
  for (const BatchVariant &variant : entry.variants) {
    firstLayer[module.getFunction(variant.symbol)] = before;
    before += variant.numLayers;
  }
  for (User *user : trace->users()) {
    auto *call = dyn_cast<CallInst>(user);
    auto found = call ? firstLayer.find(call->getFunction()) : firstLayer.end();
    if (found == firstLayer.end())
      continue;
    auto *layer = cast<ConstantInt>(call->getArgOperand(1));
    call->setArgOperand(
        1, ConstantInt::get(layer->getType(),
                            layer->getZExtValue() + found->second));
  }
}
