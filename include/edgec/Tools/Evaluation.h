//===- Evaluation.h - A model on a data set ---------------------*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_TOOLS_EVALUATION_H
#define EDGEC_TOOLS_EVALUATION_H

#include "edgec/Data/Labels.h"
#include "edgec/Data/Samples.h"
#include "edgec/Support/Compare.h"
#include "edgec/Tools/Metrics.h"
#include "edgec/Tools/ModelLoader.h"

namespace edgec {

/// What outputs are compared with labels by.
enum class Metric {
  Accuracy, ///< Classes: top-1 and top-k.
  Auc,      ///< Classes 0 and 1: the area under the curve of a score.
  Error,    ///< Values: mean absolute and mean squared error.
};

struct EvaluationOptions {
  Metric metric = Metric::Accuracy;
  size_t output = 0; ///< The output that is looked at.
  int64_t top = 5;   ///< The k of top-k.
  int64_t first = 0; ///< Samples before this one are left out,
  int64_t limit = 0; ///< and all after so many; 0: none.
};

/// How far two models give the same output.
struct Agreement {
  int64_t sameChoice = 0; ///< Samples with the same top-1.
  /// Metric::Accuracy: samples that only one of the two has right.
  int64_t onlyThis = 0, onlyReference = 0;
  ErrorSums errors;
};

struct Evaluation {
  int64_t samples = 0;
  int64_t classes = 0; ///< Elements that a sample has in the output.
  bool hasLabels = false;
  int64_t top1 = 0, topK = 0; ///< Metric::Accuracy: samples that are right.
  double auc = 0;             ///< Metric::Auc.
  MeanErrors errors;          ///< Metric::Error.
  std::optional<Agreement> agreement;

  double percent(int64_t part) const {
    return 100.0 * static_cast<double>(part) / static_cast<double>(samples);
  }

  /// Whether samples that only one of the two models has right were counted.
  bool hasDrop(const EvaluationOptions &options) const {
    return hasLabels && agreement && options.metric == Metric::Accuracy;
  }
  /// Points of top-1 that the reference has more, and their standard error:
  /// samples that both models have right, or both wrong, tell nothing.
  double drop() const {
    return percent(agreement->onlyReference - agreement->onlyThis);
  }
  double dropError() const;
};

/// Runs `model` on the samples. `labels` may be null where there is a
/// `reference`, another model with the same inputs and outputs; what is held
/// does not grow with the number of samples, but for the scores of Metric::Auc.
llvm::Expected<Evaluation> evaluate(RunnableModel &model, Samples &samples,
                                    Labels *labels, RunnableModel *reference,
                                    const EvaluationOptions &options);

} // namespace edgec

#endif // EDGEC_TOOLS_EVALUATION_H
