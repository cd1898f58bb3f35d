//===- HandlerTable.h - Which operations are exported, and how --*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One entry an operation. A family of operations is a file that adds its own;
// nothing else knows operations by name.
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_LIB_EXPORT_ONNX_HANDLERTABLE_H
#define EDGEC_LIB_EXPORT_ONNX_HANDLERTABLE_H

#include "NodeWriter.h"
#include "llvm/ADT/StringMap.h"
#include <functional>

namespace edgec::onnx_export {

class HandlerTable {
public:
  /// The table of all families.
  static const HandlerTable &get();

  /// `write` adds the nodes of one operation; it fails after
  /// NodeWriter::error(). `opset`, where there is one, tells the first operator
  /// set that has a form for the operation.
  template <typename OpTy>
  void add(mlir::LogicalResult (*write)(OpTy, NodeWriter &),
           int64_t (*opset)(OpTy) = nullptr) {
    Entry &entry = entries[OpTy::getOperationName()];
    entry.write = [write](mlir::Operation *op, NodeWriter &node) {
      return write(llvm::cast<OpTy>(op), node);
    };
    if (opset)
      entry.opset = [opset](mlir::Operation *op) {
        return opset(llvm::cast<OpTy>(op));
      };
  }

  /// An operation that is a node of the same operands without attributes.
  template <typename OpTy> void add(llvm::StringLiteral opType) {
    entries[OpTy::getOperationName()].write = [opType](mlir::Operation *op,
                                                       NodeWriter &node) {
      return node.finish(opType, node.operands());
    };
  }

  bool contains(mlir::Operation *op) const {
    return entries.contains(op->getName().getStringRef());
  }
  mlir::LogicalResult write(mlir::Operation *op, NodeWriter &node) const {
    return entries.find(op->getName().getStringRef())->second.write(op, node);
  }
  /// The first operator set with a form for the operation; 0: any will do.
  int64_t opsetOf(mlir::Operation *op) const;

private:
  struct Entry {
    std::function<mlir::LogicalResult(mlir::Operation *, NodeWriter &)> write;
    std::function<int64_t(mlir::Operation *)> opset;
  };
  llvm::StringMap<Entry> entries;
};

void addActivations(HandlerTable &table);
void addContractions(HandlerTable &table);
void addControl(HandlerTable &table);
void addElementwise(HandlerTable &table);
void addIndexing(HandlerTable &table);
void addNormalizations(HandlerTable &table);
void addPooling(HandlerTable &table);
void addQuantization(HandlerTable &table);
void addReductions(HandlerTable &table);
void addResize(HandlerTable &table);
void addSampling(HandlerTable &table);
void addShape(HandlerTable &table);
void addSlicing(HandlerTable &table);

} // namespace edgec::onnx_export

#endif // EDGEC_LIB_EXPORT_ONNX_HANDLERTABLE_H
