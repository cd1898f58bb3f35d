#!/usr/bin/env bash
# Installs with apt what building and testing edgec needs and the machine lacks.
# usage: scripts/setup.sh [--test]   --test: also what only the tests use
set -euo pipefail

packages=(
  cmake ninja-build ccache git
  clang-19 lld-19 llvm-19-dev llvm-19-tools libmlir-19-dev mlir-19-tools liblld-19-dev
  libonnx-dev libprotobuf-dev protobuf-compiler libfmt-dev zlib1g-dev libzstd-dev
  libxml2-dev libpng-dev libjpeg-dev
)
if [[ ${1:-} == --test ]]; then
  packages+=(
    libgtest-dev libgmock-dev libclang-rt-19-dev clang-format-19 gcc g++ python3
    g++-aarch64-linux-gnu qemu-user libonnx-testdata
  )
fi

missing=()
for package in "${packages[@]}"; do
  status=$(dpkg-query -W -f='${Status}' "$package" 2>/dev/null || true)
  [[ $status == "install ok installed" ]] || missing+=("$package")
done
[[ ${#missing[@]} -eq 0 ]] && exit 0

echo "Installing: ${missing[*]}"
as_root=()
if [[ $(id -u) -ne 0 ]]; then
  command -v sudo >/dev/null || {
    echo "setup: run as root or install sudo, or install yourself: ${missing[*]}" >&2
    exit 1
  }
  as_root=(sudo)
fi
export DEBIAN_FRONTEND=noninteractive
"${as_root[@]}" apt-get update -qq
"${as_root[@]}" apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
