//===- GateActivations.cpp - Activations of recurrent layers --------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "GateActivations.h"
#include "NodeContext.h"
#include <fmt/format.h>
#include <optional>

using namespace edgec;
using namespace edgec::onnx_import;
using namespace mlir;
using llvm::APFloat;

namespace {

template <typename OpTy>
Value plain(NodeContext &node, Value x, double, double) {
  return node.create<OpTy>(x);
}

template <typename OpTy>
Value withAlpha(NodeContext &node, Value x, double alpha, double) {
  return node.create<OpTy>(x, APFloat(alpha));
}

Value scaled(NodeContext &node, Value x, double factor) {
  return node.create<edge::MulOp>(x,
                                  node.scalar(node.elementTypeOf(x), factor));
}

Value affine(NodeContext &node, Value x, double alpha, double beta) {
  return node.create<edge::AddOp>(scaled(node, x, alpha),
                                  node.scalar(node.elementTypeOf(x), beta));
}

Value scaledTanh(NodeContext &node, Value x, double alpha, double beta) {
  return scaled(node, node.create<edge::TanhOp>(scaled(node, x, beta)), alpha);
}

Value hardSigmoid(NodeContext &node, Value x, double alpha, double beta) {
  return node.create<edge::HardSigmoidOp>(x, APFloat(alpha), APFloat(beta));
}

/// A function by its name in small letters, with the defaults of the
/// parameters that it has.
struct KnownActivation {
  llvm::StringLiteral name;
  decltype(GateActivation::build) build;
  std::optional<float> alpha = std::nullopt, beta = std::nullopt;
};

constexpr KnownActivation knownActivations[] = {
    {"affine", affine, 1.0f, 0.0f},
    {"elu", withAlpha<edge::EluOp>, 1.0f},
    {"hardsigmoid", hardSigmoid, 0.2f, 0.5f},
    {"leakyrelu", withAlpha<edge::LeakyReluOp>, 0.01f},
    {"relu", plain<edge::ReluOp>},
    {"scaledtanh", scaledTanh, 1.0f, 1.0f},
    {"sigmoid", plain<edge::SigmoidOp>},
    {"softplus", plain<edge::SoftplusOp>},
    {"softsign", plain<edge::SoftsignOp>},
    {"tanh", plain<edge::TanhOp>},
    {"thresholdedrelu", withAlpha<edge::ThresholdedReluOp>, 1.0f},
};

/// Parameters, which only those functions take that have them.
class Parameters {
public:
  Parameters(NodeContext &node, StringRef attribute)
      : values(node.floatsAttribute(attribute).value_or(SmallVector<float>())) {
  }

  double next(std::optional<float> byDefault) {
    if (!byDefault)
      return 0;
    return used < values.size() ? values[used++] : *byDefault;
  }

private:
  SmallVector<float> values;
  size_t used = 0;
};

} // namespace

std::optional<GateActivation>
edgec::onnx_import::findGateActivation(StringRef name) {
  for (const KnownActivation &known : knownActivations)
    if (known.name == name.lower())
      return GateActivation{known.build, known.alpha.value_or(0),
                            known.beta.value_or(0)};
  return std::nullopt;
}

SmallVector<GateActivation> edgec::onnx_import::readGateActivations(
    NodeContext &node, ArrayRef<StringRef> byDefault, int64_t numDirections) {
  SmallVector<std::string> names =
      node.stringsAttribute("activations").value_or(SmallVector<std::string>());
  if (names.empty())
    for (int64_t direction = 0; direction < numDirections; ++direction)
      names.append(byDefault.begin(), byDefault.end());
  size_t needed = static_cast<size_t>(numDirections) * byDefault.size();
  if (names.size() != needed) {
    (void)node.error(fmt::format("{} activations are given, {} are needed",
                                 names.size(), needed));
    return {};
  }
  Parameters alphas(node, "activation_alpha");
  Parameters betas(node, "activation_beta");
  SmallVector<GateActivation> activations;
  for (const std::string &name : names) {
    const auto *known = llvm::find_if(knownActivations, [&](const auto &row) {
      return row.name == StringRef(name).lower();
    });
    if (known == std::end(knownActivations)) {
      (void)node.error("activation '" + name + "' is not known");
      return {};
    }
    activations.push_back(
        {known->build, alphas.next(known->alpha), betas.next(known->beta)});
  }
  return activations;
}
