import assert from 'node:assert/strict';
import {test} from 'node:test';
import {compareOutputs, geometricMean, median, summariseRounds} from '../lib/statistics.mjs';

const outputs = (...data) => ({scores: {data}});

test('equal outputs have no error and an infinite ratio', () => {
  assert.deepEqual(compareOutputs(outputs(1, 3, 2), outputs(1, 3, 2)), {error: 0, snr: Infinity, top1: true});
});

test('the error is relative to the range, the ratio to the power', () => {
  const {error, snr, top1} = compareOutputs(outputs(0, 10, 0, 0), outputs(0, 9, 0, 0));
  assert.equal(error, 0.1);
  assert.ok(Math.abs(snr - 20) < 1e-9);
  assert.equal(top1, true);
});

test('another largest element is noticed, and so is what is no number', () => {
  assert.equal(compareOutputs(outputs(1, 2), outputs(2, 1)).top1, false);
  assert.equal(compareOutputs(outputs(1, 2), outputs(1, NaN)).error, Infinity);
});

test('outputs of another size are refused', () => {
  assert.throws(() => compareOutputs(outputs(1, 2), outputs(1)), /scores: 1 elements, expected 2/);
});

test('means', () => {
  assert.equal(median([3, 1, 2]), 2);
  assert.ok(Math.abs(geometricMean([0.5, 2]) - 1) < 1e-12);
});

test('a disturbed round widens the spread and leaves the ratio', () => {
  const round = minimum => ({minimum, median: minimum + 1});
  const {ort, edgec, ratio, lowest, highest, ortMedian} =
    summariseRounds([round(11), round(12), round(21)], [round(5), round(8), round(5)], 1);
  assert.deepEqual([ort, edgec, ratio], [10, 5, 0.5]);
  assert.deepEqual([lowest, highest], [0.25, 8 / 11]);
  assert.equal(ortMedian, 12);
});
