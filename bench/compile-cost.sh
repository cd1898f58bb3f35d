#!/usr/bin/env bash
# Compile time, peak memory and sizes of each model: bench/compile-cost.sh MODEL.onnx...
# EDGEC names the compiler, EDGEC_FLAGS more options, CC the C compiler. RUNS
# (default 1) compilations, of which the fastest counts. A symbolic batch is
# compiled as the error message suggests: 1.
set -euo pipefail
source "$(dirname "$0")/lib/common.sh"
need_models "$@"
build_measure
echo '| model | model MiB | seconds | peak MiB | peak / model | object MiB | code KiB | layers | kernels |'
echo '|---|---|---|---|---|---|---|---|---|'
for model in "$@"; do
  name=$(basename "$model" .onnx)
  find_options "$model"
  if cost=$("$out/measure" "${RUNS:-1}" "$edgec" compile "$model" -o "$out/model" \
    "${options[@]}" --report="$out/report" 2>"$out/log"); then
    read -r milliseconds _ kib <<<"$cost"
    awk -v name="$name" -v size="$(stat -c %s "$model")" -v ms="$milliseconds" -v kib="$kib" \
      -v object="$(stat -c %s "$out/model/model.o")" -v code="$(reported "$out/report" code_bytes)" \
      -v layers="$(reported "$out/report" layers)" -v kernels="$(reported "$out/report" kernels)" 'BEGIN {
        mib = size / 1048576
        printf "| %s | %.1f | %.1f | %.0f | %.1f | %.1f | %.0f | %d | %d |\n", name, mib, ms / 1000,
               kib / 1024, kib / 1024 / mib, object / 1048576, code / 1024, layers, kernels }'
  else
    echo "| $name | failed: $(head -1 "$out/log") | | | | | | | |"
  fi
  rm -rf "$out/model"
done
