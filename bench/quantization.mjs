#!/usr/bin/env node
// quantization.mjs: what quantizations of labelled models cost and gain: accuracy of
// the compiled artefact, agreement with the float one, sizes and latency.
//
//   node bench/quantization.mjs [options] MODELS_FOLDER [MODEL...]
//
//   --edgec=PATH            the compiler (default build/release/bin/edgec)
//   --variant=NAME=OPTIONS  what to compare, in place of int8 and int4; may be given
//                           several times. OPTIONS are those of `edgec compile`,
//                           separated by blanks; CALIB stands for
//                           data/DATA_calib_x.npy, TUNE for the first half of the
//                           labelled samples as --tune-data and --tune-labels: the
//                           accuracy is then that on the other half
//   --samples=N             of calibration (default 256)
//   --seconds=S             of each measurement of latency (default 1)
//   --markdown=FILE         also writes the table there
//
//   node bench/quantization.mjs --sizes [--edgec=PATH] [--markdown=FILE] [--variant=...] MODEL.onnx...
//
// lists sizes alone, of any models: of the object file in f32, in 8 bits, and with
// weights of 4 and 2 bits (or the given variants), and of the weights in it.
//
// MODELS_FOLDER holds NAME.onnx, manifest.json (by NAME: data, scale, mean, std) and
// data/DATA_calib_x.npy, data/DATA_dev_x.npy, data/DATA_dev_y.npy. Accuracies are of
// the same samples, so that their difference, in percentage points, is paired.
// `weights` are bytes of weights and scales beside those of the float model, `file`
// is the shared library.
import {existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {basename, dirname, join, resolve} from 'node:path';
import {fileURLToPath} from 'node:url';
import {Edgec} from './lib/edgec.mjs';
import {fail, UsageError} from './lib/errors.mjs';
import {readNpy, writeNpy} from './lib/npy.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const defaultVariants = [
  ['int8', '--quantize=int8 --calibrate=CALIB'],
  ['int4', '--quantize=int4 --calibrate=CALIB'],
];

// Rounding does not change sizes, and neither do samples.
const sizeVariants = ['int8', 'int4', 'int2'].map(precision =>
  [precision, `--quantize=${precision} --data-free --calibration-samples=2 --rounding=nearest --bias-correction=off`]);

const defaultCompiler = resolve(here, '../build/release/bin/edgec');

function parseArguments(argv) {
  const options = {edgec: defaultCompiler, samples: '256', seconds: '1', markdown: ''};
  const positional = [], variants = [];
  let sizes = false;
  for (const argument of argv) {
    const variant = /^--variant=([^=]+)=(.*)$/s.exec(argument), match = /^--(\w+)=(.*)$/s.exec(argument);
    if (variant) variants.push([variant[1], variant[2]]);
    else if (argument === '--sizes') sizes = true;
    else if (match && match[1] in options) options[match[1]] = match[2];
    else if (argument.startsWith('-')) throw new UsageError(`unknown option ${argument}`);
    else positional.push(argument);
  }
  if (sizes) {
    if (!positional.length) throw new UsageError('usage: node bench/quantization.mjs --sizes [options] MODEL.onnx...');
    return {sizes, options, models: positional, variants: variants.length ? variants : sizeVariants};
  }
  const [folder, ...models] = positional;
  if (!folder) throw new UsageError('usage: node bench/quantization.mjs [options] MODELS_FOLDER [MODEL...]');
  const path = join(folder, 'manifest.json');
  if (!existsSync(path)) throw new UsageError(`no '${path}', which says what the data of the models is`);
  const manifest = JSON.parse(readFileSync(path, 'utf8'));
  const unknown = models.find(model => !manifest[model]);
  if (unknown) throw new UsageError(`'${path}' has no model '${unknown}'`);
  return {options, folder, manifest, variants: variants.length ? variants : defaultVariants,
          models: models.length ? models : Object.keys(manifest).filter(name => manifest[name].data)};
}

// An extent that the model leaves open is what the compiler's message suggests.
function compile(edgec, model, folder, emit, more) {
  const argv = ['compile', model, '-o', folder, `--emit=${emit}`, '--name=model', '--json', ...more];
  try {
    return JSON.parse(edgec.call(...argv));
  } catch (error) {
    const shape = /for instance (--shape=\S+)/.exec(error.message);
    if (!shape) throw error;
    return JSON.parse(edgec.call(...argv, shape[1]));
  }
}

class Measurement {
  constructor({options, folder, manifest}) {
    Object.assign(this, {options, folder, manifest});
    this.edgec = new Edgec(options.edgec, []);
  }

  file(name, part) {
    return join(this.folder, 'data', `${this.manifest[name].data}_${part}.npy`);
  }

  // The first (0) or the second (1) half of a file's samples, in a file of its own.
  half(name, part, which, folder) {
    const {type, dims: [n, ...rest], data} = readNpy(this.file(name, part));
    const middle = n >> 1, size = data.length / n, path = join(folder, `${part}_${which}.npy`);
    const [from, to] = which ? [middle, n] : [0, middle];
    writeNpy(path, type, [to - from, ...rest], data.slice(from * size, to * size));
    return path;
  }

  preprocessing(name) {
    const {scale, mean, std} = this.manifest[name];
    return [`--scale=${scale}`, `--mean=${mean}`, `--std=${std}`];
  }

  optionsOf(name, text, folder) {
    const options = text.split(' ').filter(Boolean).flatMap(option =>
      option === 'TUNE' ? [`--tune-data=${this.half(name, 'dev_x', 0, folder)}`,
                           `--tune-labels=${this.half(name, 'dev_y', 0, folder)}`]
                        : [option.replace('CALIB', this.file(name, 'calib_x'))]);
    return options.length ? [...options, ...this.preprocessing(name), `--calibration-samples=${this.options.samples}`] : [];
  }

  evaluate(name, model, parts, ...more) {
    const [x, y] = parts;
    return JSON.parse(this.edgec.call('eval', model, `--data=${x}`, `--labels=${y}`, ...this.preprocessing(name), '--json', ...more));
  }

  measure(name, text) {
    const model = join(this.folder, `${name}.onnx`), work = mkdtempSync(join(tmpdir(), 'edgec-'));
    try {
      const report = compile(this.edgec, model, work, 'shared', this.optionsOf(name, text, work)), library = join(work, 'libmodel.so');
      const isTuned = text.split(' ').includes('TUNE');
      const parts = ['dev_x', 'dev_y'].map(part => isTuned ? this.half(name, part, 1, work) : this.file(name, part));
      const evaluation = this.evaluate(name, library, parts, `--agreement=${model}`);
      const bench = JSON.parse(this.edgec.call('bench', library, `--seconds=${this.options.seconds}`, '--json'));
      return {top1: evaluation.top1, n: evaluation.n, agreement: evaluation.agreement.same_top1,
              floatTop1: isTuned ? this.evaluate(name, model, parts).top1 : undefined,
              weights: report.weights_bytes, file: statSync(library).size,
              arena: report.entry_points[0].arena_bytes, ms: bench.min_ms};
    } finally {
      rmSync(work, {recursive: true, force: true});
    }
  }
}

const kib = bytes => (bytes / 1024).toFixed(1);

function row(name, variant, result, float) {
  const drop = variant === 'fp32' ? '' : (result.top1 - (result.floatTop1 ?? float.top1)).toFixed(2);
  return `| ${name} | ${variant} | ${result.top1.toFixed(2)} | ${drop} | ${result.agreement.toFixed(2)} | ${result.n} | ` +
    `${kib(result.weights)} | ${(result.weights / float.weights).toFixed(3)} | ${kib(result.file)} | ` +
    `${kib(result.arena)} | ${result.ms.toFixed(4)} | ${(result.ms / float.ms).toFixed(2)} |`;
}

function objectSizes(edgec, model, text) {
  const work = mkdtempSync(join(tmpdir(), 'edgec-'));
  try {
    const report = compile(edgec, model, work, 'object', text.split(' ').filter(Boolean));
    return {weights: report.weights_bytes, object: statSync(join(work, 'model.o')).size};
  } finally {
    rmSync(work, {recursive: true, force: true});
  }
}

// Ratios of weights are to those in f32, ratios of objects to that of the first variant.
function listSizes({options, models, variants}) {
  const edgec = new Edgec(options.edgec, []), names = variants.map(([name]) => name);
  const first = names[0];
  const lines = [];
  const print = line => { lines.push(line); console.log(line); };
  print(`| model | ${['f32', ...names].map(name => `object KiB, ${name}`).join(' | ')} | ` +
    `${[...names.slice(1).map(name => `${name} to ${first}`)].join(' | ')} | ` +
    `weights KiB, f32 | ${names.map(name => `weights, ${name} to f32`).join(' | ')} |`);
  print(`|${'---|'.repeat(1 + 1 + names.length + names.length - 1 + 1 + names.length)}`);
  for (const model of models) {
    const float = objectSizes(edgec, model, '');
    const sizes = variants.map(([, text]) => objectSizes(edgec, model, text));
    const toFirst = sizes.slice(1).map(({object}) => (object / sizes[0].object).toFixed(3));
    print(`| ${[basename(model, '.onnx'), ...[float, ...sizes].map(({object}) => kib(object)), ...toFirst,
      kib(float.weights), ...sizes.map(({weights}) => (weights / float.weights).toFixed(3))].join(' | ')} |`);
  }
  print('');
  print(edgec.version());
  return lines;
}

function compareVariants(parsed) {
  const measurement = new Measurement(parsed);
  const lines = ['| model | variant | top-1 % | points | agrees with fp32 % | n | weights KiB | to fp32 | file KiB | arena KiB | ms | to fp32 |',
                 '|---|---|---|---|---|---|---|---|---|---|---|---|'];
  lines.forEach(line => console.log(line));
  for (const name of parsed.models) {
    const float = measurement.measure(name, '');
    for (const [variant, text] of [['fp32', ''], ...parsed.variants]) {
      const result = text ? measurement.measure(name, text) : float;
      lines.push(row(name, variant, result, float));
      console.log(lines.at(-1));
    }
  }
  lines.push('', `${measurement.edgec.version()}, one thread`);
  console.log(lines.slice(-2).join('\n'));
  return lines;
}

function main() {
  const parsed = parseArguments(process.argv.slice(2));
  const lines = parsed.sizes ? listSizes(parsed) : compareVariants(parsed);
  if (parsed.options.markdown) writeFileSync(parsed.options.markdown, lines.join('\n') + '\n');
}

try {
  main();
} catch (error) {
  fail(error.message);
}
