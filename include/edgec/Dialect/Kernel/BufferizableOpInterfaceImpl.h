//===- BufferizableOpInterfaceImpl.h - Kernel bufferization -----*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_DIALECT_KERNEL_BUFFERIZABLEOPINTERFACEIMPL_H
#define EDGEC_DIALECT_KERNEL_BUFFERIZABLEOPINTERFACEIMPL_H

namespace mlir {
class DialectRegistry;
} // namespace mlir

namespace edgec::kernel {

/// Lets one-shot bufferization put kernel operations on memrefs.
void registerBufferizableOpInterfaceExternalModels(
    mlir::DialectRegistry &registry);

} // namespace edgec::kernel

#endif // EDGEC_DIALECT_KERNEL_BUFFERIZABLEOPINTERFACEIMPL_H
