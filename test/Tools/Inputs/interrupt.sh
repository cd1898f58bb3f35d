#!/bin/sh
# interrupt.sh FOLDER COMMAND...: interrupts the command, which writes into
# FOLDER, after one time and another, and says what it left there: nothing, or
# everything that it writes when it is let be. Temporary files count.
folder=$1
shift
"$@" >/dev/null || exit 1
whole=$(ls "$folder" | sort)
for signal in INT TERM HUP; do
  for seconds in 0.05 0.1 0.2 0.3 0.5; do
    rm -rf "$folder"
    timeout -s $signal $seconds "$@" >/dev/null 2>&1
    left=$(ls "$folder" 2>/dev/null | sort)
    if [ -n "$left" ] && [ "$left" != "$whole" ]; then
      echo "$signal after $seconds s left: $left"
      exit 1
    fi
  done
done
echo "nothing is left half-written"
