import assert from 'node:assert/strict';
import {test} from 'node:test';
import {attention} from '../lib/attention-operators.mjs';
import {newer} from '../lib/newer-operators.mjs';
import {ONNX_TYPE, onnxModel} from '../lib/onnx.mjs';
import {layers} from '../lib/quantized-layers.mjs';
import {makeCases, operators} from '../lib/quantized-operators.mjs';
import {recurrent} from '../lib/recurrent-operators.mjs';
import {addSteps, compareSteps, noDifference} from '../lib/steps.mjs';

test('integers differ by steps, and only where they do', () => {
  assert.deepEqual(compareSteps(Uint8Array.of(1, 2, 200), Uint8Array.of(1, 3, 198)), {count: 3, differing: 2, steps: 2});
  assert.deepEqual(compareSteps(BigInt64Array.of(5n), BigInt64Array.of(5n)), {count: 1, differing: 0, steps: 0});
  assert.throws(() => compareSteps(Uint8Array.of(1), Uint8Array.of()), /0 elements, expected 1/);
});

test('numbers differ by how many lie between them', () => {
  const one = Float32Array.of(1), next = Float32Array.of(1 + 2 ** -23);
  assert.equal(compareSteps(one, next).steps, 1);
  assert.equal(compareSteps(Float32Array.of(-(2 ** -149)), Float32Array.of(2 ** -149)).steps, 2);
  assert.equal(compareSteps(Float32Array.of(0), Float32Array.of(-0)).steps, 0);
  assert.ok(compareSteps(one, Float32Array.of(NaN)).steps > 1);
  // A part of a longer buffer.
  assert.equal(compareSteps(new Float32Array([9, 1]).subarray(1), one).steps, 0);
});

test('sums keep the largest step', () => {
  const sum = noDifference();
  addSteps(sum, {count: 3, differing: 1, steps: 2});
  addSteps(sum, {count: 4, differing: 2, steps: 1});
  assert.deepEqual(sum, {count: 7, differing: 3, steps: 2});
});

test('models depend on nothing but the seed and name what they use', () => {
  const entries = [...Object.values(operators), ...Object.values(recurrent), ...Object.values(attention),
    ...Object.values(newer)];
  for (const make of [...entries.map(entry => entry.make), ...Object.values(layers)]) {
    const builder = makeCases(make, 7, 3);
    assert.deepEqual(makeCases(make, 7, 3).bytes(), builder.bytes());
    assert.notDeepEqual(makeCases(make, 8, 3).bytes(), builder.bytes());
    const {nodes, constants, inputs, outputs} = builder.parts;
    const known = new Set(['', ...constants.map(({name}) => name), ...inputs.map(({name}) => name)]);
    for (const node of nodes) {
      for (const input of node.inputs) assert.ok(known.has(input), `${node.op} reads ${input}`);
      node.outputs.forEach(output => known.add(output));
    }
    assert.ok(outputs.length >= 3 && outputs.every(({name}) => known.has(name)));
    for (const {type, dims, data} of [...constants, ...inputs]) {
      assert.ok(ONNX_TYPE[type]);
      assert.equal(data.length, dims.reduce((a, b) => a * b, 1));
    }
  }
});

test('attributes and 4-bit integers are written as ONNX has them', () => {
  const bytes = onnxModel({opset: 21, inputs: [], outputs: [{name: 'y', type: 'float32'}], constants: [
    {name: 'w', type: 'int4', dims: [3], data: Int8Array.of(-8, 7, -1)}], nodes: [
    {op: 'Op', inputs: ['w'], outputs: ['y'], attributes: {i: -2, f: {float: 0.5}, s: 'ab', l: [1, -1]}}]});
  const has = (...parts) => assert.ok(bytes.includes(Buffer.from(parts.flatMap(part =>
    typeof part === 'string' ? [...Buffer.from(part)] : [part]))), parts.join(' '));
  const minus = last => [last, 255, 255, 255, 255, 255, 255, 255, 255, 1];
  has(0x0a, 1, 'i', 0x18, ...minus(254), 0xa0, 1, 2);
  has(0x0a, 1, 'f', 0x15, 0, 0, 0, 0x3f, 0xa0, 1, 1);
  has(0x0a, 1, 's', 0x22, 2, 'ab', 0xa0, 1, 3);
  has(0x0a, 1, 'l', 0x40, 1, 0x40, ...minus(255), 0xa0, 1, 7);
  has(0x08, 3, 0x10, 22, 0x42, 1, 'w', 0x4a, 2, 0x78, 0x0f);
});
