# weights-at-most.sh PERCENT A.o B.o: the weights of A take at most so much of
# what those of B take.
size() {
  bytes=$(llvm-readelf -SW "$1" |
    sed -n 's/.* \.rodata\.edgec_weights *PROGBITS *[0-9a-f]* *[0-9a-f]* *\([0-9a-f]*\) .*/\1/p')
  [ -n "$bytes" ] || { echo "$1 has no weights" >&2; exit 1; }
  printf '%d' "0x$bytes"
}
a=$(size "$2") && b=$(size "$3") || exit 1
echo "$2: $a bytes of weights, $3: $b"
[ $((a * 100)) -le $((b * $1)) ]
