#!/bin/sh
# Stands for `edgec compile MODEL -o FOLDER --name=NAME ...` in the test: notes
# its arguments in FOLDER/calls and writes an object and a header that say
# nothing.
set -eu
folder=$4
name=${5#--name=}
mkdir -p "$folder"
echo "$@" >>"$folder/calls"
echo "int ${name}_run(void);" >"$folder/$name.h"
: >"$folder/edgec.h"
echo "int ${name}_run(void) { return 0; }" >"$folder/stub.c"
"${STUB_CC:-cc}" -c "$folder/stub.c" -o "$folder/$name.o"
