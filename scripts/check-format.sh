#!/usr/bin/env bash
# Fails, naming the files, when C or C++ code is not in clang-format's style.
# usage: scripts/check-format.sh [--fix]
set -euo pipefail
cd "$(dirname "$0")/.."
mode=(--dry-run --Werror)
[[ ${1:-} == --fix ]] && mode=(-i)
git ls-files '*.cpp' '*.h' '*.c' | xargs clang-format-19 "${mode[@]}"
