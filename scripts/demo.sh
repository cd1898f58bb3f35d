#!/usr/bin/env bash
# The README's first command: sets up, builds, compiles the example model, runs
# it on example inputs, and prints results, accuracy, size and timings.
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/setup.sh
scripts/build.sh release -DEDGEC_BUILD_TESTS=OFF
edgec=build/release/bin/edgec
example=examples/digits
out=build/demo
mkdir -p "$out"

say() { printf '\n$ %s\n' "$*"; "$@"; }
say $edgec inspect $example/digits.onnx --shape=image=1x1x28x28
say $edgec compile $example/digits.onnx -o $out --shape=image=1x1x28x28 --emit=object,header,shared
say ls -l $out
say $edgec run $out/libdigits.so --input=$example/digit_7.npy
say $edgec eval $out/libdigits.so --data=$example/digits_test_x.npy \
  --labels=$example/digits_test_y.npy --scale=0.00392156863
say $edgec bench $out/libdigits.so
