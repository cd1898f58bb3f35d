import assert from 'node:assert/strict';
import {test} from 'node:test';
import {isApproximate, passes, table} from '../lib/table.mjs';

const times = (edgec, ort) => ({edgec, ort, edgecMedian: edgec, ortMedian: ort, ratio: edgec / ort,
                                lowest: edgec / ort, highest: edgec / ort, peer: ''});
const exact = {error: 0, snr: Infinity, top1: true};

test('float models need small errors, others a ratio', () => {
  assert.ok(passes({model: 'a', error: 1e-5, snr: 90, top1: true}));
  assert.ok(!passes({model: 'a', error: 1e-3, snr: 90, top1: true}));
  assert.ok(passes({model: 'a_int8', error: 1e-3, snr: 41, top1: true}));
  assert.ok(!passes({model: 'a_int8', error: 1e-3, snr: 39, top1: true}));
  assert.ok(!passes({model: 'a_int8', error: 1e-3, snr: 41, top1: false}));
  assert.ok(passes({model: 'a --weights=f16', error: 1e-3, snr: 60, top1: true}));
  assert.ok(!passes({model: 'a', failure: 'it failed'}));
  assert.ok(!isApproximate('a --cpu=x86-64-v3'));
});

test('no model need be nearer to ONNX Runtime than it is to itself', () => {
  const row = {model: 'a_int8', error: 1e-2, snr: 26, top1: false};
  assert.ok(passes({...row, self: {snr: 27, top1: true}}));
  assert.ok(!passes({...row, self: {snr: 35, top1: true}}));
  assert.ok(!passes({...row, self: {snr: 60, top1: true}}));
});

test('the mean is of plain models of a kind, scaling and speed-up are of edgec', () => {
  const rows = [
    {model: 'a', ...exact, times: {1: times(4, 4), 2: times(2, 4)}},
    {model: 'b', ...exact, times: {1: times(1, 4), 2: times(1, 4)}},
    {model: 'b --weights=f16', ...exact, times: {1: times(1, 400), 2: times(1, 400)}},
    {model: 'a_int8', ...exact, times: {1: times(2, 8), 2: times(1, 8)}},
  ];
  const lines = table(rows, [1, 2], 'the machine').split('\n');
  assert.match(lines[0], /ratio, 1T .* ratio, 2T \| edgec 2T against 1T \| int8 against fp32 \|$/);
  const line = start => lines.find(text => text.startsWith(start));
  assert.match(line('| a |'), /\| equal .*\| 1\.00 \(1\.00–1\.00\) .*\| 2\.00 × \|  \|$/);
  assert.match(line('| a_int8'), /\| 2\.00 × \| 2\.00 × \|$/);
  assert.match(line('| **geometric mean, fp32'), /\*\*0\.50\*\* .*\*\*0\.35\*\*/);
  assert.match(line('| **geometric mean, int8'), /\*\*0\.25\*\* .*\*\*0\.13\*\*/);
  const columns = text => text.split('|').length;
  for (const text of lines.slice(1, 7)) assert.equal(columns(text), columns(lines[0]), text);
  assert.equal(lines.at(-2), 'the machine');
});

test('a failure says why', () => {
  assert.match(table([{model: 'a', failure: 'no such operator'}], [1], ''), /\| a \| no such operator \|/);
});
