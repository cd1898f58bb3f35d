//===- EdgeToLinalg.cpp - The pass from edge to linalg --------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "edgec/Conversion/Passes.h"

#include "Lowering.h"
#include "edgec/Dialect/Edge/EdgeDialect.h"
#include "edgec/Dialect/Kernel/KernelDialect.h"
#include "mlir/Dialect/Func/Transforms/FuncConversions.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/Diagnostics.h"

namespace edgec {
#define GEN_PASS_DEF_EDGETOLINALG
#include "edgec/Conversion/Passes.h.inc"
} // namespace edgec

using namespace mlir;
using namespace edgec;

namespace {

/// Results without elements need no computation, and their loops would break
/// what the other patterns assume.
struct EmptyResultLowering : ConversionPattern {
  EmptyResultLowering(const TypeConverter &converter, MLIRContext *context)
      : ConversionPattern(converter, MatchAnyOpTypeTag(), /*benefit=*/10,
                          context) {}

  LogicalResult
  matchAndRewrite(Operation *op, ArrayRef<Value>,
                  ConversionPatternRewriter &rewriter) const override {
    if (!isa<edge::EdgeDialect>(op->getDialect()) || op->getNumRegions() != 0 ||
        op->getNumResults() != 1)
      return rewriter.notifyMatchFailure(op, "not one plain edge result");
    RankedTensorType type = signlessType(op->getResult(0));
    if (type.getNumElements() != 0)
      return rewriter.notifyMatchFailure(op, "has elements");
    rewriter.replaceOpWithNewOp<tensor::EmptyOp>(op, type.getShape(),
                                                 type.getElementType());
    return success();
  }
};

struct EdgeToLinalgPass : edgec::impl::EdgeToLinalgBase<EdgeToLinalgPass> {
  LogicalResult initialize(MLIRContext *context) override {
    RewritePatternSet set(context);
    set.add<EmptyResultLowering>(converter, context);
    populateConstantToLinalgPatterns(converter, set);
    populateElementwiseToLinalgPatterns(converter, set);
    populateCastToLinalgPatterns(converter, set);
    populateShapeToLinalgPatterns(converter, set);
    populatePadToLinalgPatterns(converter, set);
    populateGatherToLinalgPatterns(converter, set);
    populateScatterToLinalgPatterns(converter, set);
    populateSelectionToLinalgPatterns(converter, set);
    populateNonMaxSuppressionToLinalgPatterns(converter, set);
    populateResizeToLinalgPatterns(converter, set);
    populateGridSampleToLinalgPatterns(converter, set);
    populateRoiAlignToLinalgPatterns(converter, set);
    populateDeterminantToLinalgPatterns(converter, set);
    populateReduceToLinalgPatterns(converter, set);
    populateSoftmaxToLinalgPatterns(converter, set);
    populatePoolToLinalgPatterns(converter, set);
    populateNormalizationToLinalgPatterns(converter, set);
    populateQuantToLinalgPatterns(converter, set);
    populateControlToLinalgPatterns(converter, set);
    populateFunctionOpInterfaceTypeConversionPattern<func::FuncOp>(set,
                                                                   converter);
    populateCallOpTypeConversionPattern(set, converter);
    populateReturnOpTypeConversionPattern(set, converter);
    patterns = std::move(set);
    return success();
  }

  void runOnOperation() override {
    ModuleOp module = getOperation();
    if (failed(requireStaticTypes(module)) || failed(convert(module)))
      return signalPassFailure();
    resolveSignCasts(module);
  }

private:
  /// Removes casts to a type and back, and those that nothing reads.
  static void resolveSignCasts(ModuleOp module) {
    SmallVector<UnrealizedConversionCastOp> casts;
    module.walk([&](UnrealizedConversionCastOp op) { casts.push_back(op); });
    for (UnrealizedConversionCastOp op : casts) {
      auto source =
          op.getOperand(0).getDefiningOp<UnrealizedConversionCastOp>();
      if (source && source.getOperand(0).getType() == op.getResult(0).getType())
        op.getResult(0).replaceAllUsesWith(source.getOperand(0));
    }
    for (UnrealizedConversionCastOp op : llvm::reverse(casts))
      if (op->use_empty())
        op->erase();
  }

  LogicalResult convert(ModuleOp module) {
    ConversionTarget target(getContext());
    target.addLegalDialect<arith::ArithDialect, kernel::KernelDialect,
                           linalg::LinalgDialect, math::MathDialect,
                           scf::SCFDialect, tensor::TensorDialect>();
    target.addIllegalDialect<edge::EdgeDialect>();
    // Of what has a sign in a region and none outside, until that is lowered.
    target.addLegalOp<UnrealizedConversionCastOp>();
    target.addDynamicallyLegalOp<func::FuncOp>([&](func::FuncOp op) {
      return converter.isSignatureLegal(op.getFunctionType());
    });
    target.addDynamicallyLegalOp<func::CallOp, func::ReturnOp>(
        [&](Operation *op) { return converter.isLegal(op); });

    // The framework says only which operation stayed; a pattern that knows the
    // reason has said it before.
    std::optional<std::pair<Location, std::string>> unexplained;
    bool isExplained = false;
    LogicalResult result = success();
    {
      ScopedDiagnosticHandler handler(
          &getContext(), [&](Diagnostic &diagnostic) {
            std::string text = diagnostic.str();
            if (StringRef(text).starts_with("failed to legalize")) {
              unexplained.emplace(
                  diagnostic.getLocation(),
                  StringRef(text).split('\'').second.split('\'').first);
              return success();
            }
            isExplained |=
                diagnostic.getSeverity() == DiagnosticSeverity::Error;
            return failure();
          });
      result = applyPartialConversion(module, target, patterns);
    }
    if (failed(result) && !isExplained && unexplained)
      emitError(unexplained->first)
          << "cannot generate code for " << unexplained->second
          << ": no lowering for it with these operand types";
    return result;
  }

  SignlessTypeConverter converter;
  FrozenRewritePatternSet patterns;
};

} // namespace
