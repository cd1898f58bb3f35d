#!/usr/bin/env bash
# The memory plan of each model: bench/arena.sh MODEL.onnx...
# EDGEC names the compiler, EDGEC_FLAGS more options. A symbolic batch is
# compiled as the error message suggests: 1.
set -euo pipefail
source "$(dirname "$0")/lib/common.sh"
need_models "$@"
echo '| model | arena KiB | in use at the peak KiB | arena / peak | of it padding and alignment KiB | copies |'
echo '|---|---|---|---|---|---|'
for model in "$@"; do
  name=$(basename "$model" .onnx)
  find_options "$model"
  if "$edgec" compile "$model" -o "$out" "${options[@]}" --emit=header,mlir --after=plan \
    --elide-weights --json >"$out/json" 2>"$out/log"; then
    awk -v name="$name" -v arena="$(reported "$out/json" arena_bytes)" \
      -v peak="$(reported "$out/json" arena_lower_bound)" \
      -v logical="$(reported "$out/json" arena_logical_bound)" \
      -v copies="$(grep -c 'memref\.copy' "$out/model.mlir")" 'BEGIN {
        printf "| %s | %.0f | %.0f | %.3f | %.1f | %d |\n", name, arena / 1024, peak / 1024,
               peak ? arena / peak : 1, (peak - logical) / 1024, copies }'
  else
    echo "| $name | failed: $(tail -1 "$out/log") | | | | |"
  fi
done
