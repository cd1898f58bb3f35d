#!/usr/bin/env bash
# Compile time and peak memory of each model: bench/compile-cost.sh MODEL.onnx...
# Needs GNU time (Debian package `time`). EDGEC names the compiler, EDGEC_FLAGS
# more options. A symbolic batch is compiled as 1.
set -euo pipefail
edgec=${EDGEC:-$(dirname "$0")/../build/release/bin/edgec}
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
echo '| model | model MiB | seconds | peak MiB | peak / model | object MiB |'
echo '|---|---|---|---|---|---|'
for model in "$@"; do
  if /usr/bin/time -f '%e %M' -o "$out/cost" "$edgec" compile "$model" -o "$out/a" \
    --name=model ${EDGEC_FLAGS:-} >"$out/log" 2>&1; then
    read -r seconds kib < <(tail -1 "$out/cost")
    awk -v name="$(basename "$model" .onnx)" -v size="$(stat -c %s "$model")" \
      -v object="$(stat -c %s "$out/a/model.o")" -v s="$seconds" -v kib="$kib" 'BEGIN {
        m = size / 1048576
        printf "| %s | %.1f | %.1f | %.0f | %.1f | %.1f |\n", name, m, s, kib / 1024,
               kib / 1024 / m, object / 1048576 }'
  else
    echo "| $(basename "$model" .onnx) | failed: $(tail -1 "$out/log") | | | | |"
  fi
  rm -rf "$out/a"
done
