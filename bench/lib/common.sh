# common.sh: what the measuring scripts share; sourced, not run.
#
# EDGEC names the compiler, EDGEC_FLAGS more options for it, CC the C compiler.
bench=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
edgec=${EDGEC:-$bench/../build/release/bin/edgec}
read -ra edgec_flags <<<"${EDGEC_FLAGS:-}"
if ! command -v "$edgec" >/dev/null; then
  echo "${0##*/}: error: no compiler at '$edgec': build it, or set EDGEC" >&2
  exit 2
fi
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT

need_models() { # usage: need_models "$@"
  [[ $# -gt 0 ]] || {
    echo "usage: bench/${0##*/} MODEL.onnx..." >&2
    exit 2
  }
}

# Sets `options` to those that MODEL is compiled with: the error of a model with
# open dimensions suggests how to fix them, a batch of 1.
find_options() { # usage: find_options MODEL
  local shape
  shape=$("$edgec" compile "$1" -o "$out/shape" --emit=header 2>&1 |
    sed -n 's/.*for instance \(--shape=[^ ]*\).*/\1/p') || true
  rm -rf "$out/shape"
  read -ra options <<<"--name=model $shape"
  options+=("${edgec_flags[@]}")
}

# The sum of a number's values in a report of `edgec compile --json`.
reported() { # usage: reported FILE NAME
  awk -F'[:,]' -v name="\"$2\"" '$1 ~ "^ *" name "$" { sum += $2 } END { print sum + 0 }' "$1"
}

build_measure() {
  "${CC:-cc}" -O2 "$bench/lib/measure.c" -o "$out/measure"
}
