// evaluate.cpp: how many of the pictures are recognised?
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "Npy.h"
#include "digits.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <exception>
#include <iostream>
#include <memory>
#include <new>

namespace {

/// The compiled model with memory to run in. What it takes and gives is read
/// from the model itself.
class Classifier {
public:
  Classifier()
      : entry(*digits_info()->entry_points[0]),
        arena(::operator new(entry.arena_size,
                             std::align_val_t(entry.arena_align))),
        scores(entry.outputs[0].byte_size / sizeof(float)) {}

  size_t pixels() const { return entry.inputs[0].byte_size / sizeof(float); }

  int64_t classify(const std::vector<float> &image) {
    int code = digits_run(image.data(), scores.data(), arena.get(), nullptr);
    if (code != EDGEC_OK)
      throw std::runtime_error("digits_run failed with code " +
                               std::to_string(code));
    return std::max_element(scores.begin(), scores.end()) - scores.begin();
  }

private:
  struct FreeArena {
    void operator()(void *memory) const {
      ::operator delete(
          memory,
          std::align_val_t(digits_info()->entry_points[0]->arena_align));
    }
  };

  const edgec_entry_point &entry;
  std::unique_ptr<void, FreeArena> arena;
  std::vector<float> scores;
};

void evaluate(const std::string &imageFile, const std::string &labelFile) {
  using Clock = std::chrono::steady_clock;
  Classifier classifier;
  std::vector<uint8_t> images = readNpy<uint8_t>(imageFile);
  std::vector<int64_t> labels = readNpy<int64_t>(labelFile);
  size_t pixels = classifier.pixels();
  if (labels.empty() || images.size() != labels.size() * pixels)
    throw std::runtime_error("the files do not hold one label an image");

  size_t right = 0;
  Clock::duration busy{};
  std::vector<float> image(pixels);
  for (size_t i = 0; i < labels.size(); ++i) {
    std::transform(images.begin() + i * pixels,
                   images.begin() + (i + 1) * pixels, image.begin(),
                   [](uint8_t pixel) { return pixel / 255.0f; });
    Clock::time_point start = Clock::now();
    right += classifier.classify(image) == labels[i];
    busy += Clock::now() - start;
  }
  std::printf("%zu of %zu right: %.2f %%, %.1f us an image\n", right,
              labels.size(), 100.0 * right / labels.size(),
              std::chrono::duration<double, std::micro>(busy).count() /
                  labels.size());
}

} // namespace

int main(int argc, char **argv) {
  if (argc != 3) {
    std::cerr << "usage: evaluate IMAGES.npy LABELS.npy\n";
    return 2;
  }
  try {
    evaluate(argv[1], argv[2]);
  } catch (const std::exception &error) {
    std::cerr << "evaluate: " << error.what() << "\n";
    return 1;
  }
}
