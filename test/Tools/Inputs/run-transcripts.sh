#!/bin/sh
# run-transcripts.sh DOCUMENT FOLDER: runs the commands of a Markdown document's
# console blocks (lines that begin with "$ ") in FOLDER, and prints the document
# with the output that they have now.
document=$(realpath "$1")
cd "$2" || exit 1
block=no
status=0
while IFS= read -r line; do
  case "$block$line" in
  'no```console') block=yes ;;
  'yes```') block=no ;;
  esac
  case "$block$line" in
  'yes$ '*)
    printf '%s\n' "$line"
    (exit $status) # What $? is to the command.
    eval "${line#??}" 2>&1
    status=$?
    ;;
  'yes```console' | no*) printf '%s\n' "$line" ;;
  esac
done < "$document"
