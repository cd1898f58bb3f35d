#!/usr/bin/env node
// export.mjs: exports models with `edgec compile --emit=onnx` and compares what
// ONNX Runtime computes with the source and with the exported model.
//
//   npm --prefix bench install            (once: fetches onnxruntime-node)
//   node bench/export.mjs [options] MODEL.onnx...
//
//   --edgec=PATH      the compiler (default build/release/bin/edgec)
//   --options=TEXT    more options for it, separated by blanks
//   --samples=N       random inputs for each model (default 10)
//
// An input's dimensions without a number are taken as 1. error: largest
// |difference| over the output's range; snr in decibel; top-1: on how many inputs
// the largest elements of the outputs are in the same places. Exit code 1 if a
// model cannot be exported or loaded, or fails: an error above 1e-4, or for models
// with int8 or dyn8 in the name less than 40 dB or another top-1, unless ONNX
// Runtime without its optimisations is not nearer to itself with the source.
import {existsSync, mkdtempSync, rmSync, statSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {basename, dirname, join, resolve} from 'node:path';
import {fileURLToPath} from 'node:url';
import {Edgec} from './lib/edgec.mjs';
import {UsageError, run} from './lib/errors.mjs';
import {makeInputs} from './lib/inputs.mjs';
import {Peer} from './lib/peer.mjs';
import {compareOutputs} from './lib/statistics.mjs';
import {isQuantized, passes} from './lib/table.mjs';

const here = dirname(fileURLToPath(import.meta.url));

function parseArguments(argv) {
  const options = {edgec: resolve(here, '../build/release/bin/edgec'), options: '', samples: '10'};
  const models = [];
  for (const argument of argv) {
    const match = /^--(\w+)=(.*)$/s.exec(argument);
    if (match && match[1] in options) options[match[1]] = match[2];
    else if (argument.startsWith('-')) throw new UsageError(`unknown option ${argument}`);
    else if (!existsSync(argument)) throw new UsageError(`no model '${argument}'`);
    else models.push(argument);
  }
  options.samples = Number(options.samples);
  if (!Number.isInteger(options.samples) || options.samples < 1) throw new UsageError('--samples must be 1 or more');
  if (!models.length) throw new UsageError('usage: node bench/export.mjs [--samples=N] MODEL.onnx...');
  return {options, models};
}

const noDifference = () => ({error: 0, snr: Infinity, top1: 0});

// The worst of all samples, and on how many the first choices are equal.
function add(row, {error, snr, top1}) {
  row.error = Math.max(row.error, error);
  row.snr = Math.min(row.snr, snr);
  row.top1 += top1;
}

async function compare(model, {samples}, edgec, peer, folder) {
  const source = await peer.createSession(model, 1);
  const plain = isQuantized(basename(model)) ? await peer.createSession(model, 1, 'disabled') : null;
  const inputsOf = seed => makeInputs(source.inputMetadata, seed);
  edgec.call('compile', model, '--emit=onnx', '--name=exported', '-o', folder, ...edgec.optionsFor(inputsOf(1)));
  const path = join(folder, 'exported.onnx');
  const exported = await peer.createSession(path, 1);
  const row = noDifference(), self = noDifference();
  for (let seed = 1; seed <= samples; seed++) {
    const feeds = peer.feeds(inputsOf(seed)), expected = await source.run(feeds);
    add(row, compareOutputs(expected, await exported.run(feeds)));
    if (plain) add(self, compareOutputs(expected, await plain.run(feeds)));
  }
  for (const session of [source, plain, exported]) await session?.release();
  const isSame = passes({...row, model: basename(model), top1: row.top1 === samples,
                         self: plain && {...self, top1: self.top1 === samples}});
  return {...row, isSame, bytes: [statSync(model).size, statSync(path).size]};
}

async function main() {
  const {options, models} = parseArguments(process.argv.slice(2));
  const edgec = new Edgec(options.edgec, options.options.split(' ').filter(Boolean));
  const peer = new Peer();
  console.log('| model | error | snr dB | top-1 equal | source bytes | exported bytes | |\n|---|---|---|---|---|---|---|');
  let failures = 0;
  for (const model of models) {
    const name = basename(model, '.onnx'), folder = mkdtempSync(join(tmpdir(), 'edgec-export-'));
    try {
      const {error, snr, top1, isSame, bytes} = await compare(model, options, edgec, peer, folder);
      failures += !isSame;
      console.log(`| ${name} | ${error.toExponential(1)} | ${snr === Infinity ? 'equal' : snr.toFixed(1)} ` +
        `| ${top1} of ${options.samples} | ${bytes.join(' | ')} | ${isSame ? 'ok' : 'FAIL'} |`);
    } catch (error) {
      failures++;
      console.log(`| ${name} | ${error.message.split('\n')[0]} | | | | | FAIL |`);
    } finally {
      rmSync(folder, {recursive: true, force: true});
    }
  }
  process.exit(failures ? 1 : 0);
}

await run(main);
