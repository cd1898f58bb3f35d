//===- TrueShapes.h - Outputs of the shape that a run gave them -*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_TOOLS_TRUESHAPES_H
#define EDGEC_TOOLS_TRUESHAPES_H

#include "edgec/Tools/ModelLoader.h"

namespace edgec {

/// The first elements of each dimension, as many as `shape` says. Extents
/// beyond the tensor's are an error.
llvm::Expected<Tensor> cutToShape(const Tensor &tensor,
                                  llvm::ArrayRef<int64_t> shape);

/// The same model without the outputs that tell the shapes of others: its run
/// returns those of their true shapes. The model itself where there are none.
std::unique_ptr<RunnableModel>
withTrueShapes(std::unique_ptr<RunnableModel> model);

} // namespace edgec

#endif // EDGEC_TOOLS_TRUESHAPES_H
