#!/usr/bin/env node
// compare.mjs: runs models with ONNX Runtime and with edgec on the same inputs
// in the same run, checks the outputs against each other and times both.
//
//   npm --prefix bench install            (once: fetches onnxruntime-node)
//   node bench/compare.mjs [options] MODEL.onnx...
//
//   --edgec=PATH      the compiler (default build/release/bin/edgec)
//   --options=TEXT    more options for it, separated by blanks; they become part
//                     of the model's name in the table
//   --threads=N,...   of both (default 1)
//   --rounds=N        interleaved timing rounds, 0: only compare (default 5)
//   --seconds=S       that each of both runs in a round (default 0.5)
//   --seed=N          of the random inputs (default 1)
//   --target=T        passed on to edgec; no timing where T is foreign
//   --results=FILE    rows are kept there (JSON) and added to those that it has,
//                     so that a long comparison can be made in parts; without
//                     models only its table is printed
//   --markdown=FILE   also writes the table there
//
// ONNX Runtime is called through its JavaScript interface. What such a call
// costs by itself is measured beside, with a model of the same inputs and
// outputs that computes nothing, and subtracted. For NAME_int8 the better time
// of that model and of NAME_dyn8 (dynamic quantization), where there is one,
// stands for ONNX Runtime.
//
// On a machine that others use too only minima mean much: what disturbs a run
// never makes it faster. The brackets behind a ratio tell how far the ratios of
// single rounds are apart.
//
// error: largest |difference| over the output's range; snr in decibel, over all
// outputs. Exit code 1 if a model fails: an error above 1e-4, or for models that
// are not computed in f32 throughout (int8 or dyn8 in the name, --weights) less
// than 40 dB or another top-1, unless ONNX Runtime without its optimisations is
// not nearer to itself.
import {existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {cpus, tmpdir} from 'node:os';
import {basename, dirname, join, resolve} from 'node:path';
import {fileURLToPath} from 'node:url';
import {Edgec} from './lib/edgec.mjs';
import {UsageError, run} from './lib/errors.mjs';
import {makeInputs} from './lib/inputs.mjs';
import {Peer} from './lib/peer.mjs';
import {compareOutputs, median, summariseRounds} from './lib/statistics.mjs';
import {isApproximate, passes, table} from './lib/table.mjs';

const here = dirname(fileURLToPath(import.meta.url));

function parseNumber(name, text, valid) {
  const value = Number(text);
  if (text.trim() === '' || !valid(value)) throw new UsageError(`--${name}=${text} is not a valid number`);
  return value;
}

function parseArguments(argv) {
  const options = {edgec: resolve(here, '../build/release/bin/edgec'), options: '', threads: '1',
                   rounds: '5', seconds: '0.5', seed: '1', target: '', results: '', markdown: ''};
  const models = [];
  for (const argument of argv) {
    const match = /^--(\w+)=(.*)$/s.exec(argument);
    if (match && match[1] in options) options[match[1]] = match[2];
    else if (argument.startsWith('-')) throw new UsageError(`unknown option ${argument}`);
    else if (!existsSync(argument)) throw new UsageError(`no model '${argument}'`);
    else models.push(argument);
  }
  const isCount = value => Number.isInteger(value) && value >= 0;
  options.threads = options.threads.split(',').map(n => parseNumber('threads', n, value => isCount(value) && value > 0));
  options.rounds = parseNumber('rounds', options.rounds, isCount);
  options.seed = parseNumber('seed', options.seed, isCount);
  options.seconds = parseNumber('seconds', options.seconds, value => value > 0);
  options.options = options.options.split(' ').filter(Boolean);
  if (!models.length && !options.results)
    throw new UsageError('usage: node bench/compare.mjs [--threads=1,2] [--rounds=N] MODEL.onnx...');
  return {options, models};
}

class Comparison {
  constructor(options) {
    this.options = options;
    this.peer = new Peer();
    this.edgec = new Edgec(options.edgec, options.options);
    this.folder = mkdtempSync(join(tmpdir(), 'edgec-compare-'));
  }

  close() {
    rmSync(this.folder, {recursive: true});
  }

  async compare(path) {
    const row = {model: this.nameOf(path)};
    const session = await this.peer.createSession(path, 1);
    const inputs = makeInputs(session.inputMetadata, this.options.seed);
    const feeds = this.peer.feeds(inputs);
    const expected = await session.run(feeds);
    await session.release();

    const {target, rounds} = this.options;
    const more = target ? [`--target=${target}`] : [];
    Object.assign(row, compareOutputs(expected,
      this.edgec.run(path, inputs, Object.keys(expected), this.folder, more)));
    if (isApproximate(row.model)) row.self = await this.compareWithSelf(path, feeds, expected);
    if (rounds === 0 || target) return row;

    const compiled = this.edgec.compile(path, inputs, this.folder);
    row.target = compiled.target;
    const outputs = Object.entries(expected).map(([name, {type, dims}]) => ({name, type, dims}));
    row.times = {};
    for (const threads of this.options.threads)
      row.times[threads] = await this.time({path, inputs, outputs, feeds, library: compiled.library}, threads);
    return row;
  }

  nameOf(path) {
    return [basename(path, '.onnx'), ...this.options.options].join(' ');
  }

  // How far ONNX Runtime is from itself without its optimisations: quantized
  // models amplify the last bit, and none else can be expected to be nearer.
  async compareWithSelf(path, feeds, expected) {
    const plain = await this.peer.createSession(path, 1, 'disabled');
    const {snr, top1} = compareOutputs(expected, await plain.run(feeds));
    await plain.release();
    return {snr, top1};
  }

  async time({path, inputs, outputs, feeds, library}, threads) {
    const {seconds, rounds} = this.options;
    const contestants = [await this.peer.contestant('', path, threads, feeds)];
    const dynamic = path.replace(/_int8\.onnx$/, '_dyn8.onnx');
    if (dynamic !== path && existsSync(dynamic))
      contestants.push(await this.peer.contestant('dynamic', dynamic, threads, feeds));
    const call = await this.peer.emptyCall(inputs, outputs, threads, feeds);
    const reports = [];
    for (let round = 0; round < rounds; round++) {
      // Neither always runs on a core that the other has just heated.
      if (round % 2) reports.push(this.edgec.bench(library, threads, seconds));
      for (const contestant of contestants) await contestant.run(seconds);
      await call.run(seconds / 10);
      if (round % 2 === 0) reports.push(this.edgec.bench(library, threads, seconds));
    }
    for (const {session} of [...contestants, call]) await session.release();
    const best = contestants.reduce((a, b) => b.minimum < a.minimum ? b : a);
    const theirs = best.rounds.map(times => ({minimum: Math.min(...times), median: median(times)}));
    const ours = reports.map(report => ({minimum: report.min_ms, median: report.median_ms}));
    return {...summariseRounds(theirs, ours, call.minimum), peer: best.label};
  }
}

//===- Reporting ---------------------------------------------------------===//

function describeRow(row, threads) {
  if (row.failure) return `BAD  ${row.model}: ${row.failure}`;
  const times = threads.map(count => row.times?.[count]).filter(Boolean).map(t =>
    `, ${t.edgec.toFixed(3)} / ${t.ort.toFixed(3)} ms = ${t.ratio.toFixed(2)}`);
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

function footer(comparison, rows) {
  const targets = [...new Set(rows.map(row => row.target).filter(Boolean))];
  return `${cpus()[0].model}, ${cpus().length} cores${targets.length ? `, compiled for ${targets.join(', ')}` : ''}; ` +
    `${comparison.edgec.version()}, ONNX Runtime ${comparison.peer.version}, node ${process.version}. ` +
    `Minimum and, in brackets, median of interleaved runs; ratio: edgec's minimum over ONNX Runtime's, ` +
    `in brackets the least and the greatest of a round.`;
}

async function main() {
  const {options, models} = parseArguments(process.argv.slice(2));
  const comparison = new Comparison(options);
  let rows = [];
  for (const model of models) {
    try {
      rows.push(await comparison.compare(model));
    } catch (error) {
      rows.push({model: comparison.nameOf(model), failure: error.message.split('\n')[0]});
    }
    console.error(describeRow(rows.at(-1), options.threads));
  }
  comparison.close();
  const failures = rows.filter(row => !passes(row)).length;
  if (options.results) rows = mergeResults(options.results, rows);
  const text = table(rows, options.threads, footer(comparison, rows));
  console.log(text);
  if (options.markdown) writeFileSync(options.markdown, text);
  process.exit(failures ? 1 : 0);
}

await run(main);
