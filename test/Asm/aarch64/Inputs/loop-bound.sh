#!/bin/sh
# The hot loop of assembly against what its multiplications alone would take.
#
#   loop-bound.sh CPU INSTRUCTION [ATTRIBUTES] < ASSEMBLY
#
# Takes the innermost loop with the most of INSTRUCTION (a regular expression for
# mnemonics), lets llvm-mca simulate it on CPU, and compares the cycles of an
# iteration with the bound: the reciprocal throughput of those instructions by
# themselves. Fails below 90 % of the bound, where the loop uses the stack, and
# where it is one over rows, whose sums are written out and stored in it.
set -eu
cpu=$1 instruction=$2 attributes=${3:-}
iterations=200 required=90
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

# A loop is what stands between a label and a branch back to it, without another
# label in between.
awk -v instruction="^($instruction)\$" '
  /^\.LBB[0-9_]+:/ { label = substr($1, 1, length($1) - 1); body = ""; count = 0; next }
  label == "" || $1 ~ /^[.\/]/ { next }
  { body = body $0 "\n"; if ($1 ~ instruction) ++count }
  $1 ~ /^b\./ && $2 == label { if (count > most) { most = count; loop = body }; label = "" }
  END { printf "%s", loop }' > "$folder/loop.s"
awk -v instruction="^($instruction)\$" '$1 ~ instruction' "$folder/loop.s" > "$folder/multiply.s"
count=$(wc -l < "$folder/multiply.s")
if [ "$count" -eq 0 ]; then
  echo "no loop has $instruction"
  exit 1
fi
if grep -Eq '[[:space:]]st[a-z0-9]+[[:space:]].*\[x' "$folder/loop.s"; then
  echo "the loop stores results"
  exit 1
fi
if grep -q '\[sp' "$folder/loop.s"; then
  echo "the loop uses the stack"
  exit 1
fi

simulate() {
  llvm-mca -mtriple=aarch64-unknown-linux-gnu -mcpu="$cpu" -mattr="$attributes" \
    -iterations="$iterations" --instruction-info=0 --resource-pressure=0 "$1"
}
simulate "$folder/loop.s" > "$folder/loop.txt"
simulate "$folder/multiply.s" > "$folder/multiply.txt"
cycles=$(awk '/^Total Cycles:/ { print $3 }' "$folder/loop.txt")
bound=$(awk '/^Block RThroughput:/ { print $3 }' "$folder/multiply.txt")
awk -v cycles="$cycles" -v bound="$bound" -v iterations="$iterations" \
  -v count="$count" -v cpu="$cpu" -v required="$required" 'BEGIN {
    percent = 100 * bound * iterations / cycles
    printf "%s: %d multiplications, %.1f cycles, bound %.1f, %.0f %% of it\n",
           cpu, count, cycles / iterations, bound, percent
    exit percent < required }'
