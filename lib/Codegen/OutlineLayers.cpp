//===- OutlineLayers.cpp - One function for each distinct layer ----------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "FastPath.h"
#include "LayerConstants.h"
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

/// The operation's values from outside, scalar constants excepted.
SetVector<Value> collectInputs(Operation *op) {
  SetVector<Value> inputs(op->operand_begin(), op->operand_end());
  for (Region &region : op->getRegions())
    getUsedValuesDefinedAbove(region, inputs);
  inputs.remove_if(
      [](Value value) { return value.getDefiningOp<arith::ConstantOp>(); });
  return inputs;
}

/// The memory of which `value` is a part: a buffer in the arena or the weights.
/// Null where it is anything else.
memref::ViewOp findBuffer(Value value) {
  Operation *root = value.getDefiningOp();
  while (
      root &&
      isa<memref::SubViewOp, memref::ReinterpretCastOp, memref::ExpandShapeOp,
          memref::CollapseShapeOp, memref::CastOp>(root))
    root = root->getOperand(0).getDefiningOp();
  auto view = dyn_cast_or_null<memref::ViewOp>(root);
  IntegerAttr shift;
  if (!view || !view.getType().getLayout().isIdentity() ||
      getElementTypeOrSelf(value.getType()) !=
          view.getType().getElementType() ||
      !matchPattern(view.getByteShift(), m_Constant(&shift)))
    return {};
  return view;
}

/// A value that can be passed, a memref as a bare pointer: an offset that is
/// computed at run time must become part of the pointer.
bool isPassable(Value value) {
  auto memref = dyn_cast<MemRefType>(value.getType());
  if (!memref)
    return value.getType().isIntOrIndexOrFloat();
  SmallVector<int64_t> strides;
  int64_t offset;
  return memref.hasStaticShape() &&
         succeeded(getStridesAndOffset(memref, strides, offset)) &&
         llvm::none_of(strides, ShapedType::isDynamic) &&
         (!ShapedType::isDynamic(offset) || findBuffer(value));
}

/// `offset` elements after the start of the buffer, in bytes from where the
/// buffer is counted; as the value's own where it is known at run time only.
Value shiftOf(OpBuilder &builder, Value value, memref::ViewOp buffer,
              int64_t offset) {
  Location loc = value.getLoc();
  int64_t bytes = elementBytes(buffer.getType().getElementType());
  IntegerAttr start;
  matchPattern(buffer.getByteShift(), m_Constant(&start));
  if (!ShapedType::isDynamic(offset))
    return builder.create<arith::ConstantIndexOp>(loc, start.getInt() +
                                                           offset * bytes);
  Value elements =
      builder.create<memref::ExtractStridedMetadataOp>(loc, value).getOffset();
  Value distance = builder.create<arith::MulIOp>(
      loc, elements, builder.create<arith::ConstantIndexOp>(loc, bytes));
  return builder.create<arith::AddIOp>(loc, distance, buffer.getByteShift());
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
  memref::ViewOp buffer = findBuffer(value);
  if (!buffer)
    return value;
  int64_t reach = 1;
  for (auto [extent, stride] : llvm::zip(type.getShape(), strides))
    reach += (extent - 1) * stride;
  Location loc = value.getLoc();
  Value flat = builder.create<memref::ViewOp>(
      loc, MemRefType::get({reach}, type.getElementType()), buffer.getSource(),
      shiftOf(builder, value, buffer, offset), ValueRange());
  auto layout = StridedLayoutAttr::get(type.getContext(), 0, strides);
  return builder.create<memref::ReinterpretCastOp>(
      loc, MemRefType::get(type.getShape(), type.getElementType(), layout),
      flat, /*offset=*/0, type.getShape(), strides);
}

/// An operation that is to become a call.
struct Layer {
  Operation *op;
  LayerSpec spec;
  /// The operands of the call; none where the operation stays where it is.
  SmallVector<Value> inputs, operands;
  SmallVector<TypedAttr> constants; ///< See LayerConstants.
  std::string key; ///< Of the kernel; empty where the operation stays.
};

/// Code that one layer or several run.
struct Kernel {
  /// The constants of the first layer, null where another one has another.
  SmallVector<TypedAttr> constants;
  func::FuncOp function = {};
  Operation *layer = nullptr; ///< Within `function`.
  uint32_t number = 0;
  SmallVector<Location> users = {};
};

class Outliner {
public:
  Outliner(ModuleOp module, int64_t grain)
      : module(module), builder(module.getContext()), grain(grain) {}

  void run(ArrayRef<func::FuncOp> functions) {
    for (func::FuncOp function : functions)
      collectLayers(function);
    for (auto &[function, layers] : layersOf) {
      context = function.getArguments().back();
      SmallVector<Attribute> descriptions;
      for (Layer &layer : layers) {
        layer.spec.kernel = outline(layer);
        descriptions.push_back(toAttribute(layer.spec));
      }
      function->setAttr(layersAttr, builder.getArrayAttr(descriptions));
    }
    locateSharedKernels();
  }

private:
  void collectLayers(func::FuncOp function) {
    declareTrace();
    context = function.getArguments().back();
    SmallVector<Operation *> operations;
    function.walk([&](Operation *op) {
      if (isLayer(op))
        operations.push_back(op);
    });
    std::vector<Layer> layers;
    for (Operation *op : operations) {
      traceAround(op, layers.size());
      Layer layer;
      layer.op = op;
      layer.spec = describeLayer(op);
      prepare(layer);
      layers.push_back(std::move(layer));
    }
    layersOf.emplace_back(function, std::move(layers));
  }

  /// Finds what the layer's kernel has to know of it.
  void prepare(Layer &layer) {
    SetVector<Value> inputs = collectInputs(layer.op);
    if (layer.op->getNumResults() != 0 || !llvm::all_of(inputs, isPassable))
      return;
    layer.inputs = inputs.takeVector();
    builder.setInsertionPoint(layer.op);
    for (Value input : layer.inputs)
      layer.operands.push_back(withoutOffset(builder, input));
    layer.constants = collectConstants(layer.op).values;
    layer.key = describeKernel(layer);
    auto [known, isNew] = kernelOf.try_emplace(layer.key);
    Kernel &kernel = known->second;
    if (isNew)
      kernel.constants = layer.constants;
    kernel.users.push_back(layer.op->getLoc());
    for (auto [ours, theirs] : llvm::zip(kernel.constants, layer.constants))
      if (ours != theirs)
        ours = {};
  }

  /// What is said about shared code is said about every layer that runs it.
  void locateSharedKernels() {
    for (auto &[text, kernel] : kernelOf)
      if (kernel.users.size() > 1)
        kernel.layer->setLoc(
            FusedLoc::get(kernel.users, builder.getStringAttr(sharedByLayers),
                          module.getContext()));
  }

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
  uint32_t outline(const Layer &layer) {
    if (layer.key.empty())
      return numKernels++; // Emitted where it stands.
    Kernel &kernel = kernelOf[layer.key];
    if (!kernel.function)
      createKernel(layer, kernel);
    Location loc = layer.op->getLoc();
    func::FuncOp callee = kernel.function;
    builder.setInsertionPoint(layer.op);
    SmallVector<Value> operands(layer.operands);
    for (auto [shared, own] : llvm::zip(kernel.constants, layer.constants))
      if (!shared)
        operands.push_back(builder.create<arith::ConstantOp>(loc, own));
    if (callee->hasAttr(maxPartsAttr)) {
      operands.insert(operands.begin(), context);
      callee = getOrDeclareParallel(callee, TypeRange(operands));
    }
    builder.setInsertionPoint(layer.op);
    builder.create<func::CallOp>(loc, callee, operands);
    layer.op->erase();
    return kernel.number;
  }

  void createKernel(const Layer &layer, Kernel &kernel) {
    kernel.number = numKernels++;
    kernel.function = createFunction(layer, kernel.constants);
    kernel.layer = &*llvm::find_if(kernel.function.front(),
                                   [](Operation &op) { return isLayer(&op); });
    kernel.function.setSymName(
        ("layer_" + layerKind(layer.op) + "_" + Twine(kernel.number)).str());
  }

  /// The text of the layer's function without the values of its constants: one
  /// kernel serves all layers for which it is the same.
  std::string describeKernel(const Layer &layer) {
    func::FuncOp function = createFunction(
        layer, SmallVector<TypedAttr>(layer.constants.size(), TypedAttr()));
    std::string text;
    llvm::raw_string_ostream stream(text);
    function->print(stream, OpPrintingFlags().useLocalScope());
    function.erase();
    return text;
  }

  /// A function with the layer as its body. Its arguments are the operands, the
  /// constants for which `constants` is null, and where it pays the part.
  func::FuncOp createFunction(const Layer &layer,
                              ArrayRef<TypedAttr> constants) {
    Location loc = layer.op->getLoc();
    SmallVector<Type> arguments = llvm::to_vector(TypeRange(layer.operands));
    for (auto [shared, own] : llvm::zip(constants, layer.constants))
      if (!shared)
        arguments.push_back(own.getType());
    int64_t maxParts = chooseMaxParts(layerCost(layer.op), grain);
    if (maxParts > 1)
      arguments.append(2, builder.getIndexType());
    builder.setInsertionPointToEnd(module.getBody());
    auto function = builder.create<func::FuncOp>(
        loc, "layer", builder.getFunctionType(arguments, {}));
    function.setPrivate();
    if (maxParts > 1)
      function->setAttr(maxPartsAttr, builder.getI64IntegerAttr(maxParts));
    builder.setInsertionPointToStart(function.addEntryBlock());
    Operation *clone = cloneLayer(layer, function);
    builder.create<func::ReturnOp>(loc);

    SmallVector<Value> values;
    unsigned next = layer.operands.size();
    for (TypedAttr constant : constants)
      values.push_back(constant ? Value() : function.getArgument(next++));
    replaceConstants(collectConstants(clone), values);
    return function;
  }

  /// Clones the operation, with the scalar constants that it uses.
  Operation *cloneLayer(const Layer &layer, func::FuncOp function) {
    IRMapping mapping;
    mapping.map(ValueRange(layer.inputs),
                function.getArguments().take_front(layer.inputs.size()));
    SetVector<Value> constants(layer.op->operand_begin(),
                               layer.op->operand_end());
    for (Region &region : layer.op->getRegions())
      getUsedValuesDefinedAbove(region, constants);
    for (Value value : constants)
      if (auto constant = value.getDefiningOp<arith::ConstantOp>())
        builder.clone(*constant, mapping);
    return builder.clone(*layer.op, mapping);
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
  std::vector<std::pair<func::FuncOp, std::vector<Layer>>> layersOf;
  llvm::StringMap<Kernel> kernelOf; ///< By the text of the function.
  uint32_t numKernels = 0;
};

struct OutlineLayersPass : edgec::impl::OutlineLayersBase<OutlineLayersPass> {
  using OutlineLayersBase::OutlineLayersBase;

  void runOnOperation() override {
    Outliner outliner(getOperation(), grain);
    SmallVector<func::FuncOp> functions(getOperation().getOps<func::FuncOp>());
    llvm::erase_if(functions, [](func::FuncOp function) {
      return function.isExternal() || !function->hasAttr(arenaSizeAttr);
    });
    outliner.run(functions);
  }
};

} // namespace
