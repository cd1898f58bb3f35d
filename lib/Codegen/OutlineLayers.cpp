//===- OutlineLayers.cpp - One function for each distinct layer ----------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "FastPath.h"
#include "LayerDescription.h"
#include "edgec/Codegen/Passes.h"

#include "mlir/IR/IRMapping.h"
#include "mlir/Transforms/RegionUtils.h"
#include "llvm/ADT/StringMap.h"

namespace edgec {
#define GEN_PASS_DEF_OUTLINELAYERS
#include "edgec/Codegen/Passes.h.inc"
} // namespace edgec

using namespace mlir;
using namespace edgec;

namespace {

bool isLayer(Operation *op) {
  return isa<kernel::AttentionOp, kernel::ContractOp, kernel::DepthwiseOp,
             kernel::RowwiseOp, linalg::LinalgOp, memref::CopyOp>(op);
}

/// A memref that can be passed as a bare pointer.
bool isPassable(Type type) {
  auto memref = dyn_cast<MemRefType>(type);
  if (!memref)
    return type.isIntOrIndexOrFloat();
  SmallVector<int64_t> strides;
  int64_t offset;
  return memref.hasStaticShape() &&
         succeeded(getStridesAndOffset(memref, strides, offset)) &&
         !ShapedType::isDynamic(offset) &&
         llvm::none_of(strides, ShapedType::isDynamic);
}

/// The operation's values from outside, scalar constants excepted.
SetVector<Value> collectInputs(Operation *op) {
  SetVector<Value> inputs(op->operand_begin(), op->operand_end());
  for (Region &region : op->getRegions())
    getUsedValuesDefinedAbove(region, inputs);
  inputs.remove_if(
      [](Value value) { return value.getDefiningOp<arith::ConstantOp>(); });
  return inputs;
}

/// A slice of a buffer in the arena or the weights with its offset moved into
/// the view, so that layers that differ only in it have one type.
Value withoutOffset(OpBuilder &builder, Value value) {
  auto type = dyn_cast<MemRefType>(value.getType());
  if (!type)
    return value;
  auto [strides, offset] = getStridesAndOffset(type);
  if (offset == 0)
    return value;
  Operation *root = value.getDefiningOp();
  while (
      root &&
      isa<memref::SubViewOp, memref::ReinterpretCastOp, memref::ExpandShapeOp,
          memref::CollapseShapeOp, memref::CastOp>(root))
    root = root->getOperand(0).getDefiningOp();
  auto view = dyn_cast_or_null<memref::ViewOp>(root);
  if (!view || !view.getType().getLayout().isIdentity() ||
      type.getElementType() != view.getType().getElementType())
    return value;
  IntegerAttr shift;
  if (!matchPattern(view.getByteShift(), m_Constant(&shift)))
    return value;
  int64_t bytes = elementBytes(type.getElementType());
  int64_t reach = 1;
  for (auto [extent, stride] : llvm::zip(type.getShape(), strides))
    reach += (extent - 1) * stride;
  Location loc = value.getLoc();
  Value moved = builder.create<arith::ConstantIndexOp>(loc, shift.getInt() +
                                                                offset * bytes);
  Value flat = builder.create<memref::ViewOp>(
      loc, MemRefType::get({reach}, type.getElementType()), view.getSource(),
      moved, ValueRange());
  auto layout = StridedLayoutAttr::get(type.getContext(), 0, strides);
  return builder.create<memref::ReinterpretCastOp>(
      loc, MemRefType::get(type.getShape(), type.getElementType(), layout),
      flat, /*offset=*/0, type.getShape(), strides);
}

/// Code that one layer or several run.
struct Kernel {
  func::FuncOp function;
  Operation *layer = nullptr; ///< Within `function`.
  uint32_t number = 0;
  SmallVector<Location> users = {};
};

class Outliner {
public:
  Outliner(ModuleOp module, int64_t grain)
      : module(module), builder(module.getContext()), grain(grain) {}

  void run(func::FuncOp function) {
    declareTrace();
    SmallVector<Operation *> layers;
    function.walk([&](Operation *op) {
      if (isLayer(op))
        layers.push_back(op);
    });
    SmallVector<Attribute> descriptions;
    context = function.getArguments().back();
    for (Operation *op : layers) {
      traceAround(op, descriptions.size());
      LayerSpec spec = describeLayer(op);
      spec.kernel = outline(op);
      descriptions.push_back(toAttribute(spec));
    }
    function->setAttr(layersAttr, builder.getArrayAttr(descriptions));
  }

  /// What is said about shared code is said about every layer that runs it.
  void locateSharedKernels() {
    for (auto &[text, kernel] : kernelOf)
      if (kernel.users.size() > 1)
        kernel.layer->setLoc(
            FusedLoc::get(kernel.users, builder.getStringAttr(sharedByLayers),
                          module.getContext()));
  }

private:
  void declareTrace() {
    if (module.lookupSymbol(traceSymbol))
      return;
    builder.setInsertionPointToEnd(module.getBody());
    auto type = builder.getFunctionType(
        {LLVM::LLVMPointerType::get(module.getContext()), builder.getI64Type(),
         builder.getI32Type()},
        {});
    auto trace =
        builder.create<func::FuncOp>(module.getLoc(), traceSymbol, type);
    trace.setPrivate();
  }

  void traceAround(Operation *op, int64_t layer) {
    auto call = [&](int32_t enter) {
      Value index =
          builder.create<arith::ConstantIntOp>(op->getLoc(), layer, 64);
      Value flag =
          builder.create<arith::ConstantIntOp>(op->getLoc(), enter, 32);
      builder.create<func::CallOp>(op->getLoc(), traceSymbol, TypeRange(),
                                   ValueRange{context, index, flag});
    };
    builder.setInsertionPoint(op);
    call(1);
    builder.setInsertionPointAfter(op);
    call(0);
  }

  Attribute toAttribute(const LayerSpec &spec) {
    NamedAttrList attributes;
    attributes.set("name", builder.getStringAttr(spec.name));
    attributes.set("kind", builder.getStringAttr(spec.kind));
    attributes.set("arithmetic", builder.getStringAttr(spec.arithmetic));
    attributes.set("macs", builder.getI64IntegerAttr(spec.macs));
    attributes.set("bytes", builder.getI64IntegerAttr(spec.bytes));
    attributes.set("kernel", builder.getI32IntegerAttr(spec.kernel));
    return attributes.getDictionary(builder.getContext());
  }

  /// Returns the number of the code that the operation runs.
  uint32_t outline(Operation *op) {
    SetVector<Value> inputs = collectInputs(op);
    if (op->getNumResults() != 0 || !llvm::all_of(inputs, [](Value value) {
          return isPassable(value.getType());
        }))
      return numKernels++; // Emitted where it stands.
    builder.setInsertionPoint(op);
    SmallVector<Value> operands;
    for (Value input : inputs)
      operands.push_back(withoutOffset(builder, input));
    const Kernel &kernel =
        getOrCreateKernel(op, inputs.getArrayRef(), operands);
    func::FuncOp layer = kernel.function;
    builder.setInsertionPoint(op);
    if (layer->hasAttr(maxPartsAttr)) {
      operands.insert(operands.begin(), context);
      layer = getOrDeclareParallel(layer, TypeRange(operands));
    }
    builder.setInsertionPoint(op);
    builder.create<func::CallOp>(op->getLoc(), layer, operands);
    op->erase();
    return kernel.number;
  }

  /// The function for the operation: one for all that print alike.
  const Kernel &getOrCreateKernel(Operation *op, ArrayRef<Value> inputs,
                                  ArrayRef<Value> operands) {
    SmallVector<Type> arguments = llvm::to_vector(TypeRange(operands));
    int64_t maxParts = chooseMaxParts(layerCost(op), grain);
    if (maxParts > 1)
      arguments.append(2, builder.getIndexType());
    builder.setInsertionPointToEnd(module.getBody());
    auto function = builder.create<func::FuncOp>(
        op->getLoc(), "layer", builder.getFunctionType(arguments, {}));
    function.setPrivate();
    if (maxParts > 1)
      function->setAttr(maxPartsAttr, builder.getI64IntegerAttr(maxParts));
    builder.setInsertionPointToStart(function.addEntryBlock());
    IRMapping mapping;
    mapping.map(ValueRange(inputs),
                function.getArguments().take_front(inputs.size()));
    SetVector<Value> constants(op->operand_begin(), op->operand_end());
    for (Region &region : op->getRegions())
      getUsedValuesDefinedAbove(region, constants);
    for (Value value : constants)
      if (auto constant = value.getDefiningOp<arith::ConstantOp>())
        builder.clone(*constant, mapping);
    Operation *layer = builder.clone(*op, mapping);
    builder.create<func::ReturnOp>(op->getLoc());

    std::string text;
    llvm::raw_string_ostream stream(text);
    function->print(stream, OpPrintingFlags().useLocalScope());
    auto [known, isNew] =
        kernelOf.try_emplace(text, Kernel{function, layer, numKernels});
    known->second.users.push_back(op->getLoc());
    if (isNew)
      function.setSymName(
          ("layer_" + layerKind(op) + "_" + Twine(numKernels++)).str());
    else
      function.erase();
    return known->second;
  }

  /// What divides the layer among the context's threads: a declaration, whose
  /// body is added with the interface.
  func::FuncOp getOrDeclareParallel(func::FuncOp layer, TypeRange arguments) {
    std::string name = (layer.getSymName() + "_parallel").str();
    if (auto known = module.lookupSymbol<func::FuncOp>(name))
      return known;
    builder.setInsertionPoint(layer);
    auto function = builder.create<func::FuncOp>(
        layer.getLoc(), name, builder.getFunctionType(arguments, {}));
    function.setPrivate();
    auto maxParts = layer->getAttrOfType<IntegerAttr>(maxPartsAttr);
    function->setAttr(
        "passthrough",
        builder.getArrayAttr(
            {builder.getStrArrayAttr({parallelAttr, layer.getSymName()}),
             builder.getStrArrayAttr(
                 {maxPartsFnAttr, std::to_string(maxParts.getInt())})}));
    return function;
  }

  ModuleOp module;
  OpBuilder builder;
  int64_t grain;
  Value context;
  llvm::StringMap<Kernel> kernelOf; ///< By the text of the function.
  uint32_t numKernels = 0;
};

struct OutlineLayersPass : edgec::impl::OutlineLayersBase<OutlineLayersPass> {
  using OutlineLayersBase::OutlineLayersBase;

  void runOnOperation() override {
    Outliner outliner(getOperation(), grain);
    SmallVector<func::FuncOp> functions(getOperation().getOps<func::FuncOp>());
    for (func::FuncOp function : functions)
      if (!function.isExternal() && function->hasAttr(arenaSizeAttr))
        outliner.run(function);
    outliner.locateSharedKernels();
  }
};

} // namespace
