//===- InfoTables.cpp - The constant tables behind NAME_info --------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "InfoTables.h"
#include "Version.h"
#include "edgec.h"
#include "edgec/Target/Interface.h"
#include "llvm/IR/Constants.h"
#include "llvm/IR/DataLayout.h"
#include "llvm/Support/MathExtras.h"
#include "llvm/Transforms/Utils/ModuleUtils.h"

using namespace edgec;
using namespace llvm;

namespace {

/// Builds constants in the layout of the structures of edgec.h: plain C structs
/// of pointers, size_t and integers, so LLVM's own struct layout is C's.
class TableBuilder {
public:
  TableBuilder(Module &module, const TargetDescription &target)
      : module(module), context(module.getContext()), target(target),
        pointer(PointerType::getUnqual(context)),
        sizeType(module.getDataLayout().getIntPtrType(context)) {}

  GlobalVariable *model(const ModelSpec &spec, uint64_t weightsSize,
                        ArrayRef<EntryPointCalls> calls);

private:
  Constant *u32(uint32_t value) {
    return ConstantInt::get(Type::getInt32Ty(context), value);
  }
  Constant *u64(uint64_t value) {
    return ConstantInt::get(Type::getInt64Ty(context), value);
  }
  Constant *size(uint64_t value) { return ConstantInt::get(sizeType, value); }

  GlobalVariable *constant(Constant *value) {
    auto *global = new GlobalVariable(module, value->getType(), true,
                                      GlobalValue::PrivateLinkage, value);
    global->setUnnamedAddr(GlobalValue::UnnamedAddr::Global);
    return global;
  }
  /// A pointer to a zero-terminated string; zeros within `text` end it early.
  Constant *string(StringRef text) {
    return constant(ConstantDataArray::getString(context, text));
  }
  /// A pointer to an array of `elements`; null where there are none.
  Constant *array(ArrayRef<Constant *> elements);
  Constant *structure(ArrayRef<Constant *> fields) {
    return ConstantStruct::getAnon(context, fields);
  }
  uint64_t sizeOf(Constant *value) {
    return module.getDataLayout().getTypeAllocSize(value->getType());
  }
  /// `fields` with the structure's own size as field `index`.
  Constant *sizedStructure(SmallVector<Constant *> fields, unsigned index);

  Constant *tensors(ArrayRef<TensorSpec> specs);
  Constant *shapeOutputs(ArrayRef<TensorSpec> specs);
  Constant *layers(ArrayRef<LayerSpec> specs);
  Constant *batchFlags(const EntryPointSpec &spec);
  Constant *entryPoint(const EntryPointSpec &spec, EntryPointCalls calls);

  Module &module;
  LLVMContext &context;
  const TargetDescription &target;
  PointerType *pointer;
  IntegerType *sizeType;
};

} // namespace

Constant *TableBuilder::array(ArrayRef<Constant *> elements) {
  if (elements.empty())
    return ConstantPointerNull::get(pointer);
  auto *type = ArrayType::get(elements.front()->getType(), elements.size());
  return constant(ConstantArray::get(type, elements));
}

Constant *TableBuilder::sizedStructure(SmallVector<Constant *> fields,
                                       unsigned index) {
  uint64_t bytes = sizeOf(structure(fields));
  fields[index] = ConstantInt::get(fields[index]->getType(), bytes);
  return structure(fields);
}

Constant *TableBuilder::tensors(ArrayRef<TensorSpec> specs) {
  SmallVector<Constant *> elements;
  for (const TensorSpec &spec : specs) {
    SmallVector<Constant *> extents;
    uint64_t bytes = byteSize(spec.type);
    for (int64_t extent : spec.shape) {
      extents.push_back(u64(extent));
      bytes *= extent;
    }
    elements.push_back(
        structure({string(spec.name), u32(static_cast<uint32_t>(spec.type)),
                   u32(spec.shape.size()), array(extents), size(bytes)}));
  }
  return array(elements);
}

Constant *TableBuilder::shapeOutputs(ArrayRef<TensorSpec> specs) {
  SmallVector<Constant *> elements;
  bool isFixed = true;
  for (const TensorSpec &spec : specs) {
    elements.push_back(u32(spec.shapeOutput.value_or(UINT32_MAX)));
    isFixed &= !spec.shapeOutput;
  }
  return array(isFixed ? ArrayRef<Constant *>() : elements);
}

Constant *TableBuilder::layers(ArrayRef<LayerSpec> specs) {
  SmallVector<Constant *> elements;
  for (const LayerSpec &spec : specs)
    elements.push_back(structure({string(spec.name), string(spec.kind),
                                  string(spec.arithmetic), u64(spec.macs),
                                  u64(spec.bytes), u32(spec.kernel)}));
  return array(elements);
}

/// A byte for every input and output; null where runs have no samples.
Constant *TableBuilder::batchFlags(const EntryPointSpec &spec) {
  if (spec.maxBatch == 0)
    return ConstantPointerNull::get(pointer);
  SmallVector<uint8_t> flags;
  for (const TensorSpec &tensor : spec.inputs)
    flags.push_back(tensor.isBatch);
  for (const TensorSpec &tensor : spec.outputs)
    flags.push_back(tensor.isBatch);
  return constant(ConstantDataArray::get(context, flags));
}

Constant *TableBuilder::entryPoint(const EntryPointSpec &spec,
                                   EntryPointCalls calls) {
  Constant *callSamples = calls.samples;
  if (!callSamples)
    callSamples = ConstantPointerNull::get(pointer);
  return sizedStructure({size(0), string(spec.name), u32(spec.inputs.size()),
                         u32(spec.outputs.size()), tensors(spec.inputs),
                         tensors(spec.outputs), size(spec.arenaSize),
                         size(spec.arenaAlign), calls.whole,
                         u32(spec.layers.size()), layers(spec.layers),
                         size(spec.arenaLowerBound), shapeOutputs(spec.outputs),
                         size(spec.maxBatch), batchFlags(spec), callSamples},
                        /*index=*/0);
}

GlobalVariable *TableBuilder::model(const ModelSpec &spec, uint64_t weightsSize,
                                    ArrayRef<EntryPointCalls> calls) {
  SmallVector<Constant *> entries;
  for (auto [entry, call] : zip(spec.entryPoints, calls))
    entries.push_back(constant(entryPoint(entry, call)));
  return constant(sizedStructure(
      {u32(EDGEC_ABI_VERSION), u32(0), string(spec.name),
       string(compilerVersion), string(spec.source), string(spec.sha256),
       string(target.triple), string(target.displayName()), size(weightsSize),
       u32(entries.size()), array(entries)},
      /*index=*/1));
}

GlobalVariable *edgec::addInfoTables(Module &module, const ModelSpec &spec,
                                     uint64_t weightsSize,
                                     const TargetDescription &target,
                                     ArrayRef<EntryPointCalls> calls) {
  return TableBuilder(module, target).model(spec, weightsSize, calls);
}

void edgec::addNote(Module &module, const ModelSpec &spec) {
  LLVMContext &context = module.getContext();
  auto word = [&](uint32_t value) -> Constant * {
    return ConstantInt::get(Type::getInt32Ty(context), value);
  };
  // Owner and contents are padded to whole words, as the ELF format asks.
  auto padded = [&](StringRef text) {
    std::string bytes = text.str();
    bytes.resize(alignTo(text.size() + 1, sizeof(uint32_t)));
    return ConstantDataArray::getString(context, bytes, /*AddNull=*/false);
  };
  uint32_t ownerSize = StringRef(noteOwner).size() + 1;
  uint32_t contentSize = sizeof(uint32_t) + spec.name.size() + 1;
  Constant *note = ConstantStruct::getAnon(
      context, {word(ownerSize), word(contentSize), word(noteType),
                padded(noteOwner), word(EDGEC_ABI_VERSION), padded(spec.name)});
  auto *global =
      new GlobalVariable(module, note->getType(), true,
                         GlobalValue::InternalLinkage, note, "edgec_note");
  global->setSection(noteSection);
  global->setAlignment(Align(sizeof(uint32_t)));
  appendToCompilerUsed(module, global);
}
