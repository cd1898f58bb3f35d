//===- ExpandLookup.cpp - Tables of bytes in registers --------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ExpandLookup.h"

#include "edgec/Dialect/Kernel/KernelDialect.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"

using namespace mlir;
using namespace edgec;

namespace {

/// Bytes among which one instruction of every target can choose.
constexpr int64_t rowBytes = 16;

/// Looks up one register of `width` bytes.
class LookupEmitter {
public:
  LookupEmitter(OpBuilder &builder, Location loc,
                const TargetDescription &target, ArrayRef<int8_t> table,
                int64_t width)
      : b(loc, builder), target(target), table(table),
        type(VectorType::get({width}, b.getI8Type())) {}

  Value emit(Value bytes) {
    if (!target.isX86())
      return chooseByRows(bytes);
    return target.hasVbmi ? permute(bytes) : shuffleRows(bytes);
  }

private:
  Value call(StringRef intrinsic, ValueRange operands) {
    return b
        .create<LLVM::CallIntrinsicOp>(type, b.getStringAttr(intrinsic),
                                       operands)
        .getResults();
  }

  Value splat(int8_t value) {
    return b.create<arith::ConstantOp>(
        DenseElementsAttr::get(type, b.getI8IntegerAttr(value)));
  }

  /// `row`, again and again.
  Value repeated(ArrayRef<int8_t> row) {
    SmallVector<int8_t> bytes(type.getNumElements());
    for (auto [i, byte] : llvm::enumerate(bytes))
      byte = row[i % row.size()];
    return b.create<arith::ConstantOp>(
        DenseElementsAttr::get(type, ArrayRef<int8_t>(bytes)));
  }

  /// AVX512-VBMI: the low seven bits choose from two registers, the highest
  /// bit between two such choices.
  Value permute(Value bytes) {
    constexpr StringRef intrinsic = "llvm.x86.avx512.vpermi2var.qi.512";
    constexpr int64_t quarter = 64;
    SmallVector<Value> quarters;
    for (int64_t begin = 0; begin != 4 * quarter; begin += quarter)
      quarters.push_back(repeated(table.slice(begin, quarter)));
    Value low = call(intrinsic, {quarters[0], bytes, quarters[1]});
    Value high = call(intrinsic, {quarters[2], bytes, quarters[3]});
    Value isHigh =
        b.create<arith::CmpIOp>(arith::CmpIPredicate::slt, bytes, splat(0));
    return b.create<arith::SelectOp>(isHigh, high, low);
  }

  /// pshufb chooses from 16 bytes by the low four bits of an index, and gives
  /// zero for a negative one. Rows hold their difference (xor) to the one
  /// before: the sum of all rows up to that of the index is its entry. The
  /// upper half of the table is reached with the sign bit inverted.
  Value shuffleRows(Value bytes) {
    StringRef intrinsic =
        type.getNumElements() == 64   ? "llvm.x86.avx512.pshuf.b.512"
        : type.getNumElements() == 32 ? "llvm.x86.avx2.pshuf.b"
                                      : "llvm.x86.ssse3.pshuf.b.128";
    constexpr int64_t half = 128;
    Value step = splat(rowBytes);
    Value sum;
    for (ArrayRef<int8_t> entries :
         {table.take_front(half), table.drop_front(half)}) {
      Value index = sum ? b.create<arith::XOrIOp>(bytes, splat(-128)) : bytes;
      for (int64_t begin = 0; begin != half; begin += rowBytes) {
        SmallVector<int8_t> row(entries.slice(begin, rowBytes));
        if (begin != 0) {
          for (int64_t i = 0; i < rowBytes; ++i)
            row[i] ^= entries[begin - rowBytes + i];
          // Saturates: what is negative stays so.
          index = b.create<LLVM::SSubSat>(type, index, step);
        }
        Value part = call(intrinsic, {repeated(row), index});
        sum = sum ? b.create<arith::XOrIOp>(sum, part) : part;
      }
    }
    return sum;
  }

  /// NEON: tbl gives zero for an index beyond its 64 bytes, tbx leaves what
  /// was there.
  Value chooseByRows(Value bytes) {
    constexpr int64_t group = 64;
    Value step = splat(group);
    Value result;
    for (int64_t begin = 0; begin != 4 * group; begin += group) {
      SmallVector<Value> operands;
      if (result) {
        bytes = b.create<arith::SubIOp>(bytes, step);
        operands.push_back(result);
      }
      for (int64_t row = begin; row != begin + group; row += rowBytes)
        operands.push_back(repeated(table.slice(row, rowBytes)));
      operands.push_back(bytes);
      result =
          call(result ? "llvm.aarch64.neon.tbx4" : "llvm.aarch64.neon.tbl4",
               operands);
    }
    return result;
  }

  ImplicitLocOpBuilder b;
  const TargetDescription &target;
  ArrayRef<int8_t> table;
  VectorType type;
};

struct ExpandLookup : OpRewritePattern<kernel::LookupOp> {
  ExpandLookup(MLIRContext *context, const TargetDescription &target)
      : OpRewritePattern(context), target(target) {}

  LogicalResult matchAndRewrite(kernel::LookupOp op,
                                PatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    Value bytes = op.getInput();
    auto type = dyn_cast<VectorType>(op.getType());
    if (type && type.getRank() != 1)
      return rewriter.notifyMatchFailure(op, "not in one dimension");
    if (!type) {
      bytes = rewriter.create<vector::BroadcastOp>(
          loc, VectorType::get({1}, op.getType()), bytes);
      rewriter.replaceOpWithNewOp<vector::ExtractOp>(
          op, lookUp(rewriter, op, bytes), ArrayRef<int64_t>{0});
      return success();
    }
    rewriter.replaceOp(op, lookUp(rewriter, op, bytes));
    return success();
  }

private:
  /// Bytes that are looked up at once, of at least `lanes`.
  int64_t registerWidth(int64_t lanes) const {
    int64_t widest = target.registerBytes;
    if (target.hasVbmi)
      return widest;
    return std::clamp<int64_t>(llvm::PowerOf2Ceil(lanes), rowBytes, widest);
  }

  Value lookUp(PatternRewriter &rewriter, kernel::LookupOp op,
               Value bytes) const {
    Location loc = op.getLoc();
    auto type = cast<VectorType>(bytes.getType());
    int64_t lanes = type.getNumElements();
    int64_t width = registerWidth(lanes);
    LookupEmitter emitter(rewriter, loc, target, op.getTable(), width);
    if (lanes == width)
      return emitter.emit(bytes);

    auto zeros = [&](int64_t count) -> Value {
      return rewriter.create<arith::ConstantOp>(
          loc, rewriter.getZeroAttr(
                   VectorType::get({count}, type.getElementType())));
    };
    Value result = zeros(lanes);
    for (int64_t begin = 0; begin < lanes; begin += width) {
      int64_t size = std::min(width, lanes - begin);
      Value part = rewriter.create<vector::ExtractStridedSliceOp>(
          loc, bytes, begin, size, 1);
      if (size < width)
        part = rewriter.create<vector::InsertStridedSliceOp>(
            loc, part, zeros(width), 0, 1);
      part = emitter.emit(part);
      if (size < width)
        part = rewriter.create<vector::ExtractStridedSliceOp>(loc, part, 0,
                                                              size, 1);
      result = rewriter.create<vector::InsertStridedSliceOp>(loc, part, result,
                                                             begin, 1);
    }
    return result;
  }

  TargetDescription target;
};

} // namespace

void edgec::populateExpandLookupPattern(RewritePatternSet &patterns,
                                        const TargetDescription &target) {
  patterns.add<ExpandLookup>(patterns.getContext(), target);
}
