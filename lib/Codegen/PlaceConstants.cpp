//===- PlaceConstants.cpp - Constants in one weights section -------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "edgec/Codegen/Passes.h"
#include "edgec/Target/ModelSpec.h"

#include "mlir/IR/AsmState.h"
#include "mlir/IR/DialectResourceBlobManager.h"
#include "llvm/Support/xxhash.h"

namespace edgec {
#define GEN_PASS_DEF_PLACECONSTANTS
#include "edgec/Codegen/Passes.h.inc"
} // namespace edgec

using namespace mlir;
using namespace edgec;

namespace {

ArrayRef<char> rawBytes(Attribute value) {
  if (auto resource = dyn_cast<DenseResourceElementsAttr>(value)) {
    AsmResourceBlob *blob = resource.getRawHandle().getBlob();
    return blob ? blob->getData() : ArrayRef<char>();
  }
  return cast<DenseElementsAttr>(value).getRawData();
}

/// Whether `value` says what each of `count` bytes is.
bool hasBytes(Attribute value, uint64_t count) {
  auto dense = dyn_cast<DenseElementsAttr>(value);
  return dense && dense.isSplat() ? true : rawBytes(value).size() == count;
}

/// `value` in a form whose raw bytes are what the section holds: a splat, which
/// stores one element, is written out.
Attribute materialize(Attribute value) {
  auto dense = dyn_cast<DenseElementsAttr>(value);
  if (!dense || !dense.isSplat() || dense.getNumElements() == 1)
    return value;
  ArrayRef<char> element = dense.getRawData();
  uint64_t size = element.size() * dense.getNumElements();
  AsmResourceBlob blob = HeapAsmResourceBlob::allocate(size, bufferAlignment,
                                                       /*dataIsMutable=*/true);
  char *data = const_cast<char *>(blob.getData().data());
  for (uint64_t at = 0; at < size; at += element.size())
    memcpy(data + at, element.data(), element.size());
  return DenseResourceElementsAttr::get(dense.getType(), "splat",
                                        std::move(blob));
}

/// The contents of the section and where each constant stands.
class WeightsTable {
public:
  /// The offset of `value`, shared with an equal one.
  uint64_t place(Attribute value) {
    if (auto known = offsetOf.find(value); known != offsetOf.end())
      return known->second;
    Attribute stored = materialize(value);
    ArrayRef<char> bytes = rawBytes(stored);
    uint64_t hash = llvm::xxh3_64bits(ArrayRef(
        reinterpret_cast<const uint8_t *>(bytes.data()), bytes.size()));
    for (auto [offset, other] : byHash[hash])
      if (rawBytes(other) == bytes)
        return offsetOf[value] = offset;
    uint64_t offset = size;
    size = llvm::alignTo(size + bytes.size(), bufferAlignment);
    byHash[hash].emplace_back(offset, stored);
    entries.emplace_back(offset, stored);
    return offsetOf[value] = offset;
  }

  ArrayAttr describe(Builder &builder) const {
    SmallVector<Attribute> list;
    for (auto [offset, value] : entries)
      list.push_back(builder.getDictionaryAttr(
          {builder.getNamedAttr("offset", builder.getI64IntegerAttr(offset)),
           builder.getNamedAttr("value", value)}));
    return builder.getArrayAttr(list);
  }

  /// With what a load may read past the end of the last constant.
  uint64_t getSize() const { return size + bufferAlignment; }

private:
  DenseMap<Attribute, uint64_t> offsetOf;
  DenseMap<uint64_t, SmallVector<std::pair<uint64_t, Attribute>, 1>> byHash;
  SmallVector<std::pair<uint64_t, Attribute>> entries;
  uint64_t size = 0;
};

struct PlaceConstantsPass
    : edgec::impl::PlaceConstantsBase<PlaceConstantsPass> {
  void runOnOperation() override {
    ModuleOp module = getOperation();
    SymbolTable symbols(module);
    WeightsTable table;
    SmallVector<std::pair<memref::GetGlobalOp, uint64_t>> uses;
    // In the order of use: what runs together lies together.
    WalkResult result = module.walk([&](memref::GetGlobalOp use) {
      auto global = symbols.lookup<memref::GlobalOp>(use.getName());
      if (!global || !global.getInitialValueAttr())
        return WalkResult::advance();
      Attribute value = global.getInitialValueAttr();
      uint64_t expected = global.getType().getNumElements() *
                          elementBytes(global.getType().getElementType());
      if (!isa<DenseElementsAttr, DenseResourceElementsAttr>(value) ||
          !hasBytes(value, expected)) {
        use.emitOpError("needs a dense or dense_resource value of ")
            << expected << " bytes";
        return WalkResult::interrupt();
      }
      uses.emplace_back(use, table.place(value));
      return WalkResult::advance();
    });
    if (result.wasInterrupted())
      return signalPassFailure();
    replaceUses(module, symbols, table, uses);
  }

  void replaceUses(ModuleOp module, SymbolTable &symbols,
                   const WeightsTable &table,
                   ArrayRef<std::pair<memref::GetGlobalOp, uint64_t>> uses) {
    OpBuilder builder(&getContext());
    module->setAttr(weightsSizeAttr,
                    builder.getI64IntegerAttr(table.getSize()));
    module->setAttr(weightsAttr, table.describe(builder));
    if (uses.empty())
      return;
    auto type = MemRefType::get({static_cast<int64_t>(table.getSize())},
                                builder.getI8Type());
    builder.setInsertionPointToStart(module.getBody());
    builder.create<memref::GlobalOp>(
        module.getLoc(), weightsSymbol, /*sym_visibility=*/StringAttr(), type,
        /*initial_value=*/Attribute(), /*constant=*/false,
        builder.getI64IntegerAttr(bufferAlignment));
    DenseSet<Operation *> globals;
    for (auto [use, offset] : uses) {
      globals.insert(symbols.lookup(use.getName()));
      builder.setInsertionPoint(use);
      Value section = builder.create<memref::GetGlobalOp>(use.getLoc(), type,
                                                          weightsSymbol);
      Value shift =
          builder.create<arith::ConstantIndexOp>(use.getLoc(), offset);
      Value view = builder.create<memref::ViewOp>(use.getLoc(), use.getType(),
                                                  section, shift, ValueRange());
      use.replaceAllUsesWith(view);
      use.erase();
    }
    for (Operation *global : globals)
      symbols.erase(global);
  }
};

} // namespace
