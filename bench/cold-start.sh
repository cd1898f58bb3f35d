#!/usr/bin/env bash
# From the start of a process to its end after one inference, and its peak
# memory: bench/cold-start.sh [RUNS] MODEL.onnx...
#
# EDGEC names the compiler, EDGEC_FLAGS more options, CC the C compiler. With
# ORT_NODE_PATH (a folder with onnxruntime-node) the same through ONNX Runtime's
# JavaScript interface; what node takes without it stands beside.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
edgec=${EDGEC:-$here/../build/release/bin/edgec}
runs=20
if [[ ${1:-} =~ ^[0-9]+$ ]]; then
  runs=$1
  shift
fi
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
${CC:-cc} -O2 "$here/cold-start/measure.c" -o "$out/measure"

row() { # NAME WEIGHTS_AND_ARENA COMMAND...
  local name=$1 needed=$2
  shift 2
  "$out/measure" "$runs" "$@" 2>"$out/log" >"$out/result" || { cat "$out/log" >&2; return 1; }
  tail -1 "$out/result" | awk -v name="$name" -v needed="$needed" '{
    mib = $3 / 1024
    printf "| %s | %s | %s | %.1f | %s |\n", name, $1, $2, mib,
           needed == "" ? "–" : sprintf("%.1f", mib - needed / 1048576) }'
}

echo '| program | minimum ms | median ms | peak MiB | peak beyond weights and arena MiB |'
echo '|---|---|---|---|---|'
row /bin/true '' /bin/true
for model in "$@"; do
  name=$(basename "$model" .onnx)
  rm -rf "$out/model" && mkdir "$out/model"
  "$edgec" compile "$model" -o "$out/model" --name=model --json ${EDGEC_FLAGS:-} >"$out/report"
  needed=$(awk -F'[:,]' '/"(weights_bytes|arena_bytes)"/ { sum += $2 } END { print sum }' "$out/report")
  ${CC:-cc} -O2 -I"$out/model" "$here/cold-start/first-result.c" "$out/model/model.o" -o "$out/first-result"
  row "$name, edgec" "$needed" "$out/first-result"
  if [[ -n ${ORT_NODE_PATH:-} ]]; then
    row "$name, ONNX Runtime in node" '' node "$here/cold-start/first-result.cjs" "$model"
  fi
done
if [[ -n ${ORT_NODE_PATH:-} ]]; then
  row 'node alone' '' node -e 0
fi
