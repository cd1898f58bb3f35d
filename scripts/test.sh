#!/usr/bin/env bash
# The README's second command: sets up, builds and runs every test; the last
# line is `N passed, N failed` (and `N skipped` where something is missing).
set -uo pipefail
cd "$(dirname "$0")/.."
passed=0 failed=0 skipped=0
logs=build/test-logs
mkdir -p "$logs"

stage() { printf '\n== %s (%dm%02ds)\n' "$1" $((SECONDS / 60)) $((SECONDS % 60)); }
abort() { echo "$1" >&2; echo "$passed passed, $((failed + 1)) failed"; exit 1; }

# One test that is a command: it passes when the command succeeds.
check() {
  local name=$1; shift
  if "$@" >"$logs/check.log" 2>&1; then
    echo "PASS: $name"; passed=$((passed + 1))
  else
    echo "FAIL: $name"; tail -40 "$logs/check.log"; failed=$((failed + 1))
  fi
}

# Adds up lit's summary: "  Passed : 12", "  Failed: 1", "Unsupported", ...
run_lit() {
  local log=$logs/lit-$1.log; shift
  python3 /usr/lib/llvm-19/build/utils/lit/lit.py -sv -j2 "$@" 2>&1 | tee "$log"
  local counts
  counts=$(awk -F: '/^ +(Passed|Expectedly Failed) *:/ {p += $2}
    /^ +(Failed|Unresolved|Timed Out|Unexpectedly Passed) *:/ {f += $2}
    /^ +(Unsupported|Skipped) *:/ {s += $2} END {print p+0, f+0, s+0}' "$log")
  read -r p f s <<<"$counts"
  [[ $((p + f)) -gt 0 ]] || { echo "lit ran no test"; f=1; }
  passed=$((passed + p)) failed=$((failed + f)) skipped=$((skipped + s))
}

run_ctest() {
  local log=$logs/ctest-$1.log
  ctest --test-dir "build/$1" -j2 --output-on-failure --no-tests=error "${@:2}" >"$log" 2>&1
  grep -E 'Failed|\*\*\*|Skipped|tests passed' "$log"
  local f total s
  total=$(sed -n 's/.*tests failed out of \([0-9]*\).*/\1/p' "$log")
  f=$(sed -n 's/.* \([0-9]*\) tests failed out of.*/\1/p' "$log")
  s=$(grep -cE '\*\*\*Skipped' "$log")
  [[ -n $total && $total -gt 0 ]] || { tail -30 "$log"; total=1 f=1; }
  passed=$((passed + total - f - s)) failed=$((failed + f)) skipped=$((skipped + s))
}

# Adds up the lines of the fuzzers. The same inputs each time, so that what a
# change did not touch passes as it did before: new faults are looked for with
# longer runs of scripts/fuzz.sh, of which each has others.
run_fuzzers() {
  local log=$logs/fuzz.log f
  EDGEC_FUZZ_SEED=1 EDGEC_FUZZ_RUNS=100000 scripts/fuzz.sh 2>&1 | tee "$log"
  passed=$((passed + $(grep -c '^PASS: fuzz-' "$log")))
  f=$(grep -c '^FAIL: fuzz-' "$log")
  grep -q '^PASS: fuzz-\|^FAIL: fuzz-' "$log" || { echo "no fuzzer ran"; f=1; }
  failed=$((failed + f))
}

stage "Set-up"
scripts/setup.sh --test || abort "set-up failed"
stage "Build (release)"
scripts/build.sh release -DEDGEC_BUILD_TESTS=ON || abort "the release build failed"
stage "Unit tests"
run_ctest release
stage "lit"
run_lit release build/release/test
stage "Documentation and formatting"
check "generated documentation is up to date" scripts/check-docs.sh
check "formatting" scripts/check-format.sh
stage "Installed package: CMake projects in C and C++"
check "python-free examples" scripts/check-examples.sh
stage "Sanitizers: importer, passes, runtime"
if scripts/build.sh asan -DEDGEC_BUILD_TESTS=ON -DEDGEC_FUZZ=ON; then
  # libMLIR.so and lld are not instrumented: containers and arenas that cross
  # into them look overflown or poisoned, and static registries look leaked.
  export ASAN_OPTIONS=detect_container_overflow=0:allow_user_poisoning=0:detect_leaks=0
  export UBSAN_OPTIONS=print_stacktrace=1:halt_on_error=1
  run_ctest asan
  # Accuracy over whole data sets says nothing about memory, and a search
  # compiles the same model many times.
  run_lit asan build/asan/test --filter-out 'Models/|Conformance/|precision-search'
  unset ASAN_OPTIONS UBSAN_OPTIONS
  stage "Fuzzing"
  run_fuzzers
else
  echo "FAIL: the sanitizer build"; failed=$((failed + 1))
fi

printf '\n(%dm%02ds)\n' $((SECONDS / 60)) $((SECONDS % 60))
if [[ $skipped -gt 0 ]]; then
  echo "$skipped skipped: see the stages above"
fi
echo "$passed passed, $failed failed"
[[ $failed -eq 0 ]]
