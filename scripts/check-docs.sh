#!/usr/bin/env bash
# Fails, with a diff, when docs/generated is not what the TableGen definitions
# say, or when docs/spec.md lacks a constraint that a definition has.
set -euo pipefail
cd "$(dirname "$0")/.."
fresh=$(mktemp -d)
trap 'rm -rf "$fresh"' EXIT

cmake -DOUTPUT="$fresh/generated" -P docs/generate.cmake
if ! diff -ru docs/generated "$fresh/generated"; then
  echo "docs/generated is out of date: cmake --build build/release --target edgec-docs" >&2
  exit 1
fi

# "edge.conv (C1)", one a line, from the generated page and from the
# specification: both have a heading an operation and a tag a constraint.
constraints() {
  awk '/^#+ / { op = ""; if (match($0, /edge\.[a-z0-9_]+/)) op = substr($0, RSTART, RLENGTH) }
    op != "" { line = $0
      while (match(line, /\(C[0-9]+\)/)) {
        print op, substr(line, RSTART, RLENGTH); line = substr(line, RSTART + RLENGTH) } }' "$1" |
    sort -u
}
if ! diff -u --label "definitions" <(constraints docs/generated/EdgeDialect.md) \
             --label "docs/spec.md" <(constraints docs/spec.md); then
  echo "docs/spec.md and the definitions in include/edgec/Dialect/Edge differ in constraints" >&2
  exit 1
fi
