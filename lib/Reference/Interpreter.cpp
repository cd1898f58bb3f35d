//===- Interpreter.cpp - The definition of right --------------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "edgec/Reference/Interpreter.h"
#include "Kernels.h"
#include "Regions.h"
#include "mlir/IR/Verifier.h"

using namespace edgec;
using namespace edgec::reference;
using namespace mlir;

const KernelTable &reference::kernels() {
  static const KernelTable table = [] {
    KernelTable table;
    addBinaryKernels(table);
    addContractionKernels(table);
    addConvTransposeKernels(table);
    addElementwiseKernels(table);
    addNormalizationKernels(table);
    addPoolingKernels(table);
    addQuantizationKernels(table);
    addReductionKernels(table);
    addResizeKernels(table);
    addSamplingKernels(table);
    addScatterKernels(table);
    addSelectionKernels(table);
    addShapeKernels(table);
    return table;
  }();
  return table;
}

namespace {

/// The largest value that the interpreter computes. Models' activations are
/// three orders of magnitude smaller; shapes in malformed files are not.
constexpr uint64_t maxValueBytes = uint64_t(1) << 32;

/// An error at an operation. Those at a function do not print it: it is the
/// whole model.
InFlightDiagnostic reportError(Operation *op) {
  if (auto function = dyn_cast<func::FuncOp>(op))
    return emitError(op->getLoc())
           << "function '" << function.getName() << "' ";
  return op->emitOpError();
}

/// The element type of a tensor type that the interpreter can hold.
FailureOr<ElementType> checkType(Operation *op, Type type) {
  auto tensor = dyn_cast<RankedTensorType>(type);
  if (!tensor || !tensor.hasStaticShape())
    return reportError(op) << "cannot be interpreted: " << type
                           << " is not a tensor of static shape";
  if (std::optional<ElementType> found = toElementType(tensor.getElementType()))
    return *found;
  return reportError(op)
         << "cannot be interpreted: no host type for elements of " << type;
}

LogicalResult checkTensor(Operation *op, const Tensor &tensor, Type type) {
  FailureOr<ElementType> elementType = checkType(op, type);
  if (failed(elementType))
    return failure();
  if (tensor.type() == *elementType &&
      cast<RankedTensorType>(type).getShape() == ArrayRef(tensor.shape()))
    return success();
  return reportError(op) << "expects a tensor of type " << type
                         << " but is given " << StringRef(name(tensor.type()))
                         << ' ' << formatShape(tensor.shape());
}

FailureOr<std::vector<Tensor>> constantValue(Operation *op,
                                             ElementsAttr attribute) {
  FailureOr<Tensor> tensor = toTensor(attribute);
  if (failed(tensor))
    return op->emitOpError("has a value that cannot be read: its resource is "
                           "missing or does not have the size of its type");
  std::vector<Tensor> results;
  results.push_back(std::move(*tensor));
  return results;
}

} // namespace

FailureOr<Tensor> reference::allocate(Operation *op, Type type) {
  FailureOr<ElementType> elementType = checkType(op, type);
  if (failed(elementType))
    return failure();
  std::vector<int64_t> shape = cast<RankedTensorType>(type).getShape().vec();
  uint64_t bytes = byteSize(*elementType);
  for (int64_t extent : shape)
    // An extent of zero does not excuse the others: loops run over them.
    if (__builtin_mul_overflow(bytes, std::max<uint64_t>(extent, 1), &bytes) ||
        bytes > maxValueBytes)
      return op->emitOpError("has a result of ")
             << type << ", larger than the interpreter's limit of 4 GiB";
  return Tensor(*elementType, std::move(shape));
}

FailureOr<std::vector<Tensor>> reference::evaluate(Operation *op,
                                                   Operands operands) {
  if (auto constant = dyn_cast<edge::ConstantOp>(op))
    return constantValue(op, constant.getValue());
  if (auto parameter = dyn_cast<edge::ParameterOp>(op))
    return constantValue(op, parameter.getValue());

  Kernel kernel = kernels().lookup(op);
  if (!kernel)
    return op->emitOpError("cannot be interpreted: it is not an operation of "
                           "the edge dialect that the interpreter knows");
  for (auto [operand, value] : llvm::zip_equal(operands, op->getOperands()))
    if (failed(checkTensor(op, operand, value.getType())))
      return failure();
  std::vector<Tensor> results;
  for (Type type : op->getResultTypes()) {
    FailureOr<Tensor> result = allocate(op, type);
    if (failed(result))
      return failure();
    results.push_back(std::move(*result));
  }
  kernel(op, operands, results);
  return results;
}

FailureOr<std::vector<Tensor>>
edgec::interpretOperation(Operation *op, ArrayRef<Tensor> operands) {
  if (op->getNumRegions() != 0)
    return op->emitOpError("has regions: interpret the whole function");
  if (operands.size() != op->getNumOperands())
    return op->emitOpError("has ")
           << op->getNumOperands() << " operands but is given "
           << operands.size();
  if (failed(verify(op)))
    return failure();
  return evaluate(op, operands);
}

FailureOr<std::vector<Tensor>> edgec::interpret(func::FuncOp function,
                                                ArrayRef<Tensor> inputs,
                                                TensorObserver observer) {
  if (function.isExternal())
    return reportError(function) << "has no body to interpret";
  if (inputs.size() != function.getNumArguments())
    return reportError(function) << "has " << function.getNumArguments()
                                 << " inputs but is given " << inputs.size();
  for (auto [input, type] :
       llvm::zip_equal(inputs, function.getArgumentTypes()))
    if (failed(checkTensor(function, input, type)))
      return failure();
  if (failed(verify(function)))
    return failure();
  return RegionInterpreter(observer).run(function.getBody(), inputs);
}
