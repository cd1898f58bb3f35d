#!/usr/bin/env bash
# How near the hot loop of each contraction comes to what its multiplications
# alone would take on an AArch64 processor, by llvm-mca's model of it:
# bench/loop-bounds.sh MODEL.onnx...
#
# EDGEC names the compiler, EDGEC_FLAGS more options, CPUS the processors (default
# "cortex-a76 neoverse-n1 neoverse-n2", of which the last has smmla; LLVM has no
# model of cortex-a76 and takes cortex-a57's, with three instructions a cycle).
# Sums that are so short that they are written out, beside their epilogue, are
# only counted.
set -euo pipefail
source "$(dirname "$0")/lib/common.sh"
need_models "$@"
# Other versions of LLVM have other models of the processors.
PATH=/usr/lib/llvm-19/bin:$PATH
command -v llvm-mca >/dev/null || {
  echo "loop-bounds.sh: error: no llvm-mca: install the package llvm-19" >&2
  exit 2
}
loop_bound=$bench/../test/Asm/aarch64/Inputs/loop-bound.sh
multiplications='fmla|[su]dot|usdot|sudot|[su]mmla|usmmla|smlal2?'

# Files with the code of one contraction each, by its function's name.
split_contractions() { # ASSEMBLY FOLDER
  awk -v folder="$2" '
    /^[A-Za-z_][A-Za-z0-9_.$]*:/ { name = substr($1, 1, index($1, ":") - 1) }
    name ~ /^layer_contract_[0-9]+$/ { print > (folder "/" name ".s") }' "$1"
}

echo '| model | processor | loops | of them at least 90 % of the bound | least % | below 90 % | written out |'
echo '|---|---|---|---|---|---|---|'
for model in "$@"; do
  name=$(basename "$model" .onnx)
  find_options "$model"
  for cpu in ${CPUS:-cortex-a76 neoverse-n1 neoverse-n2}; do
    rm -rf "$out/layers" && mkdir "$out/layers"
    if ! "$edgec" compile "$model" -o - "${options[@]}" --emit=asm --target=aarch64 --cpu="$cpu" \
      >"$out/model.s" 2>"$out/log"; then
      echo "| $name | $cpu | failed: $(head -1 "$out/log") | | | | |"
      continue
    fi
    split_contractions "$out/model.s" "$out/layers"
    for file in "$out"/layers/*.s; do
      [[ -e $file ]] || continue
      result=$(bash "$loop_bound" "$cpu" "$multiplications" <"$file") || true
      echo "$(basename "$file" .s) $result"
    done | awk -v name="$name" -v cpu="$cpu" '
      / no loop has | stores results$/ { ++unrolled; next }
      {
        ++loops
        percent = / % of it$/ ? $(NF - 3) : 0
        if (loops == 1 || percent < least) least = percent
        if (percent >= 90) { ++near; next }
        below = below (below == "" ? "" : ", ") $1 (percent ? " (" percent ")" : " (stack)")
      }
      END {
        gsub("layer_contract_", "", below)
        printf "| %s | %s | %d | %d | %s | %s | %d |\n", name, cpu, loops, near, loops ? least : "–", below, unrolled
      }'
  done
done
