import assert from 'node:assert/strict';
import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {test} from 'node:test';
import {identityModel} from '../lib/identity.mjs';
import {makeInputs} from '../lib/inputs.mjs';
import {readNpy, writeNpy} from '../lib/npy.mjs';

test('tensors survive a file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'edgec-npy-'));
  const path = join(folder, 'x.npy');
  writeNpy(path, 'float32', [2, 3], new Float32Array([1, 2, 3, 4, 5, 6.5]));
  assert.deepEqual(readNpy(path), {type: 'float32', dims: [2, 3], data: new Float32Array([1, 2, 3, 4, 5, 6.5])});
  writeNpy(path, 'int64', [1], new BigInt64Array([-7n]));
  assert.deepEqual(readNpy(path), {type: 'int64', dims: [1], data: new BigInt64Array([-7n])});
  rmSync(folder, {recursive: true});
});

test('inputs depend on nothing but the seed', () => {
  const metadata = [{name: 'x', type: 'float32', shape: ['batch', 3]}, {name: 'mask', type: 'int64', shape: [50]}];
  const [x, mask] = makeInputs(metadata, 1);
  assert.deepEqual(x.dims, [1, 3]);
  assert.deepEqual(makeInputs(metadata, 1)[0], x);
  assert.notDeepEqual(makeInputs(metadata, 2)[0], x);
  assert.ok(mask.data.every(value => value === 0n || value === 1n));
  assert.throws(() => makeInputs([{name: 's', type: 'string', shape: [1]}], 1), /'s' has the type string/);
});

// The fields of a message as [number, value or bytes].
function fields(bytes) {
  const result = [];
  for (let at = 0; at < bytes.length;) {
    const varint = () => {
      let value = 0, scale = 1, byte;
      do { byte = bytes[at++]; value += (byte & 127) * scale; scale *= 128; } while (byte & 128);
      return value;
    };
    const key = varint(), value = varint();
    if (key % 8 === 0) result.push([key >> 3, value]);
    else { result.push([key >> 3, bytes.subarray(at, at + value)]); at += value; }
  }
  return result;
}
const only = (message, number) => fields(message).filter(([field]) => field === number).map(([, value]) => value);

test('the empty model copies a constant to each output and takes the inputs', () => {
  const model = identityModel([{name: 'in', type: 'int64', dims: [1, 300]}],
    [{name: 'p', type: 'float32', dims: [2, 200]}, {name: 'q', type: 'uint8', dims: [3]}]);
  const [graph] = only(model, 7);
  assert.deepEqual(only(graph, 1).map(node => only(node, 4).toString()), ['Identity', 'Identity']);
  assert.deepEqual(only(graph, 12).map(output => only(output, 1).toString()), ['p', 'q']);
  assert.deepEqual(only(graph, 11).map(input => only(input, 1).toString()), ['in']);
  const [large, small] = only(graph, 5);
  assert.deepEqual(only(large, 1), [2, 200]);
  assert.equal(only(large, 9)[0].length, 1600);
  assert.equal(only(small, 9)[0].length, 3);
});
