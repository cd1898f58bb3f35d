#!/usr/bin/env bash
# From the start of a process to its end after one inference, and its peak
# memory: bench/cold-start.sh [RUNS] MODEL.onnx...
#
# EDGEC names the compiler, EDGEC_FLAGS more options, CC the C compiler. With
# ORT_NODE_PATH (a folder with onnxruntime-node) the same through ONNX Runtime's
# JavaScript interface; what node takes without it stands beside. Files are in
# the page cache: the first run of each program does not count. Beside the program
# that is linked with the model stands edgec-runner, which loads it as a library
# and its inputs as files (RUNNER names it, where it is not beside the compiler).
set -euo pipefail
source "$(dirname "$0")/lib/common.sh"
runs=20
if [[ ${1:-} =~ ^[0-9]+$ ]]; then
  runs=$1
  shift
fi
need_models "$@"
build_measure

row() { # NAME WEIGHTS_AND_ARENA COMMAND...
  local name=$1 needed=$2 result
  shift 2
  "$out/measure" 1 "$@" >"$out/log" 2>&1 && result=$("$out/measure" "$runs" "$@") || {
    cat "$out/log" >&2
    return 1
  }
  awk -v name="$name" -v needed="$needed" '{
    mib = $3 / 1024
    printf "| %s | %s | %s | %.1f | %s |\n", name, $1, $2, mib,
           needed == "" ? "–" : sprintf("%.1f", mib - needed / 1048576) }' <<<"$result"
}

# Runs the shared library on files of zeros.
runner_row() { # NAME WEIGHTS_AND_ARENA
  local size files=()
  for size in $("$runner" "$out/model/libmodel.so" | sed -n 's/^input .*, \([0-9]*\) bytes$/\1/p'); do
    head -c "$size" /dev/zero >"$out/in${#files[@]}"
    files+=("$out/in${#files[@]}")
  done
  row "$1, edgec-runner" "$2" "$runner" "$out/model/libmodel.so" "${files[@]}" -o "$out/result"
}

runner=${RUNNER:-$(dirname "$(command -v "$edgec")")/edgec-runner}
echo '| program | minimum ms | median ms | peak MiB | peak beyond weights and arena MiB |'
echo '|---|---|---|---|---|'
row /bin/true '' /bin/true
for model in "$@"; do
  name=$(basename "$model" .onnx)
  find_options "$model"
  "$edgec" compile "$model" -o "$out/model" "${options[@]}" --emit=object,header,shared \
    --report="$out/report" >/dev/null
  needed=$(($(reported "$out/report" weights_bytes) + $(reported "$out/report" arena_bytes)))
  "${CC:-cc}" -O2 -I"$out/model" "$bench/cold-start/first-result.c" "$out/model/model.o" \
    -o "$out/first-result"
  row "$name, edgec" "$needed" "$out/first-result"
  runner_row "$name" "$needed"
  if [[ -n ${ORT_NODE_PATH:-} ]]; then
    row "$name, ONNX Runtime in node" '' node "$bench/cold-start/first-result.cjs" "$model"
  fi
  rm -rf "$out/model"
done
if [[ -n ${ORT_NODE_PATH:-} ]]; then
  row 'node alone' '' node -e 0
fi
