//===- Compile.cpp - From an imported module to LLVM IR ------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "edgec/Codegen/Passes.h"
#include "edgec/Dialect/Edge/EdgeDialect.h"
#include "edgec/Dialect/Edge/RuntimeShape.h"
#include "edgec/Pipelines/Pipelines.h"
#include "edgec/Reference/Interpreter.h"

#include "mlir/IR/DialectResourceBlobManager.h"
#include "mlir/Target/LLVMIR/Export.h"

#include <chrono>

using namespace mlir;
using namespace edgec;

/// A type of the model's function as its callers see it.
static FailureOr<TensorSpec> describeTensor(func::FuncOp function, Type type,
                                            StringAttr name) {
  auto tensor = dyn_cast<RankedTensorType>(type);
  std::optional<ElementType> element =
      tensor ? toElementType(tensor.getElementType()) : std::nullopt;
  if (!element || !tensor.hasStaticShape())
    return function.emitError("an input or output of type ")
           << type << " cannot be passed; give every dimension with --shape";
  return TensorSpec{name ? name.str() : "", *element, tensor.getShape().vec()};
}

static std::string entrySymbol(func::FuncOp function) {
  return (entryPrefix + function.getSymName()).str();
}

/// The functions that edge-specialise-batch has made.
static LogicalResult describeVariants(func::FuncOp function,
                                      EntryPointSpec &spec) {
  auto list = function->getAttrOfType<ArrayAttr>(edge::batchVariantsAttr);
  if (!list)
    return success();
  auto module = function->getParentOfType<ModuleOp>();
  for (auto name : list.getAsRange<FlatSymbolRefAttr>()) {
    auto variant = module.lookupSymbol<func::FuncOp>(name);
    if (!variant)
      return function.emitError("has no function ") << name;
    for (unsigned i = 0; i < variant.getNumArguments(); ++i)
      if (variant.getArgAttr(i, edge::batchAttr)) {
        auto type = cast<RankedTensorType>(variant.getArgumentTypes()[i]);
        spec.variants.push_back(
            {static_cast<uint64_t>(type.getDimSize(0)), entrySymbol(variant)});
        break;
      }
  }
  return success();
}

/// Names and types of inputs and outputs, taken before the code generator
/// replaces them by pointers.
static FailureOr<EntryPointSpec> describeEntry(func::FuncOp function) {
  EntryPointSpec spec;
  spec.name = function.getSymName().str();
  spec.symbol = entrySymbol(function);
  for (auto [index, type] : llvm::enumerate(function.getArgumentTypes())) {
    FailureOr<TensorSpec> tensor = describeTensor(
        function, type,
        function.getArgAttrOfType<StringAttr>(index, edge::tensorNameAttr));
    if (failed(tensor))
      return failure();
    tensor->isBatch = !!function.getArgAttr(index, edge::batchAttr);
    if (tensor->isBatch)
      spec.maxBatch = tensor->shape.front();
    spec.inputs.push_back(std::move(*tensor));
  }
  for (auto [index, type] : llvm::enumerate(function.getResultTypes())) {
    FailureOr<TensorSpec> tensor = describeTensor(
        function, type,
        function.getResultAttrOfType<StringAttr>(index, edge::tensorNameAttr));
    if (failed(tensor))
      return failure();
    tensor->isBatch = !!function.getResultAttr(index, edge::batchAttr);
    spec.outputs.push_back(std::move(*tensor));
    if (auto of =
            function.getResultAttrOfType<IntegerAttr>(index, edge::shapeOfAttr))
      spec.outputs[of.getInt()].shapeOutput = index;
  }
  if (failed(describeVariants(function, spec)))
    return failure();
  return spec;
}

static FailureOr<ModelSpec> describeModel(ModuleOp module) {
  ModelSpec spec;
  auto text = [&](StringRef name) {
    auto attribute = module->getAttrOfType<StringAttr>(name);
    return attribute ? attribute.str() : std::string();
  };
  spec.name = text(edge::modelNameAttr);
  if (spec.name.empty())
    spec.name = "model";
  spec.source = text(edge::sourceAttr);
  spec.sha256 = text(edge::sha256Attr);
  for (auto function : module.getOps<func::FuncOp>()) {
    if (!function.isPublic() || function.isExternal() ||
        function->hasAttr(edge::batchVariantOfAttr))
      continue;
    FailureOr<EntryPointSpec> entry = describeEntry(function);
    if (failed(entry))
      return failure();
    spec.entryPoints.push_back(std::move(*entry));
  }
  if (spec.entryPoints.empty())
    return module.emitError("there is no public function to compile");
  return spec;
}

static LayerSpec describeLayer(DictionaryAttr layer) {
  auto text = [&](StringRef key) { return layer.getAs<StringAttr>(key).str(); };
  auto number = [&](StringRef key) -> uint64_t {
    return layer.getAs<IntegerAttr>(key).getInt();
  };
  return {text("name"),       text("kind"),
          text("arithmetic"), number("macs"),
          number("bytes"),    static_cast<uint32_t>(number("kernel"))};
}

/// What the plan and the outliner have recorded on a function of the entry
/// point. Its layers come after those that are there.
static LogicalResult addPlan(ModuleOp module, StringRef symbol,
                             EntryPointSpec &spec) {
  auto function = module.lookupSymbol<func::FuncOp>(symbol);
  if (!function)
    return module.emitError("function ") << symbol << " has disappeared";
  auto size = function->getAttrOfType<IntegerAttr>(arenaSizeAttr);
  auto lowerBound = function->getAttrOfType<IntegerAttr>(arenaLowerBoundAttr);
  auto logicalBound =
      function->getAttrOfType<IntegerAttr>(arenaLogicalBoundAttr);
  auto layers = function->getAttrOfType<ArrayAttr>(layersAttr);
  if (!size || !lowerBound || !logicalBound || !layers)
    return function.emitError("has no memory plan");
  auto enlarge = [](uint64_t &bytes, IntegerAttr needed) {
    bytes = std::max(bytes, static_cast<uint64_t>(needed.getInt()));
  };
  enlarge(spec.arenaSize, size);
  enlarge(spec.arenaLowerBound, lowerBound);
  enlarge(spec.arenaLogicalBound, logicalBound);
  spec.arenaAlign = bufferAlignment;
  for (auto layer : layers.getAsRange<DictionaryAttr>())
    spec.layers.push_back(describeLayer(layer));
  return success();
}

static LogicalResult addPlans(ModuleOp module, EntryPointSpec &spec) {
  if (failed(addPlan(module, spec.symbol, spec)))
    return failure();
  for (BatchVariant &variant : spec.variants) {
    uint64_t before = spec.layers.size();
    if (failed(addPlan(module, variant.symbol, spec)))
      return failure();
    variant.numLayers = spec.layers.size() - before;
  }
  return success();
}

static WeightsSection collectWeights(ModuleOp module) {
  WeightsSection weights;
  weights.align = bufferAlignment;
  if (auto size = module->getAttrOfType<IntegerAttr>(weightsSizeAttr))
    weights.size = size.getInt();
  auto list = module->getAttrOfType<ArrayAttr>(weightsAttr);
  if (!list)
    return weights;
  for (auto entry : list.getAsRange<DictionaryAttr>()) {
    uint64_t offset = entry.getAs<IntegerAttr>("offset").getInt();
    Attribute value = entry.get("value");
    ArrayRef<char> bytes;
    if (auto resource = dyn_cast<DenseResourceElementsAttr>(value))
      bytes = resource.getRawHandle().getBlob()->getData();
    else
      bytes = cast<DenseElementsAttr>(value).getRawData();
    weights.segments.push_back({offset, bytes});
  }
  return weights;
}

/// Only entry points, the weights and the trace hook are seen from outside.
static void setLinkage(llvm::Module &module, const ModelSpec &spec) {
  for (llvm::Function &function : module)
    if (!function.isDeclaration())
      function.setLinkage(llvm::GlobalValue::InternalLinkage);
  for (const EntryPointSpec &entry : spec.entryPoints) {
    if (llvm::Function *function = module.getFunction(entry.symbol))
      function->setLinkage(llvm::GlobalValue::ExternalLinkage);
    for (const BatchVariant &variant : entry.variants)
      if (llvm::Function *function = module.getFunction(variant.symbol))
        function->setLinkage(llvm::GlobalValue::ExternalLinkage);
  }
  if (llvm::GlobalVariable *weights = module.getNamedGlobal(weightsSymbol)) {
    weights->setLinkage(llvm::GlobalValue::ExternalLinkage);
    weights->setConstant(true);
    weights->setAlignment(llvm::Align(bufferAlignment));
  }
}

FailureOr<CompiledModel> edgec::translate(OwningOpRef<ModuleOp> module,
                                          ModelSpec spec,
                                          const TargetDescription &target) {
  CompiledModel model;
  model.spec = std::move(spec);
  model.weights = collectWeights(*module);
  PassManager pm(module->getContext());
  buildLLVMPipeline(pm, target);
  if (failed(pm.run(*module)))
    return failure();
  model.llvmContext = std::make_unique<llvm::LLVMContext>();
  model.llvmModule =
      translateModuleToLLVMIR(*module, *model.llvmContext, model.spec.name);
  if (!model.llvmModule)
    return module->emitError("cannot be translated to LLVM IR");
  llvm::Expected<std::unique_ptr<llvm::TargetMachine>> machine =
      createTargetMachine(target);
  if (!machine)
    return module->emitError(llvm::toString(machine.takeError()));
  model.llvmModule->setTargetTriple(target.triple);
  model.llvmModule->setDataLayout((*machine)->createDataLayout());
  setLinkage(*model.llvmModule, model.spec);
  model.module = std::move(module);
  return model;
}

FailureOr<CompiledModel> edgec::compile(OwningOpRef<ModuleOp> module,
                                        const TargetDescription &target,
                                        const Adaptation &adaptation,
                                        PhaseObserver observer) {
  std::vector<PhaseTime> times;
  // Functions have the model's types up to the layout phase.
  if (failed(runPhases(*module, Phase::Layout, target, adaptation, &times,
                       observer)))
    return failure();
  FailureOr<ModelSpec> spec = describeModel(*module);
  if (failed(spec) ||
      failed(continuePhases(*module, Phase::Layout, Phase::Vectorize, target,
                            adaptation, &times, observer)))
    return failure();
  for (EntryPointSpec &entry : spec->entryPoints)
    if (failed(addPlans(*module, entry)))
      return failure();
  auto start = std::chrono::steady_clock::now();
  FailureOr<CompiledModel> model =
      translate(std::move(module), std::move(*spec), target);
  if (failed(model))
    return failure();
  std::chrono::duration<double> taken =
      std::chrono::steady_clock::now() - start;
  times.push_back({"llvm", taken.count()});
  model->times = std::move(times);
  return model;
}
