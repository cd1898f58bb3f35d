#!/usr/bin/env bash
# Configures and builds a preset: scripts/build.sh [PRESET] [CMake options...]
set -euo pipefail
cd "$(dirname "$0")/.."
preset=${1:-release}
shift || true
cmake --preset "$preset" "$@" >"build-$preset.log" 2>&1 || {
  cat "build-$preset.log" >&2
  exit 1
}
rm -f "build-$preset.log"
cmake --build --preset "$preset"
