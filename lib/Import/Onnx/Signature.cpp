//===- Signature.cpp - Inputs and outputs of the model ------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Signature.h"
#include "ElementTypes.h"
#include "edgec/Reference/Interpreter.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringSet.h"
#include <fmt/format.h>

using namespace edgec;
using namespace edgec::onnx_import;
using namespace mlir;

namespace {

using Dimension = onnx::TensorShapeProto::Dimension;

/// Whether the model gives the extent. Some exporters write -1 where they mean
/// a dimension that is open.
bool isFixed(const Dimension &dimension) {
  return dimension.has_dim_value() && dimension.dim_value() >= 0;
}

/// "Nx3x32x32", with "?" for a dimension without a name.
std::string formatDeclared(const onnx::TensorShapeProto &shape) {
  if (shape.dim_size() == 0)
    return "scalar";
  std::string text;
  for (const Dimension &dimension : shape.dim()) {
    text += text.empty() ? "" : "x";
    if (isFixed(dimension))
      text += std::to_string(dimension.dim_value());
    else
      text += dimension.dim_param().empty() ? "?" : dimension.dim_param();
  }
  return text;
}

/// Works out the shapes of all inputs together: a symbol that one of them
/// fixes is fixed in the others.
class InputShapes {
public:
  InputShapes(const onnx::GraphProto &graph, const OnnxImportOptions &options,
              Location file)
      : options(options), file(file) {
    llvm::StringSet<> initializers;
    for (const onnx::TensorProto &tensor : graph.initializer())
      initializers.insert(tensor.name());
    for (const onnx::ValueInfoProto &input : graph.input())
      if (!initializers.contains(input.name()))
        inputs.push_back(&input);
  }

  FailureOr<std::vector<Input>> run() {
    checkOptionNames();
    // An input whose name was mistyped would be told to have no shape.
    if (hasFailed)
      return failure();
    for (const onnx::ValueInfoProto *input : inputs)
      bindSymbols(*input);
    std::vector<Input> result;
    for (const onnx::ValueInfoProto *input : inputs)
      if (std::optional<Input> known = resolve(*input))
        result.push_back(std::move(*known));
    if (hasFailed)
      return failure();
    return result;
  }

private:
  InFlightDiagnostic error() {
    hasFailed = true;
    return emitError(file);
  }

  void checkOptionNames() {
    for (const auto &option : options.shapes)
      checkName(option.getKey());
    for (const auto &option : options.values)
      checkName(option.getKey());
  }

  void checkName(StringRef name) {
    if (llvm::any_of(inputs,
                     [&](const auto *input) { return name == input->name(); }))
      return;
    InFlightDiagnostic diagnostic = error();
    diagnostic << "the model has no input '" << name << "'; its inputs are";
    llvm::interleaveComma(inputs, diagnostic, [&](const auto *input) {
      diagnostic << " '" << input->name() << "'";
    });
  }

  const std::vector<int64_t> *given(const onnx::ValueInfoProto &input) const {
    if (const Tensor *value = givenValue(input))
      return &value->shape();
    auto found = options.shapes.find(input.name());
    return found == options.shapes.end() ? nullptr : &found->second;
  }

  const Tensor *givenValue(const onnx::ValueInfoProto &input) const {
    auto found = options.values.find(input.name());
    return found == options.values.end() ? nullptr : &found->second;
  }

  /// Learns what the user's shape says about the model's symbols.
  void bindSymbols(const onnx::ValueInfoProto &input) {
    const std::vector<int64_t> *shape = given(input);
    if (!shape || !input.type().tensor_type().has_shape())
      return;
    const auto &declared = input.type().tensor_type().shape();
    if (static_cast<size_t>(declared.dim_size()) != shape->size())
      return;
    if (options.batches.contains(input.name()) && declared.dim_size() > 0)
      batchSymbol(declared.dim(0));
    for (auto [dimension, extent] : llvm::zip(declared.dim(), *shape)) {
      if (dimension.dim_param().empty())
        continue;
      auto [bound, isNew] = symbols.try_emplace(dimension.dim_param(), extent);
      if (!isNew && bound->second != extent)
        error() << "the shapes given make the dimension '"
                << dimension.dim_param() << "' both " << bound->second
                << " and " << extent;
    }
  }

  void batchSymbol(const Dimension &dimension) {
    if (!isFixed(dimension) && !dimension.dim_param().empty())
      batchSymbols.insert(dimension.dim_param());
  }

  /// Whether the first dimension of an input holds as many samples as a run
  /// has. Another dimension of that extent would need a size for each batch.
  bool isBatch(const onnx::ValueInfoProto &input) {
    const auto &declared = input.type().tensor_type().shape();
    for (int i = 1; i < declared.dim_size(); ++i)
      if (!isFixed(declared.dim(i)) &&
          batchSymbols.contains(declared.dim(i).dim_param()))
        error() << "input '" << input.name() << "' has the shape "
                << formatDeclared(declared)
                << ", in which the number of samples, '"
                << declared.dim(i).dim_param()
                << "', is not the first extent; give one number for it with "
                   "--shape";
    return options.batches.contains(input.name()) ||
           (declared.dim_size() > 0 && !isFixed(declared.dim(0)) &&
            batchSymbols.contains(declared.dim(0).dim_param()));
  }

  std::optional<Input> resolve(const onnx::ValueInfoProto &input) {
    if (!input.type().has_tensor_type()) {
      error() << "input '" << input.name()
              << "' is no tensor; sequences, maps and optional values are not "
                 "supported";
      return std::nullopt;
    }
    const onnx::TypeProto::Tensor &type = input.type().tensor_type();
    std::optional<ElementType> element = elementTypeOfOnnx(type.elem_type());
    if (!element) {
      error() << "input '" << input.name() << "' has the type "
              << onnxTypeName(type.elem_type()) << ", which is not supported";
      return std::nullopt;
    }
    std::optional<std::vector<int64_t>> shape =
        type.has_shape() ? fixedShape(input, type.shape()) : wholeShape(input);
    if (!shape)
      return std::nullopt;
    if (!isReasonableShape(*shape, byteSize(*element))) {
      error() << "input '" << input.name() << "' has the impossible shape "
              << formatShape(*shape);
      return std::nullopt;
    }
    const Tensor *value = givenValue(input);
    if (value && value->type() != *element) {
      error() << "the value given for input '" << input.name() << "' is "
              << StringRef(name(value->type())) << ", the model wants "
              << StringRef(name(*element));
      return std::nullopt;
    }
    Type elementType = fromElementType(file.getContext(), *element);
    return Input{input.name(), RankedTensorType::get(*shape, elementType),
                 value, isBatch(input)};
  }

  /// The model says nothing: the option must say all.
  std::optional<std::vector<int64_t>>
  wholeShape(const onnx::ValueInfoProto &input) {
    if (const std::vector<int64_t> *shape = given(input))
      return *shape;
    error() << "the model does not state the shape of input '" << input.name()
            << "'; give it, for instance --shape=" << input.name()
            << "=1x3x224x224";
    return std::nullopt;
  }

  std::optional<std::vector<int64_t>>
  fixedShape(const onnx::ValueInfoProto &input,
             const onnx::TensorShapeProto &declared) {
    const std::vector<int64_t> *wanted = given(input);
    if (wanted && wanted->size() != static_cast<size_t>(declared.dim_size()))
      return disagree(input, declared, *wanted);
    std::vector<int64_t> shape;
    std::string unknown;
    for (auto [index, dimension] : llvm::enumerate(declared.dim())) {
      if (isFixed(dimension)) {
        if (wanted && (*wanted)[index] != dimension.dim_value())
          return disagree(input, declared, *wanted);
        shape.push_back(dimension.dim_value());
        continue;
      }
      auto symbol = symbols.find(dimension.dim_param());
      if (wanted)
        shape.push_back((*wanted)[index]);
      else if (symbol != symbols.end())
        shape.push_back(symbol->second);
      else if (index == 0 && options.assumeBatchOne)
        shape.push_back(batchOne(input, dimension));
      else
        addUnknown(unknown, index, dimension);
    }
    if (unknown.empty())
      return shape;
    error() << "input '" << input.name() << "' has the shape "
            << formatDeclared(declared) << ", in which " << unknown
            << " not fixed; give it, for instance --shape="
            << example(input.name(), declared);
    return std::nullopt;
  }

  std::nullopt_t disagree(const onnx::ValueInfoProto &input,
                          const onnx::TensorShapeProto &declared,
                          const std::vector<int64_t> &wanted) {
    error() << "--shape=" << input.name() << "=" << formatShape(wanted)
            << " does not fit the model, in which the input's shape is "
            << formatDeclared(declared);
    return std::nullopt;
  }

  int64_t batchOne(const onnx::ValueInfoProto &input,
                   const Dimension &dimension) {
    emitWarning(file) << "input '" << input.name()
                      << "': the first dimension is not fixed and taken as 1";
    if (!dimension.dim_param().empty())
      symbols.try_emplace(dimension.dim_param(), 1);
    return 1;
  }

  static void addUnknown(std::string &unknown, size_t index,
                         const Dimension &dimension) {
    std::string name = dimension.dim_param().empty()
                           ? fmt::format("dimension {}", index)
                           : fmt::format("'{}'", dimension.dim_param());
    if (unknown.empty())
      unknown = name + " is";
    else
      unknown = unknown.substr(0, unknown.rfind(' ')) + ", " + name + " are";
    // "a is" -> "a, b are" -> "a, b, c are".
  }

  /// What to write: the shape with 1 where it is open.
  static std::string example(StringRef name,
                             const onnx::TensorShapeProto &declared) {
    std::vector<int64_t> shape;
    for (const Dimension &dimension : declared.dim())
      shape.push_back(isFixed(dimension) ? dimension.dim_value() : 1);
    return name.str() + "=" + formatShape(shape);
  }

  const OnnxImportOptions &options;
  Location file;
  std::vector<const onnx::ValueInfoProto *> inputs;
  llvm::StringMap<int64_t> symbols;
  llvm::StringSet<> batchSymbols;
  bool hasFailed = false;
};

} // namespace

FailureOr<std::vector<Input>>
edgec::onnx_import::readInputs(const onnx::GraphProto &graph,
                               const OnnxImportOptions &options,
                               Location file) {
  return InputShapes(graph, options, file).run();
}

LogicalResult
edgec::onnx_import::checkOutput(const onnx::ValueInfoProto &declared,
                                RankedTensorType computed, Location file) {
  if (!declared.type().has_tensor_type())
    return success();
  const onnx::TypeProto::Tensor &type = declared.type().tensor_type();
  std::optional<ElementType> element = elementTypeOfOnnx(type.elem_type());
  bool isOtherType =
      type.elem_type() != onnx::TensorProto::UNDEFINED &&
      (!element || fromElementType(file.getContext(), *element) !=
                       computed.getElementType());
  if (isOtherType)
    return emitError(file) << "output '" << declared.name() << "' is declared "
                           << onnxTypeName(type.elem_type()) << " but computed "
                           << computed.getElementType();
  if (!type.has_shape())
    return success();
  ArrayRef<int64_t> shape = computed.getShape();
  bool fits = shape.size() == static_cast<size_t>(type.shape().dim_size());
  for (size_t i = 0; fits && i < shape.size(); ++i) {
    const Dimension &dimension = type.shape().dim(i);
    fits = !isFixed(dimension) || ShapedType::isDynamic(shape[i]) ||
           dimension.dim_value() == shape[i];
  }
  if (!fits)
    emitWarning(file) << "output '" << declared.name()
                      << "' is declared with the shape "
                      << formatDeclared(type.shape()) << " but computed with "
                      << formatShape({shape.begin(), shape.end()});
  return success();
}
