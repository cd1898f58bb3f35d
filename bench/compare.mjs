#!/usr/bin/env node
// compare.mjs: runs models with ONNX Runtime and with edgec on the same inputs
// in the same run, checks the outputs against each other and times both.
//
//   npm --prefix bench install            (once: fetches onnxruntime-node)
//   node bench/compare.mjs [options] MODEL.onnx...
//
//   --edgec=PATH      the compiler (default build/release/bin/edgec)
//   --options=TEXT    more options for it, separated by blanks
//   --threads=N,...   of both (default 1)
//   --rounds=N        interleaved timing rounds, 0: only compare (default 5)
//   --seconds=S       that each of both runs in a round (default 0.5)
//   --seed=N          of the random inputs (default 1)
//   --target=T        passed on to edgec; no timing where T is foreign
//   --results=FILE    rows are kept there (JSON) and added to those that it has,
//                     so that a long comparison can be made in parts
//   --markdown=FILE   also writes the table there
//
// ONNX Runtime is called through its JavaScript interface. What such a call
// costs by itself is measured beside, with a model of the same inputs and
// outputs that computes nothing, and subtracted. For NAME_int8 the better time
// of that model and of NAME_dyn8 (dynamic quantization), where there is one,
// stands for ONNX Runtime.
//
// error: largest |difference| over the output's range; snr in decibel, over all
// outputs. Exit code 1 if a model's error is above 1e-4 (quantized models, whose
// file name has int8 or dyn8: a different top-1 or less than 40 dB).
import {execFileSync} from 'node:child_process';
import {existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {createRequire} from 'node:module';
import {tmpdir, cpus} from 'node:os';
import {basename, dirname, join, resolve} from 'node:path';
import {fileURLToPath} from 'node:url';
import {identityModel} from './lib/identity.mjs';
import {ARRAY, readNpy, writeNpy} from './lib/npy.mjs';
import {compareOutputs, median} from './lib/statistics.mjs';
import {isQuantized, passes, table} from './lib/table.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const require = createRequire(join(process.env.ORT_NODE_PATH ?? here, 'x.js'));
const ort = require('onnxruntime-node');

function parseArguments(argv) {
  const options = {edgec: resolve(here, '../build/release/bin/edgec'), options: '', threads: '1',
                   rounds: '5', seconds: '0.5', seed: '1', target: '', results: '', markdown: ''};
  const models = [];
  for (const argument of argv) {
    const match = /^--(\w+)=(.*)$/.exec(argument);
    if (!match) models.push(argument);
    else if (match[1] in options) options[match[1]] = match[2];
    else throw new Error(`unknown option --${match[1]}`);
  }
  options.threads = options.threads.split(',').map(Number);
  options.options = options.options.split(' ').filter(Boolean);
  return {options, models};
}

// A small generator of our own: the same inputs everywhere.
function randomSource(seed) {
  let state = BigInt(seed) * 0x9E3779B97F4A7C15n & 0xFFFFFFFFFFFFFFFFn;
  return () => {
    state = state + 0x9E3779B97F4A7C15n & 0xFFFFFFFFFFFFFFFFn;
    let z = state;
    z = (z ^ z >> 30n) * 0xBF58476D1CE4E5B9n & 0xFFFFFFFFFFFFFFFFn;
    z = (z ^ z >> 27n) * 0x94D049BB133111EBn & 0xFFFFFFFFFFFFFFFFn;
    return Number((z ^ z >> 31n) >> 11n) / 2 ** 53;
  };
}

function makeInputs(metadata, seed) {
  const random = randomSource(seed);
  return metadata.map(({name, type, shape}) => {
    const dims = shape.map(d => typeof d === 'number' && d > 0 ? d : 1);
    const count = dims.reduce((a, b) => a * b, 1);
    const data = new ARRAY[type](count);
    for (let i = 0; i < count; i++) {
      const u = random();
      if (type === 'int64') data[i] = name.includes('mask') ? BigInt(u < 0.9) : BigInt(Math.floor(u * 1000));
      else if (type.startsWith('float')) data[i] = Math.sqrt(-2 * Math.log(1 - u)) * Math.cos(2 * Math.PI * random());
      else data[i] = Math.floor(u * 100);
    }
    return {name, type, dims, data};
  });
}

function createSession(model, threads, graphOptimizationLevel = 'all') {
  return ort.InferenceSession.create(model, {intraOpNumThreads: threads, interOpNumThreads: 1,
    graphOptimizationLevel, executionMode: 'sequential'});
}

// How far ONNX Runtime is from itself without its optimisations: quantized models
// amplify the last bit, and no other implementation can be expected to be nearer.
async function selfSnr(path, feeds, expected) {
  const plain = await createSession(path, 1, 'disabled');
  const {snr} = compareOutputs(expected, await plain.run(feeds));
  await plain.release();
  return snr;
}

// Runs edgec's code on the inputs, which lie in `folder` as files afterwards.
function runEdgec(path, options, folder, inputs, common, names) {
  const target = options.target ? [`--target=${options.target}`] : [];
  const run = ['run', path, ...common, ...target];
  inputs.forEach((input, k) => {
    const file = join(folder, `in${k}.npy`);
    writeNpy(file, input.type, input.dims, input.data);
    run.push(`--input=${input.name}=${file}`);
  });
  names.forEach((name, k) => run.push(`--output=${name}=${join(folder, `out${k}.npy`)}`));
  execFileSync(options.edgec, run, {stdio: ['ignore', 'ignore', 'inherit']});
  return Object.fromEntries(names.map((name, k) => [name, readNpy(join(folder, `out${k}.npy`))]));
}

//===- Timing ------------------------------------------------------------===//

async function timeOrt(session, feeds, seconds) {
  const times = [];
  const end = performance.now() + seconds * 1000;
  do {
    const start = performance.now();
    await session.run(feeds);
    times.push(performance.now() - start);
  } while (performance.now() < end || times.length < 3);
  return times;
}

function timeEdgec(options, library, threads) {
  const report = execFileSync(options.edgec, ['bench', library, `--threads=${threads}`,
    `--seconds=${options.seconds}`, '--json'], {stdio: ['ignore', 'pipe', 'ignore']});
  return JSON.parse(report);
}

// A peer's session with all the times that it took.
async function createContestant(model, threads, feeds, label) {
  const session = await createSession(model, threads);
  await timeOrt(session, feeds, 0.1);
  return {label, session, feeds, times: []};
}

async function timeWith(threads, options, folder, path, feeds, describe) {
  const seconds = Number(options.seconds);
  const contestants = [await createContestant(path, threads, feeds, '')];
  const dynamic = path.replace(/_int8\.onnx$/, '_dyn8.onnx');
  if (dynamic !== path && existsSync(dynamic))
    contestants.push(await createContestant(dynamic, threads, feeds, 'dynamic'));
  const call = await createContestant(identityModel(describe.inputs, describe.outputs), threads, feeds, 'call');
  const ours = [], medians = [];
  for (let round = 0; round < Number(options.rounds); round++) {
    for (const contestant of contestants) contestant.times.push(...await timeOrt(contestant.session, feeds, seconds));
    call.times.push(...await timeOrt(call.session, feeds, seconds / 10));
    const report = timeEdgec(options, join(folder, 'libmodel.so'), threads);
    ours.push(report.min_ms); medians.push(report.median_ms);
  }
  for (const {session} of [...contestants, call]) await session.release();
  const best = contestants.reduce((a, b) => Math.min(...b.times) < Math.min(...a.times) ? b : a);
  return {ort: Math.min(...best.times) - Math.min(...call.times),
          ortMedian: median(best.times) - median(call.times), peer: best.label,
          call: Math.min(...call.times), edgec: Math.min(...ours), edgecMedian: median(medians)};
}

async function compareModel(path, options, folder) {
  const session = await createSession(path, options.threads[0]);
  const inputs = makeInputs(session.inputMetadata, options.seed);
  const feeds = Object.fromEntries(inputs.map(i => [i.name, new ort.Tensor(i.type, i.data, i.dims)]));
  const expected = await session.run(feeds);
  await session.release();

  const common = [...inputs.map(i => `--shape=${i.name}=${i.dims.join('x')}`), ...options.options];
  const actual = runEdgec(path, options, folder, inputs, common, Object.keys(expected));
  const row = {model: basename(path, '.onnx'), ...compareOutputs(expected, actual)};
  if (isQuantized(row.model)) row.self = await selfSnr(path, feeds, expected);
  if (Number(options.rounds) === 0 || options.target) return row;

  execFileSync(options.edgec, ['compile', path, '-o', folder, '--emit=shared', '--name=model', ...common],
    {stdio: 'ignore'});
  const outputs = Object.entries(expected).map(([name, tensor]) => ({name, type: tensor.type, dims: tensor.dims}));
  row.times = {};
  for (const threads of options.threads)
    row.times[threads] = await timeWith(threads, options, folder, path, feeds, {inputs, outputs});
  return row;
}

//===- Reporting ---------------------------------------------------------===//

function describeRow(row, threads) {
  if (row.failure) return `${row.model}: ${row.failure}`;
  const times = threads.map(count => row.times?.[count]).filter(Boolean).map(t =>
    `, ${t.edgec.toFixed(3)} / ${t.ort.toFixed(3)} ms = ${(t.edgec / t.ort).toFixed(2)}`);
  return `${passes(row) ? 'ok  ' : 'BAD '} ${row.model}: error ${row.error.toExponential(1)}, ` +
    `snr ${row.snr.toFixed(1)} dB${times.join('')}`;
}

// JSON has no infinity, which is the ratio of equal outputs.
const toJson = (key, value) => value === Infinity ? 'Infinity' : value;
const fromJson = (key, value) => value === 'Infinity' ? Infinity : value;

function mergeResults(file, rows) {
  const known = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8'), fromJson) : [];
  const kept = known.filter(old => !rows.some(row => row.model === old.model));
  const all = [...kept, ...rows].sort((a, b) => a.model < b.model ? -1 : 1);
  writeFileSync(file, JSON.stringify(all, toJson, 1) + '\n');
  return all;
}

function footer(options) {
  const peer = require('onnxruntime-node/package.json').version;
  const edgec = execFileSync(options.edgec, ['--version']).toString().split('\n')[0];
  return `${cpus()[0].model}, ${cpus().length} cores; ${edgec}, ONNX Runtime ${peer}, node ${process.version}. ` +
    `Minimum and, in brackets, median of interleaved runs; ratio: edgec's minimum over ONNX Runtime's.`;
}

const {options, models} = parseArguments(process.argv.slice(2));
if (!models.length) {
  console.error('usage: node bench/compare.mjs [--threads=1,2] [--rounds=N] MODEL.onnx...');
  process.exit(2);
}
const folder = mkdtempSync(join(tmpdir(), 'edgec-compare-'));
let rows = [];
for (const model of models) {
  try {
    rows.push(await compareModel(model, options, folder));
  } catch (error) {
    rows.push({model: basename(model, '.onnx'), failure: error.message.split('\n')[0]});
  }
  console.error(describeRow(rows.at(-1), options.threads));
}
rmSync(folder, {recursive: true});
const failures = rows.filter(row => !passes(row)).length;
if (options.results) rows = mergeResults(options.results, rows);
const text = table(rows, options.threads, footer(options));
console.log(text);
if (options.markdown) writeFileSync(options.markdown, text);
process.exit(failures ? 1 : 0);
