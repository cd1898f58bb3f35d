#!/usr/bin/env bash
# Installs the release build into a fresh prefix and builds and runs the
# example projects against it, as a user of the package would.
set -euo pipefail
cd "$(dirname "$0")/.."
prefix=$PWD/build/installed
rm -rf "$prefix" build/python-free-examples
cmake --install build/release --prefix "$prefix" >/dev/null
for example in python-free-examples/*/; do
  name=$(basename "$example")
  dir=build/python-free-examples/$name
  cmake -S "$example" -B "$dir" -G Ninja -DCMAKE_BUILD_TYPE=Release \
    -DCMAKE_PREFIX_PATH="$prefix"
  cmake --build "$dir"
  ctest --test-dir "$dir" --output-on-failure --no-tests=error
done
