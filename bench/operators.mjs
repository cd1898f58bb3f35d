#!/usr/bin/env node
// operators.mjs: compares operators with ONNX Runtime's on random small models, the
// quantized ones bit by bit.
//
//   npm --prefix bench install            (once: fetches onnxruntime-node)
//   node bench/operators.mjs [options] [OPERATOR...]
//
//   --edgec=PATH      the compiler (default build/release/bin/edgec)
//   --options=TEXT    more options for it, separated by blanks, such as
//                     --target=aarch64 or --reference
//   --rounds=N        models of each operator (default 3)
//   --cases=N         of the operator in each model (default 8)
//   --seed=N          of the random models and inputs (default 1)
//   --keep=FOLDER     models that fail are kept there
//
// Operators that ONNX defines on integers must give the same bits. Layers in QDQ
// form, which edgec computes in integers and ONNX in floating point, and those of
// ONNX Runtime's own set may be a step of the result apart, an element here or
// there. "as written" is without ONNX Runtime's optimisations, "optimised" with:
// it then has integer kernels too, whose roundings are its own; that column fails
// only where the bits must be the same. Operators on real numbers have a tolerance
// instead: the largest difference over the range of an output's values, again from
// the operator as written. Exit code 1 if something fails.
import {copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {dirname, join, resolve} from 'node:path';
import {fileURLToPath} from 'node:url';
import {attention} from './lib/attention-operators.mjs';
import {Edgec} from './lib/edgec.mjs';
import {UsageError, run} from './lib/errors.mjs';
import {newer} from './lib/newer-operators.mjs';
import {Peer} from './lib/peer.mjs';
import {layers} from './lib/quantized-layers.mjs';
import {makeCases, operators} from './lib/quantized-operators.mjs';
import {recurrent} from './lib/recurrent-operators.mjs';
import {runtime} from './lib/runtime-operators.mjs';
import {compareOutputs} from './lib/statistics.mjs';
import {addSteps, compareSteps, noDifference} from './lib/steps.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const LARGEST_STEP_OF_LAYERS = 1;
const table = {...operators, ...Object.fromEntries(Object.entries(layers).map(
  ([name, make]) => [name, {make, steps: LARGEST_STEP_OF_LAYERS}])), ...recurrent, ...attention, ...newer, ...runtime};

function parseArguments(argv) {
  const options = {edgec: resolve(here, '../build/release/bin/edgec'), options: '', rounds: '3', cases: '8', seed: '1',
                   keep: ''};
  const names = [];
  for (const argument of argv) {
    const match = /^--(\w+)=(.*)$/s.exec(argument);
    if (match && match[1] in options) options[match[1]] = match[2];
    else if (argument.startsWith('-')) throw new UsageError(`unknown option ${argument}`);
    else if (!table[argument])
      throw new UsageError(`unknown operator '${argument}'; there are ${Object.keys(table).join(', ')}`);
    else names.push(argument);
  }
  for (const name of ['rounds', 'cases', 'seed']) {
    const value = Number(options[name]);
    if (!Number.isInteger(value) || value < 1) throw new UsageError(`--${name} must be 1 or more`);
    options[name] = value;
  }
  return {options, names: names.length ? names : Object.keys(table)};
}

class Comparison {
  constructor(options) {
    this.options = options;
    this.edgec = new Edgec(options.edgec, []);
    this.flags = options.options.split(' ').filter(Boolean);
    this.peer = new Peer();
    this.folder = mkdtempSync(join(tmpdir(), 'edgec-operators-'));
  }

  // The outputs of ONNX Runtime, by name.
  async expected(path, inputs, level) {
    const session = await this.peer.createSession(path, 1, level);
    const outputs = await session.run(this.peer.feeds(inputs));
    await session.release();
    return outputs;
  }

  async round(name, seed, row) {
    const {make, steps, tolerance, opset} = table[name], path = join(this.folder, 'model.onnx');
    const builder = makeCases(make, seed, this.options.cases, opset);
    writeFileSync(path, builder.bytes());
    const compared = {optimised: noDifference(), written: noDifference()};
    try {
      const actual = this.edgec.run(path, builder.inputs, builder.outputs, this.folder, this.flags);
      for (const [kind, level] of [['optimised', 'all'], ['written', 'disabled']]) {
        const expected = await this.expected(path, builder.inputs, level);
        for (const output of builder.outputs) {
          addSteps(compared[kind], compareSteps(expected[output].data, actual[output].data));
          const {error} = compareOutputs({output: expected[output]}, {output: actual[output]});
          compared[kind].error = Math.max(compared[kind].error ?? 0, error);
        }
        addSteps(row[kind], compared[kind]);
        row[kind].error = Math.max(row[kind].error ?? 0, compared[kind].error);
      }
    } catch (error) {
      row.failure ??= error.message.split('\n')[0];
    }
    const isFar = tolerance ? !(compared.written.error <= tolerance)
      : compared.written.steps > steps || (steps === 0 && compared.optimised.steps > 0);
    if (!isFar && !row.failure) return;
    row.isWrong = true;
    if (!this.options.keep) return;
    mkdirSync(this.options.keep, {recursive: true});
    copyFileSync(path, join(this.options.keep, `${name.replace(' ', '-')}-${seed}.onnx`));
  }

  async row(name) {
    const {rounds, seed} = this.options;
    const row = {optimised: noDifference(), written: noDifference(), isWrong: false};
    for (let k = 0; k < rounds; k++) await this.round(name, seed + k, row);
    return row;
  }

  close() { rmSync(this.folder, {recursive: true, force: true}); }
}

const cell = ({differing, steps, error}, {tolerance}) =>
  !differing ? 'none' : tolerance ? `by ${error.toExponential(1)}` : `${differing}, by ${steps}`;

async function main() {
  const {options, names} = parseArguments(process.argv.slice(2));
  const comparison = new Comparison(options);
  console.log('| operator | elements | differ from it as written | differ from it optimised | allowed | |\n|---|---|---|---|---|---|');
  let failures = 0;
  try {
    for (const name of names) {
      const row = await comparison.row(name);
      failures += row.isWrong;
      const cells = row.failure ? [row.failure, '', ''] : [row.written.count, cell(row.written, table[name]), cell(row.optimised, table[name])];
      console.log(`| ${name} | ${cells.join(' | ')} | ${table[name].tolerance ?? table[name].steps} | ${row.isWrong ? 'FAIL' : 'ok'} |`);
    }
  } finally {
    comparison.close();
  }
  process.exit(failures ? 1 : 0);
}

await run(main);
