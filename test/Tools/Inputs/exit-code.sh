#!/bin/sh
# exit-code.sh CODE COMMAND...: succeeds if COMMAND exits with CODE; passes its
# output on, errors included.
expected=$1
shift
"$@" 2>&1
actual=$?
if [ "$actual" -ne "$expected" ]; then
  echo "exit code $actual, expected $expected" >&2
  exit 1
fi
