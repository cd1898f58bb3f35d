#!/usr/bin/env node
// agreement.mjs: compiles labelled models, exports them with --emit=onnx, and says
// on how many samples ONNX Runtime's first choice with the exported model is that
// of the compiled artefact.
//
//   npm --prefix bench install            (once: fetches onnxruntime-node)
//   node bench/agreement.mjs [options] MODELS_FOLDER [MODEL...]
//
//   --edgec=PATH      the compiler (default build/release/bin/edgec)
//   --quantize=TYPE   quantize so, calibrated with data/DATA_calib_x.npy
//   --options=TEXT    more options for `edgec compile`, separated by blanks
//   --limit=N         the first N samples only
//   --least=PERCENT   of samples that must agree (default 99.5)
//
// MODELS_FOLDER holds NAME.onnx, manifest.json (by NAME: data, scale, mean, std)
// and data/DATA_dev_x.npy, data/DATA_dev_y.npy. Both programs get the samples one by
// one with the same preprocessing. Sizes are of files; the artefact is the shared
// library. Exit code 1 if a model fails.
import {existsSync, mkdtempSync, readFileSync, rmSync, statSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {dirname, join, resolve} from 'node:path';
import {fileURLToPath} from 'node:url';
import {argmax, percentEqual, preprocess} from './lib/classes.mjs';
import {Edgec} from './lib/edgec.mjs';
import {UsageError, run} from './lib/errors.mjs';
import {readNpy, writeNpy} from './lib/npy.mjs';
import {Peer} from './lib/peer.mjs';

const here = dirname(fileURLToPath(import.meta.url));

function parseArguments(argv) {
  const options = {edgec: resolve(here, '../build/release/bin/edgec'), quantize: '', options: '', limit: '', least: '99.5'};
  const positional = [];
  for (const argument of argv) {
    const match = /^--(\w+)=(.*)$/s.exec(argument);
    if (match && match[1] in options) options[match[1]] = match[2];
    else if (argument.startsWith('-')) throw new UsageError(`unknown option ${argument}`);
    else positional.push(argument);
  }
  const [folder, ...models] = positional;
  if (!folder) throw new UsageError('usage: node bench/agreement.mjs [--quantize=int8] MODELS_FOLDER [MODEL...]');
  const path = join(folder, 'manifest.json');
  if (!existsSync(path)) throw new UsageError(`no '${path}', which says what the data of the models is`);
  const manifest = JSON.parse(readFileSync(path, 'utf8'));
  const unknown = models.find(model => !manifest[model]);
  if (unknown) throw new UsageError(`'${path}' has no model '${unknown}'`);
  return {options, folder, manifest, models: models.length ? models : Object.keys(manifest)};
}

// Left to itself, ONNX Runtime rounds activations to 8 bits where it multiplies them
// by weights of 4 bits.
const exactly = {session: {qdq_matmulnbits_accuracy_level: '1'}};

// The shapes of samples are those of the model's only input.
async function classify(peer, path, samples, count, preprocessing) {
  const session = await peer.createSession(path, 1, 'all', exactly);
  const [input] = session.inputMetadata, [output] = session.outputNames, classes = [];
  for (let k = 0; k < count; k++) {
    const data = preprocess(samples, k, preprocessing);
    const outputs = await session.run(peer.feeds([{name: input.name, type: 'float32', dims: input.shape, data}]));
    classes.push(argmax(Array.from(outputs[output].data, Number)));
  }
  await session.release();
  return classes;
}

class Agreement {
  constructor({options, folder, manifest}) {
    Object.assign(this, {options, folder, manifest});
    this.edgec = new Edgec(options.edgec, []);
    this.peer = new Peer();
  }

  // Per cent of the samples with a label whose first choice it is.
  evaluate(library, labels, work, samples, more) {
    const path = join(work, 'labels.npy'), all = new BigInt64Array(samples);
    labels.forEach((label, k) => { all[k] = BigInt(label); });
    writeNpy(path, 'int64', [samples], all);
    return JSON.parse(this.edgec.call('eval', library, `--labels=${path}`, `--limit=${labels.length}`, '--json', ...more)).top1;
  }

  // Extents that the model leaves open are 1.
  async shapes(model) {
    const session = await this.peer.createSession(model, 1), metadata = session.inputMetadata;
    await session.release();
    return metadata.map(({name, shape}) =>
      `--shape=${name}=${shape.map(extent => typeof extent === 'number' && extent > 0 ? extent : 1).join('x')}`);
  }

  async row(name, work) {
    const entry = this.manifest[name], {quantize, limit} = this.options, model = join(this.folder, `${name}.onnx`);
    const dataPath = kind => join(this.folder, 'data', `${entry.data}_${kind}.npy`);
    const samples = readNpy(dataPath('dev_x'));
    const preprocessing = [`--scale=${entry.scale}`, `--mean=${entry.mean}`, `--std=${entry.std}`];
    const count = Math.min(samples.dims[0], Number(limit) || Infinity);
    const labels = Array.from(readNpy(dataPath('dev_y')).data, Number).slice(0, count);
    const quantization = quantize ? [`--quantize=${quantize}`, `--calibrate=${dataPath('calib_x')}`, ...preprocessing] : [];
    this.edgec.call('compile', model, '--emit=shared,onnx', '--name=exported', '-o', work, ...await this.shapes(model),
      ...quantization, ...this.options.options.split(' ').filter(Boolean));
    const library = join(work, 'libexported.so'), exported = join(work, 'exported.onnx');
    const theirs = await classify(this.peer, exported, samples, count, entry);
    const data = [`--data=${dataPath('dev_x')}`, ...preprocessing];
    const evaluate = classes => this.evaluate(library, classes, work, samples.dims[0], data);
    return {count, theirs: percentEqual(labels, theirs), ours: evaluate(labels), agreement: evaluate(theirs),
            bytes: [model, exported, library].map(path => statSync(path).size)};
  }
}

async function main() {
  const request = parseArguments(process.argv.slice(2)), agreement = new Agreement(request);
  console.log('| model | samples | top-1 equal % | ONNX Runtime\'s top-1 % | the artefact\'s top-1 % ' +
    '| source bytes | exported bytes | artefact bytes | |\n|---|---|---|---|---|---|---|---|---|');
  let failures = 0;
  for (const name of request.models) {
    const work = mkdtempSync(join(tmpdir(), 'edgec-agreement-'));
    try {
      const {count, agreement: equal, theirs, ours, bytes} = await agreement.row(name, work);
      const passes = equal >= Number(request.options.least);
      failures += !passes;
      console.log(`| ${name} | ${count} | ${[equal, theirs, ours].map(percent => percent.toFixed(2)).join(' | ')} ` +
        `| ${bytes.join(' | ')} | ${passes ? 'ok' : 'FAIL'} |`);
    } catch (error) {
      failures++;
      console.log(`| ${name} | | ${error.message.split('\n')[0]} | | | | | | FAIL |`);
    } finally {
      rmSync(work, {recursive: true, force: true});
    }
  }
  process.exit(failures ? 1 : 0);
}

await run(main);
