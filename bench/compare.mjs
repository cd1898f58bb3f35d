#!/usr/bin/env node
// compare.mjs: runs a model with ONNX Runtime and with edgec on the same inputs
// in the same run, checks the outputs against each other and times both.
//
//   npm --prefix bench install            (once: fetches onnxruntime-node)
//   node bench/compare.mjs [options] MODEL.onnx...
//
//   --edgec=PATH      the compiler (default build/release/bin/edgec)
//   --threads=N       of both (default 1)
//   --rounds=N        interleaved timing rounds, 0: only compare (default 5)
//   --seed=N          of the random inputs (default 1)
//   --target=T        passed on to edgec; no timing where T is foreign
//   --markdown=FILE   also writes the table there
//
// error: largest |difference| over the output's range; snr in decibel, over all
// outputs. Exit code 1 if a model's error is above 1e-4 (quantized models, whose
// file name has int8 or dyn8: a different top-1 or less than 40 dB).
import {execFileSync} from 'node:child_process';
import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {createRequire} from 'node:module';
import {tmpdir, cpus} from 'node:os';
import {basename, dirname, join, resolve} from 'node:path';
import {fileURLToPath} from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const require = createRequire(join(process.env.ORT_NODE_PATH ?? here, 'x.js'));
const ort = require('onnxruntime-node');

const NUMPY = {float32: '<f4', float64: '<f8', int64: '<i8', int32: '<i4',
               int8: '|i1', uint8: '|u1', bool: '|b1'};
const ARRAY = {float32: Float32Array, float64: Float64Array, int64: BigInt64Array,
               int32: Int32Array, int8: Int8Array, uint8: Uint8Array, bool: Uint8Array};

function parseArguments(argv) {
  const options = {edgec: resolve(here, '../build/release/bin/edgec'), threads: '1',
                   rounds: '5', seed: '1', target: '', markdown: ''};
  const models = [];
  for (const argument of argv) {
    const match = /^--(\w+)=(.*)$/.exec(argument);
    if (!match) models.push(argument);
    else if (match[1] in options) options[match[1]] = match[2];
    else throw new Error(`unknown option --${match[1]}`);
  }
  return {options, models};
}

function writeNpy(path, type, dims, data) {
  const shape = dims.length === 1 ? `(${dims[0]},)` : `(${dims.join(', ')})`;
  let header = `{'descr': '${NUMPY[type]}', 'fortran_order': False, 'shape': ${shape}, }`;
  header = header.padEnd(Math.ceil((header.length + 11) / 64) * 64 - 11) + '\n';
  const prefix = Buffer.from([0x93, 78, 85, 77, 80, 89, 1, 0, header.length & 255, header.length >> 8]);
  writeFileSync(path, Buffer.concat([prefix, Buffer.from(header, 'latin1'),
    Buffer.from(data.buffer, data.byteOffset, data.byteLength)]));
}

function readNpy(path) {
  const bytes = readFileSync(path);
  const length = bytes.readUInt16LE(8);
  const header = bytes.toString('latin1', 10, 10 + length);
  const descr = /'descr': '([^']+)'/.exec(header)[1];
  const type = Object.keys(NUMPY).find(k => NUMPY[k] === descr);
  const body = bytes.buffer.slice(bytes.byteOffset + 10 + length, bytes.byteOffset + bytes.length);
  return {type, data: new ARRAY[type](body)};
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

function compareOutputs(expected, actual) {
  let worst = 0, signal = 0, noise = 0, top1 = true;
  for (const name of Object.keys(expected)) {
    const a = Array.from(expected[name].data, Number), b = Array.from(actual[name].data, Number);
    if (a.length !== b.length) throw new Error(`${name}: ${b.length} elements, expected ${a.length}`);
    let low = Infinity, high = -Infinity, difference = 0, bestA = 0, bestB = 0;
    for (let i = 0; i < a.length; i++) {
      low = Math.min(low, a[i]); high = Math.max(high, a[i]);
      const d = Math.abs(a[i] - b[i]);
      difference = Number.isNaN(d) ? Infinity : Math.max(difference, d);
      signal += a[i] ** 2; noise += d ** 2;
      if (a[i] > a[bestA]) bestA = i;
      if (b[i] > b[bestB]) bestB = i;
    }
    worst = Math.max(worst, difference / (high - low || Math.abs(high) || 1));
    top1 &&= bestA === bestB;
  }
  return {error: worst, snr: noise ? 10 * Math.log10(signal / noise) : Infinity, top1};
}

// How far ONNX Runtime is from itself without its optimisations: quantized models
// amplify the last bit, and no other implementation can be expected to be nearer.
async function selfSnr(path, feeds, expected) {
  const plain = await ort.InferenceSession.create(path, {
    intraOpNumThreads: 1, graphOptimizationLevel: 'disabled'});
  const {snr} = compareOutputs(expected, await plain.run(feeds));
  await plain.release();
  return snr;
}

const isQuantized = name => /int8|dyn8/.test(name);

const median = values => [...values].sort((a, b) => a - b)[values.length >> 1];

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

async function compareModel(path, options, folder) {
  const threads = Number(options.threads);
  const session = await ort.InferenceSession.create(path, {
    intraOpNumThreads: threads, interOpNumThreads: 1, graphOptimizationLevel: 'all',
    executionMode: 'sequential'});
  const inputs = makeInputs(session.inputMetadata, options.seed);
  const feeds = Object.fromEntries(inputs.map(i => [i.name, new ort.Tensor(i.type, i.data, i.dims)]));
  const expected = await session.run(feeds);

  const common = inputs.map(i => `--shape=${i.name}=${i.dims.join('x')}`);
  const target = options.target ? [`--target=${options.target}`] : [];
  const run = ['run', path, ...common, ...target];
  inputs.forEach((input, k) => {
    const file = join(folder, `in${k}.npy`);
    writeNpy(file, input.type, input.dims, input.data);
    run.push(`--input=${input.name}=${file}`);
  });
  const names = Object.keys(expected);
  names.forEach((name, k) => run.push(`--output=${name}=${join(folder, `out${k}.npy`)}`));
  execFileSync(options.edgec, run, {stdio: ['ignore', 'ignore', 'inherit']});
  const actual = Object.fromEntries(names.map((name, k) => [name, readNpy(join(folder, `out${k}.npy`))]));
  const row = {model: basename(path, '.onnx'), ...compareOutputs(expected, actual)};
  if (isQuantized(row.model)) row.self = await selfSnr(path, feeds, expected);

  if (Number(options.rounds) > 0 && !options.target) {
    execFileSync(options.edgec, ['compile', path, '-o', folder, '--emit=shared', '--name=model', ...common],
      {stdio: 'ignore'});
    const peer = [], ours = [], ourMedians = [];
    await timeOrt(session, feeds, 0.3);
    for (let round = 0; round < Number(options.rounds); round++) {
      peer.push(...await timeOrt(session, feeds, 0.5));
      const report = JSON.parse(execFileSync(options.edgec,
        ['bench', join(folder, 'libmodel.so'), `--threads=${threads}`, '--seconds=0.5', '--json'],
        {stdio: ['ignore', 'pipe', 'ignore']}));
      ours.push(report.min_ms); ourMedians.push(report.median_ms);
    }
    row.ort = Math.min(...peer); row.ortMedian = median(peer);
    row.edgec = Math.min(...ours); row.edgecMedian = median(ourMedians);
  }
  await session.release();
  return row;
}

function passes(row) {
  return isQuantized(row.model) ? row.snr >= 40 && row.top1 : row.error <= 1e-4;
}

function table(rows, threads) {
  const number = (value, digits) => value === undefined ? '–' : value.toFixed(digits);
  const lines = [`| model | error | snr dB | ONNX Runtime with itself dB | top-1 equal | ONNX Runtime ms | edgec ms | ratio |`,
                 `|---|---|---|---|---|---|---|---|`];
  for (const row of rows)
    lines.push(row.failure ? `| ${row.model} | ${row.failure} | | | | | | |` :
      `| ${row.model} | ${row.error.toExponential(1)} | ${number(row.snr, 1)} | ${number(row.self, 1)} | ${row.top1 ? 'yes' : 'no'} ` +
      `| ${number(row.ort, 3)} | ${number(row.edgec, 3)} | ${number(row.ort && row.edgec / row.ort, 2)} |`);
  const version = require('onnxruntime-node/package.json').version;
  lines.push('', `${cpus()[0].model}, ${threads} thread(s), minimum of interleaved runs; ONNX Runtime ${version}.`);
  return lines.join('\n') + '\n';
}

const {options, models} = parseArguments(process.argv.slice(2));
if (!models.length) {
  console.error('usage: node bench/compare.mjs [--threads=N] [--rounds=N] MODEL.onnx...');
  process.exit(2);
}
const folder = mkdtempSync(join(tmpdir(), 'edgec-compare-'));
const rows = [];
let failures = 0;
for (const model of models) {
  try {
    rows.push(await compareModel(model, options, folder));
    if (!passes(rows.at(-1))) failures++;
  } catch (error) {
    rows.push({model: basename(model, '.onnx'), failure: error.message.split('\n')[0]});
    failures++;
  }
  const row = rows.at(-1);
  console.error(row.failure ? `${row.model}: ${row.failure}` :
    `${passes(row) ? 'ok  ' : 'BAD '} ${row.model}: error ${row.error.toExponential(1)}, snr ${row.snr.toFixed(1)} dB` +
    (row.ort ? `, ${row.edgec.toFixed(3)} / ${row.ort.toFixed(3)} ms = ${(row.edgec / row.ort).toFixed(2)}` : ''));
}
rmSync(folder, {recursive: true});
const text = table(rows, options.threads);
console.log(text);
if (options.markdown) writeFileSync(options.markdown, text);
process.exit(failures ? 1 : 0);
