#!/bin/sh
# repeat.sh COUNT TEXT [BETWEEN TEXT2]: TEXT COUNT times, then BETWEEN, then
# TEXT2 COUNT times.
awk -v count="$1" -v before="$2" -v between="$3" -v after="$4" 'BEGIN {
  for (i = 0; i < count; ++i) printf "%s", before
  printf "%s", between
  for (i = 0; i < count; ++i) printf "%s", after
  print ""
}'
