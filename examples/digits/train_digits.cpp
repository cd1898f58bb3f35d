//===- train_digits.cpp - Trains the example's model ----------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Trains a small convolutional network on what make_digits draws and writes it
// as ONNX; or evaluates such a file with the code that it was trained with.
// The same options give the same bytes on every machine: sums have a fixed
// order and only correctly rounded operations are used.
//
//===----------------------------------------------------------------------===//

#include "io/DataSet.h"
#include "io/ModelFile.h"
#include "nn/Adam.h"
#include "nn/Loss.h"
#include "nn/Networks.h"

#include "llvm/Support/CommandLine.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/InitLLVM.h"
#include "llvm/Support/WithColor.h"

#include <algorithm>
#include <chrono>
#include <numeric>

using namespace digits;
namespace cl = llvm::cl;

static cl::OptionCategory category("train_digits options");

static cl::opt<std::string> imagesPath("images", cl::desc("Images to train on"),
                                       cl::value_desc("x.npy"),
                                       cl::cat(category));
static cl::opt<std::string> labelsPath("labels", cl::desc("Their labels"),
                                       cl::value_desc("y.npy"),
                                       cl::cat(category));
static cl::opt<std::string>
    testImagesPath("test-images", cl::desc("Images to measure accuracy on"),
                   cl::value_desc("x.npy"), cl::Required, cl::cat(category));
static cl::opt<std::string> testLabelsPath("test-labels",
                                           cl::desc("Their labels"),
                                           cl::value_desc("y.npy"),
                                           cl::Required, cl::cat(category));
static cl::opt<std::string> outputPath("o", cl::desc("Write the model here"),
                                       cl::value_desc("digits.onnx"),
                                       cl::cat(category));
static cl::opt<std::string>
    evaluatePath("evaluate",
                 cl::desc("Do not train: measure this model's accuracy"),
                 cl::value_desc("digits.onnx"), cl::cat(category));

enum class Network { Cnn, Linear };
static cl::opt<Network> networkKind(
    "network", cl::desc("What to train (cnn)"), cl::init(Network::Cnn),
    cl::values(clEnumValN(Network::Cnn, "cnn", "the example's model"),
               clEnumValN(Network::Linear, "linear",
                          "a linear classifier, for comparison")),
    cl::cat(category));
static cl::opt<unsigned> epochs("epochs",
                                cl::desc("Passes over the training data (8)"),
                                cl::init(8), cl::cat(category));
static cl::opt<unsigned> batchSize("batch", cl::desc("Images in a step (32)"),
                                   cl::init(32), cl::cat(category));
static cl::opt<float>
    peakRate("rate",
             cl::desc("Largest learning rate; it rises over the first "
                      "tenth and then falls to zero (0.003)"),
             cl::init(0.003f), cl::cat(category));
static cl::opt<uint64_t>
    seed("seed", cl::desc("For the initial weights and the order (1)"),
         cl::init(1), cl::cat(category));

/// Number of images whose digit the network recognises.
static int countCorrect(Layer<float> &network, const DataSet &set) {
  constexpr int imagesAtOnce = 50;
  std::vector<int> indices(set.size());
  std::iota(indices.begin(), indices.end(), 0);
  int correct = 0;
  for (int first = 0; first < set.size(); first += imagesAtOnce) {
    int count = std::min(imagesAtOnce, set.size() - first);
    Batch<float> logits =
        network.forward(set.batch(&indices[first], count), Mode::Inference);
    correct += softmaxCrossEntropy(logits, &set.labels[first]).correct;
  }
  return correct;
}

static double percent(int part, int whole) { return 100.0 * part / whole; }

/// A triangle: up to the peak in the first tenth, then down to zero.
static float learningRate(unsigned step, unsigned steps) {
  float progress = (step + 0.5f) / steps;
  constexpr float rise = 0.1f;
  return peakRate *
         std::min(progress / rise, (1.0f - progress) / (1.0f - rise));
}

static void shuffle(std::vector<int> &order, Random &random) {
  for (size_t i = order.size(); i > 1; --i)
    std::swap(order[i - 1], order[random.below(i)]);
}

static void train(Layer<float> &network, const DataSet &set,
                  const DataSet &test) {
  std::vector<Parameter<float> *> parameters;
  network.collectParameters(parameters);
  Adam optimizer(parameters);
  Random random = Random::forItem(seed, /*index=*/1);
  std::vector<int> order(set.size());
  std::iota(order.begin(), order.end(), 0);

  unsigned batches = set.size() / batchSize, steps = epochs * batches;
  std::vector<int64_t> labels(batchSize);
  auto start = std::chrono::steady_clock::now();
  for (unsigned epoch = 0; epoch < epochs; ++epoch) {
    shuffle(order, random);
    double lossSum = 0;
    int correct = 0;
    for (unsigned b = 0; b < batches; ++b) {
      const int *indices = &order[b * batchSize];
      for (unsigned i = 0; i < batchSize; ++i)
        labels[i] = set.labels[indices[i]];
      Batch<float> logits =
          network.forward(set.batch(indices, batchSize), Mode::Training);
      Loss<float> loss = softmaxCrossEntropy(logits, labels.data());
      network.backward(loss.gradient);
      optimizer.step(learningRate(epoch * batches + b, steps));
      lossSum += loss.mean;
      correct += loss.correct;
    }
    std::chrono::duration<double> time =
        std::chrono::steady_clock::now() - start;
    llvm::outs() << llvm::format(
        "epoch %2u: loss %.4f, accuracy %.2f %% in training, %.2f %% in test, "
        "%.0f s\n",
        epoch + 1, lossSum / batches, percent(correct, batches * batchSize),
        percent(countCorrect(network, test), test.size()), time.count());
    llvm::outs().flush();
  }
}

static llvm::Error checkOptions() {
  if (!evaluatePath.empty()) {
    if (networkKind != Network::Cnn || !outputPath.empty())
      return llvm::createStringError(
          "--evaluate cannot be used with --network=linear or -o");
    return llvm::Error::success();
  }
  if (imagesPath.empty() || labelsPath.empty())
    return llvm::createStringError(
        "nothing to train on: give --images and --labels, or --evaluate");
  if (networkKind != Network::Cnn && !outputPath.empty())
    return llvm::createStringError("only --network=cnn can be written with -o");
  if (epochs == 0 || batchSize < 2)
    return llvm::createStringError("--epochs must be at least 1 and --batch 2");
  return llvm::Error::success();
}

static llvm::Error run() {
  if (llvm::Error error = checkOptions())
    return error;
  llvm::Expected<DataSet> test = readDataSet(testImagesPath, testLabelsPath);
  if (!test)
    return test.takeError();
  std::unique_ptr<Sequential<float>> network = networkKind == Network::Cnn
                                                   ? makeCnn<float>(seed)
                                                   : makeLinear<float>(seed);
  if (!evaluatePath.empty()) {
    if (llvm::Error error = readModel(evaluatePath, *network))
      return error;
  } else {
    llvm::Expected<DataSet> set = readDataSet(imagesPath, labelsPath);
    if (!set)
      return set.takeError();
    if (static_cast<unsigned>(set->size()) < batchSize)
      return llvm::createStringError("fewer images than --batch");
    train(*network, *set, *test);
    if (!outputPath.empty())
      if (llvm::Error error = writeModel(outputPath, *network))
        return error;
  }
  llvm::outs() << llvm::format(
      "top-1 %.2f %% (n = %d)\n",
      percent(countCorrect(*network, *test), test->size()), test->size());
  return llvm::Error::success();
}

int main(int argc, char **argv) {
  llvm::InitLLVM init(argc, argv);
  cl::HideUnrelatedOptions(category);
  cl::ParseCommandLineOptions(
      argc, argv,
      "trains the digits example's model\n\n"
      "  train_digits --images=x.npy --labels=y.npy --test-images=tx.npy "
      "--test-labels=ty.npy -o digits.onnx\n"
      "  train_digits --evaluate=digits.onnx --test-images=tx.npy "
      "--test-labels=ty.npy\n");
  if (llvm::Error error = run()) {
    llvm::WithColor::error() << llvm::toString(std::move(error)) << "\n";
    return 1;
  }
  return 0;
}
