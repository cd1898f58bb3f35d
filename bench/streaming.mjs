#!/usr/bin/env node
// streaming.mjs: runs models that keep a state over a recording, step by step, with
// ONNX Runtime and with edgec, each fed with its own states, and compares every
// step.
//
//   npm --prefix bench install            (once: fetches onnxruntime-node)
//   node bench/streaming.mjs [options] MODELS
//
//   MODELS            folder with silero_vad_16k_op15.onnx, dtln_model_1.onnx and
//                     data/speech_16k.wav
//   --edgec=PATH      the compiler (default build/release/bin/edgec)
//   --options=TEXT    more options for it, separated by blanks, such as
//                     --reference or --target=aarch64
//   --limit=N         the first N steps only (default 0: all)
//
// Differences are those over the range of an output's values in all steps. Exit
// code 1 if one is above 1e-4.
import {existsSync, mkdtempSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {dirname, join, resolve} from 'node:path';
import {fileURLToPath} from 'node:url';
import {Edgec} from './lib/edgec.mjs';
import {UsageError, run} from './lib/errors.mjs';
import {readNpy, writeNpy} from './lib/npy.mjs';
import {Peer} from './lib/peer.mjs';
import {magnitudes, pieces, readWave} from './lib/sound.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const TOLERANCE = 1e-4;

// streamed: the input that has the steps; states: inputs by the outputs that they
// come from; fixed: inputs that stay.
const MODELS = [
  // 32 ms of new samples, after the last 4 ms of those before.
  {name: 'silero_vad_16k_op15', streamed: 'input', dims: [1, 576], steps: signal => pieces(signal, 576, 512, 64),
   states: {stateN: {name: 'state', dims: [2, 1, 128]}}, options: ['--shape=input=1x576'],
   fixed: [{name: 'sr', type: 'int64', dims: [], data: BigInt64Array.of(16000n)}]},
  // The spectrum of 32 ms, each 8 ms.
  {name: 'dtln_model_1', streamed: 'input_2', dims: [1, 1, 257],
   steps: signal => pieces(signal, 512, 128, 384).map(magnitudes),
   states: {tf_op_layer_stack_2: {name: 'input_3', dims: [1, 2, 128, 2]}}, options: [], fixed: []},
];

function parseArguments(argv) {
  const options = {edgec: resolve(here, '../build/release/bin/edgec'), options: '', limit: '0'}, folders = [];
  for (const argument of argv) {
    const match = /^--(\w+)=(.*)$/s.exec(argument);
    if (match && match[1] in options) options[match[1]] = match[2];
    else if (argument.startsWith('-')) throw new UsageError(`unknown option ${argument}`);
    else folders.push(argument);
  }
  options.limit = Number(options.limit);
  if (!Number.isInteger(options.limit) || options.limit < 0) throw new UsageError('--limit must be 0 or more');
  if (folders.length !== 1) throw new UsageError('usage: node bench/streaming.mjs [options] MODELS');
  return {options, folder: folders[0]};
}

// Outputs by name: one array for all steps.
async function runPeer(peer, path, model, steps) {
  const session = await peer.createSession(path, 1), {Tensor} = peer.ort;
  const feeds = peer.feeds(model.fixed), outputs = Object.fromEntries(session.outputNames.map(name => [name, []]));
  for (const {name, dims} of Object.values(model.states))
    feeds[name] = new Tensor('float32', new Float32Array(dims.reduce((a, b) => a * b, 1)), dims);
  for (const step of steps) {
    feeds[model.streamed] = new Tensor('float32', step, model.dims);
    const results = await session.run(feeds);
    for (const name of session.outputNames) outputs[name].push(Float32Array.from(results[name].data));
    for (const [output, {name}] of Object.entries(model.states)) feeds[name] = results[output];
  }
  await session.release();
  return outputs;
}

function runEdgec(edgec, path, model, steps, folder, {names, flags}) {
  const sequence = new Float32Array(steps.length * steps[0].length), file = name => join(folder, `${name}.npy`);
  steps.forEach((step, k) => sequence.set(step, k * step.length));
  writeNpy(file('steps'), 'float32', [steps.length, ...model.dims], sequence);
  const argv = ['run', path, ...model.options, ...flags, `--stream=${model.streamed}=${file('steps')}`];
  for (const {name, type, dims, data} of model.fixed) {
    writeNpy(file(name), type, dims, data);
    argv.push(`--input=${name}=${file(name)}`);
  }
  for (const [output, {name}] of Object.entries(model.states)) argv.push(`--state=${output}=${name}`);
  edgec.call(...argv, ...names.map(name => `--output=${name}=${file(name)}`));
  return Object.fromEntries(names.map(name => [name, readNpy(file(name)).data]));
}

// The largest difference over the range, and the step in which it is.
function compareSteps(expected, actual) {
  let low = Infinity, high = -Infinity, worst = 0, at = 0;
  const size = expected[0].length;
  if (actual.length !== size * expected.length) throw new Error(`${actual.length} elements in ${expected.length} steps`);
  expected.forEach((step, k) => step.forEach((value, i) => {
    low = Math.min(low, value); high = Math.max(high, value);
    const difference = Math.abs(value - actual[k * size + i]);
    if (!(difference <= worst)) { worst = Number.isNaN(difference) ? Infinity : difference; at = k; }
  }));
  return {error: worst / (high - low || 1), at};
}

async function main() {
  const {options, folder} = parseArguments(process.argv.slice(2));
  const recording = join(folder, 'data', 'speech_16k.wav');
  if (!existsSync(recording)) throw new UsageError(`no recording '${recording}'`);
  const peer = new Peer(), edgec = new Edgec(options.edgec, []), signal = readWave(readFileSync(recording));
  const temporary = mkdtempSync(join(tmpdir(), 'edgec-streaming-'));
  console.log('| model | steps | output | largest difference | in step | |\n|---|---|---|---|---|---|');
  let failures = 0;
  try {
    for (const model of MODELS) {
      const path = join(folder, `${model.name}.onnx`), all = model.steps(signal);
      const steps = options.limit ? all.slice(0, options.limit) : all;
      const expected = await runPeer(peer, path, model, steps);
      const actual = runEdgec(edgec, path, model, steps, temporary, {names: Object.keys(expected),
        flags: options.options.split(' ').filter(Boolean)});
      for (const [name, values] of Object.entries(expected)) {
        const {error, at} = compareSteps(values, actual[name]), isFar = !(error <= TOLERANCE);
        failures += isFar;
        const cells = [model.name, steps.length, name, error.toExponential(1), at, isFar ? 'FAIL' : 'ok'];
        console.log(`| ${cells.join(' | ')} |`);
      }
    }
  } finally {
    rmSync(temporary, {recursive: true, force: true});
  }
  process.exit(failures ? 1 : 0);
}

await run(main);
