// peer.mjs: ONNX Runtime, through its JavaScript interface.
import {createRequire} from 'node:module';
import {dirname, join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {identityModel} from './identity.mjs';
import {UsageError} from './errors.mjs';

const here = dirname(fileURLToPath(import.meta.url));

// From node_modules beside the scripts or in the folder ORT_NODE_PATH.
function load() {
  const require = createRequire(join(process.env.ORT_NODE_PATH ?? join(here, '..'), 'x.js'));
  try {
    return {ort: require('onnxruntime-node'), version: require('onnxruntime-node/package.json').version};
  } catch (error) {
    throw new UsageError(`cannot load onnxruntime-node (${error.message.split('\n')[0]}): run 'npm --prefix bench ` +
      `install', or set ORT_NODE_PATH to the folder that has its node_modules`);
  }
}

export class Peer {
  constructor() {
    Object.assign(this, load());
  }

  createSession(model, threads, graphOptimizationLevel = 'all', extra = {}) {
    return this.ort.InferenceSession.create(model, {intraOpNumThreads: threads, interOpNumThreads: 1,
      graphOptimizationLevel, executionMode: 'sequential', extra});
  }

  feeds(inputs) {
    return Object.fromEntries(inputs.map(i => [i.name, new this.ort.Tensor(i.type, i.data, i.dims)]));
  }

  // A session that is timed in rounds; warm.
  async contestant(label, model, threads, feeds) {
    const contestant = new Contestant(label, await this.createSession(model, threads), feeds);
    await contestant.run(0.1);
    contestant.rounds = [];
    return contestant;
  }

  // What a call costs with these inputs and outputs and nothing to compute.
  emptyCall(inputs, outputs, threads, feeds) {
    return this.contestant('call', identityModel(inputs, outputs), threads, feeds);
  }
}

class Contestant {
  constructor(label, session, feeds) {
    Object.assign(this, {label, session, feeds, rounds: []});
  }

  // Adds a round: the milliseconds of each of its runs.
  async run(seconds) {
    const times = [];
    const end = performance.now() + seconds * 1000;
    do {
      const start = performance.now();
      await this.session.run(this.feeds);
      times.push(performance.now() - start);
    } while (performance.now() < end || times.length < 3);
    this.rounds.push(times);
  }

  get times() {
    return this.rounds.flat();
  }

  get minimum() {
    return Math.min(...this.rounds.map(times => Math.min(...times)));
  }
}
