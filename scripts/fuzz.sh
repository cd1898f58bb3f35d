#!/usr/bin/env bash
# Runs the libFuzzer targets of the sanitizer build from the seeds in
# fuzz/corpus, two at a time, and prints a line for each; what makes one fail is
# kept in build/asan/fuzz. Built by scripts/build.sh asan -DEDGEC_FUZZ=ON.
# usage: [EDGEC_FUZZ_SECONDS=120] scripts/fuzz.sh [NAME...]   (all)
# EDGEC_FUZZ_SEED=N and EDGEC_FUZZ_RUNS=N: the same N inputs each time, at most.
set -uo pipefail
cd "$(dirname "$0")/.."
export seconds=${EDGEC_FUZZ_SECONDS:-120}
export seed=${EDGEC_FUZZ_SEED:-0} runs=${EDGEC_FUZZ_RUNS:--1}
export folder=build/asan/fuzz
# As for the tests, but that leaks count: the parsers keep no registries.
export ASAN_OPTIONS=detect_container_overflow=0:allow_user_poisoning=0:detect_leaks=1
export UBSAN_OPTIONS=print_stacktrace=1:halt_on_error=1

fuzz() {
  local name=$1 log=$folder/$1.log seeds=("fuzz/corpus/$1")
  [[ $name != onnx-text ]] || seeds+=(test/Import/Onnx) # An example of each family.
  mkdir -p "$folder/corpus/$name"
  # What is found goes to the first folder: the seeds stay as they are.
  if "build/asan/bin/fuzz-$name" -seed="$seed" -runs="$runs" -max_total_time="$seconds" -timeout=10 \
    -max_len=8192 -rss_limit_mb=2048 -malloc_limit_mb=2048 -print_final_stats=1 \
    -artifact_prefix="$folder/$name-" \
    "$folder/corpus/$name" "${seeds[@]}" >"$log" 2>&1; then
    echo "PASS: fuzz-$name ($(sed -n 's/^stat::number_of_executed_units: *//p' "$log") inputs)"
  else
    echo "FAIL: fuzz-$name"
    tail -40 "$log"
    return 1
  fi
}
export -f fuzz

names=("$@")
[[ ${#names[@]} -gt 0 ]] || names=($(ls fuzz/corpus))
printf '%s\n' "${names[@]}" | xargs -P2 -I{} bash -c 'fuzz {}'
