import assert from 'node:assert/strict';
import {test} from 'node:test';
import {argmax, percentEqual, preprocess} from '../lib/classes.mjs';

test('of equal classes the first one counts, and a number before none', () => {
  assert.equal(argmax([1, 3, 3, 2]), 1);
  assert.equal(argmax([NaN, -5, -4]), 2);
  assert.equal(argmax([NaN, NaN]), 0);
  assert.equal(argmax([-Infinity, -Infinity]), 0);
});

test('samples are scaled, centred and divided channel by channel', () => {
  // Two samples of two channels with three values.
  const data = {dims: [2, 2, 3], data: Uint8Array.of(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11)};
  assert.deepEqual(preprocess(data, 1, {scale: 2, mean: [1, 10], std: [1, 4]}), Float32Array.of(11, 13, 15, 2, 2.5, 3));
  assert.deepEqual(preprocess(data, 0, {scale: 1, mean: [1], std: [2]}), Float32Array.of(-0.5, 0, 0.5, 1, 1.5, 2));
});

test('every step is rounded to single precision', () => {
  const [value] = preprocess({dims: [1, 1], data: Uint8Array.of(7)}, 0, {scale: 0.1, mean: [0.3], std: [0.7]});
  const scaled = Math.fround(7 * Math.fround(0.1)), centred = Math.fround(scaled - Math.fround(0.3));
  assert.equal(value, Math.fround(centred / Math.fround(0.7)));
  assert.notEqual(value, Math.fround((7 * 0.1 - 0.3) / 0.7));
});

test('agreement is a share of all samples', () => {
  assert.equal(percentEqual([1, 2, 3, 4], [1, 2, 0, 4]), 75);
  assert.throws(() => percentEqual([1, 2], [1]), /1 classes, expected 2/);
});
