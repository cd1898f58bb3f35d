#!/usr/bin/env node
// accuracy.mjs: top-1 of compiled models on labelled data against the accuracy
// that their manifest states.
//
//   node bench/accuracy.mjs [--edgec=PATH] [--tolerance=POINTS] MODELS_FOLDER [MODEL...]
//
// MODELS_FOLDER holds NAME.onnx, manifest.json (by NAME: data, scale, mean, std,
// fp32_top1_dev in per cent, n) and data/DATA_dev_x.npy, data/DATA_dev_y.npy.
// Other options (--target=..., --reference) go to `edgec eval`. Exit code 1 if a
// model is more than the tolerance (default 0.1 points) away.
import {execFileSync} from 'node:child_process';
import {readFileSync} from 'node:fs';
import {dirname, join, resolve} from 'node:path';
import {fileURLToPath} from 'node:url';

let edgec = resolve(dirname(fileURLToPath(import.meta.url)), '../build/release/bin/edgec');
let tolerance = 0.1;
const passOn = [], positional = [];
for (const argument of process.argv.slice(2)) {
  if (argument.startsWith('--edgec=')) edgec = argument.slice(8);
  else if (argument.startsWith('--tolerance=')) tolerance = Number(argument.slice(12));
  else (argument.startsWith('--') ? passOn : positional).push(argument);
}
const [folder, ...chosen] = positional;
if (!folder) {
  console.error('usage: node bench/accuracy.mjs MODELS_FOLDER [MODEL...]');
  process.exit(2);
}
const manifest = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8'));
console.log('| model | stated | compiled | n | |\n|---|---|---|---|---|');
let failures = 0;
for (const name of chosen.length ? chosen : Object.keys(manifest)) {
  const {data, scale, mean, std, fp32_top1_dev: stated, n} = manifest[name];
  let result = 'error', verdict = 'FAIL';
  try {
    const output = execFileSync(edgec, ['eval', join(folder, `${name}.onnx`),
      `--data=${join(folder, 'data', `${data}_dev_x.npy`)}`,
      `--labels=${join(folder, 'data', `${data}_dev_y.npy`)}`,
      `--scale=${scale}`, `--mean=${mean}`, `--std=${std}`, ...passOn],
      {stdio: ['ignore', 'pipe', 'inherit']}).toString();
    const match = /top-1 +([\d.]+) % \(n = (\d+)\)\s*$/.exec(output);
    result = match[1];
    if (Math.abs(Number(result) - stated) <= tolerance + 1e-9 && Number(match[2]) === n) verdict = 'ok';
  } catch (error) {
    console.error(`${name}: ${error.message.split('\n')[0]}`);
  }
  if (verdict !== 'ok') failures++;
  console.log(`| ${name} | ${stated} | ${result} | ${n} | ${verdict} |`);
}
process.exit(failures ? 1 : 0);
