#!/bin/sh
# round-trip.sh FOLDER [--OPTION...] MODEL...: exports every model into FOLDER and
# runs source and exported model on the same random inputs. Names those whose
# outputs are not the same bytes; the last line counts the others. Options go to
# `edgec run`, --shape also to `edgec compile`, for the models after them: up to
# the next --shape, the others from there on.
folder=$1
shift
shape= options= same=0
rm -rf "$folder"
for argument in "$@"; do
  case $argument in
  --shape=*) shape=$argument; continue ;;
  --*) options="$options $argument"; continue ;;
  esac
  name=$(basename "$argument")
  out=$folder/$name
  mkdir -p "$out"
  edgec compile "$argument" $shape --emit=onnx --name=model -o "$out" >"$out/log" 2>&1 &&
    edgec run "$argument" $shape $options --random-inputs=5 --output="$out/source.npz" >>"$out/log" 2>&1 &&
    edgec run "$out/model.onnx" $options --random-inputs=5 --output="$out/exported.npz" >>"$out/log" 2>&1 &&
    cmp "$out/source.npz" "$out/exported.npz" >>"$out/log" 2>&1 &&
    same=$((same + 1)) || { echo "differs: $name"; cat "$out/log"; }
  rm -f "$out/model.onnx"
done
echo "$same models give the same outputs"
