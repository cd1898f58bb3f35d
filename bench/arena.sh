#!/usr/bin/env bash
# The memory plan of each model: bench/arena.sh MODEL.onnx...
# EDGEC names the compiler, EDGEC_FLAGS more options. A symbolic batch is
# compiled as the error message suggests: 1.
set -euo pipefail
edgec=${EDGEC:-$(dirname "$0")/../build/release/bin/edgec}
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
echo '| model | arena KiB | in use at the peak KiB | arena / peak | of it padding and alignment KiB | copies |'
echo '|---|---|---|---|---|---|'
for model in "$@"; do
  # The error of a model with open dimensions suggests how to fix them.
  read -ra shape < <("$edgec" compile "$model" -o "$out/a" --emit=header 2>&1 |
    sed -n 's/.*for instance \(--shape=[^ ]*\).*/\1/p') || true
  name=$(basename "$model" .onnx)
  if "$edgec" compile "$model" -o "$out" --name=model --emit=header,mlir --after=plan \
    --elide-weights --json "${shape[@]}" ${EDGEC_FLAGS:-} >"$out/json" 2>"$out/log"; then
    number() { sed -n "s/.*\"$1\": \([0-9]*\).*/\1/p" "$out/json" | head -1; }
    awk -v name="$name" -v arena="$(number arena_bytes)" -v peak="$(number arena_lower_bound)" \
      -v logical="$(number arena_logical_bound)" \
      -v copies="$(grep -c 'memref\.copy' "$out/model.mlir")" 'BEGIN {
        printf "| %s | %.0f | %.0f | %.3f | %.1f | %d |\n", name, arena / 1024, peak / 1024,
               peak ? arena / peak : 1, (peak - logical) / 1024, copies }'
  else
    echo "| $name | failed: $(tail -1 "$out/log") | | | | |"
  fi
done
