#!/usr/bin/env bash
# Compile time and peak memory of each model: bench/compile-cost.sh MODEL.onnx...
# Needs GNU time (Debian package `time`). EDGEC names the compiler, EDGEC_FLAGS
# more options. A symbolic batch is compiled as the error message suggests: 1.
set -euo pipefail
edgec=${EDGEC:-$(dirname "$0")/../build/release/bin/edgec}
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
echo '| model | model MiB | seconds | peak MiB | peak / model | object MiB |'
echo '|---|---|---|---|---|---|'
for model in "$@"; do
  # The error of a model with open dimensions suggests how to fix them.
  read -ra shape < <("$edgec" compile "$model" -o "$out/a" --emit=header 2>&1 |
    sed -n 's/.*for instance \(--shape=[^ ]*\).*/\1/p') || true
  rm -rf "$out/a"
  if /usr/bin/time -f '%e %M' -o "$out/cost" "$edgec" compile "$model" -o "$out/a" \
    --name=model "${shape[@]}" ${EDGEC_FLAGS:-} >"$out/log" 2>&1; then
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
